package dev.headrace.exec;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Table;
import dev.headrace.function.PieceOf;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.plan.SortKey;
import dev.headrace.plan.TreeText;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A query as operators: an immutable description that [Preparation] makes ready to run.
///
/// Sealed but for [Custom], through which the streaming engine adds its stateful operators.
public sealed interface PhysicalPlan {
    StructType schema();

    List<PhysicalPlan> inputs();

    /// One line for `explain`: the operator and its arguments.
    String describe();

    record TableScan(Table table, ScanRequest request) implements PhysicalPlan {
        @Override
        public StructType schema() {
            return request.outputSchema();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }

        @Override
        public String describe() {
            return "Scan " + scanText(table, request);
        }
    }

    /// @param index which of the query's streaming scans this is
    record StreamScan(Table table, ScanRequest request, int index) implements PhysicalPlan {
        @Override
        public StructType schema() {
            return request.outputSchema();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }

        @Override
        public String describe() {
            return "StreamScan " + scanText(table, request);
        }
    }

    private static String scanText(Table table, ScanRequest request) {
        StringBuilder text = new StringBuilder(table.description());
        text.append(" [")
                .append(String.join(", ", request.outputSchema().names()))
                .append("]");
        List<String> decoded = request.columns().stream()
                .filter(column -> column instanceof ScanRequest.ScanColumn.Decoded)
                .map(column ->
                        column.field().name() + ": " + column.field().dataType().simpleString())
                .toList();
        if (!decoded.isEmpty()) {
            text.append(", decoded while read: ").append(decoded);
        }
        if (!request.filters().isEmpty()) {
            text.append(", pushed filters: ").append(request.filters());
        }
        request.limit().ifPresent(limit -> text.append(", limit ").append(limit));
        return text.toString();
    }

    record Values(StructType schema, List<List<@Nullable Object>> rows) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }

        @Override
        public String describe() {
            return "Values " + rows.size() + " rows [" + String.join(", ", schema.names()) + "]";
        }
    }

    record Range(long start, long end, long step, int partitions, StructType schema) implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of();
        }

        @Override
        public String describe() {
            return "Range (" + start + ", " + end + ", step " + step + ")";
        }
    }

    /// Filter and project in one generated loop: the rows for which `predicate` is true, as `columns`.
    record Compute(PhysicalPlan input, Optional<BoundExpr> predicate, List<OutputColumn> columns)
            implements PhysicalPlan {
        @Override
        public StructType schema() {
            return new StructType(columns.stream().map(OutputColumn::field).toList());
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        @Override
        public String describe() {
            return "Compute [" + join(columns) + "]"
                    + predicate.map(p -> " where " + p).orElse("");
        }
    }

    /// Groups by the input columns `keys`; the aggregates' arguments are input columns too. Gives each group once, or,
    /// if all aggregates are pieces, as often as it likes.
    ///
    /// @param names of the aggregates' result columns
    record HashAggregate(PhysicalPlan input, int[] keys, List<AggregateCall> aggregates, List<String> names)
            implements PhysicalPlan {
        @Override
        public StructType schema() {
            StructType schema = input.schema().select(keys);
            for (int i = 0; i < names.size(); i++) {
                schema = schema.add(new StructField(
                        names.get(i),
                        aggregates.get(i).function().resultType(),
                        aggregates.get(i).function().nullable()));
            }
            return schema;
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        boolean anyDistinct() {
            return aggregates.stream().anyMatch(AggregateCall::distinct);
        }

        boolean inPieces() {
            return !aggregates.isEmpty() && aggregates.stream().allMatch(call -> call.function() instanceof PieceOf);
        }

        @Override
        public String describe() {
            return (inPieces() ? "PieceAggregate" : "HashAggregate") + " keys ["
                    + String.join(", ", input.schema().select(keys).names()) + "], " + aggregates;
        }
    }

    /// Builds a table of one side, probes it with the other one.
    ///
    /// @param buildLeft whether the table is of the left side; for left joins (outer, semi, anti) and inner ones
    /// @param residual what must hold beside the equality of the keys, over left columns followed by right columns
    record HashJoin(
            PhysicalPlan left,
            PhysicalPlan right,
            JoinType type,
            int[] leftKeys,
            int[] rightKeys,
            Optional<BoundExpr> residual,
            boolean buildLeft,
            StructType schema)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(left, right);
        }

        @Override
        public String describe() {
            String keys = leftKeys.length == 0
                    ? "every pair"
                    : left.schema().select(leftKeys).names() + " = "
                            + right.schema().select(rightKeys).names();
            return "HashJoin " + type + (buildLeft ? " built left" : "") + " on " + keys
                    + residual.map(r -> " and " + r).orElse("");
        }
    }

    /// @param limit if at least 0, only that many rows are needed (top N)
    record Sort(PhysicalPlan input, List<SortKey> keys, long limit) implements PhysicalPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        @Override
        public String describe() {
            return (limit >= 0 ? "TopN " + limit + " by [" : "Sort [") + join(keys) + "]";
        }
    }

    record Limit(PhysicalPlan input, long count, long offset) implements PhysicalPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        @Override
        public String describe() {
            return "Limit " + count + (offset > 0 ? " offset " + offset : "");
        }
    }

    record Union(List<PhysicalPlan> inputs, StructType schema) implements PhysicalPlan {
        @Override
        public String describe() {
            return "Union";
        }
    }

    /// Each row once per element of a collection; the collection itself is not among the output's columns.
    record Explode(PhysicalPlan input, int collection, boolean outer, boolean withPosition, StructType schema)
            implements PhysicalPlan {
        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        @Override
        public String describe() {
            return "Explode " + input.schema().field(collection).name() + (outer ? " (outer)" : "");
        }
    }

    /// The first row for each combination of the columns `keys`.
    record Deduplicate(PhysicalPlan input, int[] keys) implements PhysicalPlan {
        @Override
        public StructType schema() {
            return input.schema();
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        @Override
        public String describe() {
            return "Deduplicate by " + input.schema().select(keys).names();
        }
    }

    /// Window functions over the rows of each partition, in order.
    ///
    /// @param partition input columns
    /// @param order by input columns
    /// @param columns what is computed, over input columns; it comes behind them
    record Window(PhysicalPlan input, int[] partition, List<SortKey> order, List<LogicalPlan.Window.Column> columns)
            implements PhysicalPlan {
        @Override
        public StructType schema() {
            StructType schema = input.schema();
            for (LogicalPlan.Window.Column column : columns) {
                schema = schema.add(new StructField(
                        column.name(),
                        column.call().function().type(),
                        column.call().function().nullable()));
            }
            return schema;
        }

        @Override
        public List<PhysicalPlan> inputs() {
            return List.of(input);
        }

        @Override
        public String describe() {
            return "Window [" + join(columns) + "] partition by "
                    + input.schema().select(partition).names() + " order by [" + join(order) + "]";
        }
    }

    /// An operator that another module brings.
    non-sealed interface Custom extends PhysicalPlan {
        /// Makes the operator ready to run.
        Prepared prepare(Preparation preparation);
    }

    /// The tree as `explain` shows it.
    default String treeString() {
        return treeString(PhysicalPlan::describe);
    }

    /// The tree with a line of one's own for each operator. What stands in it again is drawn once.
    default String treeString(Function<PhysicalPlan, String> describe) {
        Set<PhysicalPlan> drawn = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<PhysicalPlan> again = Collections.newSetFromMap(new IdentityHashMap<>());
        Function<PhysicalPlan, String> line = plan -> {
            if (drawn.add(plan) || plan.inputs().isEmpty()) {
                return describe.apply(plan);
            }
            again.add(plan);
            return describe.apply(plan) + " (computed above)";
        };
        return TreeText.of(this, line, plan -> again.contains(plan) ? List.of() : plan.inputs());
    }

    /// This operator and all below it, inputs first, each once.
    default List<PhysicalPlan> all() {
        Set<PhysicalPlan> all = Collections.newSetFromMap(new IdentityHashMap<>());
        List<PhysicalPlan> inOrder = new ArrayList<>();
        addAll(all, inOrder);
        return inOrder;
    }

    private void addAll(Set<PhysicalPlan> seen, List<PhysicalPlan> inOrder) {
        if (seen.add(this)) {
            inputs().forEach(input -> input.addAll(seen, inOrder));
            inOrder.add(this);
        }
    }

    private static String join(List<?> items) {
        return items.stream().map(Object::toString).collect(Collectors.joining(", "));
    }
}
