package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.connector.Split;
import dev.headrace.function.EvalContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// One run of a prepared plan: for a batch query the only one, for a streaming query one per batch.
///
/// @param allocator where the run's memory comes from; empty again when the run is over
/// @param spill where operators put rows when memory is short
/// @param tasks the threads
/// @param evaluation what expressions may depend on
/// @param streamSplits for each streaming scan of the plan, by [PhysicalPlan.StreamScan#index], what to read now
/// @param counters what is counted while running
/// @param profile what is measured of each operator while running
/// @param cancellation whether the query is to stop
public record RunContext(
        BufferAllocator allocator,
        SpillSpace spill,
        TaskPool tasks,
        EvalContext evaluation,
        List<List<Split>> streamSplits,
        Counters counters,
        RunProfile profile,
        Cancellation cancellation) {
    private static final long MOST_CHUNK_BYTES = 128 << 20;

    /// Named counts, added to by many threads.
    public static final class Counters {
        private final Map<String, LongAdder> adders = new ConcurrentHashMap<>();
        private final LongAdder tasks = new LongAdder();
        private final LongAdder tasksDone = new LongAdder();
        private final LongAdder rows = new LongAdder();
        private final LongAdder rowsExpected = new LongAdder();

        /// A stage begins.
        void begun(int stageTasks, long expected) {
            tasks.add(stageTasks);
            rowsExpected.add(expected);
        }

        void read(int chunkRows) {
            rows.add(chunkRows);
        }

        void taskDone() {
            tasksDone.increment();
        }

        BatchRuns.Progress progress() {
            return new BatchRuns.Progress(tasks.sum(), tasksDone.sum(), rows.sum(), rowsExpected.sum());
        }

        public void add(String name, long amount) {
            adders.computeIfAbsent(name, _ -> new LongAdder()).add(amount);
        }

        public long get(String name) {
            LongAdder adder = adders.get(name);
            return adder == null ? 0 : adder.sum();
        }

        public Map<String, Long> snapshot() {
            Map<String, Long> values = new TreeMap<>();
            adders.forEach((name, adder) -> values.put(name, adder.sum()));
            return values;
        }
    }

    /// Runs tasks; see [TaskPool#run]. If the calling thread is interrupted, the query is to stop.
    void runTasks(int count, IntConsumer task) {
        IntConsumer within = index -> cancellation.<@Nullable Void>within(() -> {
            task.accept(index);
            return null;
        });
        tasks.run(count, within, cancellation::cancel);
    }

    /// About how many bytes a chunk of rows may take that become more on the way, as joined ones do.
    long chunkShare() {
        return Math.min(MOST_CHUNK_BYTES, spill.shareOf(2 * tasks.parallelism()));
    }

    /// @throws QueryCancelledException if the query is to stop
    public void checkCancelled() {
        cancellation.check();
    }
}
