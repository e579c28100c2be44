package dev.headrace;

/// Two values: what Scala's class of that name is to Spark's Java programs.
public record Tuple2<A, B>(A _1, B _2) {}
