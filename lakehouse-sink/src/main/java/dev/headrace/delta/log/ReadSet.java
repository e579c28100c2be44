package dev.headrace.delta.log;

import java.util.Set;

/// What a writer had looked at in the version it read, and so must still be true when it commits.
public sealed interface ReadSet {
    /// Nothing: what is added is right whatever else is in the table.
    record Nothing() implements ReadSet {}

    /// Every row: the commit is only right if no row has come or gone.
    record WholeTable() implements ReadSet {}

    /// The rows that may satisfy some predicates.
    ///
    /// @param leftOut the paths of files, of the version that was read, that have no such rows
    record Matching(FileFilter filter, Set<String> leftOut) implements ReadSet {
        public Matching {
            leftOut = Set.copyOf(leftOut);
        }
    }
}
