package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.errors.DataException;
import dev.headrace.exec.WindowFrames.Reached;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.WindowFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// An aggregate over each row's frame.
///
/// A frame that is the whole partition is a group like any other. One that begins with the partition grows from row to
/// row, so one accumulator takes in each row once, or each row's group adds what the one before has; so does one that
/// ends with it, from behind, if the order of the rows does not matter to the function. Of other frames many are taken
/// in at once, each as a group of its own: row by row, or if they are long by blocks of rows that several of them have
/// ([FrameTree]), and so are those that grow, and those to the partition's end. A sum of a block may be out of range
/// where that of no frame is, as blocks don't begin where frames and partitions do; then it is done row by row.
final class WindowAggregation implements WindowResults {
    /// So many rows of frames are taken in at once, unless one frame has more.
    private static final int MOST_TAKEN = 4 * Chunk.TARGET_ROWS;

    /// From so many rows on, a frame is put together of blocks ([FrameTree]).
    private static final int LONG_FRAME = 24;

    private static final int FRAMES_AT_ONCE = 4096;
    private static final int GROWN_AT_ONCE = 512;

    private final AggregateCall call;
    private final WindowFrame<BoundExpr> frame;
    private final RunContext run;
    private final BufferAllocator allocator;

    /// Of a frame that grows: what it has taken in, so many rows of the partition, and what that gives.
    private @Nullable GroupAccumulator growing;

    private int taken;
    private @Nullable Object result;
    private boolean known;

    /// Of the last row that has a result.
    private Reached reached = Reached.NONE;

    WindowAggregation(AggregateCall call, WindowFrame<BoundExpr> frame, RunContext run) {
        this.call = call;
        this.frame = frame;
        this.run = run;
        this.allocator = run.allocator();
    }

    @Override
    public int knownUpTo(WindowRows rows) {
        WindowFrames frames = new WindowFrames(rows, frame, reached);
        return frames.toPartitionEnd() ? rows.firstOfOpenPartition() : frames.knownUpTo();
    }

    @Override
    public void write(WindowRows rows, FieldVector target) {
        WindowFrames frames = new WindowFrames(rows, frame, reached);
        if (frames.fromPartitionStart() && frames.toPartitionEnd()) {
            wholePartitions(rows, target);
        } else if (frames.fromPartitionStart()) {
            grow(rows, frames, target);
        } else {
            slide(rows, frames, target);
        }
        reached = frames.reached();
    }

    @Override
    public int neededFrom(WindowRows rows) {
        WindowFrames frames = new WindowFrames(rows, frame, reached);
        if (frames.toPartitionEnd()) {
            return rows.to();
        }
        return rows.partitionStart()[rows.to() - 1] + (frames.fromPartitionStart() ? taken : reached.start());
    }

    private void wholePartitions(WindowRows rows, FieldVector target) {
        int[] group = new int[rows.size()];
        int[] all = new int[rows.size()];
        int groups = 0;
        for (int i = 0; i < group.length; i++) {
            int row = rows.from() + i;
            groups += row == rows.partitionStart()[row] ? 1 : 0;
            group[i] = groups - 1;
            all[i] = row;
        }
        try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
            accumulator.resize(groups);
            update(rows.rows(), call, accumulator, all, group.clone(), all.length, allocator);
            try (FieldVector results = accumulator.results(0, groups, allocator)) {
                for (int i = 0; i < group.length; i++) {
                    Cancellation.checkThread(i);
                    copy(results, group[i], target, i);
                }
            }
        }
    }

    private void grow(WindowRows rows, WindowFrames frames, FieldVector target) {
        if (call.function().inBlocks()) {
            growByBlocks(rows, frames, target);
        } else {
            growByRows(rows, frames, rows.from(), rows.to(), target);
        }
    }

    /// Many rows at once: a frame is what the partition had before these rows, and blocks of them.
    private void growByBlocks(WindowRows rows, WindowFrames frames, FieldVector target) {
        for (int from = rows.from(); from < rows.to(); from += GROWN_AT_ONCE) {
            run.checkCancelled();
            int to = Math.min(rows.to(), from + GROWN_AT_ONCE);
            GroupAccumulator before = growing;
            boolean goesOn = before != null && from != rows.partitionStart()[from];
            int first = rows.partitionStart()[from] + (goesOn ? taken : 0);
            int goneOn = goesOn ? Math.min(to, rows.partitionEnd()[from]) - from : 0;
            int[] starts = frames.starts(from, to);
            int[] ends = frames.ends(from, to);
            for (int i = 0; i < goneOn; i++) {
                starts[i] = first;
                ends[i] = Math.max(first, ends[i]);
            }
            int end = ends[to - from - 1];
            try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
                accumulator.resize(to - from);
                boolean addedUp = first == from && isOneMoreEach(ends, from) && accumulator.addUp(0, 0);
                if (before != null && goneOn > 0) {
                    addToEach(before, accumulator, addedUp ? 1 : goneOn);
                }
                if (addedUp) {
                    addUp(rows, from, to, accumulator);
                } else if (end > first) {
                    try (FrameTree tree = new FrameTree(rows.rows(), call, first, end, allocator)) {
                        tree.takeIn(starts, ends, accumulator);
                    }
                }
                copyResults(accumulator, to - from, target, from - rows.from());
            } catch (DataException _) {
                // A block may overflow where no frame does: row by row it fails again only if a frame does.
                growByRows(rows, frames, from, to, target);
                continue;
            }
            int start = rows.partitionStart()[to - 1];
            if (before == null || from + goneOn < to) {
                close();
                before = newGroup();
                growing = before;
                taken = 0;
            }
            takeIn(rows.rows(), before, start + taken, end);
            taken = Math.max(taken, end - start);
        }
    }

    /// Whether the frames of rows from one on end with the row itself.
    private static boolean isOneMoreEach(int[] ends, int from) {
        int i = 0;
        while (i < ends.length && ends[i] == from + i + 1) {
            i++;
        }
        return i == ends.length;
    }

    /// Each row into its own group, which then has all rows of the partition before it, too.
    private void addUp(WindowRows rows, int from, int to, GroupAccumulator groups) {
        int[] added = new int[to - from];
        Arrays.setAll(added, i -> from + i);
        int[] group = new int[to - from];
        Arrays.setAll(group, i -> i);
        update(rows.rows(), call, groups, added, group, group.length, allocator);
        for (int row = from, end; row < to; row = end) {
            end = Math.min(to, rows.partitionEnd()[row]);
            groups.addUp(row - from, end - from);
        }
    }

    /// Merges what one group has into the first groups of another accumulator.
    private void addToEach(GroupAccumulator one, GroupAccumulator groups, int count) {
        List<FieldVector> partials = one.partials(0, 1, allocator);
        List<FieldVector> repeated = new ArrayList<>();
        try {
            for (FieldVector partial : partials) {
                repeated.add(Columns.gather(partial, new int[count], 0, count, allocator));
            }
            int[] each = new int[count];
            Arrays.setAll(each, i -> i);
            groups.merge(repeated, each, count);
        } finally {
            Closing.all(partials);
            Closing.all(repeated);
        }
    }

    /// From the beginning of the partition to somewhere that only moves on.
    private void growByRows(WindowRows rows, WindowFrames frames, int from, int to, FieldVector target) {
        // What it gives may have been taken in by blocks.
        known = false;
        for (int row = from; row < to; row++) {
            checkNowAndThen(row);
            int start = rows.partitionStart()[row];
            GroupAccumulator accumulator = growing;
            if (accumulator == null || row == start) {
                close();
                accumulator = newGroup();
                growing = accumulator;
                taken = 0;
                known = false;
            }
            int inFrame = frames.end(row) - start;
            if (!known || inFrame > taken) {
                takeIn(rows.rows(), accumulator, start + taken, start + inFrame);
                taken = Math.max(taken, inFrame);
                result = result(accumulator);
                known = true;
            }
            Cell.write(target, row - rows.from(), result);
        }
    }

    /// From somewhere that only moves on to the end of the partition: from behind.
    private void shrink(WindowRows rows, WindowFrames frames, FieldVector target) {
        @Nullable Object[] results = new @Nullable Object[rows.size()];
        int row = rows.to() - 1;
        while (row >= rows.from()) {
            int first = rows.partitionStart()[row];
            int behind = rows.partitionEnd()[row];
            try (GroupAccumulator accumulator = newGroup()) {
                @Nullable Object ofRow = null;
                boolean any = false;
                for (; row >= first; row--) {
                    checkNowAndThen(row);
                    if (!any || frames.start(row) < behind) {
                        takeIn(rows.rows(), accumulator, frames.start(row), behind);
                        behind = Math.min(behind, frames.start(row));
                        ofRow = result(accumulator);
                        any = true;
                    }
                    results[row - rows.from()] = ofRow;
                }
            }
        }
        for (int i = 0; i < results.length; i++) {
            Cancellation.checkThread(i);
            Cell.write(target, i, results[i]);
        }
    }

    private void checkNowAndThen(int row) {
        if ((row & 1023) == 0) {
            run.checkCancelled();
        }
    }

    private GroupAccumulator newGroup() {
        GroupAccumulator accumulator = call.function().newAccumulator(allocator);
        accumulator.resize(1);
        return accumulator;
    }

    private void takeIn(Chunk rows, GroupAccumulator accumulator, int from, int to) {
        if (to > from) {
            int[] added = new int[to - from];
            Arrays.setAll(added, i -> from + i);
            update(rows, call, accumulator, added, new int[added.length], added.length, allocator);
        }
    }

    private @Nullable Object result(GroupAccumulator accumulator) {
        try (FieldVector vector = accumulator.results(0, 1, allocator)) {
            return Cell.detach(Cell.read(vector, 0));
        }
    }

    private void slide(WindowRows rows, WindowFrames frames, FieldVector target) {
        long inFrames = 0;
        for (int row = rows.from(); row < rows.to(); row++) {
            inFrames += frames.end(row) - frames.start(row);
        }
        if (inFrames > (long) LONG_FRAME * rows.size() && call.function().inBlocks()) {
            try {
                slideByBlocks(rows, frames, target);
                return;
            } catch (DataException _) {
                // A block may overflow where no frame does: row by row it fails again only if a frame does.
                target.reset();
            }
        }
        slideByRows(rows, frames, target);
    }

    /// Where frames overlap in many rows.
    private void slideByBlocks(WindowRows rows, WindowFrames frames, FieldVector target) {
        int firstTaken = frames.start(rows.from());
        int endTaken = frames.end(rows.to() - 1);
        try (FrameTree tree = new FrameTree(rows.rows(), call, firstTaken, endTaken, allocator)) {
            for (int from = rows.from(); from < rows.to(); from += FRAMES_AT_ONCE) {
                run.checkCancelled();
                int to = Math.min(rows.to(), from + FRAMES_AT_ONCE);
                try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
                    accumulator.resize(to - from);
                    tree.takeIn(frames.starts(from, to), frames.ends(from, to), accumulator);
                    copyResults(accumulator, to - from, target, from - rows.from());
                }
            }
        }
    }

    /// Row by row, each of them once if frames end with the partition and the order does not matter.
    private void slideByRows(WindowRows rows, WindowFrames frames, FieldVector target) {
        if (frames.toPartitionEnd() && !call.function().inOrder()) {
            shrink(rows, frames, target);
            return;
        }
        int row = rows.from();
        while (row < rows.to()) {
            run.checkCancelled();
            int first = row;
            long wanted = 0;
            while (row < rows.to() && (row == first || wanted + frames.end(row) - frames.start(row) <= MOST_TAKEN)) {
                wanted += frames.end(row) - frames.start(row);
                row++;
            }
            frames(rows, frames, first, row, Math.toIntExact(wanted), target);
        }
    }

    /// The results of the rows `[first, end)`, whose frames have so many rows together.
    private void frames(WindowRows rows, WindowFrames frames, int first, int end, int size, FieldVector target) {
        int[] inFrames = new int[size];
        int[] group = new int[size];
        int at = 0;
        for (int row = first; row < end; row++) {
            for (int from = frames.start(row); from < frames.end(row); from++) {
                inFrames[at] = from;
                group[at++] = row - first;
            }
        }
        try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
            accumulator.resize(end - first);
            update(rows.rows(), call, accumulator, inFrames, group, size, allocator);
            copyResults(accumulator, end - first, target, first - rows.from());
        }
    }

    private void copyResults(GroupAccumulator accumulator, int count, FieldVector target, int at) {
        try (FieldVector results = accumulator.results(0, count, allocator)) {
            for (int i = 0; i < count; i++) {
                copy(results, i, target, at + i);
            }
        }
    }

    static void copy(FieldVector from, int fromRow, FieldVector to, int toRow) {
        if (to instanceof BaseFixedWidthVector && to.getClass() == from.getClass()) {
            to.copyFromSafe(fromRow, toRow, from);
        } else {
            Cell.write(to, toRow, Cell.read(from, fromRow));
        }
    }

    /// Takes in rows, those that the filter leaves, each into its group.
    ///
    /// @param added which rows; changed, as are the groups
    static void update(
            Chunk rows,
            AggregateCall call,
            GroupAccumulator accumulator,
            int[] added,
            int[] group,
            int count,
            BufferAllocator allocator) {
        int kept = count;
        if (call.filter().isPresent()) {
            BitVector condition = (BitVector) column(rows, call.filter().get());
            kept = 0;
            for (int i = 0; i < count; i++) {
                if (!condition.isNull(added[i]) && condition.get(added[i]) != 0) {
                    added[kept] = added[i];
                    group[kept++] = group[i];
                }
            }
        }
        for (int from = 0, to; from < kept; from = to) {
            to = Cancellation.blockEnd(from, kept);
            int[] groups = from == 0 ? group : Arrays.copyOfRange(group, from, to);
            List<FieldVector> arguments = new ArrayList<>();
            try {
                for (BoundExpr argument : call.arguments()) {
                    arguments.add(Columns.gather(column(rows, argument), added, from, to - from, allocator));
                }
                accumulator.update(arguments, groups, to - from);
            } finally {
                Closing.all(arguments);
            }
        }
    }

    private static FieldVector column(Chunk rows, BoundExpr expr) {
        return rows.column(((BoundExpr.Column) expr).ordinal());
    }

    @Override
    public void close() {
        if (growing != null) {
            growing.close();
            growing = null;
        }
    }
}
