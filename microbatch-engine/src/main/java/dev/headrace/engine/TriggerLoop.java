package dev.headrace.engine;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.StreamStart;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.Checkpoint;
import dev.headrace.engine.log.CommittedBatch;
import dev.headrace.engine.log.LatestEvent;
import dev.headrace.engine.log.Loss;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.log.Recovery;
import dev.headrace.engine.log.Shed;
import dev.headrace.engine.stateful.DeadLetters;
import dev.headrace.engine.stateful.EventTimeStats;
import dev.headrace.engine.stateful.LateRows;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.RunContext;
import dev.headrace.streaming.Trigger;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The life of a streaming query, one batch after the other, on one thread.
///
/// For batch N: ask the sources how far they are; write `offsets/N` and run the plan; when both are done, commit the
/// state as version N + 1, while the sink brings the rows to where its commit makes them visible; commit the sink,
/// which drops what it already has; write `commits/N`; tell the sources. A batch that was planned and not committed
/// when the query last ended is run again as planned. Nothing depends on anything that is not in the log.
final class TriggerLoop {
    static final String RETAIN = "spark.sql.streaming.minBatchesToRetain";

    private static final Logger LOG = LoggerFactory.getLogger(TriggerLoop.class);
    private static final long POLL_MILLIS = 2;
    private static final long STATE_RETENTION_INTERVAL = 16;
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    /// How long the sinks of a query that has read everything may look after what they have written: nobody waits for
    /// another batch.
    private static final Duration AT_THE_END = Duration.ofSeconds(20);

    private final StreamStart request;
    private final Checkpoint checkpoint;
    private final QueryPipeline pipeline;
    private final Sinks sinks;
    private final Signals signals;
    private final ProgressReport progress;
    private final Clock clock;
    private final Optional<FaultPoint> faultPoint;
    private final Watermarks.Policy watermarkPolicy;
    private final int retainedBatches;
    private final Pace pace;
    private final Ranges ranges;
    private final LossBudget lossBudget;
    private final LeftOutFunction lateRows;
    private final LeftOutFunction deadLetters;
    private Position position;

    /// When it was last looked whether there is a batch to run.
    private long triggeredMillis;

    /// What the batch that has run lacks of its input.
    private List<Loss> losses = List.of();

    /// Where the query stands between two batches.
    ///
    /// @param next the batch that comes next
    /// @param ends how far each source has been read; empty before the source's first offset
    /// @param watermarks the watermark of the next batch
    /// @param emittedMillis the watermark of the batch before it, by which results have been emitted
    /// @param settings what stays the same for the whole query
    private record Position(
            BatchId next,
            List<Optional<String>> ends,
            Watermarks watermarks,
            long emittedMillis,
            QuerySettings settings) {
        Position with(Watermarks moved) {
            return new Position(next, ends, moved, emittedMillis, settings);
        }
    }

    /// @param beginnings where the sources of a query begin that has no batch yet
    TriggerLoop(
            StreamStart request,
            Checkpoint checkpoint,
            QueryPipeline pipeline,
            Sinks sinks,
            Signals signals,
            ProgressReport progress,
            List<String> beginnings) {
        this.request = request;
        this.checkpoint = checkpoint;
        this.pipeline = pipeline;
        this.sinks = sinks;
        this.signals = signals;
        this.progress = progress;
        this.clock = request.runtime().clock();
        this.faultPoint = FaultPoint.of(request.conf());
        this.retainedBatches = Integer.parseInt(
                request.conf().getOrDefault(RETAIN, Integer.toString(Checkpoint.DEFAULT_MIN_BATCHES_TO_RETAIN)));
        this.watermarkPolicy = Watermarks.Policy.of(request.conf());
        this.pace =
                Pace.of(request.conf(), request.trigger(), pipeline.sources().size());
        this.ranges = new Ranges(pipeline.sources());
        this.lossBudget = LossBudget.of(request.conf(), checkpoint::losses);
        this.lateRows = new LeftOutFunction("lateRows", "LATE_ROWS_FAILED", LateRows.SCHEMA, request.lateRows());
        this.deadLetters = new LeftOutFunction(
                "deadLetters",
                "DEAD_LETTERS_FAILED",
                DeadLetters.SCHEMA,
                request.deadLetters().map(StreamStart.DeadLetters::function));
        this.position = start(checkpoint.recovery(), beginnings);
        progress.watermark(position.watermarks().report());
    }

    private Position start(Recovery recovery, List<String> beginnings) {
        QuerySettings fresh = QuerySettings.of(request);
        return switch (recovery) {
            case Recovery.Start() ->
                new Position(
                        BatchId.FIRST,
                        beginnings.stream().map(Optional::of).toList(),
                        logged(0, fresh, List.of()),
                        0,
                        fresh);
            case Recovery.Replay(PlannedBatch batch, var latest) ->
                new Position(
                        batch.id(),
                        batch.sources().stream().map(OffsetRange::from).toList(),
                        logged(batch.watermarkMillis(), fresh.over(batch.settings()), latest),
                        emittedBefore(batch.id()),
                        fresh.over(batch.settings()));
            case Recovery.Continue(PlannedBatch last, long nextWatermarkMillis, var latest) ->
                new Position(
                        last.id().next(),
                        last.sources().stream().map(OffsetRange::to).toList(),
                        logged(nextWatermarkMillis, fresh.over(last.settings()), latest),
                        last.watermarkMillis(),
                        fresh.over(last.settings()));
        };
    }

    private Watermarks logged(long millis, QuerySettings settings, List<Map<String, LatestEvent>> latest) {
        return Watermarks.logged(
                millis,
                QuerySettings.begun(settings.toMap()),
                latest,
                pipeline.eventTimes(),
                clock.millis(),
                watermarkPolicy);
    }

    private long emittedBefore(BatchId batch) {
        return before(batch).map(PlannedBatch::watermarkMillis).orElse(0L);
    }

    /// Runs until the query is to stop, or the trigger says that it is done.
    void run() {
        SourceCheck.sameNumber(checkpoint.recovery(), pipeline.sources().size());
        if (checkpoint.recovery() instanceof Recovery.Replay(PlannedBatch batch, var _)) {
            LOG.info("batch {} was planned and not committed: it runs again", batch.id());
            progress.beginTrigger(clock.instant());
            process(batch, true);
        }
        switch (request.trigger()) {
            case Trigger.AsFastAsPossible _ -> repeat(Duration.ZERO);
            case Trigger.ProcessingTime(Duration interval) -> repeat(interval);
            case Trigger.AvailableNow _ -> untilAvailable();
            case Trigger.Once _ -> once();
        }
    }

    private void repeat(Duration interval) {
        while (!signals.isStopping()) {
            long asked = signals.latestRequest();
            triggeredMillis = clock.millis();
            boolean ran = runNext(input -> new ReadLimit.Configured(pace.most(input)));
            if (!ran && !signals.isStopping()) {
                progress.idle(clock.instant());
                signals.caughtUp(asked);
            }
            if (!interval.isZero()) {
                if (!ran || !pace.wasCut()) {
                    signals.awaitMillis(untilNextMultiple(interval));
                }
            } else if (!ran) {
                signals.awaitMillis(POLL_MILLIS);
            }
        }
    }

    /// Nothing once the batch has taken longer than that: the next one starts at once, as in Spark. No more than the
    /// interval, though the clock may have been set back.
    private long untilNextMultiple(Duration interval) {
        long millis = Math.max(1, interval.toMillis());
        long atTheTrigger = millis - Math.floorMod(triggeredMillis, millis);
        return Math.clamp(atTheTrigger - (clock.millis() - triggeredMillis), 0, millis);
    }

    private void untilAvailable() {
        List<String> targets = withRetries(() -> ranges.everything(position.ends(), clock.millis()));
        boolean ran = true;
        while (ran && !signals.isStopping()) {
            ran = runNext(input -> new ReadLimit.UpTo(targets.get(input)));
        }
        sinks.maintain(AT_THE_END, signals::isStopping);
    }

    private void once() {
        do {
            runNext(_ -> new ReadLimit.Everything());
        } while (!ranges.historyIsRead() && !signals.isStopping());
        while (!signals.isStopping() && watermarkHasMoved()) {
            runNext(input -> new ReadLimit.UpTo(position.ends().get(input).orElseThrow()));
        }
        sinks.maintain(AT_THE_END, signals::isStopping);
    }

    /// Plans and runs the next batch if there is something to do.
    ///
    /// @return whether a batch was run
    private boolean runNext(Ranges.Limits limits) {
        progress.beginTrigger(clock.instant());
        long timestamp = clock.millis();
        List<String> starts = withRetries(() -> ranges.starts(position.ends()));
        QuerySettings settings = position.next().equals(BatchId.FIRST)
                ? withRetries(() -> ranges.withHistory(position.settings(), starts, timestamp))
                : position.settings();
        long start = System.nanoTime();
        List<OffsetRange> next = aligned(limits, withRetries(() -> ranges.next(limits, starts, settings, timestamp)));
        progress.took("latestOffset", start);
        if (signals.isStopping()) {
            return false;
        }
        boolean newRows = next.stream().anyMatch(range -> !range.isEmpty());
        signals.dataAvailable(newRows);
        if (!newRows) {
            noticeIdleParts(next, timestamp);
        }
        if (!newRows && !watermarkHasMoved() && !pipeline.timersDue(timestamp)) {
            return false;
        }
        PlannedBatch batch = new PlannedBatch(
                position.next(),
                next,
                position.watermarks().millis(),
                timestamp,
                withRetries(() -> pipeline.chooseTables(timestamp, () -> before(position.next()))),
                withRetries(() -> shedding(next, timestamp)),
                settings.beginningWith(position.next(), next, timestamp).toMap());
        process(batch, false);
        return true;
    }

    /// Moves the watermark on when parts of the input, for which it has waited, have been idle for long enough.
    private void noticeIdleParts(List<OffsetRange> next, long timestamp) {
        if (watermarkPolicy.idleMillis() == 0 || !pipeline.reactsToWatermark()) {
            return;
        }
        Watermarks now = position.watermarks();
        List<EventTimeStats> times = pipeline.eventTimes();
        List<Set<String>> none = next.stream().map(_ -> Set.<String>of()).toList();
        // The sources are asked only if the answer matters: here it is asked again and again.
        if (now.at(timestamp, times, none, watermarkPolicy).millis() > now.millis()) {
            List<Set<String>> unread = withRetries(() -> ranges.unread(next, position.settings(), timestamp));
            position = position.with(now.at(timestamp, times, unread, watermarkPolicy));
        }
    }

    /// Without the rows of sources that wait for a slower one; a batch of all rows waits for none.
    private List<OffsetRange> aligned(Ranges.Limits limits, List<OffsetRange> next) {
        if (watermarkPolicy.driftMicros().isEmpty()) {
            return next;
        }
        Set<Integer> withRows = IntStream.range(0, next.size())
                .filter(input -> !next.get(input).isEmpty() && !(limits.of(input) instanceof ReadLimit.Everything))
                .boxed()
                .collect(Collectors.toSet());
        List<OffsetRange> aligned = new ArrayList<>(next);
        List<Set<String>> parts = IntStream.range(0, next.size())
                .mapToObj(input -> pipeline.sources().get(input).parts(next.get(input)))
                .toList();
        for (int input : position.watermarks().waiting(withRows, pipeline.eventTimes(), parts, watermarkPolicy)) {
            Optional<String> from = next.get(input).from();
            aligned.set(input, new OffsetRange(from, from));
        }
        return aligned;
    }

    private List<Optional<Shed>> shedding(List<OffsetRange> next, long timestamp) {
        return pipeline.sheddings().stream()
                .map(shedding -> shedding.choose(ranges.waiting(shedding.source(), next, timestamp)))
                .toList();
    }

    private Optional<PlannedBatch> before(BatchId batch) {
        return batch.equals(BatchId.FIRST) ? Optional.empty() : checkpoint.planned(new BatchId(batch.value() - 1));
    }

    private boolean watermarkHasMoved() {
        return pipeline.reactsToWatermark() && position.watermarks().millis() > position.emittedMillis();
    }

    private void process(PlannedBatch batch, boolean planned) {
        signals.betweenBatches().lock();
        try {
            processAlone(batch, planned);
        } finally {
            signals.betweenBatches().unlock();
        }
        if (!signals.isStopping()) {
            step(Step.MAINTAIN, batch, () -> sinks.maintain(idle(), signals::isStopping));
        }
    }

    /// For how long no batch will be run anyway.
    private Duration idle() {
        return request.trigger() instanceof Trigger.ProcessingTime(Duration interval) && !pace.wasCut()
                ? Duration.ofMillis(untilNextMultiple(interval))
                : Duration.ZERO;
    }

    /// Takes a batch through the protocol, again and again while something that it needs can't be reached.
    private void processAlone(PlannedBatch batch, boolean planned) {
        Cancellation batchFailed = new Cancellation();
        CompletableFuture<Void> plan =
                planned ? CompletableFuture.completedFuture(null) : inBackground(() -> plan(batch, batchFailed));
        Watermarks next;
        try {
            next = withRetries(() -> {
                try {
                    return execute(batch, plan);
                } catch (UnavailableException unavailable) {
                    if (plan.isCompletedExceptionally()) {
                        // A driver that was overtaken does not wait for what it could not commit.
                        await(plan);
                    }
                    throw unavailable;
                }
            });
        } catch (Throwable failed) {
            batchFailed.cancel();
            // A driver that was overtaken may fail at what the other one has done: that says why.
            plan.handle((_, _) -> plan.isDone()).join();
            if (plan.isCompletedExceptionally() && !plan.exceptionNow().equals(failed)) {
                failed.addSuppressed(plan.exceptionNow());
            }
            throw failed;
        }
        pipeline.prefetch(batch);
        withRetries(() -> {
            checkpoint.recordLosses(batch.id(), losses);
            return true;
        });
        CommittedBatch committed = new CommittedBatch(batch.id(), next.millis(), next.latest());
        step(
                Step.COMMIT,
                batch,
                () -> withRetries(() -> {
                    checkpoint.commit(committed);
                    return committed;
                }));
        lossBudget.committed(losses);
        position = new Position(
                batch.id().next(),
                batch.sources().stream().map(OffsetRange::to).toList(),
                next,
                batch.watermarkMillis(),
                position.settings().over(batch.settings()));
        withRetries(this::tellSources);
        progress.watermark(next.report());
        progress.finish(batch, pipeline, clock.instant());
        if (batch.id().value() % STATE_RETENTION_INTERVAL == 0) {
            pipeline.retainState(batch.id().value() - retainedBatches);
        }
    }

    /// Writes `offsets/N`, and deletes the entries that are too old with it.
    ///
    /// @param batchFailed cancelled when the batch can't be committed any more, so that it is in vain to try again
    private void plan(PlannedBatch batch, Cancellation batchFailed) {
        step(
                Step.PLAN,
                batch,
                () -> withRetries(
                        () -> {
                            checkpoint.plan(batch);
                            checkpoint.purge(retainedBatches);
                            return batch;
                        },
                        () -> signals.isStopping() || batchFailed.isCancelled()));
    }

    private static CompletableFuture<Void> inBackground(Runnable write) {
        return CompletableFuture.runAsync(
                write, task -> Thread.ofVirtual().name("headrace-plan").start(task));
    }

    /// What was done in the background; fails as that has failed.
    static <T> T await(CompletableFuture<T> done) {
        try {
            return done.join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw failed;
            }
        }
    }

    private boolean tellSources() {
        for (int i = 0; i < pipeline.sources().size(); i++) {
            Optional<String> end = position.ends().get(i);
            if (end.isPresent()) {
                pipeline.sources().get(i).source().commit(end.get());
            }
        }
        return true;
    }

    /// Runs the plan while the batch is written to the log, and commits state and sink once it is there.
    ///
    /// @param plan the writing of `offsets/N`
    /// @return the watermark of the next batch
    private Watermarks execute(PlannedBatch batch, CompletableFuture<Void> plan) {
        try (BufferAllocator memory = pipeline.newBatchMemory(batch);
                Sinks.Batch output = sinks.begin(batch.id())) {
            long start = System.nanoTime();
            RunContext.Counters counters = pipeline.run(
                    batch,
                    checkpoint.query(),
                    position.emittedMillis(),
                    position.settings().zone(),
                    memory,
                    signals.cancellation(),
                    output.stages());
            progress.took("addBatch", start);
            checkAllWritten(batch, output.rowCount());
            checkErrorBudget(batch);
            losses = pipeline.losses(batch);
            lossBudget.check(batch.id(), losses);
            output.prepare();
            await(plan);
            step(Step.STATE_COMMIT, batch, pipeline::commitState);
            lateRows.give(pipeline.lateRows(), batch.id());
            deadLetters.give(pipeline.deadLetters(), batch.id());
            for (int i = 0; i < output.stages().size(); i++) {
                int sink = i;
                step(Step.SINK_COMMIT, batch, () -> output.commit(sink));
            }
            progress.wrote(output.rowCount(), output.written(), counters);
            long[] sizes = ranges.sizes(batch);
            List<Set<String>> unread = pipeline.eventTimes().isEmpty()
                    ? List.of()
                    // Asked again by itself: the rows are in the sink.
                    : withRetries(() -> ranges.unread(
                            batch.sources(), position.settings().over(batch.settings()), batch.timestampMillis()));
            pace.took(
                    sizes,
                    System.nanoTime() - start,
                    (double) memory.getPeakMemoryAllocation()
                            / request.runtime().allocator().getLimit());
            return position.watermarks().after(batch, pipeline.eventTimes(), unread, watermarkPolicy);
        } catch (Throwable failed) {
            pipeline.abort();
            throw failed;
        }
    }

    private void checkAllWritten(PlannedBatch batch, long written) {
        long given = pipeline.given();
        if (written != given) {
            throw new IllegalStateException("The plan gave " + given + " rows in batch " + batch.id() + ", and "
                    + written + " came to the sink. This is a mistake in Headrace. The batch is not committed.");
        }
    }

    private void checkErrorBudget(PlannedBatch batch) {
        long rejected = pipeline.deadLetters().size();
        long read = pipeline.sources().stream()
                .mapToLong(input -> input.rows().rows())
                .sum();
        if (rejected > 0 && !request.deadLetters().orElseThrow().budget().allows(rejected, read)) {
            List<@Nullable Object> first = pipeline.deadLetters().getFirst();
            throw new QueryException(
                    "TOO_MANY_DEAD_LETTERS",
                    "Of the " + read + " rows of batch " + batch.id() + ", " + rejected + " are rejected, and "
                            + request.deadLetters().get().budget() + " allows less. The first: " + first.get(1)
                            + " The batch is not committed: it runs again when the query is started again.");
        }
    }

    private void step(Step step, PlannedBatch batch, Runnable action) {
        faultPoint.ifPresent(point -> point.reached(true, step, batch.id().value()));
        long start = System.nanoTime();
        action.run();
        progress.took(step, start);
        faultPoint.ifPresent(point -> point.reached(false, step, batch.id().value()));
    }

    private interface Attempt<T> {
        T get();
    }

    /// Tries until it works, pausing longer each time, while what is needed can't be reached. Gives up when the query
    /// is to stop.
    private <T> T withRetries(Attempt<T> attempt) {
        return withRetries(attempt, signals::isStopping);
    }

    private <T> T withRetries(Attempt<T> attempt, BooleanSupplier inVain) {
        Duration pause = FIRST_RETRY;
        while (true) {
            try {
                T result = attempt.get();
                signals.reachable();
                return result;
            } catch (UnavailableException unavailable) {
                if (inVain.getAsBoolean()) {
                    throw unavailable;
                }
                LOG.warn("waiting {} ms, then trying again: {}", pause.toMillis(), unavailable.getMessage());
                signals.unavailable(unavailable);
                signals.pause(pause);
                if (inVain.getAsBoolean()) {
                    throw unavailable;
                }
                Duration doubled = pause.multipliedBy(2);
                pause = doubled.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : doubled;
            }
        }
    }
}
