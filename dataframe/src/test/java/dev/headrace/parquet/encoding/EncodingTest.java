package dev.headrace.parquet.encoding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Memory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.deltalengthbytearray.DeltaLengthByteArrayValuesWriter;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridValuesReader;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Our decoders on what the library's encoders write, and the other way round.
class EncodingTest {
    private static final HeapByteBufferAllocator HEAP = new HeapByteBufferAllocator();

    private final BufferAllocator allocator = new RootAllocator();
    private final List<NativeBuffer> buffers = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        buffers.forEach(NativeBuffer::close);
        allocator.close();
    }

    private long reserve(long bytes) {
        NativeBuffer buffer = new NativeBuffer(allocator);
        buffers.add(buffer);
        return buffer.reserve(bytes).memoryAddress();
    }

    private long copy(byte[] bytes) {
        long address = reserve(bytes.length);
        Memory.copy(bytes, Memory.BYTES, null, address, bytes.length);
        return address;
    }

    /// Numbers below `2^width`, in runs and single.
    private static int[] numbers(Random random, int count, int width) {
        int[] numbers = new int[count + 8];
        int i = 0;
        while (i < count) {
            int value = width == 0 ? 0 : random.nextInt() >>> (32 - width);
            int run = random.nextInt(4) == 0 ? 1 + random.nextInt(100) : 1;
            for (; run > 0 && i < count; run--) {
                numbers[i++] = value;
            }
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 24, 25, 31, 32})
    void runsOfTheLibraryAreDecoded(int width) throws IOException {
        Random random = new Random(width);
        int[] numbers = numbers(random, 5_003, width);
        RunLengthBitPackingHybridEncoder encoder = new RunLengthBitPackingHybridEncoder(width, 64, 1 << 20, HEAP);
        for (int i = 0; i < 5_003; i++) {
            encoder.writeInt(numbers[i]);
        }
        byte[] bytes = encoder.toBytes().toByteArray();
        HybridDecoder decoder = new HybridDecoder();
        long address = copy(bytes);
        decoder.start(address, address + bytes.length, width);

        int at = 0;
        while (at < 5_003) {
            int count = Math.min(random.nextInt(300), 5_003 - at);
            if (random.nextInt(3) == 0) {
                decoder.skip(count);
            } else {
                int[] read = new int[count + 3];
                decoder.read(read, 3, count);
                for (int i = 0; i < count; i++) {
                    assertEquals(numbers[at + i], read[3 + i]);
                }
            }
            at += count;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 8, 9, 13, 16, 17, 24, 25, 31, 32})
    void theLibraryDecodesOurRuns(int width) throws IOException {
        int count = 5_003;
        int[] numbers = numbers(new Random(width), count, width);
        try (NativeOutput out = new NativeOutput(allocator)) {
            HybridEncoder.encode(numbers, count, width, out);
            byte[] bytes = new byte[(int) out.size()];
            Memory.copy(null, out.address(), bytes, Memory.BYTES, bytes.length);
            byte[] withLength = java.nio.ByteBuffer.allocate(bytes.length + 4)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .putInt(bytes.length)
                    .put(bytes)
                    .array();
            RunLengthBitPackingHybridValuesReader reader = new RunLengthBitPackingHybridValuesReader(width);
            reader.initFromPage(
                    count, org.apache.parquet.bytes.ByteBufferInputStream.wrap(java.nio.ByteBuffer.wrap(withLength)));
            for (int i = 0; i < count; i++) {
                assertEquals(numbers[i], reader.readInteger());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5", "2, 0.01", "3, 0.99", "4, 0", "5, 1", "6, 0.2"})
    void bitsComeBack(long seed, double ones) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(4_000);
        long bitmap = reserve(count / 8 + 16);
        Memory.fill(bitmap, count / 8 + 16, (byte) 0);
        int set = 0;
        boolean bit = false;
        for (int i = 0; i < count; i++) {
            bit = random.nextInt(10) == 0 ? random.nextDouble() < ones : bit;
            if (bit) {
                Memory.setBit(bitmap, i);
                set++;
            }
        }
        try (NativeOutput out = new NativeOutput(allocator)) {
            HybridEncoder.encodeBits(bitmap, count, out);
            HybridDecoder decoder = new HybridDecoder();
            decoder.start(out.address(), out.address() + out.size(), 1);
            long back = reserve(count / 8 + 32);
            Memory.fill(back, count / 8 + 32, (byte) 0);
            int first = random.nextInt(count + 1);
            int found = decoder.readBits(back, 5, first) + decoder.readBits(back, 5 + first, count - first);

            assertEquals(set, found);
            for (int i = 0; i < count; i++) {
                assertEquals(Memory.bit(bitmap, i), Memory.bit(back, 5 + i));
            }
            decoder.start(out.address(), out.address() + out.size(), 1);
            assertEquals(set, decoder.skipBits(count));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 127, 128, 129, 1_000, 4_097})
    void deltasOfLongsAreDecoded(int count) throws IOException {
        Random random = new Random(count);
        ValuesWriter writer = new DeltaBinaryPackingValuesWriterForLong(64, 1 << 20, HEAP);
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(5) == 0 ? random.nextLong() : i * 1_000L + random.nextInt(100);
            writer.writeLong(values[i]);
        }
        byte[] bytes = writer.getBytes().toByteArray();
        long address = copy(bytes);
        FixedDecoder decoder = new FixedDecoder.Delta(8);
        decoder.start(address, address + bytes.length);
        long out = reserve(8L * count);

        int skipped = Math.min(count, 70);
        decoder.skip(skipped);
        decoder.read(out, count - skipped);

        for (int i = skipped; i < count; i++) {
            assertEquals(values[i], Memory.getLong(out + 8L * (i - skipped)));
        }
        assertThrows(MalformedPageException.class, () -> decoder.read(out, 1));
    }

    @Test
    void deltasOfIntsAreDecoded() throws IOException {
        Random random = new Random(1);
        ValuesWriter writer = new DeltaBinaryPackingValuesWriterForInteger(64, 1 << 20, HEAP);
        int[] values = random.ints(3_000).toArray();
        values[17] = Integer.MIN_VALUE;
        values[18] = Integer.MAX_VALUE;
        for (int value : values) {
            writer.writeInteger(value);
        }
        byte[] bytes = writer.getBytes().toByteArray();
        long address = copy(bytes);
        FixedDecoder decoder = new FixedDecoder.Delta(4);
        decoder.start(address, address + bytes.length);
        long out = reserve(4L * values.length);
        decoder.read(out, 1_111);
        decoder.read(out + 4 * 1_111, values.length - 1_111);

        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], Memory.getInt(out + 4L * i));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void deltasOfStringsAreDecoded(boolean sharedPrefixes) throws IOException {
        Random random = new Random(5);
        ValuesWriter writer = sharedPrefixes
                ? new DeltaByteArrayWriter(64, 1 << 20, HEAP)
                : new DeltaLengthByteArrayValuesWriter(64, 1 << 20, HEAP);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            values.add(random.nextInt(9) == 0 ? "" : "prefix" + random.nextInt(50) + "x".repeat(random.nextInt(30)));
            writer.writeBytes(Binary.fromString(values.getLast()));
        }
        byte[] bytes = writer.getBytes().toByteArray();
        long address = copy(bytes);
        try (BytesDecoder decoder =
                sharedPrefixes ? new BytesDecoder.DeltaStrings(allocator) : new BytesDecoder.DeltaLength()) {
            decoder.start(address, address + bytes.length, values.size());
            decoder.skip(100);
            long[] views = new long[1_900];
            decoder.read(views, 0, 900);
            decoder.read(views, 900, 1_000);
            for (int i = 0; i < 1_900; i++) {
                byte[] value = new byte[BytesDecoder.length(views[i])];
                Memory.copy(null, decoder.base() + (views[i] >>> 32), value, Memory.BYTES, value.length);
                assertEquals(values.get(100 + i), new String(value, java.nio.charset.StandardCharsets.UTF_8));
            }
            assertThrows(MalformedPageException.class, () -> decoder.skip(1));
        }
    }

    @Test
    void dictionariesGiveEachNumberOneId() {
        NumberDictionary dictionary = new NumberDictionary(3_000);
        Random random = new Random(3);
        long[] values = random.longs(20_000, 0, 2_900).toArray();
        values[5] = Long.MIN_VALUE;
        int[] ids = new int[values.length];

        assertEquals(values.length, dictionary.ids(values, values.length, ids, 0));

        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], dictionary.key(ids[i]));
        }
        assertEquals(java.util.Arrays.stream(values).distinct().count(), dictionary.size());
    }

    @Test
    void aFullDictionaryTakesNoMore() {
        NumberDictionary dictionary = new NumberDictionary(2);
        int[] ids = new int[5];

        assertEquals(4, dictionary.ids(new long[] {7, 8, 7, 8, 9}, 5, ids, 0));
        assertEquals(2, dictionary.size());
    }
}
