package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.as;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.col;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import org.junit.jupiter.api.Test;

class CollapseProjectsTest {
    private static final FakeTable T = new FakeTable("t", "a bigint, b string");

    private final Rule rule = new CollapseProjects();

    @Test
    void twoProjectionsBecomeOne() {
        assertThat(rule)
                .on(scan(T).select(as(call("+", col("a"), 1L), "c"), "b").select(as(call("*", col("c"), 2L), "d")))
                .gives(scan(T).select(as(call("*", call("+", col("a"), 1L), 2L), "d")));
    }

    @Test
    void workIsNotDoneTwice() {
        assertThat(rule)
                .on(scan(T).select(as(call("upper", col("b")), "u")).select(as("u", "x"), as("u", "y")))
                .givesTheSame();
    }

    @Test
    void aStructThatIsChosenIsNotBuiltForItsFields() {
        FakeTable table = new FakeTable("t", "s struct<a: bigint, b: string>, r struct<a: bigint, b: string>");
        assertThat(rule)
                .on(scan(table)
                        .select(as(call("coalesce", col("s"), col("r")), "c"))
                        .select(as("c.a", "x"), as(call("isnull", col("c")), "y"), as("c.b", "z")))
                .gives("""
                Project [coalesce(s#0, r#1).a AS x, isnull(coalesce(s#0, r#1)) AS y, coalesce(s#0, r#1).b AS z]
                +- Relation t [s[a, b], r[a, b]]
                """);
        assertThat(rule)
                .on(scan(table)
                        .select(as(call("coalesce", col("s"), col("r")), "c"))
                        .select("c", as("c.a", "x")))
                .givesTheSame();
    }

    @Test
    void columnsMayBeUsedTwice() {
        assertThat(rule)
                .on(scan(T).select("a").select(as("a", "x"), as("a", "y")))
                .gives(scan(T).select(as("a", "x"), as("a", "y")));
    }

    @Test
    void chanceStaysWhereItIs() {
        assertThat(rule)
                .on(scan(T).select(as(call("rand", 1L), "r")).select(as(call("*", col("r"), 2.0), "x")))
                .givesTheSame();
    }

    @Test
    void aProjectionThatChangesNothingGoes() {
        assertThat(rule).on(scan(T).select("a", "b")).gives(scan(T));
        assertThat(rule).on(scan(T).select("b", "a")).givesTheSame();
        assertThat(rule).on(scan(T).select(as("a", "A"), "b")).givesTheSame();
    }
}
