package dev.headrace.plan.rules;

import static dev.headrace.plan.rules.Query.scan;
import static dev.headrace.plan.rules.RuleAssert.assertThat;

import org.junit.jupiter.api.Test;

class CombineUnionsTest {
    private static final FakeTable T = new FakeTable("t", "a bigint");

    @Test
    void unionsOfUnionsBecomeOne() {
        assertThat(new CombineUnions())
                .on(scan(T).union(scan(T)).union(scan(T).union(scan(T))))
                .gives("""
                        Union
                        :- Relation t [a]
                        :- Relation t [a]
                        :- Relation t [a]
                        +- Relation t [a]
                        """);
    }
}
