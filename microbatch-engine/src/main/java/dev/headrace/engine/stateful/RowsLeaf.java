package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.Stage;
import dev.headrace.types.StructType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A leaf of a batch plan that a stateful operator runs over rows in memory, again and again. Used by the query's
/// thread.
final class RowsLeaf implements PhysicalPlan.Custom {
    private final StructType schema;
    private @Nullable Chunk rows;

    RowsLeaf(StructType schema) {
        this.schema = schema;
    }

    /// What the next run reads, borrowed until it is over.
    void set(Chunk next) {
        rows = next;
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of();
    }

    @Override
    public String describe() {
        return "StateRows";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        return run -> {
            Chunk current = rows;
            if (current == null) {
                throw new IllegalStateException("no rows have been set");
            }
            return Stage.of(List.of(new MemorySplit(List.of(current.slice(0, current.rowCount())))));
        };
    }
}
