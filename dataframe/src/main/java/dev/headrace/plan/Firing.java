package dev.headrace.plan;

import java.time.Duration;
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
