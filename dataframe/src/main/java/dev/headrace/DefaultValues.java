package dev.headrace;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// The word `DEFAULT` in the place of a value: what a column has where nothing is given.
final class DefaultValues {
    private DefaultValues() {}

    /// The value of a column that is not given: its default, else null.
    static Column of(StructField field) {
        Object given = field.metadata().entries().get(TableStatement.DEFAULT);
        Column value = given == null ? functions.lit(null) : functions.expr(given.toString());
        return value.cast(field.dataType());
    }

    /// Whether an expression is the word, which Spark's grammar takes for a column's name.
    static boolean isDefault(NamedExpr expr) {
        return expr instanceof NamedExpr.Name(List<String> parts, OptionalLong planId)
                && parts.size() == 1
                && planId.isEmpty()
                && parts.getFirst().equalsIgnoreCase("default");
    }

    /// Whether the word stands somewhere among the columns of a query for INSERT.
    static boolean stands(NamedPlan query) {
        return switch (query) {
            case NamedPlan.Project(NamedPlan _, List<NamedExpr> columns) -> standsAmong(columns);
            case NamedPlan.Union union -> stands(union.left()) || stands(union.right());
            case NamedPlan.SubqueryAlias(NamedPlan input, String _) -> stands(input);
            case NamedPlan.Limit(NamedPlan input, long _) -> stands(input);
            case NamedPlan.Offset(NamedPlan input, long _) -> stands(input);
            default -> false;
        };
    }

    private static boolean standsAmong(List<NamedExpr> columns) {
        return columns.stream().map(DefaultValues::plain).anyMatch(DefaultValues::isDefault);
    }

    /// Whether the rows that a query selects from have a column that is called so, which is meant then.
    private static boolean isColumn(NamedPlan input, Function<NamedPlan, StructType> schemas) {
        return schemas.apply(input).names().stream().anyMatch("default"::equalsIgnoreCase);
    }

    /// A query with the values in the places of the word.
    ///
    /// @param columns what the word means in each of the query's columns, as far as that is known
    /// @param schemas of queries
    static NamedPlan replaced(
            NamedPlan query, List<Optional<NamedExpr>> columns, Function<NamedPlan, StructType> schemas) {
        return switch (query) {
            case NamedPlan.Project(NamedPlan input, List<NamedExpr> exprs)
                    when !standsAmong(exprs) || isColumn(input, schemas) -> query;
            case NamedPlan.Project(NamedPlan input, List<NamedExpr> exprs) -> {
                List<NamedExpr> values = new ArrayList<>();
                for (NamedExpr expr : exprs) {
                    int at = values.size();
                    Optional<NamedExpr> value = at < columns.size() ? columns.get(at) : Optional.empty();
                    values.add(isDefault(plain(expr)) ? value.orElse(expr) : expr);
                }
                yield new NamedPlan.Project(input, values);
            }
            case NamedPlan.Union union ->
                new NamedPlan.Union(
                        replaced(union.left(), columns, schemas),
                        replaced(union.right(), columns, schemas),
                        union.byName(),
                        union.allowMissingColumns());
            case NamedPlan.SubqueryAlias(NamedPlan input, String name) ->
                new NamedPlan.SubqueryAlias(replaced(input, columns, schemas), name);
            case NamedPlan.Limit(NamedPlan input, long count) ->
                new NamedPlan.Limit(replaced(input, columns, schemas), count);
            case NamedPlan.Offset(NamedPlan input, long count) ->
                new NamedPlan.Offset(replaced(input, columns, schemas), count);
            default -> query;
        };
    }

    private static NamedExpr plain(NamedExpr expr) {
        return expr instanceof NamedExpr.Alias(NamedExpr input, String _) ? input : expr;
    }
}
