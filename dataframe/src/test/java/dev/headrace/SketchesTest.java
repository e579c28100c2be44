package dev.headrace;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count_min_sketch;
import static dev.headrace.functions.hll_sketch_agg;
import static dev.headrace.functions.hll_sketch_estimate;
import static dev.headrace.functions.hll_union;
import static dev.headrace.functions.hll_union_agg;
import static dev.headrace.functions.kll_sketch_agg_bigint;
import static dev.headrace.functions.kll_sketch_get_quantile_bigint;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.theta_difference;
import static dev.headrace.functions.theta_sketch_agg;
import static dev.headrace.functions.theta_sketch_estimate;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sketches in queries. What Spark gives is in `examples/spark`; here is what it leaves open, or words differently.
class SketchesTest {
    private final Session session = Session.builder().master("local[1]").create();

    @AfterEach
    void close() {
        session.close();
    }

    private Object first(String sql) {
        return session.sql(sql).head().get(0);
    }

    // ---- Estimates

    @ParameterizedTest
    @CsvSource({"100, 0", "10000, 0.05", "300000, 0.05"})
    void estimatesAreNear(int values, double error) {
        Row row = session.range(values)
                .selectExpr("id % " + values / 2 + " AS v")
                .agg(
                        hll_sketch_estimate(hll_sketch_agg(col("v"))),
                        theta_sketch_estimate(theta_sketch_agg(col("v"))),
                        kll_sketch_get_quantile_bigint(kll_sketch_agg_bigint(col("v")), lit(0.5)))
                .head();

        assertEquals(values / 2.0, row.getLong(0), error * values / 2);
        assertEquals(values / 2.0, row.getLong(1), error * values / 2);
        assertEquals(values / 4.0, row.getLong(2), 1 + error * values / 2);
    }

    @Test
    void setsOfThetaSketchesAreSubtractedAndUnited() {
        DataFrame both = session.range(1000)
                .agg(theta_sketch_agg("id").as("a"))
                .crossJoin(session.range(600, 1600).agg(theta_sketch_agg("id").as("b")));

        assertEquals(
                600L,
                both.select(theta_sketch_estimate(theta_difference(col("a"), col("b"))))
                        .head()
                        .getLong(0));
    }

    @Test
    void sketchesOfPartsAreUnited() {
        DataFrame parts = session.range(3000)
                .groupBy(col("id").mod(7))
                .agg(hll_sketch_agg("id", 14).as("sketch"));

        assertEquals(
                parts.agg(hll_sketch_estimate(hll_union_agg("sketch"))).head().getLong(0),
                session.range(3000)
                        .agg(hll_sketch_estimate(hll_sketch_agg("id", 14)))
                        .head()
                        .getLong(0));
    }

    // ---- The same whatever the parts

    /// KLL sketches of more than `k` values are drawn by lot.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hll_sketch_agg(id % 5)",
                "hll_sketch_agg(id % 300)",
                "hll_sketch_agg(id)",
                "hll_sketch_agg(id, 4)",
                "theta_sketch_agg(id % 5)",
                "theta_sketch_agg(id)",
                "count_min_sketch(CAST(id AS STRING), 0.01D, 0.99D, 7)",
            })
    void theBytesDependOnTheValuesAlone(String aggregate) {
        String sql = "SELECT k, hex(" + aggregate + ") FROM (SELECT id, id % 3 AS k FROM range(0, 50000, 1, TASKS)"
                + " ORDER BY KEY) GROUP BY k ORDER BY k";
        List<Row> expected =
                session.sql(sql.replace("TASKS", "1").replace("KEY", "id")).collectAsList();

        assertEquals(
                expected,
                session.sql(sql.replace("TASKS", "1").replace("KEY", "id DESC")).collectAsList());
        try (Session parallel = Session.builder().master("local[4]").create()) {
            String unordered = sql.replace("TASKS", "16").replace(" ORDER BY KEY", "");
            assertEquals(expected, parallel.sql(unordered).collectAsList());
        }
    }

    @Test
    void overAWindowASketchGrows() {
        String rows = "SELECT id, id % 2 AS k, hll_sketch_estimate(hll_sketch_agg(id % 6) OVER w) AS h,"
                + " theta_sketch_estimate(theta_sketch_agg(id % 6) OVER w) AS t,"
                + " kll_sketch_get_n_bigint(kll_sketch_agg_bigint(id) OVER w) AS n,"
                + " approx_top_k(id % 6, 1) OVER w AS top FROM range(8) WINDOW w AS (PARTITION BY id % 2 ORDER BY id)";

        assertEquals(
                "[1, 2, 3, 3]",
                first("SELECT sort_array(collect_list(h)) FROM (" + rows + ") WHERE k = 0")
                        .toString());
        assertEquals(
                0L,
                session.sql("SELECT * FROM (" + rows + ") WHERE h <> t OR n <> id DIV 2 + 1")
                        .count());
        assertEquals(
                "[[1,2]]", first("SELECT top FROM (" + rows + ") WHERE id = 7").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hll_sketch_estimate(hll_sketch_agg(id % 3))",
                "theta_sketch_estimate(theta_sketch_agg(id % 3))",
                "kll_sketch_get_n_bigint(kll_sketch_agg_bigint(id))",
                "approx_top_k(id % 3)[0].count",
                "CAST(length(count_min_sketch(id, 0.5D, 0.5D, 1)) AS BIGINT) DIV 60 * 4"
            })
    void frames(String expression) {
        String over = expression.replaceFirst(
                "((hll|theta)_sketch_agg|kll_sketch_agg_bigint|approx_top_k|count_min_sketch)\\(([^()]*)\\)",
                "$0 OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)");

        assertFalse(
                session.sql("SELECT " + over + " AS v FROM range(10)")
                                .where("v IS NULL OR v > 4")
                                .count()
                        > 0,
                over);
    }

    @Test
    void distinctAndFilter() {
        assertEquals(
                "[3,2]",
                session.sql("SELECT kll_sketch_get_n_bigint(kll_sketch_agg_bigint(DISTINCT id % 3)),"
                                + " hll_sketch_estimate(hll_sketch_agg(id) FILTER (WHERE id < 2)) FROM range(9)")
                        .head()
                        .toString());
    }

    // ---- Bad input

    /// The bytes of sketches of each kind, and what reads them.
    private static final List<List<String>> READERS = List.of(
            List.of(
                    "hll_sketch_agg(id, 5)",
                    "hll_sketch_estimate(s)",
                    "hll_union(s, s, true)",
                    "hll_union_agg(s, true)"),
            List.of(
                    "hll_sketch_agg(id % 20)",
                    "hll_sketch_estimate(s)", "hll_union(s, s, true)", "hll_union_agg(s, true)"),
            List.of(
                    "theta_sketch_agg(id, 5)",
                    "theta_sketch_estimate(s)",
                    "theta_union(s, s)",
                    "theta_intersection(s, s)",
                    "theta_difference(s, s)",
                    "theta_union_agg(s)",
                    "theta_intersection_agg(s)"),
            List.of(
                    "kll_sketch_agg_bigint(id)",
                    "kll_sketch_get_n_bigint(s)",
                    "kll_sketch_get_quantile_bigint(s, 0.5)",
                    "kll_sketch_get_rank_bigint(s, 5)",
                    "kll_sketch_merge_bigint(s, s)",
                    "kll_sketch_to_string_bigint(s)",
                    "kll_merge_agg_bigint(s)",
                    "kll_sketch_get_n_float(s)",
                    "kll_sketch_get_quantile_double(s, 0.5)"),
            List.of(
                    "approx_top_k_accumulate(id % 20, 10).sketch",
                    "approx_top_k_estimate(struct(s, 10, 1L, 'item bigint not null'))",
                    "approx_top_k_combine(struct(s, 10, 1L, 'item bigint not null'))",
                    "approx_top_k_estimate(struct(s, 10, '1', 'item string not null'))",
                    "approx_top_k_estimate(struct(s, 10, 1, 'item int not null'))"));

    /// Damaged sketches give something, or an error with a code: nothing else, whatever the damage.
    @Test
    void damagedSketchesAreCodedErrors() {
        Random random = new Random(11);
        int refused = 0;
        for (List<String> readers : READERS) {
            byte[] good = (byte[]) first("SELECT " + readers.getFirst() + " FROM range(500)");
            for (int i = 0; i < 18; i++) {
                byte[] damaged = damaged(good, i, random);
                DataFrame row = session.createDataFrame(
                        List.of(RowFactory.create((Object) damaged)),
                        dev.headrace.types.StructType.fromDDL("s binary"));
                for (String reader : readers.subList(1, readers.size())) {
                    try {
                        row.selectExpr(reader).collectAsList();
                    } catch (HeadraceException known) {
                        assertTrue(known instanceof DataException, known.toString());
                        refused++;
                    } catch (RuntimeException bug) {
                        throw new AssertionError(
                                reader + " of X'" + HexFormat.of().formatHex(damaged) + "'", bug);
                    }
                }
            }
        }
        assertTrue(refused > 150, refused + " were refused");
    }

    private static byte[] damaged(byte[] good, int i, Random random) {
        if (i % 3 == 0) {
            return Arrays.copyOf(good, i / 3 * good.length / 6);
        }
        byte[] bytes = good.clone();
        // Most of what can go wrong is in the preamble.
        for (int n = 0; n <= i % 4; n++) {
            bytes[random.nextInt(i % 3 == 1 ? Math.min(16, bytes.length) : bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private String error(Class<? extends HeadraceException> kind, String expression) {
        return assertThrows(kind, () -> session.sql("SELECT " + expression).collectAsList())
                .getMessage()
                .lines()
                .findFirst()
                .orElseThrow();
    }

    @Test
    void errorsSayWhatWasFoundAndWhatToDo() {
        assertEquals(
                "[HLL_INVALID_INPUT_SKETCH_BUFFER] hll_sketch_estimate: a binary of 2 bytes is not an HLL sketch, such as"
                        + " hll_sketch_agg gives.",
                error(DataException.class, "hll_sketch_estimate(X'0102')"));
        assertEquals(
                "[THETA_INVALID_INPUT_SKETCH_BUFFER] theta_union: a binary of 1 bytes is not a theta sketch, such as"
                        + " theta_sketch_agg gives.",
                error(DataException.class, "theta_union(theta_sketch_agg(1), X'00')"));
        assertEquals(
                "[KLL_INVALID_INPUT_SKETCH_BUFFER] kll_sketch_get_n_float: a binary of 1 bytes is not a KLL sketch of the"
                        + " type that the function is named after, such as kll_sketch_agg_bigint gives.",
                error(DataException.class, "kll_sketch_get_n_float(X'00')"));
        assertEquals(
                "[HLL_UNION_DIFFERENT_LG_K] hll_union: one sketch has an lgConfigK of 10, another one of 12. Pass true as"
                        + " the last argument to allow that; the result is as coarse as the coarser.",
                error(DataException.class, "hll_union(hll_sketch_agg(1, 10), hll_sketch_agg(1))"));
        assertEquals(
                "[APPROX_TOP_K_SKETCH_SIZE_NOT_MATCH] approx_top_k_combine: one sketch follows 10 items, another one 20."
                        + " Say how many the result is to follow as the second argument.",
                error(
                        DataException.class,
                        "approx_top_k_combine(s) FROM (SELECT approx_top_k_accumulate(1, 10) AS s"
                                + " UNION ALL SELECT approx_top_k_accumulate(1, 20))"));
        assertEquals(
                "[APPROX_TOP_K_SKETCH_TYPE_NOT_MATCH] approx_top_k_combine: one sketch is of items of type int, another"
                        + " one of bigint. Combine sketches of one type.",
                error(
                        DataException.class,
                        "approx_top_k_combine(s) FROM (SELECT approx_top_k_accumulate(1) AS s"
                                + " UNION ALL SELECT approx_top_k_accumulate(1L))"));
        assertEquals(
                "[HLL_INVALID_LG_K] hll_sketch_agg: lgConfigK is 22. It must be from 4 to 21.",
                error(QueryException.class, "hll_sketch_agg(1, 22)"));
        assertEquals(
                "[THETA_INVALID_LG_NOM_ENTRIES] theta_union: lgNomEntries is 3. It must be from 4 to 26.",
                error(DataException.class, "theta_union(theta_sketch_agg(1), theta_sketch_agg(1), 3)"));
        assertEquals(
                "[KLL_SKETCH_K_OUT_OF_RANGE] kll_sketch_agg_bigint: k is 7. It must be from 8 to 65535.",
                error(QueryException.class, "kll_sketch_agg_bigint(1, 7)"));
        assertEquals(
                "[HLL_K_MUST_BE_CONSTANT] hll_sketch_agg: lgConfigK is 'cast(id as int)'. It must be a constant from 4"
                        + " to 21.",
                error(QueryException.class, "hll_sketch_agg(id, CAST(id AS INT)) FROM range(1)"));
        assertEquals(
                "[KLL_SKETCH_INVALID_QUANTILE_RANGE] kll_sketch_get_quantile_bigint: the rank is 1.5. It must be from 0"
                        + " to 1.",
                error(DataException.class, "kll_sketch_get_quantile_bigint(kll_sketch_agg_bigint(1), 1.5)"));
        assertEquals(
                "[APPROX_TOP_K_NON_POSITIVE_ARG] approx_top_k: k is '0'. It must be a constant integer of at least 1.",
                error(QueryException.class, "approx_top_k(1, 0)"));
        assertEquals(
                "[APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K] approx_top_k_estimate: the sketch follows 3 items, and 5"
                        + " are wanted. Make one that follows more, or ask for fewer.",
                error(DataException.class, "approx_top_k_estimate(approx_top_k_accumulate(1, 3))"));
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 2 of 'count_min_sketch' is '1.0E-12' of type double: expected an error that"
                        + " needs no more than 67108864 counters.",
                error(QueryException.class, "count_min_sketch(1, 1e-12D, 0.5D, 1)"));
    }

    // ---- Count-min sketches as objects

    @Test
    void aCountMinSketchIsReadAndMerged() {
        DataFrame words = session.sql("SELECT if(id % 10 = 0, 'often', concat('w', id)) AS w FROM range(1000)");
        CountMinSketch sketch = words.stat().countMinSketch("w", 0.01, 0.99, 3);

        assertTrue(
                sketch.estimateCount("often") >= 100 && sketch.estimateCount("often") <= 110,
                "" + sketch.estimateCount("often"));
        assertEquals(1000, sketch.totalCount());
        assertEquals(
                "[200,7,0.01,0.9921875]",
                List.of(sketch.width(), sketch.depth(), sketch.relativeError(), sketch.confidence())
                        .toString()
                        .replace(" ", ""));
        byte[] bytes = words.agg(count_min_sketch(col("w"), lit(0.01), lit(0.99), lit(3)))
                .head()
                .getAs(0);
        assertArrayEquals(bytes, sketch.toByteArray());
        CountMinSketch twice = CountMinSketch.readFrom(bytes).mergeInPlace(sketch);
        assertEquals(2 * sketch.estimateCount("often"), twice.estimateCount("often"));
        assertArrayEquals(
                sketch.toByteArray(),
                words.stat().countMinSketch(col("w"), 7, 200, 3).toByteArray());
        // A seed that is drawn.
        words.agg(count_min_sketch(col("w"), lit(0.5), lit(0.5))).collectAsList();
    }

    @Test
    void integersOfAllSizesCountAsTheSame() {
        CountMinSketch sketch = CountMinSketch.create(0.1, 0.9, 1);
        for (Object one : List.of((byte) 1, (short) 1, 1, 1L)) {
            sketch.add(one);
        }
        sketch.add("1", 5);
        sketch.addLong(2);
        sketch.addString("2");
        sketch.addBinary(new byte[] {'2'});

        assertTrue(sketch.estimateCount(1) >= 4);
        assertTrue(sketch.estimateCount("1") >= 5);
        assertTrue(sketch.estimateCount(new byte[] {'2'}) >= 2);
        assertEquals(12, sketch.totalCount());
    }

    @Test
    void countMinSketchesThatCannotBe() {
        List<String> messages = new ArrayList<>();
        CountMinSketch sketch = CountMinSketch.create(2, 3, 1);
        for (Runnable wrong : List.<Runnable>of(
                () -> CountMinSketch.create(0, 0.5, 1),
                () -> CountMinSketch.create(0, 1, 1),
                () -> sketch.add(1.5),
                () -> sketch.add(1, -1),
                () -> sketch.mergeInPlace(CountMinSketch.create(2, 3, 2)))) {
            messages.add(assertThrows(QueryException.class, wrong::run).getMessage());
        }
        assertEquals(
                List.of(
                        "[INVALID_PARAMETER_VALUE] A count-min sketch with a relative error of '0.0' and a confidence of"
                                + " '0.5': the error must be more than 0, and the confidence more than 0 and less than 1.",
                        "[INVALID_PARAMETER_VALUE] A count-min sketch of '0' rows of '1' counters: there must be one of"
                                + " each, and no more than 268435455 counters in all.",
                        "[INVALID_PARAMETER_VALUE] CountMinSketch: '1.5' is a Double. Expected: Byte, Short, Integer,"
                                + " Long, String or byte[].",
                        "[INVALID_PARAMETER_VALUE] CountMinSketch.add: '-1' is negative. Nothing is taken back.",
                        "[INVALID_PARAMETER_VALUE] CountMinSketch.mergeInPlace: one sketch has 2 rows of 3 counters, the"
                                + " other one 2 of 3. They must be equal, and made with the same seed."),
                messages);
        assertEquals(
                "COUNT_MIN_INVALID_INPUT_SKETCH_BUFFER",
                assertThrows(DataException.class, () -> CountMinSketch.readFrom(new byte[30]))
                        .code());
    }

    // ---- The methods

    @Test
    void methodsAreCalledAsTheFunctions() {
        Row row = session.range(100)
                .agg(
                        hll_sketch_estimate(hll_union(hll_sketch_agg(col("id"), 8), hll_sketch_agg("id"), true)),
                        hll_sketch_estimate(hll_sketch_agg(col("id"), lit(10))))
                .head();

        assertEquals(100, row.getLong(0), 15);
        assertEquals(100, row.getLong(1), 10);
    }
}
