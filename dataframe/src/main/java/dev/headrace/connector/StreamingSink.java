package dev.headrace.connector;

import java.util.OptionalLong;

/// Takes the batches of one streaming query, each exactly once if it can.
///
/// The engine calls [#begin] for batch N again after a crash, with the same rows. A sink that is exactly-once stores
/// the query's id and N in the same atomic step as the rows and makes the second time do nothing.
public interface StreamingSink extends AutoCloseable {
    /// The last batch that this sink holds for its query, if it knows; asked once after each start.
    OptionalLong lastCommitted();

    /// Begins a batch.
    SinkBatch begin(long batchId);

    @Override
    void close();
}
