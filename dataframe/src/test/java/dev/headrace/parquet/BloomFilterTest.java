package dev.headrace.parquet;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructType;
import io.airlift.compress.lz4.Lz4Compressor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bloom filters of Parquet files, written by the library and read here, and the other way round.
class BloomFilterTest {
    private static final StructType SCHEMA = StructType.fromDDL("id bigint, name string, n int, d double");
    private static final int ROWS = 4_000;

    private final Session session = Session.builder().master("local[2]").create();

    @TempDir
    private Path directory;

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    /// Even numbers in no order, so that neither bounds nor dictionaries tell what is not there.
    private static List<List<@Nullable Object>> rows() {
        return IntStream.range(0, ROWS)
                .<List<@Nullable Object>>mapToObj(i -> {
                    int value = (int) (i * 7919L % ROWS) * 2;
                    return Arrays.asList((long) value, Slice.utf8("n" + value), value, value / 4.0);
                })
                .toList();
    }

    private static BoundExpr equal(String name, Object value) {
        int ordinal = SCHEMA.fieldIndex(name);
        BoundExpr column =
                new BoundExpr.Column(ordinal, name, SCHEMA.field(ordinal).dataType(), true);
        return new BoundExpr.Compare(CompareOp.EQUAL, column, new BoundExpr.Literal(new Scalar(value, column.type())));
    }

    private static long skipped(Path file, BoundExpr filter) {
        try (BufferAllocator allocator = new RootAllocator();
                ParquetChunks chunks = ParquetChunks.open(
                        file, ParquetScan.all(SCHEMA).withFilters(List.of(filter)), new ParquetFooters(), allocator)) {
            Rows.all(chunks);
            return chunks.metrics().get("rowGroupsSkipped");
        }
    }

    private Path ofTheLibrary() {
        Path file = directory.resolve("library.parquet");
        ExampleFiles.write(
                file,
                MessageTypeParser.parseMessageType("message m { optional int64 id; optional binary name (STRING);"
                        + " optional int32 n; optional double d; }"),
                rows(),
                builder -> builder.withDictionaryEncoding(false).withBloomFilterEnabled(true));
        return file;
    }

    private Path ours() {
        Path file = directory.resolve("ours.parquet");
        ParquetWriteOptions options = ParquetWriteOptions.DEFAULT
                .withRowGroups(1L << 30, ROWS / 2)
                .withBloomFilters(
                        new BloomFilterOptions(Map.of("id", 0.01, "name", 0.01, "n", 0.01, "d", 0.01), 1 << 20));
        WritingTest.write(file, SCHEMA, rows(), options, 3);
        return file;
    }

    @Test
    void rowGroupsWithoutTheValueAreNotRead() {
        for (Path file : List.of(ofTheLibrary(), ours())) {
            long groups = new ParquetFooters().of(file).rowGroupCount();
            assertEquals(groups, skipped(file, equal("id", 1_001L)), file.toString());
            assertEquals(groups, skipped(file, equal("name", Slice.utf8("n1001"))), file.toString());
            assertEquals(groups, skipped(file, equal("n", 1_001)), file.toString());
            assertEquals(groups, skipped(file, equal("d", 250.25)), file.toString());
            for (int value = 0; value < 2 * ROWS; value += 998) {
                assertEquals(groups - 1, skipped(file, equal("id", (long) value)), file + " " + value);
                assertEquals(groups - 1, skipped(file, equal("name", Slice.utf8("n" + value))), file + " " + value);
                assertEquals(groups - 1, skipped(file, equal("d", value / 4.0)), file + " " + value);
            }
        }
    }

    @Test
    void theLibraryFindsEachValueInOurFilters() throws IOException {
        List<List<@Nullable Object>> written = rows();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(ours()))) {
            int at = 0;
            for (BlockMetaData group : reader.getRowGroups()) {
                Map<String, BloomFilter> filters = new TreeMap<>();
                for (ColumnChunkMetaData column : group.getColumns()) {
                    filters.put(column.getPath().toDotString(), reader.readBloomFilter(column));
                }
                for (int i = 0; i < group.getRowCount(); i++) {
                    List<@Nullable Object> row = written.get(at++);
                    assertTrue(has(filters.get("id"), filters.get("id").hash(row.get(0))));
                    assertTrue(has(filters.get("n"), filters.get("n").hash(row.get(2))));
                    assertTrue(has(filters.get("d"), filters.get("d").hash(row.get(3))));
                    BloomFilter names = filters.get("name");
                    assertTrue(
                            has(names, names.hash(Binary.fromString(row.get(1).toString()))));
                }
                assertEquals(4096, filters.get("id").getBitsetSize(), "as large as 2,000 values ask for");
            }
            assertEquals(ROWS, at);
        }
    }

    private static boolean has(BloomFilter filter, long hash) {
        return filter.findHash(hash);
    }

    @Test
    void optionsSayWhichColumns() throws IOException {
        DataFrame rows = session.range(100)
                .selectExpr(
                        "id",
                        "id % 2 = 0 AS even",
                        "array('a', NULL) AS tags",
                        "named_struct('x', id) AS s",
                        "CAST(NULL AS INT) AS none");
        String path = directory.resolve("t").toString();
        rows.coalesce(1)
                .write()
                .option("parquet.bloom.filter.enabled", true)
                .option("parquet.bloom.filter.enabled#ID", false)
                .option("parquet.bloom.filter.fpp#s.x", "0.001")
                .option("parquet.bloom.filter.expected.ndv#s.x", 100)
                .parquet(path);
        Path file;
        try (Stream<Path> files = Files.list(Path.of(path))) {
            file = files.filter(each -> each.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            List<String> with = reader.getRowGroups().getFirst().getColumns().stream()
                    .filter(column -> column.getBloomFilterOffset() >= 0)
                    .map(column -> column.getPath().toDotString())
                    .toList();
            assertEquals(List.of("tags.list.element", "s.x"), with);
        }
        assertEquals(
                List.of("[7]"),
                session.read().parquet(path).where("s.x = 7").select("id").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
        assertEquals(
                0, session.read().parquet(path).where("s.x = 1000 OR none = 1").count());
    }

    @Test
    void aFilterHasWholeBlocksWhateverItMayHaveAtMost() throws IOException {
        String path = directory.resolve("t").toString();
        session.range(10_000)
                .selectExpr("id * 7919 % 10000 * 2 AS id")
                .coalesce(1)
                .write()
                .option("parquet.bloom.filter.enabled", true)
                .option("parquet.bloom.filter.max.bytes", 1_000)
                .option("parquet.enable.dictionary", false)
                .parquet(path);
        try (Stream<Path> files = Files.list(Path.of(path));
                ParquetFileReader reader = ParquetFileReader.open(
                        new LocalInputFile(files.filter(each -> each.toString().endsWith(".parquet"))
                                .findFirst()
                                .orElseThrow()))) {
            BloomFilter filter = reader.readBloomFilter(
                    reader.getRowGroups().getFirst().getColumns().getFirst());
            assertEquals(512, filter.getBitsetSize());
        }
        assertEquals(1, session.read().parquet(path).where("id = 14").count());
        assertEquals(0, session.read().parquet(path).where("id = 15").count());
    }

    /// Hadoop's library writes filters as large as it is told to.
    @Test
    void filtersOfOtherSizesAreLeftAlone() {
        Path file = directory.resolve("odd.parquet");
        ExampleFiles.write(
                file,
                MessageTypeParser.parseMessageType("message m { optional int64 id; }"),
                rows().stream().map(row -> row.subList(0, 1)).toList(),
                builder -> builder.withDictionaryEncoding(false)
                        .withBloomFilterNDV("id", ROWS)
                        .withMaxBloomFilterBytes(1_000)
                        .withBloomFilterEnabled(true));
        assertEquals(1, session.read().parquet(file.toString()).where("id = 14").count());
        assertEquals(0, session.read().parquet(file.toString()).where("id = 15").count());
    }

    @Test
    void wrongOptionsAreRefused() {
        String path = directory.resolve("t").toString();
        assertFails(
                "[INVALID_OPTION] format(\"parquet\") option 'parquet.bloom.filter.enabled#nope' is 'true': expected one of"
                        + " the columns behind '#': id.",
                () -> session.range(1)
                        .write()
                        .option("parquet.bloom.filter.enabled#nope", true)
                        .parquet(path));
        assertFails(
                "[INVALID_OPTION] format(\"parquet\") option 'parquet.bloom.filter.fpp' is '2': expected a number between 0"
                        + " and 1.",
                () -> session.range(1)
                        .write()
                        .option("parquet.bloom.filter.enabled", true)
                        .option("parquet.bloom.filter.fpp", "2")
                        .parquet(path));
        assertFails(
                "[INVALID_OPTION] format(\"parquet\") option 'parquet.bloom.filter.max.bytes' is '1': expected a number of"
                        + " bytes from 32 to 134217728.",
                () -> session.range(1)
                        .write()
                        .option("parquet.bloom.filter.max.bytes", 1)
                        .parquet(path));
    }

    @Test
    void aDamagedFilterIsAnError() throws IOException {
        Path file = ours();
        long offset = new ParquetFooters()
                .of(file)
                .rowGroups()
                .getFirst()
                .getColumns()
                .getFirst()
                .getBloomFilterOffset();
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, (int) offset, (int) offset + 12, (byte) 0xff);
        Files.write(file, bytes);
        String message = org.junit.jupiter.api.Assertions.assertThrows(
                        dev.headrace.errors.DataException.class, () -> skipped(file, equal("id", 1_001L)))
                .getMessage();
        assertTrue(message.startsWith("[DAMAGED_PARQUET_FILE] '" + file + "', column 'id', row group 0"), message);
    }

    @Test
    void hadoopsFramesOfLz4AreTakenApart() {
        byte[] plain = "to be or not to be, ".repeat(200).getBytes(StandardCharsets.UTF_8);
        byte[] first = lz4(plain, 0, 1_000);
        byte[] second = lz4(plain, 1_000, 3_000);
        ByteBuffer framed = ByteBuffer.allocate(first.length + second.length + 16);
        framed.putInt(1_000)
                .putInt(first.length)
                .put(first)
                .putInt(3_000)
                .putInt(second.length)
                .put(second);
        assertDecompresses(plain, framed.array());
        ByteBuffer together = ByteBuffer.allocate(first.length + second.length + 12);
        together.putInt(4_000)
                .putInt(first.length)
                .put(first)
                .putInt(second.length)
                .put(second);
        assertDecompresses(plain, together.array());
        assertDecompresses(plain, lz4(plain, 0, plain.length));
        byte[] torn = Arrays.copyOf(framed.array(), first.length + 10);
        assertEquals(
                "a page can't be decompressed with LZ4: it is cut short",
                org.junit.jupiter.api.Assertions.assertThrows(
                                dev.headrace.parquet.encoding.MalformedPageException.class,
                                () -> assertDecompresses(plain, torn))
                        .getMessage());
    }

    private static byte[] lz4(byte[] plain, int from, int length) {
        Lz4Compressor compressor = new Lz4Compressor();
        byte[] out = new byte[compressor.maxCompressedLength(length)];
        return Arrays.copyOf(out, compressor.compress(plain, from, length, out, 0, out.length));
    }

    private static void assertDecompresses(byte[] plain, byte[] compressed) {
        try (BufferAllocator allocator = new RootAllocator();
                PageDecompressor decompressor = new PageDecompressor();
                ArrowBuf from = allocator.buffer(compressed.length);
                ArrowBuf to = allocator.buffer(plain.length)) {
            from.setBytes(0, compressed);
            decompressor.decompress(CompressionCodecName.LZ4, from, 0, compressed.length, to, 0, plain.length);
            byte[] out = new byte[plain.length];
            to.getBytes(0, out);
            assertEquals(new String(plain, StandardCharsets.UTF_8), new String(out, StandardCharsets.UTF_8));
        }
    }
}
