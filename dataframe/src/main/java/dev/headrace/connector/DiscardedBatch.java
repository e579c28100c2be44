package dev.headrace.connector;

import dev.headrace.chunk.Chunk;
import java.util.Map;

/// A batch whose rows go nowhere: the sink holds it already, or nobody wants it.
public final class DiscardedBatch implements SinkBatch {
    @Override
    public TaskWriter openTask(int task) {
        return new TaskWriter() {
            @Override
            public void write(Chunk rows) {}

            @Override
            public void close() {}
        };
    }

    /// Nothing is written.
    @Override
    public Map<String, Long> commit() {
        return Map.of("numOutputRows", 0L);
    }

    @Override
    public void close() {}
}
