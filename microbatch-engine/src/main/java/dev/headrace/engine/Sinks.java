package dev.headrace.engine;

import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamingSink;
import dev.headrace.engine.log.BatchId;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.SinkStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where a query's results go: one sink each.
record Sinks(List<StreamingSink> all) implements AutoCloseable {
    Sinks {
        all = List.copyOf(all);
    }

    /// Begins a batch in all sinks.
    Batch begin(BatchId id) {
        Batch batch = new Batch(id);
        try {
            all.forEach(batch::begin);
            return batch;
        } catch (Throwable failed) {
            batch.close();
            throw failed;
        }
    }

    @Override
    public void close() {
        Closing.all(all);
    }

    /// A batch on its way into the sinks.
    final class Batch implements AutoCloseable {
        private final BatchId id;
        private final List<SinkBatch> batches = new ArrayList<>();
        private final List<SinkStage> stages = new ArrayList<>();

        private Batch(BatchId id) {
            this.id = id;
        }

        private void begin(StreamingSink sink) {
            SinkBatch batch = sink.begin(id.value());
            batches.add(batch);
            stages.add(new SinkStage(batch));
        }

        /// What takes the rows, by result.
        List<SinkStage> stages() {
            return List.copyOf(stages);
        }

        long rowCount() {
            return stages.stream().mapToLong(SinkStage::rowCount).sum();
        }

        /// Commits the batch in one sink after the other. One that holds it already does nothing.
        ///
        /// @return what was written, added up
        Map<String, Long> commit() {
            Map<String, Long> written = new TreeMap<>();
            for (int i = 0; i < all.size(); i++) {
                commit(i).forEach((metric, amount) -> written.merge(metric, amount, Long::sum));
            }
            return written;
        }

        /// When the answer was lost, asks the sink what it holds.
        private Map<String, Long> commit(int sink) {
            try {
                return batches.get(sink).commit();
            } catch (CommitUnknownException unknown) {
                if (all.get(sink).lastCommitted().orElse(-1) >= id.value()) {
                    return Map.of();
                }
                throw new UnavailableException(
                        "SINK_COMMIT_LOST", "The sink does not hold batch " + id + "; it is written again.", unknown);
            }
        }

        @Override
        public void close() {
            Closing.all(batches);
        }
    }
}
