package dev.headrace.function;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.types.YearMonthIntervalType;

/// Which casts exist: Spark's table for ANSI mode.
final class CastRules {
    private CastRules() {}

    static void check(BoundExpr expr, DataType to) {
        if (!allowed(expr.type(), to)) {
            throw new QueryException(
                    "DATATYPE_MISMATCH",
                    "'" + expr.text() + "' is of type " + expr.type().simpleString() + " and can't be cast to "
                            + to.simpleString() + ".");
        }
    }

    static boolean allowed(DataType from, DataType to) {
        if (from.equals(to) || from instanceof NullType) {
            return true;
        }
        return switch (to) {
            case NullType _ -> false;
            case StringType _ -> true;
            case BinaryType _ -> from instanceof StringType;
            // Casts from and to variants are calls; there are none within arrays, maps and structs.
            case VariantType _ -> false;
            case AnsiIntervalType interval -> toInterval(from, interval);
            case BooleanType _ -> from instanceof StringType || from instanceof NumericType;
            case NumericType number when from instanceof AnsiIntervalType -> isExact(number);
            case NumericType _ ->
                from instanceof StringType
                        || from instanceof BooleanType
                        || from instanceof NumericType
                        || from instanceof TimestampType;
            case DateType _ -> from instanceof StringType || isTime(from);
            case TimestampType _ -> from instanceof StringType || isTime(from) || from instanceof NumericType;
            case TimestampNTZType _ -> from instanceof StringType || isTime(from);
            case ArrayType(DataType element, boolean _) ->
                from instanceof ArrayType(DataType given, boolean _) && allowed(given, element);
            case MapType map ->
                from instanceof MapType given
                        && allowed(given.keyType(), map.keyType())
                        && allowed(given.valueType(), map.valueType());
            case StructType struct -> from instanceof StructType given && fieldsAllowed(given, struct);
        };
    }

    private static boolean toInterval(DataType from, AnsiIntervalType to) {
        return switch (from) {
            case StringType _ -> true;
            case NumericType number -> isExact(number);
            case YearMonthIntervalType _ -> to instanceof YearMonthIntervalType;
            case DayTimeIntervalType _ -> to instanceof DayTimeIntervalType;
            case DataType _ -> false;
        };
    }

    /// Whether the numbers are integers or decimals.
    private static boolean isExact(NumericType type) {
        return !(type instanceof FloatType) && !(type instanceof DoubleType);
    }

    private static boolean fieldsAllowed(StructType from, StructType to) {
        for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
            if (!allowed(from.field(i).dataType(), to.field(i).dataType())) {
                return false;
            }
        }
        return from.size() == to.size();
    }

    private static boolean isTime(DataType type) {
        return type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType;
    }

    /// Whether the result depends on the session time zone.
    static boolean needsZone(DataType from, DataType to) {
        return switch (from) {
            case StringType _ -> to instanceof TimestampType;
            case DateType _, TimestampNTZType _ -> to instanceof TimestampType;
            case TimestampType _ -> !(to instanceof NumericType);
            case ArrayType(DataType element, boolean _) ->
                needsZone(element, to instanceof ArrayType(DataType wanted, boolean _) ? wanted : to);
            case MapType map ->
                to instanceof MapType wanted
                        ? needsZone(map.keyType(), wanted.keyType()) || needsZone(map.valueType(), wanted.valueType())
                        : needsZone(map.keyType(), to) || needsZone(map.valueType(), to);
            case StructType struct -> fieldsNeedZone(struct, to);
            case DataType _ -> false;
        };
    }

    private static boolean fieldsNeedZone(StructType from, DataType to) {
        for (int i = 0; i < from.size(); i++) {
            DataType wanted = to instanceof StructType struct ? struct.field(i).dataType() : to;
            if (needsZone(from.field(i).dataType(), wanted)) {
                return true;
            }
        }
        return false;
    }
}
