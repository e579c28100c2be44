package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.files.ExistsDefault;
import dev.headrace.function.StoreAssignment;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.OutputColumn;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.Metadata;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// The word `DEFAULT` in the place of a value: what a column has where nothing is given.
final class DefaultValues {
    private DefaultValues() {}

    /// The value of a column that is not given: its default, else null.
    static Column of(Session session, StructField field) {
        Object given = field.metadata().entries().get(TableStatement.DEFAULT);
        Column value =
                given == null ? functions.lit(null) : new Column(SqlExpressions.parse(session, given.toString()));
        return value.cast(field.dataType());
    }

    /// Makes sure that a column's default, if it has one, is a constant that the column can hold.
    ///
    /// @param statement for messages, such as `CREATE TABLE t`
    /// @throws QueryException `INVALID_DEFAULT_VALUE.…`
    static void check(Session session, String statement, StructField field) {
        Object given = field.metadata().entries().get(TableStatement.DEFAULT);
        if (given == null) {
            return;
        }
        NamedExpr value = SqlExpressions.parse(session, given.toString());
        if (hasSubquery(value)) {
            throw invalid("SUBQUERY_EXPRESSION", statement, field, "has a subquery in it");
        }
        LogicalPlan plan;
        try {
            plan = oneRow(session)
                    .select(new Column(value).as("value"))
                    .resolved()
                    .plan();
        } catch (QueryException unresolved) {
            throw invalid("UNRESOLVED_EXPRESSION", statement, field, "can't be understood: " + unresolved.text());
        }
        DataType type = plan.schema().field(0).dataType();
        boolean fits = StoreAssignment.isSafe(type, field.dataType());
        if (!fits) {
            throw invalid(
                    "DATA_TYPE",
                    statement,
                    field,
                    "is of type " + type.simpleString() + ", and the column of type "
                            + field.dataType().simpleString());
        }
        boolean constant = plan instanceof LogicalPlan.Project(LogicalPlan _, List<OutputColumn> columns)
                && columns.stream().allMatch(column -> column.expr().deterministic());
        if (!constant) {
            throw invalid("NOT_CONSTANT", statement, field, "is something else for each row");
        }
    }

    private static boolean hasSubquery(NamedExpr expr) {
        boolean subquery = switch (expr) {
            case NamedExpr.ScalarSubquery _, NamedExpr.InSubquery _, NamedExpr.Exists _ -> true;
            default -> false;
        };
        return subquery || expr.operands().stream().anyMatch(DefaultValues::hasSubquery);
    }

    private static QueryException invalid(String kind, String statement, StructField field, String problem) {
        return new QueryException(
                "INVALID_DEFAULT_VALUE." + kind,
                statement + ": the default of the column '" + field.name() + "', "
                        + field.metadata().entries().get(TableStatement.DEFAULT) + ", " + problem
                        + ". Give a constant of the column's type.");
    }

    private static DataFrame oneRow(Session session) {
        return DataFrame.of(session, new NamedPlan.LocalRelation(new StructType(), List.of(List.of())));
    }

    /// A column that has a default, with that as what rows have that are there already; empty for types that files
    /// can't be given values of.
    static Optional<StructField> forRowsThatAreThere(Session session, StructField field) {
        boolean moment = field.dataType() instanceof TimestampType;
        Column value = of(session, field);
        // The text of a moment is that of UTC.
        String text = oneRow(session)
                .select((moment ? functions.unix_micros(value) : value).cast("string"))
                .head()
                .getString(0);
        Optional<String> literal = text == null ? Optional.of("NULL") : literal(field.dataType(), text);
        return literal.map(noted -> {
            Map<String, Object> facts = new HashMap<>(field.metadata().entries());
            facts.put(ExistsDefault.FACT, noted);
            return new StructField(field.name(), field.dataType(), field.nullable(), new Metadata(facts));
        });
    }

    private static Optional<String> literal(DataType type, String text) {
        return switch (type) {
            case BooleanType _,
                    ByteType _,
                    ShortType _,
                    IntegerType _,
                    LongType _,
                    FloatType _,
                    DoubleType _,
                    DecimalType _ -> Optional.of(text);
            case StringType _ -> Optional.of(quoted(text));
            case DateType _ -> Optional.of("DATE " + quoted(text));
            case TimestampNTZType _ -> Optional.of("TIMESTAMP_NTZ " + quoted(text));
            case TimestampType _ -> {
                long micros = Long.parseLong(text);
                Instant moment = Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
                yield Optional.of("TIMESTAMP " + quoted(moment.toString()));
            }
            default -> Optional.empty();
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
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
            case NamedPlan.SubqueryAlias(NamedPlan input, String _, var _) -> stands(input);
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
            case NamedPlan.SubqueryAlias(NamedPlan input, String name, var database) ->
                new NamedPlan.SubqueryAlias(replaced(input, columns, schemas), name, database);
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
