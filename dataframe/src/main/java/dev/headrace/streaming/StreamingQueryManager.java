package dev.headrace.streaming;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The streaming queries of a session; see `Session.streams()`. Thread-safe.
public interface StreamingQueryManager {
    /// The queries that run now, in the order of their starts.
    StreamingQuery[] active();

    /// The running query of this id, or null.
    @Nullable StreamingQuery get(UUID id);

    /// The running query of this id, or null.
    default @Nullable StreamingQuery get(String id) {
        return get(UUID.fromString(id));
    }

    /// Waits until a query of the session ends. Returns at once if one has ended since the session began or since
    /// [#resetTerminated].
    ///
    /// @throws StreamingQueryException if it ended because of an error
    void awaitAnyTermination() throws StreamingQueryException;

    /// As [#awaitAnyTermination()], but waits no longer than the timeout.
    ///
    /// @return whether a query has ended
    boolean awaitAnyTermination(long timeoutMs) throws StreamingQueryException;

    /// Forgets the queries that have ended, so that [#awaitAnyTermination()] waits for the next one.
    void resetTerminated();

    /// Tells the listener what the session's queries do from now on.
    void addListener(StreamingQueryListener listener);

    void removeListener(StreamingQueryListener listener);

    StreamingQueryListener[] listListeners();
}
