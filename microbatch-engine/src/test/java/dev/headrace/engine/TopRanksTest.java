package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.streaming.StateOperatorProgress;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The first rows of each partition of a stream.
class TopRanksTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    private static final StructType COLUMNS = StructType.fromDDL("id int, k string, v int, ts timestamp");

    private static List<Row> rows(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            int id = random.nextInt(60);
            rows.add(RowFactory.create(id, id % 11 == 0 ? null : "k" + id % 3, id * 7 % 10, TEN.plusSeconds(i / 3)));
        }
        return rows;
    }

    private static DataFrame first(DataFrame rows, String rank, String partition, String condition) {
        String over = " OVER (PARTITION BY " + partition + " ORDER BY v DESC NULLS LAST";
        // Rows that are equal in all columns are numbered in any order.
        String all = rank.startsWith("row_number") ? ", id, ts" : "";
        return rows.withColumn("n", expr(rank + over + all + ")"))
                .withColumn("r", expr("rank()" + over + all + ")"))
                .where(condition);
    }

    private static long kept(StreamTest test) {
        return Arrays.stream(test.running().lastProgress().stateOperators())
                .mapToLong(StateOperatorProgress::numRowsTotal)
                .sum();
    }

    private static long read(StreamTest test) {
        return Arrays.stream(test.running().lastProgress().stateOperators())
                .mapToLong(state -> state.customMetrics().get("entriesRead"))
                .sum();
    }

    @Test
    void ofRowsThatOnlyComeNoneIsKeptButTheFirst() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("k string, v int");
            test.query(
                    input.toDF()
                            .withColumn("n", expr("row_number() OVER (PARTITION BY k ORDER BY v DESC)"))
                            .where("n <= 2"),
                    "changelog");
            for (int v = 0; v < 500; v++) {
                input.add("a", v);
            }
            test.process().expect(RowFactory.create("a", 499, 1, "insert"), RowFactory.create("a", 498, 2, "insert"));
            assertEquals(3, kept(test));
            input.add("a", 5).add("b", 7).add("a", 600);
            test.process()
                    .expect(
                            RowFactory.create("a", 498, 2, "delete"),
                            RowFactory.create("a", 499, 1, "delete"),
                            RowFactory.create("a", 600, 1, "insert"),
                            RowFactory.create("a", 499, 2, "insert"),
                            RowFactory.create("b", 7, 1, "insert"));
            assertEquals(3 + 2, kept(test));
            assertTrue(test.running().verify().matches());
            assertTrue(test.running().lastProgress().rowBalance().isEven());
        }
    }

    @Test
    void aChangeOfALargePartitionReadsAPartOfIt() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id int, v int");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(sum("v").as("v"))
                            .withColumn("n", expr("row_number() OVER (PARTITION BY id % 2 ORDER BY v DESC, id)"))
                            .where("n < 3"),
                    "changelog");
            for (int id = 0; id < 20_000; id++) {
                input.add(id, id);
            }
            test.process();
            test.newRows();
            input.add(1, 90_000);
            test.process()
                    .expect(
                            RowFactory.create(19_999, 19_999L, 1, "delete"),
                                    RowFactory.create(19_997, 19_997L, 2, "delete"),
                            RowFactory.create(1, 90_001L, 1, "insert"),
                                    RowFactory.create(19_999, 19_999L, 2, "insert"));
            assertTrue(read(test) < 2_000, "read " + read(test));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "row_number(); n <= 2",
                "rank(); n < 4",
                "dense_rank(); n = 2",
                "row_number(); n <= 3 AND v > 4",
                "rank(); n < 1",
                "dense_rank(); n <= 2 AND r > 1"
            })
    void theStreamGivesWhatTheBatchGives(String rank, String condition) {
        StreamFuzz.over(COLUMNS, rows(new Random(3))).seeds(1, 4).check(rows -> first(rows, rank, "k", condition));
        StreamFuzz.over(COLUMNS, rows(new Random(4)))
                .seeds(1, 4)
                .check(rows -> first(changing(rows), rank, "k", condition));
    }

    /// The rows of the ids that have come an odd number of times.
    private static DataFrame changing(DataFrame rows) {
        return rows.groupBy("id", "k", "v")
                .agg(expr("count(*) % 2").as("odd"), expr("max(ts)").as("ts"))
                .where("odd = 1");
    }

    /// The last row makes all others final.
    @ParameterizedTest
    @ValueSource(strings = {"append", "changelog"})
    void inWindowsTheyAreForgotten(String mode) {
        List<Row> rows = rows(new Random(5));
        rows.add(RowFactory.create(-1, "end", 0, TEN.plusSeconds(100_000)));
        StreamFuzz.over(COLUMNS, rows)
                .arrivingUpTo(Duration.ofSeconds(6), "ts")
                .outputMode(mode)
                .seeds(1, 6)
                .check(all -> first(
                                all.withWatermark("ts", "6 seconds").withColumn("w", window(col("ts"), "10 seconds")),
                                "rank()",
                                "w, k",
                                "n <= 2")
                        .where("ts < '2026-02-01'"));
    }

    @Test
    void lateRowsAreCountedOnce() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(
                    first(
                                    input.toDF()
                                            .withWatermark("ts", "0 seconds")
                                            .withColumn("w", window(col("ts"), "10 seconds")),
                                    "row_number()",
                                    "w",
                                    "n = 1")
                            .select("id"),
                    "append");
            input.add(1, "a", 1, TEN).add(2, "a", 2, TEN.plusSeconds(1)).add(3, "a", 1, TEN.plusSeconds(20));
            test.process().expect(RowFactory.create(2));
            input.add(4, "a", 9, TEN);
            test.process().expectNothing();
            long late = Arrays.stream(test.running().lastProgress().stateOperators())
                    .mapToLong(StateOperatorProgress::numRowsDroppedByWatermark)
                    .sum();
            assertEquals(1, late);
            assertTrue(test.running().lastProgress().rowBalance().isEven());
        }
    }
}
