package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.errors.CheckpointException;
import dev.headrace.streaming.Emit;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A query that is started with the checkpoint of another one, or of what it was before.
class ChangedQueryTest {
    /// At the end of an entry's header.
    private static final Pattern CHECKSUM = Pattern.compile("(?<=\":\")[0-9a-f]{8}(?=\"}\\n)");

    private static final Instant START = Instant.parse("2026-01-31T10:00:00Z");

    @TempDir
    Path checkpoint;

    private StreamTest test;
    private TestInput clicks;
    private TestInput views;

    @BeforeEach
    void open() {
        test = StreamTest.create();
        clicks = test.input("k string, id bigint, ts timestamp");
        views = test.input("k string, id bigint, ts timestamp");
        more();
    }

    @AfterEach
    void close() {
        test.close();
    }

    private void more() {
        for (int i = 0; i < 4; i++) {
            clicks.add("k" + i % 2, (long) i, START.plusSeconds(30 * i));
            views.add("k" + i % 2, (long) i, START.plusSeconds(30 * i));
        }
    }

    private DataFrame rows() {
        return clicks.toDF().withWatermark("ts", "1 minute");
    }

    private DataFrame sql(String text) {
        rows().createOrReplaceTempView("clicks");
        views.toDF().withWatermark("ts", "1 minute").createOrReplaceTempView("views");
        return test.session().sql(text);
    }

    private void run(DataFrame rows, String mode) throws Exception {
        StreamingQuery query = rows.writeStream()
                .outputMode(mode)
                .foreachBatch((batch, id) -> batch.collectAsList())
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow())
                .start();
        query.awaitTermination();
    }

    /// Runs the query twice, and then the changed one.
    ///
    /// @return what is said of the change
    private String refused(DataFrame query, DataFrame changed, String mode) throws Exception {
        run(query, mode);
        more();
        run(query, mode);
        more();
        String message = refused("STATEFUL_OPERATOR_CHANGED", changed, mode);
        run(query, mode);
        return message.replaceAll(".*the state is that of |, and the query has| now\\. Rows.*", "");
    }

    private String refused(String code, DataFrame changed, String mode) throws Exception {
        Map<String, String> before = files();
        CheckpointException refused = assertThrows(CheckpointException.class, () -> run(changed, mode));
        assertEquals(code, refused.code());
        assertEquals(before, files());
        return refused.getMessage().replace(checkpoint.toString(), "DIR");
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(checkpoint)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (List.of("offsets", "commits")
                                .contains(file.getParent().getFileName().toString())
                        || file.startsWith(checkpoint.resolve("state"))) {
                    files.put(file.toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
                }
            }
        }
        return files;
    }

    private DataFrame per(Column window) {
        return rows().groupBy(window).count();
    }

    @Test
    void theLengthOfWindows() throws Exception {
        run(per(window(col("ts"), "2 minutes")), "append");
        assertEquals(
                "[STATEFUL_OPERATOR_CHANGED] DIR: the state is that of an aggregation with the grouping"
                        + " 'window(ts, 2 minutes)', and the query has 'window(ts, 5 minutes)' now. Rows of both would be"
                        + " mixed: bring back the old query, or start with a new checkpointLocation. What comes before"
                        + " operators with state may change, such as filters and computed columns.",
                refused("STATEFUL_OPERATOR_CHANGED", per(window(col("ts"), "5 minutes")), "append"));
    }

    @Test
    void slideAndStartOfWindows() throws Exception {
        assertEquals(
                "an aggregation with the grouping 'window(ts, 10 minutes, 5 minutes, 0 seconds)'"
                        + " 'window(ts, 10 minutes, 2 minutes, 1 minute)'",
                refused(
                        per(window(col("ts"), "10 minutes", "5 minutes")),
                        per(window(col("ts"), "10 minutes", "2 minutes", "1 minute")),
                        "append"));
    }

    @Test
    void windowsInAProjection() throws Exception {
        assertEquals(
                "an aggregation with the grouping 'k, window(ts, 2 minutes)' 'k, window(ts, 5 minutes)'",
                refused(
                        rows().withColumn("w", window(col("ts"), "2 minutes"))
                                .where("id >= 0")
                                .groupBy("k", "w")
                                .count(),
                        rows().withColumn("w", window(col("ts"), "5 minutes"))
                                .groupBy("k", "w")
                                .count(),
                        "append"));
    }

    @Test
    void theGapOfSessions() throws Exception {
        assertEquals(
                "an aggregation with the grouping 'session_window(ts to ts + 10 seconds), k'"
                        + " 'session_window(ts to ts + 70 seconds), k'",
                refused(
                        rows().groupBy(session_window(col("ts"), "10 seconds"), col("k"))
                                .count(),
                        rows().groupBy(session_window(col("ts"), "70 seconds"), col("k"))
                                .count(),
                        "append"));
    }

    @Test
    void whenResultsAreEmitted() throws Exception {
        assertEquals(
                "an aggregation with the emit 'at the watermark, early every 5 rows, accumulating'"
                        + " 'at the watermark, early every 2 rows, accumulating'",
                refused(
                        per(window(col("ts"), "2 minutes"), Emit.atWatermark().earlyEvery(5)),
                        per(window(col("ts"), "2 minutes"), Emit.atWatermark().earlyEvery(2)),
                        "update"));
    }

    private DataFrame per(Column window, Emit emit) {
        return rows().groupBy(window).emit(emit).count();
    }

    @Test
    void keysOfTheSameName() throws Exception {
        assertEquals(
                "an aggregation with the grouping '(id % 3)' '(id % 5)'",
                refused(
                        rows().groupBy(expr("id % 3").as("g")).count(),
                        rows().groupBy(expr("id % 5").as("g")).count(),
                        "update"));
    }

    private DataFrame first(String function, String order, String condition) {
        return rows().withColumn("n", expr(function + "() over (partition by k order by " + order + ")"))
                .where(condition);
    }

    @Test
    void theOrderOfRanks() throws Exception {
        assertEquals(
                "a window function with the order 'id DESC NULLS LAST' 'id ASC NULLS FIRST'",
                refused(first("row_number", "id desc", "n <= 2"), first("row_number", "id", "n <= 2"), "changelog"));
    }

    @Test
    void nullsInTheOrderOfRanks() throws Exception {
        assertEquals(
                "a window function with the order 'id ASC NULLS FIRST' 'id ASC NULLS LAST'",
                refused(
                        first("row_number", "id", "n <= 2"),
                        first("row_number", "id nulls last", "n <= 2"),
                        "changelog"));
    }

    @Test
    void theKindOfRanks() throws Exception {
        assertEquals(
                "a window function with the functions 'row_number()' 'rank()'",
                refused(first("row_number", "id", "n <= 2"), first("rank", "id", "n <= 2"), "changelog"));
    }

    @Test
    void howManyRowsAreTheFirst() throws Exception {
        String message = refused(
                first("row_number", "id", "n <= 2"), first("row_number", "id", "n <= 3 and k > ''"), "changelog");
        assertTrue(message.startsWith("a window function with the first ranks '("), message);
        assertTrue(message.contains("<= 2)' '("), message);
    }

    @Test
    void frames() throws Exception {
        assertEquals(
                "a window function with the functions 'sum(id) ROWS BETWEEN 1 PRECEDING AND CURRENT ROW'"
                        + " 'sum(id) ROWS BETWEEN 2 PRECEDING AND CURRENT ROW'",
                refused(sum(1), sum(2), "changelog"));
    }

    private DataFrame sum(int before) {
        return rows().withColumn(
                        "s",
                        expr("sum(id) over (partition by k order by id rows between " + before
                                + " preceding and current row)"));
    }

    @Test
    void theConditionOfAJoin() throws Exception {
        String query = "select clicks.id from clicks join views on clicks.k = views.k and clicks.id ";
        assertEquals(
                "a join with the condition '(left.id < right.id) AND (left.k = right.k)'"
                        + " '(left.id >= right.id) AND (left.k = right.k)'",
                refused(sql(query + "< views.id"), sql(query + ">= views.id"), "append"));
    }

    @Test
    void theTypeOfAJoin() throws Exception {
        String on = " join views on clicks.k = views.k";
        assertEquals(
                "a join with the type 'LEFT_OUTER' 'INNER'",
                refused(
                        sql("select clicks.id from clicks left" + on),
                        sql("select clicks.id from clicks" + on),
                        "changelog"));
    }

    @Test
    void theRowsOfALimit() throws Exception {
        assertEquals(
                "a limit with the order 'id ASC NULLS FIRST' 'id DESC NULLS LAST'",
                refused(
                        rows().orderBy("id").limit(3),
                        rows().orderBy(col("id").desc()).limit(3),
                        "changelog"));
    }

    @Test
    void theLifetimeOfDuplicates() throws Exception {
        run(rows().dropDuplicates("k", "ts"), "append");
        assertEquals(
                "[STATEFUL_OPERATOR_CHANGED] DIR: the state is that of a deduplication with the lifetime 'endless'",
                refused("STATEFUL_OPERATOR_CHANGED", rows().dropDuplicatesWithinWatermark("k", "ts"), "append")
                        .replaceAll(", and .*", ""));
    }

    @Test
    void aQueryWithoutState() throws Exception {
        DataFrame counts = rows().groupBy("k").count();
        run(counts, "update");
        more();
        assertEquals(
                "[STATEFUL_OPERATORS_CHANGED] DIR: the operators with state that have run with this checkpoint are:"
                        + " aggregation; those of the query are: none. The checkpoint is that of another query: bring that"
                        + " one back, or start with a new checkpointLocation. Nothing was changed in the checkpoint.",
                refused("STATEFUL_OPERATORS_CHANGED", rows().select("id"), "append"));
        run(counts, "update");
    }

    @Test
    void aQueryWithState() throws Exception {
        run(rows().select("id"), "append");
        more();
        assertTrue(refused("STATEFUL_OPERATORS_CHANGED", rows().groupBy("k").count(), "update")
                .contains("are: none; those of the query are: aggregation."));
        run(rows().select("id", "k").where("id > 1"), "append");
    }

    @Test
    void oneOperatorMore() throws Exception {
        DataFrame counts = rows().groupBy("k").count();
        run(counts, "changelog");
        more();
        assertTrue(refused(
                        "STATEFUL_OPERATORS_CHANGED",
                        counts.toDF("k", "n").groupBy("n").count(),
                        "changelog")
                .contains("are: aggregation; those of the query are: aggregation, aggregation."));
        run(counts, "changelog");
    }

    /// As from before operators were described.
    private void forget() throws IOException {
        try (Stream<Path> entries = Files.list(checkpoint.resolve("offsets"))) {
            for (Path entry : entries.toList()) {
                String text = Files.readString(entry);
                String without = text.replaceAll(",?\"headrace\\.statefulOperators\":\"[^\"]*\"", "");
                assertTrue(without.length() < text.length(), text);
                Files.writeString(entry, sealed(without.replace("{,", "{")));
            }
        }
    }

    private static String sealed(String entry) {
        Matcher checksum = CHECKSUM.matcher(entry);
        assertTrue(checksum.find(), entry);
        CRC32C content = new CRC32C();
        content.update((entry.substring(0, checksum.start()) + "00000000" + entry.substring(checksum.end()))
                .getBytes(StandardCharsets.UTF_8));
        return entry.substring(0, checksum.start())
                + HexFormat.of().toHexDigits((int) content.getValue())
                + entry.substring(checksum.end());
    }

    @Test
    void anOlderCheckpointGoesOnAndIsDescribedFromThenOn() throws Exception {
        DataFrame counts = per(window(col("ts"), "2 minutes"));
        run(counts, "append");
        forget();
        more();
        run(counts, "append");
        more();
        refused("STATEFUL_OPERATOR_CHANGED", per(window(col("ts"), "5 minutes")), "append");
    }

    @Test
    void anOlderCheckpointTellsHowManyStatesItHas() throws Exception {
        DataFrame counts = rows().groupBy("k").count();
        run(counts, "update");
        forget();
        more();
        assertTrue(refused("STATEFUL_OPERATORS_CHANGED", rows().select("id"), "append")
                .contains("are: 1; those of the query are: none."));
        run(counts, "update");
    }

    @Test
    void anOlderCheckpointWithoutStateIsNotThatOfAQueryWithState() throws Exception {
        run(rows().select("id"), "append");
        forget();
        more();
        assertTrue(refused("STATEFUL_OPERATORS_CHANGED", rows().groupBy("k").count(), "update")
                .contains("are: none; those of the query are: 1."));
    }

    @Test
    void whatComesBeforeAndTheWatermarksDelayMayChange() throws Exception {
        run(per(window(col("ts"), "2 minutes")), "append");
        more();
        run(
                clicks.toDF()
                        .withColumn("more", expr("id + 1"))
                        .where("id <> 2")
                        .withWatermark("ts", "5 minutes")
                        .groupBy(window(col("ts"), "2 minutes"))
                        .count(),
                "append");
    }

    @Test
    void theSameQueryInSqlIsTheSame() throws Exception {
        run(per(window(col("ts"), "2 minutes")), "append");
        more();
        run(sql("select window, count(*) as count from clicks group by window(ts, '2 minutes')"), "append");
    }

    @Test
    void aQueryWithLinesInItsTextsIsTheSame() throws Exception {
        DataFrame query = rows().groupBy(expr("k || '\n'").as("k\nline")).count();
        run(query, "update");
        more();
        run(query, "update");
    }

    @Test
    void whatIsAnotherInEachStartIsLeftOut() throws Exception {
        for (int i = 0; i < 2; i++) {
            run(
                    rows().withColumn("later", expr("ts < current_timestamp()"))
                            .groupBy(
                                    expr("ts < current_timestamp()").as("before"),
                                    expr("rand() < 2").as("any"))
                            .count(),
                    "update");
            test.advanceClock(Duration.ofDays(1));
            more();
        }
    }

    @Test
    void whatStandsAboveACompleteAggregationMayChange() throws Exception {
        run(rows().groupBy("k").count(), "complete");
        more();
        run(rows().groupBy("k").count().orderBy("count").limit(1), "complete");
    }
}
