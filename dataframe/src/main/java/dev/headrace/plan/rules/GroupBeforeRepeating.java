package dev.headrace.plan.rules;

import dev.headrace.function.AggregateFunction;
import dev.headrace.function.PartialOf;
import dev.headrace.function.TotalOf;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.LogicalPlan.Aggregate;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.LogicalPlan.Explode;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Groupings of rows that have been repeated, once for each of ROLLUP's, CUBE's or GROUPING SETS' groupings, become
/// groupings of groups: the rows are grouped by all that the keys are made of, and the groups, of which there are
/// fewer, are repeated with their partial results. Where aggregates are of distinct values, all of the same ones, the
/// rows are grouped by these too, and the groups by their values once more.
///
/// Not those that are [GroupingSets]: the planner makes one operator of these.
final class GroupBeforeRepeating implements Rule {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return Expressions.transformUp(
                plan,
                node -> node instanceof Aggregate aggregate
                                && aggregate.input() instanceof Explode repeated
                                && GroupingSets.numbers(repeated).size() > 1
                                && GroupingSets.of(aggregate).isEmpty()
                                && canBeSplit(aggregate, repeated)
                        ? split(aggregate, repeated)
                        : node);
    }

    private static boolean canBeSplit(Aggregate node, Explode repeated) {
        int width = repeated.input().schema().size();
        List<BoundExpr> parts = parts(node, width);
        return node.firing().isEmpty()
                && !parts.isEmpty()
                && parts.stream().allMatch(part -> isGroupable(part.type()))
                && node.keys().stream().allMatch(key -> key.expr().deterministic())
                && distinctArguments(node).size() <= 1
                && node.aggregates().stream()
                        .map(Aggregation::call)
                        .allMatch(call -> canBeSplit(
                                        call, !distinctArguments(node).isEmpty())
                                && call.arguments().stream().allMatch(argument -> Columns.within(argument, 0, width))
                                && call.filter()
                                        .map(filter -> Columns.within(filter, 0, width))
                                        .orElse(true));
    }

    /// @param byValues whether there is a group for each distinct value
    private static boolean canBeSplit(AggregateCall call, boolean byValues) {
        return call.distinct()
                ? call.filter().isEmpty() && call.arguments().stream().allMatch(BoundExpr::deterministic)
                : !call.function().inOrder() && (!byValues || isSummed(call.function()));
    }

    /// Whether there is little to keep for each of many groups.
    private static boolean isSummed(AggregateFunction function) {
        return function.heapBytes(1, 1) == 0
                && function.partialFields().stream()
                        .noneMatch(field -> field.dataType().isNested());
    }

    private static List<List<BoundExpr>> distinctArguments(Aggregate node) {
        return node.aggregates().stream()
                .map(Aggregation::call)
                .filter(AggregateCall::distinct)
                .map(AggregateCall::arguments)
                .distinct()
                .toList();
    }

    private static LogicalPlan split(Aggregate node, Explode repeated) {
        int width = repeated.input().schema().size();
        List<BoundExpr> parts = parts(node, width);
        List<OutputColumn> innerKeys = new ArrayList<>();
        for (BoundExpr part : parts) {
            innerKeys.add(new OutputColumn("key" + innerKeys.size(), part));
        }
        List<Aggregation> partials = new ArrayList<>();
        for (Aggregation aggregation : node.aggregates()) {
            AggregateCall call = aggregation.call();
            if (!call.distinct()) {
                partials.add(new Aggregation(
                        aggregation.name(),
                        new AggregateCall(new PartialOf(call.function()), call.arguments(), false, call.filter())));
            }
        }
        Aggregate groups = new Aggregate(repeated.input(), innerKeys, partials);
        Explode repeatedGroups =
                new Explode(groups, repeated.collection(), false, repeated.withPosition(), repeated.names());
        StructType schema = repeatedGroups.schema();
        int moved = groups.schema().size() - width;
        List<OutputColumn> keys = new ArrayList<>();
        for (OutputColumn key : node.keys()) {
            keys.add(new OutputColumn(key.name(), overGroups(key.expr(), parts, schema, moved), key.metadata()));
        }
        int partial = parts.size();
        List<Aggregation> totals = new ArrayList<>();
        for (Aggregation aggregation : node.aggregates()) {
            AggregateCall call = aggregation.call();
            totals.add(new Aggregation(
                    aggregation.name(),
                    call.distinct()
                            ? new AggregateCall(
                                    call.function(),
                                    call.arguments().stream()
                                            .map(argument -> overGroups(argument, parts, schema, moved))
                                            .toList(),
                                    true,
                                    Optional.empty())
                            : new AggregateCall(
                                    new TotalOf(call.function()),
                                    List.of(Columns.of(schema, partial++)),
                                    false,
                                    Optional.empty())));
        }
        return new Aggregate(repeatedGroups, keys, totals);
    }

    /// The parts of the keys that are computed from the rows alone, as large as they can be, and the distinct values.
    private static List<BoundExpr> parts(Aggregate node, int width) {
        List<BoundExpr> parts = new ArrayList<>();
        node.keys().forEach(key -> addParts(key.expr(), width, parts));
        distinctArguments(node).forEach(arguments -> arguments.forEach(argument -> addParts(argument, width, parts)));
        return parts;
    }

    private static boolean isGroupable(DataType type) {
        return !type.isNested() && !(type instanceof VariantType);
    }

    private static void addParts(BoundExpr key, int width, List<BoundExpr> parts) {
        if (Columns.usedBy(key).isEmpty() || parts.contains(key)) {
            return;
        }
        if (Columns.within(key, 0, width)) {
            parts.add(key);
        } else {
            key.operands().forEach(operand -> addParts(operand, width, parts));
        }
    }

    private static BoundExpr overGroups(BoundExpr key, List<BoundExpr> parts, StructType schema, int moved) {
        int part = parts.indexOf(key);
        if (part >= 0) {
            return Columns.of(schema, part);
        }
        return key instanceof BoundExpr.Column column
                ? Columns.of(schema, column.ordinal() + moved)
                : key.mapOperands(operand -> overGroups(operand, parts, schema, moved));
    }
}
