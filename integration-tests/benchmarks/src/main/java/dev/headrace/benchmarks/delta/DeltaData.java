package dev.headrace.benchmarks.delta;

import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The rows and changes that all engines get: the statements that make them, and the files that hold them.
final class DeltaData {
    static final int ROWS = 10_000_000;
    static final int CHANGES = 100_000;
    static final int HISTORY_ROWS = 1_000_000;
    static final int BATCHES = 10;
    static final int COMMITS = 10_000;

    private static final long FIRST_MILLIS = 1_760_000_000_000L;
    private static final int RECENT = 200_000;

    private final Path directory;
    private final int runs;

    /// Makes the files.
    ///
    /// @param runs how many times changes are applied to the table with history
    DeltaData(Path directory, int runs) throws IOException {
        this.directory = directory;
        this.runs = runs;
        writeLog();
        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            for (int run = 0; run <= runs; run++) {
                write(session, historyRows(run), history(run), run);
            }
            for (int batch = 0; batch < BATCHES; batch++) {
                Path file = landing().resolve(String.format(Locale.ROOT, "batch-%03d.parquet", batch));
                write(session, landingRows(batch), file, batch);
            }
        }
    }

    /// A table whose log has [#COMMITS] commits, each with a file, and a checkpoint ten commits ago.
    Path log() {
        return directory.resolve("log");
    }

    /// The changes of a run as a file: the rows of run 0 are those that are there before.
    Path history(int run) {
        return directory.resolve("history").resolve(String.format(Locale.ROOT, "run-%d.parquet", run));
    }

    int runs() {
        return runs;
    }

    /// The directory of the changes that land.
    Path landing() {
        return directory.resolve("landing");
    }

    /// A query that makes rows of six columns.
    static String rows(int salt, String from) {
        return "select id, (id * 7919 + " + salt + ") % 1000003 as customer, id / 7 as price,"
                + " concat('item ', id % 5000) as item, date_add(date'2026-01-01', cast(id % 365 as int)) as day,"
                + " id * 31 % 65521 as code from " + from;
    }

    /// Each change is of another key, and the keys are spread over the table; every other run has the same ones. A
    /// tenth are deletions.
    private static String historyRows(int run) {
        int step = run == 0 ? 1 : HISTORY_ROWS / CHANGES;
        return "select id * " + step + " + " + run % 2 + " as id, bigint(" + run + ") as version,"
                + " if(" + run + " > 0 and id % 10 = 3, 'd', 'u') as op, concat('customer-', id) as name,"
                + " id * 0.25d as amount, concat('status-', (id + " + run + ") % 7) as status"
                + " from range(0, " + HISTORY_ROWS / step + ", 1, 1)";
    }

    /// Six of ten changes insert a row, the others update one of the last 200,000, a twentieth delete one of them.
    private static String landingRows(int batch) {
        String before = "(id div 10 * 6)";
        return "select case when id % 10 < 6 then " + before + " + id % 10 when id < 10 then id % 6 else " + before
                + " - 1 - id * 7919 % least(" + before + ", bigint(" + RECENT + ")) end as id, id as seq,"
                + " case when id % 10 < 6 then 'c' when id % 20 = 19 then 'd' else 'u' end as op,"
                + " concat('customer-', id % 10007) as customer, id % 997 + 0.25d as amount,"
                + " concat('status-', id % 7) as status"
                + " from range(" + (long) batch * CHANGES + ", " + (batch + 1L) * CHANGES + ", 1, 1)";
    }

    /// Writes rows to one file, whose time says which comes first.
    private static void write(Session session, String rows, Path file, int number) throws IOException {
        Path parts = file.resolveSibling(file.getFileName() + ".parts");
        session.sql(rows).write().parquet(parts.toString());
        try (Stream<Path> written = Files.list(parts)) {
            List<Path> files =
                    written.filter(part -> part.toString().endsWith(".parquet")).toList();
            if (files.size() != 1) {
                throw new IllegalStateException(parts + " should be one file: " + files);
            }
            Files.move(files.getFirst(), file);
        }
        Files.setLastModifiedTime(file, FileTime.fromMillis(FIRST_MILLIS + number * 1000L));
        try (Stream<Path> left = Files.list(parts)) {
            for (Path part : left.toList()) {
                Files.delete(part);
            }
        }
        Files.delete(parts);
    }

    private void writeLog() throws IOException {
        Path log = Files.createDirectories(log().resolve("_delta_log"));
        for (int version = 0; version < COMMITS; version++) {
            List<String> lines = new ArrayList<>();
            lines.add("{\"commitInfo\":{\"timestamp\":" + FIRST_MILLIS
                    + ",\"operation\":\"WRITE\",\"operationParameters\":{}}}");
            if (version == 0) {
                lines.add("{\"protocol\":{\"minReaderVersion\":1,\"minWriterVersion\":2}}");
                lines.add("{\"metaData\":{\"id\":\"b5\",\"format\":{\"provider\":\"parquet\",\"options\":{}},"
                        + "\"schemaString\":\"{\\\"type\\\":\\\"struct\\\",\\\"fields\\\":[{\\\"name\\\":\\\"id\\\","
                        + "\\\"type\\\":\\\"long\\\",\\\"nullable\\\":true,\\\"metadata\\\":{}}]}\","
                        + "\"partitionColumns\":[],\"configuration\":{},\"createdTime\":" + FIRST_MILLIS + "}}");
            }
            lines.add("{\"add\":{\"path\":\"part-" + version + ".parquet\",\"partitionValues\":{},\"size\":1000,"
                    + "\"modificationTime\":" + FIRST_MILLIS
                    + ",\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":10,"
                    + "\\\"minValues\\\":{\\\"id\\\":" + version + "},\\\"maxValues\\\":{\\\"id\\\":" + (version + 9)
                    + "},\\\"nullCount\\\":{\\\"id\\\":0}}\"}}");
            Files.write(log.resolve(String.format(Locale.ROOT, "%020d.json", version)), lines, StandardCharsets.UTF_8);
        }
        new KernelTableLog(log()).checkpoint(COMMITS - 10);
    }
}
