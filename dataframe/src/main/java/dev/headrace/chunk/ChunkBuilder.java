package dev.headrace.chunk;

import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Builds a chunk row by row from [Cell] objects: for literals, sources that produce few rows, and tests.
public final class ChunkBuilder implements AutoCloseable {
    private final StructType schema;
    private final BufferAllocator allocator;
    private List<FieldVector> columns = new ArrayList<>();
    private int rows;

    public ChunkBuilder(StructType schema, BufferAllocator allocator) {
        this.schema = schema;
        this.allocator = allocator;
        start();
    }

    private void start() {
        rows = 0;
        columns = new ArrayList<>();
        schema.fieldList().forEach(field -> columns.add(ArrowTypes.field(field).createVector(allocator)));
    }

    public int rowCount() {
        return rows;
    }

    /// Appends one row, a [Cell] object per column.
    public void add(List<? extends @Nullable Object> values) {
        for (int i = 0; i < columns.size(); i++) {
            Cell.write(columns.get(i), rows, values.get(i));
        }
        rows++;
    }

    /// The rows so far; the builder is empty afterwards. The caller closes the chunk.
    public Chunk build() {
        for (FieldVector column : columns) {
            column.setValueCount(rows);
        }
        Chunk chunk = new Chunk(schema, columns, rows);
        start();
        return chunk;
    }

    @Override
    public void close() {
        Closing.all(columns);
    }
}
