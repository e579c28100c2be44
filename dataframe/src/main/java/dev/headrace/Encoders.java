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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

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
    @SuppressWarnings("unchecked") // the parts are of the encoders' classes
    public static <A, B> Encoder<Tuple2<A, B>> tuple(Encoder<A> first, Encoder<B> second) {
        return tuple(
                Tuple2.class,
                tuple -> Arrays.asList(tuple._1(), tuple._2()),
                parts -> new Tuple2<>((A) parts.get(0), (B) parts.get(1)),
                first,
                second);
    }

    /// Tuples of three: columns `_1` to `_3`, each a single value or a struct.
    @SuppressWarnings("unchecked") // the parts are of the encoders' classes
    public static <A, B, C> Encoder<Tuple3<A, B, C>> tuple(Encoder<A> first, Encoder<B> second, Encoder<C> third) {
        return tuple(
                Tuple3.class,
                tuple -> Arrays.asList(tuple._1(), tuple._2(), tuple._3()),
                parts -> new Tuple3<>((A) parts.get(0), (B) parts.get(1), (C) parts.get(2)),
                first,
                second,
                third);
    }

    /// Tuples of four: columns `_1` to `_4`, each a single value or a struct.
    @SuppressWarnings("unchecked") // the parts are of the encoders' classes
    public static <A, B, C, D> Encoder<Tuple4<A, B, C, D>> tuple(
            Encoder<A> first, Encoder<B> second, Encoder<C> third, Encoder<D> fourth) {
        return tuple(
                Tuple4.class,
                tuple -> Arrays.asList(tuple._1(), tuple._2(), tuple._3(), tuple._4()),
                parts -> new Tuple4<>((A) parts.get(0), (B) parts.get(1), (C) parts.get(2), (D) parts.get(3)),
                first,
                second,
                third,
                fourth);
    }

    /// Tuples of five: columns `_1` to `_5`, each a single value or a struct.
    @SuppressWarnings("unchecked") // the parts are of the encoders' classes
    public static <A, B, C, D, E> Encoder<Tuple5<A, B, C, D, E>> tuple(
            Encoder<A> first, Encoder<B> second, Encoder<C> third, Encoder<D> fourth, Encoder<E> fifth) {
        return tuple(
                Tuple5.class,
                tuple -> Arrays.asList(tuple._1(), tuple._2(), tuple._3(), tuple._4(), tuple._5()),
                parts -> new Tuple5<>(
                        (A) parts.get(0), (B) parts.get(1), (C) parts.get(2), (D) parts.get(3), (E) parts.get(4)),
                first,
                second,
                third,
                fourth,
                fifth);
    }

    /// @param type the class of the tuples
    /// @param parts what is in a tuple
    /// @param tuple makes a tuple of its parts
    @SuppressWarnings({"unchecked", "NullAway"}) // a part may be null, whatever its class says
    private static <T> Encoder<T> tuple(
            Class<?> type, Function<T, List<?>> parts, Function<List<?>, T> tuple, Encoder<?>... encoders) {
        JavaValues values = new JavaValues(true);
        List<ObjectCells<Object>> cells = new ArrayList<>();
        StructType schema = new StructType();
        for (Encoder<?> encoder : encoders) {
            ObjectCells<Object> cell =
                    new ObjectCells<>((Encoder<Object>) encoder, values, "part " + (cells.size() + 1) + " of a tuple");
            cells.add(cell);
            schema = schema.add("_" + cells.size(), cell.type());
        }
        return new Encoder<>(
                schema,
                (Class<T>) type,
                object -> {
                    List<?> given = parts.apply(object);
                    Object[] row = new Object[cells.size()];
                    Arrays.setAll(
                            row, i -> given.get(i) == null ? null : cells.get(i).value(given.get(i)));
                    return RowFactory.create(row);
                },
                row -> {
                    List<Object> objects = new ArrayList<>();
                    for (int i = 0; i < cells.size(); i++) {
                        objects.add(row.isNullAt(i) ? null : cells.get(i).ofValue(row.get(i)));
                    }
                    return tuple.apply(objects);
                });
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
