package dev.headrace.plan.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.PlanText;

/// Says what a rule makes of a plan: `assertThat(rule).on(query).gives(query)`.
record RuleAssert(Rule rule) {
    static RuleAssert assertThat(Rule rule) {
        return new RuleAssert(rule);
    }

    On on(Query query) {
        return on(query.plan());
    }

    On on(LogicalPlan plan) {
        return new On(rule, plan);
    }

    record On(Rule rule, LogicalPlan plan) {
        void gives(Query expected) {
            gives(PlanText.of(expected.plan()));
        }

        /// @param expected the tree's text
        void gives(String expected) {
            LogicalPlan given = rule.apply(plan);
            assertEquals(expected, PlanText.of(given));
            assertEquals(plan.schema().names(), given.schema().names());
            assertEquals(given, rule.apply(rule.apply(given)), "the rule comes to an end");
        }

        void givesTheSame() {
            gives(PlanText.of(plan));
        }
    }
}
