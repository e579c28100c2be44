package dev.headrace.connector;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/// Takes the batches of one streaming query, each exactly once if it can.
///
/// The engine calls [#begin] for batch N again, with the same rows, where it does not know that this sink has committed
/// it: after a crash, and after something could not be reached. A sink that is exactly-once stores the query's id and N
/// in the same atomic step as the rows and makes the second time do nothing. Within a run, a batch whose
/// [SinkBatch#commit] has returned is not begun again, also if another sink of the query has still to get it.
public interface StreamingSink extends AutoCloseable {
    /// The last batch that this sink holds for its query by now, if it knows; asked where a commit's answer was lost.
    OptionalLong lastCommitted();

    /// Begins a batch.
    SinkBatch begin(long batchId);

    /// Looks after what the batches before have written, if there is need, while the query runs no batch. Called after
    /// each batch, by the thread that begins batches; the next one waits until this returns. What fails here is not the
    /// query's failure: a sink logs it.
    ///
    /// @param idle for how long no batch will be run anyway; zero if the next one may be due
    /// @param stopping asked whether to end at once
    default void maintain(Duration idle, BooleanSupplier stopping) {}

    /// The query is to stop: what its thread waits for in this sink, and may not come for long, is given up. A batch
    /// that is given up is not committed, and comes again when the query is started again. Called by any thread while
    /// others are in other methods, and perhaps several times; returns at once.
    default void stopping() {}

    @Override
    void close();
}
