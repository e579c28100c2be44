package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;

/// The encoders that there are: for single values, which become a column `value`, for beans, records and rows.
public final class Encoders {
    private Encoders() {}

    public static Encoder<String> STRING() {
        return value(String.class, DataTypes.StringType);
    }

    public static Encoder<Integer> INT() {
        return value(Integer.class, DataTypes.IntegerType);
    }

    public static Encoder<Long> LONG() {
        return value(Long.class, DataTypes.LongType);
    }

    public static Encoder<Double> DOUBLE() {
        return value(Double.class, DataTypes.DoubleType);
    }

    public static Encoder<Float> FLOAT() {
        return value(Float.class, DataTypes.FloatType);
    }

    public static Encoder<Short> SHORT() {
        return value(Short.class, DataTypes.ShortType);
    }

    public static Encoder<Byte> BYTE() {
        return value(Byte.class, DataTypes.ByteType);
    }

    public static Encoder<Boolean> BOOLEAN() {
        return value(Boolean.class, DataTypes.BooleanType);
    }

    public static Encoder<byte[]> BINARY() {
        return value(byte[].class, DataTypes.BinaryType);
    }

    /// Numbers as `decimal(38,18)`.
    public static Encoder<BigDecimal> DECIMAL() {
        return value(BigDecimal.class, new DecimalType(38, 18));
    }

    public static Encoder<Date> DATE() {
        return value(Date.class, DataTypes.DateType);
    }

    public static Encoder<LocalDate> LOCALDATE() {
        return value(LocalDate.class, DataTypes.DateType);
    }

    public static Encoder<Timestamp> TIMESTAMP() {
        return value(Timestamp.class, DataTypes.TimestampType);
    }

    public static Encoder<Instant> INSTANT() {
        return value(Instant.class, DataTypes.TimestampType);
    }

    public static Encoder<LocalDateTime> LOCALDATETIME() {
        return value(LocalDateTime.class, DataTypes.TimestampNTZType);
    }

    /// Years and months; days are left out.
    public static Encoder<Period> PERIOD() {
        return value(Period.class, DataTypes.createYearMonthIntervalType());
    }

    /// Microseconds; what is shorter is cut off.
    public static Encoder<Duration> DURATION() {
        return value(Duration.class, DataTypes.createDayTimeIntervalType());
    }

    /// Objects of a Java bean class: a column for each property that has a getter and a setter, in the order of the
    /// names. The class has a public constructor without parameters. For a record class, as [#record].
    ///
    /// @throws QueryException `UNSUPPORTED_ENCODER` for classes with properties of types that have no column type
    public static <T> Encoder<T> bean(Class<T> type) {
        return structured(type);
    }

    /// Objects of a record class: a column for each component.
    ///
    /// @throws QueryException `UNSUPPORTED_ENCODER` for records with components of types that have no column type
    public static <T extends Record> Encoder<T> record(Class<T> type) {
        return structured(type);
    }

    /// Rows of a schema.
    public static Encoder<Row> row(StructType schema) {
        return new Encoder<>(schema, Row.class, row -> row, row -> row);
    }

    /// Pairs: columns `_1` and `_2`, each a single value or a struct.
    public static <A, B> Encoder<Tuple2<A, B>> tuple(Encoder<A> first, Encoder<B> second) {
        JavaValues values = new JavaValues(true);
        ObjectCells<A> left = new ObjectCells<>(first, values, "the first of a pair");
        ObjectCells<B> right = new ObjectCells<>(second, values, "the second of a pair");
        StructType schema = new StructType().add("_1", left.type()).add("_2", right.type());
        @SuppressWarnings("unchecked") // a class has no type arguments
        Class<Tuple2<A, B>> type = (Class<Tuple2<A, B>>) (Class<?>) Tuple2.class;
        return new Encoder<>(
                schema,
                type,
                pair -> RowFactory.create(left.value(pair._1()), right.value(pair._2())),
                row -> new Tuple2<>(left.ofValue(row.get(0)), right.ofValue(row.get(1))));
    }

    @SuppressWarnings("NullAway") // a null value becomes a null object, whatever T says
    private static <T> Encoder<T> structured(Class<T> type) {
        ObjectType described = ObjectType.of(type);
        if (!(described.dataType() instanceof StructType schema)) {
            throw new QueryException(
                    "UNSUPPORTED_ENCODER",
                    "Encoders.bean(" + type.getSimpleName() + ".class): it is neither a record nor a bean.");
        }
        return new Encoder<>(
                schema,
                type,
                object -> (Row) java.util.Objects.requireNonNull(described.toRowValue(object)),
                row -> type.cast(described.toObject(row)));
    }

    @SuppressWarnings("NullAway") // a null value becomes a null object, whatever T says
    private static <T> Encoder<T> value(Class<T> type, DataType dataType) {
        ObjectType described = ObjectType.of(type);
        return new Encoder<>(
                new StructType().add("value", dataType),
                type,
                RowFactory::create,
                row -> type.cast(described.toObject(row.get(0))));
    }
}
