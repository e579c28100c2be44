package dev.headrace.engine;

import dev.headrace.chunk.Closing;
import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamingSink;
import dev.headrace.engine.log.BatchId;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.SinkStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// Where a query's results go: one sink each. Used by the thread of the trigger loop, but for [#stopping].
///
/// A sink that has committed a batch is not given it again in the same run: where a later sink can't be reached, the
/// batch is run again for that one.
final class Sinks implements AutoCloseable {
    private final List<StreamingSink> all;

    /// The newest commit of each sink in this run.
    private final IdentityHashMap<StreamingSink, Commit> commits = new IdentityHashMap<>();

    /// @param written what the sink has said of it
    private record Commit(BatchId batch, Map<String, Long> written) {}

    Sinks(List<StreamingSink> all) {
        this.all = List.copyOf(all);
    }

    private Optional<Commit> commitOf(StreamingSink sink, BatchId id) {
        return Optional.ofNullable(commits.get(sink))
                .filter(commit -> commit.batch().equals(id));
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

    /// The query is to stop. Called by any thread.
    void stopping() {
        all.forEach(StreamingSink::stopping);
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
            SinkBatch batch = commitOf(sink, id).isPresent() ? new DiscardedBatch() : sink.begin(id.value());
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
        void commit(int output) {
            StreamingSink sink = all.get(output);
            Commit commit = commitOf(sink, id).orElseGet(() -> new Commit(id, committed(sink, output)));
            commits.put(sink, commit);
            commit.written().forEach((metric, amount) -> written.merge(metric, amount, Long::sum));
        }

        private Map<String, Long> committed(StreamingSink sink, int output) {
            try {
                return batches.get(output).commit();
            } catch (CommitUnknownException unknown) {
                if (sink.lastCommitted().orElse(-1) < id.value()) {
                    throw new UnavailableException(
                            "SINK_COMMIT_LOST",
                            "The sink does not hold batch " + id + "; it is written again.",
                            unknown);
                }
                return Map.of();
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
