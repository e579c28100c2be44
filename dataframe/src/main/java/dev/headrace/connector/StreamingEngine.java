package dev.headrace.connector;

import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.VerifyReport;

/// Runs streaming queries. The module `headrace-microbatch-engine` has the implementation, found by
/// [java.util.ServiceLoader], so that batch programs need not carry it.
public interface StreamingEngine {
    /// Starts a query and returns when it is running: its sources and its sink are open, its checkpoint is its own.
    ///
    /// Tells [StreamStart#events] that the query has started before it returns, and that it has terminated after its
    /// [StreamingQuery#isActive] is false and its [StreamingQuery#exception] is set.
    ///
    /// @throws dev.headrace.errors.HeadraceException if the query can't be started
    StreamingQuery start(StreamStart request);

    /// Checks what a query has written so far against a batch run; the query does not run meanwhile.
    ///
    /// @throws dev.headrace.errors.HeadraceException as [StreamingQuery#verify]
    VerifyReport verify(StreamStart request);

    /// Runs a past batch of a query again, writing nothing.
    ///
    /// @throws dev.headrace.errors.HeadraceException as [StreamingQuery#replay]
    ReplayReport replay(StreamStart request, long batchId);
}
