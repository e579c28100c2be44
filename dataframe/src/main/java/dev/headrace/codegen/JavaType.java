package dev.headrace.codegen;

import dev.headrace.types.ArrayType;
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
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import dev.headrace.types.YearMonthIntervalType;

/// What the values of a SQL type are in generated Java.
enum JavaType {
    BOOLEAN("boolean", "Boolean", "false", 0),
    BYTE("byte", "Byte", "(byte) 0", 1),
    SHORT("short", "Short", "(short) 0", 2),
    INT("int", "Integer", "0", 4),
    LONG("long", "Long", "0L", 8),
    FLOAT("float", "Float", "0f", 4),
    DOUBLE("double", "Double", "0d", 8),
    DECIMAL("BigDecimal", "BigDecimal", "null", 16),
    SLICE("Slice", "Slice", "null", 0),
    LIST("List", "List", "null", 0),
    MAP("Map", "Map", "null", 0),
    /// The type of a bare NULL.
    VOID("Object", "Object", "null", 0);

    /// The type in Java.
    final String type;

    /// The class of an object that holds a value.
    final String box;

    /// What a variable holds while the value is null.
    final String blank;

    /// The bytes of a value in its vector; 0 if that is not how it is stored.
    final int width;

    JavaType(String type, String box, String blank, int width) {
        this.type = type;
        this.box = box;
        this.blank = blank;
        this.width = width;
    }

    static JavaType of(DataType type) {
        return switch (type) {
            case NullType _ -> VOID;
            case BooleanType _ -> BOOLEAN;
            case ByteType _ -> BYTE;
            case ShortType _ -> SHORT;
            case IntegerType _, DateType _, YearMonthIntervalType _ -> INT;
            case LongType _, TimestampType _, TimestampNTZType _, DayTimeIntervalType _ -> LONG;
            case FloatType _ -> FLOAT;
            case DoubleType _ -> DOUBLE;
            case DecimalType _ -> DECIMAL;
            case StringType _, BinaryType _, VariantType _ -> SLICE;
            case ArrayType _, StructType _ -> LIST;
            case MapType _ -> MAP;
        };
    }

    boolean isPrimitive() {
        return ordinal() <= DOUBLE.ordinal();
    }

    /// How [dev.headrace.chunk.Memory] names it: the `Long` of `getLong`.
    String memoryName() {
        return Character.toUpperCase(type.charAt(0)) + type.substring(1);
    }
}
