package dev.headrace.exec;

import dev.headrace.plan.WindowFunction;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;

/// Window functions of a row's place in its partition.
final class WindowRanks {
    private WindowRanks() {}

    static void write(WindowFunction.Rank.Kind kind, WindowRows rows, FieldVector target) {
        int dense = 0;
        for (int row = 0; row < rows.count(); row++) {
            int start = rows.partitionStart()[row];
            int size = rows.partitionEnd()[row] - start;
            if (row == start) {
                dense = 0;
            }
            if (row == rows.peerStart()[row]) {
                dense++;
            }
            int before = rows.peerStart()[row] - start;
            switch (kind) {
                case ROW_NUMBER -> ((IntVector) target).setSafe(row, row - start + 1);
                case RANK -> ((IntVector) target).setSafe(row, before + 1);
                case DENSE_RANK -> ((IntVector) target).setSafe(row, dense);
                case PERCENT_RANK ->
                    ((Float8Vector) target).setSafe(row, size == 1 ? 0.0 : before / (double) (size - 1));
                case CUME_DIST -> ((Float8Vector) target).setSafe(row, (rows.peerEnd()[row] - start) / (double) size);
            }
        }
    }

    /// The first buckets are one larger if the rows can't be shared evenly.
    static void ntile(int buckets, WindowRows rows, FieldVector target) {
        for (int row = 0; row < rows.count(); row++) {
            int start = rows.partitionStart()[row];
            int size = rows.partitionEnd()[row] - start;
            int small = size / buckets;
            int larger = size % buckets;
            int at = row - start;
            int inLarger = larger * (small + 1);
            int bucket = at < inLarger ? at / (small + 1) : larger + (at - inLarger) / Math.max(small, 1);
            ((IntVector) target).setSafe(row, bucket + 1);
        }
    }
}
