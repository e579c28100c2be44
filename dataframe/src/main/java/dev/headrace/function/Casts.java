package dev.headrace.function;

import static dev.headrace.function.TextParser.INVALID;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Casts at run time, as Spark's ANSI mode does them.
///
/// Methods are named by the type they give, and overloaded by the Java class of what they take: `toInt(long)` takes all
/// integers, `toInt(double)` floats too. A date is an `int` and a timestamp a `long`, so their methods say so:
/// `dateToText`, `timestampToDate`. A string that can't be read gives `CAST_INVALID_INPUT`, a number that does not fit
/// `CAST_OVERFLOW`; the `try…` methods give null instead.
public final class Casts {
    private static final int LONGEST_SHOWN = 100;

    private Casts() {}

    /// By itself, because a process that meets no decimal need not wait for the tables of [BigDecimal]: 30 ms.
    private static final class Decimals {
        static final BigDecimal MIN_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
        static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
        static final BigDecimal MICROS = BigDecimal.valueOf(Calendar.MICROS_PER_SECOND);

        private Decimals() {}
    }

    /// A value of type `from` as a value of type `to`, both as [dev.headrace.chunk.Cell] objects: the general way, for
    /// the interpreter, literals and nested values.
    ///
    /// @throws DataException `CAST_INVALID_INPUT` or `CAST_OVERFLOW` if it doesn't fit and `failure` says so
    public static @Nullable Object cast(
            @Nullable Object value, DataType from, DataType to, CastFailure failure, EvalContext context) {
        if (value == null || from.equals(to)) {
            return value;
        }
        return failure == CastFailure.ERROR
                ? CellCasts.cast(value, from, to, context)
                : CellCasts.tryCast(value, from, to, context);
    }

    // To integers.

    public static long toLong(boolean value) {
        return value ? 1 : 0;
    }

    public static long toLong(double value) {
        // 2^63 is a double, Long.MAX_VALUE is not.
        if (!(value >= -0x1p63 && value < 0x1p63)) {
            throw overflow(value, "bigint");
        }
        return (long) value;
    }

    public static long toLong(BigDecimal value) {
        if (value.compareTo(Decimals.MIN_LONG) < 0 || value.compareTo(Decimals.MAX_LONG) > 0) {
            BigDecimal whole = value.setScale(0, RoundingMode.DOWN);
            if (whole.compareTo(Decimals.MIN_LONG) < 0 || whole.compareTo(Decimals.MAX_LONG) > 0) {
                throw overflow(value.toPlainString(), "bigint");
            }
        }
        return value.longValue();
    }

    public static long toLong(Slice value) {
        long number = TextParser.parseLong(value.base(), value.offset(), value.length());
        if (number != INVALID) {
            return number;
        }
        Long slow = tryToLong(value);
        if (slow == null) {
            throw invalid(value, "bigint", "a whole number from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE);
        }
        return slow;
    }

    public static @Nullable Long tryToLong(Slice value) {
        Slice text = trimmed(value);
        long number = TextParser.parseLong(text.base(), text.offset(), text.length());
        if (number == INVALID && !TextParser.isLeastLong(text.base(), text.offset(), text.length())) {
            return null;
        }
        return number;
    }

    public static int toInt(boolean value) {
        return value ? 1 : 0;
    }

    public static int toInt(long value) {
        if (value != (int) value) {
            throw overflow(value, "int");
        }
        return (int) value;
    }

    public static int toInt(double value) {
        return Math.toIntExact(whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "int"));
    }

    public static int toInt(BigDecimal value) {
        return Math.toIntExact(whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "int"));
    }

    public static int toInt(Slice value) {
        return Math.toIntExact(whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "int"));
    }

    public static @Nullable Integer tryToInt(Slice value) {
        Long number = tryToLong(value);
        return number == null || number != number.intValue() ? null : (Integer) number.intValue();
    }

    public static short toShort(boolean value) {
        return (short) (value ? 1 : 0);
    }

    public static short toShort(long value) {
        if (value != (short) value) {
            throw overflow(value, "smallint");
        }
        return (short) value;
    }

    public static short toShort(double value) {
        return (short) whole(value, Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
    }

    public static short toShort(BigDecimal value) {
        return (short) whole(value, Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
    }

    public static short toShort(Slice value) {
        return (short) whole(value, Short.MIN_VALUE, Short.MAX_VALUE, "smallint");
    }

    public static @Nullable Short tryToShort(Slice value) {
        Long number = tryToLong(value);
        return number == null || number != number.shortValue() ? null : (Short) number.shortValue();
    }

    public static byte toByte(boolean value) {
        return (byte) (value ? 1 : 0);
    }

    public static byte toByte(long value) {
        if (value != (byte) value) {
            throw overflow(value, "tinyint");
        }
        return (byte) value;
    }

    public static byte toByte(double value) {
        return (byte) whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "tinyint");
    }

    public static byte toByte(BigDecimal value) {
        return (byte) whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "tinyint");
    }

    public static byte toByte(Slice value) {
        return (byte) whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "tinyint");
    }

    public static @Nullable Byte tryToByte(Slice value) {
        Long number = tryToLong(value);
        return number == null || number != number.byteValue() ? null : (Byte) number.byteValue();
    }

    private static long whole(double value, long min, long max, String type) {
        // The fraction is cut off first: 127.9 fits in a tinyint.
        if (!(Math.floor(value) <= max && Math.ceil(value) >= min)) {
            throw overflow(value, type);
        }
        return (long) value;
    }

    private static long whole(BigDecimal value, long min, long max, String type) {
        BigInteger whole = value.toBigInteger();
        if (whole.compareTo(BigInteger.valueOf(min)) < 0 || whole.compareTo(BigInteger.valueOf(max)) > 0) {
            throw overflow(value.toPlainString(), type);
        }
        return whole.longValue();
    }

    private static long whole(Slice value, long min, long max, String type) {
        long number = TextParser.parseLong(value.base(), value.offset(), value.length());
        if (number >= min && number <= max) {
            return number;
        }
        Long slow = tryToLong(value);
        if (slow == null || slow < min || slow > max) {
            throw invalid(value, type, "a whole number from " + min + " to " + max);
        }
        return slow;
    }

    // To floating point.

    public static double toDouble(boolean value) {
        return value ? 1 : 0;
    }

    public static double toDouble(long value) {
        return value;
    }

    public static double toDouble(double value) {
        return value;
    }

    public static double toDouble(BigDecimal value) {
        return value.doubleValue();
    }

    public static double toDouble(Slice value) {
        double number = TextParser.parseDouble(value.base(), value.offset(), value.length());
        if (!Double.isNaN(number)) {
            return number;
        }
        Double slow = tryToDouble(value);
        if (slow == null) {
            throw invalid(value, "double", "a number");
        }
        return slow;
    }

    public static @Nullable Double tryToDouble(Slice value) {
        Slice text = trimmed(value);
        double number = TextParser.parseDouble(text.base(), text.offset(), text.length());
        if (Double.isNaN(number) && !TextParser.isNaN(text.base(), text.offset(), text.length())) {
            return null;
        }
        return number;
    }

    public static float toFloat(boolean value) {
        return value ? 1 : 0;
    }

    public static float toFloat(long value) {
        return value;
    }

    public static float toFloat(double value) {
        return (float) value;
    }

    public static float toFloat(BigDecimal value) {
        return value.floatValue();
    }

    public static float toFloat(Slice value) {
        Float number = tryToFloat(value);
        if (number == null) {
            throw invalid(value, "float", "a number");
        }
        return number;
    }

    public static @Nullable Float tryToFloat(Slice value) {
        Slice text = trimmed(value);
        float number = TextParser.parseFloat(text.base(), text.offset(), text.length());
        if (Float.isNaN(number) && !TextParser.isNaN(text.base(), text.offset(), text.length())) {
            return null;
        }
        return number;
    }

    // To decimals: rounded half up to the scale.

    public static BigDecimal toDecimal(boolean value, int precision, int scale) {
        return toDecimal(value ? 1 : 0, precision, scale);
    }

    public static BigDecimal toDecimal(long value, int precision, int scale) {
        return toDecimal(BigDecimal.valueOf(value), precision, scale);
    }

    public static BigDecimal toDecimal(double value, int precision, int scale) {
        if (!Double.isFinite(value)) {
            throw overflow(value, decimal(precision, scale));
        }
        return toDecimal(BigDecimal.valueOf(value), precision, scale);
    }

    public static BigDecimal toDecimal(BigDecimal value, int precision, int scale) {
        BigDecimal rounded = tryToDecimal(value, precision, scale);
        if (rounded == null) {
            throw overflow(value.toPlainString(), decimal(precision, scale));
        }
        return rounded;
    }

    public static @Nullable BigDecimal tryToDecimal(BigDecimal value, int precision, int scale) {
        BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
        return rounded.precision() > precision ? null : rounded;
    }

    public static BigDecimal toDecimal(Slice value, int precision, int scale) {
        BigDecimal number = tryToDecimal(value, precision, scale);
        if (number == null) {
            throw invalid(value, decimal(precision, scale), "a number of this type");
        }
        return number;
    }

    public static @Nullable BigDecimal tryToDecimal(Slice value, int precision, int scale) {
        Slice text = trimmed(value);
        BigDecimal number = TextParser.parseDecimal(text.base(), text.offset(), text.length());
        return number == null ? null : tryToDecimal(number, precision, scale);
    }

    private static String decimal(int precision, int scale) {
        return "decimal(" + precision + "," + scale + ")";
    }

    // To boolean.

    public static boolean toBoolean(long value) {
        return value != 0;
    }

    public static boolean toBoolean(double value) {
        return value != 0;
    }

    public static boolean toBoolean(BigDecimal value) {
        return value.signum() != 0;
    }

    public static boolean toBoolean(Slice value) {
        Boolean truth = tryToBoolean(value);
        if (truth == null) {
            throw invalid(value, "boolean", "true or false");
        }
        return truth;
    }

    public static @Nullable Boolean tryToBoolean(Slice value) {
        Slice text = trimmed(value);
        int truth = TextParser.parseBoolean(text.base(), text.offset(), text.length());
        return truth < 0 ? null : (Boolean) (truth == 1);
    }

    // To string.

    public static Slice toText(boolean value) {
        return Slice.utf8(Boolean.toString(value));
    }

    public static Slice toText(long value) {
        return TextWriter.ofLong(value);
    }

    public static Slice toText(float value) {
        return Slice.utf8(Float.toString(value));
    }

    public static Slice toText(double value) {
        return Slice.utf8(Double.toString(value));
    }

    public static Slice toText(BigDecimal value) {
        return Slice.utf8(value.toPlainString());
    }

    public static Slice dateToText(int days) {
        return TextWriter.ofDate(days);
    }

    public static Slice timestampToText(EvalContext context, long micros) {
        return TextWriter.ofTimestamp(micros, Calendar.offsetMicros(micros, context.zone()));
    }

    public static Slice timestampNtzToText(long localMicros) {
        return TextWriter.ofTimestamp(localMicros);
    }

    // Dates and timestamps.

    public static int toDate(Slice value) {
        Slice text = trimmed(value);
        long days = DateTimeParser.parseDate(text.base(), text.offset(), text.length());
        if (days == INVALID) {
            throw invalid(value, "date", "a date such as 2026-01-31");
        }
        return Math.toIntExact(days);
    }

    public static @Nullable Integer tryToDate(Slice value) {
        Slice text = trimmed(value);
        long days = DateTimeParser.parseDate(text.base(), text.offset(), text.length());
        return days == INVALID ? null : (Integer) Math.toIntExact(days);
    }

    public static int timestampToDate(EvalContext context, long micros) {
        return timestampNtzToDate(Calendar.toLocal(micros, context.zone()));
    }

    public static int timestampNtzToDate(long localMicros) {
        return Math.toIntExact(Math.floorDiv(localMicros, Calendar.MICROS_PER_DAY));
    }

    public static long toTimestamp(EvalContext context, Slice value) {
        Slice text = trimmed(value);
        long micros = DateTimeParser.parseTimestamp(text.base(), text.offset(), text.length(), context.zone());
        if (micros == INVALID) {
            throw invalid(value, "timestamp", "a time such as 2026-01-31 12:00:00");
        }
        return micros;
    }

    public static @Nullable Long tryToTimestamp(EvalContext context, Slice value) {
        Slice text = trimmed(value);
        long micros = DateTimeParser.parseTimestamp(text.base(), text.offset(), text.length(), context.zone());
        return micros == INVALID ? null : (Long) micros;
    }

    public static long dateToTimestamp(EvalContext context, int days) {
        return Calendar.fromLocalDay(days, 0, context.zone());
    }

    public static long timestampNtzToTimestamp(EvalContext context, long localMicros) {
        return Calendar.fromLocal(localMicros, context.zone());
    }

    public static long toTimestampNtz(Slice value) {
        Slice text = trimmed(value);
        long micros = DateTimeParser.parseLocalTimestamp(text.base(), text.offset(), text.length());
        if (micros == INVALID) {
            throw invalid(value, "timestamp_ntz", "a time such as 2026-01-31 12:00:00");
        }
        return micros;
    }

    public static @Nullable Long tryToTimestampNtz(Slice value) {
        Slice text = trimmed(value);
        long micros = DateTimeParser.parseLocalTimestamp(text.base(), text.offset(), text.length());
        return micros == INVALID ? null : (Long) micros;
    }

    public static long dateToTimestampNtz(int days) {
        return Calendar.micros(days, 0);
    }

    public static long timestampToTimestampNtz(EvalContext context, long micros) {
        return Calendar.toLocal(micros, context.zone());
    }

    /// Seconds since 1970 as a timestamp.
    public static long secondsToTimestamp(long seconds) {
        if (Math.abs(seconds) > Long.MAX_VALUE / Calendar.MICROS_PER_SECOND || seconds == Long.MIN_VALUE) {
            throw overflow(seconds, "timestamp");
        }
        return seconds * Calendar.MICROS_PER_SECOND;
    }

    public static long secondsToTimestamp(double seconds) {
        double micros = seconds * Calendar.MICROS_PER_SECOND;
        if (!(micros >= -0x1p63 && micros < 0x1p63)) {
            throw overflow(seconds, "timestamp");
        }
        return (long) micros;
    }

    public static long secondsToTimestamp(BigDecimal seconds) {
        BigDecimal micros = seconds.multiply(Decimals.MICROS);
        if (micros.compareTo(Decimals.MIN_LONG) < 0 || micros.compareTo(Decimals.MAX_LONG) > 0) {
            throw overflow(seconds.toPlainString(), "timestamp");
        }
        return micros.longValue();
    }

    /// The seconds since 1970, the fraction cut off toward the past.
    public static long timestampToSeconds(long micros) {
        return Math.floorDiv(micros, Calendar.MICROS_PER_SECOND);
    }

    public static double timestampToDouble(long micros) {
        return micros / (double) Calendar.MICROS_PER_SECOND;
    }

    public static BigDecimal timestampToDecimal(long micros, int precision, int scale) {
        return toDecimal(BigDecimal.valueOf(micros, 6), precision, scale);
    }

    /// Without the blanks and control characters at both ends; the slice itself if there are none.
    static Slice trimmed(Slice value) {
        int from = 0;
        int to = value.length();
        while (from < to && isBlank(value.byteAt(from))) {
            from++;
        }
        while (from < to && isBlank(value.byteAt(to - 1))) {
            to--;
        }
        return to - from == value.length() ? value : value.subslice(from, to - from);
    }

    private static boolean isBlank(byte b) {
        return b >= 0 && b <= ' ' || b == 0x7f;
    }

    static DataException invalid(Slice value, String type, String expected) {
        String text = value.toString();
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
        return new DataException(
                "CAST_INVALID_INPUT",
                "'" + shown + "' can't be cast to " + type + ": expected " + expected
                        + ". Use try_cast to get NULL instead.");
    }

    static DataException overflow(Object value, String type) {
        return new DataException(
                "CAST_OVERFLOW",
                value + " can't be cast to " + type + ": it is out of range. Use try_cast to get NULL instead.");
    }
}
