package dev.headrace.plan.rules;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Totality;
import dev.headrace.plan.WindowFunction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// Filters rows as early as possible: below projections, sorts, unions, explodes, and below aggregations and
/// deduplications as far as only their keys are concerned. A filter on sessions stays above their aggregation. Filters
/// over joins are [PushFiltersIntoJoins]'.
///
/// A filter goes below a watermark unless it uses the event time: then it would hold back the watermark itself. Filters
/// with functions that are not deterministic stay where they are, and what may fail for a row stays behind conditions
/// that do, as these may be there to leave out that row.
final class PushFilters implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan pushed = plan instanceof LogicalPlan.Filter(LogicalPlan input, BoundExpr predicate)
                ? push(input, Conjuncts.of(predicate), plan)
                : plan;
        return pushed.mapInputs(this::apply);
    }

    private static LogicalPlan push(LogicalPlan input, List<BoundExpr> parts, LogicalPlan asIs) {
        return switch (input) {
            case LogicalPlan.Project project -> belowProject(project, parts, asIs);
            case LogicalPlan.Sort sort -> below(sort, parts, _ -> true, asIs);
            case LogicalPlan.Watermark watermark ->
                below(watermark, parts, part -> !Columns.usedBy(part).get(watermark.column()), asIs);
            case LogicalPlan.Deduplicate deduplicate -> {
                BitSet keys = new BitSet();
                deduplicate.keys().forEach(keys::set);
                yield below(deduplicate, parts, part -> containsAll(keys, Columns.usedBy(part)), asIs);
            }
            case LogicalPlan.Explode explode -> {
                int width = explode.input().schema().size();
                yield below(explode, parts, part -> Columns.within(part, 0, width), asIs);
            }
            case LogicalPlan.Aggregate aggregate -> belowAggregate(aggregate, parts, asIs);
            case LogicalPlan.Union union -> intoUnion(union, parts, asIs);
            case LogicalPlan.Window window -> {
                // Whole partitions may go; single rows of them may not.
                yield below(window, parts, part -> onlyPartition(window, part), asIs);
            }
            case LogicalPlan.AsOfJoin join -> {
                int width = join.left().schema().size();
                yield below(
                        parts,
                        part -> !Columns.usedBy(part).isEmpty() && Columns.within(part, 0, width),
                        asIs,
                        passed -> new LogicalPlan.AsOfJoin(
                                Conjuncts.filter(join.left(), passed),
                                join.right(),
                                join.type(),
                                join.condition(),
                                join.asOf()));
            }
            case LogicalPlan.LookupJoin join -> {
                int width = join.input().schema().size();
                yield below(
                        join, parts, part -> !Columns.usedBy(part).isEmpty() && Columns.within(part, 0, width), asIs);
            }
            // What is shed is to cost as little as it can; what is observed counts rows that a filter above leaves out.
            case LogicalPlan.Shed _,
                    LogicalPlan.Observe _,
                    LogicalPlan.Filter _,
                    LogicalPlan.MapGroups _,
                    LogicalPlan.Join _,
                    LogicalPlan.Limit _,
                    LogicalPlan.Scan _,
                    LogicalPlan.LocalRelation _,
                    LogicalPlan.Range _ -> asIs;
        };
    }

    /// Below a node with one input whose columns it passes on at the same places.
    private static LogicalPlan below(
            LogicalPlan node, List<BoundExpr> parts, Predicate<BoundExpr> mayPass, LogicalPlan asIs) {
        return below(parts, mayPass, asIs, passed -> node.mapInputs(input -> Conjuncts.filter(input, passed)));
    }

    /// @param pushed the node with what may pass below it
    private static LogicalPlan below(
            List<BoundExpr> parts,
            Predicate<BoundExpr> mayPass,
            LogicalPlan asIs,
            Function<List<BoundExpr>, LogicalPlan> pushed) {
        List<BoundExpr> passed = new ArrayList<>();
        List<BoundExpr> kept = new ArrayList<>();
        for (BoundExpr part : parts) {
            (part.deterministic() && mayPass.test(part) && mayOvertake(part, kept) ? passed : kept).add(part);
        }
        if (passed.isEmpty()) {
            return asIs;
        }
        return Conjuncts.filter(pushed.apply(passed), kept);
    }

    /// Whether a condition may be asked before those that stay above.
    private static boolean mayOvertake(BoundExpr part, List<BoundExpr> kept) {
        return kept.isEmpty() || Totality.neverFails(part);
    }

    private static LogicalPlan belowProject(LogicalPlan.Project project, List<BoundExpr> parts, LogicalPlan asIs) {
        List<OutputColumn> columns = project.columns();
        if (!columns.stream().allMatch(column -> column.expr().deterministic())) {
            return asIs;
        }
        List<BoundExpr> passed = new ArrayList<>();
        List<BoundExpr> kept = new ArrayList<>();
        for (BoundExpr part : parts) {
            boolean cheap = Columns.usedBy(part).stream()
                    .allMatch(i -> Columns.isCheap(columns.get(i).expr()));
            if (part.deterministic() && cheap && mayOvertake(part, kept)) {
                passed.add(Columns.substitute(part, columns));
            } else {
                kept.add(part);
            }
        }
        if (passed.isEmpty()) {
            return asIs;
        }
        LogicalPlan below = new LogicalPlan.Project(Conjuncts.filter(project.input(), passed), columns);
        return Conjuncts.filter(below, kept);
    }

    private static LogicalPlan belowAggregate(
            LogicalPlan.Aggregate aggregate, List<BoundExpr> parts, LogicalPlan asIs) {
        List<OutputColumn> keys = aggregate.keys();
        boolean deterministic = keys.stream().allMatch(key -> key.expr().deterministic());
        Predicate<BoundExpr> splitsSessions = splitsSessions(aggregate.input());
        List<BoundExpr> passed = new ArrayList<>();
        List<BoundExpr> kept = new ArrayList<>();
        for (BoundExpr part : parts) {
            boolean onKeys = Columns.within(part, 0, keys.size())
                    && !Columns.usedBy(part).isEmpty();
            BoundExpr below = onKeys ? Columns.substitute(part, keys) : part;
            boolean mayPass = onKeys
                    && !splitsSessions.test(below)
                    && !dividesGroupings(aggregate, below)
                    && mayOvertake(part, kept);
            if (deterministic && part.deterministic() && mayPass) {
                passed.add(below);
            } else {
                kept.add(part);
            }
        }
        if (passed.isEmpty()) {
            return asIs;
        }
        LogicalPlan filtered = Conjuncts.filter(aggregate.input(), passed);
        return Conjuncts.filter(
                new LogicalPlan.Aggregate(filtered, keys, aggregate.aggregates(), aggregate.firing()), kept);
    }

    /// Whether a filter would stay between the rows that are repeated for several groupings and these, which otherwise
    /// are made of each other. State of a stream is worth more than that.
    private static boolean dividesGroupings(LogicalPlan.Aggregate aggregate, BoundExpr part) {
        return !aggregate.isStreaming()
                && GroupingSets.of(aggregate).isPresent()
                && NumberedCondition.of(aggregate.input(), part)
                        .filter(numbered -> !numbered.isOne())
                        .isPresent();
    }

    /// Whether a filter would stay between the sessions and their aggregation, which over a stream finds both at once.
    private static Predicate<BoundExpr> splitsSessions(LogicalPlan input) {
        return input instanceof LogicalPlan.Window window
                        && window.columns().getFirst().call().function() instanceof WindowFunction.Session
                ? part -> !onlyPartition(window, part)
                : _ -> false;
    }

    private static LogicalPlan intoUnion(LogicalPlan.Union union, List<BoundExpr> parts, LogicalPlan asIs) {
        if (!parts.stream().allMatch(BoundExpr::deterministic)) {
            return asIs;
        }
        List<LogicalPlan> inputs = union.inputs().stream()
                .map(input -> Conjuncts.filter(
                        input,
                        parts.stream()
                                .map(part -> Columns.move(part, input, i -> i))
                                .toList()))
                .toList();
        return new LogicalPlan.Union(inputs);
    }

    private static boolean onlyPartition(LogicalPlan.Window window, BoundExpr part) {
        BitSet used = Columns.usedBy(part);
        return !used.isEmpty() && used.stream().allMatch(column -> isPartition(window, column));
    }

    private static boolean isPartition(LogicalPlan.Window window, int ordinal) {
        return window.partition().stream()
                .anyMatch(expr -> expr instanceof BoundExpr.Column column && column.ordinal() == ordinal);
    }

    private static boolean containsAll(BitSet all, BitSet some) {
        BitSet rest = (BitSet) some.clone();
        rest.andNot(all);
        return rest.isEmpty();
    }
}
