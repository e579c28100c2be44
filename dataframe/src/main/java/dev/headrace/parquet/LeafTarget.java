package dev.headrace.parquet;

import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// How the values of a file's column become those of a vector.
sealed interface LeafTarget {
    /// Bits to bits.
    record Bits() implements LeafTarget {}

    /// Numbers to numbers of `width` bytes.
    ///
    /// @param conversion null if they are the same
    record Number(int width, @Nullable NumberConversion conversion) implements LeafTarget {}

    /// Runs of bytes to numbers of `width` bytes.
    record FromBytes(int width, BytesConversion conversion) implements LeafTarget {}

    /// Runs of bytes as they are.
    record Bytes() implements LeafTarget {}

    /// Nothing: only levels are read.
    record Nothing() implements LeafTarget {}

    default LeafValues open(PrimitiveType type, BufferAllocator allocator) {
        return switch (this) {
            case Bits() -> new BitValues(allocator);
            case Number(int width, NumberConversion conversion) ->
                new FixedValues(width, new FixedSource.Numbers(type, conversion, allocator), allocator);
            case FromBytes(int width, BytesConversion conversion) ->
                new FixedValues(width, new FixedSource.Bytes(type, conversion, allocator), allocator);
            case Bytes() -> new BytesValues(type, allocator);
            case Nothing() -> new LeafValues.None();
        };
    }

    /// The way from a column of the file to a type, if it loses nothing (but nanoseconds).
    ///
    /// @param times by which calendars the file's dates and times are counted
    static Optional<LeafTarget> of(PrimitiveType file, DataType wanted, FileTimes times) {
        return Optional.ofNullable(find(file, wanted)).map(target -> times.understood(file, wanted, target));
    }

    private static @Nullable LeafTarget find(PrimitiveType file, DataType wanted) {
        return switch (wanted) {
            case BooleanType _ -> file.getPrimitiveTypeName() == PrimitiveTypeName.BOOLEAN ? new Bits() : null;
            case ByteType _ -> smallInteger(file, 8);
            case ShortType _ -> smallInteger(file, 16);
            case IntegerType _ -> isInteger(file, 32) ? new Number(4, null) : null;
            case LongType _ -> bigint(file);
            case FloatType _ -> floatingPoint(file);
            case DoubleType _ -> doublePrecision(file);
            case DecimalType decimal -> decimal(file, decimal);
            case StringType _ ->
                file.getPrimitiveTypeName() == PrimitiveTypeName.BINARY && !isDecimal(file) ? new Bytes() : null;
            case BinaryType _ -> binary(file);
            case DateType _ -> isDate(file) ? new Number(4, null) : null;
            case YearMonthIntervalType _ -> isPlain(file, PrimitiveTypeName.INT32) ? new Number(4, null) : null;
            case DayTimeIntervalType _ -> isPlain(file, PrimitiveTypeName.INT64) ? new Number(8, null) : null;
            case TimestampType _ -> timestamp(file);
            case TimestampNTZType _ ->
                isDate(file) ? new Number(8, NumberConversion::daysToMicros) : timestampOf(file, false);
            case DataType _ -> null;
        };
    }

    /// A number of which the file says nothing else.
    private static boolean isPlain(PrimitiveType file, PrimitiveTypeName stored) {
        return file.getPrimitiveTypeName() == stored && file.getLogicalTypeAnnotation() == null;
    }

    /// A signed integer of at most `bits` bits, or an unsigned one of fewer, stored in 32.
    private static boolean isInteger(PrimitiveType file, int bits) {
        if (file.getPrimitiveTypeName() != PrimitiveTypeName.INT32) {
            return false;
        }
        return switch (file.getLogicalTypeAnnotation()) {
            case null -> bits == 32;
            case IntLogicalTypeAnnotation integer ->
                integer.isSigned() ? integer.getBitWidth() <= bits : integer.getBitWidth() < bits;
            default -> false;
        };
    }

    private static @Nullable LeafTarget smallInteger(PrimitiveType file, int bits) {
        boolean fits = isInteger(file, bits);
        if (!fits && !isInteger(file, 32)) {
            return null;
        }
        if (bits == 8) {
            return new Number(1, fits ? NumberConversion::intToByte : NumberConversion::intToByteExact);
        }
        return new Number(2, fits ? NumberConversion::intToShort : NumberConversion::intToShortExact);
    }

    private static @Nullable LeafTarget bigint(PrimitiveType file) {
        LogicalTypeAnnotation annotation = file.getLogicalTypeAnnotation();
        if (annotation instanceof TimeLogicalTypeAnnotation time) {
            return switch (time.getUnit()) {
                case MILLIS -> new Number(8, NumberConversion.intTimes(1_000));
                case MICROS -> new Number(8, null);
                case NANOS -> new Number(8, NumberConversion::nanosToMicros);
            };
        }
        if (isInteger(file, 32)) {
            return new Number(8, NumberConversion::intToLong);
        }
        if (annotation instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()) {
            return integer.getBitWidth() == 32 ? new Number(8, NumberConversion::unsignedIntToLong) : null;
        }
        boolean plain = annotation == null || annotation instanceof IntLogicalTypeAnnotation;
        return plain && file.getPrimitiveTypeName() == PrimitiveTypeName.INT64 ? new Number(8, null) : null;
    }

    private static @Nullable LeafTarget floatingPoint(PrimitiveType file) {
        if (file.getPrimitiveTypeName() == PrimitiveTypeName.FLOAT) {
            return new Number(4, null);
        }
        boolean half = file.getLogicalTypeAnnotation() instanceof Float16LogicalTypeAnnotation;
        return half ? new FromBytes(4, BytesConversion::float16ToFloat) : null;
    }

    private static @Nullable LeafTarget doublePrecision(PrimitiveType file) {
        return switch (file.getPrimitiveTypeName()) {
            case DOUBLE -> new Number(8, null);
            case FLOAT -> new Number(8, NumberConversion::floatToDouble);
            case INT32 -> isInteger(file, 32) ? new Number(8, NumberConversion::intToDouble) : null;
            default -> null;
        };
    }

    private static @Nullable LeafTarget decimal(PrimitiveType file, DecimalType wanted) {
        int wantedDigits = wanted.precision() - wanted.scale();
        return switch (file.getLogicalTypeAnnotation()) {
            case DecimalLogicalTypeAnnotation decimal -> {
                int moreScale = wanted.scale() - decimal.getScale();
                if (moreScale < 0 || decimal.getPrecision() - decimal.getScale() > wantedDigits) {
                    yield null;
                }
                yield decimalOf(file, moreScale);
            }
            case IntLogicalTypeAnnotation integer when !integer.isSigned() && integer.getBitWidth() == 64 ->
                wantedDigits >= 20 && wanted.scale() == 0
                        ? new Number(16, NumberConversion::unsignedLongToDecimal)
                        : null;
            case IntLogicalTypeAnnotation integer when !integer.isSigned() -> null;
            case IntLogicalTypeAnnotation _ -> integerAsDecimal(file, wanted, wantedDigits);
            case null -> integerAsDecimal(file, wanted, wantedDigits);
            default -> null;
        };
    }

    private static @Nullable LeafTarget integerAsDecimal(PrimitiveType file, DecimalType wanted, int wantedDigits) {
        int digits = switch (file.getPrimitiveTypeName()) {
            case INT32 -> 10;
            case INT64 -> 20;
            default -> Integer.MAX_VALUE;
        };
        return wantedDigits >= digits ? decimalOf(file, wanted.scale()) : null;
    }

    private static @Nullable LeafTarget decimalOf(PrimitiveType file, int moreScale) {
        return switch (file.getPrimitiveTypeName()) {
            case INT32 -> new Number(16, NumberConversion.toDecimal(4, moreScale));
            case INT64 -> new Number(16, NumberConversion.toDecimal(8, moreScale));
            case BINARY, FIXED_LEN_BYTE_ARRAY -> new FromBytes(16, BytesConversion.toDecimal(moreScale));
            default -> null;
        };
    }

    private static @Nullable LeafTarget binary(PrimitiveType file) {
        boolean bytes = file.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                || file.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
        return bytes && !isDecimal(file) ? new Bytes() : null;
    }

    private static @Nullable LeafTarget timestamp(PrimitiveType file) {
        if (file.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
            return new FromBytes(8, BytesConversion::int96ToMicros);
        }
        return timestampOf(file, true);
    }

    private static @Nullable LeafTarget timestampOf(PrimitiveType file, boolean utc) {
        if (!(file.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp)
                || timestamp.isAdjustedToUTC() != utc) {
            return null;
        }
        return switch (timestamp.getUnit()) {
            case MILLIS -> new Number(8, NumberConversion.times(1_000));
            case MICROS -> new Number(8, null);
            case NANOS -> new Number(8, NumberConversion::nanosToMicros);
        };
    }

    private static boolean isDate(PrimitiveType file) {
        return file.getLogicalTypeAnnotation() instanceof DateLogicalTypeAnnotation;
    }

    private static boolean isDecimal(PrimitiveType file) {
        return file.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation;
    }
}
