package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// Reads intervals as users write them: `10 minutes`, `1 hour 30 seconds`, `interval 500 milliseconds`.
public final class IntervalText {
    private static final List<String> UNITS =
            List.of("microseconds", "milliseconds", "seconds", "minutes", "hours", "days", "weeks");

    private IntervalText() {}

    /// The length in microseconds. Signs and fractions of a unit are allowed: `-1 minute`, `0.5 seconds`.
    ///
    /// @throws QueryException `INVALID_INTERVAL` if the text is not an interval or has months or years, whose length
    ///     varies
    public static long micros(String text) {
        String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+");
        int at = words[0].equals("interval") ? 1 : 0;
        if (words.length == at || (words.length - at) % 2 != 0) {
            throw invalid(text, "expected pairs of a number and a unit");
        }
        long total = 0;
        for (; at < words.length; at += 2) {
            try {
                total = Math.addExact(total, part(text, words[at], words[at + 1]));
            } catch (ArithmeticException overflow) {
                throw invalid(text, "it is too long");
            }
        }
        return total;
    }

    /// The text of an interval, as [#micros] reads it.
    public static String of(long micros) {
        for (Unit unit : Unit.values()) {
            if (micros != 0 && micros % unit.micros == 0) {
                long count = micros / unit.micros;
                return count + " " + unit.text + (count == 1 ? "" : "s");
            }
        }
        return "0 seconds";
    }

    public static String of(Duration length) {
        return of(micros(length));
    }

    static long micros(Duration length) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.EPOCH.plus(length));
    }

    private enum Unit {
        DAY("day", 86_400_000_000L),
        HOUR("hour", 3_600_000_000L),
        MINUTE("minute", 60_000_000L),
        SECOND("second", 1_000_000L),
        MILLISECOND("millisecond", 1_000L),
        MICROSECOND("microsecond", 1L);

        private final String text;
        private final long micros;

        Unit(String text, long micros) {
            this.text = text;
            this.micros = micros;
        }
    }

    private static long part(String text, String number, String unit) {
        java.math.BigDecimal count;
        try {
            count = new java.math.BigDecimal(number);
        } catch (NumberFormatException notANumber) {
            throw invalid(text, "'" + number + "' is not a number");
        }
        return count.multiply(java.math.BigDecimal.valueOf(unitMicros(text, unit)))
                .longValueExact();
    }

    private static long unitMicros(String text, String unit) {
        return switch (unit) {
            case "microsecond", "microseconds" -> 1L;
            case "millisecond", "milliseconds" -> 1_000L;
            case "second", "seconds" -> 1_000_000L;
            case "minute", "minutes" -> 60_000_000L;
            case "hour", "hours" -> 3_600_000_000L;
            case "day", "days" -> 86_400_000_000L;
            case "week", "weeks" -> 604_800_000_000L;
            case "month", "months", "year", "years" ->
                throw invalid(text, "months and years have no fixed length; write days or hours");
            default ->
                throw invalid(
                        text,
                        "'" + unit + "' is not a unit of time. " + Suggestion.didYouMean(unit, UNITS) + " Units: "
                                + String.join(", ", UNITS));
        };
    }

    private static QueryException invalid(String text, String why) {
        return new QueryException(
                "INVALID_INTERVAL",
                "'" + text + "' is not an interval such as '10 minutes' or '1 hour 30 seconds': " + why + ".");
    }
}
