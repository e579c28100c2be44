package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.as;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.equal;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.plan.JoinType;
import org.junit.jupiter.api.Test;

class PushLimitsTest {
    private static final FakeTable T = new FakeTable("t", "a bigint");
    private static final FakeTable U = new FakeTable("u", "x bigint");
    private static final FakeStream S = new FakeStream("s", "a bigint");

    private final Rule rule = new PushLimits();

    @Test
    void intoTheScanRightBelow() {
        assertThat(rule).on(scan(T).limit(3)).gives("""
                        Limit 3
                        +- Relation t [a], limit 3
                        """);
        assertThat(rule).on(scan(T).offset(2).limit(3)).gives("""
                        Limit 3, offset 2
                        +- Relation t [a], limit 5
                        """);
    }

    @Test
    void notBelowAFilter() {
        assertThat(rule).on(scan(T).filter(greater("a", 1L)).limit(3)).givesTheSame();
    }

    @Test
    void anOffsetAloneTellsNothing() {
        assertThat(rule).on(scan(T).offset(3)).givesTheSame();
    }

    @Test
    void offsetsTogetherEndAtTheMostThatThereMayBe() {
        assertThat(rule).on(scan(T).offset(Long.MAX_VALUE).offset(1)).gives(scan(T).offset(Long.MAX_VALUE));
    }

    @Test
    void limitsOfLimitsBecomeOne() {
        assertThat(rule)
                .on(scan(T).filter(greater("a", 1L)).limit(10).offset(4).limit(20))
                .gives("""
                        Limit 6, offset 4
                        +- Filter (a#0 > 1)
                           +- Relation t [a]
                        """);
        assertThat(rule).on(scan(T).filter(greater("a", 1L)).limit(3).offset(5)).gives("""
                        Limit 0, offset 5
                        +- Filter (a#0 > 1)
                           +- Relation t [a]
                        """);
    }

    @Test
    void belowAProjection() {
        assertThat(rule)
                .on(scan(T).orderBy("a")
                        .select(as(call("+", col("a"), 1L), "b"))
                        .limit(3))
                .gives(scan(T).orderBy("a").limit(3).select(as(call("+", col("a"), 1L), "b")));
    }

    @Test
    void intoEachInputOfAUnion() {
        assertThat(rule).on(scan(T).union(scan(U)).limit(3)).gives("""
                        Limit 3
                        +- Union
                           :- Limit 3
                           :  +- Relation t [a], limit 3
                           +- Limit 3
                              +- Relation u [x], limit 3
                        """);
    }

    @Test
    void toTheSideOfAnOuterJoinThatComesOutWhole() {
        assertThat(rule)
                .on(scan(T).join(scan(U), JoinType.LEFT_OUTER, equal("a", col("x")))
                        .limit(3))
                .gives("""
                        Limit 3
                        +- Join LEFT_OUTER, (a#0 = x#1)
                           :- Limit 3
                           :  +- Relation t [a], limit 3
                           +- Relation u [x]
                        """);
        assertThat(rule)
                .on(scan(T).join(scan(U), JoinType.INNER, equal("a", col("x"))).limit(3))
                .givesTheSame();
    }

    @Test
    void aStreamIsReadWholeForItsLimit() {
        assertThat(rule).on(scan(S).limit(3)).givesTheSame();
        assertThat(rule).on(scan(S).union(scan(S)).limit(3)).givesTheSame();
    }

    @Test
    void limitsOfLimitsOfStreamsBecomeOne() {
        assertThat(rule).on(scan(S).limit(10).offset(4).limit(20)).gives("""
                        Limit 6, offset 4
                        +- StreamingRelation s [a]
                        """);
    }
}
