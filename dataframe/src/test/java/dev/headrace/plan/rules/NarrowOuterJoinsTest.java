package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.lit;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.plan.JoinType;
import dev.headrace.plan.NamedExpr;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class NarrowOuterJoinsTest {
    private static final FakeTable A = new FakeTable("a", "id bigint, x bigint, s string");
    private static final FakeTable B = new FakeTable("b", "key bigint, y bigint, t string");
    private static final NamedExpr ON = call("=", col("id"), col("key"));

    private final Rule rule = new NarrowOuterJoins(ZoneOffset.UTC);

    private static Query join(JoinType type) {
        return scan(A).join(scan(B), type, ON);
    }

    private void assertBecomes(JoinType expected, JoinType type, NamedExpr condition) {
        assertThat(rule).on(join(type).filter(condition)).gives(join(expected).filter(condition));
    }

    @Test
    void aLeftJoinIsAnInnerOneIfTheConditionIsNeverTrueWithoutAPartner() {
        NamedExpr nullWithout = greater("x", call("if", call("isnull", col("y")), lit(null), col("y")));
        NamedExpr eitherNull = greater("x", call("if", greater("x", 3L), lit(null), col("y")));
        for (NamedExpr condition : List.of(
                greater("y", 2L),
                call("!=", col("x"), call("+", col("y"), 1L)),
                call("in", col("y"), 1L, 2L),
                call("like", col("t"), "a%"),
                call("isnotnull", col("y")),
                call("not", call("isnull", col("y"))),
                call("or", greater("y", 2L), call("=", col("t"), "a")),
                call("or", and(greater("x", 1L), greater("y", 2L)), and(greater("x", 2L), greater("y", 1L))),
                call(">", call("coalesce", col("y"), 0L), 5L),
                call(">", call("length", col("t")), 5L),
                and(call("isnull", col("s")), greater("y", 2L)),
                nullWithout,
                eitherNull)) {
            assertBecomes(JoinType.INNER, JoinType.LEFT_OUTER, condition);
        }
    }

    @Test
    void staysIfRowsWithoutAPartnerMayPass() {
        for (NamedExpr condition : List.of(
                greater("x", 2L),
                call("isnull", col("y")),
                call("<=>", col("y"), lit(null)),
                call("or", greater("y", 2L), greater("x", 2L)),
                call(">", call("coalesce", col("y"), 7L), 5L),
                greater("x", call("if", call("isnull", col("y")), 0L, col("y"))),
                greater("x", call("if", greater("x", 3L), 0L, col("y"))),
                call(">", call("+", col("y"), call("rand", 1L)), 0.5))) {
            assertBecomes(JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, condition);
        }
    }

    /// Those rows fail, which somebody may rely on.
    @Test
    void staysIfTheConditionFailsWithoutAPartner() {
        assertBecomes(
                JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, call(">", call("/", 1L, call("coalesce", col("y"), 0L)), 5L));
    }

    @Test
    void aRightJoinIsAnInnerOneByConditionsOnTheLeft() {
        assertBecomes(JoinType.INNER, JoinType.RIGHT_OUTER, call("in", col("x"), 1L, 2L));
        assertBecomes(JoinType.RIGHT_OUTER, JoinType.RIGHT_OUTER, call("in", col("y"), 1L, 2L));
    }

    @Test
    void aFullJoinKeepsTheRowsThatMayPass() {
        assertBecomes(JoinType.LEFT_OUTER, JoinType.FULL_OUTER, greater("x", 1L));
        assertBecomes(JoinType.RIGHT_OUTER, JoinType.FULL_OUTER, greater("y", 1L));
        assertBecomes(JoinType.INNER, JoinType.FULL_OUTER, call(">", col("x"), col("y")));
        assertBecomes(JoinType.INNER, JoinType.FULL_OUTER, and(greater("x", 1L), call("isnotnull", col("y"))));
        assertBecomes(JoinType.FULL_OUTER, JoinType.FULL_OUTER, call(">", call("coalesce", col("x"), col("y")), 1L));
    }

    private void assertBecomesBelow(JoinType expected, JoinType type, JoinType above, NamedExpr condition) {
        Query c = scan(new FakeTable("c", "z bigint"));
        assertThat(rule)
                .on(join(type).join(c, above, condition))
                .gives(join(expected).join(c, above, condition));
        assertThat(rule)
                .on(join(type).filter(greater("x", 1L)).select("y", "id", "x").join(c, above, condition))
                .gives(join(type == expected ? type : JoinType.INNER)
                        .filter(greater("x", 1L))
                        .select("y", "id", "x")
                        .join(c, above, condition));
    }

    @Test
    void conditionsOfJoinsAboveAreFilters() {
        NamedExpr equal = call("=", col("z"), col("y"));
        assertBecomesBelow(JoinType.INNER, JoinType.LEFT_OUTER, JoinType.INNER, equal);
        assertBecomesBelow(JoinType.INNER, JoinType.LEFT_OUTER, JoinType.LEFT_SEMI, equal);
        assertBecomesBelow(JoinType.INNER, JoinType.LEFT_OUTER, JoinType.RIGHT_OUTER, equal);
        assertBecomesBelow(JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, equal);
        assertBecomesBelow(JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, JoinType.LEFT_ANTI, equal);
        assertBecomesBelow(JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, JoinType.FULL_OUTER, equal);
        assertBecomesBelow(JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, JoinType.INNER, call("=", col("z"), col("id")));
        assertBecomesBelow(JoinType.LEFT_OUTER, JoinType.LEFT_OUTER, JoinType.INNER, call("<=>", col("z"), col("y")));
    }

    @Test
    void conditionsOfJoinsAreFiltersOfBothSides() {
        Query c = scan(new FakeTable("c", "z bigint"));
        NamedExpr equal = call("=", col("z"), col("y"));
        assertThat(rule)
                .on(c.join(join(JoinType.LEFT_OUTER), JoinType.LEFT_OUTER, equal))
                .gives(c.join(join(JoinType.INNER), JoinType.LEFT_OUTER, equal));
        NamedExpr other = call("=", col("w"), col("x"));
        Query d = scan(new FakeTable("d", "w bigint"));
        assertThat(rule)
                .on(join(JoinType.FULL_OUTER).join(d, JoinType.INNER, other))
                .gives(join(JoinType.LEFT_OUTER).join(d, JoinType.INNER, other));
        assertThat(rule)
                .on(join(JoinType.FULL_OUTER).join(c, JoinType.INNER, equal).join(d, JoinType.INNER, other))
                .gives(join(JoinType.INNER).join(c, JoinType.INNER, equal).join(d, JoinType.INNER, other));
    }

    /// What is held of their rows depends on the kind.
    @Test
    void joinsOfStreamsStay() {
        Query stream = scan(new FakeStream("s", "id bigint, x bigint"));
        assertThat(rule)
                .on(stream.join(scan(B), JoinType.LEFT_OUTER, ON).filter(greater("y", 2L)))
                .givesTheSame();
    }
}
