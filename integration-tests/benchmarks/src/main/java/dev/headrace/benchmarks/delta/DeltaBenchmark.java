package dev.headrace.benchmarks.delta;

import dev.headrace.benchmarks.WorkDirectory;
import dev.headrace.benchmarks.delta.Measurements.Task;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Delta tables: append, merge, a log of ten thousand commits, history of rows and changes that land, with the same
/// data on Headrace and on Spark with Delta, each in a JVM of its own, one after the other. In the end the tables of
/// both must have the same rows.
public final class DeltaBenchmark {
    private static final int RUNS = 3;
    private static final int HISTORY_RUNS = 5;
    private static final int SNAPSHOTS = 7;
    private static final List<String> WAYS = List.of("copy on write", "deletion vectors");

    private final Measurements measured = new Measurements();
    private final Set<String> tables = new TreeSet<>();
    private final Path directory;
    private final DeltaData data;

    private DeltaBenchmark(Path directory) throws Exception {
        this.directory = directory;
        data = new DeltaData(directory, HISTORY_RUNS);
    }

    /// @param peers whether to measure Spark, too
    /// @throws IllegalStateException if the engines' tables differ
    public static void run(boolean peers) throws Exception {
        DeltaBenchmark benchmark = new DeltaBenchmark(WorkDirectory.create());
        try (HeadraceTables headrace = new HeadraceTables()) {
            benchmark.measure(headrace);
            if (peers) {
                try (SparkTables spark = new SparkTables()) {
                    benchmark.measure(spark);
                    benchmark.compare(headrace, spark);
                }
            }
        }
        System.out.println(benchmark.measured.table());
    }

    private void measure(DeltaEngine engine) throws Exception {
        String log = "describe detail delta.`" + data.log() + "`";
        System.out.println(
                "delta: " + engine.name() + ", 10,000 commits, the first time: " + engine.millis(log) + " ms");
        for (int run = 0; run < SNAPSHOTS; run++) {
            measured.measure(engine, new Task("details of 10,000 commits, warm", 0), () -> engine.millis(log));
        }
        append(engine, table(engine, "append", false));
        for (String way : WAYS) {
            Path table = table(engine, "merge", way.equals(WAYS.getLast()));
            append(engine, table);
            merge(engine, table, way);
        }
        for (String way : WAYS) {
            history(engine, way);
            land(engine, way);
        }
    }

    private void append(DeltaEngine engine, Path table) throws Exception {
        engine.millis(create(table, DeltaData.rows(0, "range(1)") + " where id < 0"));
        measured.measure(
                engine,
                new Task("append of 10,000,000 rows, made by the query", DeltaData.ROWS, 1.5),
                () -> engine.millis("insert into delta.`" + table + "` "
                        + DeltaData.rows(0, "range(0, " + DeltaData.ROWS + ", 1, 8)")));
    }

    private void merge(DeltaEngine engine, Path table, String way) throws Exception {
        tables.add(table.getFileName().toString());
        for (int run = 1; run <= RUNS; run++) {
            String changes = DeltaData.rows(run, "range(0, " + DeltaData.CHANGES + ", 1, 2)")
                    .replace("select id", "select id * 100 as id");
            measured.measure(
                    engine,
                    new Task("merge of 100,000 rows into 10 million, " + way, 0),
                    () -> engine.millis("merge into delta.`" + table + "` t using (" + changes
                            + ") s on t.id = s.id when matched then update set * when not matched then insert *"));
        }
    }

    private void history(DeltaEngine engine, String way) throws Exception {
        Path table = table(engine, "history", way.equals(WAYS.getLast()));
        tables.add(table.getFileName().toString());
        engine.millis(create(
                table,
                "select id, name, amount, status, version as valid_from, cast(null as bigint) as valid_to,"
                        + " true as is_current from parquet.`" + data.history(0) + "`"));
        for (int run = 1; run <= data.runs(); run++) {
            Path changes = data.history(run);
            measured.measure(
                    engine,
                    new Task("history (type 2) of 100,000 changes in 1 million rows, " + way, DeltaData.CHANGES),
                    () -> engine.keepHistory(table, changes));
        }
    }

    private void land(DeltaEngine engine, String way) throws Exception {
        Path table = table(engine, "landing", way.equals(WAYS.getLast()));
        tables.add(table.getFileName().toString());
        engine.millis(create(
                table, "select id, seq, customer, amount, status from parquet.`" + data.landing() + "` where id < 0"));
        long before = engine.processorMillis();
        List<Long> batches = engine.land(table, data.landing());
        if (batches.size() != DeltaData.BATCHES) {
            throw new IllegalStateException(engine.name() + " ran the batches " + batches);
        }
        double processor = engine.processorMillis() - before;
        for (long millis : batches) {
            measured.add(
                    engine,
                    new Task("landing of a batch of 100,000 changes, " + way, DeltaData.CHANGES),
                    (double) millis,
                    processor / batches.size());
        }
    }

    private Path table(DeltaEngine engine, String name, boolean vectors) {
        return directory.resolve(engine.name()).resolve(name + (vectors ? "-vectors" : ""));
    }

    private static String create(Path table, String query) {
        return "create table delta.`" + table + "` using delta tblproperties ('delta.enableDeletionVectors' = '"
                + table.toString().endsWith("-vectors") + "') as " + query;
    }

    private void compare(HeadraceTables headrace, DeltaEngine other) {
        for (String name : tables) {
            String columns = name.startsWith("merge")
                    ? "id, customer, price, item, day, code"
                    : name.startsWith("history")
                            ? "id, name, amount, status, valid_from, coalesce(valid_to, -1), is_current"
                            : "id, seq, customer, amount, status";
            String sums = "select count(*), sum(pmod(xxhash64(" + columns + "), 1000000007)) from delta.`";
            String ours = headrace.rows(
                            sums + directory.resolve(headrace.name()).resolve(name) + "`")
                    .toString();
            String others = headrace.rows(sums + directory.resolve(other.name()).resolve(name) + "`")
                    .toString();
            if (!ours.equals(others)) {
                throw new IllegalStateException(
                        "the tables '" + name + "' differ: " + ours + " and " + other.name() + "'s " + others);
            }
            System.out.println("delta: both engines' tables '" + name + "' have the same rows: " + ours);
        }
    }
}
