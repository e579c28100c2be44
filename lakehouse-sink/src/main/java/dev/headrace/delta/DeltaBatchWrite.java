package dev.headrace.delta;

import dev.headrace.connector.SinkBatch;
import java.util.Map;
import java.util.Optional;

/// The write of a batch query: closes its target with itself.
///
/// @param compactor works after the commit
record DeltaBatchWrite(SinkBatch batch, TableTarget target, Optional<Compactor> compactor) implements SinkBatch {
    @Override
    public TaskWriter openTask(int task) {
        return batch.openTask(task);
    }

    @Override
    public void complete() {
        batch.complete();
    }

    @Override
    public Map<String, Long> commit() {
        return batch.commit();
    }

    @Override
    public void tidy() {
        compactor.ifPresent(Compactor::workToTheEnd);
    }

    @Override
    public void close() {
        try (target;
                batch) {
            compactor.ifPresent(Compactor::close);
        }
    }
}
