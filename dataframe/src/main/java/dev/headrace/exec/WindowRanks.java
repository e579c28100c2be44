package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.plan.WindowFunction.Rank.Kind;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;

/// Window functions of a row's place in its partition.
final class WindowRanks implements WindowResults {
    private final Kind kind;

    /// The groups of peers so far of the partition of the last row.
    private int dense;

    WindowRanks(Kind kind) {
        this.kind = kind;
    }

    @Override
    public int knownUpTo(WindowRows rows) {
        int row = rows.from();
        while (row < rows.to() && isKnown(rows, row)) {
            row++;
        }
        return row;
    }

    private boolean isKnown(WindowRows rows, int row) {
        return switch (kind) {
            case ROW_NUMBER, RANK, DENSE_RANK -> true;
            case PERCENT_RANK -> rows.partitionEnd()[row] != WindowRows.OPEN;
            case CUME_DIST -> rows.partitionEnd()[row] != WindowRows.OPEN && rows.peerEnd()[row] != WindowRows.OPEN;
        };
    }

    @Override
    public void write(WindowRows rows, FieldVector target) {
        for (int row = rows.from(); row < rows.to(); row++) {
            Cancellation.checkThread(row);
            int start = rows.partitionStart()[row];
            int size = rows.partitionEnd()[row] - start;
            int before = rows.peerStart()[row] - start;
            if (row == start) {
                dense = 0;
            }
            if (row == rows.peerStart()[row]) {
                dense++;
            }
            int at = row - rows.from();
            switch (kind) {
                case ROW_NUMBER -> ((IntVector) target).setSafe(at, row - start + 1);
                case RANK -> ((IntVector) target).setSafe(at, before + 1);
                case DENSE_RANK -> ((IntVector) target).setSafe(at, dense);
                case PERCENT_RANK ->
                    ((Float8Vector) target).setSafe(at, size == 1 ? 0.0 : before / (double) (size - 1));
                case CUME_DIST -> ((Float8Vector) target).setSafe(at, (rows.peerEnd()[row] - start) / (double) size);
            }
        }
    }

    @Override
    public int neededFrom(WindowRows rows) {
        return rows.to();
    }

    @Override
    public void close() {}
}
