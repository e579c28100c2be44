package dev.headrace.plan.rules;

import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan.Aggregate;
import dev.headrace.plan.LogicalPlan.Aggregate.Aggregation;
import dev.headrace.plan.LogicalPlan.Explode;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Several groupings of the same rows, which the groups of one finer grouping can be put together to: what a grouping
/// of rows is that are repeated with a number for each of ROLLUP's, CUBE's or GROUPING SETS' groupings.
///
/// @param groups the rows, each once, grouped by all that one of the groupings is by
/// @param sets for each grouping the keys of the result: columns of the groups, or constants
public record GroupingSets(Aggregate groups, List<List<BoundExpr>> sets) {
    /// Each grouping has its own table.
    private static final int MOST_SETS = 64;

    /// Only for what does not depend on the time zone.
    private static final FoldConstants CONSTANTS = new FoldConstants(ZoneOffset.UTC);

    public GroupingSets {
        sets = sets.stream().map(List::copyOf).toList();
    }

    /// The groupings that a grouping stands for: empty if its rows are not repeated, or if its aggregates can't be put
    /// together from those of its parts.
    public static Optional<GroupingSets> of(Aggregate node) {
        if (!(node.input() instanceof Explode repeated)
                || repeated.withPosition()
                || node.firing().isPresent()
                || !node.aggregates().stream().map(Aggregation::call).allMatch(call -> canBeMerged(call, repeated))) {
            return Optional.empty();
        }
        int width = repeated.input().schema().size();
        List<BoundExpr> numbers = numbers(repeated);
        // Groupings with the same number would have the same groups.
        boolean told = node.keys().stream().anyMatch(key -> isNumber(key.expr(), width))
                && new HashSet<>(numbers).size() == numbers.size();
        return told && numbers.size() <= MOST_SETS ? of(node, repeated, numbers) : Optional.empty();
    }

    private static Optional<GroupingSets> of(Aggregate node, Explode repeated, List<BoundExpr> numbers) {
        int width = repeated.input().schema().size();
        List<OutputColumn> parts = new ArrayList<>();
        List<List<BoundExpr>> sets = new ArrayList<>();
        for (BoundExpr number : numbers) {
            List<BoundExpr> keys = new ArrayList<>();
            for (OutputColumn key : node.keys()) {
                BoundExpr value = valueOf(key.expr(), width, number);
                if (!value.type().equals(key.expr().type())
                        || !value.deterministic()
                        || !Columns.within(value, 0, width)) {
                    return Optional.empty();
                }
                keys.add(value instanceof BoundExpr.Literal ? value : part(key.name(), value, parts));
            }
            sets.add(keys);
        }
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(new GroupingSets(new Aggregate(repeated.input(), parts, node.aggregates()), sets));
    }

    /// The numbers that each row is repeated with, if they are written out as `array(1, 2, …)`.
    static List<BoundExpr> numbers(Explode repeated) {
        return !repeated.outer()
                        && repeated.collection() instanceof BoundExpr.Call call
                        && call.function().name().equals("array")
                        && call.arguments().getFirst() instanceof BoundExpr.MakeStruct(List<BoundExpr> elements, var _)
                        && elements.stream().allMatch(BoundExpr.Literal.class::isInstance)
                ? elements
                : List.of();
    }

    private static boolean isNumber(BoundExpr key, int width) {
        return key instanceof BoundExpr.Column column && column.ordinal() == width;
    }

    private static boolean canBeMerged(AggregateCall call, Explode repeated) {
        int width = repeated.input().schema().size();
        return !call.distinct()
                && !call.function().inOrder()
                && call.arguments().stream().allMatch(argument -> Columns.within(argument, 0, width))
                && call.filter().map(filter -> Columns.within(filter, 0, width)).orElse(true);
    }

    /// What a key, or a condition on keys, is in the grouping of a number.
    static BoundExpr valueOf(BoundExpr key, int width, BoundExpr number) {
        return key.transformUp(expr -> switch (expr) {
            case BoundExpr.Column column -> column.ordinal() == width ? number : column;
            case BoundExpr.Cast cast when !isWhole(cast.type()) || !isWhole(cast.input().type()) -> cast;
            default -> SimplifyConditions.simplify(CONSTANTS.fold(expr));
        });
    }

    private static boolean isWhole(DataType type) {
        return type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
    }

    private static BoundExpr part(String name, BoundExpr value, List<OutputColumn> parts) {
        int part = 0;
        while (part < parts.size() && !parts.get(part).expr().equals(value)) {
            part++;
        }
        if (part == parts.size()) {
            parts.add(new OutputColumn(name, value));
        }
        return new BoundExpr.Column(part, name, value.type(), value.nullable());
    }
}
