package dev.headrace.exec;

import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.SinkBatch;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.ResourceException;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.LogicalPlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/// A batch query, planned: it can be run, several times, and explained.
public final class BatchQuery {
    private final PhysicalPlan physical;
    private final SessionRuntime runtime;
    private final RunProfile profile = new RunProfile();

    private BatchQuery(PhysicalPlan physical, SessionRuntime runtime) {
        this.physical = physical;
        this.runtime = runtime;
    }

    /// Plans an optimized logical plan.
    public static BatchQuery plan(LogicalPlan optimized, SessionRuntime runtime) {
        return new BatchQuery(PhysicalPlanner.planBatch(optimized), runtime);
    }

    public PhysicalPlan physicalPlan() {
        return physical;
    }

    /// What the operators have done in all runs of this query so far.
    public RunProfile profile() {
        return profile;
    }

    /// The generated code, for `explain("codegen")`.
    public String generatedCode() {
        try (Preparation preparation = new Preparation()) {
            preparation.prepareQuery(physical);
            return preparation.programs().stream().map(ComputeProgram::source).collect(Collectors.joining("\n"));
        }
    }

    /// Runs the query and gives its rows in order. The caller closes the reader, which frees what has not been read.
    ///
    /// @throws QueryException `QUERY_CANCELLED`
    /// @throws ResourceException `OUT_OF_MEMORY`, `OUT_OF_JVM_MEMORY`, `SPILL_FAILED`
    public ChunkReader run() {
        BufferAllocator allocator = runtime.allocator().newChildAllocator("query", 0, Long.MAX_VALUE);
        ChunkReader reader = within(allocator, this::collected);
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                // Rows that are on disk need memory when they come back, and others may have it by then.
                try {
                    return reader.next();
                } catch (OutOfMemoryException exhausted) {
                    throw runtime.spill().outOfMemory(exhausted);
                } catch (OutOfMemoryError exhausted) {
                    throw JvmMemory.exhausted(exhausted);
                }
            }

            @Override
            public void close() {
                reader.close();
                allocator.close();
            }
        };
    }

    /// Runs the query and hands over its rows in order while it runs, until no more are wanted.
    ///
    /// @param recipient is lent each chunk by one of the threads that the query runs on, one after the other, and says
    ///     whether it wants more
    /// @throws QueryException `QUERY_CANCELLED`
    /// @throws ResourceException `OUT_OF_MEMORY`, `OUT_OF_JVM_MEMORY`
    public void run(Predicate<Chunk> recipient) {
        BufferAllocator allocator = runtime.allocator().newChildAllocator("query", 0, Long.MAX_VALUE);
        Map<String, RunProfile.Metrics> metrics = within(allocator, run -> {
            try (OrderedDelivery delivery = new OrderedDelivery(run, recipient);
                    Preparation preparation = new Preparation()) {
                preparation.prepareQuery(physical).open(run).run(run, delivery);
                return delivery.isWhole() ? profile.metrics() : Map.of();
            }
        });
        allocator.close();
        tellObservers(metrics);
    }

    /// Does something in a run of its own; if it fails, closes the allocator.
    private <R> R within(BufferAllocator allocator, Function<RunContext, R> work) {
        try (BatchRuns.Run running = runtime.runs().begin()) {
            return running.within(() -> work.apply(context(allocator, running)));
        } catch (OutOfMemoryException exhausted) {
            throw outOfMemory(runtime.spill().outOfMemory(exhausted), allocator);
        } catch (OutOfMemoryError exhausted) {
            throw outOfMemory(JvmMemory.exhausted(exhausted), allocator);
        } catch (QueryCancelledException cancelled) {
            throw cancelled(cancelled, allocator);
        } catch (Throwable failed) {
            closeAfter(failed, allocator);
            throw failed;
        }
    }

    /// The rows of a query that has run, with their memory.
    static final class Kept implements AutoCloseable {
        private final KeptChunks chunks;
        private final BufferAllocator allocator;
        private volatile boolean closed;

        Kept(KeptChunks chunks, BufferAllocator allocator) {
            this.chunks = chunks;
            this.allocator = allocator;
        }

        KeptChunks chunks() {
            return chunks;
        }

        boolean isClosed() {
            return closed;
        }

        @Override
        public void close() {
            closed = true;
            chunks.close();
            allocator.close();
        }
    }

    /// Runs the query and keeps its rows until the caller closes them.
    ///
    /// @throws QueryException `QUERY_CANCELLED`
    /// @throws ResourceException `OUT_OF_MEMORY`, `OUT_OF_JVM_MEMORY`, `SPILL_FAILED`
    Kept keep() {
        BufferAllocator allocator = runtime.allocator().newChildAllocator("cache", 0, Long.MAX_VALUE);
        return within(allocator, run -> {
            KeptChunks rows =
                    new KeptChunks(physical.schema(), run, bytes -> run.spill().isTooMuchResult(bytes));
            try (Preparation preparation = new Preparation()) {
                preparation.prepareQuery(physical).open(run).run(run, rows);
                tellObservers(profile.metrics());
                return new Kept(rows, allocator);
            } catch (Throwable failed) {
                rows.close();
                throw failed;
            }
        });
    }

    /// Runs the query into a sink, which the caller closes, and commits it.
    ///
    /// @return what the sink counted
    /// @throws QueryException `QUERY_CANCELLED`
    /// @throws ResourceException `OUT_OF_MEMORY`, `OUT_OF_JVM_MEMORY`, `SPILL_FAILED`
    public Map<String, Long> write(SinkBatch sink) {
        BufferAllocator allocator = runtime.allocator().newChildAllocator("query", 0, Long.MAX_VALUE);
        return within(allocator, run -> {
            try (Preparation preparation = new Preparation()) {
                preparation.prepareQuery(physical).open(run).run(run, new SinkStage(sink));
            }
            Map<String, RunProfile.Metrics> metrics = profile.metrics();
            sink.complete();
            Map<String, Long> counts = run.cancellation().commit(sink::commit);
            allocator.close();
            tellObservers(metrics);
            // The query has ended, and can't be cancelled; this can.
            runtime.runs().<@Nullable Void>during(() -> {
                sink.tidy();
                return null;
            });
            return counts;
        });
    }

    private ChunkReader collected(RunContext run) {
        try (ResultCollector results = new ResultCollector(physical.schema(), run);
                Preparation preparation = new Preparation()) {
            preparation.prepareQuery(physical).open(run).run(run, results);
            tellObservers(profile.metrics());
            return results.reader(run.allocator());
        }
    }

    private static void tellObservers(Map<String, RunProfile.Metrics> metrics) {
        metrics.values().forEach(observed -> observed.observer().observed(observed.schema(), observed.cells()));
    }

    private static ResourceException outOfMemory(ResourceException told, BufferAllocator allocator) {
        closeAfter(told, allocator);
        return told;
    }

    private static QueryException cancelled(QueryCancelledException cancelled, BufferAllocator allocator) {
        QueryException told = BatchRuns.cancelled(cancelled);
        closeAfter(told, allocator);
        return told;
    }

    private static void closeAfter(Throwable failure, BufferAllocator allocator) {
        try {
            allocator.close();
        } catch (RuntimeException leak) {
            failure.addSuppressed(leak);
        }
    }

    private RunContext context(BufferAllocator allocator, BatchRuns.Run running) {
        Instant now = runtime.clock().instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        return new RunContext(
                allocator,
                runtime.spill(),
                runtime.tasks(),
                new EvalContext(runtime.settings().zone(), micros, 0, running.cancellation()::check),
                List.of(),
                running.counters(),
                profile,
                running.cancellation());
    }
}
