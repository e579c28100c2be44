package dev.headrace.codegen;

import dev.headrace.plan.CastFailure;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;

/// The Java expression that casts a value that is not null: a call of a method of [dev.headrace.function.Casts].
///
/// @param before what stands before the value
/// @param after what stands after it
/// @param outcome what happens to values that don't fit
/// @param boxed whether the value is given as an object
record CastCall(String before, String after, Outcome outcome, boolean boxed) {
    enum Outcome {
        /// All values fit.
        FITS,
        /// It throws a [dev.headrace.errors.DataException].
        THROWS,
        /// It gives null, and else an object.
        GIVES_NULL
    }

    static CastCall of(DataType from, DataType to, CastFailure failure, ClassParts parts) {
        if (from.isNested() || from instanceof AnsiIntervalType || to instanceof AnsiIntervalType) {
            return general(from, to, failure, parts);
        }
        boolean tolerant = failure == CastFailure.NULL;
        return switch (to) {
            case StringType _ -> toText(from);
            case BinaryType _ when from instanceof StringType -> new CastCall("", "", Outcome.FITS, false);
            case DateType _ -> toDate(from, tolerant);
            case TimestampType _ -> toTimestamp(from, tolerant);
            case TimestampNTZType _ -> toTimestampNtz(from, tolerant);
            case DecimalType decimal -> toDecimal(from, decimal, tolerant);
            case DataType _ when JavaType.of(to).isPrimitive() -> toPrimitive(from, to, tolerant);
            case DataType _ -> general(from, to, failure, parts);
        };
    }

    String text(Value value) {
        return before + (boxed ? Value.present(value.type(), value.text()).boxed() : value.text()) + after;
    }

    private static CastCall fits(String method) {
        return new CastCall("Casts." + method, ")", Outcome.FITS, false);
    }

    private static CastCall throwing(String method) {
        return new CastCall("Casts." + method, ")", Outcome.THROWS, false);
    }

    private static CastCall givingNull(String method) {
        return new CastCall("Casts." + method, ")", Outcome.GIVES_NULL, false);
    }

    /// By way of objects.
    private static CastCall general(DataType from, DataType to, CastFailure failure, ClassParts parts) {
        JavaType type = JavaType.of(to);
        String before = "(" + type.box + ") Casts.cast(";
        String after = ", " + parts.constant("DataType", from) + ", " + parts.constant("DataType", to)
                + ", CastFailure." + failure + ", context)";
        if (failure == CastFailure.NULL) {
            return new CastCall(before, after, Outcome.GIVES_NULL, true);
        }
        return type.isPrimitive()
                ? new CastCall("(" + before, after + ")." + type.type + "Value()", Outcome.THROWS, true)
                : new CastCall(before, after, Outcome.THROWS, true);
    }

    private static CastCall toText(DataType from) {
        return switch (from) {
            case BinaryType _ -> new CastCall("", "", Outcome.FITS, false);
            case DateType _ -> fits("dateToText(");
            case TimestampType _ -> fits("timestampToText(context, ");
            case TimestampNTZType _ -> fits("timestampNtzToText(");
            case DataType _ ->
                switch (JavaType.of(from)) {
                    case BYTE, SHORT, INT, LONG -> fits("toText((long) ");
                    default -> fits("toText(");
                };
        };
    }

    private static CastCall toDate(DataType from, boolean tolerant) {
        return switch (from) {
            case TimestampType _ -> fits("timestampToDate(context, ");
            case TimestampNTZType _ -> fits("timestampNtzToDate(");
            case DataType _ -> tolerant ? givingNull("tryToDate(") : throwing("toDate(");
        };
    }

    private static CastCall toTimestamp(DataType from, boolean tolerant) {
        return switch (from) {
            case StringType _ -> tolerant ? givingNull("tryToTimestamp(context, ") : throwing("toTimestamp(context, ");
            case DateType _ -> throwing("dateToTimestamp(context, ");
            case TimestampNTZType _ -> throwing("timestampNtzToTimestamp(context, ");
            case DataType _ -> throwing("secondsToTimestamp(" + widened(from));
        };
    }

    private static CastCall toTimestampNtz(DataType from, boolean tolerant) {
        return switch (from) {
            case DateType _ -> throwing("dateToTimestampNtz(");
            case TimestampType _ -> fits("timestampToTimestampNtz(context, ");
            case DataType _ -> tolerant ? givingNull("tryToTimestampNtz(") : throwing("toTimestampNtz(");
        };
    }

    private static CastCall toDecimal(DataType from, DecimalType to, boolean tolerant) {
        String end = ", " + to.precision() + ", " + to.scale() + ")";
        if (from instanceof TimestampType) {
            return new CastCall("Casts.timestampToDecimal(", end, Outcome.THROWS, false);
        }
        boolean triable = from instanceof StringType || from instanceof DecimalType;
        return tolerant && triable
                ? new CastCall("Casts.tryToDecimal(", end, Outcome.GIVES_NULL, false)
                : new CastCall("Casts.toDecimal(" + widened(from), end, Outcome.THROWS, false);
    }

    /// To a number or boolean.
    private static CastCall toPrimitive(DataType from, DataType to, boolean tolerant) {
        JavaType type = JavaType.of(to);
        String name = type.memoryName();
        if (from instanceof StringType) {
            return tolerant ? givingNull("tryTo" + name + "(") : throwing("to" + name + "(");
        }
        if (from instanceof TimestampType) {
            return fromTimestamp(type, name);
        }
        JavaType given = JavaType.of(from);
        boolean fits = given == JavaType.BOOLEAN
                || type == JavaType.BOOLEAN
                || type == JavaType.FLOAT
                || type == JavaType.DOUBLE
                || given.isPrimitive() && given.ordinal() < type.ordinal();
        if (type == JavaType.LONG && fits && given != JavaType.BOOLEAN) {
            return new CastCall("(long) ", "", Outcome.FITS, false);
        }
        return fits ? fits("to" + name + "(" + widened(from)) : throwing("to" + name + "(" + widened(from));
    }

    private static CastCall fromTimestamp(JavaType type, String name) {
        return switch (type) {
            case LONG -> fits("timestampToSeconds(");
            case DOUBLE -> fits("timestampToDouble(");
            case FLOAT -> new CastCall("Casts.toFloat(Casts.timestampToDouble(", "))", Outcome.FITS, false);
            default -> new CastCall("Casts.to" + name + "(Casts.timestampToSeconds(", "))", Outcome.THROWS, false);
        };
    }

    /// The cast that chooses the overload: all integers go as long, floats as double.
    private static String widened(DataType from) {
        return switch (JavaType.of(from)) {
            case BYTE, SHORT, INT -> "(long) ";
            case FLOAT -> "(double) ";
            default -> "";
        };
    }
}
