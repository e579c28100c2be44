package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first rows of a stream of a table in the order of event time.
class EventTimeOrderTest {
    private static final StructType SCHEMA = StructType.fromDDL("id int, at timestamp");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();
    private final List<List<Integer>> batches = new ArrayList<>();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @Test
    void eachBatchHasLaterRowsThanTheOneBefore() throws Exception {
        append(40, 10, 70);
        append(20, 50, 80);
        append(60, 30, 90);

        run("1", 0);

        assertEquals(List.of(List.of(10), List.of(20), List.of(30, 40, 50, 60, 70, 80, 90)), batches);
    }

    @Test
    void theWatermarkMayStandAboveLoadShedding() throws Exception {
        append(40, 10);
        append(20, 30);

        start(stream("true", 1).withLoadShedding(1_000_000, 0, col("id")).withWatermark("at", "0 seconds"), 0);

        assertEquals(
                List.of(10, 20, 30, 40), batches.stream().flatMap(List::stream).toList());
    }

    @Test
    void nothingOfTheFirstVersionIsLate() throws Exception {
        for (int file = 0; file < 6; file++) {
            int first = file;
            append(IntStream.range(0, 20).map(i -> 6 * i + first).toArray());
        }
        DataFrame counts = stream("true", 1)
                .withWatermark("at", "1 second")
                .groupBy(dev.headrace.functions.window(col("at"), "10 seconds"))
                .count();
        StreamingQuery query = counts.writeStream()
                .outputMode("append")
                .format("delta")
                .option("checkpointLocation", directory.resolve("counting").toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("counts").toString());
        query.awaitTermination();

        List<Row> sums = session.read()
                .format("delta")
                .load(directory.resolve("counts").toString())
                .agg(dev.headrace.functions.sum("count"), dev.headrace.functions.min("count"))
                .collectAsList();
        assertEquals(
                List.of(110L, 10L),
                List.of(sums.getFirst().get(0), sums.getFirst().get(1)));
    }

    /// Of two tables whose files overlap, one is read six times as fast as the other.
    @Test
    void historiesOfSeveralTablesAndThenLiveRowsAreLateNowhere() throws Exception {
        Path sparse = directory.resolve("sparse");
        Path live = directory.resolve("live");
        for (int file = 0; file < 6; file++) {
            int first = file;
            append(table(), IntStream.range(0, 20).map(i -> 6 * i + first).toArray());
            append(sparse, IntStream.range(0, 4).map(i -> 30 * i + first).toArray());
        }
        append(live, 118, 119);
        append(live, 500);
        DataFrame all = stream(live, false, 1, false)
                .union(stream(sparse, true, 3, true))
                .union(stream(table(), true, 1, true))
                .withWatermark("at", "1 second")
                .groupBy(dev.headrace.functions.window(col("at"), "10 seconds"))
                .count();
        StreamingQuery query = all.writeStream()
                .outputMode("append")
                .format("delta")
                .option("checkpointLocation", directory.resolve("counting").toString())
                .trigger(Trigger.AvailableNow())
                .start(directory.resolve("counts").toString());
        query.awaitTermination();

        List<Row> sums = session.read()
                .format("delta")
                .load(directory.resolve("counts").toString())
                .agg(dev.headrace.functions.sum("count"), dev.headrace.functions.count("*"))
                .collectAsList();
        assertEquals(
                List.of(120L + 24 + 2, 12L),
                List.of(sums.getFirst().get(0), sums.getFirst().get(1)));
    }

    @Test
    void aStreamWithAndWithoutAWatermarkIsReadOnce() throws Exception {
        append(10);
        DataFrame rows = stream("false", 1);
        StreamingQuery query = rows.union(rows.withWatermark("at", "0 seconds"))
                .writeStream()
                .foreachBatch((batch, id) -> assertEquals(2, batch.count()))
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();

        assertEquals(1, query.lastProgress().sources().length);
    }

    @Test
    void rowsWithoutATimeComeOnce() throws Exception {
        append(10, -1, 30);
        append(20, -2, 40);

        run("1", 0);

        assertEquals(
                List.of(-2, -1, 10, 20, 30, 40),
                batches.stream().flatMap(List::stream).sorted().toList());
    }

    @Test
    void whatIsAddedLaterComesBehind() throws Exception {
        append(10, 30);
        append(20, 40);
        run("1", 0);
        append(5, 50);

        run("1", 0);

        assertEquals(List.of(5, 50), batches.getLast());
        assertEquals(6, batches.stream().mapToInt(List::size).sum());
    }

    @Test
    void aQueryThatWasStoppedHalfwayGoesOn() throws Exception {
        append(10, 60);
        append(20, 50);
        append(30, 40);
        assertThrows(Exception.class, () -> run("1", 2));
        List<Integer> before = batches.stream().flatMap(List::stream).toList();

        run("1", 0);

        List<Integer> all = batches.stream().flatMap(List::stream).toList();
        assertTrue(before.size() < 6, before.toString());
        assertEquals(List.of(10, 20, 30, 40, 50, 60), all);
    }

    @Test
    void theOrderCantChangeHalfway() throws Exception {
        append(10, 60);
        append(20, 50);
        append(30, 40);
        assertThrows(Exception.class, () -> run("1", 2));

        HeadraceException changed = failure(assertThrows(Exception.class, () -> start(stream("false", 1), 0)));

        assertEquals(
                "[DELTA_SOURCE_ORDER_CHANGED] " + table()
                        + ": option 'withEventTimeOrder' can't change to false before all rows that were there first have been"
                        + " read: it says in which order they come. Set it as it was, or start again with a new checkpoint.",
                changed.getMessage());
    }

    @Test
    void theColumnCantChangeHalfway() throws Exception {
        session.sql("CREATE TABLE delta.`" + table() + "` (id INT, at TIMESTAMP, later TIMESTAMP) USING delta");
        for (int id : List.of(10, 20, 30)) {
            session.sql("INSERT INTO delta.`" + table() + "` SELECT " + id + ", timestamp_seconds(" + id
                    + "), timestamp_seconds(100 - " + id + ")");
        }
        assertThrows(Exception.class, () -> run("1", 2));

        HeadraceException changed = failure(assertThrows(
                Exception.class, () -> start(stream("true", 1).withWatermark("later", "0 seconds"), 0)));

        assertEquals(
                "[DELTA_SOURCE_ORDER_CHANGED] " + table()
                        + ": the watermark can't go by another column, 'later', before all rows that were there first have been"
                        + " read: it says in which order they come. Set it as it was, or start again with a new checkpoint.",
                changed.getMessage());
    }

    @Test
    void withoutAWatermarkThereIsNoOrder() {
        append(10);

        HeadraceException refused = failure(assertThrows(Exception.class, () -> start(stream("true", 1), 0)));

        assertEquals(
                "[DELTA_SOURCE_NO_EVENT_TIME] " + table()
                        + ": option 'withEventTimeOrder' orders the first rows by the column that the watermark goes by, but"
                        + " the query has none that goes by a column of the table. Add withWatermark(…) on such a column, or"
                        + " leave the option out.",
                refused.getMessage());
    }

    @Test
    void theColumnIsFoundBelowFiltersAndOtherNames() throws Exception {
        append(40, 10);
        append(20, 50);
        DataFrame renamed = stream("true", 1)
                .filter(col("id").notEqual(lit(50)))
                .select(col("id"), col("at").as("time"), expr("id + 1").as("more"))
                .withWatermark("time", "0 seconds");

        start(renamed, 0);

        assertEquals(List.of(10, 20, 40), batches.stream().flatMap(List::stream).toList());
    }

    // ---- the table and the query

    private Path table() {
        return directory.resolve("table");
    }

    /// A file of rows whose ids say their seconds; those below zero have no time.
    private void append(int... ids) {
        append(table(), ids);
    }

    private void append(Path table, int... ids) {
        List<Row> rows = new ArrayList<>();
        for (int id : ids) {
            @Nullable Timestamp at = id < 0 ? null : new Timestamp(1_760_000_000_000L + id * 1000L);
            rows.add(RowFactory.create(id, at));
        }
        session.createDataFrame(rows, SCHEMA)
                .coalesce(1)
                .write()
                .format("delta")
                .mode("append")
                .save(table.toString());
    }

    private DataFrame stream(String ordered, int maxFiles) {
        return stream(table(), Boolean.parseBoolean(ordered), maxFiles, false);
    }

    private DataFrame stream(Path table, boolean ordered, int maxFiles, boolean first) {
        return session.readStream()
                .format("delta")
                .option("withEventTimeOrder", ordered)
                .option("maxFilesPerTrigger", maxFiles)
                .option("readFirst", first)
                .load(table.toString());
    }

    private void run(String maxFiles, int failAt) throws Exception {
        start(stream("true", Integer.parseInt(maxFiles)).withWatermark("at", "0 seconds"), failAt);
    }

    /// @param failAt the batch that fails, 0 for none
    private void start(DataFrame rows, int failAt) throws Exception {
        rows.writeStream()
                .foreachBatch((batch, id) -> {
                    if (failAt > 0 && id == failAt) {
                        throw new IllegalStateException("stopped");
                    }
                    List<Integer> ids = batch.collectAsList().stream()
                            .map(row -> row.getInt(0))
                            .sorted()
                            .toList();
                    if (!ids.isEmpty()) {
                        batches.add(ids);
                    }
                })
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination();
    }

    private static HeadraceException failure(Throwable failed) {
        Throwable cause = failed;
        while (!(cause instanceof HeadraceException known)) {
            cause = java.util.Objects.requireNonNull(cause.getCause());
        }
        return known;
    }
}
