package dev.headrace.streaming;

import java.sql.Date;
import java.util.Optional;

/// The state of one key, for the function of `mapGroupsWithState` or `flatMapGroupsWithState`, valid during the call.
///
/// A time-out is reset by each call: to keep one, set it again. When it is over, the function is called without values
/// and [#hasTimedOut] is true. Errors are [dev.headrace.errors.QueryException]s.
///
/// @param <S> the class of the state
public interface GroupState<S> {
    boolean exists();

    /// @throws java.util.NoSuchElementException if there is none
    S get();

    Optional<S> getOption();

    void update(S newState);

    /// Forgets the state.
    void remove();

    /// Whether the function is called because the time-out is over.
    boolean hasTimedOut();

    /// Times out when the batches' clock is later than now and this. With `ProcessingTimeTimeout` only.
    ///
    /// @param durationMs positive
    void setTimeoutDuration(long durationMs);

    /// As [#setTimeoutDuration(long)], from an interval such as `10 minutes`.
    void setTimeoutDuration(String duration);

    /// Times out when the watermark is later than this. With `EventTimeTimeout` only.
    ///
    /// @param timestampMs milliseconds since the epoch, later than the watermark
    void setTimeoutTimestamp(long timestampMs);

    /// As [#setTimeoutTimestamp(long)], this much later.
    void setTimeoutTimestamp(long timestampMs, String additionalDuration);

    void setTimeoutTimestamp(Date timestamp);

    void setTimeoutTimestamp(Date timestamp, String additionalDuration);

    /// Milliseconds since the epoch; needs `withWatermark` below.
    long getCurrentWatermarkMs();

    /// The clock of the batch, in milliseconds since the epoch.
    long getCurrentProcessingTimeMs();
}
