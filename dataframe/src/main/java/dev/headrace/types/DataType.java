package dev.headrace.types;

/// The type of a column or of an expression's value.
///
/// Types are immutable values, compared with `equals`. The names and their text forms are Spark's.
public sealed interface DataType
        permits NullType,
                BooleanType,
                NumericType,
                StringType,
                BinaryType,
                VariantType,
                DateType,
                TimestampType,
                TimestampNTZType,
                AnsiIntervalType,
                ArrayType,
                MapType,
                StructType {

    /// The type's name in SQL and in `printSchema`, such as `bigint`, `decimal(10,2)` or `array<string>`.
    String simpleString();

    /// The name that Spark's JSON schema uses, such as `long` for `bigint`; for nested types the kind (`struct`).
    default String typeName() {
        return simpleString();
    }

    /// The type as SQL text, such as `BIGINT`.
    default String sql() {
        return simpleString().toUpperCase(java.util.Locale.ROOT);
    }

    /// The type in Spark's JSON schema format, which Delta tables and Parquet footers carry.
    default String json() {
        return SchemaJson.write(this);
    }

    /// Reads Spark's JSON schema format.
    ///
    /// @throws dev.headrace.errors.QueryException if the text is not such a schema
    static DataType fromJson(String json) {
        return SchemaJson.read(json);
    }

    /// Reads a type (`array<int>`) or a column list (`id bigint not null, name string`), which gives a [StructType].
    ///
    /// @throws dev.headrace.errors.QueryException if the text is neither
    static DataType fromDDL(String ddl) {
        return DdlParser.parse(ddl);
    }

    /// True for arrays, maps and structs.
    default boolean isNested() {
        return this instanceof ArrayType || this instanceof MapType || this instanceof StructType;
    }
}
