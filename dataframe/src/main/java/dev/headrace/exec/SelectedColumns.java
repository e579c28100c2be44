package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.types.StructField;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Some columns of a split, as a scan wants them: structs without the fields that are not used.
record SelectedColumns(Split split, ScanRequest request) implements Split {
    @Override
    public ChunkReader open(BufferAllocator allocator) {
        ChunkReader all = split.open(allocator);
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                Chunk chunk = all.next();
                if (chunk == null) {
                    return null;
                }
                try (chunk) {
                    return selected(chunk, allocator);
                }
            }

            @Override
            public void close() {
                all.close();
            }
        };
    }

    private Chunk selected(Chunk chunk, BufferAllocator allocator) {
        List<FieldVector> columns = new ArrayList<>();
        try {
            for (ScanRequest.ScanColumn column : request.columns()) {
                if (!(column instanceof ScanRequest.ScanColumn.Stored(int ordinal, StructField field))) {
                    throw new IllegalArgumentException("no payload to decode: " + column);
                }
                columns.add(
                        chunk.type(ordinal).equals(field.dataType())
                                ? chunk.share(ordinal)
                                : narrowed(chunk, ordinal, field, allocator));
            }
            return new Chunk(request.outputSchema(), columns, chunk.rowCount());
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    private static FieldVector narrowed(Chunk chunk, int ordinal, StructField field, BufferAllocator allocator) {
        FieldVector vector = ArrowTypes.newVector(field.name(), field.dataType(), allocator);
        try {
            vector.allocateNew();
            for (int row = 0; row < chunk.rowCount(); row++) {
                Object cell = Cell.read(chunk.column(ordinal), row);
                Cell.write(vector, row, Cell.narrowed(cell, chunk.type(ordinal), field.dataType()));
            }
            vector.setValueCount(chunk.rowCount());
            return vector;
        } catch (Throwable failed) {
            vector.close();
            throw failed;
        }
    }
}
