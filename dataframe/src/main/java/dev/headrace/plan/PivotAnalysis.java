package dev.headrace.plan;

import dev.headrace.errors.QueryException;
import dev.headrace.function.Casts;
import dev.headrace.function.EvalContext;
import dev.headrace.types.BooleanType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.Metadata;
import dev.headrace.types.NumericType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Turns a pivot into an aggregation with a filter for each value.
///
/// A cell without rows is null if all aggregates are numbers or booleans, as in Spark, which computes these in another
/// way. Else it is what the aggregates make of no rows: `[]` of `collect_list`, and 0 of a `count` beside it.
final class PivotAnalysis {
    private static final Set<String> PASSING_OVER_NULLS = Set.of("first", "last", "first_value", "last_value");

    private PivotAnalysis() {}

    static NamedPlan rewrite(NamedPlan.Pivot pivot, Resolved input, Analyzer analyzer) {
        pivot.aggregates().forEach(PivotAnalysis::checkAggregate);
        List<NamedExpr> keys = pivot.keys().orElseGet(() -> rest(pivot, input));
        Resolved source = DroppedColumns.keysWithin(DroppedColumns.keysWithin(input, keys), pivot.aggregates());
        boolean emptyIsNull =
                Selection.aggregate(analyzer, source, keys, pivot.aggregates(), Optional.empty())
                        .schema()
                        .fieldList()
                        .stream()
                        .allMatch(field -> isNumberOrBoolean(field.dataType()));
        List<DataType> types = ProjectAnalysis.select(
                        analyzer, DroppedColumns.keysWithin(input, pivot.columns()), pivot.columns())
                .schema()
                .fieldList()
                .stream()
                .map(StructField::dataType)
                .toList();
        List<NamedExpr> columns = new ArrayList<>(keys);
        for (NamedPlan.Pivot.PivotValue value : pivot.values()) {
            List<NamedExpr> constants = constants(value, types);
            if (constants.size() != pivot.columns().size()) {
                throw new QueryException(
                                "PIVOT_VALUE_DATA_TYPE_MISMATCH",
                                "PIVOT is FOR " + pivot.columns().size() + " columns, but a value of its IN (…) has "
                                        + constants.size() + ".")
                        .within(pivot);
            }
            checkConstant(value, input);
            NamedExpr matches = matches(pivot.columns(), types, constants);
            for (NamedExpr aggregate : pivot.aggregates()) {
                columns.add(new NamedExpr.Alias(
                        emptyIsNull
                                ? nullIfEmpty(plain(aggregate), matches)
                                : replaced(plain(aggregate), matches, PivotAnalysis::passingOverNulls),
                        name(value, aggregate, pivot)));
            }
        }
        return new NamedPlan.Aggregate(pivot.input(), keys, columns);
    }

    /// One for each column: several are the fields of a struct if the only column is one.
    private static List<NamedExpr> constants(NamedPlan.Pivot.PivotValue value, List<DataType> types) {
        boolean areFields = value.constants().size() > 1 && types.size() == 1 && types.getFirst() instanceof StructType;
        return areFields ? List.of(new NamedExpr.Call("struct", value.constants(), false)) : value.constants();
    }

    private static void checkConstant(NamedPlan.Pivot.PivotValue value, Resolved input) {
        for (NamedExpr constant : value.constants()) {
            List<Integer> columns = new ArrayList<>();
            collect(constant, input.scope(), columns);
            if (!columns.isEmpty()) {
                throw new QueryException(
                                "NON_LITERAL_PIVOT_VALUES",
                                "'" + constant.text() + "' in the IN (…) of PIVOT has a column. Expected a constant.")
                        .within(constant);
            }
        }
    }

    private static NamedExpr plain(NamedExpr expr) {
        return expr instanceof NamedExpr.Alias(NamedExpr input, String _) ? input : expr;
    }

    private static String name(NamedPlan.Pivot.PivotValue value, NamedExpr aggregate, NamedPlan.Pivot pivot) {
        String ofValue = value.name().orElseGet(() -> name(value.constants(), pivot.zone()));
        return pivot.aggregates().size() == 1 ? ofValue : ofValue + "_" + aggregate.outputName();
    }

    /// As Spark writes the value as text: several are a struct.
    private static String name(List<NamedExpr> constants, ZoneId zone) {
        List<String> texts =
                constants.stream().map(constant -> text(plain(constant), zone)).toList();
        return texts.size() > 1 ? "{" + String.join(", ", texts) + "}" : texts.getFirst();
    }

    private static String text(NamedExpr constant, ZoneId zone) {
        if (!(constant instanceof NamedExpr.Literal(Scalar(var value, DataType type)))) {
            return constant.text();
        }
        return value == null
                ? "null"
                : String.valueOf(
                        Casts.cast(value, type, DataTypes.StringType, CastFailure.ERROR, new EvalContext(zone, 0, 0)));
    }

    private static boolean isNumberOrBoolean(DataType type) {
        return type instanceof NumericType || type instanceof BooleanType;
    }

    /// Whether a row has the value. The constants become of the columns' types, and not both of a common one, so that
    /// `'01'` is not the value 1 of a text.
    private static NamedExpr matches(List<NamedExpr> columns, List<DataType> types, List<NamedExpr> constants) {
        NamedExpr all = null;
        for (int i = 0; i < columns.size(); i++) {
            NamedExpr constant = new NamedExpr.Cast(plain(constants.get(i)), types.get(i), CastFailure.ERROR);
            NamedExpr one = new NamedExpr.Call("<=>", columns.get(i), constant);
            all = all == null ? one : new NamedExpr.Call("and", all, one);
        }
        if (all == null) {
            throw new IllegalArgumentException("a pivot without columns");
        }
        return all;
    }

    private static void checkAggregate(NamedExpr expr) {
        if (!ExprBinder.containsAggregate(expr)) {
            throw new QueryException(
                            "PIVOT_NOT_AGGREGATE",
                            "'" + expr.text()
                                    + "' in PIVOT is not an aggregate function. Write it as in sum(…) or max(…).")
                    .within(expr);
        }
    }

    /// The expression with each aggregate over the matching rows only, and null if there are none.
    private static NamedExpr nullIfEmpty(NamedExpr expr, NamedExpr matches) {
        NamedExpr rows =
                new NamedExpr.Filtered(new NamedExpr.Call("count", new NamedExpr.Literal(Scalar.of(1))), matches);
        NamedExpr some = new NamedExpr.Call(">", rows, new NamedExpr.Literal(Scalar.of(0)));
        return new NamedExpr.Call("when", some, replaced(expr, matches, UnaryOperator.identity()));
    }

    /// The expression with each aggregate over the matching rows only.
    ///
    /// @param over what the aggregate functions become themselves
    private static NamedExpr replaced(NamedExpr expr, NamedExpr matches, UnaryOperator<NamedExpr> over) {
        return switch (expr) {
            case NamedExpr.Call call
                    when ExprBinder.isAggregate(call) -> new NamedExpr.Filtered(over.apply(call), matches);
            case NamedExpr.Filtered(NamedExpr function, NamedExpr condition) ->
                new NamedExpr.Filtered(over.apply(function), new NamedExpr.Call("and", condition, matches));
            case NamedExpr.Call call -> call.of(replaced(call.arguments(), matches, over));
            case NamedExpr.Apply(var function, List<NamedExpr> arguments) ->
                new NamedExpr.Apply(function, replaced(arguments, matches, over));
            case NamedExpr.Cast(NamedExpr input, DataType type, CastFailure failure) ->
                new NamedExpr.Cast(replaced(input, matches, over), type, failure);
            case NamedExpr.Extract(NamedExpr input, NamedExpr key) ->
                new NamedExpr.Extract(replaced(input, matches, over), replaced(key, matches, over));
            case NamedExpr.Alias(NamedExpr input, String name) ->
                new NamedExpr.Alias(replaced(input, matches, over), name);
            case NamedExpr.Described(NamedExpr input, Metadata metadata) ->
                new NamedExpr.Described(replaced(input, matches, over), metadata);
            case NamedExpr other when ExprBinder.containsAggregate(other) ->
                throw new QueryException(
                                "UNSUPPORTED_PIVOT_AGGREGATE",
                                "PIVOT can't compute '" + other.text()
                                        + "' for each value: it has an aggregate function where that takes all rows."
                                        + " Compute it in a query above the PIVOT.")
                        .within(other);
            case NamedExpr other -> other;
        };
    }

    private static List<NamedExpr> replaced(List<NamedExpr> exprs, NamedExpr matches, UnaryOperator<NamedExpr> over) {
        return exprs.stream().map(expr -> replaced(expr, matches, over)).toList();
    }

    /// As Spark has it where it makes nulls of the rows of other values: what is first among all would be one of these.
    private static NamedExpr passingOverNulls(NamedExpr function) {
        return function instanceof NamedExpr.Call call
                        && PASSING_OVER_NULLS.contains(call.function().toLowerCase(Locale.ROOT))
                ? call.of(List.of(call.arguments().getFirst(), new NamedExpr.Literal(Scalar.TRUE)))
                : function;
    }

    /// All columns that are neither pivoted nor aggregated.
    private static List<NamedExpr> rest(NamedPlan.Pivot pivot, Resolved input) {
        List<Integer> used = new ArrayList<>();
        pivot.columns().forEach(column -> collect(column, input.scope(), used));
        pivot.aggregates().forEach(aggregate -> collect(aggregate, input.scope(), used));
        List<NamedExpr> keys = new ArrayList<>();
        for (int i = 0; i < input.schema().size(); i++) {
            if (!used.contains(i)) {
                Scope.Entry entry = input.scope().entries().get(i);
                List<String> parts =
                        new ArrayList<>(entry.qualifiers().stream().limit(1).toList());
                parts.add(entry.name());
                keys.add(new NamedExpr.Name(parts, OptionalLong.empty()));
            }
        }
        return keys;
    }

    private static void collect(NamedExpr expr, Scope scope, List<Integer> used) {
        if (expr instanceof NamedExpr.Name name) {
            Optional.of(scope.matches(name))
                    .filter(matches -> matches.size() == 1)
                    .ifPresent(matches -> used.add(matches.getFirst().ordinal()));
        }
        expr.operands().forEach(operand -> collect(operand, scope, used));
    }
}
