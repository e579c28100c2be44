package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.connector.ChunkReader;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.state.StateSchema;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// Keeps the whole of a result that changes, each distinct row with how often it is there, and gives it all in each
/// batch, for complete mode.
///
/// @param input with the [ChangeColumn]
record WholeResult(PhysicalPlan input, StructType schema, OperatorState state) implements PhysicalPlan.Custom {
    private static final String COUNT = "_count";

    static StateSchema stateSchema(StructType rows) {
        return new StateSchema(rows, new StructType().add(COUNT, DataTypes.LongType, false), false);
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "WholeResult";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> {
            List<Chunk> chunks = ChunkCollector.collect(below.open(run), run);
            if (!chunks.isEmpty()) {
                try (Chunk changes = Columns.concat(input.schema(), chunks, run.allocator())) {
                    apply(changes, run.allocator());
                }
            }
            return MemorySplit.stage(out -> giveAll(run, out));
        };
    }

    private void apply(Chunk changes, BufferAllocator allocator) {
        try (KeyTable distinct = new KeyTable(RowLayout.of(schema), allocator)) {
            int[] slots = new int[changes.rowCount()];
            distinct.assign(changes.columns().subList(0, schema.size()), slots.length, slots);
            long[] counts = new long[distinct.slotCount()];
            boolean[] known = new boolean[counts.length];
            IntVector change = (IntVector) changes.column(schema.size());
            for (int i = 0; i < slots.length; i++) {
                counts[slots[i]] += change.get(i);
            }
            int rows = counts.length;
            try (Chunk keys = new Chunk(schema, distinct.keys(0, rows, schema, allocator), rows)) {
                addCountsBefore(keys, counts, known);
                write(keys, counts, known, allocator);
            }
        }
    }

    private void addCountsBefore(Chunk keys, long[] counts, boolean[] known) {
        try (Chunk found = state.writer().lookup(keys)) {
            BitVector present = (BitVector) found.column(0);
            BigIntVector before = (BigIntVector) found.column(1);
            for (int i = 0; i < counts.length; i++) {
                known[i] = present.get(i) != 0;
                counts[i] += known[i] ? before.get(i) : 0;
            }
        }
    }

    private void write(Chunk keys, long[] counts, boolean[] known, BufferAllocator allocator) {
        int[] there = new int[counts.length];
        int[] gone = new int[counts.length];
        int thereCount = 0;
        int goneCount = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                there[thereCount++] = i;
                state.countEntered(known[i] ? 0 : 1);
            } else {
                gone[goneCount++] = i;
                state.countLeft(known[i] ? 1 : 0);
            }
        }
        long[] values = IntStream.of(Arrays.copyOf(there, thereCount))
                .mapToLong(i -> counts[i])
                .toArray();
        try (Chunk kept = Columns.gather(keys, there, 0, thereCount, allocator);
                Chunk keptCounts = new Chunk(
                        state.schema().value(), List.of(Columns.longs(COUNT, values, allocator)), thereCount);
                Chunk dropped = Columns.gather(keys, gone, 0, goneCount, allocator)) {
            state.writer().upsert(kept, keptCounts);
            state.writer().delete(dropped);
        }
        state.countUpdated(thereCount);
        state.countRemoved(goneCount);
    }

    private void giveAll(RunContext run, List<Chunk> out) {
        try (ChunkReader entries = state.writer().scan()) {
            for (Chunk chunk = entries.next(); chunk != null; chunk = entries.next()) {
                try (Chunk rows = chunk) {
                    out.add(repeated(rows, run.allocator()));
                }
            }
        }
    }

    /// Each row as often as it is there.
    private Chunk repeated(Chunk entries, BufferAllocator allocator) {
        BigIntVector counts = (BigIntVector) entries.column(schema.size());
        int[] rows = new int[entries.rowCount()];
        int total = 0;
        for (int i = 0; i < entries.rowCount(); i++) {
            for (long n = 0; n < counts.get(i); n++) {
                if (total == rows.length) {
                    rows = Arrays.copyOf(rows, 2 * total);
                }
                rows[total++] = i;
            }
        }
        int[] all = rows;
        int count = total;
        List<FieldVector> columns =
                Columns.make(schema.size(), c -> Columns.gather(entries.column(c), all, 0, count, allocator));
        return new Chunk(schema, columns, count);
    }
}
