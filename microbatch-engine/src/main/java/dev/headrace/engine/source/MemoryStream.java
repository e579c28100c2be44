package dev.headrace.engine.source;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.exec.MemorySplit;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A stream fed by the program, for tests. An offset is the number of rows before it; all rows are kept, so any range
/// can be read again. Thread-safe.
public final class MemoryStream implements StreamTable {
    private final StructType schema;
    private final int splitsPerBatch;
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private long maxRowsPerBatch = Long.MAX_VALUE;

    /// @param splitsPerBatch into how many splits a batch is cut
    public MemoryStream(StructType schema, int splitsPerBatch) {
        this.schema = schema;
        this.splitsPerBatch = splitsPerBatch;
    }

    public MemoryStream(StructType schema) {
        this(schema, 1);
    }

    /// Adds rows, a [dev.headrace.chunk.Cell] object per column.
    public synchronized void add(List<? extends List<? extends @Nullable Object>> newRows) {
        newRows.forEach(row -> rows.add(new ArrayList<>(row)));
    }

    /// Batches planned from now on take at most that many rows.
    public synchronized void limitBatches(long maxRows) {
        maxRowsPerBatch = maxRows;
    }

    @Override
    public StructType schema() {
        return schema;
    }

    @Override
    public String description() {
        return "MemoryStream";
    }

    @Override
    public StreamingSource open(ScanRequest request, Path checkpoint) {
        return new Source(request);
    }

    private synchronized long end(long start, ReadLimit limit) {
        long available = rows.size();
        long admitted = maxRowsPerBatch == Long.MAX_VALUE ? available : Math.min(available, start + maxRowsPerBatch);
        return switch (limit) {
            case ReadLimit.Everything() -> available;
            case ReadLimit.Configured(long most) -> Math.min(admitted, start + Math.min(most, available - start));
            case ReadLimit.UpTo(String target, long most) ->
                Math.min(Math.min(admitted, start + Math.min(most, available - start)), Long.parseLong(target));
        };
    }

    private synchronized List<List<@Nullable Object>> range(long from, long end) {
        return List.copyOf(rows.subList(Math.toIntExact(from), Math.toIntExact(end)));
    }

    private final class Source implements StreamingSource {
        private final ScanRequest request;

        Source(ScanRequest request) {
            this.request = request;
        }

        @Override
        public String initialOffset() {
            return "0";
        }

        @Override
        public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
            return Long.toString(end(Long.parseLong(start), limit));
        }

        @Override
        public List<Split> plan(String start, String end) {
            long from = Long.parseLong(start);
            long count = Long.parseLong(end) - from;
            List<Split> splits = new ArrayList<>();
            for (int i = 0; i < splitsPerBatch; i++) {
                long first = from + count * i / splitsPerBatch;
                long last = from + count * (i + 1) / splitsPerBatch;
                if (last > first) {
                    splits.add(allocator -> read(first, last, allocator));
                }
            }
            return splits;
        }

        private ChunkReader read(long first, long last, BufferAllocator allocator) {
            int[] ordinals = request.columns().stream()
                    .mapToInt(column -> ((ScanRequest.ScanColumn.Stored) column).ordinal())
                    .toArray();
            List<Chunk> chunks = new ArrayList<>();
            try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
                range(first, last).forEach(builder::add);
                try (Chunk all = builder.build()) {
                    chunks.add(all.select(ordinals));
                }
            }
            return new MemorySplit(chunks).open(allocator);
        }

        @Override
        public long rowCount(String start, String end) {
            return Long.parseLong(end) - Long.parseLong(start);
        }

        @Override
        public void close() {}
    }
}
