package dev.headrace.plan.rules;

import dev.headrace.json.JsonFunctions;
import dev.headrace.plan.LogicalPlan;
import java.time.ZoneId;
import java.util.List;

/// Rewrites a plan into one that gives the same rows with less work.
public final class Optimizer {
    private static final int MAX_ROUNDS = 100;

    private final List<Rule> rules;

    private Optimizer(ZoneId zone) {
        this.rules = List.of(
                new FoldConstants(zone),
                new SimplifyConditions(),
                new SimplifyStructs(),
                new CombineUnions(),
                new PushFilters(),
                new PushFiltersIntoJoins(),
                new CombineFilters(),
                new CollapseProjects(),
                new PushLimits(),
                new DecodePayloads(JsonFunctions::decoderOf),
                new PushFiltersIntoScans(),
                new PruneColumns());
    }

    /// Applies all rules until none changes the plan any more.
    ///
    /// @param zone the session time zone, in which constants such as `TIMESTAMP '2026-01-31 10:00:00'` are read
    public static LogicalPlan optimize(LogicalPlan plan, ZoneId zone) {
        return new Optimizer(zone).run(plan);
    }

    private LogicalPlan run(LogicalPlan plan) {
        LogicalPlan current = plan;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            LogicalPlan before = current;
            for (Rule rule : rules) {
                current = rule.apply(current);
            }
            if (current.equals(before)) {
                return current;
            }
        }
        // Each step is right, so a plan that could still be improved is right too.
        return current;
    }
}
