package dev.headrace.demo;

/// Says how many events are due, so that a rate is kept. Used by one thread.
///
/// Somebody who comes late gets what was missed, but at most one second's worth: after a longer pause the rate goes on
/// from there.
final class Pace {
    private static final long NANOS = 1_000_000_000L;

    private final long perSecond;
    private long originNanos;
    private long given;

    /// @param perSecond events per second
    /// @param startNanos the reading of the nanosecond clock from which they are counted
    Pace(long perSecond, long startNanos) {
        this.perSecond = perSecond;
        this.originNanos = startNanos;
    }

    /// How many events are due since the last call; they count as given.
    ///
    /// @param nowNanos the nanosecond clock's reading, not before that of the last call
    long due(long nowNanos) {
        long due = soFar(nowNanos) - given;
        if (due > perSecond) {
            originNanos = nowNanos;
            given = 0;
            return perSecond;
        }
        given += due;
        return due;
    }

    private long soFar(long nowNanos) {
        long elapsed = nowNanos - originNanos;
        return elapsed / NANOS * perSecond + elapsed % NANOS * perSecond / NANOS;
    }
}
