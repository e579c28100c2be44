package dev.headrace.files;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import java.util.Map;

/// Takes rows that are there already, or not wanted, and writes nothing.
final class DiscardedBatch implements SinkBatch {
    @Override
    public TaskWriter openTask(int task) {
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {}

            @Override
            public void close() {}
        };
    }

    @Override
    public Map<String, Long> commit() {
        return Map.of("numOutputRows", 0L, "numFiles", 0L, "bytesWritten", 0L);
    }

    @Override
    public void close() {}
}
