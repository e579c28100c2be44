package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Samples, statistics of columns, and functions of chance.
class SamplingTest {
    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void aSampleHasAboutItsPartOfTheRowsAndIsTheSameAgain() {
        DataFrame sample = session.range(0, 10_000, 1, 3).sample(0.25, 7);

        long count = sample.count();

        assertTrue(count > 2_200 && count < 2_800, "rows: " + count);
        assertEquals(sample.sort("id").collectAsList(), sample.sort("id").collectAsList());
        assertEquals(0, session.range(100).sample(0).count());
        assertEquals(100, session.range(100).sample(1).count());
        assertThrows(QueryException.class, () -> session.range(1).sample(1.5));
    }

    @Test
    void eachRowIsInOnePartOfASplit() {
        DataFrame[] parts = session.range(0, 10_000, 1, 3).randomSplit(new double[] {1, 3}, 5);

        assertEquals(10_000, parts[0].union(parts[1]).distinct().count());
        assertEquals(10_000, parts[0].count() + parts[1].count());
        assertTrue(parts[0].count() > 2_200 && parts[0].count() < 2_800);
        assertThrows(QueryException.class, () -> session.range(1).randomSplit(new double[] {-1, 2}));
    }

    @Test
    void statisticsOfColumns() {
        DataFrame rows = session.sql("SELECT * FROM VALUES (1, 2, 'a'), (2, 4, 'a'), (3, 6, 'b') AS t(x, y, k)");
        DataFrameStatFunctions stat = rows.stat();

        assertEquals(1.0, stat.corr("x", "y"), 1e-12);
        assertEquals(2.0, stat.cov("x", "y"), 1e-12);
        assertArrayEquals(new double[] {1, 2, 3}, stat.approxQuantile("x", new double[] {0, 0.5, 1}, 0));
        assertEquals(
                List.of(RowFactory.create("a", 1L, 1L, 0L), RowFactory.create("b", 0L, 0L, 1L)),
                stat.crosstab("k", "x").sort("k_x").collectAsList());
        assertEquals(
                List.of(RowFactory.create(List.of("a"))),
                stat.freqItems(new String[] {"k"}, 0.5).collectAsList());
        assertEquals(2, stat.sampleBy("k", Map.of("a", 1.0, "b", 0.0), 1).count());
        assertTrue(Double.isNaN(rows.limit(0).stat().cov("x", "y")));
        assertThrows(QueryException.class, () -> stat.corr("x", "y", "spearman"));
    }

    @Test
    void columnsOfOneNameAreToldApart() {
        DataFrame ids = session.range(1000);
        DataFrame twins = ids.as("a").join(ids.as("b"), col("a.id").equalTo(col("b.id")));

        assertEquals(
                1000,
                Arrays.stream(twins.randomSplit(new double[] {1, 3}, 5))
                        .mapToLong(DataFrame::count)
                        .sum());
        assertTrue(twins.sample(0.5, 1).count() < 900);
        assertEquals(
                1000,
                twins.stat()
                        .sampleBy(col("a.id").lt(2000), Map.of(true, 1.0), 1)
                        .count());
        assertEquals(
                List.of(RowFactory.create(0L, 249500L, 249500L), RowFactory.create(1L, 250000L, 250000L)),
                twins.groupBy(col("a.id").mod(2).as("k")).sum().sort("k").collectAsList());
        assertEquals("[max,999,999]", twins.describe().tail(1)[0].toString());
        assertEquals(
                List.of(RowFactory.create("x", 1L, 1L)),
                session.sql("SELECT * FROM VALUES ('x', 'a'), ('x', 'A') AS t(k, v)")
                        .stat()
                        .crosstab("k", "v")
                        .collectAsList());
    }

    @Test
    void nullsCountAsZeroInCorrelationsAndTextsAreRefused() {
        DataFrameStatFunctions stat = session.sql("SELECT * FROM VALUES (1, 2), (2, NULL), (NULL, 6) AS t(x, y)")
                .stat();

        assertEquals(-3.0, stat.cov("x", "y"), 1e-12);
        assertEquals(-0.9819805060619659, stat.corr("x", "y"), 1e-12);
        DataFrameStatFunctions texts = session.sql("SELECT 'a' AS k, 1 AS x").stat();
        assertFails(
                "[DATATYPE_MISMATCH] stat().corr: the column 'k' is string: expected a number. Cast it first.",
                () -> texts.corr("x", "k"));
        assertFails(
                "[DATATYPE_MISMATCH] stat().approxQuantile: the column 'k' is string: expected a number. Cast it first.",
                () -> texts.approxQuantile("k", new double[] {0.5}, 0));
    }

    @Test
    void functionsOfChanceGiveTheSameToTheSameBatchAndStayInTheirRange() {
        Row row = session.sql("""
                        SELECT min(length(uuid())), max(length(randstr(5))), min(uniform(10, 20)), max(uniform(10, 20)),
                          abs(avg(randn())) < 0.1, sum(array_size(shuffle(array(1, 2, 3)))), count(DISTINCT uuid())
                        FROM range(5000)""").head();

        assertEquals(36, row.getInt(0));
        assertEquals(5, row.getInt(1));
        assertEquals(10L, row.getLong(2));
        assertEquals(19L, row.getLong(3));
        assertTrue(row.getBoolean(4));
        assertEquals(15_000L, row.getLong(5));
        assertEquals(5_000L, row.getLong(6));
    }

    @Test
    void otherFormsOfTheRows() {
        DataFrame rows = session.sql("SELECT 1 AS a, 'x' AS b");

        assertEquals(List.of("{\"a\":1,\"b\":\"x\"}"), rows.toJSON().collectAsList());
        assertEquals(
                List.of("b", "a"),
                Arrays.asList(rows.to(StructType.fromDDL("b string, a bigint")).columns()));
        assertEquals(rows.collectAsList(), rows.localCheckpoint().collectAsList());
        assertEquals(
                List.of("b"),
                Arrays.asList(rows.select(rows.colRegex("`[b-z]`")).columns()));
        assertThrows(QueryException.class, () -> rows.colRegex(".*"));
        assertEquals(
                List.of(RowFactory.create(1, "x", true, 1)),
                rows.select(
                                col("a"),
                                col("b"),
                                session.range(3).exists(),
                                session.sql("SELECT max(c) FROM VALUES (1) t(c)")
                                        .scalar())
                        .collectAsList());
        assertEquals(
                "{1, 2}",
                session.sql("SELECT named_struct('f', 1) AS s")
                        .select(col("s").withField("g", lit(2)).cast("string"))
                        .head()
                        .getString(0));
        assertEquals(
                1, rows.repartition(4, col("a")).coalesce(1).hint("broadcast").count());
        assertThrows(QueryException.class, () -> rows.repartition(0));
    }

    /// Variants by their text; maps, and long decimals within other values, have no hash.
    @Test
    void rowsOfAnyTypeAreSplit() {
        DataFrame rows = session.sql("SELECT parse_json(CAST(id AS string)) AS v, map(id, id) AS m,"
                + " array(CAST(id AS decimal(38, 10))) AS d FROM range(1000)");

        DataFrame[] parts = rows.randomSplit(new double[] {1, 1}, 5);

        assertEquals(1000, parts[0].count() + parts[1].count());
        assertTrue(parts[0].count() > 400 && parts[0].count() < 600, "rows: " + parts[0].count());
    }
}
