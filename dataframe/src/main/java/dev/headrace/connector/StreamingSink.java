package dev.headrace.connector;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/// Takes the batches of one streaming query, each exactly once if it can.
///
/// The engine calls [#begin] for batch N again after a crash, with the same rows. A sink that is exactly-once stores
/// the query's id and N in the same atomic step as the rows and makes the second time do nothing.
public interface StreamingSink extends AutoCloseable {
    /// The last batch that this sink holds for its query, if it knows; asked once after each start.
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

    @Override
    void close();
}
