package dev.headrace.plan.rules;

import dev.headrace.json.JsonFunctions;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.protobuf.ProtobufFunctions;
import java.time.ZoneId;
import java.util.List;

/// Rewrites a plan into one that gives the same rows with less work.
public final class Optimizer {
    private static final int MAX_ROUNDS = 100;

    private final List<Rule> rules;
    private final List<Rule> once = List.of(
            new CountKnownRows(),
            new GroupBeforeRepeating(),
            new PushSemiJoins(),
            new OrderJoins(),
            new GroupBeforeJoins());

    private Optimizer(List<Rule> rules) {
        this.rules = rules;
    }

    private Optimizer(ZoneId zone) {
        this(List.of(
                new FoldConstants(zone),
                new SimplifyConditions(),
                new SimplifyStructs(),
                new CombineUnions(),
                new PushFilters(),
                new FilterNumberedRows(),
                new NarrowOuterJoins(zone),
                new TurnRightJoins(),
                new PushFiltersIntoJoins(),
                new CombineFilters(),
                new CollapseProjects(),
                new PushLimits(),
                new DecodePayloads(call -> JsonFunctions.decoderOf(call).or(() -> ProtobufFunctions.decoderOf(call))),
                new PushFiltersIntoScans(),
                new PruneColumns()));
    }

    /// Applies all rules until none changes the plan any more.
    ///
    /// @param zone the session time zone, in which constants such as `TIMESTAMP '2026-01-31 10:00:00'` are read
    public static LogicalPlan optimize(LogicalPlan plan, ZoneId zone) {
        return new Optimizer(zone).run(plan);
    }

    /// The same without leaving out columns that nothing above needs.
    public static LogicalPlan keepingColumns(LogicalPlan plan, ZoneId zone) {
        Optimizer all = new Optimizer(zone);
        return new Optimizer(all.rules.stream()
                        .filter(rule -> !(rule instanceof PruneColumns))
                        .toList())
                .run(plan);
    }

    /// The same as [#keepingColumns], with payloads decoded where they are used, beside the columns that say where they
    /// are from.
    public static LogicalPlan keepingPayloads(LogicalPlan plan, ZoneId zone) {
        Optimizer all = new Optimizer(zone);
        return new Optimizer(all.rules.stream()
                        .filter(rule -> !(rule instanceof PruneColumns) && !(rule instanceof DecodePayloads))
                        .toList())
                .run(plan);
    }

    private LogicalPlan run(LogicalPlan plan) {
        ObservedNames.check(plan);
        return plan.isStreaming() ? chosen(untilNothingChanges(plan)) : sharing(plan);
    }

    /// Groupings that the plan has in several places are left out until what is around them is optimized. Those of
    /// which one place is left are put back, whereupon there may be others.
    private LogicalPlan sharing(LogicalPlan plan) {
        LogicalPlan around = plan;
        LogicalPlan before;
        do {
            before = untilNothingChanges(RepeatedGroupings.marked(around, this::sharing));
            around = RepeatedGroupings.withoutSingles(before);
        } while (!around.equals(before));
        return RepeatedGroupings.resolved(chosen(around), this::sharing);
    }

    /// The rules that choose by what tables know come once, when conditions are where they belong.
    private LogicalPlan chosen(LogicalPlan simple) {
        if (simple.isStreaming()) {
            return simple;
        }
        LogicalPlan chosen = simple;
        for (Rule rule : once) {
            chosen = rule.apply(chosen);
        }
        return chosen.equals(simple) ? simple : untilNothingChanges(chosen);
    }

    private LogicalPlan untilNothingChanges(LogicalPlan plan) {
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
