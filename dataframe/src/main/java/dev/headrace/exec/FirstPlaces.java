package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.SlotMemory;
import dev.headrace.plan.WindowFunction.Rank.Kind;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The least [SortPlaces] that the rows of each partition have had so far: behind the last of them no row is wanted any
/// more. Forgets all partitions when they have become too many, and looks at none any more if it left out too few rows.
/// Used by one thread at a time.
final class FirstPlaces implements AutoCloseable {
    /// Tables with so many partitions, or so many bytes, outgrow the processor's cache.
    private static final int FULL_PARTITIONS = (1 << 16) - Chunk.TARGET_ROWS;

    private static final long MOST_BYTES = 8L << 20;

    /// After so many rows it is asked what it was good for, or if more are needed to know the first ones, so many times
    /// as many.
    private static final int ROWS_TO_JUDGE = 1 << 16;

    private static final int TIMES_WANTED = 4;

    /// It was good for something if it left out one row of so many.
    private static final int LEAST_LEFT_OUT = 8;

    private final StructType schema;
    private final int[] partition;
    private final SortColumn key;
    private final int count;
    private final boolean distinct;
    private final RunContext run;
    private final BufferAllocator memory;

    /// Null if it has been given up.
    private @Nullable Partitions partitions;

    private long rows;
    private long leftOut;

    /// @param partition columns
    /// @param key what is ordered by first
    FirstPlaces(StructType schema, int[] partition, SortColumn key, RankLimits.RankLimit limit, RunContext run) {
        this.schema = schema;
        this.partition = partition;
        this.key = key;
        this.count = limit.count();
        this.distinct = limit.kind() == Kind.DENSE_RANK;
        this.run = run;
        this.memory = run.allocator().newChildAllocator("places", 0, Long.MAX_VALUE);
        try {
            this.partitions = new Partitions();
        } catch (Throwable failed) {
            memory.close();
            throw failed;
        }
    }

    /// Finds the rows that may be among the first ones of their partitions.
    ///
    /// @param wanted gets their indexes
    /// @return how many there are
    int within(Chunk chunk, int[] wanted) {
        int kept = count == 0 ? 0 : within(chunk, partitions, wanted);
        rows += chunk.rowCount();
        leftOut += chunk.rowCount() - kept;
        return kept;
    }

    private int within(Chunk chunk, @Nullable Partitions known, int[] wanted) {
        if (known == null) {
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = i;
            }
            return wanted.length;
        }
        judge(known);
        Partitions lasting = partitions;
        return lasting == null ? within(chunk, null, wanted) : lasting.within(chunk, wanted);
    }

    private void judge(Partitions known) {
        boolean full = known.isFull();
        if (full || rows >= Math.max(ROWS_TO_JUDGE, (long) TIMES_WANTED * count * known.slots())) {
            boolean useless = leftOut * LEAST_LEFT_OUT < rows;
            rows = 0;
            leftOut = 0;
            if (full || useless) {
                partitions = null;
                known.close();
            }
            if (full && !useless) {
                partitions = new Partitions();
            }
        }
    }

    private long share() {
        return Math.min(MOST_BYTES, run.spill().shareOf(run.tasks().parallelism()));
    }

    @Override
    public void close() {
        if (partitions != null) {
            partitions.close();
            partitions = null;
        }
        memory.close();
    }

    /// Partitions by number. Of each the memory has the place behind which no row is wanted, how many of its first
    /// places are known, and these in order.
    private final class Partitions implements AutoCloseable {
        private static final int COUNT_AT = Long.BYTES;
        private static final int PLACES_AT = 2 * Long.BYTES;

        /// Without one, if all rows are in one partition.
        private final @Nullable KeyTable keys;

        private final SlotMemory first = new SlotMemory(PLACES_AT + Long.BYTES * count, memory);

        /// Of more partitions no places are known, and all rows are wanted.
        private final int most = (int) Math.min(FULL_PARTITIONS, share() / 2 / first.width());

        private int slots;
        private long[] places = new long[0];
        private int[] slotOf = new int[0];

        Partitions() {
            this.keys = partition.length == 0 ? null : new KeyTable(HashJoining.keyLayout(schema, partition), memory);
        }

        int slots() {
            return slots;
        }

        boolean isFull() {
            return keys != null && (slots >= most || memory.getAllocatedMemory() > share());
        }

        /// All rows are looked at before any is left out: later ones may be those that come first.
        int within(Chunk chunk, int[] wanted) {
            int rows = chunk.rowCount();
            if (places.length < rows) {
                places = new long[rows];
                slotOf = new int[rows];
            }
            SortPlaces.fill(chunk, key, places);
            assign(chunk);
            for (int i = 0; i < rows; i++) {
                if (slotOf[i] < most) {
                    long at = first.address(slotOf[i]);
                    if (places[i] < Memory.getLong(at)) {
                        add(at, places[i]);
                    }
                }
            }
            int kept = 0;
            for (int i = 0; i < rows; i++) {
                wanted[kept] = i;
                kept += slotOf[i] >= most || places[i] <= Memory.getLong(first.address(slotOf[i])) ? 1 : 0;
            }
            return kept;
        }

        private void assign(Chunk chunk) {
            int before = Math.min(slots, most);
            if (keys == null) {
                slots = 1;
            } else {
                List<FieldVector> columns = new ArrayList<>();
                for (int column : partition) {
                    columns.add(chunk.column(column));
                }
                keys.assign(columns, chunk.rowCount(), slotOf);
                slots = keys.slotCount();
            }
            int end = Math.min(slots, most);
            first.resize(end);
            for (int slot = before; slot < end; slot++) {
                Memory.putLong(first.address(slot), Long.MAX_VALUE);
            }
        }

        /// Puts a place among the first ones, of which the last one may go for it.
        private void add(long at, long place) {
            int known = (int) Memory.getLong(at + COUNT_AT);
            long sorted = at + PLACES_AT;
            int before = 0;
            int end = known;
            while (before < end) {
                int middle = before + end >>> 1;
                if (Memory.getLong(sorted + (long) Long.BYTES * middle) <= place) {
                    before = middle + 1;
                } else {
                    end = middle;
                }
            }
            if (distinct && before > 0 && Memory.getLong(sorted + Long.BYTES * (before - 1L)) == place) {
                return;
            }
            int moved = Math.min(known, count - 1) - before;
            long to = sorted + (long) Long.BYTES * before;
            Memory.copy(null, to, null, to + Long.BYTES, (long) Long.BYTES * moved);
            Memory.putLong(to, place);
            if (known < count) {
                Memory.putLong(at + COUNT_AT, known + 1L);
            }
            if (known >= count - 1) {
                Memory.putLong(at, Memory.getLong(sorted + Long.BYTES * (count - 1L)));
            }
        }

        @Override
        public void close() {
            if (keys != null) {
                keys.close();
            }
            first.close();
        }
    }
}
