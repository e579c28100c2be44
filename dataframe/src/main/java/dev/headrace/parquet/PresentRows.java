package dev.headrace.parquet;

import dev.headrace.parquet.encoding.Bits;
import org.apache.arrow.vector.FieldVector;

/// Which rows of a vector hold the values to write: a range of them, or single ones.
final class PresentRows {
    private int[] rows = new int[0];
    private int first;
    private int count;
    private boolean range;

    /// The rows `[from, from + count)`, all of which have a value.
    void setRange(int from, int newCount) {
        range = true;
        first = from;
        count = newCount;
    }

    /// Those of the rows `[from, from + count)` that are not null.
    void setValid(FieldVector vector, int from, int newCount) {
        range = false;
        count = 0;
        reserve(newCount);
        long bitmap = vector.getValidityBuffer().memoryAddress();
        for (int start = 0; start < newCount; start += 32) {
            int take = Math.min(32, newCount - start);
            long at = (long) from + start;
            long word = newCount - start >= 64 ? Bits.word(bitmap, at) : Bits.lastWord(bitmap, at, take);
            long bits = word & (1L << take) - 1;
            while (bits != 0) {
                rows[count++] = from + start + Long.numberOfTrailingZeros(bits);
                bits &= bits - 1;
            }
        }
    }

    /// Begins a list of single rows, at most `most`.
    void start(int most) {
        range = false;
        count = 0;
        reserve(most);
    }

    void add(int row) {
        rows[count++] = row;
    }

    private void reserve(int most) {
        if (rows.length < most) {
            rows = new int[most];
        }
    }

    int count() {
        return count;
    }

    boolean isRange() {
        return range;
    }

    /// The first row of the range.
    int first() {
        return first;
    }

    /// The row of the `i`th value.
    int row(int i) {
        return range ? first + i : rows[i];
    }
}
