package dev.headrace.engine;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.StreamStart;
import dev.headrace.engine.log.Checkpoint;
import dev.headrace.engine.log.Recovery;
import dev.headrace.engine.log.RunId;
import dev.headrace.engine.stateful.Timing;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.BatchRuns;
import dev.headrace.exec.JvmMemory;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.RunProfile;
import dev.headrace.plan.IntervalText;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.TreeText;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.RowBalance;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryListener;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.streaming.StreamingQueryStatus;
import dev.headrace.streaming.TimingReport;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.streaming.WatermarkReport;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// A streaming query on its thread: what users hold in their hands.
final class RunningQuery implements StreamingQuery {
    private static final Logger LOG = LoggerFactory.getLogger(RunningQuery.class);
    private static final String STOP_TIMEOUT = "spark.sql.streaming.stopTimeout";
    private static final String EXPECTED_ERROR = "headrace.testing.expectedError";
    /// How long who asks for the timing waits for a batch that runs. It may run for ever: its function may wait for who
    /// asks.
    private static final Duration TIMING_PATIENCE = Duration.ofSeconds(5);
    private static final String KEPT_PROGRESS = "spark.sql.streaming.numRecentProgressUpdates";

    private final StreamStart request;
    private final Checkpoint checkpoint;
    private final RunId run;
    private final QueryPipeline pipeline;
    private final Sinks sinks;
    private final CheckpointPlace place;
    private final List<String> beginnings;
    private final Signals signals = new Signals();
    private final ProgressReport progress;
    private final Thread thread;
    private volatile @Nullable StreamingQueryException failure;

    /// @param beginnings where the sources of a query begin that has no batch yet
    RunningQuery(
            StreamStart request,
            Checkpoint checkpoint,
            RunId run,
            QueryPipeline pipeline,
            Sinks sinks,
            CheckpointPlace place,
            List<String> beginnings) {
        this.request = request;
        this.checkpoint = checkpoint;
        this.run = run;
        this.pipeline = pipeline;
        this.sinks = sinks;
        this.place = place;
        this.beginnings = beginnings;
        this.progress = new ProgressReport(
                id(),
                runId(),
                name(),
                SinkText.of(request),
                Integer.parseInt(request.conf().getOrDefault(KEPT_PROGRESS, "100")),
                request.events());
        this.thread = Thread.ofPlatform()
                .name("headrace-query-" + request.queryName().orElse(id().toString()))
                .daemon()
                .unstarted(this::runAndEnd);
    }

    void start() {
        request.events()
                .tell(new StreamingQueryListener.QueryStartedEvent(
                        id(),
                        runId(),
                        name(),
                        ProgressReport.timestamp(request.runtime().clock().instant())));
        thread.start();
    }

    private void runAndEnd() {
        BatchRuns.belongToStream();
        MDC.put("query", request.queryName().orElse(id().toString()));
        try {
            runAndClose();
        } finally {
            end();
        }
    }

    private void runAndClose() {
        try {
            new TriggerLoop(request, checkpoint, pipeline, sinks, signals, progress, beginnings).run();
        } catch (QueryCancelledException stopped) {
            LOG.debug("stopped within a batch");
        } catch (UnavailableException unavailable) {
            if (!signals.isStopping()) {
                fail(unavailable);
            }
        } catch (OutOfMemoryException exhausted) {
            fail(request.runtime().spill().outOfMemory(exhausted));
        } catch (OutOfMemoryError exhausted) {
            fail(JvmMemory.exhausted(exhausted));
        } catch (Throwable error) {
            fail(error);
        }
        try {
            Closing.all(List.of(sinks, pipeline, checkpoint, place::deleteIfTemporary));
        } catch (Throwable closing) {
            fail(closing);
        }
    }

    private void fail(Throwable cause) {
        StreamingQueryException first = failure;
        if (first != null) {
            first.addSuppressed(cause);
            return;
        }
        failure = new StreamingQueryException(id(), runId(), name(), "", "", cause);
        logEnd(
                LOG,
                request.queryName().orElse(id().toString()),
                cause,
                Optional.ofNullable(request.conf().get(EXPECTED_ERROR)));
    }

    /// An end that a test has planned or expects is no error, and happens often.
    ///
    /// @param expected the code of the error that a test expects
    static void logEnd(Logger log, String query, Throwable cause, Optional<String> expected) {
        if (cause instanceof FaultPoint.InjectedFault planned) {
            log.info("query {} has ended, as planned: {}", query, planned.getMessage());
        } else if (cause instanceof HeadraceException failed
                && expected.filter(failed.code()::equals).isPresent()) {
            log.info("query {} has ended by an error, as expected: {}", query, failed.getMessage());
        } else {
            log.error("query {} ended by an error", query, cause);
        }
    }

    private void end() {
        StreamingQueryException error = failure;
        signals.ended(error == null ? "Stopped" : "Terminated with exception: " + error.getCause());
        try {
            request.events()
                    .tell(new StreamingQueryListener.QueryTerminatedEvent(
                            id(),
                            runId(),
                            Optional.ofNullable(error).map(Throwable::getMessage),
                            Optional.ofNullable(error).flatMap(StreamingQueryException::code)));
        } finally {
            signals.announcedEnd();
        }
    }

    @Override
    public @Nullable String name() {
        return request.queryName().orElse(null);
    }

    @Override
    public UUID id() {
        return checkpoint.query().value();
    }

    @Override
    public UUID runId() {
        return run.value();
    }

    @Override
    public boolean isActive() {
        return !signals.hasEnded();
    }

    @Override
    public Optional<StreamingQueryException> exception() {
        return isActive() ? Optional.empty() : Optional.ofNullable(failure);
    }

    @Override
    public StreamingQueryStatus status() {
        return signals.status();
    }

    @Override
    public StreamingQueryProgress[] recentProgress() {
        return progress.recent().toArray(StreamingQueryProgress[]::new);
    }

    @Override
    public @Nullable StreamingQueryProgress lastProgress() {
        List<StreamingQueryProgress> all = progress.recent();
        return all.isEmpty() ? null : all.getLast();
    }

    @Override
    public void awaitTermination() throws StreamingQueryException {
        awaitTermination(Long.MAX_VALUE / 1_000_000);
    }

    @Override
    public boolean awaitTermination(long timeoutMs) throws StreamingQueryException {
        try {
            boolean ended = signals.awaitEnd(timeoutMs);
            if (ended) {
                throwFailure();
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void processAllAvailable() {
        try {
            signals.awaitCaughtUp();
            if (signals.hasEnded()) {
                throwFailure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void throwFailure() {
        StreamingQueryException error = failure;
        if (error != null) {
            throw error;
        }
    }

    @Override
    public void stop() throws TimeoutException {
        signals.stop();
        sinks.stopping();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        long timeout = Long.parseLong(request.conf().getOrDefault(STOP_TIMEOUT, "0"));
        try {
            if (!signals.awaitEnd(timeout == 0 ? Long.MAX_VALUE / 1_000_000 : timeout)) {
                throw new TimeoutException("The query has not stopped within " + timeout + " ms (" + STOP_TIMEOUT
                        + "); it will when its batch can be given up.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void explain() {
        explain(false);
    }

    @Override
    public void explain(boolean extended) {
        if (extended) {
            for (StreamStart.Output output : request.outputs()) {
                System.out.println("== Analyzed Logical Plan ==\n" + output.analyzed());
                System.out.println("== Optimized Logical Plan ==\n" + output.plan());
            }
        }
        PhysicalPlan plan = pipeline.physicalPlan();
        System.out.println("== Physical Plan ==\n" + plan.treeString());
        pipeline.lastProfile()
                .ifPresent(profile -> System.out.println("== Last Batch ==\n"
                        + TreeText.of(plan, operator -> lastBatch(operator, profile), PhysicalPlan::inputs)));
        pipeline.lastAccounts().ifPresent(accounts -> System.out.println("Row balance: " + accounts.total(plan)));
    }

    @Override
    public void explain(String mode) {
        switch (mode.toLowerCase(Locale.ROOT)) {
            case "simple" -> explain(false);
            case "extended" -> explain(true);
            case "timing" -> System.out.println("== Timing ==\n" + explainTiming());
            default ->
                throw new QueryException(
                        "UNKNOWN_EXPLAIN_MODE",
                        "explain(\"" + mode + "\"): a streaming query knows the modes simple, extended and timing.");
        }
    }

    @Override
    public TimingReport explainTiming() {
        return new TimingReport(
                triggerText(request.trigger()),
                pipeline.eventTimes().stream()
                        .map(time -> new TimingReport.Input(
                                time.column(), Duration.of(time.delayMicros(), ChronoUnit.MICROS)))
                        .toList(),
                operatorTiming());
    }

    private List<TimingReport.Operator> operatorTiming() {
        PhysicalPlan plan = pipeline.physicalPlan();
        try {
            return signals.lookBetweenBatches(TIMING_PATIENCE, () -> Timing.of(plan))
                    .orElseGet(() -> Timing.rules(plan));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Timing.rules(plan);
        }
    }

    private static String triggerText(Trigger trigger) {
        return switch (trigger) {
            case Trigger.AsFastAsPossible _ -> "A batch runs as soon as there are rows and the one before has ended.";
            case Trigger.ProcessingTime(Duration interval) ->
                "A batch runs every " + IntervalText.of(interval.toNanos() / 1_000) + " by the clock.";
            case Trigger.AvailableNow _ -> "Batches run until all is read that was there at the start.";
            case Trigger.Once _ -> "One batch reads all that was there at the start.";
        };
    }

    private String lastBatch(PhysicalPlan operator, RunProfile profile) {
        Optional<RowBalance> balance = operator.inputs().isEmpty()
                ? Optional.empty()
                : pipeline.lastAccounts().map(accounts -> accounts.of(operator));
        return profile.describe(operator)
                + balance.map(rows -> "  [" + rows + "]").orElse("");
    }

    @Override
    public WatermarkReport explainWatermark() {
        return progress.watermark();
    }

    @Override
    public VerifyReport verify() {
        return verification().verify();
    }

    @Override
    public ReplayReport replay(long batchId) {
        return verification().replay(batchId, Optional.empty());
    }

    @Override
    public ReplayReport replay(long batchId, DataFrame changed) {
        if (!request.others().isEmpty()) {
            throw new QueryException(
                    "UNSUPPORTED_STREAMING_OPERATION",
                    "Headrace can't replay a batch of a query with several outputs with changed code. Use replay("
                            + batchId + "), or a query with one of them.");
        }
        LogicalPlan plan = Optimizer.optimize(
                Frames.plan(changed), request.runtime().settings().zone());
        return verification().replay(batchId, Optional.of(plan));
    }

    private Verification verification() {
        boolean fromTheBeginning = checkpoint.recovery() instanceof Recovery.Start;
        return new Verification(request, place.directory(), signals, fromTheBeginning);
    }
}
