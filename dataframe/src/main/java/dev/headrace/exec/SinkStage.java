package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.SinkBatch;
import java.util.concurrent.atomic.LongAdder;

/// Writes the rows of a stage into a sink's batch, and counts them. The caller commits.
public final class SinkStage implements StageSink {
    private final SinkBatch sink;
    private final LongAdder rows = new LongAdder();

    public SinkStage(SinkBatch sink) {
        this.sink = sink;
    }

    public long rowCount() {
        return rows.sum();
    }

    @Override
    public Task open(int split) {
        SinkBatch.TaskWriter writer = sink.openTask(split);
        return new Task() {
            @Override
            public void accept(Chunk chunk) {
                try (chunk) {
                    rows.add(chunk.rowCount());
                    writer.write(chunk);
                }
            }

            @Override
            public void close() {
                writer.close();
            }
        };
    }
}
