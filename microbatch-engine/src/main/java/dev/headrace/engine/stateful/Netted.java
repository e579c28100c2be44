package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.vector.IntVector;

/// Leaves out rows that go and come again in one batch.
///
/// @param input gives changes, with the [ChangeColumn]
record Netted(PhysicalPlan input) implements PhysicalPlan.Custom {
    @Override
    public StructType schema() {
        return input.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "Netted";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> {
            List<Chunk> changes = ChunkCollector.collect(below.open(run), run);
            List<Chunk> removed = new ArrayList<>();
            List<Chunk> added = new ArrayList<>();
            try {
                for (Chunk chunk : changes) {
                    removed.add(withChange(ChangeColumn.REMOVED, chunk, run));
                    added.add(withChange(ChangeColumn.ADDED, chunk, run));
                }
            } catch (Throwable failed) {
                Closing.all(removed);
                Closing.all(added);
                throw failed;
            } finally {
                Closing.all(changes);
            }
            return Stage.of(List.of(new MemorySplit(Difference.of(rowSchema(), removed, added, run.allocator()))));
        };
    }

    private StructType rowSchema() {
        StructType schema = input.schema();
        return new StructType(schema.fieldList().subList(0, schema.size() - 1));
    }

    private Chunk withChange(int change, Chunk chunk, RunContext run) {
        int last = chunk.columnCount() - 1;
        IntVector changes = (IntVector) chunk.column(last);
        int[] rows = IntStream.range(0, chunk.rowCount())
                .filter(row -> changes.get(row) == change)
                .toArray();
        try (Chunk columns = chunk.select(IntStream.range(0, last).toArray())) {
            return Columns.gather(columns, rows, 0, rows.length, run.allocator());
        }
    }
}
