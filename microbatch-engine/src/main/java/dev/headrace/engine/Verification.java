package dev.headrace.engine;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.Connector;
import dev.headrace.connector.LeftOutRows;
import dev.headrace.connector.RefreshedTable;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.StreamStart;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.CheckpointHistory;
import dev.headrace.engine.log.Driver;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.log.RunId;
import dev.headrace.engine.sink.MemoryConnector;
import dev.headrace.engine.stateful.DeadLetters;
import dev.headrace.engine.stateful.FinalRows;
import dev.headrace.engine.stateful.Outputs;
import dev.headrace.engine.stateful.RefreshingTable;
import dev.headrace.engine.stateful.Rejecting;
import dev.headrace.engine.stateful.StreamingPlanner;
import dev.headrace.engine.stateful.UpsertKey;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.PhysicalPlanner;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.RunProfile;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Compares what a query has done with what its log says that it should have done.
///
/// @param request the query
/// @param signals of the query, whose log and sink are read between two batches, so that they are at the end of the
///     same one
/// @param sinkHasAll whether a sink in memory holds the rows of all batches
record Verification(StreamStart request, Path checkpoint, Signals signals, boolean sinkHasAll) {
    private static final String CHANGE_TYPE = "_change_type";

    /// The rows that the stream has given, as they came.
    private record Given(String from, List<List<@Nullable Object>> rows) {}

    /// What there is at the end of a batch.
    ///
    /// @param sinks the rows of each result, where they can be read
    private record Written(CheckpointHistory history, List<Optional<Given>> sinks) {}

    ReplayReport replay(long batchId, Optional<LogicalPlan> changed) {
        BatchId id = new BatchId(batchId);
        CheckpointHistory history = history();
        PlannedBatch batch = PastRun.planned(history, id);
        ZoneId zone = PastRun.zone(request, batch);
        List<List<List<@Nullable Object>>> rows;
        List<String> state;
        List<StructType> schemas;
        try (PastRun past = PastRun.open(request, checkpoint, history)) {
            rows = past.run(id);
            state = past.stateDifferences(id);
            schemas = past.schemas();
        }
        List<String> changes = new ArrayList<>();
        int changedRows = 0;
        if (changed.isPresent()) {
            try (PastRun other = PastRun.open(request.with(changed.get()), checkpoint, history)) {
                RowBag.Difference difference = RowBag.of(rows.getFirst())
                        .difference(RowBag.of(other.run(id).getFirst()));
                changedRows = difference.size();
                RowBag.texts(difference.missing(), schemas.getFirst(), zone, ReplayReport.SHOWN)
                        .forEach(row -> changes.add("-" + row));
                RowBag.texts(difference.unexpected(), other.schemas().getFirst(), zone, ReplayReport.SHOWN)
                        .forEach(row -> changes.add("+" + row));
            }
        }
        return new ReplayReport(
                history.query().value(),
                batchId,
                batch.watermarkMillis(),
                batch.timestampMillis(),
                rows.stream().mapToInt(List::size).sum(),
                texts(rows, schemas, zone),
                state,
                changedRows,
                changes);
    }

    private static List<String> texts(
            List<List<List<@Nullable Object>>> results, List<StructType> schemas, ZoneId zone) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            texts.addAll(RowBag.texts(results.get(i), schemas.get(i), zone, ReplayReport.SHOWN - texts.size()));
        }
        return texts;
    }

    private CheckpointHistory history() {
        return CheckpointHistory.open(
                checkpoint,
                Driver.ofThisProcess(RunId.random(), request.runtime().clock().instant()));
    }

    VerifyReport verify() {
        if (request.outputs().stream().anyMatch(output -> FinalRows.inParts(output.plan()))) {
            throw new QueryException(
                    "RESULT_IN_PARTS",
                    "The query gives its groups in parts, by emit(…).discarding(), and what adds them up is not known, so "
                            + "that they can't be compared with a batch's groups. Verify it with accumulating(), and "
                            + "single batches with replay(…).");
        }
        StreamingPlanner planner = new StreamingPlanner(request.outputMode());
        List<PhysicalPlan> streaming = planner.planResults(QueryPipeline.results(request));
        Written written = atTheEndOfABatch(streaming);
        CheckpointHistory history = written.history();
        List<Optional<Given>> sinks = written.sinks();
        BatchId last = history.lastCommitted()
                .orElseThrow(() -> new QueryException(
                        "NOTHING_TO_VERIFY",
                        checkpoint + ": the query has not committed any batch yet, so there is nothing to compare."));
        PlannedBatch newest = PastRun.planned(history, last);
        Map<RefreshedTable, BatchTable> tables = tables(planner.tables(), newest);
        PastLosses losses = new PastLosses(planner.sheddings(), history.losses());
        try (PastRun past = PastRun.open(request, checkpoint, history)) {
            boolean readable = sinks.stream().allMatch(Optional::isPresent);
            List<Given> again = readable ? List.of() : givenAgain(past, history, last);
            if (readable) {
                past.run(last);
            }
            List<String> state = past.stateDifferences(last);
            Optional<VerifyReport> report = Optional.empty();
            for (int i = 0; i < streaming.size(); i++) {
                StreamStart.Output output = request.outputs().get(i);
                if (LeftOutRows.areReadBy(output.plan())) {
                    continue;
                }
                int result = i;
                VerifyReport one = compare(
                        output,
                        history,
                        newest,
                        streaming.get(i).schema(),
                        expected(Outputs.of(streaming), output, history, newest, tables, losses),
                        sinks.get(i).orElseGet(() -> again.get(result)),
                        past.lateRows(),
                        state);
                report = Optional.of(report.map(before -> before.and(one)).orElse(one));
            }
            VerifyReport whole = report.orElseThrow();
            boolean differs = whole.missingRows() + whole.unexpectedRows() > 0;
            return readable && differs ? withLateRows(whole, history, last) : whole;
        } finally {
            Closing.all(planner.tables());
        }
    }

    private Written atTheEndOfABatch(List<PhysicalPlan> streaming) {
        try {
            return signals.lookBetweenBatches(ChronoUnit.FOREVER.getDuration(), () -> written(streaming))
                    .orElseThrow(() -> new UnavailableException(
                            "BATCH_NOT_ENDED",
                            "verify() looks at what there is at the end of a batch, and the batch that runs waits to be"
                                    + " tried again. Verify the query when it has gone on. It waits because of this: "
                                    + signals.waitsFor()
                                            .map(Throwable::getMessage)
                                            .orElse("it has gone on by now.")));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueryCancelledException();
        }
    }

    private Written written(List<PhysicalPlan> streaming) {
        List<Optional<Given>> sinks = new ArrayList<>();
        CheckpointHistory history = history();
        for (int i = 0; i < streaming.size(); i++) {
            StreamStart.Output output = request.outputs().get(i);
            // A batch leaves out no late rows, and all rejected ones at once.
            sinks.add(
                    LeftOutRows.areReadBy(output.plan())
                            ? Optional.of(new Given("", List.of()))
                            : sinkRows(output, streaming.get(i).schema()));
        }
        return new Written(history, sinks);
    }

    /// With the late rows of all batches that the log has, which may be why rows differ. They are run again for this
    /// alone, so only if there is something to explain.
    private VerifyReport withLateRows(VerifyReport report, CheckpointHistory history, BatchId last) {
        try (PastRun past = PastRun.open(request, checkpoint, history)) {
            for (long id = history.oldest().orElse(last).value(); id <= last.value(); id++) {
                past.run(new BatchId(id));
            }
            return report.withLateRows(past.lateRows());
        }
    }

    private VerifyReport compare(
            StreamStart.Output output,
            CheckpointHistory history,
            PlannedBatch newest,
            StructType schema,
            List<List<@Nullable Object>> expected,
            Given given,
            long lateRows,
            List<String> state) {
        StructType resultSchema = output.plan().schema();
        RowBag actual = actual(output, given.rows(), schema);
        RowBag.Difference difference = RowBag.of(expected).difference(actual);
        boolean saysWhen = FinalRows.saysWhen(output.plan());
        boolean holdsBack = output.outputMode() == OutputMode.APPEND || saysWhen || FinalRows.waits(output.plan());
        Optional<FinalRows> held = holdsBack ? FinalRows.of(output.plan()) : Optional.empty();
        List<List<@Nullable Object>> missing = withoutOpen(difference.missing(), held, newest);
        // Without a key nothing tells which of the rows that were given have been replaced since.
        boolean anyReplaced = output.outputMode() == OutputMode.UPDATE
                && UpsertKey.of(output.plan()).isEmpty();
        List<List<@Nullable Object>> unexpected = anyReplaced
                ? List.of()
                : withoutOpen(difference.unexpected(), saysWhen ? held : Optional.empty(), newest);
        ZoneId zone = PastRun.zone(request, newest);
        return new VerifyReport(
                history.query().value(),
                newest.id().value() + 1,
                given.from(),
                expected.size(),
                actual.size(),
                difference.missing().size() - missing.size(),
                lateRows,
                missing.size(),
                RowBag.texts(missing, resultSchema, zone, VerifyReport.SHOWN),
                unexpected.size(),
                RowBag.texts(unexpected, resultSchema, zone, VerifyReport.SHOWN),
                state);
    }

    /// The rows that the query can't hold back, or change, any more.
    private static List<List<@Nullable Object>> withoutOpen(
            List<List<@Nullable Object>> rows, Optional<FinalRows> held, PlannedBatch newest) {
        List<List<@Nullable Object>> rest = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            if (held.isEmpty() || !held.get().mayBeOpen(row, newest.watermarkMillis())) {
                rest.add(row);
            }
        }
        return rest;
    }

    /// The rows that a reader of the sink takes for the result.
    private static RowBag actual(StreamStart.Output output, List<List<@Nullable Object>> rows, StructType schema) {
        RowBag bag = new RowBag();
        if (output.outputMode() == OutputMode.CHANGELOG) {
            int type = schema.indexOf(CHANGE_TYPE).getAsInt();
            for (List<@Nullable Object> row : rows) {
                List<@Nullable Object> cells = new ArrayList<>(row);
                bag.add(cells, String.valueOf(cells.remove(type)).equals("insert") ? 1 : -1);
            }
            return bag;
        }
        Optional<List<Integer>> key =
                output.outputMode() == OutputMode.UPDATE ? UpsertKey.of(output.plan()) : Optional.empty();
        if (key.isEmpty()) {
            return RowBag.of(rows);
        }
        Map<List<@Nullable Object>, List<@Nullable Object>> newest = new LinkedHashMap<>();
        for (List<@Nullable Object> row : rows) {
            List<@Nullable Object> cells = new ArrayList<>();
            key.get().forEach(ordinal -> cells.add(row.get(ordinal)));
            newest.put(cells, row);
        }
        return RowBag.of(newest.values());
    }

    /// The tables as the newest batch has read them.
    private Map<RefreshedTable, BatchTable> tables(List<RefreshingTable> all, PlannedBatch newest) {
        Map<RefreshedTable, BatchTable> tables = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            all.get(i).use(newest.table(i), request.runtime());
            tables.put(all.get(i).table(), all.get(i));
        }
        return tables;
    }

    /// The result of one batch over all of the query's input.
    private List<List<@Nullable Object>> expected(
            PhysicalPlan streaming,
            StreamStart.Output output,
            CheckpointHistory history,
            PlannedBatch newest,
            Map<RefreshedTable, BatchTable> tables,
            PastLosses losses) {
        List<PhysicalPlan.StreamScan> scans = streaming.all().stream()
                .filter(node -> node instanceof PhysicalPlan.StreamScan)
                .map(node -> (PhysicalPlan.StreamScan) node)
                .toList();
        try (CheckpointCopy copy = CheckpointCopy.of(checkpoint);
                PastInput input = new PastInput(
                        scans,
                        ranges(history, newest),
                        tables,
                        losses,
                        copy.directory().resolve("sources"))) {
            return run(batchPlanner().plan(input.batch(output.plan())), newest);
        }
    }

    /// Rows that the stream leaves out are left out here, too.
    private PhysicalPlanner batchPlanner() {
        if (request.deadLetters().isEmpty()) {
            return new PhysicalPlanner();
        }
        DeadLetters letters = new DeadLetters(request.runtime().settings().zone());
        return new PhysicalPlanner() {
            @Override
            protected PhysicalPlan computed(PhysicalPlan.Compute node) {
                return Rejecting.over(node, letters);
            }
        };
    }

    private List<List<@Nullable Object>> run(PhysicalPlan plan, PlannedBatch batch) {
        try (BufferAllocator memory = request.runtime().allocator().newChildAllocator("verify", 0, Long.MAX_VALUE)) {
            RunContext run = new RunContext(
                    memory,
                    request.runtime().spill(),
                    request.runtime().tasks(),
                    new EvalContext(PastRun.zone(request, batch), batch.timestampMillis() * 1_000, 0),
                    List.of(),
                    new RunContext.Counters(),
                    new RunProfile(),
                    new Cancellation());
            try (Preparation preparation = new Preparation()) {
                return RowBag.takeRows(
                        ChunkCollector.collect(preparation.prepareQuery(plan).open(run), run));
            }
        }
    }

    private List<PastInput.Range> ranges(CheckpointHistory history, PlannedBatch newest) {
        Optional<PlannedBatch> first = history.planned(BatchId.FIRST);
        List<PastInput.Range> ranges = new ArrayList<>();
        for (int i = 0; i < newest.sources().size(); i++) {
            int source = i;
            OffsetRange range = newest.sources().get(i);
            String from = QuerySettings.beginning(newest.settings(), i)
                    .or(() -> first.flatMap(batch -> batch.sources().get(source).from()))
                    .orElseThrow(() -> new QueryException(
                            "BEGINNING_UNKNOWN",
                            checkpoint + ": the log no longer says where the query began to read its source " + source
                                    + ", since the query was begun by an older version or by Spark. It can't be"
                                    + " verified; single batches can be run again with replay(…)."));
            ranges.add(new PastInput.Range(from, range.to().orElse(from)));
        }
        return ranges;
    }

    /// The rows of all batches, run again, by result.
    private List<Given> givenAgain(PastRun past, CheckpointHistory history, BatchId last) {
        long oldest = history.oldest().map(BatchId::value).orElse(0L);
        if (oldest > 0) {
            throw new QueryException(
                    "SINK_NOT_READABLE",
                    "The rows in the sink " + SinkText.of(request)
                            + " can't be read back, and the log holds the batches from " + oldest
                            + " on only, so that earlier ones can't be run again. Verify a query with such a sink"
                            + " earlier, or keep more batches with '" + TriggerLoop.RETAIN + "'.");
        }
        List<Given> given = new ArrayList<>();
        for (StreamStart.Output _ : request.outputs()) {
            given.add(new Given("the " + (last.value() + 1) + " batches of the log run again", new ArrayList<>()));
        }
        for (long id = 0; id <= last.value(); id++) {
            List<List<List<@Nullable Object>>> batch = past.run(new BatchId(id));
            for (int i = 0; i < given.size(); i++) {
                List<List<@Nullable Object>> rows = given.get(i).rows();
                if (request.outputs().get(i).outputMode() == OutputMode.COMPLETE) {
                    rows.clear();
                }
                rows.addAll(batch.get(i));
            }
        }
        return given;
    }

    private Optional<Given> sinkRows(StreamStart.Output output, StructType schema) {
        if (!(output.target() instanceof StreamStart.Target.Sink(Connector.StreamWritable connector, var options))) {
            return Optional.empty();
        }
        Optional<BatchTable> table = connector instanceof MemoryConnector
                ? output.name()
                        .filter(_ -> sinkHasAll)
                        .flatMap(request.runtime().tables()::find)
                : connector.readBack(options);
        return table.flatMap(rows -> columns(rows.schema(), schema).map(columns -> {
            LogicalPlan scan = new LogicalPlan.Scan(rows, columns);
            PlannedBatch now = new PlannedBatch(
                    BatchId.FIRST,
                    List.of(OffsetRange.NONE),
                    0,
                    request.runtime().clock().millis(),
                    Map.of());
            return new Given("the sink " + SinkText.of(output.target()), run(new PhysicalPlanner().plan(scan), now));
        }));
    }

    /// The result's columns among those of the sink's table, by name; empty if one is not there.
    private static Optional<ScanRequest> columns(StructType table, StructType result) {
        List<ScanColumn> columns = new ArrayList<>();
        for (String name : result.names()) {
            OptionalInt ordinal = table.indexOf(name);
            if (ordinal.isEmpty()) {
                return Optional.empty();
            }
            int at = ordinal.getAsInt();
            columns.add(new ScanColumn.Stored(at, table.field(at)));
        }
        return Optional.of(new ScanRequest(columns, List.of(), OptionalLong.empty()));
    }
}
