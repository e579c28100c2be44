package dev.headrace.streaming;

import dev.headrace.plan.IntervalText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Where a query's watermark is and what holds it there; given by [StreamingQuery#explainWatermark].
///
/// @param watermark the watermark of the next batch; empty before the first event
/// @param inputs one per `withWatermark`
public record WatermarkReport(Optional<Instant> watermark, List<Input> inputs) {
    public WatermarkReport {
        inputs = List.copyOf(inputs);
    }

    /// A `withWatermark`.
    ///
    /// @param column the event-time column
    /// @param reached how far it is by itself; empty if it waits for a first event
    /// @param holds whether the query's watermark is not later because of it
    /// @param parts what has been seen of its input: partitions of topics, or one part without a name
    public record Input(String column, Duration delay, Optional<Instant> reached, boolean holds, List<Part> parts) {
        public Input {
            parts = List.copyOf(parts);
        }
    }

    /// A part of an input.
    ///
    /// @param name such as `orders-7`: topic and partition; empty if the input has no parts
    /// @param latestEvent its latest event time; empty if none was seen
    /// @param since the clock of the batch that brought the latest event
    /// @param unread whether it has rows that no batch has read
    /// @param holds whether its input is not further because of it
    public record Part(
            String name, Optional<Instant> latestEvent, Optional<Instant> since, boolean unread, boolean holds) {}

    /// Some lines for people.
    @Override
    public String toString() {
        if (inputs.isEmpty()) {
            return "The query has no withWatermark(…), so it has no watermark.";
        }
        StringBuilder text = new StringBuilder();
        text.append(watermark
                .map(time -> "The watermark is " + time + ".")
                .orElse("There is no watermark yet: no event has been seen."));
        for (Input input : inputs) {
            text.append("\nwithWatermark(\"")
                    .append(input.column())
                    .append("\", \"")
                    .append(IntervalText.of(input.delay().toNanos() / 1_000))
                    .append("\")")
                    .append(input.reached().map(time -> " is at " + time).orElse(" waits for a first event"))
                    .append(inputs.size() > 1 && input.holds() ? ", and holds the query's watermark" : "");
            input.parts().forEach(part -> text.append("\n    ").append(line(part)));
        }
        return text.toString();
    }

    private static String line(Part part) {
        return (part.name().isEmpty() ? "" : part.name() + ": ")
                + part.latestEvent()
                        .map(event -> "latest event " + event + ", since "
                                + part.since().map(Instant::toString).orElse("the beginning"))
                        .orElse("no event yet")
                + (part.unread() ? ", has unread rows" : "")
                + (part.holds() ? "  <- holds it back" : "");
    }
}
