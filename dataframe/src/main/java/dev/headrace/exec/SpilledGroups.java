package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.SpillFile.Extent;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Partial results of groups on disk, dealt out by the hash of their keys. Each part is merged when its results are
/// read; if one does not fit into memory either, it is dealt out again by other bits of the hash.
///
/// Owns its file. Many threads may write and read parts.
final class SpilledGroups implements AutoCloseable {
    private static final int PART_BITS = 5;
    private static final int PARTS = 1 << PART_BITS;

    /// A table with fewer groups is not put on disk: that would gain nothing.
    private static final int FEWEST_GROUPS = 256;

    private final GroupLayout layout;
    private final RunContext run;
    private final int depth;
    private final SpillFile file;
    private final List<List<Extent>> parts = new ArrayList<>();

    /// @param depth how often the groups have been dealt out before
    SpilledGroups(GroupLayout layout, int depth, RunContext run) {
        this.layout = layout;
        this.depth = depth;
        this.run = run;
        for (int p = 0; p < PARTS; p++) {
            parts.add(new ArrayList<>());
        }
        this.file = run.spill().newFile();
    }

    /// Whether a table that one of several threads fills has become too large.
    static boolean isTooLarge(GroupTable table, RunContext run) {
        if (table.groupCount() < FEWEST_GROUPS) {
            return false;
        }
        long together = table.bytes() * run.tasks().parallelism();
        // The results need as much again.
        return run.spill().isShort(2 * together)
                || SpillSpace.isHeapShort(table.heapBytes() * run.tasks().parallelism());
    }

    /// Writes all groups of a table, which the caller closes.
    void write(GroupTable table) {
        int[][] rows = new int[PARTS][Chunk.TARGET_ROWS];
        int[] counts = new int[PARTS];
        int shift = Long.SIZE - PART_BITS * (depth + 1);
        int step = step(table, run);
        for (int from = 0; from < table.groupCount(); from += step) {
            run.checkCancelled();
            try (Chunk partials = table.partials(from, step, run.allocator())) {
                java.util.Arrays.fill(counts, 0);
                for (int i = 0; i < partials.rowCount(); i++) {
                    int part = (int) (table.hash(from + i) >>> shift) & PARTS - 1;
                    rows[part][counts[part]++] = i;
                }
                for (int p = 0; p < PARTS; p++) {
                    if (counts[p] > 0) {
                        try (Chunk dealt = Columns.gather(partials, rows[p], 0, counts[p], run.allocator())) {
                            add(p, file.write(dealt));
                        }
                    }
                }
            }
        }
    }

    /// How many groups to write at once, so that the rows they become take a small share of the memory.
    static int step(GroupTable table, RunContext run) {
        long perGroup = table.bytes() / Math.max(1, table.groupCount()) + 1;
        return (int) Math.clamp(run.spill().shareOf(8) / perGroup, 64, Chunk.TARGET_ROWS);
    }

    private void add(int part, Extent extent) {
        synchronized (parts) {
            parts.get(part).add(extent);
        }
        run.counters().add("spilledBytes", extent.bytes());
    }

    /// The results, a split per part; the file must stay open until they have been read.
    List<Split> results(StructType schema) {
        List<Split> splits = new ArrayList<>();
        for (List<Extent> part : parts) {
            if (!part.isEmpty()) {
                splits.add(allocator -> new PartReader(part, schema, allocator));
            }
        }
        return splits;
    }

    @Override
    public void close() {
        file.close();
    }

    /// Merges a part when the first chunk is asked for.
    private final class PartReader implements ChunkReader {
        private final Deque<Extent> unread;
        private final StructType schema;
        private final BufferAllocator allocator;
        private @Nullable GroupTable table;
        private int given;

        /// What did not fit, and the parts of it that have not been read.
        private @Nullable SpilledGroups further;

        private Deque<Split> furtherParts = new ArrayDeque<>();
        private @Nullable ChunkReader reader;

        PartReader(List<Extent> part, StructType schema, BufferAllocator allocator) {
            this.unread = new ArrayDeque<>(part);
            this.schema = schema;
            this.allocator = allocator;
            this.table = new GroupTable(layout, allocator);
        }

        @Override
        public @Nullable Chunk next() {
            if (!unread.isEmpty()) {
                merge();
            }
            GroupTable merged = table;
            if (merged != null) {
                if (given < merged.groupCount()) {
                    Chunk results = merged.results(given, schema, allocator);
                    given += results.rowCount();
                    return results;
                }
                merged.close();
                table = null;
            }
            return nextOfFurther();
        }

        private void merge() {
            while (!unread.isEmpty()) {
                run.checkCancelled();
                GroupTable into = table;
                if (into == null) {
                    into = new GroupTable(layout, allocator);
                    table = into;
                }
                try (Chunk partials = file.read(unread.removeFirst(), layout.partialSchema(), allocator)) {
                    into.merge(partials);
                }
                if (depth + 1 < Long.SIZE / 2 / PART_BITS && isTooLarge(into, run)) {
                    writeFurther(into);
                }
            }
            GroupTable merged = table;
            if (further != null && merged != null) {
                writeFurther(merged);
            }
            if (further != null) {
                furtherParts = new ArrayDeque<>(further.results(schema));
            }
        }

        private void writeFurther(GroupTable large) {
            SpilledGroups into = further;
            if (into == null) {
                into = new SpilledGroups(layout, depth + 1, run);
                further = into;
            }
            into.write(large);
            large.close();
            table = null;
        }

        private @Nullable Chunk nextOfFurther() {
            while (true) {
                ChunkReader current = reader;
                if (current == null) {
                    Split part = furtherParts.poll();
                    if (part == null) {
                        return null;
                    }
                    current = part.open(allocator);
                    reader = current;
                }
                Chunk chunk = current.next();
                if (chunk != null) {
                    return chunk;
                }
                current.close();
                reader = null;
            }
        }

        @Override
        public void close() {
            if (table != null) {
                table.close();
                table = null;
            }
            if (reader != null) {
                reader.close();
                reader = null;
            }
            if (further != null) {
                further.close();
            }
        }
    }
}
