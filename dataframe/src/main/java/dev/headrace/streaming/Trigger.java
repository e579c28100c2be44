package dev.headrace.streaming;

import dev.headrace.plan.IntervalText;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// When a streaming query runs its next batch.
///
/// Without a trigger a query runs as fast as it can: a batch as soon as the last one has ended and there is data.
public sealed interface Trigger {

    /// A batch as soon as the last one has ended and there is data: the default, and what `ProcessingTime(0)` means.
    record AsFastAsPossible() implements Trigger {}

    /// A batch at each multiple of the interval; at once if the last one took longer.
    ///
    /// @param interval longer than zero
    record ProcessingTime(Duration interval) implements Trigger {}

    /// Everything that is there when the query starts, in as many batches as the sources' limits say; then the query
    /// ends.
    record AvailableNow() implements Trigger {}

    /// Everything that is there when the query starts, in one batch; then the query ends.
    record Once() implements Trigger {}

    /// A batch at each multiple of an interval such as `10 seconds`.
    ///
    /// @throws dev.headrace.errors.QueryException `INVALID_INTERVAL` if the text is not an interval
    static Trigger ProcessingTime(String interval) {
        return ProcessingTime(Duration.of(IntervalText.micros(interval), java.time.temporal.ChronoUnit.MICROS));
    }

    /// @throws dev.headrace.errors.QueryException `INVALID_INTERVAL` if the interval is negative
    static Trigger ProcessingTime(Duration interval) {
        if (interval.isNegative()) {
            throw new dev.headrace.errors.QueryException(
                    "INVALID_INTERVAL", "Trigger.ProcessingTime(" + interval + "): the interval must not be negative.");
        }
        return interval.isZero() ? new AsFastAsPossible() : new ProcessingTime(interval);
    }

    static Trigger ProcessingTime(long intervalMillis) {
        return ProcessingTime(Duration.ofMillis(intervalMillis));
    }

    static Trigger ProcessingTime(long interval, TimeUnit unit) {
        return ProcessingTime(Duration.of(interval, unit.toChronoUnit()));
    }

    static Trigger AvailableNow() {
        return new AvailableNow();
    }

    static Trigger Once() {
        return new Once();
    }
}
