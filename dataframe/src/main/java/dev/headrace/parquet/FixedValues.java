package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.Bits;
import dev.headrace.parquet.encoding.MalformedPageException;
import dev.headrace.parquet.encoding.NativeBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.parquet.format.Encoding;

/// The values of a column whose vector has slots of 1, 2, 4, 8 or 16 bytes.
///
/// A dictionary is converted once, to the vector's width; its pages are then a gather. Pages without nulls decode
/// straight into the vector; the others are decoded densely and spread over the slots: a null slot repeats the value
/// after it.
final class FixedValues extends LeafValues {
    private final int width;
    private final FixedSource source;
    private final NativeBuffer data;
    private final NativeBuffer dense;
    private final NativeBuffer dictionary;
    private final DictionaryIds ids = new DictionaryIds();
    private boolean fromDictionary;

    FixedValues(int width, FixedSource source, BufferAllocator allocator) {
        this.width = width;
        this.source = source;
        this.data = new NativeBuffer(allocator);
        this.dense = new NativeBuffer(allocator);
        this.dictionary = new NativeBuffer(allocator);
    }

    @Override
    void begin(int slots, int maxBytes) {
        data.reserve((long) slots * width);
    }

    @Override
    void startPage(ColumnPages page) {
        fromDictionary = page.encoding == Encoding.PLAIN_DICTIONARY || page.encoding == Encoding.RLE_DICTIONARY;
        if (!fromDictionary) {
            source.start(page.encoding, page.values, page.valuesEnd, page.valueCount);
            return;
        }
        if (page.takeDictionaryChange()) {
            int size = page.dictionarySize;
            if (size < 0 || size > page.dictionaryEnd - page.dictionaryStart) {
                throw new MalformedPageException("a dictionary of " + size + " entries");
            }
            source.start(Encoding.PLAIN, page.dictionaryStart, page.dictionaryEnd, size);
            source.read(dictionary.reserve((long) size * width).memoryAddress(), size);
        }
        ids.start(page);
    }

    @Override
    void append(int at, int slots, int present, long validity) {
        long target = data.grow((long) (at + slots) * width, (long) at * width).memoryAddress() + (long) at * width;
        if (fromDictionary) {
            ids.read(present);
            long from = present == 0 ? 0 : dictionary.address();
            if (present == slots) {
                gather(from, target, slots);
            } else if (present > 0) {
                gatherSpread(from, target, slots, validity, at);
            } else {
                Memory.fill(target, (long) slots * width, (byte) 0);
            }
            return;
        }
        if (present == slots) {
            source.read(target, slots);
        } else {
            long from = dense.reserve((long) (present + 1) * width).memoryAddress();
            source.read(from, present);
            Memory.fill(from + (long) present * width, width, (byte) 0);
            spread(from, target, slots, validity, at);
        }
    }

    private void gather(long from, long to, int count) {
        int[] entries = ids.ids;
        switch (width) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putByte(to + i, Memory.getByte(from + entries[i]));
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putShort(to + 2L * i, Memory.getShort(from + 2L * entries[i]));
                }
            }
            case 4 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putInt(to + 4L * i, Memory.getInt(from + 4L * entries[i]));
                }
            }
            case 8 -> {
                for (int i = 0; i < count; i++) {
                    Memory.putLong(to + 8L * i, Memory.getLong(from + 8L * entries[i]));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    copy16(from + 16L * entries[i], to + 16L * i);
                }
            }
        }
    }

    private void gatherSpread(long from, long to, int slots, long validity, int at) {
        int[] entries = ids.ids;
        int next = 0;
        for (int start = 0; start < slots; start += 32) {
            long valid = Bits.word(validity, at + start);
            int stop = Math.min(slots, start + 32);
            for (int i = start; i < stop; i++) {
                copyOne(from + (long) entries[next] * width, to + (long) i * width);
                next += (int) valid & 1;
                valid >>>= 1;
            }
        }
    }

    private void spread(long from, long to, int slots, long validity, int at) {
        int next = 0;
        for (int start = 0; start < slots; start += 32) {
            long valid = Bits.word(validity, at + start);
            int stop = Math.min(slots, start + 32);
            for (int i = start; i < stop; i++) {
                copyOne(from + (long) next * width, to + (long) i * width);
                next += (int) valid & 1;
                valid >>>= 1;
            }
        }
    }

    private void copyOne(long from, long to) {
        switch (width) {
            case 1 -> Memory.putByte(to, Memory.getByte(from));
            case 2 -> Memory.putShort(to, Memory.getShort(from));
            case 4 -> Memory.putInt(to, Memory.getInt(from));
            case 8 -> Memory.putLong(to, Memory.getLong(from));
            default -> copy16(from, to);
        }
    }

    private static void copy16(long from, long to) {
        Memory.putLong(to, Memory.getLong(from));
        Memory.putLong(to + 8, Memory.getLong(from + 8));
    }

    @Override
    void skip(int values) {
        if (fromDictionary) {
            ids.skip(values);
        } else {
            source.skip(values);
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
        source.close();
        data.close();
        dense.close();
        dictionary.close();
    }
}
