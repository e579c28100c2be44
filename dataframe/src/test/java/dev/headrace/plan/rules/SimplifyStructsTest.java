package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.as;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import dev.headrace.plan.NamedExpr;
import org.junit.jupiter.api.Test;

class SimplifyStructsTest {
    private static final FakeTable T = new FakeTable("t", "a bigint, b string");

    @Test
    void aFieldOfAStructMadeOnTheSpotIsTheFieldsValue() {
        NamedExpr field = new NamedExpr.Extract(call("struct", col("a"), col("b")), Query.lit("b"));
        assertThat(new SimplifyStructs()).on(scan(T).select(as(field, "x"))).gives(scan(T).select(as("b", "x")));
    }

    @Test
    void aFieldOfAStructThatIsChosenIsAChoiceBetweenFields() {
        FakeTable table = new FakeTable("t", "s struct<a: bigint, b: string>, r struct<a: bigint, b: string>");
        NamedExpr field = new NamedExpr.Extract(call("coalesce", col("s"), col("r")), Query.lit("b"));
        assertThat(new SimplifyStructs()).on(scan(table).select(as(field, "x"))).gives("""
                Project [CASE WHEN isnull(s#0) THEN r#1.b ELSE s#0.b END AS x]
                +- Relation t [s[a, b], r[a, b]]
                """);
    }
}
