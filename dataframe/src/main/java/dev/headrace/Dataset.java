package dev.headrace;

import dev.headrace.api.java.function.FilterFunction;
import dev.headrace.api.java.function.FlatMapFunction;
import dev.headrace.api.java.function.ForeachFunction;
import dev.headrace.api.java.function.MapFunction;
import dev.headrace.api.java.function.MapPartitionsFunction;
import dev.headrace.api.java.function.ReduceFunction;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The rows of a [DataFrame] as objects, from [DataFrame#as(Encoder)]. Work on columns is done on the DataFrame,
/// before.
///
/// @param <T> the class of the objects
public final class Dataset<T> {
    /// The columns that say on which sides of a join there is an object.
    private static final String LEFT = "__left";

    private static final String RIGHT = "__right";

    private final DataFrame frame;
    private final Encoder<T> encoder;

    /// The name that conditions of a join call the objects by.
    private final Optional<String> alias;

    private Dataset(DataFrame frame, Encoder<T> encoder, Optional<String> alias) {
        this.frame = frame;
        this.encoder = encoder;
        this.alias = alias;
    }

    /// @throws QueryException `UNRESOLVED_COLUMN` for a field without a column, `FIELD_NOT_FOUND` within structs,
    ///     `CANNOT_UP_CAST` for one whose column's values may not fit, `NUM_COLUMNS_MISMATCH` for a single value of
    ///     several columns, or a tuple of more or fewer
    static <T> Dataset<T> of(DataFrame frame, Encoder<T> encoder) {
        StructType schema = encoder.schema();
        List<Column> columns = new ArrayList<>();
        if (isSingleValue(schema) && frame.schema().indexOf("value").isEmpty()) {
            if (frame.columns().length != 1) {
                throw new QueryException(
                        "NUM_COLUMNS_MISMATCH",
                        "as(…) makes " + encoder.clazz().getSimpleName() + " objects of one column, but there are "
                                + frame.columns().length + ": " + frame + ". Select one first.");
            }
            columns.add(upCast(frame, ColumnName.quoted(frame.columns()[0]), schema.field(0)));
        } else if (ObjectColumns.isTuple(schema)) {
            ObjectColumns.checkParts(frame.schema(), schema);
            DataFrame parts = frame.toDF(schema.names().toArray(String[]::new));
            schema.forEach(field -> columns.add(upCast(parts, field.name(), field)));
            return new Dataset<>(parts.select(columns.toArray(Column[]::new)), encoder, Optional.empty());
        } else {
            schema.forEach(field -> columns.add(upCast(frame, ColumnName.quoted(field.name()), field)));
        }
        return new Dataset<>(frame.select(columns.toArray(Column[]::new)), encoder, Optional.empty());
    }

    private static boolean isSingleValue(StructType schema) {
        return schema.size() == 1 && schema.field(0).name().equals("value");
    }

    private static Column upCast(DataFrame frame, String name, StructField field) {
        Column column = frame.col(name);
        DataType from = frame.select(column).schema().field(0).dataType();
        return new ObjectColumns()
                .match(column, from, field.dataType(), field.name())
                .as(field.name());
    }

    /// The objects by a key, for functions of all objects of a key, with or without state.
    public <K> KeyValueGroupedDataset<K, T> groupByKey(MapFunction<T, K> function, Encoder<K> keyEncoder) {
        return KeyValueGroupedDataset.of(frame, encoder, function, keyEncoder);
    }

    /// Starts a streaming query with the objects' rows; see [DataFrame#writeStream].
    public DataStreamWriter writeStream() {
        return frame.writeStream();
    }

    /// Declares the event time; see [DataFrame#withWatermark].
    public Dataset<T> withWatermark(String eventTime, String delayThreshold) {
        return new Dataset<>(frame.withWatermark(eventTime, delayThreshold), encoder, Optional.empty());
    }

    /// The rows as columns again.
    public DataFrame toDF() {
        return frame;
    }

    public StructType schema() {
        return frame.schema();
    }

    public void printSchema() {
        frame.printSchema();
    }

    /// The objects of the rows for which the condition is true.
    public Dataset<T> filter(Column condition) {
        return new Dataset<>(frame.filter(condition), encoder, Optional.empty());
    }

    /// The objects for which a function of the program says true. It sees all rows: a condition on columns is faster.
    public Dataset<T> filter(FilterFunction<T> function) {
        return new Dataset<>(typed().filter(function), encoder, Optional.empty());
    }

    private TypedFunctions<T> typed() {
        return new TypedFunctions<>(frame, encoder);
    }

    /// All objects put together by an aggregator: one object.
    public <U> Dataset<U> select(TypedColumn<T, U> column) {
        Encoder<U> output = column.aggregator().outputEncoder();
        Column result = functions
                .udaf(column.aggregator(), encoder)
                .apply(typed().columns())
                .as("value");
        DataFrame aggregated = frame.agg(result);
        return of(isSingleValue(output.schema()) ? aggregated : aggregated.select("value.*"), output);
    }

    /// All objects put together by two aggregators: one tuple.
    public <A, B> Dataset<Tuple2<A, B>> select(TypedColumn<T, A> first, TypedColumn<T, B> second) {
        return aggregated(Encoders.tuple(first.encoder(), second.encoder()), List.of(first, second));
    }

    /// All objects put together by three aggregators: one tuple.
    public <A, B, C> Dataset<Tuple3<A, B, C>> select(
            TypedColumn<T, A> first, TypedColumn<T, B> second, TypedColumn<T, C> third) {
        return aggregated(
                Encoders.tuple(first.encoder(), second.encoder(), third.encoder()), List.of(first, second, third));
    }

    /// All objects put together by four aggregators: one tuple.
    public <A, B, C, D> Dataset<Tuple4<A, B, C, D>> select(
            TypedColumn<T, A> first, TypedColumn<T, B> second, TypedColumn<T, C> third, TypedColumn<T, D> fourth) {
        return aggregated(
                Encoders.tuple(first.encoder(), second.encoder(), third.encoder(), fourth.encoder()),
                List.of(first, second, third, fourth));
    }

    /// All objects put together by five aggregators: one tuple.
    public <A, B, C, D, E> Dataset<Tuple5<A, B, C, D, E>> select(
            TypedColumn<T, A> first,
            TypedColumn<T, B> second,
            TypedColumn<T, C> third,
            TypedColumn<T, D> fourth,
            TypedColumn<T, E> fifth) {
        return aggregated(
                Encoders.tuple(first.encoder(), second.encoder(), third.encoder(), fourth.encoder(), fifth.encoder()),
                List.of(first, second, third, fourth, fifth));
    }

    private <R> Dataset<R> aggregated(Encoder<R> output, List<TypedColumn<T, ?>> columns) {
        List<Column> results = new ArrayList<>();
        for (TypedColumn<T, ?> column : columns) {
            results.add(functions
                    .udaf(column.aggregator(), encoder)
                    .apply(typed().columns())
                    .as("_" + (results.size() + 1)));
        }
        return of(frame.agg(results.getFirst(), results.stream().skip(1).toArray(Column[]::new)), output);
    }

    /// The same objects under a name, for the condition of the join that follows: `col("a.id")`.
    public Dataset<T> as(String alias) {
        return new Dataset<>(frame.as(alias), encoder, Optional.of(alias));
    }

    /// The column of this name, of these objects alone; see [DataFrame#col].
    public Column col(String name) {
        return frame.col(name);
    }

    /// The pairs of objects for which the condition is true.
    public <U> Dataset<Tuple2<T, U>> joinWith(Dataset<U> other, Column condition) {
        return joinWith(other, condition, "inner");
    }

    /// The pairs of objects for which the condition is true, and for an outer join the objects without a partner,
    /// beside null.
    ///
    /// @param joinType `inner`, `cross`, `left`, `right` or `full`, and their other names
    /// @throws QueryException `UNSUPPORTED_JOIN_TYPE` for semi and anti joins, which give no pairs
    public <U> Dataset<Tuple2<T, U>> joinWith(Dataset<U> other, Column condition, String joinType) {
        String type = joinType.toLowerCase(java.util.Locale.ROOT);
        if (type.contains("semi") || type.contains("anti")) {
            throw new dev.headrace.errors.QueryException(
                    "UNSUPPORTED_JOIN_TYPE",
                    "joinWith(…): '" + joinType
                            + "' gives no pairs. Use toDF().join(…), or an inner, cross, left, right"
                            + " or full join.");
        }
        DataFrame left = marked(LEFT);
        DataFrame right = other.marked(RIGHT);
        DataFrame pairs = left.join(right, condition, joinType)
                .select(part(left, LEFT).as("_1"), other.part(right, RIGHT).as("_2"));
        return of(pairs, Encoders.tuple(encoder, other.encoder));
    }

    private DataFrame marked(String mark) {
        DataFrame marked = frame.withColumn(mark, functions.lit(true));
        return alias.map(marked::as).orElse(marked);
    }

    /// The object as one value; null where the mark says that there is none.
    ///
    /// @param marked one side of the join, which is told from the other one although both may be of the same objects
    private Column part(DataFrame marked, String mark) {
        Column[] columns = Arrays.stream(frame.columns())
                .map(name -> marked.col(ColumnName.quoted(name)))
                .toArray(Column[]::new);
        return functions.when(
                marked.col(mark).isNotNull(), isSingleValue(encoder.schema()) ? columns[0] : functions.struct(columns));
    }

    /// What a function of the program makes of each object.
    public <R> Dataset<R> map(MapFunction<T, R> function, Encoder<R> encoderOfResults) {
        return flatMap(
                object -> java.util.Collections.singletonList(function.call(object))
                        .iterator(),
                encoderOfResults);
    }

    /// What a function of the program makes of each object: any number of objects.
    public <R> Dataset<R> flatMap(FlatMapFunction<T, R> function, Encoder<R> encoderOfResults) {
        return typed().flatMap(function, encoderOfResults);
    }

    /// What a function of the program makes of all objects, in one call; none if there are no rows. The objects must
    /// fit in memory.
    public <R> Dataset<R> mapPartitions(MapPartitionsFunction<T, R> function, Encoder<R> encoderOfResults) {
        return typed().mapPartitions(function, encoderOfResults);
    }

    /// All objects put together two by two, in this thread.
    ///
    /// @throws java.util.NoSuchElementException if there are none
    public T reduce(ReduceFunction<T> function) {
        return typed().reduce(function);
    }

    /// The same objects, over which aggregates are computed as they pass; see [DataFrame#observe(String, Column,
    /// Column...)].
    public Dataset<T> observe(String name, Column expr, Column... exprs) {
        return new Dataset<>(frame.observe(name, expr, exprs), encoder, Optional.empty());
    }

    /// As with a name; see [DataFrame#observe(Observation, Column, Column...)].
    public Dataset<T> observe(Observation observation, Column expr, Column... exprs) {
        return new Dataset<>(frame.observe(observation, expr, exprs), encoder, Optional.empty());
    }

    /// Has the session keep the rows; see [DataFrame#cache].
    public Dataset<T> cache() {
        frame.cache();
        return this;
    }

    /// See [#cache].
    public Dataset<T> persist() {
        return cache();
    }

    /// Forgets the rows that are kept; see [DataFrame#unpersist()].
    public Dataset<T> unpersist() {
        frame.unpersist();
        return this;
    }

    public Dataset<T> limit(int n) {
        return new Dataset<>(frame.limit(n), encoder, Optional.empty());
    }

    /// All rows as objects. They must fit in memory.
    public List<T> collectAsList() {
        return frame.collectAsList().stream().map(encoder::decode).toList();
    }

    public List<T> takeAsList(int n) {
        return limit(n).collectAsList();
    }

    /// The first row as an object.
    ///
    /// @throws java.util.NoSuchElementException if there is none
    public T first() {
        return encoder.decode(frame.first());
    }

    public T head() {
        return first();
    }

    public long count() {
        return frame.count();
    }

    public boolean isEmpty() {
        return frame.isEmpty();
    }

    /// All rows as objects, made as they are asked for.
    public Iterator<T> toLocalIterator() {
        Iterator<Row> rows = frame.toLocalIterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return rows.hasNext();
            }

            @Override
            public T next() {
                return encoder.decode(rows.next());
            }
        };
    }

    /// Runs a function on each object, in this thread.
    public void foreach(ForeachFunction<T> function) {
        frame.foreach(row -> function.call(encoder.decode(row)));
    }

    public void show() {
        frame.show();
    }

    public void show(int numRows) {
        frame.show(numRows);
    }

    @Override
    public String toString() {
        return frame.toString();
    }
}
