package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.lit;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import org.junit.jupiter.api.Test;

class SimplifyConditionsTest {
    private static final FakeTable T = new FakeTable("t", "a bigint, n bigint not null");
    private static final FakeStream S = new FakeStream("s", "a bigint");

    private final Rule rule = new SimplifyConditions();

    @Test
    void constantsLeaveAndAndOr() {
        assertThat(rule).on(scan(T).filter(and(greater("a", 1L), lit(true)))).gives(scan(T).filter(greater("a", 1L)));
        assertThat(rule)
                .on(scan(T).filter(call("or", lit(false), greater("a", 1L))))
                .gives(scan(T).filter(greater("a", 1L)));
        assertThat(rule)
                .on(scan(T).filter(call("or", lit(true), greater("a", 1L))))
                .gives(scan(T));
    }

    @Test
    void negatedComparisonsAreTurned() {
        assertThat(rule)
                .on(scan(T).filter(call("not", greater("a", 1L))))
                .gives(scan(T).filter(call("<=", col("a"), 1L)));
        assertThat(rule)
                .on(scan(T).filter(call("not", call("not", greater("a", 1L)))))
                .gives(scan(T).filter(greater("a", 1L)));
        assertThat(rule)
                .on(scan(T).filter(call("not", call("<=>", col("a"), 1L))))
                .givesTheSame();
    }

    @Test
    void aFilterByTrueGoesAndOneByFalseLeavesNothing() {
        assertThat(rule).on(scan(T).filter(lit(true))).gives(scan(T));
        assertThat(rule).on(scan(T).filter(lit(false))).gives("LocalRelation [a, n], 0 rows\n");
        assertThat(rule).on(scan(T).filter(lit(null))).gives("LocalRelation [a, n], 0 rows\n");
    }

    @Test
    void aStreamStaysAStream() {
        assertThat(rule).on(scan(S).filter(lit(false))).givesTheSame();
    }

    @Test
    void whatIsNeverNullNeedsNoTest() {
        assertThat(rule).on(scan(T).filter(call("isnotnull", col("n")))).gives(scan(T));
        assertThat(rule).on(scan(T).filter(call("isnotnull", col("a")))).givesTheSame();
        assertThat(rule)
                .on(scan(T).select(call("coalesce", col("n"), col("a"))))
                .gives("""
                        Project [n#1 AS coalesce(n, a)]
                        +- Relation t [a, n]
                        """);
    }

    @Test
    void branchesThatCantBeReachedGo() {
        assertThat(rule)
                .on(scan(T).select(
                                Query.as(call("when", lit(false), 1L, greater("a", 5L), 2L, lit(true), 3L, 4L), "x")))
                .gives("""
                        Project [CASE WHEN (a#0 > 5) THEN 2 ELSE 3 END AS x]
                        +- Relation t [a, n]
                        """);
    }
}
