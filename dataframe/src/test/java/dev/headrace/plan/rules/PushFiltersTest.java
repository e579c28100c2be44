package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.as;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.equal;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.plan.CastFailure;
import dev.headrace.plan.NamedExpr;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushFiltersTest {
    private static final FakeTable T = new FakeTable("t", "a bigint, b string, ts timestamp, tags array<string>");
    private static final FakeTable U = new FakeTable("u", "x bigint not null, y string");

    private final Rule rule = new PushFilters();

    @Test
    void belowAProjectionInItsExpressionsTerms() {
        assertThat(rule)
                .on(scan(T).select(as(call("+", col("a"), 1L), "c"), "b").filter(greater("c", 5L)))
                .gives(scan(T).filter(call(">", call("+", col("a"), 1L), 5L))
                        .select(as(call("+", col("a"), 1L), "c"), "b"));
    }

    @Test
    void notBelowAnExpensiveExpressionThatItUses() {
        assertThat(rule)
                .on(scan(T).select(as(call("split", col("b"), ","), "parts"), "a")
                        .filter(and(greater("a", 1L), call("array_contains", col("parts"), "x"))))
                .gives(scan(T).filter(greater("a", 1L))
                        .select(as(call("split", col("b"), ","), "parts"), "a")
                        .filter(call("array_contains", col("parts"), "x")));
    }

    @Test
    void notBelowAProjectionWithChance() {
        assertThat(rule)
                .on(scan(T).select("a", as(call("rand", 1L), "r")).filter(greater("a", 1L)))
                .givesTheSame();
    }

    @Test
    void belowASort() {
        assertThat(rule)
                .on(scan(T).orderBy("b").filter(greater("a", 1L)))
                .gives(scan(T).filter(greater("a", 1L)).orderBy("b"));
    }

    @Test
    void notBelowALimit() {
        assertThat(rule).on(scan(T).limit(3).filter(greater("a", 1L))).givesTheSame();
    }

    @Test
    void belowAnAggregationAsFarAsItIsAboutKeys() {
        List<NamedExpr> keys = List.of(as(call("upper", col("b")), "k"));
        assertThat(rule)
                .on(scan(T).groupBy(keys, as(call("upper", col("b")), "k"), as(call("sum", col("a")), "s"))
                        .filter(and(equal("k", "X"), greater("s", 5L))))
                .gives(scan(T).filter(call("=", call("upper", col("b")), "X"))
                        .groupBy(keys, as(call("upper", col("b")), "k"), as(call("sum", col("a")), "s"))
                        .filter(greater("s", 5L)));
    }

    @Test
    void notBelowAnAggregationWithoutKeys() {
        assertThat(rule)
                .on(scan(T).groupBy(List.of(), as(call("sum", col("a")), "s")).filter(greater("s", 5L)))
                .givesTheSame();
    }

    @Test
    void belowADeduplicationAsFarAsItIsAboutKeys() {
        assertThat(rule)
                .on(scan(T).dropDuplicates("a").filter(and(greater("a", 1L), equal("b", "x"))))
                .gives(scan(T).filter(greater("a", 1L)).dropDuplicates("a").filter(equal("b", "x")));
    }

    @Test
    void belowAWatermarkUnlessItIsAboutTheEventTime() {
        assertThat(rule)
                .on(scan(T).withWatermark("ts", "1 minute").filter(greater("a", 1L)))
                .gives(scan(T).filter(greater("a", 1L)).withWatermark("ts", "1 minute"));
        assertThat(rule)
                .on(scan(T).withWatermark("ts", "1 minute").filter(call("isnotnull", col("ts"))))
                .givesTheSame();
    }

    @Test
    void intoEachInputOfAUnion() {
        assertThat(rule)
                .on(scan(T).select("a", "b").union(scan(U)).filter(greater("a", 1L)))
                .gives("""
                        Union
                        :- Project [a#0, b#1]
                        :  +- Filter (a#0 > 1)
                        :     +- Relation t [a, b, ts, tags]
                        +- Filter (x#0 > 1)
                           +- Relation u [x, y]
                        """);
    }

    @Test
    void belowAnExplodeAsFarAsItIsNotAboutTheElements() {
        assertThat(rule)
                .on(scan(T).select("a", as(call("explode", col("tags")), "tag"))
                        .filter(and(greater("a", 1L), equal("tag", "x"))))
                .gives("""
                        Project [a#0, tag#4]
                        +- Filter (tag#4 = x)
                           +- Generate explode(tags#3), [tag]
                              +- Filter (a#0 > 1)
                                 +- Relation t [a, b, ts, tags]
                        """);
    }

    @Test
    void whatNeverFailsOvertakesWhatStays() {
        for (NamedExpr condition : List.of(
                call("like", col("b"), "x%"),
                equal("b", call("upper", call("substring", col("b"), 1, 2))),
                call("in", call("concat", call("trim", col("b")), "!"), "a", "b"),
                call(
                        "=",
                        new NamedExpr.Cast(call("length", col("b")), DataTypes.StringType, CastFailure.ERROR),
                        "3"))) {
            assertThat(rule)
                    .on(scan(T).dropDuplicates("b").filter(and(greater("a", 1L), condition)))
                    .gives(scan(T).filter(condition).dropDuplicates("b").filter(greater("a", 1L)));
        }
    }

    @Test
    void whatMayFailDoesNotOvertakeWhatStays() {
        for (NamedExpr condition : List.of(
                call("like", col("b"), "x\\y"),
                call("like", col("b"), col("b")),
                greater("b", call("repeat", col("b"), 1_000_000)),
                call(">", new NamedExpr.Cast(col("b"), DataTypes.IntegerType, CastFailure.ERROR), 3))) {
            assertThat(rule)
                    .on(scan(T).dropDuplicates("b").filter(and(greater("a", 1L), condition)))
                    .givesTheSame();
        }
    }

    @Test
    void castsOvertakeIfEachValueFits() {
        FakeTable v = new FakeTable("v", "a int, d date, i int, c decimal(5,2), ts timestamp");
        for (NamedExpr condition : List.of(
                call("=", cast("ts", DataTypes.DateType), cast("d", DataTypes.DateType)),
                call(">", cast("i", new DecimalType(12, 2)), cast("c", new DecimalType(12, 2))),
                call("=", call("year", col("d")), 2020))) {
            assertThat(rule)
                    .on(scan(v).dropDuplicates("d", "i", "c", "ts").filter(and(greater("a", 1), condition)))
                    .gives(scan(v).filter(condition)
                            .dropDuplicates("d", "i", "c", "ts")
                            .filter(greater("a", 1)));
        }
        for (NamedExpr narrow : List.of(
                call(">", cast("i", new DecimalType(11, 2)), cast("c", new DecimalType(11, 2))),
                call(">=", cast("d", DataTypes.TimestampType), col("ts")))) {
            assertThat(rule)
                    .on(scan(v).dropDuplicates("d", "i", "c", "ts").filter(and(greater("a", 1), narrow)))
                    .givesTheSame();
        }
    }

    private static NamedExpr cast(String column, DataType type) {
        return new NamedExpr.Cast(col(column), type, CastFailure.ERROR);
    }
}
