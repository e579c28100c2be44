package dev.headrace.engine;

import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamingSink;
import dev.headrace.engine.log.BatchId;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.SinkStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

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

    /// Lets the sinks look after what they have written.
    ///
    /// @param idle for how long no batch will be run anyway
    void maintain(Duration idle, BooleanSupplier stopping) {
        for (StreamingSink sink : all) {
            sink.maintain(idle.dividedBy(all.size()), stopping);
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
        private final Map<String, Long> written = new TreeMap<>();

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

        /// All rows are there: the sinks may begin with what their commits wait for.
        void prepare() {
            batches.forEach(SinkBatch::prepare);
        }

        /// Commits the batch in one sink. One that holds it already does nothing; when the answer was lost, the sink is
        /// asked what it holds.
        void commit(int sink) {
            try {
                batches.get(sink).commit().forEach((metric, amount) -> written.merge(metric, amount, Long::sum));
            } catch (CommitUnknownException unknown) {
                if (all.get(sink).lastCommitted().orElse(-1) < id.value()) {
                    throw new UnavailableException(
                            "SINK_COMMIT_LOST",
                            "The sink does not hold batch " + id + "; it is written again.",
                            unknown);
                }
            }
        }

        /// What was written, added up.
        Map<String, Long> written() {
            return written;
        }

        @Override
        public void close() {
            Closing.all(batches);
        }
    }
}
