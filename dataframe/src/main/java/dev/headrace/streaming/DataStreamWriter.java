package dev.headrace.streaming;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.ForeachWriter;
import dev.headrace.Row;
import dev.headrace.api.java.function.VoidFunction2;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// Starts streaming queries; see [DataFrame#writeStream].
public interface DataStreamWriter {
    /// Which rows each batch gives to the sink; `append` if not said.
    DataStreamWriter outputMode(OutputMode outputMode);

    /// @throws dev.headrace.errors.QueryException `UNKNOWN_OUTPUT_MODE`
    DataStreamWriter outputMode(String outputMode);

    /// When batches run; as fast as possible if not said.
    DataStreamWriter trigger(Trigger trigger);

    /// A name that no other running query of the session has.
    DataStreamWriter queryName(String queryName);

    /// The connector's name, such as `delta`, `kafka`, `console` or `memory`.
    DataStreamWriter format(String source);

    DataStreamWriter partitionBy(String... columns);

    DataStreamWriter option(String key, String value);

    DataStreamWriter option(String key, boolean value);

    DataStreamWriter option(String key, long value);

    DataStreamWriter option(String key, double value);

    DataStreamWriter options(Map<String, String> options);

    /// Runs a function on each batch's rows and the batch's number instead of writing to a connector.
    ///
    /// After a restart the function may be called again with a number it has seen, with the same rows: what it writes
    /// must be keyed by the number to be exactly once. The DataFrame is valid during the call only.
    DataStreamWriter foreachBatch(VoidFunction2<DataFrame, Long> function);

    /// Gives the rows of each batch to a writer, one by one.
    DataStreamWriter foreach(ForeachWriter<Row> writer);

    /// Runs a function on the rows of a batch that come too late for an operator, when there are some; they are counted
    /// in any case (`numRowsDroppedByWatermark`). The columns are `row` (the row as the operator has got it, as JSON),
    /// `operator`, `final_at` (the time from which on the window or group that it belongs to is final) and `watermark`
    /// (the one by which that had gone out).
    ///
    /// The function runs before the batch is committed, so no late row is lost. After a restart it may be called again
    /// with a number it has seen, with the same rows. The rows are complete, so no column of the sources is left
    /// unread.
    DataStreamWriter lateRows(VoidFunction2<DataFrame, Long> function);

    /// As [#deadLetters(VoidFunction2, ErrorBudget)], for any number of rows.
    default DataStreamWriter deadLetters(VoidFunction2<DataFrame, Long> function) {
        return deadLetters(function, ErrorBudget.unlimited());
    }

    /// Leaves out the rows that a filter or a projection fails for, instead of ending the query, and runs a function on
    /// them: casts of values that don't fit, divisions by zero, payloads that `from_json` with the mode `FAILFAST`
    /// can't read, functions of the program that throw. The columns are `error` (its code), `message`, `topic`,
    /// `partition`, `offset`, `value` (the record's bytes; these four are null if the row does not have such columns)
    /// and `row` (the row as the expression has got it, as JSON). `deadLetters` among a source's metrics counts them.
    ///
    /// The function runs before the batch is committed, when there are such rows; after a restart it may be called
    /// again with a number it has seen, with the same rows. Errors behind an operator with state end the query as ever.
    ///
    /// @param budget how many rows may be left out; with more, the query ends with `TOO_MANY_DEAD_LETTERS`, and the
    ///     batch is not committed
    DataStreamWriter deadLetters(VoidFunction2<DataFrame, Long> function, ErrorBudget budget);

    /// Writes the late rows as a result of the query:
    /// `lateRowsTo(late -> late.writeStream().format("delta").option("path", "/data/late"))`. Each batch's late rows go
    /// to that sink under the batch's number, so exactly once if it can.
    ///
    /// @param output is given a stream with the columns that [#lateRows] describes, and gives back what writes it, or
    ///     what is made of it; not started
    /// @throws dev.headrace.errors.QueryException `OUTPUT_OF_ANOTHER_QUERY`, as [#alsoTo]
    DataStreamWriter lateRowsTo(Function<DataFrame, DataStreamWriter> output);

    /// As [#deadLettersTo(Function, ErrorBudget)], for any number of rows.
    default DataStreamWriter deadLettersTo(Function<DataFrame, DataStreamWriter> output) {
        return deadLettersTo(output, ErrorBudget.unlimited());
    }

    /// Leaves out rows as [#deadLetters(VoidFunction2, ErrorBudget)] does, and writes them as a result of the query, as
    /// [#lateRowsTo] does: exactly once if the sink can. An error in what is made of them ends the query.
    ///
    /// @param output is given a stream with the columns of dead letters
    /// @throws dev.headrace.errors.QueryException `OUTPUT_OF_ANOTHER_QUERY`, as [#alsoTo]
    DataStreamWriter deadLettersTo(Function<DataFrame, DataStreamWriter> output, ErrorBudget budget);

    /// Takes the rows for changes of a table's rows, and applies them to the table instead of appending them: inserts,
    /// updates and deletes by key, each once, in the order of their sequence, however late or often they come.
    ///
    /// @throws dev.headrace.errors.QueryException `UNRESOLVED_COLUMN` and the like when the query is started
    DataStreamWriter applyChanges(Changes changes);

    /// Applies the rows, without deletes: as `applyChanges(Changes.keyedBy(keys…).sequencedBy(sequence))`.
    default DataStreamWriter applyChanges(List<String> keys, Column sequence) {
        return applyChanges(Changes.keyedBy(keys.toArray(String[]::new)).sequencedBy(sequence));
    }

    /// Adds a result to the query: what the other writer describes, with its own sink, output mode and options. All are
    /// computed by one query from one pass over the sources, with what they share computed once; each batch goes to all
    /// sinks, under one number, so each has it exactly once if it can. The sinks are committed one after the other, so
    /// that a reader may see a batch in one of them a moment earlier than in another.
    ///
    /// Trigger, checkpoint, late rows and dead letters are those of the writer that is started, and the other one may
    /// say the same or nothing. The other's `queryName`
    /// is the name that its sink is told (the table of `format("memory")`).
    ///
    /// @param other not to be started itself
    /// @throws dev.headrace.errors.QueryException `OUTPUT_OF_ANOTHER_QUERY` if the other writer has another trigger or
    ///     function, a checkpoint or outputs of its own, or is one of another session
    DataStreamWriter alsoTo(DataStreamWriter other);

    /// Starts the query.
    ///
    /// @throws dev.headrace.errors.QueryException `MISSING_STREAMING_ENGINE` if the engine is not on the class path,
    ///     `UNKNOWN_FORMAT`, and what the sink says about its options
    /// @throws TimeoutException never at present; declared so that programs written for Spark compile
    StreamingQuery start() throws TimeoutException;

    /// Starts the query, writing to a path.
    StreamingQuery start(String path) throws TimeoutException;

    /// Starts the query, writing to a table of the session, or to a format with a path as in `` delta.`/data/orders`
    /// ``. A table that is not there is made: with the writer's format (`parquet` if not said), its columns, partitions
    /// and properties, in the warehouse, or at the option `path`.
    ///
    /// @throws dev.headrace.errors.QueryException as [#start()]; `TABLE_MISMATCH` if the table has another format or
    ///     other partitions than the writer says; `TABLE_OR_VIEW_NOT_FOUND` if the name is that of a view
    StreamingQuery toTable(String tableName) throws TimeoutException;

    /// Checks what this query has written so far, without starting it: as [StreamingQuery#verify], for a query that
    /// does not run now. Sink, checkpoint and output mode are given as for [#start].
    ///
    /// @throws dev.headrace.errors.HeadraceException as [StreamingQuery#verify], and `CHECKPOINT_IN_USE` if the query
    ///     runs
    VerifyReport verify();

    /// As [#verify()], for a query that writes to a path.
    VerifyReport verify(String path);

    /// Runs a past batch again, without starting the query: as [StreamingQuery#replay], with the code as it is now.
    ///
    /// @throws dev.headrace.errors.QueryException as [StreamingQuery#replay]
    ReplayReport replay(long batchId);
}
