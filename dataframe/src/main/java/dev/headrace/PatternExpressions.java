package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.plan.Analyzer;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What expressions over a pattern's variables mean: a variable is an array of its rows, `small.amount` the column in
/// the last of them, and an aggregate goes over all of them.
///
/// @param variables the pattern's, as they are written there
/// @param schema has the variables as arrays of structs
/// @param place the API method, for messages
record PatternExpressions(List<String> variables, StructType schema, String place) {
    static final String PREVIOUS = "prev";
    private static final int MAX_PRECISION = 38;
    private static final int SUM_DIGITS = 10;

    /// The same over the columns of the schema.
    NamedExpr rewrite(NamedExpr expr) {
        return switch (expr) {
            case NamedExpr.Name(List<String> parts, OptionalLong _) -> name(parts);
            case NamedExpr.Call call when FunctionRegistry.isAggregate(call.function()) -> aggregate(call);
            case NamedExpr.Call call -> call.of(all(call.arguments(), this::rewrite));
            case NamedExpr other -> within(other, this::rewrite);
        };
    }

    private NamedExpr name(List<String> parts) {
        Optional<String> variable = variable(parts.getFirst());
        if (variable.isEmpty() || parts.size() == 1) {
            return new NamedExpr.Name(parts, OptionalLong.empty());
        }
        Column rows = array(variable.get());
        return field(functions.get(rows, functions.size(rows).minus(1)).expr(), parts.subList(1, parts.size()));
    }

    private Optional<String> variable(String name) {
        return variables.stream().filter(name::equalsIgnoreCase).findFirst();
    }

    private static Column array(String variable) {
        return new Column(new NamedExpr.Name(List.of(variable), OptionalLong.empty()));
    }

    private static NamedExpr field(NamedExpr row, List<String> fields) {
        NamedExpr value = row;
        for (String field : fields) {
            value = new NamedExpr.Extract(value, new NamedExpr.Literal(Scalar.of(field)));
        }
        return value;
    }

    private NamedExpr aggregate(NamedExpr.Call call) {
        String function = call.function().toLowerCase(Locale.ROOT);
        NamedExpr argument = call.arguments().isEmpty()
                ? new NamedExpr.Literal(Scalar.of(1))
                : call.arguments().getFirst();
        Set<String> over = new TreeSet<>();
        variablesOf(argument, over);
        if (over.size() != 1) {
            throw invalid("'" + call.text() + "' is over "
                    + (over.isEmpty() ? "none of the variables " + variables : "several variables, " + over)
                    + "; an aggregate goes over the rows of one, as sum(" + variables.getFirst() + ".amount).");
        }
        Column rows = array(over.iterator().next());
        if (argument instanceof NamedExpr.Name(List<String> parts, OptionalLong _) && parts.size() == 1) {
            if (function.equals("count") && !call.distinct()) {
                return functions.size(rows).cast("bigint").expr();
            }
            return over(function, call, rows);
        }
        Column values = functions.transform(rows, row -> new Column(ofRow(argument, row.expr())));
        return over(function, call, values);
    }

    private NamedExpr over(String function, NamedExpr.Call call, Column all) {
        Column known = functions.filter(all, Column::isNotNull);
        Column values = call.distinct() ? functions.array_distinct(known) : known;
        Column result = switch (function) {
            case "count" -> functions.size(values).cast("bigint");
            case "sum" -> sum(values, sumType(values, call));
            case "avg", "mean" ->
                sum(functions.transform(values, value -> value.cast("double")), DataTypes.DoubleType)
                        .divide(functions.nullif(functions.size(values), functions.lit(0)));
            case "min" -> functions.array_min(values);
            case "max" -> functions.array_max(values);
            case "first", "first_value" -> functions.get(ignoresNulls(call) ? known : all, functions.lit(0));
            case "last", "last_value" -> {
                Column from = ignoresNulls(call) ? known : all;
                yield functions.get(from, functions.size(from).minus(1));
            }
            case "collect_list", "array_agg" -> known;
            case "collect_set" -> functions.array_distinct(known);
            default ->
                throw invalid(
                        "'" + call.text() + "': over a variable's rows go count, sum, avg, min, max, first, last, "
                                + "collect_list and collect_set. Others are computed from the array that the variable is, as"
                                + " transform(" + variables.getFirst() + ", …).");
        };
        return result.expr();
    }

    private static boolean ignoresNulls(NamedExpr.Call call) {
        return call.arguments().size() > 1
                && call.arguments().get(1) instanceof NamedExpr.Literal(Scalar value)
                && Boolean.TRUE.equals(value.value());
    }

    private DataType sumType(Column values, NamedExpr.Call call) {
        DataType type = Analyzer.bind(values.expr(), schema, place).type() instanceof ArrayType array
                ? array.elementType()
                : DataTypes.NullType;
        if (type instanceof DecimalType decimal) {
            return new DecimalType(Math.min(MAX_PRECISION, decimal.precision() + SUM_DIGITS), decimal.scale());
        }
        if (!(type instanceof NumericType)) {
            throw invalid("'" + call.text() + "' is a sum of " + type.simpleString() + ", which is no number.");
        }
        return type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType)
                ? DataTypes.DoubleType
                : DataTypes.LongType;
    }

    /// Null over no values.
    private static Column sum(Column values, DataType type) {
        return functions.aggregate(
                values,
                functions.lit(null).cast(type),
                (sum, value) -> functions.coalesce(sum.plus(value).cast(type), value.cast(type)));
    }

    private void variablesOf(NamedExpr expr, Set<String> found) {
        if (expr instanceof NamedExpr.Name(List<String> parts, OptionalLong _)) {
            variable(parts.getFirst()).ifPresent(found::add);
        }
        expr.operands().forEach(operand -> variablesOf(operand, found));
    }

    /// An aggregate's argument for one of the variable's rows.
    private NamedExpr ofRow(NamedExpr expr, NamedExpr row) {
        if (expr instanceof NamedExpr.Name(List<String> parts, OptionalLong _)) {
            return parts.size() > 1 && variable(parts.getFirst()).isPresent()
                    ? field(row, parts.subList(1, parts.size()))
                    : name(parts);
        }
        return within(expr, operand -> ofRow(operand, row));
    }

    private NamedExpr within(NamedExpr expr, UnaryOperator<NamedExpr> f) {
        return switch (expr) {
            case NamedExpr.Call call -> call.of(all(call.arguments(), f));
            case NamedExpr.Cast(NamedExpr input, DataType type, CastFailure failure) ->
                new NamedExpr.Cast(f.apply(input), type, failure);
            case NamedExpr.Alias(NamedExpr input, String name) -> new NamedExpr.Alias(f.apply(input), name);
            case NamedExpr.Extract(NamedExpr input, NamedExpr key) ->
                new NamedExpr.Extract(f.apply(input), f.apply(key));
            case NamedExpr.Lambda(List<String> parameters, NamedExpr body) ->
                new NamedExpr.Lambda(parameters, f.apply(body));
            case NamedExpr.Apply(var function, List<NamedExpr> arguments) ->
                new NamedExpr.Apply(function, all(arguments, f));
            case NamedExpr.Name _, NamedExpr.Literal _, NamedExpr.Interval _ -> expr;
            case NamedExpr other ->
                throw invalid("'" + other.text() + "' can't stand among expressions over a pattern's variables.");
        };
    }

    private static List<NamedExpr> all(List<NamedExpr> exprs, UnaryOperator<NamedExpr> f) {
        List<NamedExpr> mapped = new ArrayList<>();
        exprs.forEach(expr -> mapped.add(f.apply(expr)));
        return mapped;
    }

    /// Collects the columns of rows that an expression needs.
    ///
    /// @param columns gets their names, in lower case
    /// @return whether it needs whole rows
    boolean needed(NamedExpr expr, Set<String> columns) {
        return needed(expr, columns, null);
    }

    private boolean needed(NamedExpr expr, Set<String> columns, NamedExpr.@Nullable Call around) {
        if (expr instanceof NamedExpr.Name(List<String> parts, OptionalLong _)) {
            boolean qualified =
                    variable(parts.getFirst()).isPresent() || parts.getFirst().equalsIgnoreCase(PREVIOUS);
            if (qualified && parts.size() == 1) {
                return around == null
                        || !Set.of("count", "size").contains(around.function().toLowerCase(Locale.ROOT));
            }
            columns.add(parts.get(qualified ? 1 : 0).toLowerCase(Locale.ROOT));
            return false;
        }
        boolean whole = false;
        for (NamedExpr operand : expr.operands()) {
            whole |= needed(operand, columns, expr instanceof NamedExpr.Call call ? call : null);
        }
        return whole;
    }

    static QueryException invalid(String what) {
        return new QueryException("INVALID_PATTERN", "The pattern can't be matched: " + what);
    }
}
