package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// Which of some parts of the partition a row is in (`ntile`): parts of the same size, the first ones one larger if the
/// rows can't be shared evenly.
final class WindowBuckets implements WindowResults {
    private final int buckets;

    WindowBuckets(int buckets) {
        this.buckets = buckets;
    }

    @Override
    public int knownUpTo(WindowRows rows) {
        int row = rows.from();
        while (row < rows.to() && rows.partitionEnd()[row] != WindowRows.OPEN) {
            row++;
        }
        return row;
    }

    @Override
    public void write(WindowRows rows, FieldVector target) {
        for (int row = rows.from(); row < rows.to(); row++) {
            Cancellation.checkThread(row);
            int start = rows.partitionStart()[row];
            int size = rows.partitionEnd()[row] - start;
            int small = size / buckets;
            int larger = size % buckets;
            int at = row - start;
            int inLarger = larger * (small + 1);
            int bucket = at < inLarger ? at / (small + 1) : larger + (at - inLarger) / Math.max(small, 1);
            ((IntVector) target).setSafe(row - rows.from(), bucket + 1);
        }
    }

    @Override
    public int neededFrom(WindowRows rows) {
        return rows.to();
    }

    @Override
    public void close() {}
}
