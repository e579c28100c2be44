package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.Bits;
import dev.headrace.parquet.encoding.HybridDecoder;
import dev.headrace.parquet.encoding.MalformedPageException;
import dev.headrace.parquet.encoding.NativeBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.parquet.format.Encoding;

/// The values of a boolean column: bits in the file (PLAIN) or runs of them (RLE), bits in the vector.
final class BitValues extends LeafValues {
    private final GrowingBitmap data;
    private final NativeBuffer dense;
    private final HybridDecoder runs = new HybridDecoder();
    private boolean plain;
    private long page;
    private long bit;
    private long bits;

    BitValues(BufferAllocator allocator) {
        this.data = new GrowingBitmap(allocator);
        this.dense = new NativeBuffer(allocator);
    }

    @Override
    void begin(int slots, int maxBytes) {
        data.begin(slots);
    }

    @Override
    void startPage(ColumnPages pages) {
        plain = pages.encoding == Encoding.PLAIN;
        if (plain) {
            page = pages.values;
            bit = 0;
            bits = (pages.valuesEnd - pages.values) * 8;
        } else if (pages.encoding == Encoding.RLE) {
            if (pages.values == pages.valuesEnd) {
                runs.start(pages.values, pages.valuesEnd, 1);
                return;
            }
            int length = pages.valuesEnd - pages.values >= 4 ? Memory.getInt(pages.values) : -1;
            if (length < 0 || pages.values + 4 + length > pages.valuesEnd) {
                throw new MalformedPageException("the values go beyond the end of their page");
            }
            runs.start(pages.values + 4, pages.values + 4 + length, 1);
        } else {
            throw PageLimitException.encoding(pages.encoding, "BOOLEAN");
        }
    }

    @Override
    void append(int at, int slots, int present, long validity) {
        long target = data.reserve(at + slots);
        if (present == slots) {
            read(target, at, present);
            return;
        }
        int bytes = (present + 7) / 8 + Bits.SLACK;
        long scratch = dense.reserve(bytes).memoryAddress();
        Memory.fill(scratch, bytes, (byte) 0);
        read(scratch, 0, present);
        int next = 0;
        for (int i = at; i < at + slots; i++) {
            if (Memory.bit(validity, i)) {
                if (Memory.bit(scratch, next++)) {
                    Memory.setBit(target, i);
                }
            }
        }
    }

    private void read(long bitmap, int at, int count) {
        if (plain) {
            long from = bit;
            skip(count);
            Bits.copy(page, from, bitmap, at, count);
        } else {
            runs.readBits(bitmap, at, count);
        }
    }

    @Override
    void skip(int values) {
        if (!plain) {
            runs.skip(values);
            return;
        }
        bit += values;
        if (bit > bits) {
            throw new MalformedPageException("the values go beyond the end of their page");
        }
    }

    @Override
    void finish(FieldVector into, ArrowFieldNode node, ArrowBuf validity) {
        try (ArrowBuf values = data.take()) {
            into.loadFieldBuffers(node, List.of(validity, values));
        }
    }

    @Override
    public void close() {
        data.close();
        dense.close();
    }
}
