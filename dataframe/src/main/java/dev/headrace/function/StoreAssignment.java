package dev.headrace.function;

import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;

/// Which values INSERT puts into columns of another type: Spark's rules of ANSI store assignment, which leave out casts
/// that guess, such as those of texts to numbers.
public final class StoreAssignment {
    private StoreAssignment() {}

    public static boolean isSafe(DataType from, DataType to) {
        if (from.equals(to) || from instanceof NullType) {
            return true;
        }
        return switch (to) {
            case NumericType _ -> from instanceof NumericType;
            case StringType _ -> !from.isNested();
            case DateType _, TimestampType _, TimestampNTZType _ ->
                from instanceof DateType || from instanceof TimestampType || from instanceof TimestampNTZType;
            case ArrayType(DataType element, boolean _) ->
                from instanceof ArrayType(DataType given, boolean _) && isSafe(given, element);
            case MapType map ->
                from instanceof MapType given
                        && isSafe(given.keyType(), map.keyType())
                        && isSafe(given.valueType(), map.valueType());
            case StructType struct -> from instanceof StructType given && fieldsAreSafe(given, struct);
            case DataType _ -> false;
        };
    }

    private static boolean fieldsAreSafe(StructType from, StructType to) {
        for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
            if (!isSafe(from.field(i).dataType(), to.field(i).dataType())) {
                return false;
            }
        }
        return from.size() == to.size();
    }
}
