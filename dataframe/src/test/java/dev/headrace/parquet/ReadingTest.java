package dev.headrace.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Slice;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files of Parquet's own writer, read here.
class ReadingTest {
    @TempDir
    Path directory;

    /// The ways to write the same rows.
    enum Form {
        PLAIN_V1(b -> b.withDictionaryEncoding(false).withWriterVersion(WriterVersion.PARQUET_1_0)),
        DICTIONARY_V1(b -> b.withDictionaryEncoding(true).withWriterVersion(WriterVersion.PARQUET_1_0)),
        DELTA_V2(b -> b.withDictionaryEncoding(false).withWriterVersion(WriterVersion.PARQUET_2_0)),
        DICTIONARY_V2(b -> b.withDictionaryEncoding(true).withWriterVersion(WriterVersion.PARQUET_2_0)),
        SPLIT_V2(b -> b.withDictionaryEncoding(false)
                .withByteStreamSplitEncoding(true)
                .withWriterVersion(WriterVersion.PARQUET_2_0)),
        SMALL_PAGES(b -> b.withDictionaryEncoding(true)
                .withDictionaryPageSize(2_000)
                .withPageSize(1_000)
                .withMinRowCountForPageSizeCheck(1)
                .withMaxRowCountForPageSizeCheck(10)),
        SMALL_PAGES_V2(b -> b.withDictionaryEncoding(false)
                .withWriterVersion(WriterVersion.PARQUET_2_0)
                .withPageRowCountLimit(77)),
        MANY_ROW_GROUPS(b ->
                b.withRowGroupSize(100_000L).withMinRowCountForPageSizeCheck(1).withMaxRowCountForPageSizeCheck(10)),
        SNAPPY(b -> b.withCompressionCodec(CompressionCodecName.SNAPPY)),
        ZSTD_V2(b -> b.withCompressionCodec(CompressionCodecName.ZSTD).withWriterVersion(WriterVersion.PARQUET_2_0)),
        GZIP(b -> b.withCompressionCodec(CompressionCodecName.GZIP)),
        LZ4_RAW_V2(
                b -> b.withCompressionCodec(CompressionCodecName.LZ4_RAW).withWriterVersion(WriterVersion.PARQUET_2_0));

        final UnaryOperator<ExampleParquetWriter.Builder> options;

        Form(UnaryOperator<ExampleParquetWriter.Builder> options) {
            this.options = options;
        }
    }

    static final MessageType ATOMIC = MessageTypeParser.parseMessageType("""
            message all {
              optional boolean bool;
              optional int32 tiny (INTEGER(8,true));
              optional int32 small (INTEGER(16,true));
              optional int32 int;
              optional int64 big;
              optional float real;
              optional double dbl;
              optional int32 dec9 (DECIMAL(9,2));
              optional int64 dec18 (DECIMAL(18,4));
              optional fixed_len_byte_array(16) dec38 (DECIMAL(38,10));
              optional binary decv (DECIMAL(30,3));
              optional binary text (STRING);
              optional binary bytes;
              optional fixed_len_byte_array(5) fixed;
              optional int32 day (DATE);
              optional int64 ts (TIMESTAMP(MICROS,true));
              optional int64 ntz (TIMESTAMP(MICROS,false));
            }
            """);

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBackInEveryForm(Form form) {
        List<List<@Nullable Object>> rows = randomRows(new Random(form.ordinal()), 9_000, 0.2);

        assertReadsBack(ATOMIC, rows, form);
    }

    @ParameterizedTest
    @EnumSource
    void columnsWithoutNullsComeBack(Form form) {
        List<List<@Nullable Object>> rows = randomRows(new Random(form.ordinal()), 3_000, 0);

        assertReadsBack(ATOMIC, rows, form);
        assertReadsBack(required(ATOMIC), rows, form);
    }

    @ParameterizedTest
    @EnumSource
    void columnsOfNullsComeBack(Form form) {
        assertReadsBack(ATOMIC, randomRows(new Random(1), 3_000, 1), form);
    }

    @ParameterizedTest
    @EnumSource
    void runsOfNullsAndValuesComeBack(Form form) {
        Random random = new Random(form.ordinal());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        while (rows.size() < 5_000) {
            rows.addAll(randomRows(random, 1 + random.nextInt(1_000), random.nextBoolean() ? 1 : 0));
        }

        assertReadsBack(ATOMIC, rows, form);
    }

    @ParameterizedTest
    @EnumSource
    void oneRowComesBack(Form form) {
        assertReadsBack(ATOMIC, randomRows(new Random(3), 1, 0), form);
    }

    @Test
    void theFormsCoverEncodingsAndPageBorders() {
        List<List<@Nullable Object>> rows = randomRows(new Random(9), 3_000, 0.1);
        Set<Encoding> encodings = new TreeSet<>();
        int mostRowGroups = 0;
        for (Form form : Form.values()) {
            Path file = directory.resolve("cover-" + form);
            ExampleFiles.write(file, ATOMIC, rows, form.options);
            ParquetFooter footer = new ParquetFooters().of(file);
            mostRowGroups = Math.max(mostRowGroups, footer.rowGroupCount());
            footer.rowGroups().forEach(group -> group.getColumns().forEach(c -> encodings.addAll(c.getEncodings())));
        }

        assertEquals(
                "[PLAIN, RLE, BYTE_STREAM_SPLIT, BIT_PACKED, PLAIN_DICTIONARY, DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, "
                        + "RLE_DICTIONARY]",
                encodings.toString());
        assertEquals(true, mostRowGroups > 2);
    }

    private static MessageType required(MessageType schema) {
        return MessageTypeParser.parseMessageType(schema.toString().replace("optional", "required"));
    }

    private void assertReadsBack(MessageType schema, List<List<@Nullable Object>> rows, Form form) {
        Path file = directory.resolve(form + "-" + rows.size() + "-" + schema.hashCode() + ".parquet");
        ExampleFiles.write(file, schema, rows, form.options);
        StructType read = new ParquetFooters().of(file).schema();

        assertRows(rows, Rows.read(file, ParquetScan.all(read)));
    }

    private static void assertRows(List<List<@Nullable Object>> expected, List<List<@Nullable Object>> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(found.get(i))) {
                assertEquals(expected.get(i), found.get(i), "row " + i);
            }
        }
    }

    static List<List<@Nullable Object>> randomRows(Random random, int count, double nulls) {
        List<List<@Nullable Object>> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            List<@Nullable Object> row = Arrays.asList(
                    random.nextBoolean(),
                    (byte) random.nextInt(),
                    (short) random.nextInt(),
                    edge(random, Integer.MIN_VALUE, Integer.MAX_VALUE, r -> r.nextInt(1_000)),
                    edge(random, Long.MIN_VALUE, Long.MAX_VALUE, r -> r.nextLong(1L << (1 + r.nextInt(62)))),
                    edge(random, Float.NaN, Float.NEGATIVE_INFINITY, r -> (float) r.nextInt(50) / 4),
                    edge(random, -0.0, Double.MAX_VALUE, Random::nextGaussian),
                    decimal(random, 9, 2),
                    decimal(random, 18, 4),
                    decimal(random, 38, 10),
                    decimal(random, 30, 3),
                    Slice.utf8(random.nextInt(20) == 0 ? "" : "text ü " + random.nextInt(3_000)),
                    bytes(random, random.nextInt(8) == 0 ? 400 : random.nextInt(30)),
                    bytes(random, 5),
                    random.nextInt(40_000) - 20_000,
                    random.nextLong() / 1_000,
                    1_700_000_000_000_000L + i * 1_000L);
            row.replaceAll(value -> random.nextDouble() < nulls ? null : value);
            rows.add(row);
        }
        return rows;
    }

    private static <T> T edge(Random random, T low, T high, Function<Random, T> inner) {
        return switch (random.nextInt(40)) {
            case 0 -> low;
            case 1 -> high;
            default -> inner.apply(random);
        };
    }

    private static BigDecimal decimal(Random random, int precision, int scale) {
        BigInteger limit = BigInteger.TEN.pow(1 + random.nextInt(precision));
        BigInteger magnitude = new BigInteger(limit.bitLength() + 8, random).mod(limit);
        return new BigDecimal(random.nextBoolean() ? magnitude : magnitude.negate(), scale);
    }

    private static Slice bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Slice.of(bytes);
    }

    private static final MessageType NESTED = MessageTypeParser.parseMessageType("""
            message nested {
              required int32 id;
              optional group point { optional int32 x; required double y; optional group deep { optional binary s (STRING); } }
              optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
              required group matrix (LIST) { repeated group list { optional group element (LIST) {
                repeated group list { required int64 element; } } } }
              optional group counts (MAP) { repeated group key_value { required binary key (STRING); optional int32 value; } }
              optional group points (LIST) { repeated group list { optional group element {
                optional int32 a; optional group bs (LIST) { repeated group list { optional double element; } } } } }
              optional group legacy (LIST) { repeated int32 array; }
              optional group tuples (LIST) { repeated group tuples_tuple { optional int32 only; } }
              repeated int64 bare;
            }
            """);

    @ParameterizedTest
    @EnumSource
    void nestedColumnsComeBack(Form form) {
        Random random = new Random(100 + form.ordinal());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            rows.add(nestedRow(random, i));
        }

        assertReadsBack(NESTED, rows, form);
    }

    @ParameterizedTest
    @EnumSource
    void chunksThatGetTooLargeAreBegunAgainWithFewerRows(Form form) {
        Random random = new Random(200 + form.ordinal());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            rows.add(nestedRow(random, i));
        }
        Path file = directory.resolve(form + "-large.parquet");
        ExampleFiles.write(file, NESTED, rows, form.options);
        ParquetScan scan = ParquetScan.all(new ParquetFooters().of(file).schema());

        for (int columnBytes : new int[] {60, 1_000}) {
            assertRows(rows, Rows.readWithin(columnBytes, file, scan));
        }
    }

    @Test
    void aChunkOfLongTextsFromADictionaryHasFewRows() {
        Slice[] texts = {Slice.utf8("a".repeat(3_000)), Slice.utf8("b".repeat(3_000)), Slice.utf8("")};
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            boolean wide = i > 200 && i < 1_000;
            rows.add(Arrays.asList((long) i, i % 7 == 0 ? null : texts[wide ? i % 2 : 2]));
        }

        // A hundred long texts, with the nulls between them, in the first one after 201 short ones.
        assertEquals(List.of(318, 117), chunkRows(rows, 300_000).subList(0, 2));
    }

    @Test
    void oneLongTextAmongShortOnesIsReadAlone() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            rows.add(Arrays.asList((long) i, Slice.utf8(i == 1_234 ? "long".repeat(1_000_000) : "s" + i)));
        }

        assertEquals(List.of(1_234, 1, 1, 2, 4), chunkRows(rows, 300_000).subList(0, 5));
    }

    /// Reads rows of a number and a text back.
    ///
    /// @return how many rows the chunks have
    private List<Integer> chunkRows(List<List<@Nullable Object>> rows, int columnBytes) {
        Path file = directory.resolve("texts.parquet");
        StructType schema = StructType.fromDDL("id bigint, text string");
        WritingTest.write(file, schema, rows, ParquetWriteOptions.DEFAULT, 3);
        List<Integer> sizes = new ArrayList<>();
        List<List<@Nullable Object>> found = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                ParquetChunks chunks = Rows.within(columnBytes, file, ParquetScan.all(schema), allocator)) {
            for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                try (Chunk closing = chunk) {
                    sizes.add(closing.rowCount());
                    int bytes = ((VarCharVector) closing.column(1)).sizeOfValueBuffer();
                    assertTrue(closing.rowCount() == 1 || bytes <= columnBytes, bytes + " bytes");
                    Rows.add(closing, found);
                }
            }
        }
        assertRows(rows, found);
        return sizes;
    }

    private static List<@Nullable Object> nestedRow(Random random, int id) {
        return Arrays.asList(
                id,
                maybe(
                        random,
                        r -> Arrays.asList(
                                maybe(r, Random::nextInt),
                                r.nextDouble(),
                                maybe(r, q -> single(maybe(q, p -> Slice.utf8("s" + p.nextInt(9))))))),
                maybe(random, r -> list(r, q -> maybe(q, p -> Slice.utf8("tag" + p.nextInt(100))))),
                list(random, r -> maybe(r, q -> list(q, Random::nextLong))),
                maybe(random, ReadingTest::map),
                maybe(
                        random,
                        r -> list(
                                r,
                                q -> maybe(
                                        q,
                                        p -> Arrays.asList(
                                                maybe(p, Random::nextInt),
                                                maybe(p, o -> list(o, n -> maybe(n, Random::nextDouble))))))),
                maybe(random, r -> list(r, Random::nextInt)),
                maybe(random, r -> list(r, q -> single(maybe(q, Random::nextInt)))),
                list(random, Random::nextLong));
    }

    private static List<@Nullable Object> single(@Nullable Object value) {
        return Collections.singletonList(value);
    }

    private static Map<Object, @Nullable Object> map(Random random) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            map.put(Slice.utf8("key" + i), maybe(random, Random::nextInt));
        }
        return map;
    }

    private static <T> @Nullable T maybe(Random random, Function<Random, ? extends T> value) {
        return random.nextInt(4) == 0 ? null : value.apply(random);
    }

    private static <T> List<T> list(Random random, Function<Random, T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(10) == 0 ? 60 : random.nextInt(4); i > 0; i--) {
            list.add(element.apply(random));
        }
        return list;
    }

    @Test
    void aFileWithoutRowsGivesNoChunk() {
        assertReadsBack(ATOMIC, List.of(), Form.PLAIN_V1);
    }

    @Test
    void fieldsOfStructsAreReadAloneAndInAnyOrder() {
        Random random = new Random(5);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(nestedRow(random, i));
        }
        Path file = directory.resolve("pruned.parquet");
        ExampleFiles.write(file, NESTED, rows, b -> b);
        StructType wanted = StructType.fromDDL(
                "points array<struct<a: int>>, point struct<deep: struct<new: int>, y: double, none: string>, gone array<int>");

        List<List<@Nullable Object>> found = Rows.read(file, ParquetScan.all(wanted));

        for (int i = 0; i < rows.size(); i++) {
            assertEquals(pruned(rows.get(i)), found.get(i), "row " + i);
        }
    }

    private static List<@Nullable Object> pruned(List<@Nullable Object> row) {
        List<?> points = (List<?>) row.get(5);
        List<@Nullable Object> prunedPoints = null;
        if (points != null) {
            prunedPoints = new ArrayList<>();
            for (Object point : points) {
                prunedPoints.add(point == null ? null : Arrays.asList(((List<?>) point).getFirst()));
            }
        }
        List<?> point = (List<?>) row.get(1);
        List<@Nullable Object> prunedPoint = null;
        if (point != null) {
            Object deep = point.get(2) == null ? null : Arrays.asList((Object) null);
            prunedPoint = Arrays.asList(deep, point.get(1), null);
        }
        return Arrays.asList(prunedPoints, prunedPoint, null);
    }
}
