package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.connector.Split;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.state.StateSchema;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/// Marks the rows that bring a value to their group for the first time since the query began. The state has an entry
/// for each group and value, so the cost of a batch is that of its rows.
///
/// @param found the sets of values, each with a state of its own
/// @param expiry when groups end, over the keys of an entry; absent if they do not
record FirstValues(
        PhysicalPlan input, List<DistinctValues.Found> found, List<OperatorState> states, Optional<Expiry> expiry)
        implements PhysicalPlan.Custom {
    private static final StructType SEEN = new StructType().add("seen", DataTypes.LongType, false);

    static StateSchema stateSchema(StructType rows, DistinctValues.Found found, boolean expiring) {
        return new StateSchema(rows.select(found.keys()), SEEN, expiring);
    }

    @Override
    public StructType schema() {
        return DistinctValues.marked(input.schema(), found);
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "FirstValues, " + found.size() + " distinct"
                + expiry.map(_ -> ", values end with the watermark").orElse("");
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared rows = preparation.prepare(input);
        return run -> {
            List<Chunk> chunks = ChunkCollector.collect(rows.open(run), run);
            List<List<FieldVector>> marks = new ArrayList<>();
            chunks.forEach(_ -> marks.add(new ArrayList<>()));
            try {
                for (int i = 0; i < found.size(); i++) {
                    mark(chunks, found.get(i), states.get(i), marks, run);
                }
            } catch (Throwable failed) {
                Closing.all(chunks);
                marks.forEach(some -> Closing.all(some));
                throw failed;
            }
            List<Split> splits = new ArrayList<>();
            for (int c = 0; c < chunks.size(); c++) {
                splits.add(new MemorySplit(List.of(marked(chunks.get(c), marks.get(c)))));
            }
            return Stage.of(splits);
        };
    }

    /// @param chunk taken over
    private Chunk marked(Chunk chunk, List<FieldVector> marks) {
        try (chunk) {
            List<FieldVector> columns = new ArrayList<>();
            for (int i = 0; i < chunk.columnCount(); i++) {
                columns.add(chunk.share(i));
            }
            columns.addAll(marks);
            return new Chunk(schema(), columns, chunk.rowCount());
        }
    }

    private void mark(
            List<Chunk> chunks,
            DistinctValues.Found values,
            OperatorState state,
            List<List<FieldVector>> marks,
            RunContext run) {
        StructType keySchema = input.schema().select(values.keys());
        try (KeyTable table = new KeyTable(RowLayout.of(keySchema), run.allocator());
                Entries entries = new Entries(state)) {
            for (int c = 0; c < chunks.size(); c++) {
                Chunk chunk = chunks.get(c);
                try (Chunk keys = chunk.select(values.keys())) {
                    int next = table.slotCount();
                    int[] slots = new int[chunk.rowCount()];
                    table.assign(keys.columns(), slots.length, slots);
                    entries.add(keys, slots, next, table.slotCount(), run);
                    for (int f = 0; f < values.filters().length; f++) {
                        marks.get(c).add(firsts(chunk, values.filters()[f], slots, entries, 1L << f, run));
                    }
                }
            }
            entries.store(run);
        }
        expiry.ifPresent(_ -> {
            Chunk.lendEach(
                    state.takeExpired(state.times().expiryMicros()), gone -> state.countRemoved(gone.rowCount()));
        });
    }

    private static FieldVector firsts(Chunk chunk, int filter, int[] slots, Entries entries, long bit, RunContext run) {
        BitVector counts = (BitVector) chunk.column(filter);
        BitVector firsts = new BitVector("first", run.allocator());
        firsts.allocateNew(slots.length);
        for (int row = 0; row < slots.length; row++) {
            boolean first = !counts.isNull(row) && counts.get(row) != 0 && entries.see(slots[row], bit);
            firsts.set(row, first ? 1 : 0);
        }
        firsts.setValueCount(slots.length);
        return firsts;
    }

    /// What is known of each slot of the table: which filters its value has passed, in the state and now.
    private final class Entries implements AutoCloseable {
        private final OperatorState state;
        /// The keys of the slots, chunk after chunk.
        private final List<Chunk> keys = new ArrayList<>();
        private long[] before = new long[64];
        private long[] seen = new long[64];
        private int count;

        Entries(OperatorState state) {
            this.state = state;
        }

        /// Adds the slots `[from, to)`, which the rows of a chunk have brought.
        void add(Chunk rows, int[] slots, int from, int to, RunContext run) {
            if (from == to) {
                return;
            }
            int[] first = new int[to - from];
            int next = from;
            for (int row = 0; row < slots.length && next < to; row++) {
                if (slots[row] == next) {
                    first[next++ - from] = row;
                }
            }
            Chunk added = Columns.gather(rows, first, 0, first.length, run.allocator());
            keys.add(added);
            if (seen.length < to) {
                before = Arrays.copyOf(before, Math.max(to, 2 * seen.length));
                seen = Arrays.copyOf(seen, before.length);
            }
            try (Chunk stored = state.writer().lookup(added)) {
                BitVector present = (BitVector) stored.column(0);
                BigIntVector bits = (BigIntVector) stored.column(1);
                for (int i = 0; i < first.length; i++) {
                    before[from + i] = present.get(i) == 0 ? 0 : bits.get(i);
                    seen[from + i] = before[from + i];
                }
            }
            count = to;
        }

        /// @return whether the value passes the filter for the first time
        boolean see(int slot, long bit) {
            boolean first = (seen[slot] & bit) == 0;
            seen[slot] |= bit;
            return first;
        }

        /// Puts what is new into the state.
        void store(RunContext run) {
            int slot = 0;
            for (Chunk chunk : keys) {
                int[] changed = new int[chunk.rowCount()];
                int rows = 0;
                int first = slot;
                for (int row = 0; row < chunk.rowCount(); row++, slot++) {
                    if (seen[slot] != before[slot]) {
                        changed[rows++] = row;
                    }
                }
                if (rows > 0) {
                    upsert(chunk, changed, rows, first, run);
                }
            }
            if (slot != count) {
                throw new IllegalStateException(slot + " keys for " + count + " slots");
            }
        }

        private void upsert(Chunk chunk, int[] changed, int rows, int firstSlot, RunContext run) {
            long[] bits = new long[rows];
            int newEntries = 0;
            for (int i = 0; i < rows; i++) {
                int slot = firstSlot + changed[i];
                bits[i] = seen[slot];
                newEntries += before[slot] == 0 ? 1 : 0;
            }
            try (Chunk values = new Chunk(SEEN, List.of(Columns.longs("seen", bits, run.allocator())), rows);
                    Chunk entries = Columns.gather(chunk, changed, 0, rows, run.allocator())) {
                if (expiry.isPresent()) {
                    state.writer().upsert(entries, values, expiry.get().times(entries));
                } else {
                    state.writer().upsert(entries, values);
                }
                state.countUpdated(rows);
                state.countEntered(newEntries);
            }
        }

        @Override
        public void close() {
            Closing.all(keys);
        }
    }
}
