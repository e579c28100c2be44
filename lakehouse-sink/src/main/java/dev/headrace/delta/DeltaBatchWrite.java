package dev.headrace.delta;

import dev.headrace.connector.SinkBatch;
import java.util.Map;

/// The write of a batch query: closes its target with itself.
record DeltaBatchWrite(SinkBatch batch, TableTarget target) implements SinkBatch {
    @Override
    public TaskWriter openTask(int task) {
        return batch.openTask(task);
    }

    @Override
    public Map<String, Long> commit() {
        return batch.commit();
    }

    @Override
    public void close() {
        try (target) {
            batch.close();
        }
    }
}
