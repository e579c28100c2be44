package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.GroupLayout.Intake;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.BitVector;

/// Groups all rows, and aggregates them so that some of the aggregates take equal arguments once.
///
/// The rows are read once. Aggregates that take all rows have them at once; for the others, rows are grouped by the
/// keys and the arguments beside that, in tables of their own for each list of arguments. Their groups are then taken
/// in by the aggregates. All of it is done in parallel, and goes to disk as other groups do.
final class DistinctAggregation implements Prepared {
    private final Prepared input;
    private final StructType schema;

    /// Of the results. The aggregates of distinct values look at columns of the groups of their values.
    private final GroupLayout layout;

    /// Empty if the keys of all rows are found among those of the values.
    private final Optional<Intake> rows;

    private final List<Values> values = new ArrayList<>();

    /// Arguments of which a group has each once, and the aggregates of these.
    ///
    /// @param columns of the rows that matter: keys, arguments and filters
    /// @param filters where the filters begin if only rows matter for which one of them holds; else empty
    /// @param groups by keys and arguments, over these columns
    /// @param schema of the groups
    /// @param intake of the groups
    private record Values(
            int[] columns, Optional<Integer> filters, GroupLayout groups, StructType schema, Intake intake) {}

    DistinctAggregation(Prepared input, PhysicalPlan.HashAggregate node) {
        this.input = input;
        this.schema = node.schema();
        List<AggregateCall> calls = new ArrayList<>(node.aggregates());
        Map<List<BoundExpr>, List<Integer>> byArguments = new LinkedHashMap<>();
        for (int a = 0; a < calls.size(); a++) {
            if (calls.get(a).distinct()) {
                byArguments
                        .computeIfAbsent(calls.get(a).arguments(), _ -> new ArrayList<>())
                        .add(a);
            }
        }
        byArguments.values().forEach(aggregates -> values.add(values(node, aggregates, calls)));
        this.layout = new GroupLayout(node.input().schema().select(node.keys()), node.keys(), calls);
        int[] others = IntStream.range(0, calls.size())
                .filter(a -> !node.aggregates().get(a).distinct())
                .toArray();
        boolean keysMissing = node.keys().length > 0
                && values.stream().allMatch(each -> each.filters().isPresent());
        this.rows = others.length > 0 || keysMissing ? Optional.of(new Intake(node.keys(), others)) : Optional.empty();
    }

    /// @param aggregates of the same arguments
    /// @param calls in which these get what they look at in the groups
    private static Values values(PhysicalPlan.HashAggregate node, List<Integer> aggregates, List<AggregateCall> calls) {
        int keys = node.keys().length;
        List<BoundExpr> arguments = calls.get(aggregates.getFirst()).arguments();
        List<BoundExpr> filters = aggregates.stream()
                .flatMap(a -> calls.get(a).filter().stream())
                .distinct()
                .toList();
        int ends = keys + arguments.size();
        int[] columns = IntStream.concat(
                        IntStream.of(node.keys()),
                        Stream.concat(arguments.stream(), filters.stream())
                                .mapToInt(column -> ((BoundExpr.Column) column).ordinal()))
                .toArray();
        boolean allFiltered =
                aggregates.stream().allMatch(a -> calls.get(a).filter().isPresent());
        // Of a single filter it is known that it holds.
        boolean marked = !allFiltered || filters.size() > 1;
        List<StructField> fields = new ArrayList<>();
        for (int i = 0; i < ends; i++) {
            fields.add(node.input().schema().field(columns[i]).withName("value" + i));
        }
        StructType valueSchema = new StructType(fields);
        List<AggregateCall> marks = new ArrayList<>();
        for (int f = 0; marked && f < filters.size(); f++) {
            StructField mark = new StructField("mark" + f, DataTypes.BooleanType, true);
            marks.add(FunctionRegistry.bindAggregate("bool_or", List.of(column(ends + f, mark)), false));
            fields.add(mark);
        }
        for (int a : aggregates) {
            AggregateCall call = calls.get(a);
            calls.set(
                    a,
                    new AggregateCall(
                            call.function(),
                            IntStream.range(keys, ends)
                                    .mapToObj(i -> column(i, fields.get(i)))
                                    .toList(),
                            false,
                            call.filter()
                                    .filter(_ -> marked)
                                    .map(filters::indexOf)
                                    .map(f -> column(ends + f, fields.get(ends + f)))));
        }
        return new Values(
                columns,
                allFiltered ? Optional.of(ends) : Optional.empty(),
                new GroupLayout(valueSchema, IntStream.range(0, ends).toArray(), marks),
                new StructType(fields),
                new Intake(
                        IntStream.range(0, keys).toArray(),
                        aggregates.stream().mapToInt(a -> a).toArray()));
    }

    private static BoundExpr column(int ordinal, StructField field) {
        return new BoundExpr.Column(ordinal, field.name(), field.dataType(), field.nullable());
    }

    @Override
    public Stage open(RunContext run) {
        Stage stage = input.open(run);
        try (Tables tables = new Tables(stage.splitCount(), run)) {
            stage.run(run, tables);
            return tables.results();
        }
    }

    /// The tables of the results and of the values.
    private final class Tables implements StageSink, AutoCloseable {
        private final RunContext run;
        private final GroupTables results;
        private final List<GroupTables> ofValues;

        Tables(int splits, RunContext run) {
            this.run = run;
            this.results = GroupTables.of(layout, splits, marked(), run);
            this.ofValues = values.stream()
                    .map(each -> GroupTables.of(each.groups(), splits, marked(), run))
                    .toList();
        }

        /// Keys are not on the heap, so values without marks have nothing there.
        private int marked() {
            return (int) values.stream()
                    .filter(each -> !each.groups().aggregates().isEmpty())
                    .count();
        }

        @Override
        public Task open(int split) {
            Optional<Task> all = rows.map(intake -> results.open(split, intake));
            List<Task> tasks =
                    ofValues.stream().map(tables -> tables.open(split)).toList();
            return new Task() {
                @Override
                public void accept(Chunk chunk) {
                    try (chunk) {
                        all.ifPresent(task -> task.accept(chunk.slice(0, chunk.rowCount())));
                        for (int v = 0; v < tasks.size(); v++) {
                            tasks.get(v).accept(thatMatter(chunk, values.get(v)));
                        }
                    }
                }

                @Override
                public void close() {
                    all.ifPresent(Task::close);
                    Closing.all(tasks);
                }
            };
        }

        /// What the values are found in.
        private Chunk thatMatter(Chunk chunk, Values of) {
            Chunk selected = chunk.select(of.columns());
            if (of.filters().isEmpty()) {
                return selected;
            }
            try (selected) {
                int[] passing = new int[chunk.rowCount()];
                int count = passing(selected, of.filters().get(), passing);
                return Columns.gather(selected, passing, 0, count, run.allocator());
            }
        }

        Stage results() {
            for (int v = 0; v < values.size(); v++) {
                Intake intake = values.get(v).intake();
                groups(v).run(run, split -> results.open(split, intake));
            }
            return results.results(schema);
        }

        private Stage groups(int v) {
            try (GroupTables groups = ofValues.get(v)) {
                return groups.results(values.get(v).schema());
            }
        }

        @Override
        public void close() {
            results.close();
            Closing.all(ofValues);
        }
    }

    /// Finds the rows for which one of several filters holds.
    ///
    /// @param filters the first of them; they are the last columns
    /// @param rows gets their indexes
    /// @return how many there are
    private static int passing(Chunk chunk, int filters, int[] rows) {
        int count = 0;
        for (int i = 0; i < chunk.rowCount(); i++) {
            boolean passes = false;
            for (int f = filters; f < chunk.columnCount() && !passes; f++) {
                BitVector filter = (BitVector) chunk.column(f);
                passes = !filter.isNull(i) && filter.get(i) != 0;
            }
            if (passes) {
                rows[count++] = i;
            }
        }
        return count;
    }
}
