package dev.headrace.sql;

import dev.headrace.plan.Scalar;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.util.Optional;

/// Values as SQL that says the same.
public final class LiteralText {
    private LiteralText() {}

    /// Empty for what is neither a number, a text, a date, a time, a boolean nor null.
    public static Optional<String> of(Scalar value) {
        Object constant = value.value();
        if (constant == null) {
            return Optional.of("NULL");
        }
        return switch (value.type()) {
            case StringType _ ->
                Optional.of("'" + value.toString().replace("\\", "\\\\").replace("'", "\\'") + "'");
            case BooleanType _,
                    ByteType _,
                    ShortType _,
                    IntegerType _,
                    LongType _,
                    DateType _,
                    TimestampType _,
                    TimestampNTZType _ -> Optional.of(value.toString());
            // Without its suffix a number with an exponent is a double.
            case DecimalType _ -> Optional.of(value + "BD");
            case DoubleType _ when Double.isFinite((double) constant) -> Optional.of(value + "D");
            case FloatType _ when Float.isFinite((float) constant) -> Optional.of(value + "F");
            default -> Optional.empty();
        };
    }
}
