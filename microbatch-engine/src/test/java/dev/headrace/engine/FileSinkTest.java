package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams as files, each row once.
class FileSinkTest {
    private static final StructType SCHEMA = StructType.fromDDL("shop string, amount bigint");

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;

    @BeforeEach
    void open() {
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .create();
        source = new MemoryStream(SCHEMA, 2);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private Path target() {
        return directory.resolve("out");
    }

    private DataStreamWriter writer(String format) {
        return Frames.of(session, source, "memory")
                .writeStream()
                .format(format)
                .trigger(Trigger.AvailableNow())
                .option("path", target().toString())
                .option("checkpointLocation", directory.resolve("checkpoint").toString());
    }

    private StreamingQuery run(DataStreamWriter writer) throws Exception {
        StreamingQuery query = writer.start();
        query.awaitTermination();
        return query;
    }

    private void add(String shop, long amount) {
        source.add(List.of(List.of(Slice.utf8(shop), amount)));
    }

    private List<String> rows(String format) {
        return texts(session.read()
                .format(format)
                .schema(SCHEMA)
                .load(target().toString())
                .select("shop", "amount"));
    }

    private static List<String> texts(DataFrame rows) {
        return rows.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    private List<String> filesBelow(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> path.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "csv", "avro", "orc"})
    void eachFormatKeepsTheBatches(String format) throws Exception {
        add("north", 1);
        add("south", 2);
        run(writer(format));
        add("north", 3);
        StreamingQuery query = run(writer(format));
        assertEquals(List.of("[north,1]", "[north,3]", "[south,2]"), rows(format));
        assertEquals("1", query.lastProgress().sink().metrics().get("numFiles"));
        VerifyReport report = writer(format).verify();
        assertTrue(report.matches(), report.toString());
    }

    @Test
    void theDirectoryMayBeASymbolicLink() throws Exception {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        Files.createSymbolicLink(target(), elsewhere);
        add("north", 1);
        StreamingQuery query = run(writer("json").partitionBy("shop"));
        Path orphan = elsewhere.resolve("shop=north/part-00007-" + query.id() + "-b1.c000.json");
        Files.writeString(orphan, "{}");
        add("south", 2);
        run(writer("json").partitionBy("shop"));
        assertEquals(List.of("[north,1]", "[south,2]"), rows("json"));
        assertTrue(Files.isSymbolicLink(target()));
        assertTrue(Files.isDirectory(elsewhere.resolve("shop=south")));
        assertFalse(Files.exists(orphan));
    }

    @Test
    void theDirectoryOfASymbolicLinkNeedNotBeThere() throws Exception {
        Files.createSymbolicLink(target(), Path.of("elsewhere"));
        add("north", 1);
        run(writer("json"));
        assertEquals(List.of("[north,1]"), rows("json"));
        assertTrue(Files.isSymbolicLink(target()));
        assertTrue(Files.isDirectory(directory.resolve("elsewhere")));
    }

    @Test
    void filesHaveNoMoreRowsThanTheyMay() throws Exception {
        source.add(List.of(List.of(Slice.utf8("north"), 1L), List.of(Slice.utf8("north"), 2L)));
        StreamingQuery query = run(writer("json").option("maxRecordsPerFile", 1));
        assertEquals(List.of("[north,1]", "[north,2]"), rows("json"));
        assertEquals("2", query.lastProgress().sink().metrics().get("numFiles"));
    }

    @ParameterizedTest
    @EnumSource
    void aCrashLosesNothingAndDoublesNothing(Step step) throws Exception {
        add("north", 1);
        run(writer("json").partitionBy("shop"));
        for (String when : List.of("before", "after")) {
            add("north", 2);
            add("south", 2);
            long batch = session.read().json(target().toString()).count() == 1 ? 1 : 2;
            session.conf().set("headrace.testing.failAt", when + ":" + step + ":" + batch);
            assertThrows(StreamingQueryException.class, () -> run(writer("json").partitionBy("shop")));
            session.conf().unset("headrace.testing.failAt");
            run(writer("json").partitionBy("shop"));
        }
        assertEquals(List.of("[north,1]", "[north,2]", "[north,2]", "[south,2]", "[south,2]"), rows("json"));
        assertEquals(
                5,
                filesBelow(target()).stream()
                        .filter(file -> file.endsWith(".json"))
                        .count());
    }

    @Test
    void whatACrashHasLeftIsNotReadAndIsDeletedWhenTheQueryGoesOn() throws Exception {
        add("north", 1);
        StreamingQuery query = run(writer("json"));
        Path orphan = target().resolve("part-00007-" + query.id() + "-b1.c000.json");
        Files.writeString(orphan, "{\"shop\":\"nowhere\",\"amount\":7}\n");
        Files.createDirectories(target().resolve("_temporary/1"));
        Files.writeString(target().resolve("_temporary/1/part-00000.json"), "{");
        assertEquals(List.of("[north,1]"), rows("json"));
        add("south", 2);
        run(writer("json"));
        assertEquals(List.of("[north,1]", "[south,2]"), rows("json"));
        assertFalse(Files.exists(orphan));
        assertFalse(Files.exists(target().resolve("_temporary")));
    }

    @Test
    void partitionsAreDirectoriesAndFiltersReadWhatTheyNeed() throws Exception {
        add("north", 1);
        add("south", 2);
        run(writer("parquet").partitionBy("shop"));
        add("south", 3);
        run(writer("parquet").partitionBy("shop"));
        assertTrue(Files.isDirectory(target().resolve("shop=south")));
        DataFrame south =
                session.read().parquet(target().toString()).where(col("shop").equalTo("south"));
        assertEquals(List.of("[2,south]", "[3,south]"), texts(south.select("amount", "shop")));
    }

    @Test
    void manyBatchesAreCompactedInSparksFormat() throws Exception {
        source.limitBatches(1);
        for (int i = 0; i < 23; i++) {
            add("s" + i, i);
        }
        StreamingQuery query = run(writer("json"));
        assertEquals(22, query.lastProgress().batchId());
        assertEquals(23, rows("json").size());
        List<String> log = filesBelow(target().resolve("_spark_metadata"));
        assertTrue(log.containsAll(List.of("9.compact", "19.compact", "20", "21", "22")), log.toString());
        assertFalse(log.contains("8"), log.toString());
        List<String> compact = Files.readAllLines(target().resolve("_spark_metadata/19.compact"));
        assertEquals("v1", compact.getFirst());
        assertEquals(21, compact.size());
        assertTrue(
                compact.get(1)
                        .matches(
                                "\\{\"path\":\"file:///.*\\.json\",\"size\":\\d+,\"isDir\":false,\"modificationTime\":\\d+,"
                                        + "\"blockReplication\":1,\"blockSize\":33554432,\"action\":\"add\"}"),
                compact.get(1));
    }

    @Test
    void aBatchWithoutRowsLeavesNoFile() throws Exception {
        add("north", 1);
        StreamingQuery query = run(Frames.of(session, source, "memory")
                .where("amount > 10")
                .writeStream()
                .format("json")
                .trigger(Trigger.AvailableNow())
                .option("path", target().toString())
                .option("checkpointLocation", directory.resolve("checkpoint").toString()));
        assertEquals("0", query.lastProgress().sink().metrics().get("numFiles"));
        assertEquals(List.of(), rows("json"));
    }

    @Test
    void aDirectoryBelongsToOneQuery() throws Exception {
        add("north", 1);
        StreamingQuery first = run(writer("json"));
        QueryException other = assertThrows(
                QueryException.class,
                () -> writer("json")
                        .option("checkpointLocation", directory.resolve("other").toString())
                        .start());
        assertEquals(
                "[SINK_OF_ANOTHER_QUERY] '" + target() + "' is the output of query " + first.id()
                        + ", and its batches are numbered by that query. Go on with that query's checkpoint, or write to"
                        + " another path.",
                other.getMessage());
        QueryException appended = assertThrows(
                QueryException.class,
                () -> session.range(1).write().mode("append").json(target().toString()));
        assertEquals(
                "[SINK_OF_ANOTHER_QUERY] '" + target() + "' is the output of a streaming query: readers read what its"
                        + " manifest lists, so appended files would not be seen. Write to another path, or choose"
                        + " mode(\"overwrite\").",
                appended.getMessage());
    }

    @Test
    void aDirectoryBelongsToOneOutput() {
        QueryException shared = assertThrows(
                QueryException.class,
                () -> writer("json")
                        .option("path", target().toString())
                        .alsoTo(Frames.of(session, source, "memory")
                                .writeStream()
                                .format("csv")
                                .option("path", target() + "/../" + target().getFileName()))
                        .start());
        assertEquals(
                "[OUTPUTS_SHARE_DIRECTORY] Two outputs of the query write files to '" + target()
                        + "'. Its manifest lists"
                        + " the files of one output. Give each a path of its own, or write one output of both (union).",
                shared.getMessage());
    }

    @Test
    void aDirectoryWithOtherFilesIsRefused() {
        session.range(1).write().json(target().toString());
        QueryException refused =
                assertThrows(QueryException.class, () -> writer("json").start());
        assertEquals(
                "[PATH_ALREADY_EXISTS] '" + target() + "' has files that no streaming query has written. Readers of a"
                        + " stream's output read what its manifest lists, so they would not be seen any more. Write to"
                        + " another path.",
                refused.getMessage());
    }

    @Test
    void rowsThatChangeAreRefused() {
        QueryException refused = assertThrows(
                QueryException.class,
                () -> Frames.of(session, source, "memory")
                        .groupBy("shop")
                        .agg(count(lit(1)))
                        .writeStream()
                        .outputMode("update")
                        .format("parquet")
                        .option("path", target().toString())
                        .option(
                                "checkpointLocation",
                                directory.resolve("checkpoint").toString())
                        .start());
        assertEquals(
                "[UNSUPPORTED_OUTPUT_MODE] writeStream().format(\"parquet\") adds files and can't change rows that it has"
                        + " written. Use outputMode(\"append\") or outputMode(\"changelog\"), or format(\"delta\").",
                refused.getMessage());
    }

    @Test
    void aDamagedManifestIsSaid() throws Exception {
        add("north", 1);
        run(writer("json"));
        Path entry = target().resolve("_spark_metadata/0");
        Files.writeString(entry, "v1\n{\"path\":");
        CheckpointException damaged = assertThrows(CheckpointException.class, () -> rows("json"));
        assertEquals(
                "[MANIFEST_DAMAGED] '" + entry
                        + "' says which files of a stream's output are committed, and is damaged: the"
                        + " line '{\"path\":' is not a file's entry. Restore it from a backup, or write the output anew.",
                damaged.getMessage());
    }

    @Test
    void aMovedDirectoryIsSaid() throws Exception {
        add("north", 1);
        run(writer("json"));
        Path moved = directory.resolve("moved");
        Files.move(target(), moved);
        QueryException refused = assertThrows(
                QueryException.class,
                () -> session.read().json(moved.toString()).collectAsList());
        assertTrue(
                refused.getMessage()
                        .startsWith("[PATH_MOVED] '" + moved
                                + "' is the output of a streaming query, and its manifest lists '" + target()),
                refused.getMessage());
    }
}
