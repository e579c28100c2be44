package dev.headrace.delta.store;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.delta.DeltaTable;
import dev.headrace.delta.log.CommitStore.Put;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.Trigger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables in a store that is a directory, as Hadoop sees it.
class StoreTest {
    private static final String SETTINGS = "spark.hadoop.";

    @TempDir
    Path directory;

    private String bucket = "";

    @BeforeEach
    void know() throws IOException {
        bucket = Files.createTempDirectory(directory, "b").getFileName().toString();
        System.setProperty(SETTINGS + TestStore.ROOT, directory.toString());
        for (String scheme : List.of("abfs", "gs", "odd")) {
            System.setProperty(SETTINGS + "fs." + scheme + ".impl", TestStore.class.getName());
            System.setProperty(SETTINGS + "fs." + scheme + ".impl.disable.cache", "true");
        }
    }

    @AfterEach
    void forget() {
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith(SETTINGS))
                .forEach(System::clearProperty);
    }

    @Test
    void aTableIsWrittenChangedAndRead() {
        String table = "abfs://" + bucket + "/some/orders";
        try (Session session = Session.builder().getOrCreate()) {
            session.range(100).write().format("delta").save(table);
            session.range(100, 103).write().format("delta").mode("append").save(table);
            DeltaTable orders = DeltaTable.forPath(session, table);
            orders.delete(col("id").lt(lit(90)));
            orders.as("t")
                    .merge(session.range(98, 105).as("s"), col("t.id").equalTo(col("s.id")))
                    .whenMatched()
                    .delete()
                    .whenNotMatched()
                    .insertAll()
                    .execute();
            orders.optimize().executeCompaction();

            List<Long> ids = session.read().format("delta").load(table).collectAsList().stream()
                    .map(row -> row.getLong(0))
                    .sorted()
                    .toList();

            assertEquals(List.of(90L, 91L, 92L, 93L, 94L, 95L, 96L, 97L, 103L, 104L), ids);
            assertEquals(
                    100,
                    session.read()
                            .format("delta")
                            .option("versionAsOf", 0)
                            .load(table)
                            .count());
            assertEquals(
                    103,
                    session.sql("SELECT * FROM delta.`" + table + "` VERSION AS OF 1")
                            .count());
            assertTrue(Files.exists(directory.resolve(bucket).resolve("some/orders/_delta_log")));
            assertEquals(0, orders.vacuumDryRun(1000).count());
        }
    }

    @Test
    void checkpointsAreWrittenAndReadBack() throws IOException {
        String table = "abfs://" + bucket + "/orders";
        try (Session session = Session.builder().getOrCreate()) {
            for (int i = 0; i < 12; i++) {
                session.range(i, i + 1).write().format("delta").mode("append").save(table);
            }
            Path log = TablePaths.of(table).resolve("_delta_log");
            new dev.headrace.delta.kernel.KernelTableLog(TablePaths.of(table)).checkpoint(11);

            assertTrue(Files.exists(log.resolve("00000000000000000011.checkpoint.parquet")));
            Files.delete(log.resolve("00000000000000000003.json"));
            assertEquals(12, session.read().format("delta").load(table).count());
        }
    }

    @Test
    void aDeepCloneComesFromTheLocalDiskAndAShallowOneNamesItsFiles() {
        String deep = "abfs://" + bucket + "/deep";
        String shallow = directory.resolve("shallow").toString();
        try (Session session = Session.builder().getOrCreate()) {
            String local = directory.resolve("local").toString();
            session.range(10).write().format("delta").save(local);

            DeltaTable.forPath(session, local).clone(deep, false);
            DeltaTable.forPath(session, deep).clone(shallow, true);

            assertEquals(10, session.read().format("delta").load(deep).count());
            assertEquals(10, session.read().format("delta").load(shallow).count());
        }
    }

    @Test
    void ofTwoCommitsOfAVersionOneIsTold() throws IOException {
        Path table = TablePaths.of("abfs://" + bucket + "/orders");

        assertEquals(Put.WRITTEN, TablePaths.commits(table).putIfAbsent(0, "a".getBytes(StandardCharsets.UTF_8)));
        assertEquals(Put.TAKEN, TablePaths.commits(table).putIfAbsent(0, "b".getBytes(StandardCharsets.UTF_8)));

        assertEquals("a", Files.readString(table.resolve("_delta_log/00000000000000000000.json")));
        try (var files = Files.list(table.resolve("_delta_log"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aCommitThatCannotBeWrittenWholeIsNotThere() throws IOException {
        Files.createDirectories(directory.resolve(bucket).resolve("orders/_delta_log"));
        System.setProperty(SETTINGS + TestStore.FULL, "true");
        Path table = TablePaths.of("gs://" + bucket + "/orders");

        assertThrows(
                IOException.class,
                () -> TablePaths.commits(table).putIfAbsent(0, "abcd".getBytes(StandardCharsets.UTF_8)));

        assertFalse(TablePaths.commits(table).exists(0));
    }

    @Test
    void pathsThatNameNoStoreAreRefusedWithoutTheirPasswords() {
        for (String path : List.of(
                "hdfs:///orders",
                "s3a://key:s3cret@bucket/orders",
                "s3a://key:s3 cret@bucket",
                "s3a://key:s3/cret@bucket/orders")) {
            QueryException refused = assertThrows(QueryException.class, () -> TablePaths.of(path));
            assertEquals(
                    "[UNSUPPORTED_FILE_SYSTEM] A path that begins with '" + path.substring(0, path.indexOf("//") + 2)
                            + "' does not say which store is meant. Name the bucket, container or host, such as in"
                            + " 's3a://bucket/orders' or 'hdfs://namenode:8020/orders', without a user and password: those"
                            + " are settings.",
                    refused.getMessage());
        }
        assertEquals(
                "abfs://container@" + bucket + "/orders",
                TablePaths.of("abfs://container@" + bucket + "/orders").toString());
    }

    @Test
    void aStoreThatIsNotKnownToKeepTwoWritersApartIsRead() throws IOException {
        String written = "abfs://" + bucket + "/orders";
        String table = "odd://" + bucket + "/orders";
        try (Session session = Session.builder().getOrCreate()) {
            session.range(7).write().format("delta").save(written);
            List<Path> before = dataFiles();

            assertEquals(7, session.read().format("delta").load(table).count());

            QueryException refused = assertThrows(
                    QueryException.class,
                    () -> session.range(1)
                            .write()
                            .format("delta")
                            .mode("append")
                            .save(table));
            assertEquals(
                    "[DELTA_NO_PUT_IF_ABSENT] " + table
                            + "/_delta_log: nothing is committed, because it is not known how a file of 'odd' is written only"
                            + " if it is not there yet, without which two writers could overwrite each other's commits. Put the"
                            + " table in S3 (s3a), Azure's (abfs) or Google's (gs) store, on HDFS or on a local disk.",
                    refused.getMessage());
            assertEquals(before, dataFiles());
        }
    }

    private List<Path> dataFiles() throws IOException {
        try (var files = Files.list(directory.resolve(bucket).resolve("orders"))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aStoreWithoutAJarIsRefused() {
        try (Session session = Session.builder().getOrCreate()) {
            QueryException refused = assertThrows(
                    QueryException.class, () -> session.read().format("delta").load("s3a://bucket/orders"));
            assertEquals("UNSUPPORTED_FILE_SYSTEM", refused.code());
            assertTrue(refused.getMessage().contains("org.apache.hadoop:hadoop-aws"), refused.getMessage());
        }
    }

    @Test
    void aStreamWritesToAStoreWithItsCheckpointOnTheLocalDisk() throws Exception {
        String table = "abfs://" + bucket + "/orders";
        String copy = "abfs://" + bucket + "/copy";
        try (Session session = Session.builder().getOrCreate()) {
            session.range(5).write().format("delta").save(table);
            DataStreamWriter writer = session.readStream()
                    .format("delta")
                    .load(table)
                    .writeStream()
                    .format("delta")
                    .trigger(Trigger.AvailableNow());

            writer.option("checkpointLocation", directory.resolve("checkpoint").toString())
                    .start(copy)
                    .awaitTermination();
            assertEquals(5, session.read().format("delta").load(copy).count());

            writer.option("checkpointLocation", "s3a://bucket/checkpoint");
            QueryException refused = assertThrows(QueryException.class, () -> writer.start(copy));
            assertEquals(
                    "[CHECKPOINT_NOT_LOCAL] checkpointLocation 's3a://bucket/checkpoint': a checkpoint needs a directory on a"
                            + " local disk, or on another one with locks and renames that is mounted as such. What the query"
                            + " writes may be in a store, such as a Delta table.",
                    refused.getMessage());
        }
    }

    @Test
    void filesAreThereOnceAndGoneOnce() throws IOException {
        Path file = TablePaths.of("abfs://" + bucket + "/a/b c%41.txt");
        Files.createDirectories(file.getParent());

        Files.writeString(file, "text", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

        assertThrows(
                FileAlreadyExistsException.class,
                () -> Files.writeString(file, "other", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        assertEquals("text", Files.readString(file));
        assertEquals(file, TablePaths.of(file.toString()));
        Files.delete(file);
        assertFalse(Files.exists(file));
        assertThrows(NoSuchFileException.class, () -> Files.readString(file));
        assertFalse(Files.deleteIfExists(file));
    }

    @Test
    void pathsAreThoseOfAFileSystem() {
        Path table = TablePaths.of("abfs://" + bucket + "/a//b/./c/../orders/");

        assertEquals("abfs://" + bucket + "/a/b/orders", table.toString());
        assertEquals(
                "abfs://" + bucket + "/a/b/orders/day=1/x",
                table.resolve("day=1/x").toString());
        assertEquals("orders", String.valueOf(table.getFileName()));
        assertEquals("day=1/x", table.relativize(table.resolve("day=1/x")).toString());
        assertEquals(table, table.resolve("x").getParent());
        assertTrue(table.resolve("x").startsWith(table));
        assertEquals(
                "abfs://" + bucket + "/a/b/orders/x%20y",
                table.resolve("x y").toUri().toString());
        assertEquals(Map.of(table, 1), Map.of(TablePaths.of("abfs://" + bucket + "/a/b/orders"), 1));
    }
}
