package dev.headrace.engine;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.Gap;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamStart;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.Loss;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.log.QueryId;
import dev.headrace.engine.log.Recovery;
import dev.headrace.engine.stateful.DeadLetters;
import dev.headrace.engine.stateful.EventTimeStats;
import dev.headrace.engine.stateful.LateRows;
import dev.headrace.engine.stateful.OperatorState;
import dev.headrace.engine.stateful.Outputs;
import dev.headrace.engine.stateful.RefreshingTable;
import dev.headrace.engine.stateful.RowAccounts;
import dev.headrace.engine.stateful.Shedding;
import dev.headrace.engine.stateful.StreamingPlanner;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.RunProfile;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.exec.StageSink;
import dev.headrace.function.EvalContext;
import dev.headrace.state.StateBackend;
import dev.headrace.state.StateVersion;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a streaming query runs, batch after batch: its plan, compiled once, its sources and its state.
///
/// Used by the query's thread.
final class QueryPipeline implements AutoCloseable {
    /// Whether a batch whose rows don't add up ends the query.
    static final String CHECK_BALANCE = "headrace.rowBalance.check";

    private static final Logger LOG = LoggerFactory.getLogger(QueryPipeline.class);

    private final SessionRuntime runtime;
    private final List<PhysicalPlan> results;
    private final PhysicalPlan physical;
    private final Preparation preparation;
    private final List<Prepared> prepared;
    private final List<SourceInput> sources;
    private final List<OperatorState> states;
    private final List<EventTimeStats> eventTimes;
    private final List<RefreshingTable> tables;
    private final List<Shedding> sheddings;
    private final BufferAllocator stateMemory;
    private final boolean checksBalance;
    private volatile @Nullable RunProfile lastProfile;
    private volatile @Nullable RowAccounts lastAccounts;
    private Map<String, RunProfile.Metrics> observed = Map.of();
    private final Optional<DeadLetters> deadLetters;
    private final Optional<LateRows> lateRows;

    /// A source and what the current batch has read from it.
    ///
    /// @param part the source as one part of the input of a `withWatermark` over several sources; empty if it stands
    ///     below no such one
    record SourceInput(StreamTable table, StreamingSource source, RowCount rows, String part) {
        /// Whether its event times are followed for the source as a whole, beside others.
        boolean isPart() {
            return !part.isEmpty() && !source.hasParts();
        }

        /// The parts whose event times are followed for it, where it has been read up to.
        Set<String> parts(OffsetRange next) {
            return isPart() ? Set.of(part) : next.from().map(source::parts).orElse(Set.of());
        }
    }

    private QueryPipeline(
            SessionRuntime runtime,
            List<PhysicalPlan> results,
            Preparation preparation,
            List<Prepared> prepared,
            List<SourceInput> sources,
            StreamingPlanner planner,
            Optional<LateRows> lateRows,
            Optional<DeadLetters> deadLetters,
            boolean checksBalance,
            BufferAllocator stateMemory) {
        this.runtime = runtime;
        this.checksBalance = checksBalance;
        this.results = results;
        this.physical = Outputs.of(results);
        this.preparation = preparation;
        this.prepared = prepared;
        this.sources = sources;
        this.states = planner.states();
        this.eventTimes = planner.eventTimes();
        this.tables = planner.tables();
        this.sheddings = planner.sheddings();
        this.lateRows = lateRows;
        this.deadLetters = deadLetters;
        this.stateMemory = stateMemory;
    }

    /// Plans and compiles the query, and opens its sources and its state.
    static QueryPipeline open(StreamStart request, Path checkpoint) {
        QueryPipeline pipeline = plan(request);
        try {
            pipeline.connect(request, checkpoint);
            return pipeline;
        } catch (Throwable failed) {
            pipeline.close();
            throw failed;
        }
    }

    /// Plans the query and begins to compile it. It can run when it is connected.
    static QueryPipeline plan(StreamStart request) {
        Optional<DeadLetters> letters = request.deadLetters()
                .map(_ -> new DeadLetters(request.runtime().settings().zone()));
        Optional<LateRows> late = request.lateRows()
                .map(_ -> new LateRows(request.runtime().settings().zone()));
        StreamingPlanner planner = new StreamingPlanner(request.outputMode(), late, letters);
        List<PhysicalPlan> results = planner.planResults(results(request));
        Preparation preparation = Preparation.ahead();
        return new QueryPipeline(
                request.runtime(),
                results,
                preparation,
                preparation.prepareQueries(results),
                new ArrayList<>(),
                planner,
                late,
                letters,
                Boolean.parseBoolean(request.conf().getOrDefault(CHECK_BALANCE, "true")),
                request.runtime().allocator().newChildAllocator("state", 0, Long.MAX_VALUE));
    }

    /// Checks that the state in the checkpoint is that of this query, before anything is opened.
    void checkState(StreamStart request, Recovery recovery, Path checkpoint) {
        StateBackend backend = StateBackends.of(request.conf());
        IntSupplier there = () -> (int) IntStream.iterate(0, i -> i + 1)
                .takeWhile(i -> backend.hasState(checkpoint.resolve(stateDirectory(i))))
                .count();
        QuerySettings.of(request).checkState(recovery, there, states.size(), checkpoint);
    }

    /// Opens the sources and the state, in this order: a start that finds no source leaves no state that another query
    /// would have to fit.
    void connect(StreamStart request, Path checkpoint) {
        openSources(checkpoint);
        openStates(request, checkpoint);
    }

    void openSources(Path checkpoint) {
        Set<Integer> together = eventTimes.stream()
                .map(EventTimeStats::sources)
                .filter(all -> all.size() > 1)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
        for (PhysicalPlan.StreamScan scan : scans(physical)) {
            sources.add(openSource(scan, checkpoint, together.contains(scan.index())));
        }
    }

    void openStates(StreamStart request, Path checkpoint) {
        lateRows.ifPresent(rows -> states.forEach(state -> state.keepLate(rows)));
        StateBackend backend = StateBackends.of(request.conf());
        for (int i = 0; i < states.size(); i++) {
            OperatorState state = states.get(i);
            state.attach(backend.openAny(checkpoint.resolve(stateDirectory(i)), state.schema(), stateMemory));
        }
    }

    /// Begins to read the state that a batch begins with.
    void loadStates(BatchId batch) {
        states.forEach(state -> state.load(new StateVersion(batch.value())));
    }

    /// The plan's scans in the order of their indexes, which is that of planning: not always that of the tree.
    private static List<PhysicalPlan.StreamScan> scans(PhysicalPlan plan) {
        return plan.all().stream()
                .filter(PhysicalPlan.StreamScan.class::isInstance)
                .map(PhysicalPlan.StreamScan.class::cast)
                .sorted(Comparator.comparingInt(PhysicalPlan.StreamScan::index))
                .toList();
    }

    /// Where the state of an operator lies below the checkpoint.
    static String stateDirectory(int operator) {
        return "state/" + operator + "/0";
    }

    /// Where a source keeps what it must remember, below the checkpoint.
    static String sourceDirectory(int source) {
        return "sources/" + source;
    }

    private static SourceInput openSource(PhysicalPlan.StreamScan scan, Path checkpoint, boolean together) {
        StreamTable table = (StreamTable) scan.table();
        Path directory = checkpoint.resolve(sourceDirectory(scan.index()));
        String part = together ? "source " + scan.index() + ", " + table.description() : "";
        return new SourceInput(table, table.open(scan.request(), directory), new RowCount(part), part);
    }

    /// What a query gives, for the planner.
    static List<StreamingPlanner.Result> results(StreamStart request) {
        return request.outputs().stream()
                .map(output -> new StreamingPlanner.Result(output.plan(), output.outputMode()))
                .toList();
    }

    /// The schema of each result.
    List<StructType> schemas() {
        return results.stream().map(PhysicalPlan::schema).toList();
    }

    PhysicalPlan physicalPlan() {
        return physical;
    }

    /// What the operators have done in the newest batch that has begun, if one has.
    Optional<RunProfile> lastProfile() {
        return Optional.ofNullable(lastProfile);
    }

    /// How many rows the plan has given in the newest batch.
    long given() {
        return lastProfile()
                .map(profile -> results.stream().mapToLong(profile::rows).sum())
                .orElse(0L);
    }

    /// What became of the rows of the newest batch that has run, if one has.
    Optional<RowAccounts> lastAccounts() {
        return Optional.ofNullable(lastAccounts);
    }

    /// What was observed of the rows of the newest batch that has run.
    Map<String, RunProfile.Metrics> observed() {
        return observed;
    }

    /// The configuration that the query runs with.
    Map<String, String> conf() {
        return runtime.conf();
    }

    /// The sources, by their position in the log.
    List<SourceInput> sources() {
        return sources;
    }

    List<OperatorState> states() {
        return states;
    }

    List<EventTimeStats> eventTimes() {
        return eventTimes;
    }

    /// The late rows of the batch that has run, if they are wanted.
    List<List<@Nullable Object>> lateRows() {
        return lateRows.map(LateRows::rows).orElse(List.of());
    }

    /// The rows of the batch that has run for which expressions have failed, if they are wanted.
    List<List<@Nullable Object>> deadLetters() {
        return deadLetters.map(DeadLetters::rows).orElse(List.of());
    }

    /// Whether a batch without new rows can have a result, because the watermark has moved on.
    boolean reactsToWatermark() {
        return !eventTimes.isEmpty()
                && states.stream().anyMatch(state -> state.schema().expiring());
    }

    /// Whether a batch without new rows can have a result, because a timer is due by the batches' clock.
    boolean timersDue(long nowMillis) {
        return states.stream().anyMatch(state -> state.isDue(nowMillis));
    }

    /// Decides which versions of its tables the next batch reads.
    ///
    /// @param timestampMillis the batch's clock
    /// @param before gives the batch before, if there is one
    List<Optional<String>> chooseTables(long timestampMillis, Supplier<Optional<PlannedBatch>> before) {
        List<Optional<String>> versions = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            int table = i;
            versions.add(tables.get(i)
                    .choose(timestampMillis, () -> before.get().flatMap(batch -> batch.table(table))));
        }
        return versions;
    }

    /// What the query may leave out when it falls behind.
    List<Shedding> sheddings() {
        return sheddings;
    }

    /// What the batch that has run lacks. The sources forget their gaps with the answer.
    List<Loss> losses(PlannedBatch batch) {
        List<Loss> losses = new ArrayList<>();
        for (int i = 0; i < sheddings.size(); i++) {
            Shedding shedding = sheddings.get(i);
            if (shedding.lost() > 0) {
                losses.add(new Loss(
                        batch.id(),
                        batch.timestampMillis(),
                        shedding.source(),
                        sources.get(shedding.source()).table().description(),
                        batch.sources().get(shedding.source()),
                        new Loss.Cause.LoadShedding(
                                i, shedding.now().orElseThrow(), shedding.kept(), shedding.lost())));
            }
        }
        for (int i = 0; i < sources.size(); i++) {
            for (Gap gap : sources.get(i).source().takeGaps()) {
                losses.add(new Loss(
                        batch.id(),
                        batch.timestampMillis(),
                        i,
                        sources.get(i).table().description(),
                        batch.sources().get(i),
                        new Loss.Cause.GoneAtSource(gap)));
            }
        }
        return losses;
    }

    /// Memory for one batch, which the caller closes when nobody holds rows of the batch any more.
    BufferAllocator newBatchMemory(PlannedBatch batch) {
        return runtime.allocator().newChildAllocator("batch " + batch.id(), 0, Long.MAX_VALUE);
    }

    /// Runs a batch's rows into sinks, one per result. The state's changes are not committed yet.
    ///
    /// @param query draws for itself
    /// @param lateMillis the watermark by which earlier batches have emitted
    RunContext.Counters run(
            PlannedBatch batch,
            QueryId query,
            long lateMillis,
            ZoneId zone,
            BufferAllocator memory,
            Cancellation cancellation,
            List<? extends StageSink> sinks) {
        eventTimes.forEach(EventTimeStats::reset);
        lateRows.ifPresent(LateRows::reset);
        deadLetters.ifPresent(DeadLetters::reset);
        OperatorState.EventTimes times =
                new OperatorState.EventTimes(micros(lateMillis), micros(batch.watermarkMillis()));
        for (OperatorState state : states) {
            state.begin(new StateVersion(batch.id().value()), times);
        }
        for (int i = 0; i < tables.size(); i++) {
            tables.get(i).use(batch.table(i), runtime);
        }
        for (int i = 0; i < sheddings.size(); i++) {
            sheddings.get(i).begin(batch.shed(i));
        }
        RunProfile profile = new RunProfile();
        lastProfile = profile;
        RunContext run = new RunContext(
                memory,
                runtime.spill(),
                runtime.tasks(),
                new EvalContext(zone, batch.timestampMillis() * 1_000, 0, cancellation::check).ofQuery(query.value()),
                splits(batch),
                new RunContext.Counters(),
                profile,
                cancellation);
        try (preparation) {
            // Functions over groups are called by this thread.
            cancellation.<@Nullable Void>run(() -> {
                for (int i = 0; i < sinks.size(); i++) {
                    prepared.get(i).open(run).run(run, sinks.get(i));
                }
                return null;
            });
        }
        observed = profile.metrics();
        balance(batch, profile);
        return run.counters();
    }

    /// Accounts for each row of the batch.
    ///
    /// @throws IllegalStateException if that can't be done, unless [#CHECK_BALANCE] says not to
    private void balance(PlannedBatch batch, RunProfile profile) {
        RowAccounts accounts = RowAccounts.of(
                physical, profile, states, source -> sources.get(source).rows().rows(), deadLetters);
        lastAccounts = accounts;
        if (accounts.faults().isEmpty()) {
            return;
        }
        String text = "The rows of batch " + batch.id() + " do not add up. " + String.join("; ", accounts.faults())
                + ". This is a mistake in Headrace.";
        if (checksBalance) {
            throw new IllegalStateException(text + " The batch is not committed. With '" + CHECK_BALANCE
                    + "' set to false the query goes on, and only says so in its log.");
        }
        LOG.error(text);
    }

    private static long micros(long watermarkMillis) {
        return watermarkMillis <= 0 ? OperatorState.NO_WATERMARK : watermarkMillis * 1_000;
    }

    private List<List<Split>> splits(PlannedBatch batch) {
        List<List<Split>> all = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            SourceInput input = sources.get(i);
            OffsetRange range = batch.sources().get(i);
            input.rows().reset();
            // What an attempt before this one has found to be gone is found again.
            input.source().takeGaps();
            List<Split> splits = new ArrayList<>();
            if (!range.isEmpty()) {
                input.source()
                        .plan(range.from().orElseThrow(), range.to().orElseThrow())
                        .forEach(split -> splits.add(input.rows().counting(split)));
            }
            all.add(splits);
        }
        return all;
    }

    /// Lets the sources bring near what comes behind a batch that has run.
    void prefetch(PlannedBatch batch) {
        for (int i = 0; i < sources.size(); i++) {
            StreamingSource source = sources.get(i).source();
            batch.sources().get(i).to().ifPresent(source::prefetch);
        }
    }

    void commitState() {
        states.forEach(OperatorState::commit);
    }

    /// Lets the state forget versions before the oldest that a restart may need.
    void retainState(long oldestVersion) {
        StateVersion oldest = new StateVersion(Math.max(0, oldestVersion));
        states.forEach(state -> state.store().retain(oldest));
    }

    void abort() {
        states.forEach(OperatorState::abort);
    }

    @Override
    public void close() {
        List<AutoCloseable> resources = new ArrayList<>();
        sources.forEach(input -> resources.add(input.source()));
        resources.addAll(tables);
        resources.addAll(states);
        resources.add(stateMemory);
        Closing.all(resources);
    }
}
