package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.connector.ChunkReader;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The rows of sorted runs in order, without the column that says where they came. Owns the runs' file.
final class SortedSplit implements HeldSplit, SortedRows {
    private final SpillFile file;
    private final List<List<Extent>> runs;
    private final StructType placedSchema;
    private final List<SortColumn> keys;
    private final long limit;
    private final RunContext run;

    SortedSplit(
            SpillFile file,
            List<List<Extent>> runs,
            StructType placedSchema,
            List<SortColumn> keys,
            long limit,
            RunContext run) {
        this.file = file;
        this.runs = runs;
        this.placedSchema = placedSchema;
        this.keys = keys;
        this.limit = limit;
        this.run = run;
    }

    @Override
    public ChunkReader read() {
        RunMerge merge = new RunMerge(file, runs, placedSchema, keys, run);
        int[] columns = IntStream.range(0, placedSchema.size() - 1).toArray();
        return new ChunkReader() {
            private long left = limit < 0 ? Long.MAX_VALUE : limit;

            @Override
            public @Nullable Chunk next() {
                @Nullable Chunk rows = left > 0 ? merge.next() : null;
                if (rows == null) {
                    return null;
                }
                try (Chunk placed = rows;
                        Chunk first = placed.slice(0, (int) Math.min(left, placed.rowCount()))) {
                    left -= first.rowCount();
                    return first.select(columns);
                }
            }

            @Override
            public void close() {
                merge.close();
            }
        };
    }

    @Override
    public ChunkReader open(BufferAllocator allocator) {
        ChunkReader rows = read();
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                return rows.next();
            }

            @Override
            public void close() {
                rows.close();
                SortedSplit.this.close();
            }
        };
    }

    @Override
    public boolean haveLargePartition() {
        return true;
    }

    @Override
    public long estimatedRows() {
        return count();
    }

    @Override
    public long count() {
        return runs.stream().flatMap(List::stream).mapToLong(Extent::rows).sum();
    }

    @Override
    public void close() {
        file.close();
    }
}
