package dev.headrace.function;

import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Intervals as text, `INTERVAL '1-6' YEAR TO MONTH`, and their values: months, or microseconds.
public final class IntervalFormat {
    private static final int MONTHS_PER_YEAR = 12;
    private static final long[] MICROS = {86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L};
    private static final int[] PER_NEXT = {0, 24, 60, 60};
    private static final String[] SEPARATORS = {"", " ", ":", ":"};
    private static final Pattern WITH_WORDS =
            Pattern.compile("INTERVAL\\s+([+-]?)'([^']*)'\\s+(\\w+)(?:\\s+TO\\s+(\\w+))?");
    private static final Map<AnsiIntervalType, Pattern> VALUES = patterns();

    private IntervalFormat() {}

    private static Map<AnsiIntervalType, Pattern> patterns() {
        Map<AnsiIntervalType, Pattern> patterns = new HashMap<>();
        for (byte start = 0; start < 2; start++) {
            for (byte end = start; end < 2; end++) {
                String body = start == end ? "(\\d+)" : "(\\d+)-(\\d+)";
                patterns.put(new YearMonthIntervalType(start, end), Pattern.compile("([+-]?)" + body));
            }
        }
        for (byte start = 0; start < MICROS.length; start++) {
            StringBuilder body = new StringBuilder("([+-]?)");
            for (byte end = start; end < MICROS.length; end++) {
                String digits = end == start ? "\\d+" : "\\d{1,2}";
                body.append(end == start ? "" : end == 1 ? "\\s+" : ":");
                body.append("(").append(digits).append(end == 3 ? "(?:\\.\\d{1,9})?)" : ")");
                patterns.put(new DayTimeIntervalType(start, end), Pattern.compile(body.toString()));
            }
        }
        return Map.copyOf(patterns);
    }

    /// The text as Spark writes it, from which [#value] gives the value back.
    ///
    /// @param value months or microseconds
    public static String text(long value, AnsiIntervalType type) {
        String fields = type.simpleString().substring("interval ".length()).toUpperCase(Locale.ROOT);
        String sign = value < 0 ? "-" : "";
        String digits = switch (type) {
            case YearMonthIntervalType months -> months(Math.abs(value), months);
            case DayTimeIntervalType time -> dayTime(value < 0 ? -value : value, time);
        };
        return "INTERVAL '" + sign + digits + "' " + fields;
    }

    private static String months(long months, YearMonthIntervalType type) {
        if (type.startField() == YearMonthIntervalType.MONTH()) {
            return Long.toString(months);
        }
        String years = Long.toString(months / MONTHS_PER_YEAR);
        return type.endField() == YearMonthIntervalType.YEAR() ? years : years + "-" + months % MONTHS_PER_YEAR;
    }

    /// @param micros without a sign; the least bigint is read as an unsigned number
    private static String dayTime(long micros, DayTimeIntervalType type) {
        StringBuilder out = new StringBuilder();
        for (int field = type.startField(); field <= type.endField(); field++) {
            long whole = Long.divideUnsigned(micros, MICROS[field]);
            long count = field == type.startField() ? whole : whole % PER_NEXT[field];
            out.append(field == type.startField() ? "" : SEPARATORS[field]);
            out.append(field > 0 && count < 10 ? "0" : "").append(count);
        }
        long fraction = Long.remainderUnsigned(micros, MICROS[3]);
        if (type.endField() == DayTimeIntervalType.SECOND() && fraction != 0) {
            out.append(BigDecimal.valueOf(fraction, 6)
                    .stripTrailingZeros()
                    .toPlainString()
                    .substring(1));
        }
        return out.toString();
    }

    /// The value of a text such as `1-6`, `-3 04:05:06.789` or `INTERVAL '1-6' YEAR TO MONTH`, with exactly the fields
    /// of the type. Empty if it is none, or out of range. More than six digits after the point are cut off.
    public static OptionalLong value(String text, AnsiIntervalType type) {
        String stripped = text.strip();
        Matcher words = WITH_WORDS.matcher(stripped.toUpperCase(Locale.ROOT));
        if (!words.matches()) {
            return signed(stripped, false, type);
        }
        String start = words.group(3).toLowerCase(Locale.ROOT);
        String end = words.group(4) == null ? start : words.group(4).toLowerCase(Locale.ROOT);
        return AnsiIntervalType.ofFields(start, end).filter(type::equals).isPresent()
                ? signed(words.group(2), words.group(1).equals("-"), type)
                : OptionalLong.empty();
    }

    private static OptionalLong signed(String digits, boolean turned, AnsiIntervalType type) {
        Pattern pattern = java.util.Objects.requireNonNull(VALUES.get(type));
        Matcher matcher = pattern.matcher(digits);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        int sign = matcher.group(1).equals("-") != turned ? -1 : 1;
        try {
            return OptionalLong.of(
                    switch (type) {
                        case YearMonthIntervalType months -> months(matcher, months, sign);
                        case DayTimeIntervalType time -> micros(matcher, time, sign);
                    });
        } catch (ArithmeticException | NumberFormatException outOfRange) {
            return OptionalLong.empty();
        }
    }

    private static long months(Matcher parts, YearMonthIntervalType type, int sign) {
        long total = 0;
        for (int field = type.startField(); field <= type.endField(); field++) {
            long count = Long.parseLong(parts.group(2 + field - type.startField()));
            checkPart(field > type.startField() && count >= MONTHS_PER_YEAR);
            long months = Math.multiplyExact(count, field == 0 ? MONTHS_PER_YEAR : 1);
            total = Math.addExact(total, sign * months);
        }
        return Math.toIntExact(total);
    }

    private static long micros(Matcher parts, DayTimeIntervalType type, int sign) {
        long total = 0;
        for (int field = type.startField(); field <= type.endField(); field++) {
            BigDecimal count = new BigDecimal(parts.group(2 + field - type.startField()));
            checkPart(field > type.startField() && count.intValue() >= PER_NEXT[field]);
            BigDecimal micros = count.multiply(BigDecimal.valueOf(sign * MICROS[field]));
            total = Math.addExact(
                    total, micros.setScale(0, java.math.RoundingMode.DOWN).longValueExact());
        }
        return total;
    }

    private static void checkPart(boolean tooMany) {
        if (tooMany) {
            throw new ArithmeticException("a field has more than the one before it takes");
        }
    }

    /// What one of a type's last field is in microseconds or months.
    static long unit(AnsiIntervalType type) {
        return switch (type) {
            case YearMonthIntervalType months ->
                months.endField() == YearMonthIntervalType.YEAR() ? MONTHS_PER_YEAR : 1;
            case DayTimeIntervalType time -> MICROS[time.endField()];
        };
    }
}
