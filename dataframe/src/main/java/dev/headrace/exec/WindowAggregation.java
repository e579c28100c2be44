package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// An aggregate over each row's frame.
///
/// A frame that is the whole partition is a group like any other. One that begins with the partition grows from row to
/// row, so one accumulator takes in each row once; so does one that ends with it, from behind, if the order of the rows
/// does not matter to the function. For other frames the rows of many frames are taken in at once, each frame as a
/// group of its own.
final class WindowAggregation {
    /// Functions whose result depends on the order of the rows.
    private static final Set<String> IN_ORDER = Set.of("collect_list", "array_agg", "first", "last", "any_value");

    private final AggregateCall call;
    private final WindowRows rows;
    private final WindowFrames frames;
    private final BufferAllocator allocator;

    WindowAggregation(AggregateCall call, WindowRows rows, WindowFrames frames, BufferAllocator allocator) {
        this.call = call;
        this.rows = rows;
        this.frames = frames;
        this.allocator = allocator;
    }

    void write(FieldVector target) {
        if (frames.fromPartitionStart() && frames.toPartitionEnd()) {
            wholePartitions(target);
        } else if (frames.fromPartitionStart()) {
            growing(target);
        } else if (frames.toPartitionEnd() && !IN_ORDER.contains(call.function().name())) {
            shrinking(target);
        } else {
            sliding(target);
        }
    }

    private void wholePartitions(FieldVector target) {
        int[] group = new int[rows.count()];
        int groups = 0;
        for (int row = 0; row < group.length; row++) {
            groups += row == rows.partitionStart()[row] ? 1 : 0;
            group[row] = groups - 1;
        }
        try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
            accumulator.resize(groups);
            int[] all = new int[rows.count()];
            Arrays.setAll(all, i -> i);
            update(accumulator, all, group.clone(), all.length);
            try (FieldVector results = accumulator.results(0, groups, allocator)) {
                for (int row = 0; row < group.length; row++) {
                    copy(results, group[row], target, row);
                }
            }
        }
    }

    /// From the beginning of the partition to somewhere that only moves on.
    private void growing(FieldVector target) {
        int[] ends = frames.ends();
        int row = 0;
        while (row < rows.count()) {
            int end = rows.partitionEnd()[row];
            int taken = rows.partitionStart()[row];
            try (GroupAccumulator accumulator = newGroup()) {
                @Nullable Object result = null;
                boolean known = false;
                for (; row < end; row++) {
                    if (!known || ends[row] > taken) {
                        takeIn(accumulator, taken, ends[row]);
                        taken = Math.max(taken, ends[row]);
                        result = result(accumulator);
                        known = true;
                    }
                    Cell.write(target, row, result);
                }
            }
        }
    }

    /// From somewhere that only moves on to the end of the partition: from behind.
    private void shrinking(FieldVector target) {
        int[] starts = frames.starts();
        @Nullable Object[] results = new @Nullable Object[rows.count()];
        int row = rows.count() - 1;
        while (row >= 0) {
            int first = rows.partitionStart()[row];
            int taken = rows.partitionEnd()[row];
            try (GroupAccumulator accumulator = newGroup()) {
                @Nullable Object result = null;
                boolean known = false;
                for (; row >= first; row--) {
                    if (!known || starts[row] < taken) {
                        takeIn(accumulator, starts[row], taken);
                        taken = Math.min(taken, starts[row]);
                        result = result(accumulator);
                        known = true;
                    }
                    results[row] = result;
                }
            }
        }
        for (int i = 0; i < results.length; i++) {
            Cell.write(target, i, results[i]);
        }
    }

    private GroupAccumulator newGroup() {
        GroupAccumulator accumulator = call.function().newAccumulator(allocator);
        accumulator.resize(1);
        return accumulator;
    }

    private void takeIn(GroupAccumulator accumulator, int from, int to) {
        if (to > from) {
            int[] taken = new int[to - from];
            Arrays.setAll(taken, i -> from + i);
            update(accumulator, taken, new int[taken.length], taken.length);
        }
    }

    private @Nullable Object result(GroupAccumulator accumulator) {
        try (FieldVector result = accumulator.results(0, 1, allocator)) {
            return Cell.detach(Cell.read(result, 0));
        }
    }

    private void sliding(FieldVector target) {
        int[] starts = frames.starts();
        int[] ends = frames.ends();
        int row = 0;
        while (row < rows.count()) {
            int first = row;
            long wanted = 0;
            while (row < rows.count()
                    && (row == first || wanted + ends[row] - starts[row] <= Chunk.TARGET_ROWS * 16L)) {
                wanted += ends[row] - starts[row];
                row++;
            }
            frames(first, row, Math.toIntExact(wanted), target);
        }
    }

    /// The results of the rows `[first, end)`, whose frames have so many rows together.
    private void frames(int first, int end, int size, FieldVector target) {
        int[] starts = frames.starts();
        int[] ends = frames.ends();
        int[] taken = new int[size];
        int[] group = new int[size];
        int at = 0;
        for (int row = first; row < end; row++) {
            for (int from = starts[row]; from < ends[row]; from++) {
                taken[at] = from;
                group[at++] = row - first;
            }
        }
        try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
            accumulator.resize(end - first);
            update(accumulator, taken, group, size);
            try (FieldVector results = accumulator.results(0, end - first, allocator)) {
                for (int row = first; row < end; row++) {
                    copy(results, row - first, target, row);
                }
            }
        }
    }

    private static void copy(FieldVector from, int fromRow, FieldVector to, int toRow) {
        if (to instanceof BaseFixedWidthVector && to.getClass() == from.getClass()) {
            to.copyFromSafe(fromRow, toRow, from);
        } else {
            Cell.write(to, toRow, Cell.read(from, fromRow));
        }
    }

    /// Takes in rows, those that the filter leaves, each into its group. Moves these to the front of both arrays.
    private void update(GroupAccumulator accumulator, int[] taken, int[] group, int count) {
        int kept = count;
        if (call.filter().isPresent()) {
            BitVector condition = (BitVector) column(call.filter().get());
            kept = 0;
            for (int i = 0; i < count; i++) {
                if (!condition.isNull(taken[i]) && condition.get(taken[i]) != 0) {
                    taken[kept] = taken[i];
                    group[kept++] = group[i];
                }
            }
        }
        List<FieldVector> arguments = new ArrayList<>();
        try {
            for (BoundExpr argument : call.arguments()) {
                arguments.add(Columns.gather(column(argument), taken, 0, kept, allocator));
            }
            accumulator.update(arguments, group, kept);
        } finally {
            arguments.forEach(FieldVector::close);
        }
    }

    private FieldVector column(BoundExpr expr) {
        return rows.rows().column(((BoundExpr.Column) expr).ordinal());
    }
}
