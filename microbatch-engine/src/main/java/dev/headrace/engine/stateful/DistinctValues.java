package dev.headrace.engine.stateful;

import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The distinct aggregates of an aggregation, and the same aggregation without them: an aggregate of distinct values is
/// one over the rows that bring a value to their group for the first time. [FirstValues] finds these rows.
///
/// Aggregates of the same values with different filters share what is remembered of a value: for each filter a bit, so
/// there are at most [#MOST_FILTERS].
final class DistinctValues {
    static final int MOST_FILTERS = 62;

    private final LogicalPlan.Aggregate node;
    private final List<OutputColumn> columns;
    private final List<Values> values = new ArrayList<>();

    /// Values that are counted once in each group.
    ///
    /// @param arguments what is counted
    /// @param filters which rows count, each for an aggregate of its own; empty for all rows
    private record Values(List<BoundExpr> arguments, List<Optional<BoundExpr>> filters) {}

    /// What [FirstValues] finds of one set of values, as columns of its input.
    ///
    /// @param keys the group's keys, then the values
    /// @param filters booleans: which rows count
    record Found(int[] keys, int[] filters) {}

    private DistinctValues(LogicalPlan.Aggregate node, List<OutputColumn> input) {
        this.node = node;
        this.columns = new ArrayList<>(input);
    }

    static boolean anyIn(LogicalPlan.Aggregate node) {
        return node.aggregates().stream()
                .anyMatch(aggregation -> aggregation.call().distinct());
    }

    /// @param input the columns of the aggregation's input as they are
    /// @return empty if there are too many filters
    static Optional<DistinctValues> of(LogicalPlan.Aggregate node, List<OutputColumn> input) {
        DistinctValues distinct = new DistinctValues(node, input);
        for (LogicalPlan.Aggregate.Aggregation aggregation : node.aggregates()) {
            if (aggregation.call().distinct()) {
                distinct.add(aggregation.call());
            }
        }
        boolean few = distinct.values.stream().allMatch(each -> each.filters().size() <= MOST_FILTERS);
        return few ? Optional.of(distinct) : Optional.empty();
    }

    private void add(AggregateCall call) {
        Values same = values.stream()
                .filter(each -> each.arguments().equals(call.arguments()))
                .findFirst()
                .orElseGet(() -> {
                    Values added = new Values(call.arguments(), new ArrayList<>());
                    values.add(added);
                    return added;
                });
        if (!same.filters().contains(call.filter())) {
            same.filters().add(call.filter());
        }
    }

    /// The input's columns, the keys, and for each set of values these and their filters.
    List<OutputColumn> inputColumns() {
        List<OutputColumn> all = new ArrayList<>(columns);
        node.keys().forEach(key -> all.add(new OutputColumn("_key" + all.size(), key.expr())));
        for (Values each : values) {
            each.arguments().forEach(value -> all.add(new OutputColumn("_value" + all.size(), value)));
            for (Optional<BoundExpr> filter : each.filters()) {
                all.add(new OutputColumn(
                        "_filter" + all.size(), filter.orElse(new BoundExpr.Literal(Scalar.of(true)))));
            }
        }
        return all;
    }

    int firstKey() {
        return columns.size();
    }

    /// Where the sets of values stand among [#inputColumns].
    List<Found> found() {
        List<Found> all = new ArrayList<>();
        int at = columns.size() + node.keys().size();
        for (Values each : values) {
            int[] keys = new int[node.keys().size() + each.arguments().size()];
            for (int k = 0; k < node.keys().size(); k++) {
                keys[k] = columns.size() + k;
            }
            for (int a = 0; a < each.arguments().size(); a++) {
                keys[node.keys().size() + a] = at++;
            }
            int[] filters = new int[each.filters().size()];
            for (int f = 0; f < filters.length; f++) {
                filters[f] = at++;
            }
            all.add(new Found(keys, filters));
        }
        return all;
    }

    /// The aggregation over the rows that [FirstValues] gives.
    LogicalPlan.Aggregate over(LogicalPlan rows) {
        List<OutputColumn> keys = new ArrayList<>();
        for (int k = 0; k < node.keys().size(); k++) {
            keys.add(new OutputColumn(node.keys().get(k).name(), column(rows.schema(), columns.size() + k)));
        }
        int firstMark = rows.schema().size()
                - values.stream().mapToInt(each -> each.filters().size()).sum();
        List<LogicalPlan.Aggregate.Aggregation> aggregates = new ArrayList<>();
        for (LogicalPlan.Aggregate.Aggregation aggregation : node.aggregates()) {
            AggregateCall call = aggregation.call();
            aggregates.add(
                    call.distinct()
                            ? new LogicalPlan.Aggregate.Aggregation(
                                    aggregation.name(),
                                    new AggregateCall(
                                            call.function(),
                                            call.arguments(),
                                            false,
                                            Optional.of(column(rows.schema(), firstMark + mark(call)))))
                            : aggregation);
        }
        return new LogicalPlan.Aggregate(rows, keys, aggregates);
    }

    private int mark(AggregateCall call) {
        int at = 0;
        for (Values each : values) {
            if (each.arguments().equals(call.arguments())) {
                return at + each.filters().indexOf(call.filter());
            }
            at += each.filters().size();
        }
        throw new IllegalArgumentException(call.toString());
    }

    private static BoundExpr column(StructType schema, int ordinal) {
        StructField field = schema.field(ordinal);
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    /// The columns that [FirstValues] adds: for each filter of each set of values, whether the row is the first.
    static StructType marked(StructType rows, List<Found> found) {
        List<StructField> fields = new ArrayList<>();
        rows.forEach(fields::add);
        for (Found each : found) {
            for (int f = 0; f < each.filters().length; f++) {
                fields.add(new StructField("_first" + fields.size(), DataTypes.BooleanType, false));
            }
        }
        return new StructType(fields);
    }
}
