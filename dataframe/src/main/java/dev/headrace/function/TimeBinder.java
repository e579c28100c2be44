package dev.headrace.function;

import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.util.List;

/// Binds the conversions to dates and times that are casts.
final class TimeBinder {
    private TimeBinder() {}

    static BoundExpr toDate(String name, List<BoundExpr> arguments) {
        return cast(name, arguments.getFirst(), DataTypes.DateType, CastFailure.ERROR);
    }

    static BoundExpr toTimestamp(String name, List<BoundExpr> arguments) {
        CastFailure failure = name.startsWith("try_") ? CastFailure.NULL : CastFailure.ERROR;
        return cast(name, arguments.getFirst(), DataTypes.TimestampType, failure);
    }

    private static BoundExpr cast(String name, BoundExpr argument, DataType type, CastFailure failure) {
        if (!CastRules.allowed(argument.type(), type)) {
            throw ScalarBinder.mismatch(name, 0, argument, "a string, a date or a timestamp");
        }
        return Coercion.cast(argument, type, failure);
    }
}
