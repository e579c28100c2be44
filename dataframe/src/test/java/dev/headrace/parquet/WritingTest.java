package dev.headrace.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Chunk;
import dev.headrace.parquet.metadata.FooterOracle;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Files written here, read by Parquet's own reader and here.
class WritingTest {
    @TempDir
    Path directory;

    /// Twenty tables, or as many as the property `headrace.seeds` says.
    static LongStream seeds() {
        return LongStream.rangeClosed(1, Integer.getInteger("headrace.seeds", 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomTablesComeBack(long seed) {
        RandomTable table = RandomTable.of(seed);
        Random random = new Random(seed);
        List<List<@Nullable Object>> rows =
                table.rows(random.nextInt(5) == 0 ? random.nextInt(2) : random.nextInt(6_000));
        ParquetWriteOptions options = ParquetWriteOptions.DEFAULT
                .withCodec(ParquetCodec.values()[random.nextInt(ParquetCodec.values().length)])
                .withRowGroups(1 << (10 + random.nextInt(15)), 1 + random.nextInt(20_000))
                .withPages(1 << (8 + random.nextInt(12)), 1 + random.nextInt(5_000))
                .withDictionaryBytes(random.nextInt(3) == 0 ? 0 : 1 << (4 + random.nextInt(16)));

        assertComesBack(table.schema(), rows, options, seed);
    }

    private ParquetFileStatistics assertComesBack(
            StructType schema, List<List<@Nullable Object>> rows, ParquetWriteOptions options, long seed) {
        Path file = directory.resolve("table-" + seed + ".parquet");
        ParquetFileStatistics statistics = write(file, schema, rows, options, seed);
        String how = "seed " + seed + ", " + schema.simpleString() + ", " + options;
        assertRows(rows, Rows.read(file, ParquetScan.all(schema)), how);
        assertRows(rows, ExampleFiles.read(file, schema), how);
        assertEquals(schema, new ParquetFooters().of(file).schema());
        assertEquals(rows.size(), statistics.rowCount());
        assertEquals(file.toFile().length(), statistics.sizeBytes());
        return statistics;
    }

    static ParquetFileStatistics write(
            Path file, StructType schema, List<List<@Nullable Object>> rows, ParquetWriteOptions options, long seed) {
        try (BufferAllocator allocator = new RootAllocator();
                ParquetChunkWriter writer = ParquetChunkWriter.open(file, schema, options, allocator)) {
            for (Chunk chunk : RandomTable.chunks(schema, rows, new Random(seed), allocator)) {
                try (Chunk closing = chunk) {
                    writer.write(closing);
                }
            }
            ParquetFileStatistics statistics = writer.finish();
            FooterOracle.check(file);
            return statistics;
        }
    }

    private static void assertRows(
            List<List<@Nullable Object>> expected, List<List<@Nullable Object>> found, String how) {
        assertEquals(expected.size(), found.size(), how);
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(found.get(i))) {
                assertEquals(expected.get(i), found.get(i), "row " + i + ", " + how);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCodecComesBack(ParquetCodec codec) {
        RandomTable table = new RandomTable(
                new Random(1), StructType.fromDDL("i int, s string, d double, l array<bigint>"), 0.1, 500);

        assertComesBack(table.schema(), table.rows(3_000), ParquetWriteOptions.DEFAULT.withCodec(codec), 1);
    }
}
