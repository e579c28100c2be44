package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.WindowCall;
import dev.headrace.plan.WindowFrame;
import dev.headrace.plan.WindowFunction;
import dev.headrace.plan.WindowFunction.Rank.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// What is known of each partition once all its rows have been read: how many there are, and the results of functions
/// whose frame is the whole partition. For large partitions, whose rows are read once more then.
final class WindowTotals implements AutoCloseable {
    private final PhysicalPlan.Window node;
    private final List<SortColumn> partition;
    private final RunContext run;
    private final List<@Nullable Total> totals = new ArrayList<>();
    private int[] sizes = new int[16];
    private int partitions;

    private WindowTotals(PhysicalPlan.Window node, List<SortColumn> partition, RunContext run) {
        this.node = node;
        this.partition = partition;
        this.run = run;
    }

    /// Reads the rows if a function needs it.
    static WindowTotals of(PhysicalPlan.Window node, SortedRows rows, List<SortColumn> partition, RunContext run) {
        WindowTotals totals = new WindowTotals(node, partition, run);
        try {
            boolean bySize = false;
            for (int c = 0; c < node.columns().size(); c++) {
                WindowCall call = node.columns().get(c).call();
                totals.totals.add(totals.total(c, call));
                bySize |= isBySize(call.function());
            }
            if (bySize || totals.totals.stream().anyMatch(total -> total != null)) {
                totals.readAll(rows);
            }
            return totals;
        } catch (Throwable failed) {
            totals.close();
            throw failed;
        }
    }

    private static boolean isBySize(WindowFunction function) {
        return function instanceof WindowFunction.Ntile
                || function instanceof WindowFunction.Rank(Kind kind)
                        && (kind == Kind.PERCENT_RANK || kind == Kind.CUME_DIST);
    }

    private @Nullable Total total(int column, WindowCall call) {
        WindowFrame<BoundExpr> frame = call.frame();
        boolean isWhole = frame.start() instanceof WindowFrame.Bound.UnboundedPreceding<BoundExpr> _
                && frame.end() instanceof WindowFrame.Bound.UnboundedFollowing<BoundExpr> _;
        if (!isWhole) {
            return null;
        }
        return switch (call.function()) {
            case WindowFunction.Aggregate(AggregateCall aggregate) ->
                new AggregateTotal(aggregate, aggregate.function().newAccumulator(run.allocator()), run);
            case WindowFunction.Nth nth -> {
                int ordinal = node.input().schema().size() + column;
                FieldVector values =
                        ArrowTypes.field(node.schema().field(ordinal)).createVector(run.allocator());
                yield new NthTotal(nth, new WindowNth.Found(nth), values);
            }
            case WindowFunction.Rank _, WindowFunction.Ntile _, WindowFunction.Offset _, WindowFunction.Session _ ->
                null;
        };
    }

    private void readAll(SortedRows sorted) {
        Chunk before = null;
        try (ChunkReader rows = sorted.read()) {
            for (Chunk chunk = rows.next(); chunk != null; chunk = rows.next()) {
                run.checkCancelled();
                List<Chunk> pieces = before == null ? List.of(chunk) : List.of(before, chunk);
                boolean isFirst = before == null;
                before = null;
                try (Chunk all = Columns.concat(node.input().schema(), pieces, run.allocator())) {
                    add(all, isFirst ? 0 : 1);
                    before = Columns.gather(all, new int[] {all.rowCount() - 1}, 0, 1, run.allocator());
                }
            }
        } finally {
            if (before != null) {
                before.close();
            }
        }
        for (Total total : totals) {
            if (total != null) {
                total.end(partitions);
            }
        }
    }

    /// @param first the first row that has not been added yet
    private void add(Chunk rows, int first) {
        RowComparator samePartition = WindowRows.comparator(rows, partition);
        int[] partitionOf = new int[rows.rowCount() - first];
        for (int i = 0; i < partitionOf.length; i++) {
            int row = first + i;
            if (row == 0 || samePartition.compare(row - 1, row) != 0) {
                partitions++;
                if (partitions > sizes.length) {
                    sizes = Arrays.copyOf(sizes, 2 * sizes.length);
                }
            }
            sizes[partitions - 1] = Math.addExact(sizes[partitions - 1], 1);
            partitionOf[i] = partitions - 1;
        }
        for (Total total : totals) {
            if (total != null) {
                total.add(rows, first, partitionOf);
            }
        }
    }

    /// Whether the sizes are known.
    boolean areRead() {
        return partitions > 0;
    }

    /// @param number counted from 0 in the order of the rows
    int sizeOf(int number) {
        return sizes[number];
    }

    /// The results of a function that are known by partition; they must stay here meanwhile. Null if they are not.
    @Nullable WindowResults results(int column) {
        Total total = totals.get(column);
        return total == null ? null : new ByPartition(total.values());
    }

    @Override
    public void close() {
        for (Total total : totals) {
            if (total != null) {
                total.close();
            }
        }
        totals.replaceAll(_ -> null);
    }

    /// A function over whole partitions.
    private sealed interface Total extends AutoCloseable {
        /// Adds the rows from the first one on.
        ///
        /// @param partitionOf for each of them
        void add(Chunk rows, int first, int[] partitionOf);

        /// All rows are there.
        void end(int partitions);

        /// By partition; they stay the total's.
        FieldVector values();

        @Override
        void close();
    }

    private static final class AggregateTotal implements Total {
        private final AggregateCall call;
        private final GroupAccumulator accumulator;
        private final RunContext run;
        private @Nullable FieldVector values;

        AggregateTotal(AggregateCall call, GroupAccumulator accumulator, RunContext run) {
            this.call = call;
            this.accumulator = accumulator;
            this.run = run;
        }

        @Override
        public void add(Chunk rows, int first, int[] partitionOf) {
            int count = partitionOf.length;
            if (count > 0) {
                int[] added = new int[count];
                Arrays.setAll(added, i -> first + i);
                accumulator.resize(partitionOf[count - 1] + 1);
                WindowAggregation.update(rows, call, accumulator, added, partitionOf.clone(), count, run.allocator());
            }
        }

        @Override
        public void end(int partitions) {
            values = accumulator.results(0, partitions, run.allocator());
        }

        @Override
        public FieldVector values() {
            FieldVector known = values;
            if (known == null) {
                throw new IllegalStateException("not all rows have been read");
            }
            return known;
        }

        @Override
        public void close() {
            accumulator.close();
            if (values != null) {
                values.close();
                values = null;
            }
        }
    }

    private static final class NthTotal implements Total {
        private final WindowFunction.Nth nth;
        private final WindowNth.Found found;
        private final FieldVector values;
        private int partition;

        NthTotal(WindowFunction.Nth nth, WindowNth.Found found, FieldVector values) {
            this.nth = nth;
            this.found = found;
            this.values = values;
        }

        @Override
        public void add(Chunk rows, int first, int[] partitionOf) {
            FieldVector column = rows.column(((BoundExpr.Column) nth.value()).ordinal());
            for (int i = 0; i < partitionOf.length; i++) {
                if (partitionOf[i] != partition) {
                    Cell.write(values, partition, found.value(column));
                    found.clear();
                    partition = partitionOf[i];
                }
                found.add(column, first + i);
            }
            found.detach(column);
        }

        @Override
        public void end(int partitions) {
            Cell.write(values, partition, found.value(values));
            values.setValueCount(partitions);
        }

        @Override
        public FieldVector values() {
            return values;
        }

        @Override
        public void close() {
            values.close();
        }
    }

    /// Gives each row what is known of its partition.
    private static final class ByPartition implements WindowResults {
        private final FieldVector values;
        private int number = -1;

        ByPartition(FieldVector values) {
            this.values = values;
        }

        @Override
        public int knownUpTo(WindowRows rows) {
            return rows.to();
        }

        @Override
        public void write(WindowRows rows, FieldVector target) {
            for (int row = rows.from(); row < rows.to(); row++) {
                Cancellation.checkThread(row);
                number += row == rows.partitionStart()[row] ? 1 : 0;
                WindowAggregation.copy(values, number, target, row - rows.from());
            }
        }

        @Override
        public int neededFrom(WindowRows rows) {
            return rows.to();
        }

        @Override
        public void close() {}
    }
}
