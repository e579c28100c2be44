package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.NumericType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Groups of rows, from [DataFrame#groupBy]: each becomes one row of the grouping columns and what is computed over it.
public final class RelationalGroupedDataset {
    private final DataFrame input;
    private final List<Column> keys;

    RelationalGroupedDataset(DataFrame input, List<Column> keys) {
        this.input = input;
        this.keys = keys;
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
                .map(entry -> functions.call_function(entry.getValue(), functions.col(entry.getKey())))
                .toList());
    }

    private DataFrame agg(List<Column> columns) {
        List<NamedExpr> keyExprs = keys.stream().map(Column::expr).toList();
        List<NamedExpr> result = new ArrayList<>(keyExprs);
        columns.forEach(column -> result.add(column.expr()));
        return DataFrame.of(input.session(), new NamedPlan.Aggregate(input.identified(), keyExprs, result), input);
    }

    /// The number of rows of each group, as `count`.
    public DataFrame count() {
        return agg(functions.count("*").as("count"));
    }

    /// The sum of each of the columns; of all numbers that are not grouped by if none is given.
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
        List<String> names = columns.length > 0 ? List.of(columns) : numbers();
        return agg(names.stream()
                .map(name -> functions.call_function(function, column(function, name)))
                .toList());
    }

    private List<String> numbers() {
        List<String> grouped = keys.stream()
                .map(key -> key.expr().outputName().toLowerCase(Locale.ROOT))
                .toList();
        return input.schema().fieldList().stream()
                .filter(field -> field.dataType() instanceof NumericType)
                .map(dev.headrace.types.StructField::name)
                .filter(name -> !grouped.contains(name.toLowerCase(Locale.ROOT)))
                .map(name -> "`" + name.replace("`", "``") + "`")
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
