package dev.headrace.plan;

import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Table;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns a query as the user wrote it into one with every name bound and every type known.
///
/// Names are compared without regard to case. Each method of the API that makes a DataFrame analyzes its own step at
/// once, so that errors come where they are made; DataFrames that have been analyzed already are passed in.
public final class Analyzer {
    private static final String UNRESOLVED_OUTER = "UNRESOLVED_OUTER_COLUMN";

    private final Map<Long, Resolved> known;
    private final Optional<Scope> enclosing;

    private Analyzer(Map<Long, Resolved> known, Optional<Scope> enclosing) {
        this.known = Map.copyOf(known);
        this.enclosing = enclosing;
    }

    /// Analyzes a query.
    ///
    /// @param known the analyzed DataFrames among its inputs, by their plan ids
    /// @throws QueryException for names that don't exist or may mean several things, for types that don't fit, and for
    ///     whatever else in the query can't be run
    public static Resolved analyze(NamedPlan plan, Map<Long, Resolved> known) {
        return new Analyzer(known, Optional.empty()).resolve(plan);
    }

    /// Whether an aggregate function is used in an expression, other than as a window function.
    public static boolean containsAggregate(NamedExpr expr) {
        return ExprBinder.containsAggregate(expr);
    }

    /// Binds an expression over the columns of one schema.
    ///
    /// @param place the API method, for messages
    public static BoundExpr bind(NamedExpr expr, StructType schema, String place) {
        return ExprBinder.in(Scope.of(schema), place).bind(expr);
    }

    /// Binds a condition over the columns of one schema.
    ///
    /// @throws QueryException if it is not a boolean
    public static BoundExpr bindCondition(NamedExpr expr, StructType schema, String place) {
        return Conditions.bind(Scope.of(schema), expr, place);
    }

    /// Whether a query can't be analyzed alone, because it uses a column of a query around it.
    public static boolean needsQueryAround(QueryException failed) {
        return failed.code().equals(UNRESOLVED_OUTER);
    }

    static QueryException unresolvedOuter(NamedExpr.Name name) {
        return new QueryException(
                UNRESOLVED_OUTER,
                "'" + name.text()
                        + "' is marked with outer(), but no query around this one has it. Use this DataFrame in"
                        + " exists(), scalar() or lateralJoin(…) of a query with this column.");
    }

    /// Analyzes a subquery.
    Resolved resolve(NamedPlan subquery, Scope around) {
        return new Analyzer(known, Optional.of(around)).resolve(subquery);
    }

    Resolved resolve(NamedPlan plan) {
        try {
            return resolved(plan).within(enclosing);
        } catch (QueryException failed) {
            throw failed.within(plan);
        }
    }

    private Resolved resolved(NamedPlan plan) {
        return switch (plan) {
            case NamedPlan.Read(Table table, String _) ->
                source(CharColumns.padded(new LogicalPlan.Scan(table, ScanRequest.all(table.schema()))));
            case NamedPlan.LocalRelation(StructType schema, List<List<@Nullable Object>> rows) ->
                source(new LogicalPlan.LocalRelation(schema, rows));
            case NamedPlan.Range(long start, long end, long step, int partitions) ->
                source(new LogicalPlan.Range(start, end, step, partitions));
            case NamedPlan.Project(NamedPlan input, List<NamedExpr> columns) ->
                select(DroppedColumns.keysWithin(resolve(input), columns), columns);
            case NamedPlan.Filter(NamedPlan input, NamedExpr condition) ->
                filter(DroppedColumns.within(resolve(input), List.of(condition), _ -> true), condition)
                        .visible();
            case NamedPlan.WithColumns(NamedPlan input, List<NamedExpr.Alias> columns) ->
                ProjectAnalysis.withColumns(this, DroppedColumns.keysWithin(resolve(input), columns), columns);
            case NamedPlan.WithColumnsRenamed(NamedPlan input, Map<String, String> names) ->
                Renaming.some(this, resolve(input), names);
            case NamedPlan.Drop(NamedPlan input, List<NamedExpr> columns) ->
                Renaming.drop(this, resolve(input), columns);
            case NamedPlan.ToDF(NamedPlan input, List<String> names) -> Renaming.all(this, resolve(input), names);
            case NamedPlan.Aggregate(
                    NamedPlan input,
                    List<NamedExpr> keys,
                    List<NamedExpr> columns,
                    Optional<Firing> firing) ->
                Selection.aggregate(
                        this,
                        DroppedColumns.keysWithin(DroppedColumns.keysWithin(resolve(input), keys), columns),
                        keys,
                        columns,
                        firing);
            case NamedPlan.Join(
                    NamedPlan left,
                    NamedPlan right,
                    JoinType type,
                    Optional<NamedExpr> condition,
                    List<String> using) -> {
                List<NamedExpr> users = condition.map(List::of).orElse(List.of());
                yield JoinAnalysis.of(
                        this,
                        DroppedColumns.keysWithin(resolve(left), users),
                        DroppedColumns.keysWithin(resolve(right), users),
                        type,
                        condition,
                        using);
            }
            case NamedPlan.AsOfJoin join -> AsOfAnalysis.of(this, resolve(join.left()), resolve(join.right()), join);
            case NamedPlan.LookupJoin join -> LookupAnalysis.of(resolve(join.input()), join);
            case NamedPlan.Sort(NamedPlan input, List<NamedExpr> order) ->
                Sorts.of(resolve(input), order).visible();
            case NamedPlan.Limit(NamedPlan input, long count) -> limit(resolve(input), count, 0);
            case NamedPlan.Offset(NamedPlan input, long count) -> limit(resolve(input), Long.MAX_VALUE, count);
            case NamedPlan.Union(NamedPlan left, NamedPlan right, boolean byName, boolean allowMissing) ->
                byName
                        ? UnionAnalysis.byName(resolve(left), resolve(right), allowMissing)
                        : UnionAnalysis.byPosition(resolve(left), resolve(right));
            case NamedPlan.Deduplicate(NamedPlan input, List<String> columns, boolean within) ->
                deduplicate(resolve(input), columns, within);
            case NamedPlan.NaturalJoin(NamedPlan left, NamedPlan right, JoinType type) ->
                JoinAnalysis.natural(this, resolve(left), resolve(right), type);
            case NamedPlan.LateralJoin lateral -> LateralAnalysis.of(this, lateral);
            case NamedPlan.SetOperation operation ->
                SetAnalysis.of(
                        resolve(operation.left()), resolve(operation.right()), operation.kind(), operation.all());
            case NamedPlan.GroupingSets(
                    NamedPlan input,
                    List<NamedExpr> keys,
                    List<List<Integer>> sets,
                    List<NamedExpr> columns) ->
                Selection.groupingSets(
                        this,
                        DroppedColumns.keysWithin(DroppedColumns.keysWithin(resolve(input), keys), columns),
                        keys,
                        sets,
                        columns);
            case NamedPlan.Having(NamedPlan input, NamedExpr condition) -> {
                Resolved groups = resolve(input);
                yield selectionOf(groups, "HAVING").having(groups, condition);
            }
            case NamedPlan.Qualify(NamedPlan input, NamedExpr condition) -> {
                Resolved rows = resolve(input);
                yield selectionOf(rows, "QUALIFY").qualify(rows, condition);
            }
            case NamedPlan.Generate generate -> Generators.of(resolve(generate.input()), generate);
            case NamedPlan.Pivot pivot -> resolve(PivotAnalysis.rewrite(pivot, resolve(pivot.input()), this));
            case NamedPlan.Unpivot unpivot -> UnpivotAnalysis.of(resolve(unpivot.input()), unpivot);
            case NamedPlan.SubqueryAlias(NamedPlan input, String name, Optional<String> database) -> {
                Resolved child = resolve(input);
                yield child.withScope(child.scope().withQualifier(name, database))
                        .closed();
            }
            case NamedPlan.Closed(NamedPlan input) -> resolve(input).closed();
            case NamedPlan.WithWatermark(NamedPlan input, String eventTime, String delay) ->
                watermark(resolve(input), eventTime, delay);
            case NamedPlan.Shed(NamedPlan input, NamedExpr key, long mostWaiting, double kept) ->
                shed(resolve(input), key, mostWaiting, kept);
            case NamedPlan.Observe(NamedPlan input, List<NamedExpr> metrics, Observer observer) ->
                ObserveAnalysis.of(this, resolve(input), metrics, observer);
            case NamedPlan.MapGroups(List<NamedPlan> inputs, GroupCall call) ->
                source(new LogicalPlan.MapGroups(
                        inputs.stream().map(input -> resolve(input).plan()).toList(), call));
            case NamedPlan.Identified(NamedPlan input, long planId, Optional<Resolved> analyzed) ->
                Optional.ofNullable(known.get(planId))
                        .or(() -> analyzed)
                        .orElseGet(() -> resolve(input))
                        .identified(planId);
        };
    }

    private static Resolved source(LogicalPlan plan) {
        return Resolved.of(plan, Scope.of(plan.schema()));
    }

    private Resolved select(Resolved input, List<NamedExpr> columns) {
        return columns.stream().anyMatch(ExprBinder::containsAggregate)
                ? Selection.aggregate(this, input, List.of(), columns, Optional.empty())
                : ProjectAnalysis.select(this, input, columns);
    }

    /// Conditions without subqueries come first, so that there are fewer rows to look at. Then conditions that are
    /// subqueries become semi and anti joins; other subqueries are joined to the rows before they are filtered.
    Resolved filter(Resolved input, NamedExpr condition) {
        if (!containsSubquery(condition)) {
            BoundExpr predicate = Conditions.bind(input.scope(), condition, "filter(…)");
            return Resolved.keeping(input, new LogicalPlan.Filter(input.plan(), predicate));
        }
        Scope scope = input.scope();
        LogicalPlan plan = input.plan();
        List<NamedExpr> withSubqueries = new ArrayList<>();
        List<NamedExpr> rest = new ArrayList<>();
        for (NamedExpr conjunct : conjuncts(condition)) {
            if (containsSubquery(conjunct)) {
                withSubqueries.add(conjunct);
                continue;
            }
            BoundExpr predicate = Conditions.bind(scope, conjunct, "WHERE");
            if (predicate.deterministic()) {
                plan = new LogicalPlan.Filter(plan, predicate);
            } else {
                // The rows before it may be computed twice.
                rest.add(conjunct);
            }
        }
        for (NamedExpr conjunct : withSubqueries) {
            Optional<LogicalPlan> joined = Subqueries.asFilter(
                    plan, conjunct, ExprBinder.in(scope, "WHERE"), subquery -> resolve(subquery, scope));
            if (joined.isPresent()) {
                plan = joined.get();
            } else {
                rest.add(conjunct);
            }
        }
        for (NamedExpr conjunct : rest) {
            plan = filter(plan, scope, conjunct);
        }
        return Resolved.keeping(input, plan, wider -> filter(wider, condition));
    }

    private LogicalPlan filter(LogicalPlan input, Scope scope, NamedExpr condition) {
        List<Subqueries.Bound> subqueries = new ArrayList<>();
        ExprBinder binder = ExprBinder.in(scope, "WHERE").withSubqueries((subquery, own) -> {
            Subqueries.Bound bound = Subqueries.bind(subquery, own, plan -> resolve(plan, scope));
            subqueries.add(bound);
            return new BoundExpr.Column(
                    Slots.of(Slots.Kind.SUBQUERY, subqueries.size() - 1),
                    subquery.text(),
                    bound.type(),
                    bound.nullable());
        });
        BoundExpr predicate = Conditions.bind(binder, condition, "WHERE");
        Subqueries.Attached attached =
                Subqueries.attach(input, subqueries, java.util.function.UnaryOperator.identity());
        LogicalPlan filtered = new LogicalPlan.Filter(
                attached.plan(),
                predicate.transformUp(expr ->
                        expr instanceof BoundExpr.Column column && Slots.kind(column.ordinal()) == Slots.Kind.SUBQUERY
                                ? attached.values().get(Slots.index(column.ordinal()))
                                : expr));
        return subqueries.isEmpty() ? filtered : new LogicalPlan.Project(filtered, Decorrelation.identity(input));
    }

    static List<NamedExpr> conjuncts(NamedExpr condition) {
        if (condition instanceof NamedExpr.Call call && call.function().equals("and")) {
            return call.arguments().stream()
                    .flatMap(argument -> conjuncts(argument).stream())
                    .toList();
        }
        return List.of(condition);
    }

    static boolean containsSubquery(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.ScalarSubquery _, NamedExpr.InSubquery _, NamedExpr.Exists _ -> true;
            default -> expr.operands().stream().anyMatch(Analyzer::containsSubquery);
        };
    }

    private static Selection selectionOf(Resolved input, String what) {
        return input.selection()
                .orElseThrow(() -> new QueryException(
                        "UNSUPPORTED_OPERATION", what + " can only follow a SELECT or an aggregation."));
    }

    private static Resolved limit(Resolved input, long count, long offset) {
        if (count < 0 || offset < 0) {
            throw new QueryException(
                    "INVALID_LIMIT",
                    (offset < 0 ? "offset(" + offset : "limit(" + count) + "): the number must not be negative.");
        }
        return Resolved.keeping(input, new LogicalPlan.Limit(input.plan(), count, offset));
    }

    private static Resolved deduplicate(Resolved input, List<String> names, boolean withinWatermark) {
        List<Integer> keys = new ArrayList<>();
        for (String name : names) {
            List<Integer> found = input.scope().named(name);
            keys.addAll(found.isEmpty() ? List.of(input.scope().only(name)) : found);
        }
        if (names.isEmpty()) {
            keys.addAll(input.scope().columnsOf(null));
        }
        List<Integer> distinct = keys.stream().distinct().toList();
        List<OutputColumn> columns = new ArrayList<>(Decorrelation.identity(input.plan()));
        distinct.forEach(key -> columns.set(key, columns.get(key).comparable()));
        LogicalPlan rows = columns.equals(Decorrelation.identity(input.plan()))
                ? input.plan()
                : new LogicalPlan.Project(input.plan(), columns);
        return Resolved.of(new LogicalPlan.Deduplicate(rows, distinct, withinWatermark), input.scope());
    }

    private static Resolved watermark(Resolved input, String eventTime, String delay) {
        int column = input.scope().only(eventTime);
        StructField field = input.schema().field(column);
        DataType type = field.dataType();
        if (!type.equals(DataTypes.TimestampType) && !type.equals(DataTypes.TimestampNTZType)) {
            throw new QueryException(
                    "EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE",
                    "withWatermark(\"" + eventTime + "\", …): the column is " + type.simpleString()
                            + ", expected timestamp. Cast it first, as in withColumn(\"" + eventTime + "\", col(\""
                            + eventTime + "\").cast(\"timestamp\")).");
        }
        long micros = IntervalText.micros(delay);
        if (micros < 0) {
            throw new QueryException(
                    "INVALID_INTERVAL",
                    "withWatermark(\"" + eventTime + "\", \"" + delay + "\"): the delay must not be negative.");
        }
        return Resolved.keeping(input, new LogicalPlan.Watermark(input.plan(), column, micros));
    }

    private static Resolved shed(Resolved input, NamedExpr key, long mostWaiting, double kept) {
        BoundExpr bound = ExprBinder.in(input.scope(), "withLoadShedding(…)").bind(key);
        if (!bound.deterministic()) {
            throw new QueryException(
                    "INVALID_LOAD_SHEDDING",
                    "withLoadShedding(…): " + key.text() + " gives something else each time, so a batch that runs again"
                            + " would leave out other rows. Use columns of the rows as keys.");
        }
        return Resolved.keeping(input, new LogicalPlan.Shed(input.plan(), bound, mostWaiting, kept));
    }
}
