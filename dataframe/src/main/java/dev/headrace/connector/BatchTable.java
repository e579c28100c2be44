package dev.headrace.connector;

import dev.headrace.plan.BoundExpr;
import java.util.List;

/// A table that is read as it is now.
public non-sealed interface BatchTable extends Table {
    /// Plans a scan: decides which files or parts to read.
    Scan scan(ScanRequest request);

    /// The same in a run that knows more: of rows that do not fulfil all of these conditions too, nobody wants any. The
    /// next run may know others, so that they are no part of what is asked for.
    ///
    /// @param known predicates over the table's whole schema
    default Scan scan(ScanRequest request, List<BoundExpr> known) {
        return scan(request.with(known));
    }

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
