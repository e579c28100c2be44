package dev.headrace.parquet;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Measures writing and reading in processor time of one thread: a main program, not a test.
///
/// Arguments: a directory to work in, millions of rows, and what to do: `write`, `read`, `columns`, or all of them. The
/// table is like TPC-H's lineitem. Figures: docs/decisions/0040.
final class ParquetThroughput {
    private static final StructType SCHEMA = StructType.fromDDL(
            "orderkey bigint not null, partkey bigint, suppkey int, linenumber int, quantity decimal(15,2), "
                    + "price decimal(15,2), discount double, tax double, returnflag string, linestatus string, "
                    + "shipdate date, at timestamp, big decimal(38,4), instruct string, comment string, sometimes int, "
                    + "flag boolean");
    private static final String[] INSTRUCTIONS = {"DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"};
    private static final String[] WORDS = {"furiously", "ironic", "deposits", "sleep", "quickly", "above", "the", "bold"
    };

    private final Path directory;
    private final int rounds;
    private final BufferAllocator allocator;

    private ParquetThroughput(Path directory, int rounds, BufferAllocator allocator) {
        this.directory = directory;
        this.rounds = rounds;
        this.allocator = allocator;
    }

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        int rows = (int) (Double.parseDouble(args[1]) * 1_000_000);
        List<String> what =
                args.length > 2 ? Arrays.asList(args).subList(2, args.length) : List.of("write", "read", "columns");
        try (BufferAllocator allocator = new RootAllocator()) {
            ParquetThroughput throughput = new ParquetThroughput(directory, Integer.getInteger("rounds", 5), allocator);
            List<ParquetCodec> codecs =
                    List.of(ParquetCodec.UNCOMPRESSED, ParquetCodec.SNAPPY, ParquetCodec.ZSTD, ParquetCodec.LZ4_RAW);
            for (ParquetCodec codec : codecs) {
                if (what.contains("write")) {
                    throughput.write(codec, rows);
                }
                if (what.contains("read")) {
                    throughput.read(codec, ParquetScan.all(SCHEMA), "all columns");
                }
            }
            if (what.contains("columns")) {
                for (StructField field : SCHEMA) {
                    StructType one = new StructType(List.of(field));
                    throughput.read(
                            ParquetCodec.UNCOMPRESSED,
                            ParquetScan.all(one),
                            field.name() + " " + field.dataType().simpleString());
                }
            }
        }
    }

    /// The processor time of this thread: other work on the machine disturbs it less than the clock.
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private Path file(ParquetCodec codec) {
        return directory.resolve("throughput-" + codec + ".parquet");
    }

    private void write(ParquetCodec codec, int rows) throws IOException {
        List<Chunk> chunks = chunks(1 << 17);
        double best = Double.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long start = cpuNanos();
            try (ParquetChunkWriter writer = ParquetChunkWriter.open(
                    file(codec), SCHEMA, ParquetWriteOptions.DEFAULT.withCodec(codec), allocator)) {
                long written = 0;
                while (written < rows) {
                    for (Chunk chunk : chunks) {
                        writer.write(chunk);
                        written += chunk.rowCount();
                    }
                }
                writer.finish();
            }
            best = Math.min(best, (cpuNanos() - start) / 1e9);
        }
        chunks.forEach(Chunk::close);
        System.out.printf(
                "write %-13s %6.2f Mrow/s  %6d MB%n", codec, rows / best / 1e6, Files.size(file(codec)) >> 20);
    }

    private List<Chunk> chunks(int rows) {
        Random random = new Random(1);
        List<Chunk> chunks = new ArrayList<>();
        try (ChunkBuilder builder = new ChunkBuilder(SCHEMA, allocator)) {
            for (int i = 0; i < rows; i++) {
                builder.add(row(random, i));
                if (builder.rowCount() == Chunk.TARGET_ROWS) {
                    chunks.add(builder.build());
                }
            }
        }
        return chunks;
    }

    private static List<Object> row(Random random, int i) {
        StringBuilder comment = new StringBuilder();
        for (int word = 2 + random.nextInt(4); word > 0; word--) {
            comment.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
        }
        comment.append(random.nextInt(100_000));
        return Arrays.asList(
                (long) i / 4,
                (long) random.nextInt(200_000),
                random.nextInt(10_000),
                i % 4,
                BigDecimal.valueOf(100L * (1 + random.nextInt(50)), 2),
                BigDecimal.valueOf(random.nextInt(10_000_000), 2),
                random.nextInt(11) / 100.0,
                random.nextDouble(),
                Slice.utf8(List.of("A", "N", "R").get(random.nextInt(3))),
                Slice.utf8(random.nextBoolean() ? "O" : "F"),
                8_000 + random.nextInt(2_500),
                1_700_000_000_000_000L + i * 1_000_003L,
                BigDecimal.valueOf(random.nextLong(), 4),
                Slice.utf8(INSTRUCTIONS[random.nextInt(4)]),
                Slice.utf8(comment.toString()),
                random.nextInt(5) == 0 ? null : random.nextInt(),
                random.nextBoolean());
    }

    private void read(ParquetCodec codec, ParquetScan scan, String what) {
        ParquetFooters footers = new ParquetFooters();
        double best = Double.MAX_VALUE;
        long rows = 0;
        long bytes = 0;
        for (int round = 0; round < 2 * rounds; round++) {
            long start = cpuNanos();
            rows = 0;
            bytes = 0;
            try (ParquetChunks chunks = ParquetChunks.open(file(codec), scan, footers, allocator)) {
                for (Chunk chunk = chunks.next(); chunk != null; chunk = chunks.next()) {
                    rows += chunk.rowCount();
                    bytes += chunk.sizeInBytes();
                    chunk.close();
                }
            }
            best = Math.min(best, (cpuNanos() - start) / 1e9);
        }
        System.out.printf(
                "read  %-13s %-24s %7.2f Mrow/s %6.2f ns/row %6.2f GB/s in memory%n",
                codec, what, rows / best / 1e6, best / rows * 1e9, bytes / best / 1e9);
    }
}
