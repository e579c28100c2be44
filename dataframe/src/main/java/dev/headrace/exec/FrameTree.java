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
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Partial results of an aggregate over blocks of rows, over blocks of these, and so on, so that long frames are put
/// together of few of them. The rows must stay as long as it is used.
final class FrameTree implements AutoCloseable {
    private static final int SHIFT = 3;

    private final Chunk rows;
    private final AggregateCall call;
    private final BufferAllocator allocator;
    private final int origin;

    /// For each level the partial results of its blocks, first those of the smallest ones.
    private final List<Level> levels = new ArrayList<>();

    /// @param first the number of the first block, counted from the origin
    private record Level(int first, int blocks, List<FieldVector> partials) {}

    /// @param first the first row of all frames
    /// @param end behind the last one
    /// @param origin where blocks are counted from; not behind the first row
    FrameTree(Chunk rows, AggregateCall call, int first, int end, int origin, BufferAllocator allocator) {
        this.rows = rows;
        this.call = call;
        this.origin = origin;
        this.allocator = allocator;
        try {
            int[] added = new int[end - first];
            Arrays.setAll(added, i -> first + i);
            levels.add(level(
                    first - origin,
                    added.length,
                    (blockOfEach, accumulator) -> WindowAggregation.update(
                            rows, call, accumulator, added, blockOfEach.of(0, added.length), added.length, allocator)));
            while (levels.getLast().blocks() > 1) {
                Level smaller = levels.getLast();
                levels.add(level(
                        smaller.first(),
                        smaller.blocks(),
                        (blockOfEach, accumulator) -> merge(smaller, blockOfEach, accumulator)));
            }
        } catch (Throwable failed) {
            close();
            throw failed;
        }
    }

    /// Makes blocks of so many parts.
    private Level level(int firstPart, int parts, BiConsumer<BlockOfEach, GroupAccumulator> takingIn) {
        int first = firstPart >> SHIFT;
        int blocks = (firstPart + parts - 1 >> SHIFT) - first + 1;
        try (GroupAccumulator accumulator = call.function().newAccumulator(allocator)) {
            accumulator.resize(blocks);
            takingIn.accept(
                    (from, to) -> {
                        int[] block = new int[to - from];
                        Arrays.setAll(block, i -> (firstPart + from + i >> SHIFT) - first);
                        return block;
                    },
                    accumulator);
            return new Level(first, blocks, accumulator.partials(0, blocks, allocator));
        }
    }

    /// The blocks that parts belong to.
    private interface BlockOfEach {
        int[] of(int fromPart, int toPart);
    }

    /// Makes larger blocks of those of a level.
    private void merge(Level level, BlockOfEach blockOfEach, GroupAccumulator larger) {
        for (int from = 0, to; from < level.blocks(); from = to) {
            to = Cancellation.blockEnd(from, level.blocks());
            List<FieldVector> some = new ArrayList<>();
            try {
                for (FieldVector partial : level.partials()) {
                    some.add(Columns.share(partial, from, to - from, allocator));
                }
                larger.merge(some, blockOfEach.of(from, to), to - from);
            } finally {
                Closing.all(some);
            }
        }
    }

    /// Takes each frame in, in the order of its rows: the rows `[starts[i], ends[i])` into the group i.
    ///
    /// @param least frames of fewer rows are taken in row by row
    void takeIn(int[] starts, int[] ends, int least, GroupAccumulator accumulator) {
        int highest = levels.size();
        List<Picked> smallToLarge = new ArrayList<>();
        List<Picked> largeToSmall = new ArrayList<>();
        for (int level = 0; level <= highest; level++) {
            smallToLarge.add(new Picked());
            largeToSmall.add(new Picked());
        }
        for (int frame = 0; frame < starts.length; frame++) {
            int at = starts[frame] - origin;
            int end = ends[frame] - origin;
            int top = end - at < least ? 0 : highest;
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
        for (int level = 0; level <= highest; level++) {
            takeIn(level, smallToLarge.get(level), accumulator);
        }
        for (int level = highest; level >= 0; level--) {
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
                picked.blocks[i] += origin;
            }
            WindowAggregation.update(rows, call, accumulator, picked.blocks, picked.groups, picked.count, allocator);
            return;
        }
        Level made = levels.get(level - 1);
        for (int i = 0; i < picked.count; i++) {
            picked.blocks[i] -= made.first();
        }
        List<FieldVector> partials = new ArrayList<>();
        try {
            for (FieldVector partial : made.partials()) {
                partials.add(Columns.gather(partial, picked.blocks, 0, picked.count, allocator));
            }
            accumulator.merge(partials, picked.groups, picked.count);
        } finally {
            Closing.all(partials);
        }
    }

    @Override
    public void close() {
        levels.forEach(level -> Closing.all(level.partials()));
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
