package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
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
            private boolean finished;

            @Override
            public void accept(Chunk chunk) {
                try (chunk) {
                    rows.add(chunk.rowCount());
                    writer.write(chunk);
                }
            }

            /// What is cancelled here need not be written to its end, and forced to disk, to be deleted then.
            @Override
            public void finish() {
                Cancellation.checkThread();
                writer.close();
                finished = true;
            }

            @Override
            public void close() {
                if (!finished) {
                    writer.abort();
                }
            }
        };
    }
}
