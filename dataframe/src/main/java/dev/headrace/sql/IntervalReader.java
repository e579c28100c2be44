package dev.headrace.sql;

import dev.headrace.function.Coercion;
import dev.headrace.function.IntervalFormat;
import dev.headrace.plan.NamedExpr;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultiUnitsIntervalContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnitToUnitIntervalContext;

/// Reads intervals: `INTERVAL 3 DAYS 4 HOURS`, `INTERVAL '1-6' YEAR TO MONTH`, `INTERVAL '3 04:00:00' DAY TO SECOND`.
final class IntervalReader {
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    private final SqlText text;
    private final LiteralReader literals;

    IntervalReader(SqlText text, LiteralReader literals) {
        this.text = text;
        this.literals = literals;
    }

    NamedExpr.Interval interval(IntervalContext context) {
        if (context.errorCapturingUnitToUnitInterval() != null) {
            return unitToUnit(context.errorCapturingUnitToUnitInterval().body);
        }
        MultiUnitsIntervalContext units = context.errorCapturingMultiUnitsInterval().body;
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < units.unit.size(); i++) {
            parts.add(new Part(
                    count(units.intervalValue(i)), singular(units.unit.get(i).getText())));
        }
        return sum(parts, context);
    }

    /// What stands in the quotes of `INTERVAL '1 day 3 hours'`.
    NamedExpr.Interval interval(String value, ParserRuleContext at) {
        String[] words = value.strip().split("\\s+");
        int first = words[0].equalsIgnoreCase("interval") ? 1 : 0;
        if (words.length == first || (words.length - first) % 2 != 0) {
            throw invalid(at);
        }
        List<Part> parts = new ArrayList<>();
        for (int i = first; i < words.length; i += 2) {
            parts.add(new Part(number(words[i], at), singular(words[i + 1])));
        }
        return sum(parts, at);
    }

    /// So many of a unit, which is written without the plural's S.
    private record Part(BigDecimal count, String unit) {
        /// The field of a type that shows the unit.
        String field() {
            return switch (unit) {
                case "YEAR", "MONTH", "DAY", "HOUR", "MINUTE" -> unit.toLowerCase(Locale.ROOT);
                case "WEEK" -> "day";
                default -> "second";
            };
        }
    }

    private NamedExpr.Interval sum(List<Part> parts, ParserRuleContext at) {
        long months = 0;
        long days = 0;
        long micros = 0;
        try {
            for (Part part : parts) {
                switch (part.unit) {
                    case "YEAR" -> months = Math.addExact(months, Math.multiplyExact(whole(part.count), 12));
                    case "MONTH" -> months = Math.addExact(months, whole(part.count));
                    case "WEEK" -> days = Math.addExact(days, Math.multiplyExact(whole(part.count), 7));
                    case "DAY" -> days = Math.addExact(days, whole(part.count));
                    default -> micros = Math.addExact(micros, micros(part.count, part.unit, at));
                }
            }
            NamedExpr.Interval interval =
                    new NamedExpr.Interval(Math.toIntExact(months), Math.toIntExact(days), micros, type(parts));
            if (interval.type().isPresent()) {
                interval.value();
            }
            return interval;
        } catch (ArithmeticException notFitting) {
            throw invalid(at);
        }
    }

    /// The type from the first of the parts' fields to the last; empty if no type has all.
    private static Optional<AnsiIntervalType> type(List<Part> parts) {
        Optional<DataType> common = Coercion.commonType(parts.stream()
                .map(Part::field)
                .<DataType>map(field -> AnsiIntervalType.ofFields(field, field).orElseThrow())
                .toList());
        return common.map(AnsiIntervalType.class::cast);
    }

    private static long whole(BigDecimal count) {
        return count.longValueExact();
    }

    private BigDecimal count(IntervalValueContext value) {
        String written = value.stringLit() != null
                ? literals.string(value.stringLit()).strip()
                : value.getChild(value.getChildCount() - 1).getText();
        BigDecimal count = number(written, value);
        return value.MINUS() != null ? count.negate() : count;
    }

    private BigDecimal number(String written, ParserRuleContext at) {
        try {
            return new BigDecimal(written);
        } catch (NumberFormatException notANumber) {
            throw invalid(at);
        }
    }

    private static String singular(String unit) {
        String upper = unit.toUpperCase(Locale.ROOT);
        return upper.endsWith("S") ? upper.substring(0, upper.length() - 1) : upper;
    }

    private long micros(BigDecimal count, String unit, ParserRuleContext at) {
        BigDecimal factor = switch (unit) {
            case "HOUR" -> BigDecimal.valueOf(3_600_000_000L);
            case "MINUTE" -> BigDecimal.valueOf(60_000_000L);
            case "SECOND" -> BigDecimal.valueOf(1_000_000L);
            case "MILLISECOND" -> BigDecimal.valueOf(1_000L);
            case "MICROSECOND" -> BigDecimal.ONE;
            case "NANOSECOND" -> new BigDecimal("0.001");
            default -> throw invalid(at);
        };
        return count.multiply(factor).setScale(0, java.math.RoundingMode.DOWN).longValueExact();
    }

    private NamedExpr.Interval unitToUnit(UnitToUnitIntervalContext context) {
        AnsiIntervalType type = AnsiIntervalType.ofFields(
                        context.from.getText().toLowerCase(Locale.ROOT),
                        context.to.getText().toLowerCase(Locale.ROOT))
                .orElseThrow(() -> invalid(context));
        String written = context.value.stringLit() != null
                ? literals.string(context.value.stringLit())
                : context.value.getText();
        long value = IntervalFormat.value(written, type).orElseThrow(() -> invalid(context));
        try {
            long signed = context.value.MINUS() != null ? Math.negateExact(value) : value;
            return type instanceof YearMonthIntervalType
                    ? new NamedExpr.Interval(Math.toIntExact(signed), 0, 0, Optional.of(type))
                    : new NamedExpr.Interval(
                            0, (int) (signed / MICROS_PER_DAY), signed % MICROS_PER_DAY, Optional.of(type));
        } catch (ArithmeticException outOfRange) {
            throw invalid(context);
        }
    }

    private dev.headrace.errors.QueryException invalid(ParserRuleContext at) {
        return text.error(
                "INVALID_INTERVAL",
                "'" + text.written(at)
                        + "' is not an interval. Write it as in INTERVAL 3 DAYS 4 HOURS, INTERVAL '1-6' YEAR TO"
                        + " MONTH or INTERVAL '3 04:05:06' DAY TO SECOND.",
                at);
    }
}
