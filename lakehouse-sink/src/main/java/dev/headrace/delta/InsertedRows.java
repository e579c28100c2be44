package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Takes rows that a merge puts in: the table's columns.
final class InsertedRows implements SinkBatch {
    private final Rewrite rewrite;
    private final LongAdder count = new LongAdder();

    InsertedRows(Rewrite rewrite) {
        this.rewrite = rewrite;
    }

    long count() {
        return count.sum();
    }

    @Override
    public TaskWriter openTask(int task) {
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {
                count.add(rows.rowCount());
                rewrite.insert(rows);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Map<String, Long> commit() {
        return Map.of();
    }

    @Override
    public void close() {}
}
