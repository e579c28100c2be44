package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Sketches of streams are those of the batch, byte by byte where the library leaves it to the values alone: HLL, theta
/// and count-min sketches. Of the others, what they say.
class SketchStreamTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");
    private static final StructType COLUMNS = StructType.fromDDL("id bigint, key string, ts timestamp, amount bigint");

    private static List<Row> rows(int count, int ids, int amounts) {
        Random random = new Random(7);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long id = random.nextInt(ids);
            rows.add(RowFactory.create(
                    id,
                    "k" + id % 3,
                    TEN.plusSeconds(i / 4),
                    random.nextInt(10) == 0 ? null : (Object) (long) random.nextInt(amounts)));
        }
        return rows;
    }

    private static final Column[] SKETCHES = {
        expr("hex(theta_sketch_agg(amount, 5))").as("theta"),
        expr("hex(count_min_sketch(amount, 0.2D, 0.9D, 1))").as("counts"),
        expr("kll_sketch_get_n_bigint(kll_sketch_agg_bigint(amount))").as("n"),
        expr("array_sort(approx_top_k(amount, 1000))").as("top")
    };

    private static DataFrame sketches(DataFrame rows) {
        return rows.groupBy("key").agg(expr("hex(hll_sketch_agg(amount, 8))").as("hll"), SKETCHES);
    }

    @Test
    void ofRowsThatOnlyCome() {
        StreamFuzz.over(COLUMNS, rows(400, 60, 25)).seeds(1, 5).check(SketchStreamTest::sketches);
        StreamFuzz.over(COLUMNS, rows(1_500, 900, 800)).seeds(1, 4).check(SketchStreamTest::sketches);
    }

    @Test
    void ofRowsThatGoAgain() {
        StreamFuzz.over(COLUMNS, rows(800, 400, 60))
                .seeds(1, 5)
                .check(rows ->
                        sketches(rows.groupBy("key", "id").agg(sum("amount").as("amount"))));
    }

    /// By a tree of partial results, as all functions have small ones.
    @Test
    void ofRowsThatGoAgainByATree() {
        StreamFuzz.over(COLUMNS, rows(2_000, 1_200, 500))
                .seeds(1, 5)
                .check(rows -> rows.groupBy("key", "id")
                        .agg(sum("amount").as("amount"))
                        .groupBy("key")
                        .agg(
                                expr("hex(hll_sketch_agg(amount, 8))").as("hll"),
                                expr("hex(hll_sketch_agg(id))").as("ids"),
                                expr("hex(theta_sketch_agg(amount, 5))").as("theta")));
    }

    /// Sketches of windows, united over time.
    @Test
    void unitedSketches() {
        StreamFuzz.over(COLUMNS, rows(600, 300, 100))
                .seeds(1, 5)
                .check(rows -> rows.groupBy(window(col("ts"), "20 seconds"), col("key"))
                        .agg(
                                expr("hll_sketch_agg(amount)").as("hll"),
                                expr("theta_sketch_agg(amount)").as("theta"),
                                expr("kll_sketch_agg_bigint(amount)").as("kll"),
                                expr("approx_top_k_accumulate(amount)").as("top"))
                        .groupBy("key")
                        .agg(
                                expr("hll_sketch_estimate(hll_union_agg(hll))").as("hll"),
                                expr("hex(theta_union_agg(theta))").as("theta"),
                                expr("kll_sketch_get_n_bigint(kll_merge_agg_bigint(kll))")
                                        .as("n"),
                                expr("array_sort(approx_top_k_estimate(approx_top_k_combine(top), 1000))")
                                        .as("top")));
    }

    @Test
    void ofWindowsThatAreFinal() {
        StreamFuzz.over(COLUMNS, rows(600, 60, 25))
                .outputMode("append")
                .arrivingUpTo(Duration.ofSeconds(5), "ts")
                .seeds(1, 4)
                .check(rows -> rows.withWatermark("ts", "5 seconds")
                        .groupBy(window(col("ts"), "20 seconds"), col("key"))
                        .agg(expr("hex(hll_sketch_agg(amount, 8))").as("hll"), SKETCHES)
                        .where("window.end <= TIMESTAMP '2026-01-31 10:02:00'"));
    }

    /// What the second batch brings is merged into what the state has of the first.
    @Test
    void theStateIsTheSketch() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id bigint");
            test.query(
                    input.toDF()
                            .agg(
                                    expr("hex(hll_sketch_agg(id))").as("hll"),
                                    expr("hex(theta_sketch_agg(id))").as("theta")),
                    "complete");
            input.add(test.session().range(0, 3_000).collectAsList());
            test.process();
            input.add(test.session().range(2_000, 5_000).collectAsList());
            test.process();

            assertTrue(test.running().verify().matches());
        }
    }
}
