package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.rank;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.expressions.Window;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What the methods of a DataFrame can't take. What SQL can't, `sql/operators.txt` has.
class OperatorErrorsTest {
    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    private final DataFrame rows =
            session.sql("SELECT * FROM VALUES (1, 'a', map(1, 'x')), (2, 'b', NULL) AS t(id, name, m)");

    @Test
    void numbersOfRows() {
        assertFails("[INVALID_LIMIT] limit(-1): the number must not be negative.", () -> rows.limit(-1));
        assertFails("[INVALID_LIMIT] offset(-1): the number must not be negative.", () -> rows.offset(-1));
        assertFails("[INVALID_LIMIT] limit(-1): the number must not be negative.", () -> rows.take(-1));
        assertFails("[INVALID_LIMIT] tail(-1): the number must not be negative.", () -> rows.tail(-1));
        assertFails(
                "[INVALID_LIMIT] tail(-2147483648): the number must not be negative.",
                () -> rows.tail(Integer.MIN_VALUE));
        assertEquals(2, rows.tail(Integer.MAX_VALUE).length);
        assertEquals(2, rows.limit(Integer.MAX_VALUE).offset(0).count());
        assertEquals(0, rows.offset(Integer.MAX_VALUE).limit(Integer.MAX_VALUE).count());
    }

    @Test
    void samples() {
        for (double fraction : new double[] {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertFails(
                    "[INVALID_FRACTION] sample(" + fraction + "): the fraction must be from 0 to 1.",
                    () -> rows.sample(fraction));
        }
        assertFails(
                "[INVALID_FRACTION] sample(2.0): the fraction must be from 0 to 1.",
                () -> rows.stat().sampleBy("id", Map.of(1, 2.0), 1));
        for (double[] weights : List.of(
                new double[] {}, new double[] {0, 0}, new double[] {-1, 2}, new double[] {Double.NaN, 1}, new double[] {
                    Double.POSITIVE_INFINITY, 1
                })) {
            assertFails(
                    "[INVALID_WEIGHTS] randomSplit(" + java.util.Arrays.toString(weights)
                            + "): weights are numbers that are not negative, and one must not be 0.",
                    () -> rows.randomSplit(weights));
        }
    }

    @Test
    void partsOfRows() {
        assertFails(
                "[INVALID_NUM_PARTITIONS] repartition(0): there must be at least 1 partition.",
                () -> rows.repartition(0));
        assertFails(
                "[INVALID_NUM_PARTITIONS] repartition(-1): there must be at least 1 partition.",
                () -> rows.coalesce(-1));
        assertFails(
                "[UNRESOLVED_COLUMN] 'idd' is not a column of t(id, name, m). Did you mean 'id'?",
                () -> rows.repartitionByRange(2, col("idd")));
    }

    @Test
    void statistics() {
        assertFails(
                "[INVALID_PARAMETER_VALUE] approxQuantile: the error -0.1 must be 0 or a positive number.",
                () -> rows.stat().approxQuantile("id", new double[] {0.5}, -0.1));
        assertFails(
                "[INVALID_PARAMETER_VALUE] approxQuantile: the error NaN must be 0 or a positive number.",
                () -> rows.stat().approxQuantile("id", new double[] {0.5}, Double.NaN));
        assertEquals(0, rows.stat().approxQuantile(new String[0], new double[] {0.5}, 0).length);
        assertEquals(0, rows.limit(0).stat().approxQuantile("id", new double[] {0.5}, 0).length);
        assertFails(
                "[INVALID_PARAMETER_VALUE] freqItems: the support 0.0 must be from 0.0001 to 1.",
                () -> rows.stat().freqItems(new String[] {"id"}, 0));
        assertFails(
                "[PARSE_TYPE_ERROR] 'integr' is not a type. Did you mean 'integer'? Types: boolean, tinyint, smallint, int,"
                        + " integer, bigint, long, float, double, decimal(10,2), string, binary, date, timestamp,"
                        + " timestamp_ntz, variant, array<…>, map<…,…> and struct<name: …>.",
                () -> rows.select(col("id").cast("integr")));
        assertFails(
                "[UNKNOWN_STATISTIC] summary(\"means\"): Did you mean 'mean'? Statistics: count, count_distinct,"
                        + " approx_count_distinct, mean, stddev, min, max, and percentiles from 0% to 100%.",
                () -> rows.summary("means"));
    }

    @Test
    void namesByPatterns() {
        assertFails(
                "[INVALID_REGEXP] colRegex(\"(\"): Unclosed group near position 1. Expected a Java regular expression, such"
                        + " as 'amount_.*'.",
                () -> rows.colRegex("`(`"));
        assertFails(
                "[UNRESOLVED_COLUMN] colRegex(\".*\") matches 3 columns of " + rows
                        + ". It must match one; use select with the names of several.",
                () -> rows.colRegex(".*"));
    }

    @Test
    void windows() {
        assertFails(
                "[UNSUPPORTED_WINDOW_FUNCTION] 'sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW)': no frame begins UNBOUNDED FOLLOWING or ends UNBOUNDED PRECEDING.",
                () -> rows.select(sum("id")
                        .over(Window.orderBy("id").rowsBetween(Window.unboundedFollowing(), Window.currentRow()))));
        assertFails(
                "[UNSUPPORTED_WINDOW_FUNCTION] 'sum(id) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED PRECEDING)': no frame begins UNBOUNDED FOLLOWING or ends UNBOUNDED PRECEDING.",
                () -> rows.select(sum("id")
                        .over(Window.orderBy("id").rowsBetween(Window.currentRow(), Window.unboundedPreceding()))));
        assertFails(
                "[UNSUPPORTED_WINDOW_FUNCTION] 'sum(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING)': the frame"
                        + " begins behind its end.",
                () -> rows.select(sum("id").over(Window.orderBy("id").rowsBetween(1, -1))));
        assertFails(
                "[UNSUPPORTED_WINDOW_FUNCTION] 'sum(id) OVER (ORDER BY name RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING)': the frame's distance is wider than the ordering expression, string.",
                () -> rows.select(sum("id").over(Window.orderBy("name").rangeBetween(-1, 1))));
        assertFails(
                "[WINDOW_FUNCTION_WITHOUT_ORDER] 'rank() OVER (PARTITION BY id)': rank needs an order. Add ORDER BY to its OVER (…), or orderBy(…) to its window.",
                () -> rows.select(rank().over(Window.partitionBy("id"))));
        assertFails(
                "[DATATYPE_MISMATCH] 'm' in orderBy(…) is map<int,string>, which has no order. Sort by something within it.",
                () -> rows.select(rank().over(Window.orderBy("m"))));
        assertFails(
                "[INVALID_BOUNDARY] rowsBetween(…): 2147483648 rows are more than 2147483647. Use"
                        + " Window.unboundedPreceding() or Window.unboundedFollowing().",
                () -> rows.select(sum("id").over(Window.orderBy("id").rowsBetween(-2147483648L, 0))));
        assertEquals(
                List.of(RowFactory.create(3L), RowFactory.create(3L)),
                rows.select(sum("id").over(Window.orderBy("id").rowsBetween(-Integer.MAX_VALUE, Integer.MAX_VALUE)))
                        .collectAsList());
    }

    @Test
    void valuesThatPivotFinds() {
        session.conf().set("spark.sql.pivotMaxValues", 3);

        assertEquals(4, session.range(3).groupBy().pivot("id").count().columns().length + 1);
        assertFails(
                "[TOO_MANY_PIVOT_VALUES] pivot(id) has more than 3 values, each of which would be a column. Give those that"
                        + " are meant, or set 'spark.sql.pivotMaxValues' to a higher number.",
                () -> session.range(4).groupBy().pivot("id"));
        assertFails(
                "[INVALID_CONFIG] 'spark.sql.pivotMaxValues' is 'many': expected a number of columns.",
                () -> session.conf().set("spark.sql.pivotMaxValues", "many"));
    }

    @Test
    void groups() {
        assertFails(
                "[DATATYPE_MISMATCH] 'value' in orderBy(…) is map<int,string>, which has no order. Sort by something within it.",
                () -> rows.groupBy("id").pivot("name").pivot("m"));
        assertFails(
                "[UNSUPPORTED_OPERATION] pivot(…) can only follow groupBy(…), once.",
                () -> rows.rollup("id").pivot("name").count());
        assertFails(
                "[PIVOT_NOT_AGGREGATE] 'id' in PIVOT is not an aggregate function. Write it as in sum(…) or max(…).",
                () -> rows.groupBy("id")
                        .pivot("name", Collections.singletonList(1.5f))
                        .agg(col("id")));
        assertFails(
                "[DATATYPE_MISMATCH] 'value' in orderBy(…) is map<int,string>, which has no order. Sort by something within it.",
                () -> rows.groupBy("id").pivot("m").count());
        assertFails(
                "[AGGREGATION_FUNCTION_APPLIED_ON_NON_NUMERIC_COLUMN] groupBy(…).sum(\"name\"): the column is string, not a number. For other types use agg(functions.sum(\"name\")).",
                () -> rows.groupBy("id").sum("name"));
        assertFails(
                "[UNRESOLVED_ROUTINE] 'summ' is not a function. Did you mean 'sum'?",
                () -> rows.groupBy("id").agg(Map.of("name", "summ")));
    }

    @Test
    void setsOfRows() {
        assertFails(
                "[NUM_COLUMNS_MISMATCH] except(…) needs the same number of columns on both sides: the left side has 3 t(id, name, m), the right side has 1 t(id).",
                () -> rows.exceptAll(rows.select("id")));
        assertFails(
                "[UNRESOLVED_COLUMN] 'idd' is not a column of t(id, name, m). Did you mean 'id'?",
                () -> rows.dropDuplicates("idd"));
        assertFails(
                "[UNPIVOT_VALUE_DATA_TYPE_MISMATCH] The columns of UNPIVOT have no common type: string, map<int,string>. Cast them first.",
                () -> rows.unpivot(new Column[] {col("id")}, new Column[] {col("name"), col("m")}, "n", "v"));
        assertFails(
                "[UNPIVOT_REQUIRES_VALUE_COLUMNS] UNPIVOT has no columns whose values become rows. Give at least one.",
                () -> rows.unpivot(new Column[] {col("id")}, new Column[0], "n", "v"));
        assertFails(
                "[TRANSPOSE_INVALID_INDEX_COLUMN] transpose: the index 'm' is of type map<int,string>, whose values can't name columns. Choose another one.",
                () -> rows.transpose(col("m")));
    }
}
