package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.and;
import static dev.headrace.plan.rules.Query.call;
import static dev.headrace.plan.rules.Query.greater;
import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import org.junit.jupiter.api.Test;

class CombineFiltersTest {
    private static final FakeTable T = new FakeTable("t", "a bigint, b bigint");

    @Test
    void twoFiltersBecomeOneWithTheInnerConditionFirst() {
        assertThat(new CombineFilters())
                .on(scan(T).filter(greater("a", 1L)).filter(greater("b", 2L)))
                .gives(scan(T).filter(and(greater("a", 1L), greater("b", 2L))));
    }

    @Test
    void filtersByChanceStayApart() {
        assertThat(new CombineFilters())
                .on(scan(T).filter(greater("a", 1L)).filter(call(">", call("rand", 1L), 0.5)))
                .givesTheSame();
    }
}
