package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.parquet.encoding.Bits;
import dev.headrace.parquet.encoding.BytesDecoder;
import dev.headrace.parquet.encoding.MalformedPageException;
import dev.headrace.parquet.encoding.NativeBuffer;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType;

/// The values of a string or binary column: offsets and bytes.
final class BytesValues extends LeafValues {
    private final BytesDecoders decoders;
    private final NativeBuffer offsets;
    private final NativeBuffer data;
    private final DictionaryIds ids = new DictionaryIds();
    private BytesDecoder decoder;
    private boolean fromDictionary;
    private long dictionaryBase;
    private long[] dictionary = new long[0];
    private long[] views = new long[0];
    private int used;
    private int most;
    private int begun;
    private int expected;

    BytesValues(PrimitiveType type, BufferAllocator allocator) {
        this.decoders = new BytesDecoders(type, allocator);
        this.offsets = new NativeBuffer(allocator);
        this.data = new NativeBuffer(allocator);
        this.decoder = decoders.decoder(Encoding.PLAIN);
    }

    @Override
    void begin(int slots, int maxBytes) {
        used = 0;
        most = maxBytes;
        Memory.putInt(offsets.reserve(4L * (slots + 1)).memoryAddress(), 0);
        data.reserve(slots < begun ? (long) expected * slots / begun : expected);
        begun = slots;
    }

    @Override
    void startPage(ColumnPages page) {
        fromDictionary = page.encoding == Encoding.PLAIN_DICTIONARY || page.encoding == Encoding.RLE_DICTIONARY;
        if (!fromDictionary) {
            decoder = decoders.decoder(page.encoding);
            decoder.start(page.values, page.valuesEnd, page.valueCount);
            return;
        }
        if (page.takeDictionaryChange()) {
            int size = page.dictionarySize;
            if (size < 0 || size > page.dictionaryEnd - page.dictionaryStart) {
                throw new MalformedPageException("a dictionary of " + size + " entries");
            }
            BytesDecoder plain = decoders.decoder(Encoding.PLAIN);
            plain.start(page.dictionaryStart, page.dictionaryEnd, size);
            if (dictionary.length < size) {
                dictionary = new long[size];
            }
            plain.read(dictionary, 0, size);
            dictionaryBase = plain.base();
        }
        ids.start(page);
    }

    @Override
    void append(int at, int slots, int present, long validity) {
        if (views.length < present) {
            views = new long[Math.max(present, 1024)];
        }
        long base;
        if (fromDictionary) {
            ids.read(present);
            int[] entries = ids.ids;
            for (int i = 0; i < present; i++) {
                views[i] = dictionary[entries[i]];
            }
            base = dictionaryBase;
        } else {
            decoder.read(views, 0, present);
            base = decoder.base();
        }
        long bytes = used;
        for (int i = 0; i < present; i++) {
            bytes += BytesDecoder.length(views[i]);
        }
        if (bytes > most) {
            throw full(at, slots, present, validity);
        }
        long end = offsets.grow(4L * (at + slots + 1), 4L * (at + 1)).memoryAddress() + 4L * (at + 1);
        long start = data.grow(bytes, used).memoryAddress();
        if (present == slots) {
            copyAll(base, start, end, slots);
        } else {
            copySpread(base, start, end, slots, validity, at);
        }
        used = (int) bytes;
    }

    private RuntimeException full(int at, int slots, int present, long validity) {
        if (most == Integer.MAX_VALUE) {
            return PageLimitException.size();
        }
        long bytes = used;
        int next = 0;
        int slot = 0;
        while (slot < slots) {
            if (present == slots || (Bits.word(validity, at + slot) & 1) != 0) {
                bytes += BytesDecoder.length(views[next++]);
                if (bytes > most) {
                    break;
                }
            }
            slot++;
        }
        return new ChunkFullException(at + slot);
    }

    private void copyAll(long base, long start, long ends, int count) {
        long to = start + used;
        for (int i = 0; i < count; i++) {
            long view = views[i];
            int length = BytesDecoder.length(view);
            copy(base + (view >>> 32), to, length);
            to += length;
            Memory.putInt(ends + 4L * i, (int) (to - start));
        }
    }

    private void copySpread(long base, long start, long ends, int slots, long validity, int at) {
        long to = start + used;
        int next = 0;
        for (int first = 0; first < slots; first += 32) {
            long valid = Bits.word(validity, at + first);
            int stop = Math.min(slots, first + 32);
            for (int i = first; i < stop; i++) {
                if ((valid & 1) != 0) {
                    long view = views[next++];
                    int length = BytesDecoder.length(view);
                    copy(base + (view >>> 32), to, length);
                    to += length;
                }
                valid >>>= 1;
                Memory.putInt(ends + 4L * i, (int) (to - start));
            }
        }
    }

    /// Copies a value in words, up to [Bits#SLACK] bytes too much on both sides: most values are short.
    private static void copy(long from, long to, int length) {
        Memory.putLong(to, Memory.getLong(from));
        Memory.putLong(to + 8, Memory.getLong(from + 8));
        if (length <= 16) {
            return;
        }
        if (length > 256) {
            Memory.copy(null, from, null, to, length);
            return;
        }
        for (int i = 16; i < length; i += 8) {
            Memory.putLong(to + i, Memory.getLong(from + i));
        }
    }

    @Override
    void skip(int values) {
        if (fromDictionary) {
            ids.skip(values);
        } else {
            decoder.skip(values);
        }
    }

    @Override
    void finish(FieldVector into, ArrowFieldNode node, ArrowBuf validity) {
        expected = used + used / 8;
        try (ArrowBuf ends = offsets.take();
                ArrowBuf bytes = data.take()) {
            into.loadFieldBuffers(node, List.of(validity, ends, bytes));
        }
    }

    @Override
    public void close() {
        decoders.close();
        offsets.close();
        data.close();
    }
}
