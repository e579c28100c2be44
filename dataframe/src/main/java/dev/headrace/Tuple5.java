package dev.headrace;

/// Five values: what Scala's class of that name is to Spark's Java programs.
public record Tuple5<A, B, C, D, E>(A _1, B _2, C _3, D _4, E _5) {}
