package dev.headrace.types;

import java.util.List;

/// The types by name, and factories of the nested ones: Spark's `DataTypes`.
public final class DataTypes {
    public static final DataType NullType = new NullType();
    public static final DataType BooleanType = new BooleanType();
    public static final DataType ByteType = new ByteType();
    public static final DataType ShortType = new ShortType();
    public static final DataType IntegerType = new IntegerType();
    public static final DataType LongType = new LongType();
    public static final DataType FloatType = new FloatType();
    public static final DataType DoubleType = new DoubleType();
    public static final DataType StringType = new StringType();
    public static final DataType BinaryType = new BinaryType();
    public static final DataType VariantType = new VariantType();
    public static final DataType DateType = new DateType();
    public static final DataType TimestampType = new TimestampType();
    public static final DataType TimestampNTZType = new TimestampNTZType();

    private DataTypes() {}

    /// All fields: `interval year to month`.
    public static YearMonthIntervalType createYearMonthIntervalType() {
        return new YearMonthIntervalType();
    }

    public static YearMonthIntervalType createYearMonthIntervalType(byte startField, byte endField) {
        return new YearMonthIntervalType(startField, endField);
    }

    /// All fields: `interval day to second`.
    public static DayTimeIntervalType createDayTimeIntervalType() {
        return new DayTimeIntervalType();
    }

    public static DayTimeIntervalType createDayTimeIntervalType(byte startField, byte endField) {
        return new DayTimeIntervalType(startField, endField);
    }

    public static DecimalType createDecimalType() {
        return DecimalType.USER_DEFAULT;
    }

    public static DecimalType createDecimalType(int precision, int scale) {
        return new DecimalType(precision, scale);
    }

    /// An array whose elements may be null.
    public static ArrayType createArrayType(DataType elementType) {
        return new ArrayType(elementType, true);
    }

    public static ArrayType createArrayType(DataType elementType, boolean containsNull) {
        return new ArrayType(elementType, containsNull);
    }

    /// A map whose values may be null.
    public static MapType createMapType(DataType keyType, DataType valueType) {
        return new MapType(keyType, valueType, true);
    }

    public static MapType createMapType(DataType keyType, DataType valueType, boolean valueContainsNull) {
        return new MapType(keyType, valueType, valueContainsNull);
    }

    public static StructField createStructField(String name, DataType type, boolean nullable) {
        return new StructField(name, type, nullable);
    }

    public static StructField createStructField(String name, DataType type, boolean nullable, Metadata metadata) {
        return new StructField(name, type, nullable, metadata);
    }

    public static StructType createStructType(List<StructField> fields) {
        return new StructType(fields);
    }

    public static StructType createStructType(StructField[] fields) {
        return new StructType(fields);
    }
}
