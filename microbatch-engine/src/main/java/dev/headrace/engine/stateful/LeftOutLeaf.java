package dev.headrace.engine.stateful;

import dev.headrace.connector.LeftOutRows;
import dev.headrace.exec.GroupRows;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.Stage;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The rows that the query's results before have left out in the batch.
///
/// @param rows so far
record LeftOutLeaf(LeftOutRows.Kind kind, Supplier<List<List<@Nullable Object>>> rows) implements PhysicalPlan.Custom {
    @Override
    public StructType schema() {
        return kind.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of();
    }

    @Override
    public String describe() {
        return "LeftOutRows " + kind;
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        return run -> {
            try (GroupRows.Rows out = new GroupRows.Rows(schema(), run.allocator())) {
                rows.get().forEach(out::accept);
                return Stage.of(List.of(new MemorySplit(out.take())));
            }
        };
    }
}
