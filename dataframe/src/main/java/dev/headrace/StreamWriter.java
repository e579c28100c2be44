package dev.headrace;

import dev.headrace.api.java.function.VoidFunction2;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.LeftOutRows;
import dev.headrace.connector.StreamStart;
import dev.headrace.connector.StreamingEngine;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.Secrets;
import dev.headrace.files.InputFiles;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.plan.rules.TellEventTime;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.ErrorBudget;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What [DataFrame#writeStream] gives.
final class StreamWriter implements DataStreamWriter {
    private static final String CHECKPOINT = "checkpointLocation";

    private final DataFrame frame;
    private final SourceOptions options = new SourceOptions("parquet");
    private boolean formatSaid;
    private OutputMode outputMode = OutputMode.APPEND;
    private Optional<Trigger> trigger = Optional.empty();
    private Optional<String> queryName = Optional.empty();
    private Optional<Path> checkpoint = Optional.empty();
    private List<String> partitionColumns = List.of();
    private StreamStart.@Nullable BatchFunction foreachBatch;
    private Optional<VoidFunction2<DataFrame, Long>> lateRows = Optional.empty();
    private Optional<VoidFunction2<DataFrame, Long>> deadLetters = Optional.empty();
    private ErrorBudget errorBudget = ErrorBudget.unlimited();
    private Optional<Changes> changes = Optional.empty();
    private final List<StreamWriter> others = new ArrayList<>();
    /// What writes the rows that the query leaves out, by why.
    private final Map<LeftOutRows.Kind, StreamWriter> leftOut = new EnumMap<>(LeftOutRows.Kind.class);

    StreamWriter(DataFrame frame) {
        if (!frame.isStreaming()) {
            throw new QueryException(
                    "NOT_A_STREAM",
                    "writeStream() needs a stream, but this DataFrame reads none. Open one with readStream(), or write"
                            + " the rows with write().");
        }
        this.frame = frame;
    }

    @Override
    public DataStreamWriter outputMode(OutputMode mode) {
        outputMode = mode;
        return this;
    }

    @Override
    public DataStreamWriter outputMode(String mode) {
        return outputMode(OutputMode.of(mode));
    }

    @Override
    public DataStreamWriter trigger(Trigger newTrigger) {
        trigger = Optional.of(newTrigger);
        return this;
    }

    @Override
    public DataStreamWriter queryName(String name) {
        queryName = Optional.of(name);
        return this;
    }

    @Override
    public DataStreamWriter format(String source) {
        options.format(source);
        formatSaid = true;
        foreachBatch = null;
        return this;
    }

    @Override
    public DataStreamWriter partitionBy(String... columns) {
        partitionColumns = frame.namesOf(columns);
        return this;
    }

    @Override
    public DataStreamWriter option(String key, String value) {
        options.put(key, value);
        return this;
    }

    @Override
    public DataStreamWriter option(String key, boolean value) {
        return option(key, String.valueOf(value));
    }

    @Override
    public DataStreamWriter option(String key, long value) {
        return option(key, String.valueOf(value));
    }

    @Override
    public DataStreamWriter option(String key, double value) {
        return option(key, String.valueOf(value));
    }

    @Override
    public DataStreamWriter options(Map<String, String> more) {
        options.putAll(more);
        return this;
    }

    @Override
    public DataStreamWriter foreachBatch(VoidFunction2<DataFrame, Long> function) {
        return foreachBatch(function, () -> {});
    }

    /// @param stopping lets a call go on because the query is to stop
    DataStreamWriter foreachBatch(VoidFunction2<DataFrame, Long> function, Runnable stopping) {
        Session session = frame.session();
        foreachBatch = new StreamStart.BatchFunction() {
            @Override
            public void call(BatchTable rows, long batchId) throws Exception {
                function.call(DataFrame.of(session, new NamedPlan.Read(rows, "foreachBatch")), batchId);
            }

            @Override
            public void stopping() {
                stopping.run();
            }
        };
        return this;
    }

    @Override
    public DataStreamWriter lateRows(VoidFunction2<DataFrame, Long> function) {
        lateRows = Optional.of(function);
        return this;
    }

    @Override
    public DataStreamWriter deadLetters(VoidFunction2<DataFrame, Long> function, ErrorBudget budget) {
        deadLetters = Optional.of(function);
        errorBudget = budget;
        return this;
    }

    @Override
    public DataStreamWriter lateRowsTo(Function<DataFrame, DataStreamWriter> output) {
        return leftOutTo(LeftOutRows.Kind.LATE, output);
    }

    @Override
    public DataStreamWriter deadLettersTo(Function<DataFrame, DataStreamWriter> output, ErrorBudget budget) {
        errorBudget = budget;
        return leftOutTo(LeftOutRows.Kind.REJECTED, output);
    }

    private DataStreamWriter leftOutTo(LeftOutRows.Kind kind, Function<DataFrame, DataStreamWriter> output) {
        DataFrame rows = Frames.of(frame.session(), new LeftOutRows(kind), kind.toString());
        leftOut.put(kind, ofThisQuery(kind + "To", output.apply(rows)));
        return this;
    }

    @Override
    public DataStreamWriter foreach(ForeachWriter<Row> writer) {
        return foreachBatch((rows, batchId) -> ForeachWriter.write(writer, rows, batchId));
    }

    @Override
    public DataStreamWriter applyChanges(Changes newChanges) {
        changes = Optional.of(newChanges);
        return this;
    }

    @Override
    public StreamingQuery start() {
        return start(List.of());
    }

    @Override
    public StreamingQuery start(String path) {
        return start(List.of(path));
    }

    @Override
    public StreamingQuery toTable(String tableName) {
        boolean sameColumns = changes.isEmpty() && outputMode != OutputMode.CHANGELOG && foreachBatch == null;
        Optional<StructType> columns = sameColumns ? Optional.of(frame.schema()) : Optional.empty();
        SessionTables.StoredTable table = new SqlTables(frame.session())
                .ofStream(
                        tableName,
                        formatSaid ? Optional.of(options.format()) : Optional.empty(),
                        columns,
                        partitionColumns,
                        options);
        options.format(table.format());
        return start(table.path().map(List::of).orElse(List.of()));
    }

    @Override
    public VerifyReport verify() {
        return engine().verify(request(List.of()));
    }

    @Override
    public VerifyReport verify(String path) {
        return engine().verify(request(List.of(path)));
    }

    @Override
    public ReplayReport replay(long batchId) {
        return engine().replay(request(List.of()), batchId);
    }

    private StreamingQuery start(List<String> paths) {
        return frame.session().queries().start(engine(), request(paths));
    }

    private StreamStart request(List<String> paths) {
        Session session = frame.session();
        options.take(CHECKPOINT).ifPresent(location -> checkpoint = Optional.of(checkpointAt(location)));
        StreamStart.Output own = output(this, paths);
        List<StreamStart.Output> more = new ArrayList<>();
        others.forEach(other -> more.add(other.output(this, List.of())));
        more.add(own);
        if (more.stream().anyMatch(output -> LeftOutRows.areReadBy(output.plan()))) {
            throw new QueryException(
                    "OUTPUT_OF_ANOTHER_QUERY",
                    "Late rows and dead letters are written by the query that leaves them out: give what writes them back"
                            + " to its lateRowsTo(…) or deadLettersTo(…), and start that.");
        }
        more.removeLast();
        // Behind the results that leave rows out.
        leftOut.values().forEach(other -> more.add(other.output(this, List.of())));
        return new StreamStart(
                session.runtime(),
                session.conf().getAll(),
                queryName,
                own.analyzed(),
                own.plan(),
                own.target(),
                trigger.orElseGet(Trigger.AsFastAsPossible::new),
                outputMode,
                checkpoint.or(this::checkpointOfSession),
                function(lateRows, LeftOutRows.Kind.LATE),
                function(deadLetters, LeftOutRows.Kind.REJECTED)
                        .map(function -> new StreamStart.DeadLetters(function, errorBudget)),
                session.queries(),
                more);
    }

    /// What rows that are left out are given to; empty if nobody wants them.
    private Optional<StreamStart.LateRowsFunction> function(
            Optional<VoidFunction2<DataFrame, Long>> function, LeftOutRows.Kind kind) {
        return function.map(this::lateRowsFunction)
                .or(() -> leftOut.containsKey(kind)
                        ? Optional.of(StreamStart.LateRowsFunction.NOTHING)
                        : Optional.empty());
    }

    /// This as one of the results of a query.
    ///
    /// @param query the writer that is started
    private StreamStart.Output output(StreamWriter query, List<String> paths) {
        Optional<ChangeRows> changed = changes.map(described -> ChangeRows.of(frame, described));
        LogicalPlan analyzed = new TellEventTime()
                .apply(changed.map(ChangeRows::rows).orElse(frame).resolved().plan());
        return new StreamStart.Output(
                queryName, analyzed, query.optimized(analyzed), target(paths, changed), outputMode);
    }

    @Override
    public DataStreamWriter alsoTo(DataStreamWriter other) {
        others.add(ofThisQuery("alsoTo", other));
        return this;
    }

    /// @throws QueryException `OUTPUT_OF_ANOTHER_QUERY` if a writer can't describe a result of this query
    private StreamWriter ofThisQuery(String method, DataStreamWriter other) {
        if (!(other instanceof StreamWriter writer) || writer.frame.session() != frame.session() || writer == this) {
            throw new QueryException(
                    "OUTPUT_OF_ANOTHER_QUERY",
                    method + "(…) takes another writeStream() of a DataFrame of the same session.");
        }
        Map<String, Boolean> ofQuery = new LinkedHashMap<>();
        ofQuery.put("trigger", isOwn(writer.trigger, trigger));
        ofQuery.put("option(\"checkpointLocation\")", writer.options.has(CHECKPOINT));
        ofQuery.put("lateRows", isOwn(writer.lateRows, lateRows));
        ofQuery.put("deadLetters", isOwn(writer.deadLetters, deadLetters));
        ofQuery.put("alsoTo", !writer.others.isEmpty());
        writer.leftOut.keySet().forEach(kind -> ofQuery.put(kind + "To", true));
        ofQuery.forEach((own, isSet) -> {
            if (isSet) {
                throw new QueryException(
                        "OUTPUT_OF_ANOTHER_QUERY",
                        method + "(…): the other writer has a " + own + " of its own, but all results are of one query."
                                + " Say it on the writer that is started.");
            }
        });
        return writer;
    }

    private static boolean isOwn(Optional<?> ofOther, Optional<?> ofThis) {
        return ofOther.isPresent() && !ofOther.equals(ofThis);
    }

    private LogicalPlan optimized(LogicalPlan analyzed) {
        ZoneId zone = frame.session().conf().zone();
        if (function(deadLetters, LeftOutRows.Kind.REJECTED).isPresent()) {
            return Optimizer.keepingPayloads(analyzed, zone);
        }
        return function(lateRows, LeftOutRows.Kind.LATE).isPresent()
                ? Optimizer.keepingColumns(analyzed, zone)
                : Optimizer.optimize(analyzed, zone);
    }

    private StreamStart.LateRowsFunction lateRowsFunction(VoidFunction2<DataFrame, Long> function) {
        return (StructType schema, List<List<@Nullable Object>> rows, long batchId) ->
                function.call(DataFrame.of(frame.session(), new NamedPlan.LocalRelation(schema, rows)), batchId);
    }

    private StreamStart.Target target(List<String> paths, Optional<ChangeRows> changed) {
        Session session = frame.session();
        StreamStart.BatchFunction function = foreachBatch;
        if (function != null) {
            return new StreamStart.Target.ForeachBatch(function);
        }
        return new StreamStart.Target.Sink(
                changed.isPresent()
                        ? changed.get().writtenBy(session.connectors().changeWritable(options.format()))
                        : session.connectors().streamWritable(options.format()),
                options.forConnector(paths, partitionColumns, session));
    }

    private static Path checkpointAt(String location) {
        if (!location.startsWith("file:") && location.indexOf("://") > 0) {
            throw new QueryException(
                    "CHECKPOINT_NOT_LOCAL",
                    "checkpointLocation '" + Secrets.withoutLogin(location)
                            + "': a checkpoint needs a directory on a local disk, or on another one with locks and renames"
                            + " that is mounted as such. What the query writes may be in a store, such as a Delta table.");
        }
        return InputFiles.localPath(location);
    }

    private Optional<Path> checkpointOfSession() {
        return frame.session()
                .conf()
                .find("spark.sql.streaming.checkpointLocation")
                .map(root -> checkpointAt(root)
                        .resolve(queryName.orElseGet(() -> UUID.randomUUID().toString())));
    }

    private static StreamingEngine engine() {
        return ServiceLoader.load(StreamingEngine.class, StreamWriter.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new QueryException(
                        "MISSING_STREAMING_ENGINE",
                        "start(): the streaming engine is not on the class path. Add the module"
                                + " dev.headrace:headrace-microbatch-engine to the program's dependencies."));
    }
}
