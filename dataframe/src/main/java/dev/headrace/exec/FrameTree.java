package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.function.AggregateFunction.GroupAccumulator;
import dev.headrace.plan.AggregateCall;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Partial results of an aggregate over blocks of rows, over blocks of these, and so on, so that long frames are put
/// together of few of them. The rows must stay as long as it is used.
final class FrameTree implements AutoCloseable {
    private static final int SHIFT = 3;

    private final Chunk rows;
    private final AggregateCall call;
    private final BufferAllocator allocator;
    private final int first;

    /// For each level the partial results of its blocks, first those of the smallest ones.
    private final List<List<FieldVector>> levels = new ArrayList<>();

    /// @param first the first row of all frames
    /// @param end behind the last one
    FrameTree(Chunk rows, AggregateCall call, int first, int end, BufferAllocator allocator) {
        this.rows = rows;
        this.call = call;
        this.first = first;
        this.allocator = allocator;
        try {
            int[] added = new int[end - first];
            Arrays.setAll(added, i -> first + i);
            int blocks = blocks(added.length);
            try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
                accumulator.resize(blocks);
                WindowAggregation.update(
                        rows, call, accumulator, added, blockOfEach(0, added.length), added.length, allocator);
                levels.add(accumulator.partials(0, blocks, allocator));
            }
            while (blocks > 1 << SHIFT + 1) {
                int larger = blocks(blocks);
                try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
                    accumulator.resize(larger);
                    merge(levels.getLast(), blocks, accumulator);
                    levels.add(accumulator.partials(0, larger, allocator));
                }
                blocks = larger;
            }
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    private static int blocks(int parts) {
        return (parts + (1 << SHIFT) - 1) >> SHIFT;
    }

    /// The block of each of the parts `[from, to)`.
    private static int[] blockOfEach(int from, int to) {
        int[] block = new int[to - from];
        Arrays.setAll(block, i -> from + i >> SHIFT);
        return block;
    }

    /// Makes larger blocks of those of a level.
    private void merge(List<FieldVector> level, int blocks, GroupAccumulator larger) {
        for (int from = 0, to; from < blocks; from = to) {
            to = Cancellation.blockEnd(from, blocks);
            List<FieldVector> some = new ArrayList<>();
            try {
                for (FieldVector partial : level) {
                    some.add(Columns.share(partial, from, to - from, allocator));
                }
                larger.merge(some, blockOfEach(from, to), to - from);
            } finally {
                Closing.all(some);
            }
        }
    }

    /// Takes each frame in, in the order of its rows: the rows `[starts[i], ends[i])` into the group i.
    void takeIn(int[] starts, int[] ends, GroupAccumulator accumulator) {
        int top = levels.size();
        List<Picked> smallToLarge = new ArrayList<>();
        List<Picked> largeToSmall = new ArrayList<>();
        for (int level = 0; level <= top; level++) {
            smallToLarge.add(new Picked());
            largeToSmall.add(new Picked());
        }
        for (int frame = 0; frame < starts.length; frame++) {
            int at = starts[frame] - first;
            int end = ends[frame] - first;
            int level = 0;
            while (level < top) {
                int size = 1 << SHIFT * level;
                int largerMask = (1 << SHIFT * (level + 1)) - 1;
                while ((at & largerMask) != 0 && at + size <= end) {
                    smallToLarge.get(level).add(at >> SHIFT * level, frame);
                    at += size;
                }
                if ((at & largerMask) != 0 || at + largerMask + 1 > end) {
                    break;
                }
                level++;
            }
            for (; level >= 0; level--) {
                int size = 1 << SHIFT * level;
                for (; at + size <= end; at += size) {
                    largeToSmall.get(level).add(at >> SHIFT * level, frame);
                }
            }
        }
        for (int level = 0; level <= top; level++) {
            takeIn(level, smallToLarge.get(level), accumulator);
        }
        for (int level = top; level >= 0; level--) {
            takeIn(level, largeToSmall.get(level), accumulator);
        }
    }

    private void takeIn(int level, Picked picked, GroupAccumulator accumulator) {
        Cancellation.checkThread();
        if (picked.count == 0) {
            return;
        }
        if (level == 0) {
            for (int i = 0; i < picked.count; i++) {
                picked.blocks[i] += first;
            }
            WindowAggregation.update(rows, call, accumulator, picked.blocks, picked.groups, picked.count, allocator);
            return;
        }
        List<FieldVector> partials = new ArrayList<>();
        try {
            for (FieldVector partial : levels.get(level - 1)) {
                partials.add(Columns.gather(partial, picked.blocks, 0, picked.count, allocator));
            }
            accumulator.merge(partials, picked.groups, picked.count);
        } finally {
            Closing.all(partials);
        }
    }

    @Override
    public void close() {
        levels.forEach(Closing::all);
        levels.clear();
    }

    /// Blocks of one level, and the group that each goes into.
    private static final class Picked {
        private int[] blocks = new int[1024];
        private int[] groups = new int[1024];
        private int count;

        void add(int block, int group) {
            if (count == blocks.length) {
                blocks = Arrays.copyOf(blocks, 2 * count);
                groups = Arrays.copyOf(groups, 2 * count);
            }
            blocks[count] = block;
            groups[count++] = group;
        }
    }
}
