package dev.headrace.benchmarks;

import static dev.headrace.functions.expr;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.api.java.UDF1;
import dev.headrace.delta.DeltaTable;
import dev.headrace.errors.QueryException;
import dev.headrace.functions;
import dev.headrace.types.DataTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// From the call that cancels a query to the return of the call that runs it, its memory given back: queries that stand
/// for the kinds of work, cancelled at different times after they began. `-Dcancel.queries=sort,full-outer-join`
/// measures only these.
final class Cancelling {
    private static final long[] AFTER_MILLIS = {50, 100, 200, 400, 600, 800, 1000, 1500, 2000};

    private final Session session;
    private final Session roomy;
    private final Path directory;

    /// @param roomy whose tables of joins are in memory
    private Cancelling(Session session, Session roomy, Path directory) {
        this.session = session;
        this.roomy = roomy;
        this.directory = directory;
    }

    static void run() throws Exception {
        try (Session session = session("1g");
                Session roomy = session("8g")) {
            new Cancelling(session, roomy, WorkDirectory.create()).measureAll();
        }
    }

    private static Session session(String memory) {
        return Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", memory)
                .create();
    }

    private void measureAll() throws Exception {
        Map<String, Runnable> queries = queries();
        String wanted = System.getProperty("cancel.queries", "");
        if (!wanted.isEmpty()) {
            queries.keySet().retainAll(List.of(wanted.replace('-', ' ').split(",")));
        }
        for (Map.Entry<String, Runnable> query : queries.entrySet()) {
            long[] nanos = new long[AFTER_MILLIS.length];
            for (int i = 0; i < nanos.length; i++) {
                nanos[i] = cancelled(query.getKey(), query.getValue(), AFTER_MILLIS[i]);
            }
            System.out.println("cancel: " + query.getKey() + ": " + new Figures(nanos));
        }
    }

    private long cancelled(String name, Runnable query, long afterMillis) throws InterruptedException {
        FutureTask<Long> running = new FutureTask<>(() -> {
            try {
                query.run();
            } catch (QueryException stopped) {
                if (stopped.code().equals("QUERY_CANCELLED")) {
                    return System.nanoTime();
                }
                throw stopped;
            }
            throw new IllegalStateException(name + " has ended before it was cancelled");
        });
        Thread.ofPlatform().start(running);
        Thread.sleep(afterMillis);
        long told = System.nanoTime();
        while (session.interruptAll().isEmpty() && roomy.interruptAll().isEmpty() && !running.isDone()) {
            Thread.onSpinWait();
            told = System.nanoTime();
        }
        try {
            return running.get() - told;
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    private Map<String, Runnable> queries() throws IOException {
        DataFrame rows = session.range(0, 1L << 40, 1, 4);
        DataFrame hashes = session.range(0, 60_000_000, 1, 4).selectExpr("hash(id) AS h", "id");
        DataFrame texts = session.range(0, 30_000_000, 1, 4).selectExpr("md5(string(id)) AS t", "id");
        UDF1<Long, Boolean> waits = _ -> {
            new CountDownLatch(1).await();
            return true;
        };
        Column waiting = functions.udf(waits, DataTypes.BooleanType).apply(functions.col("id"));
        Map<String, Runnable> queries = new LinkedHashMap<>();
        queries.put("scan and filter", () -> rows.filter("id % 7 = 8").count());
        queries.put("sort", () -> hashes.orderBy("h").toLocalIterator().next());
        queries.put("sort by texts", () -> texts.orderBy("t").toLocalIterator().next());
        queries.put(
                "group by numbers",
                () -> hashes.groupBy("h").count().filter("count = 9").count());
        queries.put(
                "group by texts",
                () -> texts.groupBy("t").count().filter("count = 9").count());
        queries.put(
                "count distinct", () -> hashes.selectExpr("count(DISTINCT h)").collectAsList());
        queries.put(
                "join",
                () -> hashes.as("a")
                        .join(hashes.as("b"), expr("a.h = b.h AND a.id > b.id + 60000000"))
                        .count());
        queries.put(
                "full outer join",
                () -> hashes.as("a")
                        .join(hashes.as("b"), expr("a.h = b.h"), "full_outer")
                        .filter("coalesce(a.id, b.id) < 0")
                        .count());
        queries.put("collect rows", () -> rows.filter("id % 8 = 0").collectAsList());
        queries.put(
                "cross join",
                () -> session.range(3_000_000)
                        .crossJoin(session.range(3_000_000).toDF("other"))
                        .filter("id + other < 0")
                        .count());
        queries.put(
                "window over all rows",
                () -> hashes.selectExpr("sum(id) OVER (ORDER BY h) AS s")
                        .filter("s < 0")
                        .count());
        queries.put(
                "window of long frames",
                () -> hashes.selectExpr("max(h) OVER (PARTITION BY id % 3 ORDER BY h ROWS 100000 PRECEDING) AS m")
                        .filter("m < id - 1000000000000")
                        .count());
        queries.put(
                "explode",
                () -> session.range(0, 1000, 1, 4)
                        .selectExpr("explode(sequence(1, 5000000)) AS x")
                        .filter("x < 0")
                        .count());
        queries.put(
                "a row that takes seconds",
                () -> session.range(0, 100_000, 1, 4)
                        .filter(
                                "aggregate(sequence(1, 1000000), 0L, (n, x) -> n + size(filter(sequence(1, 1000), y -> y = x))) < id")
                        .count());
        queries.put("a function that waits", () -> rows.filter(waiting).count());
        queries.put(
                "write Parquet",
                () -> texts.write()
                        .mode("overwrite")
                        .parquet(directory.resolve("parquet").toString()));
        queries.put(
                "write partitioned CSV",
                () -> texts.selectExpr("*", "id % 50 AS p")
                        .write()
                        .mode("overwrite")
                        .partitionBy("p")
                        .csv(directory.resolve("csv").toString()));
        queries.put(
                "sort of an array",
                () -> session.range(0, 1000, 1, 4)
                        .selectExpr("array_sort(shuffle(sequence(1, 3000000))) AS a")
                        .filter("a[0] < 0")
                        .count());
        queries.put(
                "sort of an array by a lambda",
                () -> session.range(0, 1000, 1, 4)
                        .selectExpr("array_sort(shuffle(sequence(1, 3000000)), (x, y) -> y - x) AS a")
                        .filter("a[0] < 0")
                        .count());
        addJoins(queries);
        addScans(queries);
        addChanges(queries);
        return queries;
    }

    /// With tables of 20 million rows, all in memory.
    private void addJoins(Map<String, Runnable> queries) {
        DataFrame rows = roomy.range(0, 1L << 40, 1, 4);
        DataFrame built = roomy.range(0, 20_000_000, 1, 4);
        addJoin(queries, "join by numbers", rows, built, "hash(id)");
        addJoin(queries, "join by numbers close together", rows, built, "id");
        addJoin(queries, "join by texts", rows, built, "string(hash(id))");
        addJoin(queries, "join by two columns", rows, built, "struct(id, string(id % 1000))");
        DataFrame times = built.selectExpr("id % 1000 AS k", "hash(id) AS t");
        times.createOrReplaceTempView("times");
        queries.put(
                "as-of join",
                () -> roomy.sql("SELECT a.id FROM (SELECT id, id % 1000 AS k, hash(id) AS t FROM range(1099511627776))"
                                + " a ASOF JOIN times b ON a.k = b.k AND a.t >= b.t")
                        .filter("id < 0")
                        .count());
    }

    private static void addJoin(
            Map<String, Runnable> queries, String name, DataFrame rows, DataFrame built, String key) {
        queries.put(
                name,
                () -> rows.selectExpr(key + " AS k", "id AS other")
                        .join(built.selectExpr(key + " AS k", "id"), "k")
                        .filter("other + id < 0")
                        .count());
    }

    /// Of a table whose files are all copied.
    private void addChanges(Map<String, Runnable> queries) {
        String place = directory.resolve("delta").toString();
        session.range(0, 30_000_000, 1, 30)
                .selectExpr("id", "md5(string(id)) AS t")
                .write()
                .format("delta")
                .save(place);
        DeltaTable table = DeltaTable.forPath(session, place);
        queries.put("optimize Delta", () -> table.optimize().executeCompaction());
        queries.put("delete from Delta", () -> table.delete(expr("id % 1000000 = 7")));
        queries.put(
                "merge into Delta",
                () -> table.as("t")
                        .merge(session.range(0, 30_000_000, 1_000_000).as("s"), "t.id = s.id")
                        .whenMatched()
                        .update(Map.of("t", functions.lit("x")))
                        .execute());
    }

    private void addScans(Map<String, Runnable> queries) {
        DataFrame rows = session.range(0, 6_000_000, 1, 2).selectExpr("id", "md5(string(id)) AS a", "id * 3.25 AS d");
        String csv = directory.resolve("scanned.csv").toString();
        String json = directory.resolve("scanned.json").toString();
        rows.write().csv(csv);
        rows.write().json(json);
        String schema = "id bigint, a string, d double";
        // Ten times the same file: one is read too soon.
        String[] csvs = Collections.nCopies(10, csv).toArray(String[]::new);
        String[] jsons = Collections.nCopies(10, json).toArray(String[]::new);
        queries.put("infer JSON schema", () -> session.read().json(jsons));
        queries.put(
                "scan CSV",
                () -> session.read()
                        .schema(schema)
                        .csv(csvs)
                        .filter("length(a) < d - 1e9")
                        .count());
        queries.put(
                "scan JSON",
                () -> session.read()
                        .schema(schema)
                        .json(jsons)
                        .filter("length(a) < d - 1e9")
                        .count());
    }
}
