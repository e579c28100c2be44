package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// An input of an operator that keeps rows by key.
///
/// @param plan gives the rows' columns, the [ChangeColumn], the key's columns
/// @param rows where they are kept
/// @param late when a row is late, over the columns of `plan`
record KeyedInput(PhysicalPlan plan, KeyedRows rows, Optional<Expiry> late) {

    /// What comes and goes in the batch, in one chunk that the caller closes. Late rows are left out and counted.
    Chunk read(Prepared prepared, RunContext run) {
        Stage all = prepared.open(run);
        Stage inTime =
                late.isPresent() ? all.then(() -> late.get().lateRowFilter(rows.state(), rows.rowSchema())) : all;
        List<Chunk> chunks = ChunkCollector.collect(inTime, run);
        chunks.forEach(chunk -> rows.state().countTaken(chunk.rowCount()));
        return chunks.isEmpty()
                ? Chunk.empty(plan.schema(), run.allocator())
                : Columns.concat(plan.schema(), chunks, run.allocator());
    }

    List<FieldVector> keys(Chunk changes) {
        return changes.columns().subList(rows.rowSchema().size() + 1, changes.columnCount());
    }

    int[] changes(Chunk chunk) {
        IntVector column = (IntVector) chunk.column(rows.rowSchema().size());
        int[] changes = new int[chunk.rowCount()];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = column.get(i);
        }
        return changes;
    }
}
