package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.types.StructType;
import java.util.List;

/// The first or the top rows of a stream whose rows never go. A row that is not among them now will never be, so the
/// state has no more rows than the result, and the cost is that of the batch's rows and of these.
///
/// @param input its key is empty
/// @param keep gives the rows that are the result, over `leaf`
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
        return run -> Stage.of(List.of(new MemorySplit(changes(rows, first, run))));
    }

    private List<Chunk> changes(Prepared rows, Prepared first, RunContext run) {
        KeyedRows state = input.rows();
        try (Chunk fresh = input.read(rows, run);
                Chunk key = new Chunk(new StructType(), List.of(), 1);
                KeyedRows.Before old = state.load(key, run.allocator())) {
            if (fresh.rowCount() == 0) {
                return List.of();
            }
            List<Chunk> kept;
            try (Chunk all = Columns.concat(
                    state.rowSchema(),
                    List.of(old.rows().slice(0, old.rows().rowCount()), rowsOf(fresh)),
                    run.allocator())) {
                leaf.set(all);
                kept = ChunkCollector.collect(first.open(run), run);
            }
            try (Chunk now = kept.isEmpty()
                    ? Chunk.empty(state.rowSchema(), run.allocator())
                    : Columns.concat(state.rowSchema(), kept, run.allocator())) {
                return store(old, key, now, run);
            }
        }
    }

    private Chunk rowsOf(Chunk fresh) {
        int[] columns = new int[input.rows().rowSchema().size()];
        java.util.Arrays.setAll(columns, i -> i);
        return fresh.select(columns);
    }

    /// @return what has changed
    private List<Chunk> store(KeyedRows.Before old, Chunk key, Chunk now, RunContext run) {
        List<Chunk> difference = Difference.of(
                now.schema(),
                List.of(old.rows().slice(0, old.rows().rowCount())),
                List.of(now.slice(0, now.rowCount())),
                run.allocator());
        if (difference.isEmpty()) {
            return List.of();
        }
        Chunk changes = Columns.concat(ChangeColumn.addTo(now.schema()), difference, run.allocator());
        int[] keyOf = new int[changes.rowCount()];
        input.rows()
                .apply(old, key, changes, keyOf, input.changes(changes), run.allocator())
                .close();
        if (!onlyAdds) {
            return List.of(changes);
        }
        try (changes) {
            return List.of(rowsOf(changes));
        }
    }
}
