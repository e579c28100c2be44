package dev.headrace.plan;

import dev.headrace.chunk.Slice;
import dev.headrace.function.IntervalFormat;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.types.YearMonthIntervalType;
import dev.headrace.variant.Variant;
import dev.headrace.variant.VariantJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A constant: an object as [dev.headrace.chunk.Cell] describes it, and its type.
public record Scalar(@Nullable Object value, DataType type) {
    public static final Scalar NULL = new Scalar(null, DataTypes.NullType);
    public static final Scalar TRUE = new Scalar(true, DataTypes.BooleanType);
    public static final Scalar FALSE = new Scalar(false, DataTypes.BooleanType);

    public static Scalar of(boolean value) {
        return value ? TRUE : FALSE;
    }

    public static Scalar of(int value) {
        return new Scalar(value, DataTypes.IntegerType);
    }

    public static Scalar of(long value) {
        return new Scalar(value, DataTypes.LongType);
    }

    public static Scalar of(double value) {
        return new Scalar(value, DataTypes.DoubleType);
    }

    public static Scalar of(String value) {
        return new Scalar(Slice.utf8(value), DataTypes.StringType);
    }

    /// The constant for a Java object as users pass it to `lit`.
    ///
    /// @throws dev.headrace.errors.QueryException `UNSUPPORTED_LITERAL` for other classes
    public static Scalar ofJava(@Nullable Object value) {
        return switch (value) {
            case null -> NULL;
            case Boolean b -> of(b);
            case Byte b -> new Scalar(b, DataTypes.ByteType);
            case Short s -> new Scalar(s, DataTypes.ShortType);
            case Integer i -> of(i);
            case Long l -> of(l);
            case Float f -> new Scalar(f, DataTypes.FloatType);
            case Double d -> of(d);
            case BigDecimal d -> decimal(d);
            case Character c -> of(c.toString());
            case String s -> of(s);
            case byte[] b -> new Scalar(Slice.of(b.clone()), DataTypes.BinaryType);
            case LocalDate d -> new Scalar(Math.toIntExact(d.toEpochDay()), DataTypes.DateType);
            case java.sql.Date d -> ofJava(d.toLocalDate());
            case Instant i -> new Scalar(micros(i), DataTypes.TimestampType);
            case java.sql.Timestamp t -> ofJava(t.toInstant());
            case LocalDateTime t -> new Scalar(micros(t.toInstant(ZoneOffset.UTC)), DataTypes.TimestampNTZType);
            case Period p -> interval(p);
            case Duration d -> interval(d);
            default ->
                throw new dev.headrace.errors.QueryException(
                        "UNSUPPORTED_LITERAL",
                        "A constant of class " + value.getClass().getName()
                                + " is not supported. Use a number, String, "
                                + "Boolean, BigDecimal, byte[], LocalDate, Instant, LocalDateTime, Period or Duration, or an"
                                + " array, List or Map of them.");
        };
    }

    private static Scalar interval(Object value) {
        return ofInterval(value)
                .orElseThrow(() -> new dev.headrace.errors.QueryException(
                        "UNSUPPORTED_LITERAL", "The constant " + value + " is out of the range of intervals."));
    }

    /// The months of a [Period], its days left out, or the microseconds of a [Duration]; empty if they are out of range
    /// or it is something else.
    public static Optional<Scalar> ofInterval(Object value) {
        try {
            return switch (value) {
                case Period p ->
                    Optional.of(new Scalar(Math.toIntExact(p.toTotalMonths()), new YearMonthIntervalType()));
                case Duration d -> Optional.of(new Scalar(micros(d), new DayTimeIntervalType()));
                default -> Optional.empty();
            };
        } catch (ArithmeticException outOfRange) {
            return Optional.empty();
        }
    }

    private static long micros(Duration duration) {
        // towards zero, also of negative lengths
        Duration towardsZero = duration.isNegative() ? duration.plusNanos(999) : duration;
        long seconds = towardsZero.getSeconds();
        long micros = towardsZero.getNano() / 1_000;
        return seconds < 0
                ? Math.addExact(Math.multiplyExact(seconds + 1, 1_000_000L), micros - 1_000_000L)
                : Math.addExact(Math.multiplyExact(seconds, 1_000_000L), micros);
    }

    private static Scalar decimal(BigDecimal value) {
        BigDecimal plain = value.scale() < 0 ? value.setScale(0) : value;
        int precision = Math.max(plain.precision(), plain.scale());
        return new Scalar(plain, new DecimalType(Math.max(precision, 1), plain.scale()));
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    public boolean isNull() {
        return value == null;
    }

    /// The constant as SQL shows it, such as `'text'`, `42` or `DATE '2026-01-31'`.
    @Override
    public String toString() {
        return switch (value) {
            case null -> "NULL";
            case Slice slice when type instanceof StringType -> slice.toString();
            case Slice slice when type instanceof BinaryType ->
                "X'" + java.util.HexFormat.of().withUpperCase().formatHex(slice.bytes()) + "'";
            case Slice slice when type instanceof VariantType -> VariantJson.text(Variant.of(slice), ZoneOffset.UTC);
            case Number interval
                    when type instanceof AnsiIntervalType fields -> IntervalFormat.text(interval.longValue(), fields);
            case Integer day when type instanceof DateType -> "DATE '" + LocalDate.ofEpochDay(day) + "'";
            case Long t when type instanceof TimestampType -> "TIMESTAMP '" + instant(t) + "'";
            case Long t when type instanceof TimestampNTZType ->
                "TIMESTAMP_NTZ '" + LocalDateTime.ofInstant(instant(t), ZoneOffset.UTC) + "'";
            default -> value.toString();
        };
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(Duration.of(micros, java.time.temporal.ChronoUnit.MICROS));
    }
}
