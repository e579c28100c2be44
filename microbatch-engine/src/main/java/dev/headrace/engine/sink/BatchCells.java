package dev.headrace.engine.sink;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of chunks as objects that outlive them.
final class BatchCells {
    private BatchCells() {}

    /// @param limit how many rows at most
    static List<List<@Nullable Object>> of(List<Chunk> chunks, long limit) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Chunk chunk : chunks) {
            for (int row = 0; row < chunk.rowCount() && rows.size() < limit; row++) {
                List<@Nullable Object> values = new ArrayList<>(chunk.columnCount());
                for (int column = 0; column < chunk.columnCount(); column++) {
                    values.add(Cell.detach(Cell.read(chunk.column(column), row)));
                }
                rows.add(values);
            }
        }
        return rows;
    }
}
