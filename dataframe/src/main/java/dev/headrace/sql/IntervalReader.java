package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultiUnitsIntervalContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnitToUnitIntervalContext;

/// Reads intervals: `INTERVAL 3 DAYS 4 HOURS`, `INTERVAL '1-6' YEAR TO MONTH`, `INTERVAL '3 04:00:00' DAY TO SECOND`.
final class IntervalReader {
    private static final List<String> FIELDS = List.of("DAY", "HOUR", "MINUTE", "SECOND");
    private static final Pattern YEAR_TO_MONTH = Pattern.compile("([+-])?(\\d+)-(\\d+)");
    private static final Pattern NUMBERS = Pattern.compile("([+-])?(\\d+(?:[ :]\\d+)*(?:\\.\\d+)?)");

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
        long months = 0;
        long days = 0;
        long micros = 0;
        try {
            for (int i = 0; i < units.unit.size(); i++) {
                BigDecimal count = count(units.intervalValue(i));
                String unit = singular(units.unit.get(i).getText());
                switch (unit) {
                    case "YEAR" -> months += whole(count) * 12;
                    case "MONTH" -> months += whole(count);
                    case "WEEK" -> days += whole(count) * 7;
                    case "DAY" -> days += whole(count);
                    default -> micros = Math.addExact(micros, micros(count, unit, context));
                }
            }
            return new NamedExpr.Interval(Math.toIntExact(months), Math.toIntExact(days), micros);
        } catch (ArithmeticException notFitting) {
            throw invalid(context);
        }
    }

    private static long whole(BigDecimal count) {
        return count.longValueExact();
    }

    private BigDecimal count(IntervalValueContext value) {
        String written = value.stringLit() != null
                ? literals.string(value.stringLit()).strip()
                : value.getChild(value.getChildCount() - 1).getText();
        try {
            BigDecimal count = new BigDecimal(written);
            return value.MINUS() != null ? count.negate() : count;
        } catch (NumberFormatException notANumber) {
            throw invalid(value);
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
        String from = context.from.getText().toUpperCase(Locale.ROOT);
        String to = context.to.getText().toUpperCase(Locale.ROOT);
        String value = context.value.stringLit() != null
                ? literals.string(context.value.stringLit()).strip()
                : context.value.getText();
        boolean negated = context.value.MINUS() != null;
        if (from.equals("YEAR") && to.equals("MONTH")) {
            Matcher matcher = YEAR_TO_MONTH.matcher(value);
            if (!matcher.matches()) {
                throw invalid(context);
            }
            int months = Integer.parseInt(matcher.group(2)) * 12 + Integer.parseInt(matcher.group(3));
            return new NamedExpr.Interval(negated ^ "-".equals(matcher.group(1)) ? -months : months, 0, 0);
        }
        return dayToSecond(context, value, FIELDS.indexOf(from), FIELDS.indexOf(to), negated);
    }

    private NamedExpr.Interval dayToSecond(
            UnitToUnitIntervalContext context, String value, int from, int to, boolean negated) {
        Matcher matcher = NUMBERS.matcher(value);
        if (from < 0 || to <= from || !matcher.matches()) {
            throw invalid(context);
        }
        String[] parts = matcher.group(2).split("[ :]");
        if (parts.length != to - from + 1) {
            throw invalid(context);
        }
        int days = 0;
        long micros = 0;
        int sign = negated ^ "-".equals(matcher.group(1)) ? -1 : 1;
        try {
            for (int i = 0; i < parts.length; i++) {
                BigDecimal count = new BigDecimal(parts[i]);
                if (from + i == 0) {
                    days = count.intValueExact();
                } else {
                    micros = Math.addExact(micros, micros(count, FIELDS.get(from + i), context));
                }
            }
        } catch (ArithmeticException notFitting) {
            throw invalid(context);
        }
        return new NamedExpr.Interval(0, sign * days, sign * micros);
    }

    private dev.headrace.errors.QueryException invalid(ParserRuleContext at) {
        return text.error(
                "INVALID_INTERVAL",
                "'" + at.getText()
                        + "' is not an interval. Write it as in INTERVAL 3 DAYS 4 HOURS, INTERVAL '1-6' YEAR TO"
                        + " MONTH or INTERVAL '3 04:05:06' DAY TO SECOND.",
                at);
    }
}
