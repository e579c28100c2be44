package dev.headrace.delta.log;

/// What a writer had looked at in the version it read, and so must still be true when it commits.
public sealed interface ReadSet {
    /// Nothing: what is added is right whatever else is in the table.
    record Nothing() implements ReadSet {}

    /// Every row: the commit is only right if no row has come or gone.
    record WholeTable() implements ReadSet {}

    /// The rows that may satisfy some predicates.
    record Matching(FileFilter filter) implements ReadSet {}
}
