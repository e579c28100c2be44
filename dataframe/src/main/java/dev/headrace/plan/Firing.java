package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// When an aggregation over a stream gives its results, and what each of them has. A batch query gives the final ones.
///
/// @param everyTime how long after a group's first row that no result has shown the next early one comes, by the clock
/// @param everyRows after how many such rows it comes
/// @param lateness how long after its end a group takes rows
public record Firing(Optional<Duration> everyTime, OptionalLong everyRows, Duration lateness, Panes panes) {
    /// What one of several results of a group has.
    public enum Panes {
        /// All rows of the group so far: it replaces the one before.
        ACCUMULATING("accumulating"),
        /// The rows since the one before.
        DISCARDING("discarding"),
        /// All rows so far, and the one before is taken back.
        RETRACTING("retracting");

        private final String text;

        Panes(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Once, when the watermark has reached a group's end.
    public static Firing atWatermark() {
        return new Firing(Optional.empty(), OptionalLong.empty(), Duration.ZERO, Panes.ACCUMULATING);
    }

    /// Also so long after a group's first row that no result has shown.
    ///
    /// @throws QueryException `INVALID_INTERVAL`; `INVALID_EMIT` if it is not longer than zero
    public Firing earlyEvery(String interval) {
        long micros = IntervalText.micros(interval);
        if (micros <= 0) {
            throw invalid("earlyEvery(\"" + interval + "\"): the interval must be longer than zero.");
        }
        return new Firing(Optional.of(duration(micros)), everyRows, lateness, panes);
    }

    /// Also after so many rows that no result has shown.
    ///
    /// @throws QueryException `INVALID_EMIT` if there are less than one
    public Firing earlyEvery(long rows) {
        if (rows < 1) {
            throw invalid("earlyEvery(" + rows + "): expected at least one row.");
        }
        return new Firing(everyTime, OptionalLong.of(rows), lateness, panes);
    }

    /// Also when rows come so long behind a group's end.
    ///
    /// @throws QueryException `INVALID_INTERVAL`; `INVALID_EMIT` if it is not longer than zero
    public Firing lateWithin(String interval) {
        long micros = IntervalText.micros(interval);
        if (micros <= 0) {
            throw invalid("lateWithin(\"" + interval + "\"): the lateness must be longer than zero.");
        }
        return new Firing(everyTime, everyRows, duration(micros), panes);
    }

    public Firing with(Panes what) {
        return new Firing(everyTime, everyRows, lateness, what);
    }

    private static Duration duration(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    private static QueryException invalid(String message) {
        return new QueryException("INVALID_EMIT", message);
    }

    public boolean isEarly() {
        return everyTime.isPresent() || everyRows.isPresent();
    }

    /// Whether each group comes out once, when it is final.
    public boolean once() {
        return !isEarly() && lateness.isZero();
    }

    public long latenessMicros() {
        return IntervalText.micros(lateness);
    }

    /// As in `at the watermark, early every 10 seconds, late within 1 hour, accumulating`.
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        parts.add("at the watermark");
        List<String> early = new ArrayList<>();
        everyTime.ifPresent(time -> early.add(IntervalText.of(time)));
        everyRows.ifPresent(rows -> early.add(rows + (rows == 1 ? " row" : " rows")));
        if (!early.isEmpty()) {
            parts.add("early every " + String.join(" or ", early));
        }
        if (!lateness.isZero()) {
            parts.add("late within " + IntervalText.of(lateness));
        }
        if (!once()) {
            parts.add(panes.toString());
        }
        return String.join(", ", parts);
    }
}
