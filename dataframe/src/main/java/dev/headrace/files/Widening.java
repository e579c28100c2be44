package dev.headrace.files;

import dev.headrace.function.Casts;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.TimestampNTZType;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Which values of files may be read as another type without losing anything: integers as larger integers, up to 32
/// bits as double, and as decimals that have room; float as double; decimals with more digits; dates as timestamp_ntz.
public final class Widening {
    private static final EvalContext CONTEXT = new EvalContext(ZoneOffset.UTC, 0, 0);

    private Widening() {}

    /// Whether all values of type `from`, which has no parts, are values of `to` too.
    public static boolean isAllowed(DataType from, DataType to) {
        if (from.equals(to)) {
            return true;
        }
        int digits = digits(from);
        return switch (to) {
            case ShortType _ -> digits > 0 && digits < 5;
            case IntegerType _ -> digits > 0 && digits < 10;
            case LongType _ -> digits > 0 && digits < 19;
            case DoubleType _ -> digits > 0 && digits <= 10 || from instanceof FloatType;
            case DecimalType(int precision, int scale)
                    when from instanceof DecimalType(int p, int s) -> scale >= s && precision - scale >= p - s;
            case DecimalType(int precision, int scale) -> digits > 0 && precision - scale >= digits;
            case TimestampNTZType _ -> from instanceof DateType;
            case DataType _ -> false;
        };
    }

    private static int digits(DataType type) {
        return switch (type) {
            case ByteType _ -> 3;
            case ShortType _ -> 5;
            case IntegerType _ -> 10;
            case LongType _ -> 19;
            case DataType _ -> 0;
        };
    }

    /// A value as [dev.headrace.chunk.Cell] describes it, of the wider type.
    public static @Nullable Object widen(@Nullable Object cell, DataType from, DataType to) {
        return from.equals(to) ? cell : Casts.cast(cell, from, to, CastFailure.ERROR, CONTEXT);
    }
}
