package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.RowTable;
import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import dev.headrace.state.memory.MemoryStateBackend;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerificationTest {
    private static final StructType SCHEMA =
            new StructType().add("key", "string").add("amount", "double").add("ts", "timestamp");
    private static final long SECOND = 1_000_000L;

    @TempDir
    Path directory;

    private Session session;
    private MemoryStream source;

    @BeforeEach
    void open() {
        session = Session.builder().master("local[2]").getOrCreate();
        source = new MemoryStream(SCHEMA, 2);
    }

    @AfterEach
    void close() {
        session.close();
    }

    private record Shape(String name, String mode, UnaryOperator<DataFrame> query) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Shape> shapes() {
        return Stream.of(
                new Shape("filter", "append", rows -> rows.filter(col("amount").gt(lit(1.0)))),
                new Shape("distinct", "append", rows -> rows.select("key").dropDuplicates()),
                new Shape("groups, complete", "complete", VerificationTest::totals),
                new Shape("groups, update", "update", VerificationTest::totals),
                new Shape("groups, changelog", "changelog", VerificationTest::totals),
                new Shape(
                        "groups of groups",
                        "changelog",
                        rows -> totals(rows).groupBy("n").agg(count(lit(1)).as("keys"))),
                new Shape(
                        "windows, append",
                        "append",
                        rows -> rows.withWatermark("ts", "10 seconds")
                                .groupBy(window(col("ts"), "20 seconds"), col("key"))
                                .agg(sum("amount").as("total"))),
                new Shape("windows beside their largest", "append", VerificationTest::largest));
    }

    /// Counts that stand in the query twice.
    private static DataFrame largest(DataFrame rows) {
        DataFrame counts = rows.withWatermark("ts", "10 seconds")
                .groupBy(window(col("ts"), "20 seconds").as("w"), col("key"))
                .agg(count(lit(1)).as("n"));
        DataFrame most = counts.groupBy(col("w")).agg(max("n").as("most"));
        return counts.join(most.withColumnRenamed("w", "of"), col("w").equalTo(col("of")))
                .filter(col("n").equalTo(col("most")));
    }

    private static DataFrame totals(DataFrame rows) {
        return rows.groupBy("key").agg(sum("amount").as("total"), count(lit(1)).as("n"));
    }

    private static DataFrame doubled(DataFrame rows) {
        return totals(rows.withColumn("amount", col("amount").multiply(lit(2.0))));
    }

    private DataFrame rows() {
        return Frames.of(session, source, "memory");
    }

    private void feed(Random random, int rows, long seconds) {
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(List.of(
                    Slice.utf8("k" + random.nextInt(5)),
                    (double) random.nextInt(10) / 3,
                    (1_000_000 + seconds + random.nextInt(8)) * SECOND));
        }
        source.add(all);
    }

    private DataStreamWriter writer(Shape shape, String sink) {
        DataStreamWriter writer = shape.query()
                .apply(rows())
                .writeStream()
                .outputMode(shape.mode())
                .option("checkpointLocation", directory.toString());
        return sink.equals("memory")
                ? writer.format("memory").queryName("result")
                : writer.foreachBatch((batch, id) -> assertTrue(batch.count() >= 0));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aRightQueryIsFoundEqualToItsBatchRun(Shape shape) throws Exception {
        Random random = new Random(1);
        for (String sink : List.of("foreachBatch", "memory")) {
            Path own = Files.createDirectory(directory.resolve(sink));
            StreamingQuery query = writer(shape, sink)
                    .option("checkpointLocation", own.toString())
                    .start();
            for (int batch = 0; batch < 4; batch++) {
                feed(random, 12, 8L * batch);
                query.processAllAvailable();
            }
            VerifyReport live = query.verify();
            assertTrue(live.matches(), live.toString());
            assertTrue(live.expectedRows() > 0, live.toString());
            query.stop();
            VerifyReport stopped = writer(shape, sink)
                    .option("checkpointLocation", own.toString())
                    .verify();
            assertTrue(stopped.matches(), stopped.toString());
            assertEquals("the " + stopped.batches() + " batches of the log run again", stopped.comparedWith());
            source = new MemoryStream(SCHEMA, 2);
        }
    }

    @Test
    void windowsThatAreOpenAreToldApartFromMissingOnes() throws Exception {
        Shape windows =
                shapes().filter(s -> s.name().startsWith("windows")).findFirst().orElseThrow();
        StreamingQuery query = writer(windows, "foreachBatch").start();
        feed(new Random(2), 40, 0);
        feed(new Random(2), 40, 100);
        query.processAllAvailable();
        VerifyReport report = query.verify();
        query.stop();
        assertTrue(report.matches(), report.toString());
        assertEquals(5, report.openRows());
        assertEquals(report.expectedRows(), report.actualRows() + report.openRows());
    }

    @Test
    void aSessionThatEndsAtTheWatermarkIsStillOpen() throws Exception {
        Shape sessions = new Shape(
                "sessions",
                "append",
                rows -> rows.withWatermark("ts", "10 seconds")
                        .groupBy(session_window(col("ts"), "5 seconds"), col("key"))
                        .agg(count(lit(1)).as("n")));
        StreamingQuery query = writer(sessions, "foreachBatch").start();
        source.add(List.of(
                List.of(Slice.utf8("a"), 1.0, 1_000_000 * SECOND),
                List.of(Slice.utf8("b"), 1.0, 1_000_001 * SECOND),
                // The watermark comes to the end of b's session, and passes that of a's.
                List.of(Slice.utf8("c"), 1.0, 1_000_016 * SECOND)));
        query.processAllAvailable();
        VerifyReport report = query.verify();
        query.stop();
        assertTrue(report.matches(), report.toString());
        assertEquals(1, report.actualRows());
        assertEquals(2, report.openRows());
    }

    @Test
    void aRowThatIsMissingInTheSinkIsShown() throws Exception {
        Shape filter = shapes().findFirst().orElseThrow();
        StreamingQuery query = writer(filter, "memory").start();
        source.add(List.of(
                List.of(Slice.utf8("ann"), 4.0, 1_000_000 * SECOND),
                List.of(Slice.utf8("bob"), 5.0, 1_000_000 * SECOND)));
        query.processAllAvailable();
        RowTable other = new RowTable("result", SCHEMA);
        other.add(List.of(
                List.of(Slice.utf8("ann"), 4.0, 1_000_000 * SECOND),
                List.of(Slice.utf8("eve"), 6.0, 1_000_000 * SECOND)));
        Frames.runtime(session).tables().put("result", other);
        VerifyReport report = query.verify();
        query.stop();
        assertFalse(report.matches());
        assertEquals(
                "Query " + query.id() + ", 1 batches, compared with the sink memory: DIFFERENT\n"
                        + "  one batch over the same input gives 2 rows, the stream gave 2\n"
                        + "  1 rows missing in the stream's rows\n"
                        + "    [bob, 5.0, 1970-01-12 13:46:40]\n"
                        + "  1 rows in the stream's rows only\n"
                        + "    [eve, 6.0, 1970-01-12 13:46:40]",
                report.toString());
    }

    @Test
    void lateRowsOfAllBatchesAreCountedWhereRowsAreMissing() throws Exception {
        Shape windows =
                shapes().filter(s -> s.name().startsWith("windows")).findFirst().orElseThrow();
        StreamingQuery query = writer(windows, "memory").start();
        for (long seconds : new long[] {0, 100, 1, 2, 200}) {
            source.add(List.of(
                    List.of(Slice.utf8(seconds % 100 == 0 ? "ann" : "late"), 4.0, (1_000_000 + seconds) * SECOND)));
            query.processAllAvailable();
        }
        VerifyReport report = query.verify();
        query.stop();
        assertEquals(2, report.lateRows());
        assertEquals(1, report.missingRows());
        assertEquals(0, report.unexpectedRows());
        assertTrue(
                report.toString()
                        .contains(
                                "\n  2 late rows were dropped by the stream; the batch run takes them in, so rows made"
                                        + " of them are missing or different\n  1 rows missing in the stream's rows\n"),
                report.toString());
    }

    @Test
    void stateThatTheLogDoesNotLeadToIsShown() throws Exception {
        Shape groups = new Shape(
                "groups",
                "update",
                rows -> rows.groupBy("key").agg(count(lit(1)).as("n")));
        StreamingQuery query = writer(groups, "foreachBatch").start();
        source.add(List.of(List.of(Slice.utf8("ann"), 4.0, SECOND)));
        query.processAllAvailable();
        query.stop();
        plant("ann", 7);
        VerifyReport report = writer(groups, "foreachBatch").verify();
        assertEquals(
                List.of("operator 0 (stateStoreSave), key [ann]: [7] on disk, [1] when run again"), report.state());
        ReplayReport replay = writer(groups, "foreachBatch").replay(0);
        assertFalse(replay.matches());
        assertEquals(report.state(), replay.state());
        assertEquals(List.of("[ann, 1]"), replay.output());
    }

    private void plant(String key, long count) throws Exception {
        Path place = directory.resolve("state/0/0");
        List<String> schema = Files.readAllLines(place.resolve("schema"));
        StructType keys = (StructType) DataType.fromJson(schema.get(0));
        StructType values = (StructType) DataType.fromJson(schema.get(1));
        try (BufferAllocator memory = new RootAllocator();
                StateStore store = new MemoryStateBackend()
                        .open(place, new StateSchema(keys, values, false), KeyGroups.all(), memory);
                StateWriter writer = store.write(StateVersion.EMPTY);
                ChunkBuilder keyRows = new ChunkBuilder(keys, memory);
                ChunkBuilder valueRows = new ChunkBuilder(values, memory)) {
            keyRows.add(List.of(Slice.utf8(key)));
            valueRows.add(List.of(count));
            try (Chunk k = keyRows.build();
                    Chunk v = valueRows.build()) {
                writer.upsert(k, v);
            }
            writer.commit();
        }
    }

    @Test
    void everyBatchRunsAgainAsItRan() throws Exception {
        Shape groups = new Shape("groups", "update", VerificationTest::totals);
        List<List<String>> given = new ArrayList<>();
        StreamingQuery query = groups.query()
                .apply(rows())
                .writeStream()
                .outputMode("update")
                .option("checkpointLocation", directory.toString())
                .foreachBatch((batch, id) -> given.add(batch.collectAsList().stream()
                        .map(row -> row.mkString("[", ", ", "]"))
                        .sorted()
                        .toList()))
                .start();
        Random random = new Random(3);
        for (int batch = 0; batch < 20; batch++) {
            feed(random, 5, batch);
            query.processAllAvailable();
        }
        for (int batch = 0; batch < 20; batch++) {
            ReplayReport report = query.replay(batch);
            assertTrue(report.matches(), report.toString());
            assertEquals(given.get(batch), report.output().stream().sorted().toList());
        }
        query.stop();
    }

    @Test
    void aBatchCanBeRunAgainWithChangedCode() throws Exception {
        Shape groups = new Shape("groups", "update", VerificationTest::totals);
        StreamingQuery query = writer(groups, "foreachBatch").start();
        source.add(List.of(List.of(Slice.utf8("ann"), 4.0, SECOND), List.of(Slice.utf8("bob"), 0.0, SECOND)));
        query.processAllAvailable();
        source.add(List.of(List.of(Slice.utf8("ann"), 3.0, SECOND), List.of(Slice.utf8("bob"), 0.0, SECOND)));
        query.processAllAvailable();
        ReplayReport report = query.replay(1, doubled(rows()));
        query.stop();
        assertEquals(
                "Query " + query.id() + ", batch 1 run again: 2 rows, DIFFERENT\n"
                        + "  the changed query gives 2 rows more or less\n"
                        + "    -[ann, 7.0, 2]\n"
                        + "    +[ann, 10.0, 2]",
                report.toString());
    }

    private static void assertFails(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(HeadraceException.class, call).getMessage());
    }

    @Test
    void whatCantBeCheckedIsSaid() throws Exception {
        Shape groups = new Shape("groups", "update", VerificationTest::totals);
        assertFails(
                "[NO_CHECKPOINT] " + directory + ": there is no checkpoint here, so no batch that could be looked at."
                        + " Give the checkpointLocation with which the query was started.",
                () -> writer(groups, "foreachBatch").verify());
        assertFails(
                "[MISSING_CHECKPOINT_LOCATION] writeStream().replay(3) looks at the batches of a query's checkpoint."
                        + " Say where it is: option(\"checkpointLocation\", \"/some/directory\").",
                () -> rows().writeStream().format("console").replay(3));
        StreamingQuery query = writer(groups, "foreachBatch").start();
        assertFails(
                "[NOTHING_TO_VERIFY] " + directory
                        + ": the query has not committed any batch yet, so there is nothing to compare.",
                query::verify);
        assertFails(
                "[BATCH_NOT_RETAINED] Batch 5 can't be run again: the log holds no committed batch. How many are kept is"
                        + " said by 'spark.sql.streaming.minBatchesToRetain'.",
                () -> query.replay(5));
        feed(new Random(4), 3, 0);
        query.processAllAvailable();
        assertFails(
                "[BATCH_NOT_RETAINED] Batch 5 can't be run again: the log holds the committed batches 0 to 0. How many are"
                        + " kept is said by 'spark.sql.streaming.minBatchesToRetain'.",
                () -> query.replay(5));
        query.stop();
    }

    @Test
    void aSinkThatCantBeReadNeedsItsWholeLog() throws Exception {
        Shape groups = new Shape("groups", "update", VerificationTest::totals);
        session.conf().set("spark.sql.streaming.minBatchesToRetain", "2");
        StreamingQuery query = writer(groups, "foreachBatch").start();
        for (int batch = 0; batch < 4; batch++) {
            feed(new Random(batch), 3, 0);
            query.processAllAvailable();
        }
        assertFails(
                "[SINK_NOT_READABLE] The rows in the sink foreachBatch can't be read back, and the log holds the batches"
                        + " from 2 on only, so that earlier ones can't be run again. Verify a query with such a sink"
                        + " earlier, or keep more batches with 'spark.sql.streaming.minBatchesToRetain'.",
                query::verify);
        query.stop();
    }
}
