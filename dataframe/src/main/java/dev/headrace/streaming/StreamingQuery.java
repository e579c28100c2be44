package dev.headrace.streaming;

import dev.headrace.DataFrame;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A running (or ended) streaming query. All methods may be called from any thread.
public interface StreamingQuery {
    /// The name given with `queryName`, or null.
    @Nullable String name();

    /// The query's id, which its checkpoint keeps: the same over restarts.
    UUID id();

    /// The id of this run: another one after each start.
    UUID runId();

    boolean isActive();

    /// What ended the query, if an error did.
    Optional<StreamingQueryException> exception();

    StreamingQueryStatus status();

    /// The progress of the last batches, oldest first; at most `spark.sql.streaming.numRecentProgressUpdates` (100).
    StreamingQueryProgress[] recentProgress();

    /// The progress of the last batch, or null before the first one.
    @Nullable StreamingQueryProgress lastProgress();

    /// Waits until the query ends.
    ///
    /// @throws StreamingQueryException if it ends because of an error
    void awaitTermination() throws StreamingQueryException;

    /// Waits until the query ends, but not longer than the timeout.
    ///
    /// @return whether it has ended
    /// @throws StreamingQueryException if it ends because of an error
    boolean awaitTermination(long timeoutMs) throws StreamingQueryException;

    /// Waits until everything that the sources hold when this is called has been processed and committed. For tests:
    /// with data that keeps arriving it may take for ever.
    ///
    /// @throws StreamingQueryException if the query ends because of an error
    void processAllAvailable();

    /// Stops the query and waits until it has stopped. A batch that is running is given up; it is run again, with the
    /// same offsets, when the query is started again. Does nothing if the query has ended.
    ///
    /// @throws TimeoutException if it has not stopped within `spark.sql.streaming.stopTimeout`
    void stop() throws TimeoutException;

    /// Prints the physical plan to standard output, and what each operator did in the newest batch: the rows that it
    /// gave, and the time of all threads that it took.
    void explain();

    /// Prints the plan, with the logical plans if `extended`, to standard output.
    void explain(boolean extended);

    /// Prints to standard output, by mode: `simple` as [#explain()], `extended` with the logical plans, `timing` when
    /// the rows of each operator come out, as [#explainTiming].
    ///
    /// @throws dev.headrace.errors.QueryException `UNKNOWN_EXPLAIN_MODE`
    void explain(String mode);

    /// When the rows of each operator with state come out: by its rule, the delay of the watermark and the trigger; and
    /// which watermark, and so which event, the next of them waits for. While a batch runs for some seconds more, or
    /// waits to be tried again, that is left out.
    TimingReport explainTiming();

    /// Where the watermark is, and which input and which partition hold it there since when.
    WatermarkReport explainWatermark();

    /// Runs the query's plan once more, as one batch over exactly the input of the batches that are committed, and
    /// compares the result with what the stream has given: with the rows in the sink, if it can be read, else with the
    /// rows of the batches in the log, run again. Also runs the newest batch again and compares the state that it
    /// leaves with the state on disk. Nothing is written; a running query pauses between two batches while the sink is
    /// read.
    ///
    /// Reads all of the query's input, which the sources must still have, and holds the result in memory.
    ///
    /// @throws dev.headrace.errors.HeadraceException `NOTHING_TO_VERIFY` if no batch is committed, `BATCH_NOT_ENDED` if
    ///     the batch that runs waits to be tried again, and what the sources say about input that is gone
    VerifyReport verify();

    /// Runs a past batch again, from the version of the state that it began with, and compares the state that it leaves
    /// with the one that it left. Nothing is written, and the query may be running.
    ///
    /// @throws dev.headrace.errors.QueryException `BATCH_NOT_RETAINED` if the batch is not committed or no longer in
    ///     the log
    ReplayReport replay(long batchId);

    /// Runs a past batch again as another query would have run it, and says which rows are different.
    ///
    /// @param changed the query with changed code: it reads as many streams as this one, and keeps state of the same
    ///     shape
    /// @throws dev.headrace.errors.QueryException as [#replay(long)]
    /// @throws dev.headrace.errors.CheckpointException `STATE_SCHEMA_MISMATCH` if its state has another shape
    ReplayReport replay(long batchId, DataFrame changed);
}
