package dev.headrace.connector;

/// A table that is read as it is now.
public non-sealed interface BatchTable extends Table {
    /// Plans a scan: decides which files or parts to read.
    Scan scan(ScanRequest request);

    /// Stands for the rows that scans give: as long as a table opened again tells the same, its rows are the same.
    /// Empty if the table can't tell.
    default java.util.Optional<String> version() {
        return java.util.Optional.empty();
    }

    /// A planned scan.
    interface Scan {
        /// The parts, which together hold each row exactly once, in the order of the table. Each may be read by a
        /// thread of its own.
        java.util.List<Split> splits();
    }
}
