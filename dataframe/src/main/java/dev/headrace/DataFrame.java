package dev.headrace;

// Longer than 600 lines with its documentation, because it is the class that users know: Spark's Dataset.

import dev.headrace.api.java.function.FilterFunction;
import dev.headrace.api.java.function.FlatMapFunction;
import dev.headrace.api.java.function.ForeachFunction;
import dev.headrace.api.java.function.ForeachPartitionFunction;
import dev.headrace.api.java.function.MapFunction;
import dev.headrace.api.java.function.MapPartitionsFunction;
import dev.headrace.api.java.function.ReduceFunction;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.AsOf;
import dev.headrace.plan.JoinType;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.Observer;
import dev.headrace.plan.Resolved;
import dev.headrace.plotting.Plot;
import dev.headrace.plotting.Plotting;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A query over tables, files, streams or rows in memory: what Spark calls `Dataset<Row>`.
///
/// Methods that return a DataFrame only describe work, but check names and types at once: they throw [QueryException]
/// with a code such as `UNRESOLVED_COLUMN`. Methods that give rows or write them (`collect`, `show`, `count`, `write`
/// …) run the query, each time anew. Column names are compared without regard to case. Immutable, and usable from any
/// thread.
public final class DataFrame {
    private final Session session;
    private final NamedPlan plan;
    private final @Nullable Resolved resolved;
    /// Why it is not resolved.
    private final @Nullable QueryException open;
    private final long planId;
    private volatile Execution.@Nullable Run lastRun;

    private DataFrame(Session session, NamedPlan plan, @Nullable Resolved resolved, @Nullable QueryException open) {
        this.session = session;
        this.plan = plan;
        this.resolved = resolved;
        this.open = open;
        this.planId = session.nextPlanId();
    }

    /// A DataFrame of a plan over other DataFrames, which the plan refers to by [#identified]. If it uses columns of a
    /// query around it, it is analyzed when it is put into one.
    static DataFrame of(Session session, NamedPlan plan, DataFrame... inputs) {
        Map<Long, Resolved> known = new java.util.HashMap<>();
        for (DataFrame input : inputs) {
            if (input.resolved != null) {
                known.put(input.planId, input.resolved);
            }
        }
        try {
            Resolved resolved = session.analyzing(() -> Analyzer.analyze(plan, known));
            return new DataFrame(session, plan, resolved, null);
        } catch (QueryException failed) {
            if (Analyzer.needsQueryAround(failed)) {
                return new DataFrame(session, plan, null, failed);
            }
            throw failed;
        }
    }

    /// Other rows under the names of these; see [Resolved#over].
    DataFrame over(dev.headrace.plan.LogicalPlan rows) {
        return new DataFrame(session, plan, resolved().over(rows), null);
    }

    private DataFrame then(NamedPlan next) {
        return of(session, next, this);
    }

    NamedPlan identified() {
        return new NamedPlan.Identified(plan, planId, Optional.empty());
    }

    /// This as a part of an expression, which tells a query around it nothing but this.
    private NamedPlan subquery() {
        return new NamedPlan.Identified(plan, planId, Optional.ofNullable(resolved));
    }

    NamedPlan plan() {
        return plan;
    }

    /// The query of the last action that was called on this, which may run yet.
    Optional<Execution.Run> lastRun() {
        return Optional.ofNullable(lastRun);
    }

    void runs(Execution.Run run) {
        lastRun = run;
    }

    /// @throws QueryException `UNRESOLVED_OUTER_COLUMN`
    Resolved resolved() {
        if (resolved == null) {
            throw java.util.Objects.requireNonNull(open);
        }
        return resolved;
    }

    Session session() {
        return session;
    }

    /// The session that made it.
    public Session sparkSession() {
        return session;
    }

    // ---- Schema

    public StructType schema() {
        return resolved().schema();
    }

    /// The columns' names in order.
    public String[] columns() {
        return schema().fieldNames();
    }

    /// The columns' names and types, a pair each.
    public List<Map.Entry<String, String>> dtypes() {
        return schema().fieldList().stream()
                .map(field -> Map.entry(field.name(), field.dataType().toString()))
                .toList();
    }

    /// Prints the schema as a tree to standard output.
    public void printSchema() {
        System.out.println(schema().treeString());
    }

    /// @param level how deep the tree is printed; 0 and less for all of it
    public void printSchema(int level) {
        System.out.println(schema().treeString(level));
    }

    /// The column of this name, which stays this DataFrame's: in a join with another DataFrame it is not taken for a
    /// column of that one.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN` or `AMBIGUOUS_REFERENCE`
    public Column col(String name) {
        NamedExpr parsed = ColumnName.parse(name);
        if (!(parsed instanceof NamedExpr.Name(List<String> parts, OptionalLong _))) {
            return new Column(parsed);
        }
        if (resolved != null) {
            resolved.checkName(parts);
        }
        return new Column(new NamedExpr.Name(parts, OptionalLong.of(planId)));
    }

    /// The column at a place, from 0, for methods of this DataFrame itself: others may have the same name, as after a
    /// join.
    Column columnAt(int ordinal) {
        return new Column(new NamedExpr.At(ordinal, schema().field(ordinal).name()));
    }

    Column[] allColumns() {
        return IntStream.range(0, schema().size()).mapToObj(this::columnAt).toArray(Column[]::new);
    }

    /// The column of this name; see [#col].
    public Column apply(String name) {
        return col(name);
    }

    /// A column that tables have beside their own, and that `*` does not stand for: `_metadata`, which says what file a
    /// row is from.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN` if there is none of this name
    public Column metadataColumn(String name) {
        resolved().checkHidden(name);
        return new Column(new NamedExpr.Name(List.of(name), OptionalLong.of(planId)));
    }

    /// The files that it reads, as URIs, in no order.
    public String[] inputFiles() {
        return resolved().plan().inputFiles().stream().distinct().toArray(String[]::new);
    }

    /// Whether its rows are those that were given in the program, so that nothing need be read.
    public boolean isLocal() {
        return resolved().plan() instanceof dev.headrace.plan.LogicalPlan.LocalRelation;
    }

    /// Whether a stream is read somewhere in it, so that it must be started with [#writeStream].
    public boolean isStreaming() {
        return resolved().plan().isStreaming();
    }

    // ---- Columns

    /// These columns. With aggregate functions among them: one row, computed over all rows.
    public DataFrame select(Column... columns) {
        return then(new NamedPlan.Project(identified(), exprs(columns)));
    }

    public DataFrame select(String first, String... others) {
        return select(named(first, others));
    }

    /// Columns in SQL: `selectExpr("id", "price * quantity AS total")`.
    ///
    /// @throws QueryException `PARSE_SYNTAX_ERROR` and what else can be wrong with an expression, with its column
    public DataFrame selectExpr(String... exprs) {
        return SqlExpressions.with(
                session, List.of(exprs), parsed -> then(new NamedPlan.Project(identified(), parsed)));
    }

    /// All columns and one more, or one of them replaced.
    public DataFrame withColumn(String name, Column column) {
        return then(new NamedPlan.WithColumns(identified(), List.of(new NamedExpr.Alias(column.expr(), name))));
    }

    /// As [#withColumn(String, Column)], with facts about the column beside its type.
    public DataFrame withColumn(String name, Column column, Metadata metadata) {
        return withColumn(name, column.as(name, metadata));
    }

    /// All columns, and these added or replaced. None may refer to another one of them.
    public DataFrame withColumns(Map<String, Column> columns) {
        List<NamedExpr.Alias> aliases = columns.entrySet().stream()
                .map(entry -> new NamedExpr.Alias(entry.getValue().expr(), entry.getKey()))
                .toList();
        return then(new NamedPlan.WithColumns(identified(), aliases));
    }

    /// A column with other facts about it in the schema; its values are the same.
    ///
    /// @throws QueryException `UNRESOLVED_COLUMN`
    public DataFrame withMetadata(String columnName, Metadata metadata) {
        Column column = col(ColumnName.quoted(columnName));
        return withColumn(columnName, column.as(columnName, metadata));
    }

    /// A column renamed; the same DataFrame if there is no such column.
    public DataFrame withColumnRenamed(String existingName, String newName) {
        return withColumnsRenamed(Map.of(existingName, newName));
    }

    /// Columns renamed, from the keys to the values; those that don't exist are ignored.
    public DataFrame withColumnsRenamed(Map<String, String> names) {
        return then(new NamedPlan.WithColumnsRenamed(identified(), names));
    }

    /// All columns but these; those that don't exist are ignored.
    public DataFrame drop(String... names) {
        List<NamedExpr> columns = Arrays.stream(names)
                .<NamedExpr>map(name -> new NamedExpr.Name(List.of(name), OptionalLong.empty()))
                .toList();
        return then(new NamedPlan.Drop(identified(), columns));
    }

    public DataFrame drop(Column first, Column... others) {
        return then(new NamedPlan.Drop(identified(), exprs(first, others)));
    }

    /// All columns under new names, in order; without names, this DataFrame.
    public DataFrame toDF(String... names) {
        return names.length == 0 ? this : then(new NamedPlan.ToDF(identified(), List.of(names)));
    }

    /// The same rows under a name, for columns such as `orders.id`.
    public DataFrame as(String alias) {
        return then(new NamedPlan.SubqueryAlias(identified(), alias));
    }

    public DataFrame alias(String alias) {
        return as(alias);
    }

    /// The same rows as objects.
    ///
    /// @throws QueryException if a field of the objects has no column, or one of another type
    public <T> Dataset<T> as(Encoder<T> encoder) {
        return Dataset.of(this, encoder);
    }

    /// What a function of the program makes of each row.
    public <R> Dataset<R> map(MapFunction<Row, R> function, Encoder<R> encoder) {
        return flatMap(
                row -> java.util.Collections.singletonList(function.call(row)).iterator(), encoder);
    }

    /// What a function of the program makes of each row: any number of objects.
    public <R> Dataset<R> flatMap(FlatMapFunction<Row, R> function, Encoder<R> encoder) {
        return new TypedFunctions<>(this, Encoders.row(schema())).flatMap(function, encoder);
    }

    /// What a function of the program makes of all rows, in one call; none if there are no rows. They must fit in
    /// memory.
    public <R> Dataset<R> mapPartitions(MapPartitionsFunction<Row, R> function, Encoder<R> encoder) {
        return new TypedFunctions<>(this, Encoders.row(schema())).mapPartitions(function, encoder);
    }

    /// All rows put together two by two, in this thread.
    ///
    /// @throws java.util.NoSuchElementException if there are none
    public Row reduce(ReduceFunction<Row> function) {
        return new TypedFunctions<>(this, Encoders.row(schema())).reduce(function);
    }

    /// The rows for which a function of the program says true. It sees all rows: a condition on columns is faster.
    public DataFrame filter(FilterFunction<Row> function) {
        return new TypedFunctions<>(this, Encoders.row(schema())).filter(function);
    }

    // ---- Rows

    /// The rows for which the condition is true. It may use columns that steps before have left out: see
    /// [#filter(String)].
    public DataFrame filter(Column condition) {
        return then(new NamedPlan.Filter(identified(), condition.expr()));
    }

    public DataFrame where(Column condition) {
        return filter(condition);
    }

    /// The rows for which a condition in SQL is true: `amount > 10 AND status = 'new'`. As in Spark, columns are found
    /// that `select`, `drop` or `withColumn` have left out, up to a relation with an alias, a join, a union,
    /// `distinct` or an aggregation, of which only what is grouped by is found.
    ///
    /// @throws QueryException `PARSE_SYNTAX_ERROR` and what else can be wrong with the condition, with its column
    public DataFrame filter(String conditionExpr) {
        return SqlExpressions.with(
                session, List.of(conditionExpr), exprs -> then(new NamedPlan.Filter(identified(), exprs.getFirst())));
    }

    public DataFrame where(String conditionExpr) {
        return filter(conditionExpr);
    }

    /// The first `n` rows, in no order unless sorted.
    public DataFrame limit(int n) {
        return then(new NamedPlan.Limit(identified(), n));
    }

    /// All but the first `n` rows.
    public DataFrame offset(int n) {
        return then(new NamedPlan.Offset(identified(), n));
    }

    /// Each different row once.
    public DataFrame distinct() {
        return dropDuplicates();
    }

    public DataFrame dropDuplicates() {
        return then(new NamedPlan.Deduplicate(identified(), List.of(), false));
    }

    /// One row for each combination of these columns.
    public DataFrame dropDuplicates(String... columns) {
        return then(new NamedPlan.Deduplicate(identified(), List.of(columns), false));
    }

    public DataFrame dropDuplicates(Collection<String> columns) {
        return dropDuplicates(columns.toArray(String[]::new));
    }

    /// One row for each different row seen within the watermark's delay; for streams, whose state stays small so.
    public DataFrame dropDuplicatesWithinWatermark() {
        return then(new NamedPlan.Deduplicate(identified(), List.of(), true));
    }

    public DataFrame dropDuplicatesWithinWatermark(String... columns) {
        return then(new NamedPlan.Deduplicate(identified(), List.of(columns), true));
    }

    /// The rows in order. Columns that were not selected can be used too.
    public DataFrame sort(Column... columns) {
        return then(new NamedPlan.Sort(identified(), exprs(columns)));
    }

    public DataFrame sort(String first, String... others) {
        return sort(named(first, others));
    }

    public DataFrame orderBy(Column... columns) {
        return sort(columns);
    }

    public DataFrame orderBy(String first, String... others) {
        return sort(first, others);
    }

    /// Declares which column is the time of the events, and how late they may come.
    ///
    /// @param delayThreshold an interval such as `10 minutes`
    /// @throws QueryException `EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE`, `INVALID_INTERVAL`
    public DataFrame withWatermark(String eventTime, String delayThreshold) {
        return then(new NamedPlan.WithWatermark(identified(), eventTime, delayThreshold));
    }

    /// Declares that a streaming query may leave out rows when it falls behind: a batch that finds more than
    /// `mostWaiting` rows waiting in the source reads all that it would have read, and goes on with the rows of a share
    /// `kept` of the keys only. Which keys those are is told by their hash, so they are the same in each batch, and of
    /// a key that stays no row is lost. Each row that is left out is counted in the query's loss ledger,
    /// `session.read().format("losses").load(checkpoint)`, and in [dev.headrace.streaming.RowBalance#shed].
    ///
    /// Use it below aggregations and joins, once per source. Batch queries leave out nothing. Rows count as the source
    /// counts them (see [dev.headrace.connector.StreamingSource#size]); where a source can't tell what waits, nothing
    /// is left out.
    ///
    /// @param mostWaiting how many rows may wait, those of the batch included, before any are left out; not negative
    /// @param kept the share of the keys to go on with, at least 0 and less than 1
    /// @param keys what belongs together, such as a user; at least one, and the same each time they are computed
    /// @throws QueryException `INVALID_LOAD_SHEDDING`
    public DataFrame withLoadShedding(long mostWaiting, double kept, Column... keys) {
        if (mostWaiting < 0 || !(kept >= 0 && kept < 1) || keys.length == 0) {
            throw new QueryException(
                    "INVALID_LOAD_SHEDDING",
                    "withLoadShedding(" + mostWaiting + ", " + kept + ", " + Arrays.toString(keys)
                            + "): expected how many rows may wait (0 or more), which share of the keys is kept then (at"
                            + " least 0 and less than 1), and one key or more.");
        }
        return then(new NamedPlan.Shed(identified(), functions.xxhash64(keys).expr(), mostWaiting, kept));
    }

    /// Adds rows for the windows that a key has none for, between its first and its last one: see [GapFill].
    ///
    /// @param window a column of [functions#window(Column, String)]
    /// @param keys what the windows are counted for, such as a sensor; none: all rows are of one key
    public GapFill gapFill(String window, String... keys) {
        return new GapFill(this, window, List.of(keys));
    }

    // ---- Groups

    /// Groups of rows with the same values, for [RelationalGroupedDataset#agg].
    public RelationalGroupedDataset groupBy(Column... columns) {
        return new RelationalGroupedDataset(this, List.of(columns));
    }

    public RelationalGroupedDataset groupBy(String first, String... others) {
        return groupBy(named(first, others));
    }

    /// Groups by all beginnings of a list of columns, down to one group of all rows: subtotals of subtotals.
    public RelationalGroupedDataset rollup(Column... columns) {
        return new RelationalGroupedDataset(this, List.of(columns), RelationalGroupedDataset.Kind.ROLLUP);
    }

    public RelationalGroupedDataset rollup(String first, String... others) {
        return rollup(named(first, others));
    }

    /// Groups by all subsets of the columns.
    public RelationalGroupedDataset cube(Column... columns) {
        return new RelationalGroupedDataset(this, List.of(columns), RelationalGroupedDataset.Kind.CUBE);
    }

    public RelationalGroupedDataset cube(String first, String... others) {
        return cube(named(first, others));
    }

    /// One row, computed over all rows.
    public DataFrame agg(Column first, Column... others) {
        return groupBy().agg(first, others);
    }

    /// One row: a function, by its name, of each column.
    public DataFrame agg(Map<String, String> functionByColumn) {
        return groupBy().agg(functionByColumn);
    }

    // ---- Several DataFrames

    /// Every pair of rows.
    public DataFrame join(DataFrame right) {
        return join(right, JoinType.INNER, Optional.empty(), List.of());
    }

    /// The pairs of rows with the same value in a column that both have; it comes out once.
    public DataFrame join(DataFrame right, String usingColumn) {
        return join(right, new String[] {usingColumn});
    }

    public DataFrame join(DataFrame right, String[] usingColumns) {
        return join(right, usingColumns, "inner");
    }

    public DataFrame join(DataFrame right, String usingColumn, String joinType) {
        return join(right, new String[] {usingColumn}, joinType);
    }

    /// @param joinType `inner`, `cross`, `outer` (`full`), `left`, `right`, `semi` or `anti`
    /// @throws QueryException `UNKNOWN_JOIN_TYPE`, `UNRESOLVED_COLUMN`
    public DataFrame join(DataFrame right, String[] usingColumns, String joinType) {
        return join(right, JoinType.of(joinType), Optional.empty(), List.of(usingColumns));
    }

    /// The pairs of rows for which the condition is true.
    public DataFrame join(DataFrame right, Column condition) {
        return join(right, condition, "inner");
    }

    /// @param joinType `inner`, `cross`, `outer` (`full`), `left`, `right`, `semi` or `anti`
    /// @throws QueryException `UNKNOWN_JOIN_TYPE`, and what is wrong with the condition
    public DataFrame join(DataFrame right, Column condition, String joinType) {
        return join(right, JoinType.of(joinType), Optional.of(condition.expr()), List.of());
    }

    /// Each row with that row of the right side which is nearest in time: as [#joinAsOf(DataFrame, Column, Column,
    /// Column, String, Column, boolean, String)], backward, exact matches included.
    ///
    /// @param condition equalities between the sides, such as the symbol's
    public DataFrame joinAsOf(DataFrame right, Column leftAsOf, Column rightAsOf, Column condition, String joinType) {
        return joinAsOf(right, leftAsOf, rightAsOf, condition, joinType, null, true, "backward");
    }

    /// As the method above, for columns that both sides have; they come out once.
    public DataFrame joinAsOf(
            DataFrame right, Column leftAsOf, Column rightAsOf, String[] usingColumns, String joinType) {
        return joinAsOf(right, leftAsOf, rightAsOf, usingColumns, joinType, null, true, "backward");
    }

    /// Each row with that one of the right rows with the same key whose time is nearest: the last one that is not later
    /// (`backward`), the first one that is not earlier (`forward`), or the nearer of the two (`nearest`; the earlier
    /// one if they are equally near). Of right rows of the same time, the greatest is taken, its columns compared in
    /// turn. Rows whose time or key is null have no partner.
    ///
    /// @param leftAsOf,rightAsOf the times: timestamps, dates or numbers
    /// @param condition equalities between the sides, and conditions on the right side alone; null for none
    /// @param joinType `inner`, or `left`, which keeps rows without a partner
    /// @param tolerance how far apart the times may be, as `expr("INTERVAL 5 MINUTES")` or `lit(3)`; null for any
    ///     distance
    /// @param allowExactMatches whether a row of the very same time counts
    /// @param direction `backward`, `forward` or `nearest`
    /// @throws QueryException `AS_OF_JOIN_TYPE`, `AS_OF_JOIN_CONDITION`, `AS_OF_JOIN_TIME`, `AS_OF_JOIN_TOLERANCE`,
    ///     `AS_OF_JOIN_DIRECTION`
    public DataFrame joinAsOf(
            DataFrame right,
            Column leftAsOf,
            Column rightAsOf,
            @Nullable Column condition,
            String joinType,
            @Nullable Column tolerance,
            boolean allowExactMatches,
            String direction) {
        return joinAsOf(
                right,
                joinType,
                Optional.ofNullable(condition).map(Column::expr),
                List.of(),
                asOfTimes(leftAsOf, rightAsOf, tolerance, allowExactMatches, direction));
    }

    /// As the method above, for columns that both sides have; they come out once.
    public DataFrame joinAsOf(
            DataFrame right,
            Column leftAsOf,
            Column rightAsOf,
            String[] usingColumns,
            String joinType,
            @Nullable Column tolerance,
            boolean allowExactMatches,
            String direction) {
        return joinAsOf(
                right,
                joinType,
                Optional.empty(),
                List.of(usingColumns),
                asOfTimes(leftAsOf, rightAsOf, tolerance, allowExactMatches, direction));
    }

    private static NamedPlan.AsOfTimes asOfTimes(
            Column left, Column right, @Nullable Column tolerance, boolean exactMatches, String direction) {
        return new NamedPlan.AsOfTimes(
                left.expr(),
                right.expr(),
                AsOf.Direction.of(direction),
                exactMatches,
                Optional.ofNullable(tolerance).map(Column::expr));
    }

    private DataFrame joinAsOf(
            DataFrame right,
            String joinType,
            Optional<NamedExpr> condition,
            List<String> using,
            NamedPlan.AsOfTimes times) {
        return of(
                session,
                new NamedPlan.AsOfJoin(
                        identified(), right.identified(), JoinType.of(joinType), condition, using, Optional.of(times)),
                this,
                right);
    }

    /// Each row with what a lookup gives for its values in the columns named like the lookup's keys.
    ///
    /// @param joinType `inner`, or `left`, which keeps rows that the lookup has nothing for
    /// @throws QueryException `LOOKUP_JOIN_TYPE`, `LOOKUP_KEY`, `UNRESOLVED_COLUMN`
    public DataFrame joinLookup(Lookup lookup, String joinType) {
        return joinLookup(
                lookup,
                lookup.call().keySchema().names().stream().map(this::col).toArray(Column[]::new),
                joinType);
    }

    /// As the method above, by any values: this DataFrame's columns, then those of the lookup but its keys.
    ///
    /// Over a stream, a batch looks its rows up while it runs. A batch that is run again after a crash sees the same
    /// answers if a state or one of several outputs depends on them; else it looks up again, and may see newer ones. Of
    /// rows that can go again, each takes with it what it was given.
    ///
    /// @param keys one for each of the lookup's keys
    public DataFrame joinLookup(Lookup lookup, Column[] keys, String joinType) {
        return of(
                session,
                new NamedPlan.LookupJoin(
                        identified(),
                        java.util.Arrays.stream(keys).map(Column::expr).toList(),
                        lookup.call(),
                        JoinType.of(joinType)),
                this);
    }

    public DataFrame crossJoin(DataFrame right) {
        return join(right, JoinType.CROSS, Optional.empty(), List.of());
    }

    /// Each row with the rows of another query that uses columns of this one, marked with [Column#outer]:
    /// `orders.lateralJoin(items.where(items.col("order").equalTo(orders.col("id").outer())))`.
    public DataFrame lateralJoin(DataFrame right) {
        return lateralJoin(right, JoinType.INNER, Optional.empty());
    }

    public DataFrame lateralJoin(DataFrame right, Column condition) {
        return lateralJoin(right, JoinType.INNER, Optional.of(condition.expr()));
    }

    public DataFrame lateralJoin(DataFrame right, String joinType) {
        return lateralJoin(right, JoinType.of(joinType), Optional.empty());
    }

    /// @param joinType `inner`, `cross`, or `left`, which keeps rows for which the other query gives none
    /// @throws QueryException `UNSUPPORTED_JOIN_TYPE` for other types
    public DataFrame lateralJoin(DataFrame right, Column condition, String joinType) {
        return lateralJoin(right, JoinType.of(joinType), Optional.of(condition.expr()));
    }

    private DataFrame lateralJoin(DataFrame right, JoinType type, Optional<NamedExpr> condition) {
        if (type != JoinType.INNER && type != JoinType.CROSS && type != JoinType.LEFT_OUTER) {
            throw new QueryException(
                    "UNSUPPORTED_JOIN_TYPE", "lateralJoin(…) is inner, cross or left, not " + type + ".");
        }
        return of(session, new NamedPlan.LateralJoin(identified(), right.identified(), type, condition), this, right);
    }

    private DataFrame join(DataFrame right, JoinType type, Optional<NamedExpr> condition, List<String> using) {
        return of(session, new NamedPlan.Join(identified(), right.identified(), type, condition, using), this, right);
    }

    /// The rows of both, duplicates included; columns are matched by position.
    ///
    /// @throws QueryException `NUM_COLUMNS_MISMATCH`, `INCOMPATIBLE_COLUMN_TYPE`
    public DataFrame union(DataFrame other) {
        return of(session, new NamedPlan.Union(identified(), other.identified(), false, false), this, other);
    }

    public DataFrame unionAll(DataFrame other) {
        return union(other);
    }

    /// The rows of both, duplicates included; columns are matched by name.
    public DataFrame unionByName(DataFrame other) {
        return unionByName(other, false);
    }

    /// @param allowMissingColumns whether a column that one side lacks is filled with nulls
    /// @throws QueryException `UNRESOLVED_COLUMN`, `INCOMPATIBLE_COLUMN_TYPE`
    public DataFrame unionByName(DataFrame other, boolean allowMissingColumns) {
        return of(
                session, new NamedPlan.Union(identified(), other.identified(), true, allowMissingColumns), this, other);
    }

    /// Each row that both have, once; columns are matched by position, nulls count as equal.
    ///
    /// @throws QueryException `NUM_COLUMNS_MISMATCH`, `INCOMPATIBLE_COLUMN_TYPE`
    public DataFrame intersect(DataFrame other) {
        return setOperation(other, NamedPlan.SetOperation.Kind.INTERSECT, false);
    }

    /// The rows that both have, each as often as the one that has it less often.
    public DataFrame intersectAll(DataFrame other) {
        return setOperation(other, NamedPlan.SetOperation.Kind.INTERSECT, true);
    }

    /// Each row that the other DataFrame does not have, once.
    public DataFrame except(DataFrame other) {
        return setOperation(other, NamedPlan.SetOperation.Kind.EXCEPT, false);
    }

    /// The rows, less those of the other DataFrame, each as often as it is there.
    public DataFrame exceptAll(DataFrame other) {
        return setOperation(other, NamedPlan.SetOperation.Kind.EXCEPT, true);
    }

    private DataFrame setOperation(DataFrame other, NamedPlan.SetOperation.Kind kind, boolean all) {
        return of(session, new NamedPlan.SetOperation(identified(), other.identified(), kind, all), this, other);
    }

    /// Gives this a name in SQL, for as long as the session lives; a view of this name is replaced.
    public void createOrReplaceTempView(String viewName) {
        session.tables().putView(viewName, this, true);
    }

    /// Gives this a name in SQL, for as long as the session lives.
    ///
    /// @throws QueryException `TEMP_TABLE_OR_VIEW_ALREADY_EXISTS`
    public void createTempView(String viewName) {
        session.tables().putView(viewName, this, false);
    }

    /// Gives this a name in the database `global_temp`, for as long as the session lives, and in sessions made of it by
    /// [Session#newSession]; a view of this name is replaced.
    public void createOrReplaceGlobalTempView(String viewName) {
        session.tables().putGlobalView(viewName, this, true);
    }

    /// As [#createOrReplaceGlobalTempView], if the name is free.
    ///
    /// @throws QueryException `TEMP_TABLE_OR_VIEW_ALREADY_EXISTS`
    public void createGlobalTempView(String viewName) {
        session.tables().putGlobalView(viewName, this, false);
    }

    /// The columns turned into rows, one per column and row, with the column's name and its value.
    ///
    /// @param ids the columns that stay
    /// @param values the columns that are turned
    public DataFrame unpivot(Column[] ids, Column[] values, String variableColumnName, String valueColumnName) {
        List<NamedPlan.Unpivot.UnpivotSet> sets = Arrays.stream(values)
                .map(value -> new NamedPlan.Unpivot.UnpivotSet(List.of(value.expr()), Optional.empty()))
                .toList();
        return then(new NamedPlan.Unpivot(
                identified(), Optional.of(exprs(ids)), sets, variableColumnName, List.of(valueColumnName), true));
    }

    public DataFrame melt(Column[] ids, Column[] values, String variableColumnName, String valueColumnName) {
        return unpivot(ids, values, variableColumnName, valueColumnName);
    }

    /// All columns but `ids` turned into rows.
    public DataFrame unpivot(Column[] ids, String variableColumnName, String valueColumnName) {
        List<String> kept = select(ids).schema().names();
        Column[] values = Arrays.stream(allColumns())
                .filter(column -> kept.stream().noneMatch(column.expr().outputName()::equalsIgnoreCase))
                .toArray(Column[]::new);
        return unpivot(ids, values, variableColumnName, valueColumnName);
    }

    public DataFrame melt(Column[] ids, String variableColumnName, String valueColumnName) {
        return unpivot(ids, variableColumnName, valueColumnName);
    }

    /// The rows as columns, by their first column: see [#transpose(Column)].
    public DataFrame transpose() {
        return transpose(columnAt(0));
    }

    /// One row per column, with its name as `key`, and one column per row, named by the index column, in its order; the
    /// values are of the type that all have in common. Runs at once.
    ///
    /// @throws QueryException `TRANSPOSE_INVALID_INDEX_COLUMN`, `TRANSPOSE_EXCEED_ROW_LIMIT` for over 500 rows
    public DataFrame transpose(Column indexColumn) {
        return Transposition.of(this, indexColumn);
    }

    /// What a function makes of this, for chains of methods.
    public <R> R transform(java.util.function.Function<DataFrame, R> function) {
        return function.apply(this);
    }

    /// Methods for nulls.
    public DataFrameNaFunctions na() {
        return new DataFrameNaFunctions(this);
    }

    // ---- Rows as results

    /// All rows. They must fit in memory.
    ///
    /// @throws QueryException `STREAMING_QUERY_NOT_STARTED` for a stream
    /// @throws dev.headrace.errors.HeadraceException whatever goes wrong while the query runs
    public List<Row> collectAsList() {
        return new Execution(this, "collectAsList()").rows();
    }

    /// All rows. They must fit in memory.
    public Row[] collect() {
        return collectAsList().toArray(Row[]::new);
    }

    public List<Row> takeAsList(int n) {
        return new Execution(limit(n), this, "takeAsList()").rows();
    }

    public Row[] take(int n) {
        return takeAsList(n).toArray(Row[]::new);
    }

    public Row[] head(int n) {
        return take(n);
    }

    /// The first row.
    ///
    /// @throws NoSuchElementException if there is none
    public Row head() {
        return takeAsList(1).stream()
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("head() of a DataFrame without rows"));
    }

    public Row first() {
        return head();
    }

    /// The last `n` rows.
    ///
    /// @throws QueryException `INVALID_LIMIT` if the number is negative
    public List<Row> tailAsList(int n) {
        if (n < 0) {
            throw new QueryException("INVALID_LIMIT", "tail(" + n + "): the number must not be negative.");
        }
        return new Execution(this, "tail(…)").last(n);
    }

    public Row[] tail(int n) {
        return tailAsList(n).toArray(Row[]::new);
    }

    public boolean isEmpty() {
        return takeAsList(1).isEmpty();
    }

    /// The number of rows.
    public long count() {
        return new Execution(groupBy().count(), this, "count()")
                .rows()
                .getFirst()
                .getLong(0);
    }

    /// All rows, converted as they are asked for.
    public Iterator<Row> toLocalIterator() {
        return new Execution(this, "toLocalIterator()").iterator();
    }

    /// Runs a function on each row, in this thread.
    public void foreach(ForeachFunction<Row> function) {
        Execution.each(toLocalIterator(), function);
    }

    /// Runs a function on the rows, in this thread: they are one partition.
    public void foreachPartition(ForeachPartitionFunction<Row> function) {
        Execution.all(toLocalIterator(), function);
    }

    // ---- Observing

    /// The same rows, over which aggregates are computed as they pass: once per batch of a streaming query, in the
    /// progress as `observedMetrics`. Actions on batch DataFrames compute them, too, for nobody: see
    /// [#observe(Observation, Column, Column...)].
    ///
    /// Rows are counted that come to this place of the query: a `limit` above may end it before all have come.
    ///
    /// @param name of the metrics; no other one of the query may have it
    /// @throws QueryException `INVALID_OBSERVED_METRICS` for window functions, subqueries and `DISTINCT`;
    ///     `MISSING_AGGREGATION` for a column that is in no aggregate function
    public DataFrame observe(String name, Column expr, Column... exprs) {
        return then(new NamedPlan.Observe(identified(), exprs(expr, exprs), new Metrics(name)));
    }

    /// The same rows, over which aggregates are computed as they pass, for the first action that ends well:
    /// [Observation#get] gives them.
    ///
    /// @throws QueryException `UNSUPPORTED_STREAMING_OPERATION` over streams, which have metrics for each batch: give a
    ///     name instead; `OBSERVATION_USED` if it is of another DataFrame already; and as with a name
    public DataFrame observe(Observation observation, Column expr, Column... exprs) {
        if (isStreaming()) {
            throw new QueryException(
                    "UNSUPPORTED_STREAMING_OPERATION",
                    "An Observation takes the metrics of one run, and a stream has them for each batch. Use observe(\""
                            + observation.name() + "\", …) and look at the observedMetrics of its progress.");
        }
        return then(new NamedPlan.Observe(identified(), exprs(expr, exprs), observation.over(this)));
    }

    /// An observer for the progress of streams alone.
    private record Metrics(String name) implements Observer {
        @Override
        public void observed(StructType metrics, List<@Nullable Object> cells) {}
    }

    // ---- Printing

    /// Prints the first 20 rows as a table to standard output, texts cut to 20 characters.
    public void show() {
        show(20);
    }

    public void show(int numRows) {
        show(numRows, true);
    }

    public void show(boolean truncate) {
        show(20, truncate);
    }

    public void show(int numRows, boolean truncate) {
        show(numRows, truncate ? 20 : 0);
    }

    /// @param truncate the number of characters that texts are cut to; 0 for all
    public void show(int numRows, int truncate) {
        show(numRows, truncate, false);
    }

    /// @param vertical whether rows are printed one below the other, a line per column
    public void show(int numRows, int truncate, boolean vertical) {
        System.out.println(showString(numRows, truncate, vertical));
    }

    /// What `show` prints.
    String showString(int numRows, int truncate, boolean vertical) {
        int rows = Math.max(0, Math.min(numRows, Integer.MAX_VALUE - 1));
        return new Execution(limit(rows + 1), this, "show()").table(rows, truncate, vertical);
    }

    /// Whether this and another query are known to give the same rows: false also if that can't be told.
    public boolean sameSemantics(DataFrame other) {
        return resolved().plan().equals(other.resolved().plan());
    }

    /// A number that is the same for queries of [#sameSemantics].
    public int semanticHash() {
        return resolved().plan().hashCode();
    }

    /// Prints the physical plan to standard output.
    public void explain() {
        explain("simple");
    }

    /// Prints the plan, with the logical plans if `extended`, to standard output.
    public void explain(boolean extended) {
        explain(extended ? "extended" : "simple");
    }

    /// Prints the plan to standard output.
    ///
    /// @param mode `simple` (the physical plan; below it, of the last action that was called on this DataFrame, what
    ///     its operators did: the rows that each gave, and the time of all threads that it took), `extended` (the logical plans too), `codegen` (the generated code),
    ///     `cost` (the optimized plan with sizes), `formatted` (the physical plan with details of each operator) or
    ///     `analyze` (runs the query, leaves out its rows, and says what its operators did)
    /// @throws QueryException `UNKNOWN_EXPLAIN_MODE`; for `analyze` also what a run throws
    public void explain(String mode) {
        System.out.println(explainString(mode));
    }

    /// What `explain` prints.
    String explainString(String mode) {
        return new Execution(this, "explain()").explain(mode);
    }

    /// Charts: `df.plot().bar("status", "count")`. The module of the notebooks draws them.
    ///
    /// @throws QueryException `PLOTTING_NOT_AVAILABLE` if it is not on the class path
    public Plot plot() {
        return ServiceLoader.load(Plotting.class, DataFrame.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new QueryException(
                        "PLOTTING_NOT_AVAILABLE",
                        "plot() needs what draws charts, which is not on the class path. In ./headrace notebook it is there;"
                                + " a program needs the artifact dev.headrace:headrace-notebooks."))
                .plot(this);
    }

    // ---- Statistics

    /// `count`, `mean`, `stddev`, `min` and `max` of columns, as texts: of these columns, or of all numbers and texts.
    public DataFrame describe(String... columns) {
        return Summary.describe(this, List.of(columns));
    }

    /// Statistics of all numbers and texts, as texts.
    ///
    /// @param statistics of `count`, `count_distinct`, `approx_count_distinct`, `mean`, `stddev`, `min`, `max` and
    ///     percentiles such as `25%`; if none is given, all but the counts of distinct values, with 25%, 50% and 75%
    public DataFrame summary(String... statistics) {
        return Summary.of(this, List.of(statistics));
    }

    // ---- Writing

    /// Writes the rows to a table of the session.
    ///
    /// @param table as in SQL; a format with a path, as in `` delta.`/data/t` ``, too
    public DataFrameWriterV2 writeTo(String table) {
        return new DataFrameWriterV2(this, table);
    }

    /// Merges the rows into a table that keeps versions: see [MergeIntoWriter].
    ///
    /// @param table as in SQL; a format with a path, as in `` delta.`/data/t` ``, too
    /// @param condition which rows belong together: the table's columns are found by its name, these by `col` of this
    ///     DataFrame or by its alias
    public MergeIntoWriter mergeInto(String table, Column condition) {
        return new MergeIntoWriter(this, table, condition);
    }

    /// Writes the rows to files, tables or other connectors.
    public DataFrameWriter write() {
        return new DataFrameWriter(this);
    }

    /// Starts a streaming query.
    ///
    /// @throws QueryException `NOT_A_STREAM` if no stream is read
    public DataStreamWriter writeStream() {
        return new StreamWriter(this);
    }

    /// The columns of these names, as the schema writes them.
    List<String> namesOf(String... columns) {
        return Arrays.stream(columns)
                .map(column -> schema().field(resolved().ordinal(column)).name())
                .toList();
    }

    private static List<NamedExpr> exprs(Column... columns) {
        return Arrays.stream(columns).map(Column::expr).toList();
    }

    private static List<NamedExpr> exprs(Column first, Column... others) {
        List<NamedExpr> exprs = new java.util.ArrayList<>(List.of(first.expr()));
        exprs.addAll(exprs(others));
        return exprs;
    }

    private static Column[] named(String first, String... others) {
        Column[] columns = new Column[others.length + 1];
        columns[0] = functions.col(first);
        for (int i = 0; i < others.length; i++) {
            columns[i + 1] = functions.col(others[i]);
        }
        return columns;
    }

    /// The columns with their types, as in `[id: bigint, name: string]`.
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (StructField field : schema()) {
            out.append(out.isEmpty() ? "[" : ", ").append(field.name()).append(": ");
            out.append(field.dataType().simpleString());
        }
        return out.isEmpty() ? "[]" : out.append("]").toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(planId);
    }

    // ---- Said for Spark, where rows have partitions that can be seen

    /// The same rows: how work is split is decided by itself.
    public DataFrame coalesce(int numPartitions) {
        return repartition(numPartitions);
    }

    /// The same rows: how work is split is decided by itself.
    public DataFrame repartition(int numPartitions, Column... partitionExprs) {
        if (numPartitions < 1) {
            throw new QueryException(
                    "INVALID_NUM_PARTITIONS",
                    "repartition(" + numPartitions + "): there must be at least 1 partition.");
        }
        return partitionExprs.length == 0 ? this : repartition(partitionExprs);
    }

    /// The same rows: how work is split is decided by itself. The columns must be there.
    public DataFrame repartition(Column... partitionExprs) {
        select(partitionExprs).schema();
        return this;
    }

    /// The same rows: how work is split is decided by itself.
    public DataFrame repartitionByRange(int numPartitions, Column... partitionExprs) {
        return repartition(numPartitions, partitionExprs);
    }

    public DataFrame repartitionByRange(Column... partitionExprs) {
        return repartition(partitionExprs);
    }

    /// The rows in order, all of them.
    public DataFrame sortWithinPartitions(Column... columns) {
        return sort(columns);
    }

    public DataFrame sortWithinPartitions(String first, String... others) {
        return sort(first, others);
    }

    /// The same rows: plans are chosen by themselves.
    public DataFrame hint(String name, Object... parameters) {
        return this;
    }

    // ---- Samples and statistics

    /// About this part of the rows, by the hash of their values: the same ones at each run, equal rows all or none.
    ///
    /// @param fraction from 0 to 1
    public DataFrame sample(double fraction, long seed) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new QueryException("INVALID_FRACTION", "sample(" + fraction + "): the fraction must be from 0 to 1.");
        }
        return Sampling.between(this, seed, 0, fraction);
    }

    /// @throws QueryException `SAMPLE_WITH_REPLACEMENT` if a row may be chosen several times
    public DataFrame sample(boolean withReplacement, double fraction, long seed) {
        if (withReplacement) {
            throw new QueryException(
                    "SAMPLE_WITH_REPLACEMENT",
                    "sample(true, …): rows are chosen by their hash, none of them twice. Use sample(fraction).");
        }
        return sample(fraction, seed);
    }

    public DataFrame sample(boolean withReplacement, double fraction) {
        return sample(withReplacement, fraction, 0);
    }

    public DataFrame sample(double fraction) {
        return sample(fraction, 0);
    }

    /// The rows in parts whose sizes are about in these proportions, by the hash of their values; each row is in one of
    /// them, equal rows in the same.
    public DataFrame[] randomSplit(double[] weights, long seed) {
        return Sampling.split(this, weights, seed).toArray(DataFrame[]::new);
    }

    public DataFrame[] randomSplit(double[] weights) {
        return randomSplit(weights, 0);
    }

    public List<DataFrame> randomSplitAsList(double[] weights, long seed) {
        return Sampling.split(this, weights, seed);
    }

    /// Statistics of columns.
    public DataFrameStatFunctions stat() {
        return new DataFrameStatFunctions(this);
    }

    // ---- Other forms

    /// The columns of a schema, by name, in its order: those of its names, fields of structs included, as its types
    /// where INSERT would take them for these, and null where there is none.
    ///
    /// @throws QueryException `INVALID_COLUMN_OR_FIELD_DATA_TYPE`; for columns that the schema says are never null
    ///     `UNRESOLVED_COLUMN` or `NULLABLE_COLUMN_OR_FIELD`
    public DataFrame to(StructType schema) {
        SchemaColumns columns = new SchemaColumns();
        return select(schema.fieldList().stream()
                .map(field -> columns.column(this, field))
                .toArray(Column[]::new));
    }

    /// Each row as JSON.
    public Dataset<String> toJSON() {
        return select(functions.to_json(functions.struct("*")).as("value")).as(Encoders.STRING());
    }

    /// The column whose name matches a Java regular expression.
    ///
    /// @throws QueryException `INVALID_REGEXP` if it is none, `UNRESOLVED_COLUMN` unless it matches one column
    public Column colRegex(String regex) {
        java.util.regex.Pattern pattern = pattern(regex.replaceAll("^`(.*)`$", "$1"));
        List<String> found = Arrays.stream(columns())
                .filter(name -> pattern.matcher(name).matches())
                .toList();
        if (found.size() != 1) {
            throw new QueryException(
                    "UNRESOLVED_COLUMN",
                    "colRegex(\"" + regex + "\") matches " + found.size() + " columns of " + this
                            + ". It must match one; use select with the names of several.");
        }
        return col("`" + found.getFirst() + "`");
    }

    private static java.util.regex.Pattern pattern(String regex) {
        try {
            return java.util.regex.Pattern.compile(regex, java.util.regex.Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException wrong) {
            throw new QueryException(
                    "INVALID_REGEXP",
                    "colRegex(\"" + regex + "\"): " + wrong.getDescription() + " near position " + wrong.getIndex()
                            + ". Expected a Java regular expression, such as 'amount_.*'.",
                    wrong);
        }
    }

    /// The value of this query, which has one column and at most one row, for use in another one.
    public Column scalar() {
        return new Column(new NamedExpr.ScalarSubquery(subquery()));
    }

    /// Whether this query has a row, for use in another one.
    public Column exists() {
        return new Column(new NamedExpr.Exists(subquery()));
    }

    /// The rows as they are now, kept in memory: what is computed from them does not compute them again.
    public DataFrame localCheckpoint() {
        List<List<@Nullable Object>> rows = new Execution(this, "localCheckpoint()").cells();
        return DataFrame.of(session, new NamedPlan.LocalRelation(schema(), rows));
    }

    /// See [#localCheckpoint()], which is always eager.
    public DataFrame localCheckpoint(boolean eager) {
        return localCheckpoint();
    }

    /// Has the session keep the rows from the next query on that reads them, be it this DataFrame or one that is made
    /// of it: in memory, which counts towards the session's limit, or on disk when that is short. They stay as they are
    /// until [#unpersist], whatever becomes of files they were read from.
    ///
    /// @return this
    /// @throws QueryException `STREAMING_QUERY_NOT_STARTED` if a stream is read
    public DataFrame cache() {
        session.cached().add(this);
        return this;
    }

    /// See [#cache].
    public DataFrame persist() {
        return cache();
    }

    /// Forgets the rows that [#cache] keeps, if it does. A query that reads them now fails with `CACHE_DROPPED`.
    ///
    /// @return this
    public DataFrame unpersist() {
        session.cached().remove(this);
        return this;
    }

    /// See [#unpersist()], which always frees the memory before it returns.
    public DataFrame unpersist(boolean blocking) {
        return unpersist();
    }
}
