package dev.headrace.stores;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Session;
import dev.headrace.delta.DeltaTable;
import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.CommitStore.Put;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.QueryException;
import dev.headrace.s3server.S3Process;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Trigger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Delta tables, and files of other formats, in S3.
class S3IT {
    private static final String SETTINGS = "spark.hadoop.fs.s3a.";

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static S3Process server;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startServer() {
        server = S3Process.start();
        set("endpoint", server.endpoint());
        set("endpoint.region", "us-east-1");
        set("path.style.access", "true");
        set("access.key", "any");
        set("secret.key", "any");
    }

    private static void set(String name, String value) {
        System.setProperty(SETTINGS + name, value);
    }

    @AfterAll
    static void endServer() {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(SETTINGS))
                .forEach(System::clearProperty);
        server.close();
    }

    @Test
    void ofManyCommitsOfAVersionOneIsWritten() throws Exception {
        Path table = TablePaths.of("s3a://tables/race");
        try (ExecutorService writers = Executors.newFixedThreadPool(8)) {
            for (int version = 0; version < 5; version++) {
                int next = version;
                List<Future<Put>> puts = new ArrayList<>();
                for (int writer = 0; writer < 8; writer++) {
                    byte[] text = ("writer " + writer).getBytes(StandardCharsets.UTF_8);
                    CommitStore store = TablePaths.commits(table);
                    puts.add(writers.submit(() -> store.putIfAbsent(next, text)));
                }
                int winner = -1;
                int written = 0;
                for (int writer = 0; writer < 8; writer++) {
                    if (puts.get(writer).get() == Put.WRITTEN) {
                        winner = writer;
                        written++;
                    }
                }
                assertEquals(1, written);
                assertEquals(
                        "writer " + winner,
                        new String(TablePaths.commits(table).read(version).orElseThrow(), StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void writersAtTheSameTimeLoseNothing() throws Exception {
        String table = "s3a://tables/appended";
        try (Session session = Session.builder().master("local[2]").getOrCreate();
                ExecutorService writers = Executors.newFixedThreadPool(3)) {
            session.range(0).write().format("delta").save(table);
            List<Future<?>> done = new ArrayList<>();
            for (int writer = 0; writer < 3; writer++) {
                int first = writer * 10;
                done.add(writers.submit(() -> {
                    for (int i = 0; i < 4; i++) {
                        session.range(first + i, first + i + 1)
                                .write()
                                .format("delta")
                                .mode("append")
                                .save(table);
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }

            List<Long> all = List.of(0L, 1L, 2L, 3L, 10L, 11L, 12L, 13L, 20L, 21L, 22L, 23L);
            assertEquals(all, ids(session, table));
            DeltaTable.forPath(session, table).optimize().executeCompaction();
            assertEquals(all, ids(session, table));
        }
    }

    @Test
    void aTableIsChangedLookedAfterAndReadAsItWas() {
        String table = "s3a://tables/some/orders";
        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            session.range(100).write().format("delta").save(table);
            DeltaTable orders = DeltaTable.forPath(session, table);
            orders.delete("id < 95");
            orders.as("t")
                    .merge(session.range(98, 103).as("s"), col("t.id").equalTo(col("s.id")))
                    .whenMatched()
                    .delete()
                    .whenNotMatched()
                    .insertAll()
                    .execute();

            assertEquals(List.of(95L, 96L, 97L, 100L, 101L, 102L), ids(session, table));
            assertEquals(
                    100,
                    session.sql("SELECT * FROM delta.`" + table + "` VERSION AS OF 0")
                            .count());
            assertEquals(3, orders.history().count());
            assertEquals(0, orders.vacuumDryRun(200).count());
        }
    }

    @Test
    void aStreamOfChangesGoesOnWhereItWas() throws Exception {
        String source = directory.resolve("source").toString();
        String table = "s3a://tables/landed";
        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            for (int batch = 0; batch < 2; batch++) {
                session.sql("select id, bigint(" + batch + ") as version, 'v" + batch + "' as name from range(" + batch
                                + ", 5)")
                        .write()
                        .format("delta")
                        .mode("append")
                        .save(source);
                session.readStream()
                        .format("delta")
                        .load(source)
                        .writeStream()
                        .format("delta")
                        .applyChanges(Changes.keyedBy("id").sequencedBy(col("version")))
                        .option(
                                "checkpointLocation",
                                directory.resolve("checkpoint").toString())
                        .trigger(Trigger.AvailableNow())
                        .start(table)
                        .awaitTermination();
            }

            assertEquals(List.of(0L, 1L, 2L, 3L, 4L), ids(session, table));
            assertEquals(
                    4,
                    session.read()
                            .format("delta")
                            .load(table)
                            .filter(col("name").equalTo("v1"))
                            .count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro", "arrow", "json", "csv"})
    void filesOfAllFormatsAreWrittenAndRead(String format) {
        String files = "s3a://tables/files-" + format;
        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            session.range(0, 10, 1, 2)
                    .selectExpr("id", "id % 2 AS part")
                    .write()
                    .format(format)
                    .partitionBy("part")
                    .save(files);
            session.range(10, 12, 1, 1)
                    .selectExpr("id", "0 AS part")
                    .write()
                    .format(format)
                    .partitionBy("part")
                    .mode("overwrite")
                    .option("partitionOverwriteMode", "dynamic")
                    .save(files);

            assertEquals(
                    "[[1,1], [3,1], [5,1], [7,1], [9,1], [10,0], [11,0]]",
                    session.read()
                            .format(format)
                            .schema("id bigint")
                            .option("basePath", files)
                            .load(files + "/part=*")
                            .orderBy("id")
                            .collectAsList()
                            .toString());
        }
    }

    @Test
    void withoutConditionalWritesNothingIsCommitted() {
        set("create.conditional.enabled", "false");
        set("impl.disable.cache", "true");
        // Another bucket: what is open stays as it is.
        Path table = TablePaths.of("s3a://other/refused");

        QueryException refused = assertThrows(
                QueryException.class, () -> TablePaths.commits(table).putIfAbsent(0, new byte[1]));

        set("create.conditional.enabled", "true");
        assertEquals("DELTA_NO_PUT_IF_ABSENT", refused.code());
    }

    private static List<Long> ids(Session session, String table) {
        return session.read().format("delta").load(table).collectAsList().stream()
                .map(row -> row.getLong(0))
                .sorted()
                .toList();
    }
}
