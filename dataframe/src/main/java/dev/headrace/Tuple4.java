package dev.headrace;

/// Four values: what Scala's class of that name is to Spark's Java programs.
public record Tuple4<A, B, C, D>(A _1, B _2, C _3, D _4) {}
