package dev.headrace.plan;

/// How far below a step the columns are looked for that it uses and that its input does not have.
enum Reach {
    /// Keys that a join gives once: those of either side.
    JOINS,
    /// Columns that selections have left out, too.
    SELECTIONS
}
