package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.SinkBatch;
import dev.headrace.errors.DataException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;

/// Takes the rows of the table for which clauses apply, each with its place, the number of its clause and what it
/// becomes: takes the old row out and puts the new one in.
///
/// Columns: [TableVersion#FILE], [TableVersion#ROW], the number of the source's row where there is a source, the
/// clause's number, then the table's columns.
final class ChangedRows implements SinkBatch {
    private final Rewrite rewrite;
    private final List<Clause> clauses;
    private final boolean numbered;
    private final BitSet matchedSource = new BitSet();
    private final LongAdder updated = new LongAdder();
    private final LongAdder deleted = new LongAdder();

    /// @param numbered whether the third column is the number of the source's row
    ChangedRows(Rewrite rewrite, List<Clause> clauses, boolean numbered) {
        this.rewrite = rewrite;
        this.clauses = clauses;
        this.numbered = numbered;
    }

    long updated() {
        return updated.sum();
    }

    long deleted() {
        return deleted.sum();
    }

    /// The rows of the source that have partners.
    BitSet matchedSource() {
        return matchedSource;
    }

    /// Two rows of the source say different things of one row of the table.
    ///
    /// The place is given for the caller, who can say which row it is.
    static final class Ambiguous extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int file;
        private final long row;

        Ambiguous(int file, long row) {
            super("file " + file + ", row " + row, null, false, false);
            this.file = file;
            this.row = row;
        }

        /// The error for the user.
        ///
        /// @param which the row as text
        DataException explained(String table, String which) {
            return new DataException(
                    "DELTA_MERGE_MULTIPLE_MATCHES",
                    table + ": merge: several rows of the source match one row of the table (" + which
                            + "), so it is not clear what that row should become. Make the source unique in the columns"
                            + " of the condition, for example with dropDuplicates(…), or let the clauses' conditions choose"
                            + " one.",
                    this);
        }

        int file() {
            return file;
        }

        long row() {
            return row;
        }
    }

    @Override
    public TaskWriter openTask(int task) {
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {
                take(rows);
            }

            @Override
            public void close() {}
        };
    }

    private void take(Chunk rows) {
        IntVector files = (IntVector) rows.column(0);
        BigIntVector places = (BigIntVector) rows.column(1);
        IntVector actions = (IntVector) rows.column(numbered ? 3 : 2);
        if (numbered) {
            markMatched((BigIntVector) rows.column(2), rows.rowCount());
        }
        int[] written = new int[rows.rowCount()];
        int count = 0;
        boolean mayMatchTwice = clauses.size() == 1 && clauses.getFirst().isUnconditionalDelete();
        for (int row = 0; row < rows.rowCount(); row++) {
            if (actions.isNull(row)) {
                continue;
            }
            boolean updates = clauses.get(actions.get(row)).kind() == Clause.Kind.UPDATE;
            boolean first = updates
                    ? rewrite.replace(files.get(row), places.get(row))
                    : rewrite.remove(files.get(row), places.get(row));
            if (!first) {
                if (mayMatchTwice) {
                    continue;
                }
                throw new Ambiguous(files.get(row), places.get(row));
            }
            if (updates) {
                written[count++] = row;
                updated.increment();
            } else {
                deleted.increment();
            }
        }
        write(rows, written, count);
    }

    private void markMatched(BigIntVector numbers, int count) {
        synchronized (matchedSource) {
            for (int row = 0; row < count; row++) {
                matchedSource.set(Math.toIntExact(numbers.get(row)));
            }
        }
    }

    private void write(Chunk rows, int[] written, int count) {
        if (count == 0) {
            return;
        }
        int first = numbered ? 4 : 3;
        int[] ofTable = IntStream.range(first, rows.columnCount()).toArray();
        try (Chunk columns = rows.select(ofTable)) {
            if (count == rows.rowCount()) {
                rewrite.update(columns);
                return;
            }
            try (Chunk part =
                    Columns.gather(columns, written, 0, count, rows.column(0).getAllocator())) {
                rewrite.update(part);
            }
        }
    }

    @Override
    public Map<String, Long> commit() {
        return Map.of();
    }

    @Override
    public void close() {}
}
