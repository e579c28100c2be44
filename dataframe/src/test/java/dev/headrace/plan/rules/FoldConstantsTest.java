package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.equal;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.lit;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.plan.CastFailure;
import dev.headrace.plan.NamedExpr;
import dev.headrace.types.DataTypes;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {
    private static final FakeTable T = new FakeTable("t", "a bigint, s string, ts timestamp");

    private final Rule rule = new FoldConstants(ZoneId.of("Europe/Berlin"));

    @Test
    void constantsAreComputedOnce() {
        assertThat(rule)
                .on(scan(T).filter(greater("a", call("+", 1L, call("*", 2L, 3L)))))
                .gives(scan(T).filter(greater("a", 7L)));
        assertThat(rule).on(scan(T).filter(equal("s", call("upper", "x")))).gives(scan(T).filter(equal("s", "X")));
    }

    @Test
    void timesInTextsAreReadInTheSessionTimeZone() {
        NamedExpr time = new NamedExpr.Cast(lit("2026-01-31 10:00:00"), DataTypes.TimestampType, CastFailure.ERROR);
        assertThat(rule).on(scan(T).filter(greater("ts", time))).gives("""
                        Filter (ts#2 > TIMESTAMP '2026-01-31T09:00:00Z')
                        +- Relation t [a, s, ts]
                        """);
    }

    @Test
    void aComparisonWithNullIsNull() {
        assertThat(rule).on(scan(T).filter(equal("a", lit(null)))).gives("""
                        Filter NULL
                        +- Relation t [a, s, ts]
                        """);
    }

    @Test
    void whatFailsIsLeftToFailWhenARowNeedsIt() {
        assertThat(rule).on(scan(T).filter(greater("a", call("div", 1L, 0L)))).givesTheSame();
    }

    @Test
    void whatIsLargeIsMadeWhenARowNeedsIt() {
        assertThat(rule)
                .on(scan(T).filter(equal("s", call("lpad", "7", 3, "0"))))
                .gives(scan(T).filter(equal("s", "007")));
        assertThat(rule)
                .on(scan(T).filter(equal("s", call("repeat", "x", 2_000_000_000))))
                .givesTheSame();
        assertThat(rule)
                .on(scan(T).filter(equal("s", call("repeat", call("repeat", "x", 10_000), 10_000))))
                .gives(scan(T).filter(equal("s", call("repeat", "x".repeat(10_000), 10_000))));
    }

    @Test
    void whatDependsOnTheBatchOrOnChanceIsNotComputedOnce() {
        assertThat(rule)
                .on(scan(T).filter(greater("ts", call("current_timestamp"))))
                .givesTheSame();
        assertThat(rule).on(scan(T).select(col("a"), call("rand", 7L))).givesTheSame();
    }
}
