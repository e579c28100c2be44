package dev.headrace.connector;

import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.streaming.ErrorBudget;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A streaming query to start.
///
/// @param runtime what the queries of the session share
/// @param conf the session's configuration, with which the query runs until it ends
/// @param queryName the name given with `queryName`; no other running query of the session has it
/// @param analyzed the plan as the user wrote it, bound; for `explain`
/// @param plan the optimized plan, which reads at least one stream
/// @param target where the rows go
/// @param trigger when batches run
/// @param outputMode which rows of the result a batch gives
/// @param checkpoint the directory of `checkpointLocation`, if the user or the session's configuration gives one; else
///     the engine chooses a temporary one, if the sink allows that
/// @param lateRows takes the late rows of each batch that has some; if it is there, the plan keeps all columns of the
///     rows
/// @param deadLetters takes the rows of each batch that expressions fail for; if it is there, the plan keeps all
///     columns and decodes payloads in expressions
/// @param events takes what the query tells about itself
/// @param others results of the same query beside the one that `plan`, `target` and `outputMode` describe
public record StreamStart(
        SessionRuntime runtime,
        Map<String, String> conf,
        Optional<String> queryName,
        LogicalPlan analyzed,
        LogicalPlan plan,
        Target target,
        Trigger trigger,
        OutputMode outputMode,
        Optional<Path> checkpoint,
        Optional<LateRowsFunction> lateRows,
        Optional<DeadLetters> deadLetters,
        QueryEvents events,
        List<Output> others) {
    public StreamStart {
        conf = Map.copyOf(conf);
        others = List.copyOf(others);
    }

    /// A query with one result.
    public StreamStart(
            SessionRuntime runtime,
            Map<String, String> conf,
            Optional<String> queryName,
            LogicalPlan analyzed,
            LogicalPlan plan,
            Target target,
            Trigger trigger,
            OutputMode outputMode,
            Optional<Path> checkpoint,
            Optional<LateRowsFunction> lateRows,
            Optional<DeadLetters> deadLetters,
            QueryEvents events) {
        this(
                runtime,
                conf,
                queryName,
                analyzed,
                plan,
                target,
                trigger,
                outputMode,
                checkpoint,
                lateRows,
                deadLetters,
                events,
                List.of());
    }

    /// One result of a query.
    ///
    /// @param name what the sink is told as the query's name
    public record Output(
            Optional<String> name, LogicalPlan analyzed, LogicalPlan plan, Target target, OutputMode outputMode) {}

    /// All results, in the order in which their sinks are committed.
    public List<Output> outputs() {
        List<Output> all = new ArrayList<>();
        all.add(new Output(queryName, analyzed, plan, target, outputMode));
        all.addAll(others);
        return all;
    }

    /// The same with more results.
    public StreamStart withOthers(List<Output> more) {
        return new StreamStart(
                runtime,
                conf,
                queryName,
                analyzed,
                plan,
                target,
                trigger,
                outputMode,
                checkpoint,
                lateRows,
                deadLetters,
                events,
                more);
    }

    /// The same with another plan, analyzed and optimized.
    public StreamStart with(LogicalPlan other) {
        return new StreamStart(
                runtime,
                conf,
                queryName,
                other,
                other,
                target,
                trigger,
                outputMode,
                checkpoint,
                lateRows,
                deadLetters,
                events,
                others);
    }

    /// Where the rows of a streaming query go.
    public sealed interface Target {
        /// To a connector; `options` has the format, the sink's options and paths, without `checkpointLocation`.
        record Sink(Connector.StreamWritable connector, ConnectorOptions options) implements Target {}

        /// To a function of the user's.
        record ForeachBatch(BatchFunction function) implements Target {}
    }

    /// What `deadLetters` was given.
    public record DeadLetters(LateRowsFunction function, ErrorBudget budget) {}

    /// What `lateRows` was given.
    @FunctionalInterface
    public interface LateRowsFunction {
        /// For rows that only go to a result of the query.
        LateRowsFunction NOTHING = (_, _, _) -> {};

        /// @param rows the batch's late or rejected rows
        /// @throws Exception whatever the user's function throws; it ends the query
        void call(StructType schema, List<List<@Nullable Object>> rows, long batchId) throws Exception;
    }

    /// What `foreachBatch` was given.
    @FunctionalInterface
    public interface BatchFunction {
        /// @param rows the batch's rows; it may scan them several times, but not after this returns
        /// @throws Exception whatever the user's function throws; it ends the query
        void call(BatchTable rows, long batchId) throws Exception;

        /// The query is to stop: a call that waits for the program is to go on. Called by any thread; returns at once.
        default void stopping() {}
    }
}
