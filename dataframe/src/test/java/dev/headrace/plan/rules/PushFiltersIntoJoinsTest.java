package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.equal;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.lit;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.plan.JoinType;
import dev.headrace.plan.NamedExpr;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushFiltersIntoJoinsTest {
    private static final FakeTable A = new FakeTable("a", "id bigint, x bigint");
    private static final FakeTable B = new FakeTable("b", "key bigint, y bigint");
    private static final NamedExpr ON = call("=", col("id"), col("key"));
    private static final NamedExpr LEFT = greater("x", 1L);
    private static final NamedExpr RIGHT = greater("y", 2L);
    private static final NamedExpr BOTH = call(">", col("x"), col("y"));

    private final Rule rule = new PushFiltersIntoJoins();

    private static Query join(JoinType type) {
        return scan(A).join(scan(B), type, ON);
    }

    @Test
    void anInnerJoinTakesAllParts() {
        assertThat(rule)
                .on(join(JoinType.INNER).filter(and(and(LEFT, RIGHT), BOTH)))
                .gives(scan(A).filter(LEFT).join(scan(B).filter(RIGHT), JoinType.INNER, and(ON, BOTH)));
    }

    @Test
    void aCrossJoinWithAConditionIsAnInnerJoin() {
        assertThat(rule).on(scan(A).crossJoin(scan(B)).filter(ON)).gives(scan(A).join(scan(B), JoinType.INNER, ON));
    }

    @Test
    void aLeftJoinTakesWhatIsAboutTheLeftSide() {
        assertThat(rule)
                .on(join(JoinType.LEFT_OUTER).filter(and(LEFT, call("isnull", col("y")))))
                .gives(scan(A).filter(LEFT)
                        .join(scan(B), JoinType.LEFT_OUTER, ON)
                        .filter(call("isnull", col("y"))));
    }

    @Test
    void aRightJoinTakesWhatIsAboutTheRightSide() {
        assertThat(rule)
                .on(join(JoinType.RIGHT_OUTER).filter(and(LEFT, RIGHT)))
                .gives(scan(A).join(scan(B).filter(RIGHT), JoinType.RIGHT_OUTER, ON)
                        .filter(LEFT));
    }

    @Test
    void aFullJoinTakesNothing() {
        assertThat(rule).on(join(JoinType.FULL_OUTER).filter(and(LEFT, RIGHT))).givesTheSame();
    }

    @Test
    void semiAndAntiJoinsTakeWhatIsAboutTheLeftSide() {
        assertThat(rule)
                .on(join(JoinType.LEFT_SEMI).filter(LEFT))
                .gives(scan(A).filter(LEFT).join(scan(B), JoinType.LEFT_SEMI, ON));
        assertThat(rule)
                .on(join(JoinType.LEFT_ANTI).filter(LEFT))
                .gives(scan(A).filter(LEFT).join(scan(B), JoinType.LEFT_ANTI, ON));
    }

    @Test
    void aConditionLeavesTheJoinForTheSideThatIsNotKept() {
        NamedExpr all = and(ON, and(LEFT, RIGHT));
        assertThat(rule)
                .on(scan(A).join(scan(B), JoinType.INNER, all))
                .gives(scan(A).filter(LEFT).join(scan(B).filter(RIGHT), JoinType.INNER, ON));
        assertThat(rule)
                .on(scan(A).join(scan(B), JoinType.LEFT_OUTER, all))
                .gives(scan(A).join(scan(B).filter(RIGHT), JoinType.LEFT_OUTER, and(ON, LEFT)));
        assertThat(rule)
                .on(scan(A).join(scan(B), JoinType.LEFT_ANTI, all))
                .gives(scan(A).join(scan(B).filter(RIGHT), JoinType.LEFT_ANTI, and(ON, LEFT)));
        assertThat(rule).on(scan(A).join(scan(B), JoinType.FULL_OUTER, all)).givesTheSame();
    }

    @Test
    void whatHoldsForAKeyHoldsForTheOtherSides() {
        NamedExpr id = greater("id", 1L);
        NamedExpr key = greater("key", 1L);
        for (JoinType type : List.of(JoinType.INNER, JoinType.LEFT_OUTER, JoinType.LEFT_SEMI, JoinType.LEFT_ANTI)) {
            assertThat(rule).on(join(type).filter(id)).gives(scan(A).filter(id).join(scan(B).filter(key), type, ON));
        }
        for (JoinType type : List.of(JoinType.INNER, JoinType.RIGHT_OUTER)) {
            assertThat(rule).on(join(type).filter(key)).gives(scan(A).filter(id).join(scan(B).filter(key), type, ON));
        }
        assertThat(rule)
                .on(scan(A).join(scan(B), JoinType.INNER, and(ON, id)))
                .gives(scan(A).filter(id).join(scan(B).filter(key), JoinType.INNER, ON));
        assertThat(rule)
                .on(scan(A).join(scan(B), JoinType.LEFT_OUTER, and(ON, key)))
                .gives(scan(A).join(scan(B).filter(key), JoinType.LEFT_OUTER, ON));
        assertThat(rule)
                .on(scan(A).join(scan(B), JoinType.RIGHT_OUTER, and(ON, id)))
                .gives(scan(A).filter(id).join(scan(B), JoinType.RIGHT_OUTER, ON));
    }

    @Test
    void whatMayFailIsAskedOfNoOtherRows() {
        NamedExpr failing = call("=", call("div", lit(1L), col("id")), lit(1L));
        assertThat(rule)
                .on(join(JoinType.INNER).filter(failing))
                .gives(scan(A).filter(failing).join(scan(B), JoinType.INNER, ON));
    }

    @Test
    void filtersByChanceStay() {
        assertThat(rule)
                .on(join(JoinType.INNER).filter(call(">", call("rand", 1L), 0.5)))
                .givesTheSame();
        assertThat(rule)
                .on(join(JoinType.INNER).filter(equal("x", call("rand", 1L))))
                .givesTheSame();
    }
}
