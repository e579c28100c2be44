package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.as;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.equal;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

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
        List<dev.headrace.plan.NamedExpr> keys = List.of(as(call("upper", col("b")), "k"));
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
}
