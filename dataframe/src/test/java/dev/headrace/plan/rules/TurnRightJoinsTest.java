package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.plan.JoinType;
import dev.headrace.plan.NamedExpr;
import org.junit.jupiter.api.Test;

class TurnRightJoinsTest {
    private static final FakeTable A = new FakeTable("a", "id bigint, x bigint");
    private static final FakeTable B = new FakeTable("b", "key bigint");
    private static final NamedExpr ON =
            and(call("=", col("id"), col("key")), call(">", col("x"), call("+", col("key"), 1L)));

    private final Rule rule = new TurnRightJoins();

    @Test
    void aRightJoinIsALeftOneOfTheOtherSide() {
        assertThat(rule)
                .on(scan(A).join(scan(B), JoinType.RIGHT_OUTER, ON))
                .gives(scan(B).join(scan(A), JoinType.LEFT_OUTER, ON).select("id", "x", "key"));
    }

    @Test
    void otherJoinsAndThoseOfStreamsStay() {
        Query stream = scan(new FakeStream("s", "id bigint, x bigint"));
        assertThat(rule).on(scan(A).join(scan(B), JoinType.FULL_OUTER, ON)).givesTheSame();
        assertThat(rule).on(stream.join(scan(B), JoinType.RIGHT_OUTER, ON)).givesTheSame();
    }
}
