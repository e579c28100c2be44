package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;

/// A part of a data file without its deleted rows.
///
/// @param rows gives the wanted columns, and the row's place in the file as the last column
/// @param deleted the places of the deleted rows
record RowsLeft(Split rows, BitSet deleted) implements Split {
    @Override
    public ChunkReader open(BufferAllocator allocator) {
        ChunkReader reader = rows.open(allocator);
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                    try (Chunk all = chunk) {
                        BigIntVector places = (BigIntVector) all.column(all.columnCount() - 1);
                        int[] left = outside(deleted, places, all.rowCount());
                        if (left.length > 0) {
                            return part(all, left, allocator);
                        }
                    }
                }
                return null;
            }

            @Override
            public Map<String, Long> metrics() {
                return reader.metrics();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    /// Which rows of a chunk are not in a set.
    ///
    /// @param places where they lie in their file, ascending
    static int[] outside(BitSet set, BigIntVector places, int count) {
        int[] left = new int[count];
        int kept = 0;
        int first = Math.toIntExact(places.get(0));
        if (places.get(count - 1) - first == count - 1) {
            // The usual case: rows that lie one after the other.
            int row = 0;
            for (int in = set.nextSetBit(first); in >= 0 && in < first + count; in = set.nextSetBit(in + 1)) {
                for (; row < in - first; row++) {
                    left[kept++] = row;
                }
                row++;
            }
            for (; row < count; row++) {
                left[kept++] = row;
            }
        } else {
            for (int row = 0; row < count; row++) {
                if (!set.get(Math.toIntExact(places.get(row)))) {
                    left[kept++] = row;
                }
            }
        }
        return kept == count ? left : Arrays.copyOf(left, kept);
    }

    /// Some rows of a chunk without its last column.
    static Chunk part(Chunk all, int[] left, BufferAllocator allocator) {
        int[] wanted = IntStream.range(0, all.columnCount() - 1).toArray();
        Chunk columns = all.select(wanted);
        if (left.length == all.rowCount()) {
            return columns;
        }
        try (columns) {
            return Columns.gather(columns, left, 0, left.length, allocator);
        }
    }

    @Override
    public long estimatedRows() {
        return Math.max(0, rows.estimatedRows() - deleted.cardinality());
    }
}
