package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Firing;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.streaming.Emit;
import dev.headrace.streaming.Pattern;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Groups of rows, from [DataFrame#groupBy]: each becomes one row of the grouping columns and what is computed over it.
public final class RelationalGroupedDataset {
    private final DataFrame input;
    private final List<Column> keys;
    private final Kind kind;
    private final Optional<Pivoted> pivoted;
    private final Optional<Firing> firing;

    /// Which combinations of the keys are grouped by.
    enum Kind {
        PLAIN,
        ROLLUP,
        CUBE
    }

    private record Pivoted(Column column, List<NamedPlan.Pivot.PivotValue> values) {}

    RelationalGroupedDataset(DataFrame input, List<Column> keys) {
        this(input, keys, Kind.PLAIN);
    }

    RelationalGroupedDataset(DataFrame input, List<Column> keys, Kind kind) {
        this(input, keys, kind, Optional.empty(), Optional.empty());
    }

    private RelationalGroupedDataset(
            DataFrame input, List<Column> keys, Kind kind, Optional<Pivoted> pivoted, Optional<Firing> firing) {
        this.input = input;
        this.keys = keys;
        this.kind = kind;
        this.pivoted = pivoted;
        this.firing = firing;
    }

    /// When the groups of a stream come out: early, on time and late, as often as `emit` says. A batch query gives the
    /// final results.
    ///
    /// @throws QueryException `UNSUPPORTED_OPERATION` with rollup, cube or pivot, or a second time
    public RelationalGroupedDataset emit(Emit emit) {
        if (kind != Kind.PLAIN || pivoted.isPresent() || firing.isPresent()) {
            throw new QueryException("UNSUPPORTED_OPERATION", "emit(…) can only follow groupBy(…), once.");
        }
        return new RelationalGroupedDataset(input, keys, kind, pivoted, Optional.of(emit.firing()));
    }

    /// Groups whose aggregates are computed for each of these values of a column, side by side.
    ///
    /// @throws QueryException `UNSUPPORTED_OPERATION` after rollup or cube, or a second time
    public RelationalGroupedDataset pivot(String pivotColumn, List<Object> values) {
        return pivot(functions.col(pivotColumn), values);
    }

    public RelationalGroupedDataset pivot(Column pivotColumn, List<Object> values) {
        if (kind != Kind.PLAIN || pivoted.isPresent() || firing.isPresent()) {
            throw new QueryException("UNSUPPORTED_OPERATION", "pivot(…) can only follow groupBy(…), once.");
        }
        List<NamedPlan.Pivot.PivotValue> constants = values.stream()
                .map(value -> new NamedPlan.Pivot.PivotValue(
                        List.of(functions.lit(value).expr()), Optional.empty()))
                .toList();
        return new RelationalGroupedDataset(
                input, keys, kind, Optional.of(new Pivoted(pivotColumn, constants)), firing);
    }

    /// As above, for all values that the column has, in order: they are looked up at once, by running a query.
    ///
    /// @throws QueryException `TOO_MANY_PIVOT_VALUES` if there are more than `spark.sql.pivotMaxValues`, 10,000 if
    ///     unset
    public RelationalGroupedDataset pivot(String pivotColumn) {
        return pivot(functions.col(pivotColumn));
    }

    public RelationalGroupedDataset pivot(Column pivotColumn) {
        int most = input.session().conf().pivotMaxValues();
        DataFrame found = input.select(pivotColumn.as("value")).distinct().sort("value");
        List<Object> values = new ArrayList<>();
        for (Row row : found.limit(most == Integer.MAX_VALUE ? most : most + 1).collectAsList()) {
            values.add(row.get(0));
        }
        if (values.size() > most) {
            throw new QueryException(
                    "TOO_MANY_PIVOT_VALUES",
                    "pivot(" + pivotColumn + ") has more than " + most
                            + " values, each of which would be a column. Give those that are meant, or set '"
                            + RuntimeConfig.PIVOT_MAX_VALUES + "' to a higher number.");
        }
        return pivot(pivotColumn, values);
    }

    /// The grouping columns and these: expressions with aggregate functions, such as `sum("a").divide(count("*"))`.
    ///
    /// @throws QueryException `MISSING_AGGREGATION` for a column that is neither grouped nor aggregated
    public DataFrame agg(Column first, Column... others) {
        List<Column> columns = new ArrayList<>(List.of(first));
        columns.addAll(Arrays.asList(others));
        return agg(columns);
    }

    /// A function, by its name, of each column: `agg(Map.of("amount", "sum"))`.
    public DataFrame agg(Map<String, String> functionByColumn) {
        return agg(functionByColumn.entrySet().stream()
                .map(entry -> functions.call_function(
                        entry.getValue(),
                        entry.getKey().equals("*") ? functions.lit(1) : functions.col(entry.getKey())))
                .toList());
    }

    /// The matches of a pattern in the rows of each group; see [PatternMatches#select].
    ///
    /// @param orderBy the event time, whose order the rows are taken in; further columns, such as `col("id").desc()`,
    ///     order rows of the same time
    /// @throws QueryException `INVALID_PATTERN` if there is no such order, after rollup, cube or pivot, and if the
    ///     pattern's conditions can't be true or false
    public PatternMatches matchPattern(Pattern pattern, Column... orderBy) {
        if (kind != Kind.PLAIN || pivoted.isPresent() || firing.isPresent()) {
            throw PatternExpressions.invalid("matchPattern(…) can only follow groupBy(…).");
        }
        return new PatternMatches(input, keys, pattern, List.of(orderBy));
    }

    private DataFrame agg(List<Column> columns) {
        List<NamedExpr> keyExprs = keys.stream().map(Column::expr).toList();
        List<NamedExpr> result = new ArrayList<>(keyExprs);
        if (pivoted.isPresent()) {
            Pivoted pivot = pivoted.get();
            NamedPlan plan = new NamedPlan.Pivot(
                    input.identified(),
                    Optional.of(keyExprs),
                    List.of(pivot.column().expr()),
                    pivot.values(),
                    columns.stream().map(Column::expr).toList(),
                    input.session().conf().zone());
            return DataFrame.of(input.session(), plan, input);
        }
        columns.forEach(column -> result.add(column.expr()));
        NamedPlan plan = switch (kind) {
            case PLAIN -> new NamedPlan.Aggregate(input.identified(), keyExprs, result, firing);
            case ROLLUP -> new NamedPlan.GroupingSets(input.identified(), keyExprs, rollup(keyExprs.size()), result);
            case CUBE -> new NamedPlan.GroupingSets(input.identified(), keyExprs, cube(keyExprs.size()), result);
        };
        return DataFrame.of(input.session(), plan, input);
    }

    private static List<List<Integer>> rollup(int keys) {
        List<List<Integer>> sets = new ArrayList<>();
        for (int size = keys; size >= 0; size--) {
            sets.add(IntStream.range(0, size).boxed().toList());
        }
        return sets;
    }

    private static List<List<Integer>> cube(int keys) {
        List<List<Integer>> sets = new ArrayList<>();
        for (int left = 0; left < 1 << keys; left++) {
            int without = left;
            sets.add(IntStream.range(0, keys)
                    .filter(key -> (without >> keys - 1 - key & 1) == 0)
                    .boxed()
                    .toList());
        }
        return sets;
    }

    /// The number of rows of each group, as `count`.
    public DataFrame count() {
        return agg(functions.count("*").as("count"));
    }

    /// The sum of each of the columns; of all numbers, also those that are grouped by, if none is given.
    public DataFrame sum(String... columns) {
        return ofNumbers("sum", columns);
    }

    public DataFrame avg(String... columns) {
        return ofNumbers("avg", columns);
    }

    public DataFrame mean(String... columns) {
        return ofNumbers("avg", columns);
    }

    public DataFrame min(String... columns) {
        return ofNumbers("min", columns);
    }

    public DataFrame max(String... columns) {
        return ofNumbers("max", columns);
    }

    private DataFrame ofNumbers(String function, String... columns) {
        List<Column> of = columns.length > 0
                ? Arrays.stream(columns).map(name -> column(function, name)).toList()
                : numbers();
        return agg(of.stream()
                .map(column -> functions.call_function(function, column))
                .toList());
    }

    private List<Column> numbers() {
        StructType schema = input.schema();
        return IntStream.range(0, schema.size())
                .filter(i -> schema.field(i).dataType() instanceof NumericType)
                .mapToObj(input::columnAt)
                .toList();
    }

    private Column column(String function, String name) {
        Column column = functions.col(name);
        DataFrame alone = input.select(column);
        if (!(alone.schema().field(0).dataType() instanceof NumericType)) {
            throw new QueryException(
                    "AGGREGATION_FUNCTION_APPLIED_ON_NON_NUMERIC_COLUMN",
                    "groupBy(…)." + function + "(\"" + name + "\"): the column is "
                            + alone.schema().field(0).dataType().simpleString()
                            + ", not a number. For other types use agg(functions." + function + "(\"" + name + "\")).");
        }
        return column;
    }
}
