package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import java.util.Map;

/// A batch that the table holds already, or that is not wanted: its rows go nowhere.
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
        return Map.of("numFiles", 0L, "numOutputRows", 0L, "numOutputBytes", 0L);
    }

    @Override
    public void close() {}
}
