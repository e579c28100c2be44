package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/// The first or the top rows of a stream whose rows never go, of all rows or by key. A row that is not among them now
/// will never be, so the state has no more rows than the result, and the cost is that of the batch's rows and of these.
///
/// @param keep gives the rows that are the result, over `leaf`, and what their order tells of them
/// @param onlyAdds whether rows of the result never go
record FirstRows(String name, KeyedInput input, PhysicalPlan keep, RowsLeaf leaf, boolean onlyAdds)
        implements KeepsRows {
    @Override
    public StructType schema() {
        return onlyAdds ? keep.schema() : ChangeColumn.addTo(keep.schema());
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input.plan());
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(input.rows().state());
    }

    @Override
    public String describe() {
        return "Incremental " + name + ", keeps its result, gives " + (onlyAdds ? "additions" : "changes");
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared rows = preparation.prepare(input.plan());
        Prepared first = preparation.prepare(keep);
        return run -> MemorySplit.stage(changes -> {
            changes.addAll(changes(rows, first, run));
            input.rows().takeExpired(run.allocator()).close();
        });
    }

    private List<Chunk> changes(Prepared rows, Prepared first, RunContext run) {
        KeyedRows state = input.rows();
        BufferAllocator allocator = run.allocator();
        try (Chunk fresh = input.read(rows, run);
                KeyTable touched = new KeyTable(RowLayout.of(state.keySchema()), allocator)) {
            if (fresh.rowCount() == 0) {
                return List.of();
            }
            int[] keyOf = new int[fresh.rowCount()];
            touched.assign(input.keys(fresh), keyOf.length, keyOf);
            int count = touched.slotCount();
            try (Chunk keys =
                            new Chunk(state.keySchema(), touched.keys(0, count, state.keySchema(), allocator), count);
                    KeyedRows.Before old = state.load(keys, allocator);
                    Chunk before = before(old, first, run);
                    Chunk after = after(old, fresh, first, run)) {
                store(old, keys, fresh, keyOf, after, allocator);
                List<Chunk> changes = Difference.of(
                        keep.schema(),
                        List.of(before.slice(0, before.rowCount())),
                        List.of(after.slice(0, after.rowCount())),
                        allocator);
                return onlyAdds ? withoutChange(changes) : changes;
            }
        }
    }

    /// The result as it was: the rows, if nothing more is told of them.
    private Chunk before(KeyedRows.Before old, Prepared first, RunContext run) {
        Chunk rows = old.rows().slice(0, old.rows().rowCount());
        if (keep.schema().size() == rowColumns()) {
            return rows;
        }
        try (rows) {
            return compute(rows, first, run);
        }
    }

    private Chunk after(KeyedRows.Before old, Chunk fresh, Prepared first, RunContext run) {
        try (Chunk all = Columns.concat(
                input.rows().rowSchema(),
                List.of(old.rows().slice(0, old.rows().rowCount()), first(fresh, rowColumns())),
                run.allocator())) {
            return compute(all, first, run);
        }
    }

    private Chunk compute(Chunk rows, Prepared first, RunContext run) {
        leaf.set(rows);
        List<Chunk> kept = ChunkCollector.collect(first.open(run), run);
        return kept.isEmpty()
                ? Chunk.empty(keep.schema(), run.allocator())
                : Columns.concat(keep.schema(), kept, run.allocator());
    }

    private int rowColumns() {
        return input.rows().rowSchema().size();
    }

    private static Chunk first(Chunk chunk, int columns) {
        return chunk.select(IntStream.range(0, columns).toArray());
    }

    private List<Chunk> withoutChange(List<Chunk> changes) {
        return Chunk.mapEach(changes, chunk -> first(chunk, keep.schema().size()));
    }

    /// Keeps the rows that are the result now.
    private void store(
            KeyedRows.Before old, Chunk keys, Chunk fresh, int[] keyOf, Chunk after, BufferAllocator allocator) {
        try (KeyTable distinct = new KeyTable(RowLayout.of(input.rows().rowSchema()), allocator)) {
            int[] slots = new int[after.rowCount()];
            distinct.assign(after.columns().subList(0, rowColumns()), slots.length, slots);
            int[] left = new int[distinct.slotCount()];
            for (int slot : slots) {
                left[slot]++;
            }
            try (KeyTable.Finder finder = distinct.finder(allocator)) {
                boolean[] gone = new boolean[old.rows().rowCount()];
                int[] found = finder.find(old.rows().columns(), gone.length);
                for (int i = 0; i < gone.length; i++) {
                    gone[i] = !isLeft(found[i], left);
                }
                int[] foundFresh = finder.find(fresh.columns().subList(0, rowColumns()), keyOf.length);
                int[] added = IntStream.range(0, keyOf.length)
                        .filter(i -> isLeft(foundFresh[i], left))
                        .toArray();
                input.rows()
                        .replace(old, keys, gone, fresh, keyOf, added, allocator)
                        .close();
            }
        }
    }

    /// Whether a row is among those that are kept and have not been found yet.
    private static boolean isLeft(int slot, int[] left) {
        return slot != KeyTable.ABSENT && left[slot]-- > 0;
    }
}
