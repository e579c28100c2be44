package dev.headrace.streaming;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Is told what the streaming queries of a session do; see [StreamingQueryManager#addListener].
///
/// Calls come one at a time, in order, from a thread of the session's own; a slow listener delays other listeners,
/// never a query. What a listener throws is logged and otherwise ignored.
public abstract class StreamingQueryListener {
    /// A query has started.
    public abstract void onQueryStarted(QueryStartedEvent event);

    /// A batch has ended.
    public abstract void onQueryProgress(QueryProgressEvent event);

    /// A query waits for data; told at most once per `spark.sql.streaming.noDataProgressEventInterval`.
    public void onQueryIdle(QueryIdleEvent event) {}

    /// A query has ended, by itself, by `stop` or by an error.
    public abstract void onQueryTerminated(QueryTerminatedEvent event);

    /// What a listener is told.
    public sealed interface Event {
        UUID id();

        UUID runId();

        /// One line of JSON with Spark's field names.
        default String json() {
            return ProgressJson.write(ProgressJson.event(this));
        }
    }

    /// @param timestamp in UTC as `2026-01-31T10:00:00.000Z`
    public record QueryStartedEvent(
            UUID id, UUID runId, @Nullable String name, String timestamp) implements Event {}

    public record QueryProgressEvent(StreamingQueryProgress progress) implements Event {
        @Override
        public UUID id() {
            return progress.id();
        }

        @Override
        public UUID runId() {
            return progress.runId();
        }
    }

    public record QueryIdleEvent(UUID id, UUID runId, String timestamp) implements Event {}

    /// @param exception the message of the error that ended the query, if one did
    /// @param errorClassOnException the code of that error, if it has one
    public record QueryTerminatedEvent(
            UUID id, UUID runId, Optional<String> exception, Optional<String> errorClassOnException) implements Event {}
}
