package dev.headrace.benchmarks;

import dev.headrace.Session;
import dev.headrace.sparkdelta.SparkProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// Delta tables of ten million rows: append, merge, and reading a log of ten thousand commits, the same SQL on Headrace
/// and on Spark with Delta, each in a JVM of its own.
final class DeltaTables {
    private static final int ROWS = 10_000_000;
    private static final int CHANGES = 100_000;
    private static final int COMMITS = 10_000;
    private static final int RUNS = 3;

    private DeltaTables() {}

    /// @param peers whether to measure Spark, too
    static void run(boolean peers) throws IOException {
        Path directory = WorkDirectory.create();
        try {
            log(directory.resolve("log"));
            try (Session session = Session.builder().master("local[2]").getOrCreate()) {
                measure("Headrace", directory, sql -> {
                    long start = System.nanoTime();
                    session.sql(sql).collectAsList();
                    return (System.nanoTime() - start) / 1_000_000;
                });
            }
            if (peers) {
                try (SparkProcess spark = SparkProcess.start("-Xmx8g", "spark.sql.shuffle.partitions=8")) {
                    measure("Spark", directory, sql -> {
                        spark.sql(sql);
                        return spark.millis();
                    });
                }
            }
        } finally {
            delete(directory);
        }
    }

    private static void measure(String engine, Path directory, ToLongFunction<String> millis) throws IOException {
        String log = "describe detail delta.`" + directory.resolve("log") + "`";
        print(engine, "log of 10,000 commits, fresh", millis.applyAsLong(log), 0);
        print(engine, "log of 10,000 commits, warm", repeated(millis, log), 0);
        Path plain = directory.resolve(engine + "-plain");
        Path vectors = directory.resolve(engine + "-vectors");
        long append = Long.MAX_VALUE;
        for (Path table : List.of(plain, vectors)) {
            long created = millis.applyAsLong("create table delta.`" + table + "` using delta tblproperties"
                    + " ('delta.enableDeletionVectors' = '" + table.equals(vectors) + "') as " + rows(0, "range(1)")
                    + " where id < 0");
            print(engine, "an empty table", created, 0);
            append = Math.min(
                    append,
                    millis.applyAsLong("insert into delta.`" + table + "` " + rows(0, "range(0, " + ROWS + ", 1, 8)")));
        }
        print(engine, "append of 10,000,000 rows", append, ROWS);
        for (Path table : List.of(plain, vectors)) {
            long best = Long.MAX_VALUE;
            for (int run = 1; run <= RUNS; run++) {
                long before = bytes(table);
                long took = millis.applyAsLong("merge into delta.`" + table + "` t using ("
                        + rows(run, "range(0, " + CHANGES + ", 1, 2)").replace("select id", "select id * 100 as id")
                        + ") s on t.id = s.id when matched then update set * when not matched then insert *");
                best = Math.min(best, took);
                System.out.printf(
                        Locale.ROOT,
                        "delta: %s, merge run %d: %,d ms, %,d bytes written%n",
                        engine,
                        run,
                        took,
                        bytes(table) - before);
            }
            print(engine, "merge of 100,000 rows, " + table.getFileName(), best, 0);
        }
    }

    private static String rows(int salt, String from) {
        return "select id, (id * 7919 + " + salt + ") % 1000003 as customer, id / 7 as price,"
                + " concat('item ', id % 5000) as item, date_add(date'2026-01-01', cast(id % 365 as int)) as day,"
                + " id * 31 % 65521 as code from " + from;
    }

    private static long repeated(ToLongFunction<String> millis, String sql) {
        long best = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            best = Math.min(best, millis.applyAsLong(sql));
        }
        return best;
    }

    private static void print(String engine, String what, long millis, long rows) {
        String rate = rows == 0 ? "" : String.format(Locale.ROOT, ", %,d rows/s", rows * 1000 / Math.max(1, millis));
        System.out.printf(Locale.ROOT, "delta: %s, %s: %,d ms%s%n", engine, what, millis, rate);
    }

    /// A log of many commits that each add a file, without checkpoints but for what its readers write.
    private static void log(Path table) throws IOException {
        Path log = Files.createDirectories(table.resolve("_delta_log"));
        for (int version = 0; version < COMMITS; version++) {
            List<String> lines = new ArrayList<>();
            lines.add(
                    "{\"commitInfo\":{\"timestamp\":1760000000000,\"operation\":\"WRITE\",\"operationParameters\":{}}}");
            if (version == 0) {
                lines.add("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}");
                lines.add("{\"metaData\":{\"id\":\"b5\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
                        + "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\","
                        + "\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\","
                        + "\"partitionColumns\":[],\"configuration\":{},\"createdTime\":1760000000000}}");
            }
            lines.add("{\"add\":{\"path\":\"part-" + version + ".parquet\",\"partitionValues\":{},\"size\":1000,"
                    + "\"modificationTime\":1760000000000,\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":10,"
                    + "\\\"minValues\\\":{\\\"id\\\":" + version + "},\\\"maxValues\\\":{\\\"id\\\":" + (version + 9)
                    + "},\\\"nullCount\\\":{\\\"id\\\":0}}\"}}");
            Files.write(log.resolve(String.format(Locale.ROOT, "%020d.json", version)), lines, StandardCharsets.UTF_8);
        }
        new dev.headrace.delta.kernel.KernelTableLog(table).checkpoint(COMMITS - 10);
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.map(Path::toFile)
                    .filter(java.io.File::isFile)
                    .mapToLong(java.io.File::length)
                    .sum();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
