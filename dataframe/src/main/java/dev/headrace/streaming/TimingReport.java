package dev.headrace.streaming;

import dev.headrace.plan.IntervalText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// When the rows of a query come out; given by [StreamingQuery#explainTiming].
///
/// @param trigger when batches run, in words
/// @param inputs one per `withWatermark`
/// @param operators the operators with state, those next to the sources first
public record TimingReport(String trigger, List<Input> inputs, List<Operator> operators) {
    public TimingReport {
        inputs = List.copyOf(inputs);
        operators = List.copyOf(operators);
    }

    /// A `withWatermark`.
    ///
    /// @param column the event-time column
    /// @param delay how far the watermark is behind the latest event
    public record Input(String column, Duration delay) {}

    /// An operator with state.
    ///
    /// @param operator as in the plan
    /// @param rule when its rows come out, in words
    /// @param next the watermark at which it gives or forgets something next; empty if nothing waits for the watermark,
    ///     or that is not known
    public record Operator(String operator, String rule, Optional<Instant> next) {}

    /// Some lines for people.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(trigger);
        for (Input input : inputs) {
            text.append("\nThe watermark of ")
                    .append(input.column())
                    .append(" is the latest event seen")
                    .append(input.delay().isZero() ? "" : " less " + interval(input.delay()))
                    .append("; it is that of the batch after the one that reads the event.");
        }
        for (Operator operator : operators) {
            text.append("\n").append(operator.operator()).append("\n    ").append(operator.rule());
            operator.next().ifPresent(watermark -> text.append("\n    ").append(next(watermark)));
        }
        return text.toString();
    }

    private String next(Instant watermark) {
        StringBuilder text = new StringBuilder("next when the watermark is at ").append(watermark);
        String before = ": after an event of ";
        for (Input input : inputs) {
            text.append(before).append(input.column()).append(" = ").append(watermark.plus(input.delay()));
            before = ", and one of ";
        }
        return text.toString();
    }

    private static String interval(Duration delay) {
        return IntervalText.of(delay.toNanos() / 1_000);
    }
}
