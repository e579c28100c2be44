package dev.headrace.csv;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.SessionSettings;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;

/// Prints how fast files are read on one thread, in the processor's time. Not a test: run it as a program, as
/// `docs/decisions/0061-csv-parser.md` says.
final class CsvThroughput {
    private static final int ROWS = 500_000;
    private static final int ROUNDS = 12;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final String[] WORDS = {"furiously", "ironic", "deposits", "sleep", "quickly", "above", "the", "bold"
    };
    private static final String LINEITEM =
            "orderkey bigint, partkey bigint, suppkey bigint, linenumber int, quantity decimal(15,2), "
                    + "price decimal(15,2), discount decimal(15,2), tax decimal(15,2), returnflag string, "
                    + "linestatus string, shipdate date, commitdate date, receiptdate date, shipinstruct string, "
                    + "shipmode string, comment string";

    private CsvThroughput() {}

    public static void main(String[] args) throws IOException {
        String only = args.length > 0 ? args[0] : "";
        Path directory = Files.createTempDirectory("csv-throughput");
        Path plain = directory.resolve("lineitem.csv");
        Path quoted = directory.resolve("quoted.csv");
        Path numbers = directory.resolve("numbers.csv");
        try {
            write(plain, random -> lineitem(random, ""));
            write(quoted, random -> lineitem(random, "\""));
            write(numbers, CsvThroughput::numbers);
            run(only, "lineitem, all 16 columns", plain, LINEITEM);
            run(only, "lineitem, 4 columns", plain, LINEITEM, "quantity", "price", "discount", "shipdate");
            run(only, "lineitem, no column", plain, LINEITEM, new String[0]);
            run(only, "lineitem, all quoted", quoted, LINEITEM);
            run(
                    only,
                    "numbers, all 8",
                    numbers,
                    "a double, b double, c double, d double, e bigint, f bigint, g int, h int");
        } finally {
            for (Path file : List.of(plain, quoted, numbers, directory)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void run(String only, String name, Path file, String ddl) {
        run(only, name, file, ddl, StructType.fromDDL(ddl).names().toArray(String[]::new));
    }

    private static void run(String only, String name, Path file, String ddl, String... columns) {
        if (!name.contains(only)) {
            return;
        }
        StructType schema = StructType.fromDDL(ddl);
        ConnectorOptions options = new ConnectorOptions(
                "csv",
                Map.of("mode", "FAILFAST"),
                Optional.of(schema),
                List.of(file.toString()),
                List.of(),
                new SessionSettings(ZoneOffset.UTC, 1));
        BatchTable table = (BatchTable) new CsvConnector().openTable(options);
        List<ScanColumn> asked = new ArrayList<>();
        for (String column : columns) {
            int ordinal = schema.fieldIndex(column);
            asked.add(new ScanColumn.Stored(ordinal, schema.field(ordinal)));
        }
        List<Split> splits = table.scan(new ScanRequest(asked, List.of(), OptionalLong.empty()))
                .splits();
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = CPU.getCurrentThreadCpuTime();
            long rows = readAll(splits);
            if (rows != ROWS) {
                throw new IllegalStateException(rows + " rows");
            }
            best = Math.min(best, (CPU.getCurrentThreadCpuTime() - start) / 1e9);
        }
        double bytes = file.toFile().length();
        System.out.printf(
                "%-26s %4.0f bytes/row  %5.0f MB/s  %5.2f million rows/s%n",
                name, bytes / ROWS, bytes / best / 1e6, ROWS / best / 1e6);
    }

    private static long readAll(List<Split> splits) {
        long rows = 0;
        try (RootAllocator allocator = new RootAllocator()) {
            for (Split split : splits) {
                try (ChunkReader reader = split.open(allocator)) {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                        rows += chunk.rowCount();
                        chunk.close();
                    }
                }
            }
        }
        return rows;
    }

    private interface Record {
        String of(Random random);
    }

    private static void write(Path file, Record record) throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            text.append(record.of(random)).append('\n');
        }
        Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String lineitem(Random random, String quote) {
        LocalDate day = LocalDate.of(1992, 1, 1).plusDays(random.nextInt(2500));
        StringBuilder comment = new StringBuilder();
        for (int words = 2 + random.nextInt(5); words > 0; words--) {
            comment.append(WORDS[random.nextInt(WORDS.length)]).append(words > 1 ? " " : "");
        }
        List<Object> values = Arrays.asList(
                random.nextInt(6_000_000),
                random.nextInt(200_000),
                random.nextInt(10_000),
                1 + random.nextInt(7),
                1 + random.nextInt(50),
                900 + random.nextInt(100_000) + "." + (10 + random.nextInt(90)),
                "0.0" + random.nextInt(10),
                "0.0" + random.nextInt(9),
                random.nextBoolean() ? "N" : "R",
                random.nextBoolean() ? "O" : "F",
                day,
                day.plusDays(random.nextInt(60)),
                day.plusDays(random.nextInt(30)),
                random.nextBoolean() ? "DELIVER IN PERSON" : "NONE",
                random.nextBoolean() ? "TRUCK" : "MAIL",
                comment);
        StringBuilder line = new StringBuilder();
        for (Object value : values) {
            line.append(line.isEmpty() ? "" : ",").append(quote).append(value).append(quote);
        }
        return line.toString();
    }

    private static String numbers(Random random) {
        return random.nextDouble() + "," + random.nextInt(100_000) / 100.0 + "," + random.nextGaussian() * 1e9 + ","
                + random.nextInt(1000) + "," + random.nextLong() + "," + random.nextInt() + "," + random.nextInt(100)
                + "," + random.nextInt(100_000);
    }
}
