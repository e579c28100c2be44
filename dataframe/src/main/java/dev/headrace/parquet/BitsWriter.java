package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.Bits;
import dev.headrace.parquet.encoding.NativeOutput;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;

/// Writes booleans, PLAIN: bits.
final class BitsWriter extends ValuesWriter {
    private final GrowingBitmap page;
    private int count;
    private int ones;

    BitsWriter(BufferAllocator allocator) {
        this.page = new GrowingBitmap(allocator);
        page.begin(1);
    }

    @Override
    void append(FieldVector vector, PresentRows rows) {
        long from = ((BitVector) vector).getDataBuffer().memoryAddress();
        long to = page.reserve(count + rows.count());
        if (rows.isRange()) {
            ones += Bits.copy(from, rows.first(), to, count, rows.count());
            count += rows.count();
            return;
        }
        for (int i = 0; i < rows.count(); i++) {
            if (Memory.bit(from, rows.row(i))) {
                Memory.setBit(to, count);
                ones++;
            }
            count++;
        }
    }

    @Override
    long pageBytes() {
        return count / 8;
    }

    @Override
    Encoding finishPage(NativeOutput out, Statistics<?> statistics) {
        if (count > 0) {
            statistics.updateStats(ones == count);
            statistics.updateStats(ones > 0);
        }
        out.putBytes(page.address(), (count + 7L) / 8);
        page.begin(1);
        count = 0;
        ones = 0;
        return Encoding.PLAIN;
    }

    @Override
    int dictionarySize() {
        return 0;
    }

    @Override
    void writeDictionary(NativeOutput out) {
        throw new IllegalStateException("booleans have no dictionary");
    }

    @Override
    void clear() {}

    @Override
    public void close() {
        page.close();
    }
}
