package dev.headrace;

/// Three values: what Scala's class of that name is to Spark's Java programs.
public record Tuple3<A, B, C>(A _1, B _2, C _3) {}
