package dev.headrace.parquet;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/// Reads files to rows of [Cell] values; a leak of Arrow memory fails the test.
final class Rows {
    private Rows() {}

    static List<List<@Nullable Object>> read(Path file, ParquetScan scan) {
        try (BufferAllocator allocator = new RootAllocator();
                ParquetChunks chunks = ParquetChunks.open(file, scan, new ParquetFooters(), allocator)) {
            return all(chunks);
        }
    }

    /// The same in chunks of which a column has at most so many bytes of texts, or one row.
    static List<List<@Nullable Object>> readWithin(int columnBytes, Path file, ParquetScan scan) {
        try (BufferAllocator allocator = new RootAllocator();
                ParquetChunks chunks = within(columnBytes, file, scan, allocator)) {
            return all(chunks);
        }
    }

    static ParquetChunks within(int columnBytes, Path file, ParquetScan scan, BufferAllocator allocator) {
        return ParquetChunks.open(file, scan, 0, Integer.MAX_VALUE, new ParquetFooters(), allocator, columnBytes);
    }

    static List<List<@Nullable Object>> all(ChunkReader reader) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
            try (Chunk closing = chunk) {
                add(closing, rows);
            }
        }
        return rows;
    }

    static void add(Chunk chunk, List<List<@Nullable Object>> rows) {
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int column = 0; column < chunk.columnCount(); column++) {
                values.add(Cell.detach(Cell.read(chunk.column(column), row)));
            }
            rows.add(values);
        }
    }
}
