package dev.headrace.parquet;

import dev.headrace.chunk.Slice;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/// A constant as the values of a file's column that are read as it: from `low` to `high`, as Parquet's filters take
/// them (`Integer`, `Long`, `Float`, `Double`, `Binary` or `Boolean`).
record FilterConstant(Object low, Object high) {
    private static FilterConstant exact(Object value) {
        return new FilterConstant(value, value);
    }

    boolean isExact() {
        return low.equals(high);
    }

    /// @param type of the constant, that is, of the column as the query sees it
    /// @return empty if there are no such values, or none that can be compared
    static Optional<FilterConstant> of(PrimitiveType file, DataType type, FileTimes times, Object value) {
        if (LeafTarget.of(file, type, times).isEmpty() || !times.areComparable(file, type, value)) {
            return Optional.empty();
        }
        return Optional.ofNullable(find(file, type, value));
    }

    private static @Nullable FilterConstant find(PrimitiveType file, DataType type, Object value) {
        if (file.getLogicalTypeAnnotation() instanceof IntLogicalTypeAnnotation integer
                && !integer.isSigned()
                && (integer.getBitWidth() >= 32 || isNegative(value))) {
            return null;
        }
        return switch (value) {
            case Boolean bool when type instanceof BooleanType -> exact(bool);
            case BigDecimal number when type instanceof DecimalType -> decimal(file, number);
            case Slice slice -> bytes(file, slice);
            case Double number when type instanceof DoubleType -> floatingPoint(file, number);
            case Float number when type instanceof FloatType -> floatingPoint(file, number);
            case Long time
                    when type instanceof TimestampType || type instanceof TimestampNTZType -> timestamp(file, time);
            case Number number -> integer(file, number.longValue());
            default -> null;
        };
    }

    /// What a file compares as unsigned, and so takes for more than any of its values.
    private static boolean isNegative(Object value) {
        return value instanceof Number number && number.doubleValue() < 0;
    }

    private static @Nullable FilterConstant integer(PrimitiveType file, long value) {
        boolean scaled = file.getLogicalTypeAnnotation() instanceof TimeLogicalTypeAnnotation time
                && time.getUnit() != org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit.MICROS;
        return scaled ? null : number(file, value);
    }

    private static @Nullable FilterConstant number(PrimitiveType file, long value) {
        return switch (file.getPrimitiveTypeName()) {
            case INT32 -> value == (int) value ? exact((int) value) : null;
            case INT64 -> exact(value);
            default -> null;
        };
    }

    private static @Nullable FilterConstant decimal(PrimitiveType file, BigDecimal value) {
        if (!(file.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal)
                || decimal.getScale() != value.scale()) {
            return null;
        }
        BigInteger unscaled = value.unscaledValue();
        return switch (file.getPrimitiveTypeName()) {
            case INT32, INT64 -> unscaled.bitLength() < 64 ? number(file, unscaled.longValue()) : null;
            case FIXED_LEN_BYTE_ARRAY -> fixedLength(unscaled, file.getTypeLength());
            default -> null;
        };
    }

    private static @Nullable FilterConstant fixedLength(BigInteger unscaled, int length) {
        byte[] shortest = unscaled.toByteArray();
        if (shortest.length > length) {
            return null;
        }
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) (unscaled.signum() < 0 ? -1 : 0));
        System.arraycopy(shortest, 0, bytes, length - shortest.length, shortest.length);
        return exact(Binary.fromConstantByteArray(bytes));
    }

    private static @Nullable FilterConstant bytes(PrimitiveType file, Slice slice) {
        return switch (file.getPrimitiveTypeName()) {
            case BINARY, FIXED_LEN_BYTE_ARRAY -> exact(Binary.fromConstantByteArray(slice.bytes()));
            default -> null;
        };
    }

    /// Zero stands for both zeros, which a query takes for equal and a file for different. NaN is not compared.
    private static @Nullable FilterConstant floatingPoint(PrimitiveType file, double value) {
        if (Double.isNaN(value)) {
            return null;
        }
        return switch (file.getPrimitiveTypeName()) {
            case DOUBLE -> value == 0 ? new FilterConstant(-0.0, 0.0) : exact(value);
            case FLOAT -> {
                if ((float) value != value) {
                    yield null;
                }
                yield value == 0 ? new FilterConstant(-0.0f, 0.0f) : exact((float) value);
            }
            case INT32 -> value == (int) value ? exact((int) value) : null;
            default -> null;
        };
    }

    private static @Nullable FilterConstant timestamp(PrimitiveType file, long micros) {
        if (!(file.getLogicalTypeAnnotation() instanceof TimestampLogicalTypeAnnotation timestamp)) {
            return null;
        }
        return switch (timestamp.getUnit()) {
            case MILLIS -> micros % 1_000 == 0 ? exact(micros / 1_000) : null;
            case MICROS -> exact(micros);
            case NANOS -> {
                long low = micros * 1_000;
                yield Math.abs(micros) < Long.MAX_VALUE / 1_000 - 1 ? new FilterConstant(low, low + 999) : null;
            }
        };
    }
}
