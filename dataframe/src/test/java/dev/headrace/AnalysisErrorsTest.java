package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.avg;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.explode;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.session_window;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static dev.headrace.functions.window_time;

import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Mistakes in queries are reported by the method that makes them, each with what to do about it.
class AnalysisErrorsTest {
    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    private final DataFrame orders = table(
                    "id bigint, amount double, ts timestamp, tags array<string>, item struct<name: string, price: double>")
            .as("orders");

    private DataFrame table(String ddl) {
        return session.createDataFrame(List.of(), StructType.fromDDL(ddl));
    }

    @Test
    void aMistypedColumnIsReportedWithTheOneThatWasMeant() {
        assertFails(
                "[UNRESOLVED_COLUMN] 'amout' is not a column of orders(id, amount, ts, tags, item). Did you mean 'amount'?",
                () -> orders.select("amout"));
    }

    @Test
    void aColumnThatNothingIsLikeIsReportedWithTheColumnsThereAre() {
        assertFails(
                "[UNRESOLVED_COLUMN] 'customer' is not a column of (id, name).",
                () -> table("id int, name string").filter(col("customer").equalTo(1)));
    }

    @Test
    void manyColumnsAreNotAllListed() {
        StringBuilder ddl = new StringBuilder("c0 int");
        StringBuilder names = new StringBuilder("c0");
        for (int i = 1; i < 40; i++) {
            ddl.append(", c").append(i).append(" int");
            names.append(i < 30 ? ", c" + i : "");
        }
        assertFails(
                "[UNRESOLVED_COLUMN] 'x' is not a column of (" + names + ", … 10 more).",
                () -> table(ddl.toString()).col("x"));
    }

    @Test
    void aMistypedFieldIsReportedWithTheFieldsThereAre() {
        assertFails(
                "[FIELD_NOT_FOUND] 'prize' is not a field of item, which has name, price. Did you mean 'price'?",
                () -> orders.select("item.prize"));
    }

    @Test
    void aFieldOfWhatIsNoStructIsReported() {
        assertFails(
                "[FIELD_NOT_FOUND] 'cents' can't be taken from amount: it is double, which has no fields.",
                () -> orders.select("amount.cents"));
    }

    @Test
    void aColumnOfBothSidesIsAmbiguous() {
        DataFrame items = table("id bigint, price double").as("items");
        DataFrame joined = orders.join(items, col("orders.id").equalTo(col("items.id")));
        assertFails(
                "[AMBIGUOUS_REFERENCE] 'id' may be any of orders.id (column 1), items.id (column 6) of orders(id, amount,"
                        + " ts, tags, item), items(id, price). Give the sides an alias and write 'alias.column', or take"
                        + " the column from its DataFrame with df.col(\"…\").",
                () -> joined.select("id"));
    }

    @Test
    void aColumnOfAnotherDataFrameIsReported() {
        DataFrame other = table("id bigint");
        assertFails(
                "[UNRESOLVED_COLUMN] 'id' was taken from a DataFrame whose column is not part of (id) any more. Take it from"
                        + " the DataFrame that the method is called on, or write col(\"id\").",
                () -> table("id bigint").select(other.col("id")));
    }

    @Test
    void aColumnThatIsNeitherGroupedNorAggregatedIsReported() {
        assertFails(
                "[MISSING_AGGREGATION] The column 'amount' is neither grouped nor in an aggregate function: the grouping"
                        + " columns are id. Add it to groupBy(…), or wrap it as in any_value(amount) or max(amount).",
                () -> orders.groupBy("id").agg(col("amount")));
        assertFails(
                "[MISSING_AGGREGATION] '(amount + sum(amount))' uses the column 'amount', which is neither grouped nor in"
                        + " an aggregate function: there are no grouping columns. Add it to groupBy(…), or wrap it as in"
                        + " any_value(amount) or max(amount).",
                () -> orders.select(col("amount").plus(sum("amount"))));
    }

    @Test
    void anAggregateInAFilterIsReported() {
        assertFails(
                "[MISPLACED_AGGREGATE] 'sum(amount)' is an aggregate function, which can't stand in filter(…). Compute it"
                        + " with agg(…) first.",
                () -> orders.filter(sum("amount").gt(1)));
        assertFails(
                "[MISPLACED_AGGREGATE] 'avg(amount)' is an aggregate function, which can't stand in the argument of sum."
                        + " Compute it with agg(…) first.",
                () -> orders.groupBy("id").agg(sum(avg("amount"))));
    }

    @Test
    void aFilterThatIsNoConditionIsReported() {
        assertFails(
                "[DATATYPE_MISMATCH] '(amount + 1)' in filter(…) is double: expected boolean. Compare it with something, as"
                        + " in col(\"…\").gt(0).",
                () -> orders.filter(col("amount").plus(1)));
    }

    @Test
    void aMistypedFunctionIsReported() {
        assertFails(
                "[UNRESOLVED_ROUTINE] 'uper' is not a function. Did you mean 'upper'?",
                () -> orders.select(functions.call_function("uper", col("id"))));
    }

    @Test
    void explodeWithinAnExpressionIsReported() {
        assertFails(
                "[UNSUPPORTED_GENERATOR] 'explode(tags)' gives several rows, so it can only be a whole column of select(…)"
                        + " or withColumn(…), not a part of an expression or of select(…).",
                () -> orders.select(explode(col("tags")).plus(1)));
        assertFails(
                "[UNSUPPORTED_GENERATOR] One select(…) can have one of explode and posexplode, not 2: explode(tags),"
                        + " explode(tags) AS again. Use one select(…) after the other.",
                () -> orders.select(explode(col("tags")), explode(col("tags")).as("again")));
        assertFails(
                "[DATATYPE_MISMATCH] Argument 1 of 'explode' is 'id' of type bigint: expected an array or a map.",
                () -> orders.select(explode(col("id"))));
    }

    @Test
    void aStarAsAValueIsReported() {
        assertFails(
                "[INVALID_STAR] '*' can't be a value in filter(…): it stands for several columns. Use it in select(…),"
                        + " count(…) or struct(…).",
                () -> orders.filter(col("*").cast("boolean")));
        assertFails(
                "[INVALID_STAR] 'amount.*': amount is double, not a struct or a relation.",
                () -> orders.select("amount.*"));
    }

    @Test
    void anOrderingAsAValueIsReported() {
        assertFails(
                "[INVALID_SORT_ORDER] 'id DESC NULLS LAST' is an ordering and can't be a value in select(…). Use it in"
                        + " sort(…) or orderBy(…).",
                () -> orders.select(col("id").desc()));
    }

    @Test
    void aMapHasNoOrder() {
        assertFails(
                "[DATATYPE_MISMATCH] 'm' in orderBy(…) is map<string,int>, which has no order. Sort by something within it.",
                () -> table("m map<string,int>").orderBy("m"));
    }

    @Test
    void joinsByColumnsThatOneSideLacksAreReported() {
        assertFails(
                "[UNRESOLVED_COLUMN] 'id', a column to join by, is not a column of the right side items(itemid, price).",
                () -> orders.join(table("itemid bigint, price double").as("items"), "id"));
        assertFails(
                "[UNKNOWN_JOIN_TYPE] 'iner' is not a join type. Did you mean 'inner'? Join types: inner, left, leftouter,"
                        + " right, rightouter, full, outer, fullouter, semi, leftsemi, anti, leftanti, cross.",
                () -> orders.join(orders, col("id").isNull(), "iner"));
    }

    @Test
    void unionsOfDifferentColumnsAreReported() {
        assertFails(
                "[NUM_COLUMNS_MISMATCH] union(…) needs the same number of columns on both sides: the left side has 2 (a,"
                        + " b), the right side has 1 (a).",
                () -> table("a int, b int").union(table("a int")));
        assertFails(
                "[INCOMPATIBLE_COLUMN_TYPE] union(…): column 1 is 'a' of type int on the left side and 'd' of type date on"
                        + " the right side, which don't go together. Cast one of them.",
                () -> table("a int").union(table("d date")));
        assertFails(
                "[UNRESOLVED_COLUMN] 'amount' is not a column of the right side of unionByName(…), (id, amout). Did you"
                        + " mean 'amout'? To fill missing columns with nulls, use unionByName(other, true).",
                () -> table("id int, amount int").unionByName(table("id int, amout int")));
    }

    @Test
    void aWatermarkNeedsATimestampAndALength() {
        assertFails(
                "[EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE] withWatermark(\"id\", …): the column is bigint, expected timestamp."
                        + " Cast it first, as in withColumn(\"id\", col(\"id\").cast(\"timestamp\")).",
                () -> orders.withWatermark("id", "1 minute"));
        assertFails(
                "[INVALID_INTERVAL] '10 minuts' is not an interval such as '10 minutes' or '1 hour 30 seconds': 'minuts' is"
                        + " not a unit of time. Did you mean 'minutes'? Units: microseconds, milliseconds, seconds,"
                        + " minutes, hours, days, weeks.",
                () -> orders.withWatermark("ts", "10 minuts"));
        assertFails(
                "[INVALID_INTERVAL] withWatermark(\"ts\", \"-1 minute\"): the delay must not be negative.",
                () -> orders.withWatermark("ts", "-1 minute"));
    }

    @Test
    void windowsNeedALength() {
        assertFails(
                "[INVALID_INTERVAL] 'window(ts, 0 seconds)': the window duration must be longer than zero.",
                () -> orders.groupBy(window(col("ts"), "0 seconds")).count());
        assertFails(
                "[MISPLACED_WINDOW] 'window(ts, 1 minute)' can't stand in filter(…). Use it in groupBy(…), select(…) or"
                        + " withColumn(…).",
                () -> orders.filter(window(col("ts"), "1 minute").isNull()));
        assertFails(
                "[INVALID_INTERVAL] 'window(ts, 5 minutes, 10 minutes)': the slide duration must not be longer than the"
                        + " window duration, or rows between two windows would be in none.",
                () -> orders.groupBy(window(col("ts"), "5 minutes", "10 minutes"))
                        .count());
        assertFails(
                "[MULTI_TIME_WINDOW_EXPRESSIONS] One select(…) or groupBy(…) can have one sliding, session or count window. Put"
                        + " one of them into a select(…) of its own.",
                () -> orders.groupBy(
                                window(col("ts"), "10 minutes", "5 minutes"), session_window(col("ts"), "5 minutes"))
                        .count());
    }

    @Test
    void sessionsNeedAGapAndAGrouping() {
        assertFails(
                "[INVALID_INTERVAL] 'session_window(ts, 0 seconds)': the gap duration must be longer than zero.",
                () -> orders.groupBy(session_window(col("ts"), "0 seconds")).count());
        assertFails(
                "[INVALID_INTERVAL] 'session_window(ts, id)': the gap duration must be a text such as '10 minutes', or an"
                        + " expression that gives one, not bigint.",
                () -> orders.groupBy(session_window(col("ts"), col("id"))).count());
        assertFails(
                "[MISPLACED_WINDOW] session_window(…) must be one of the grouping columns, as it is, not a part of one. Put"
                        + " what is computed from it above the aggregation.",
                () -> orders.groupBy(session_window(col("ts"), "5 minutes").getField("start"))
                        .count());
        assertFails(
                "[INVALID_WINDOW_TIME] 'window_time(ts)': window_time(…) takes the result of window(…) or"
                        + " session_window(…).",
                () -> orders.select(window_time(col("ts"))));
    }

    @Test
    void renamingToTooFewNamesIsReported() {
        assertFails(
                "[NUM_COLUMNS_MISMATCH] toDF(…) gives 1 names to 2 columns: (a, b).",
                () -> table("a int, b int").toDF("x"));
    }

    @Test
    void aColumnGivenTwiceIsReported() {
        assertFails(
                "[DUPLICATE_COLUMN] withColumns(…) gives the column 'x' twice.",
                () -> orders.withColumns(new java.util.TreeMap<>(Map.of("x", lit(1), "X", lit(2))))
                        .columns());
    }

    @Test
    void negativeLimitsAreReported() {
        assertFails("[INVALID_LIMIT] limit(-1): the number must not be negative.", () -> orders.limit(-1));
        assertFails("[INVALID_LIMIT] offset(-2): the number must not be negative.", () -> orders.offset(-2));
    }

    @Test
    void whenOutsideOfACaseIsReported() {
        assertFails(
                "[MISPLACED_WHEN] otherwise(…) follows functions.when(…), with otherwise(…) once and last; it can't be"
                        + " called on 'amount'.",
                () -> col("amount").otherwise(1));
    }

    @Test
    void aNameWithOddBackquotesIsReported() {
        assertFails(
                "[INVALID_COLUMN_NAME] 'a.`b' is not a column name. Put backquotes around parts with dots or backquotes in"
                        + " them, as in `a.b`.c.",
                () -> col("a.`b"));
    }

    @Test
    void sumsOfTextsNeedAgg() {
        assertFails(
                "[AGGREGATION_FUNCTION_APPLIED_ON_NON_NUMERIC_COLUMN] groupBy(…).sum(\"name\"): the column is string, not a"
                        + " number. For other types use agg(functions.sum(\"name\")).",
                () -> table("id int, name string").groupBy("id").sum("name"));
    }

    @Test
    void aNameOfTwoResultColumnsCantBeReferredToBesideThem() {
        assertFails("""
                [AMBIGUOUS_LATERAL_COLUMN_ALIAS] 'a' may be any of several columns before it that have this name. Give them names of their own.
                == SQL, line 1, column 28 ==
                SELECT 1 AS a, 2 AS A, 1 + a AS b
                                           ^""", () -> session.sql("SELECT 1 AS a, 2 AS A, 1 + a AS b"));
    }

    @Test
    void onlyFunctionsThatPickARowIgnoreNulls() {
        assertFails("""
                [IGNORE_NULLS_NOT_ALLOWED] IGNORE NULLS is not for sum. It is for any_value, first, first_value, lag, last, last_value, lead, nth_value.
                == SQL, line 1, column 8 ==
                SELECT sum(v) IGNORE NULLS FROM VALUES (1) AS t(v)
                       ^^^^^^^^^^^^^^^^^^^""", () -> session.sql("SELECT sum(v) IGNORE NULLS FROM VALUES (1) AS t(v)"));
    }

    @Test
    void recursionChangesNoValueToTheFirstQuerysType() {
        assertFails(
                "[CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE] WITH RECURSIVE r: the column 'n' is int in the first query and"
                        + " decimal(12,1) in the second. Cast one of them.",
                () -> session.sql("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1.5 FROM r WHERE n < 4)"
                        + " SELECT n FROM r"));
    }

    @Test
    void keysOfMapsAreNeitherMapsNorVariants() {
        assertFails("""
                [DATATYPE_MISMATCH] 'map' would make a map whose keys are map<int,int>. Keys can be of any type without maps and variants in it.
                == SQL, line 1, column 8 ==
                SELECT map(map(1, 2), 3)
                       ^^^^^^^^^^^^^^^^^""", () -> session.sql("SELECT map(map(1, 2), 3)"));
    }

    @Test
    void theParametersOfALambdaHaveDifferentNames() {
        assertFails("""
                [INVALID_LAMBDA] 'transform': the lambda has the parameters [x, X], of which two have one name. Call one of them something else.
                == SQL, line 1, column 8 ==
                SELECT transform(array(1), (x, X) -> x)
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""", () -> session.sql("SELECT transform(array(1), (x, X) -> x)"));
    }

    @Test
    void aBatchIsNoStream() {
        assertFails(
                "[NOT_A_STREAM] writeStream() needs a stream, but this"
                        + " DataFrame reads none. Open one with readStream(), or write the rows with write().",
                orders::writeStream);
    }

    @Test
    void countOfAllRowsIsAllowedEverywhere() {
        orders.groupBy("id").agg(count("*"), count(lit(1)));
    }
}
