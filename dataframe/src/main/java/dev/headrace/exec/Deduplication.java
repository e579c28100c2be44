package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.exec.DealtRows.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Keeps the first row of each key, in the order of the splits.
///
/// Each task leaves out most of the rows that are not the first ones of its split; what it lets through is held, and
/// looked through by one thread.
final class Deduplication implements Prepared {
    /// A table with so many keys, and those of one chunk more, has outgrown the processor's cache.
    private static final int FULL_KEYS = (1 << 16) - Chunk.TARGET_ROWS;

    private final Prepared input;
    private final PhysicalPlan.Deduplicate node;

    Deduplication(Prepared input, PhysicalPlan.Deduplicate node) {
        this.input = input;
        this.node = node;
    }

    @Override
    public Stage open(RunContext run) {
        DealtRows rows = new DealtRows(node.schema(), node.keys(), run);
        try {
            input.open(run).then(() -> new Sieve(run)).run(run, rows);
            return rows.isSpilled()
                    ? PartSplit.stage(rows, (dealt, part) -> firsts(dealt, part, run))
                    : Stage.of(List.of(new MemorySplit(firsts(rows.take(), run))));
        } catch (Throwable failed) {
            rows.close();
            throw failed;
        }
    }

    /// Takes the rows over.
    private List<Chunk> firsts(List<Chunk> chunks, RunContext run) {
        List<Chunk> kept = new ArrayList<>();
        Deque<Chunk> left = new ArrayDeque<>(chunks);
        try (KeyTable keys = new KeyTable(HashJoining.keyLayout(node.schema(), node.keys()), run.allocator())) {
            while (!left.isEmpty()) {
                run.checkCancelled();
                try (Chunk chunk = left.removeFirst()) {
                    keep(chunk, keys, kept, run);
                }
            }
            return kept;
        } catch (Throwable failed) {
            Closing.all(left);
            Closing.all(kept);
            throw failed;
        }
    }

    /// The same of rows on disk, of which one chunk is held at a time.
    private ChunkReader firsts(DealtRows rows, Part part, RunContext run) {
        List<Chunk> kept = new ArrayList<>();
        try (KeyTable keys = new KeyTable(HashJoining.keyLayout(node.schema(), node.keys()), run.allocator())) {
            for (Extent extent : part.extents()) {
                run.checkCancelled();
                try (Chunk chunk = rows.read(extent)) {
                    keep(chunk, keys, kept, run);
                }
            }
            return new MemorySplit(kept).open(run.allocator());
        } catch (Throwable failed) {
            Closing.all(kept);
            throw failed;
        }
    }

    private void keep(Chunk chunk, KeyTable keys, List<Chunk> kept, RunContext run) {
        int[] rows = new int[chunk.rowCount()];
        int count = firsts(chunk, node.keys(), keys, rows);
        if (count > 0) {
            kept.add(Columns.gather(chunk, rows, 0, count, run.allocator()));
        }
    }

    /// Adds the chunk's keys to the table and finds the rows that brought a new one.
    ///
    /// @param rows gets their indexes
    /// @return how many there are
    private static int firsts(Chunk chunk, int[] keyOrdinals, KeyTable keys, int[] rows) {
        List<FieldVector> columns = new ArrayList<>();
        for (int ordinal : keyOrdinals) {
            columns.add(chunk.column(ordinal));
        }
        int next = keys.slotCount();
        int[] slots = new int[chunk.rowCount()];
        keys.assign(columns, chunk.rowCount(), slots);
        int count = 0;
        for (int row = 0; row < slots.length; row++) {
            if (slots[row] == next) {
                rows[count++] = row;
                next++;
            }
        }
        return count;
    }

    /// Leaves out rows whose keys its task had before. It forgets all keys when they have become too many, and stops to
    /// look at any if it left out less than every second row.
    private final class Sieve implements Operator {
        private final RunContext run;
        private final BufferAllocator memory;

        /// Null if none are looked at any more.
        private @Nullable KeyTable keys;

        private long rows;

        Sieve(RunContext run) {
            this.run = run;
            this.memory = run.allocator().newChildAllocator("keys", 0, Long.MAX_VALUE);
            try {
                this.keys = newTable();
            } catch (Throwable failed) {
                memory.close();
                throw failed;
            }
        }

        private KeyTable newTable() {
            return new KeyTable(HashJoining.keyLayout(node.schema(), node.keys()), memory);
        }

        @Override
        public void process(Chunk input, Output out) {
            KeyTable known = keys;
            if (known == null) {
                out.accept(input.slice(0, input.rowCount()));
                return;
            }
            int[] firsts = new int[input.rowCount()];
            int count = firsts(input, node.keys(), known, firsts);
            rows += input.rowCount();
            if (isFull(known)) {
                known.close();
                keys = rows < 2L * known.slotCount() ? null : newTable();
                rows = 0;
            }
            if (count > 0) {
                out.accept(Columns.gather(input, firsts, 0, count, run.allocator()));
            }
        }

        private boolean isFull(KeyTable known) {
            return known.slotCount() >= FULL_KEYS
                    || memory.getAllocatedMemory()
                            > run.spill().shareOf(run.tasks().parallelism());
        }

        @Override
        public void close() {
            if (keys != null) {
                keys.close();
            }
            memory.close();
        }
    }
}
