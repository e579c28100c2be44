package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.plan.IntervalText;
import dev.headrace.streaming.GroupState;
import dev.headrace.streaming.GroupStateTimeout;
import java.sql.Date;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The state of a key during a call of the program's function.
record KeyState<S>(
        Group group, ObjectCells<S> states, GroupStateTimeout timeout, boolean hasTimedOut, GroupCall.Times times)
        implements GroupState<S> {

    @Override
    public boolean exists() {
        return group.get(GroupStateFunction.STATE) != null;
    }

    @Override
    public S get() {
        return getOption().orElseThrow(() -> new NoSuchElementException("the key has no state; ask exists() first"));
    }

    @Override
    public Optional<S> getOption() {
        return Optional.ofNullable(group.get(GroupStateFunction.STATE)).map(states::ofCell);
    }

    @Override
    public void update(S newState) {
        group.set(GroupStateFunction.STATE, states.cell(newState));
    }

    @Override
    public void remove() {
        group.set(GroupStateFunction.STATE, null);
    }

    @Override
    public void setTimeoutDuration(long durationMs) {
        if (timeout != GroupStateTimeout.ProcessingTimeTimeout) {
            throw new QueryException(
                    "TIMEOUT_NOT_ENABLED",
                    "setTimeoutDuration(" + durationMs + ") needs GroupStateTimeout.ProcessingTimeTimeout(), but the"
                            + " function was given " + timeout + ".");
        }
        if (durationMs <= 0) {
            throw new QueryException(
                    "INVALID_TIMEOUT", "setTimeoutDuration(" + durationMs + "): the duration must be positive.");
        }
        setTimer(times.processingMillis() + durationMs);
    }

    @Override
    public void setTimeoutDuration(String duration) {
        setTimeoutDuration(IntervalText.micros(duration) / 1_000);
    }

    @Override
    public void setTimeoutTimestamp(long timestampMs) {
        if (timeout != GroupStateTimeout.EventTimeTimeout) {
            throw new QueryException(
                    "TIMEOUT_NOT_ENABLED",
                    "setTimeoutTimestamp(" + timestampMs + ") needs GroupStateTimeout.EventTimeTimeout(), but the"
                            + " function was given " + timeout + ".");
        }
        if (times.watermarkMillis() > 0 && timestampMs <= times.watermarkMillis()) {
            throw new QueryException(
                    "INVALID_TIMEOUT",
                    "setTimeoutTimestamp(" + timestampMs + "): the watermark is at " + times.watermarkMillis()
                            + " already; set a later time, such as getCurrentWatermarkMs() and some more.");
        }
        setTimer(timestampMs);
    }

    /// It times out when the clock is later than that, not when it is equal.
    private void setTimer(long millis) {
        group.timers().clear();
        group.timers().add(millis + 1);
    }

    @Override
    public void setTimeoutTimestamp(long timestampMs, String additionalDuration) {
        setTimeoutTimestamp(timestampMs + IntervalText.micros(additionalDuration) / 1_000);
    }

    @Override
    public void setTimeoutTimestamp(Date timestamp) {
        setTimeoutTimestamp(timestamp.getTime());
    }

    @Override
    public void setTimeoutTimestamp(Date timestamp, String additionalDuration) {
        setTimeoutTimestamp(timestamp.getTime(), additionalDuration);
    }

    @Override
    public long getCurrentWatermarkMs() {
        return times.watermarkMillis();
    }

    @Override
    public long getCurrentProcessingTimeMs() {
        return times.processingMillis();
    }
}
