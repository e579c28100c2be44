package dev.headrace;

import dev.headrace.api.java.function.FilterFunction;
import dev.headrace.api.java.function.FlatMapFunction;
import dev.headrace.api.java.function.ForeachFunction;
import dev.headrace.api.java.function.ForeachPartitionFunction;
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

/// The rows of a [DataFrame] as objects, from [DataFrame#as(Encoder)]. What keeps the objects gives a Dataset again,
/// what makes other columns a DataFrame; for joins and all else there is [#toDF].
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

    /// How the objects become rows and back.
    public Encoder<T> encoder() {
        return encoder;
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

    /// The rows as columns again, under other names.
    public DataFrame toDF(String... names) {
        return frame.toDF(names);
    }

    public StructType schema() {
        return frame.schema();
    }

    public void printSchema() {
        frame.printSchema();
    }

    /// Other columns or rows for the same objects.
    private Dataset<T> of(DataFrame rows) {
        return new Dataset<>(rows, encoder, Optional.empty());
    }

    /// The rows as objects of another class; see [DataFrame#as(Encoder)].
    public <U> Dataset<U> as(Encoder<U> other) {
        return frame.as(other);
    }

    public String[] columns() {
        return frame.columns();
    }

    public Session sparkSession() {
        return frame.sparkSession();
    }

    /// The objects of the rows for which the condition is true.
    public Dataset<T> filter(Column condition) {
        return of(frame.filter(condition));
    }

    public Dataset<T> where(Column condition) {
        return filter(condition);
    }

    /// The objects of the rows for which a condition in SQL is true.
    public Dataset<T> filter(String conditionExpr) {
        return of(frame.filter(conditionExpr));
    }

    public Dataset<T> where(String conditionExpr) {
        return filter(conditionExpr);
    }

    public DataFrame select(Column... columns) {
        return frame.select(columns);
    }

    public DataFrame select(String first, String... others) {
        return frame.select(first, others);
    }

    public DataFrame selectExpr(String... exprs) {
        return frame.selectExpr(exprs);
    }

    public DataFrame withColumn(String name, Column column) {
        return frame.withColumn(name, column);
    }

    public DataFrame drop(String... names) {
        return frame.drop(names);
    }

    public RelationalGroupedDataset groupBy(Column... columns) {
        return frame.groupBy(columns);
    }

    public RelationalGroupedDataset groupBy(String first, String... others) {
        return frame.groupBy(first, others);
    }

    public DataFrame agg(Column first, Column... others) {
        return frame.agg(first, others);
    }

    /// What a function of the program makes of this.
    public <R> R transform(java.util.function.Function<Dataset<T>, R> function) {
        return function.apply(this);
    }

    /// The objects of both; see [DataFrame#union].
    public Dataset<T> union(Dataset<T> other) {
        return of(frame.union(other.frame));
    }

    public Dataset<T> unionAll(Dataset<T> other) {
        return union(other);
    }

    public Dataset<T> unionByName(Dataset<T> other) {
        return of(frame.unionByName(other.frame));
    }

    /// The objects that are in both, each once; see [DataFrame#intersect].
    public Dataset<T> intersect(Dataset<T> other) {
        return of(frame.intersect(other.frame));
    }

    public Dataset<T> intersectAll(Dataset<T> other) {
        return of(frame.intersectAll(other.frame));
    }

    /// The objects that are not in the other one, each once; see [DataFrame#except].
    public Dataset<T> except(Dataset<T> other) {
        return of(frame.except(other.frame));
    }

    public Dataset<T> exceptAll(Dataset<T> other) {
        return of(frame.exceptAll(other.frame));
    }

    /// Each object once: those whose columns are equal are the same.
    public Dataset<T> distinct() {
        return of(frame.distinct());
    }

    public Dataset<T> dropDuplicates() {
        return distinct();
    }

    /// One object for each combination of values of these columns.
    public Dataset<T> dropDuplicates(String... columns) {
        return of(frame.dropDuplicates(columns));
    }

    public Dataset<T> sort(Column... columns) {
        return of(frame.sort(columns));
    }

    public Dataset<T> sort(String first, String... others) {
        return of(frame.sort(first, others));
    }

    public Dataset<T> orderBy(Column... columns) {
        return sort(columns);
    }

    public Dataset<T> orderBy(String first, String... others) {
        return sort(first, others);
    }

    public Dataset<T> offset(int n) {
        return of(frame.offset(n));
    }

    /// See [DataFrame#sample(double, long)].
    public Dataset<T> sample(double fraction, long seed) {
        return of(frame.sample(fraction, seed));
    }

    /// The same objects; see [DataFrame#repartition(int, Column...)].
    public Dataset<T> repartition(int numPartitions, Column... partitionExprs) {
        return of(frame.repartition(numPartitions, partitionExprs));
    }

    public Dataset<T> coalesce(int numPartitions) {
        return of(frame.coalesce(numPartitions));
    }

    public DataFrameWriter write() {
        return frame.write();
    }

    public void createOrReplaceTempView(String viewName) {
        frame.createOrReplaceTempView(viewName);
    }

    /// Each row as JSON.
    public Dataset<String> toJSON() {
        return frame.toJSON();
    }

    public void explain() {
        frame.explain();
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
                .apply(frame.allColumns())
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
                    .apply(frame.allColumns())
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
        return decoded(frame.collectAsList());
    }

    private List<T> decoded(List<Row> rows) {
        List<T> objects = new ArrayList<>(rows.size());
        rows.forEach(row -> objects.add(encoder.decode(row)));
        return objects;
    }

    public List<T> takeAsList(int n) {
        return limit(n).collectAsList();
    }

    /// The last rows as objects.
    public List<T> tailAsList(int n) {
        return decoded(frame.tailAsList(n));
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
        return decoding(frame.toLocalIterator());
    }

    private Iterator<T> decoding(Iterator<Row> rows) {
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

    /// Runs a function on all objects, in one call; see [DataFrame#foreachPartition].
    public void foreachPartition(ForeachPartitionFunction<T> function) {
        frame.foreachPartition(rows -> function.call(decoding(rows)));
    }

    public void show() {
        frame.show();
    }

    public void show(boolean truncate) {
        frame.show(truncate);
    }

    public void show(int numRows, boolean truncate) {
        frame.show(numRows, truncate);
    }

    public void show(int numRows) {
        frame.show(numRows);
    }

    @Override
    public String toString() {
        return frame.toString();
    }
}
