package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.SqlFunction;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColDefinitionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColDefinitionOptionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateUserDefinedFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropFunctionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RoutineCharacteristicsContext;

/// Reads CREATE and DROP of functions that SQL defines.
final class DefinedFunctionReader {
    private final Reading reading;

    DefinedFunctionReader(Reading reading) {
        this.reading = reading;
    }

    Statement create(CreateUserDefinedFunctionContext context) {
        boolean temporary = context.TEMPORARY() != null;
        if (context.EXISTS() != null && temporary) {
            throw reading.text()
                    .error(
                            "INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS",
                            "IF NOT EXISTS can't stand with TEMPORARY: write CREATE OR REPLACE TEMPORARY FUNCTION.",
                            context);
        }
        if (context.EXISTS() != null && context.REPLACE() != null) {
            throw reading.text()
                    .error(
                            "INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE",
                            "A function that is there is left as it is or replaced: write IF NOT EXISTS or OR REPLACE.",
                            context);
        }
        if (context.TABLE() != null) {
            throw reading.text()
                    .unsupported(
                            "Functions that give tables are not supported: create a temporary view, or one that gives a value.",
                            context);
        }
        refuse(context.routineCharacteristics());
        ParserRuleContext body = context.query() == null ? context.expression() : context.query();
        Optional<String> comment = context.routineCharacteristics().commentSpec().stream()
                .findFirst()
                .map(said -> reading.literals().string(said.stringLit()));
        if (!temporary) {
            return new Statement.CreateLastingFunction(
                    reading.names().of(context.identifierReference()),
                    new Statement.FunctionText(
                            context.parameters == null ? "" : reading.text().written(context.parameters),
                            Optional.ofNullable(context.dataType()).map(reading.text()::written),
                            reading.text().written(body),
                            comment),
                    context.REPLACE() != null,
                    context.EXISTS() != null);
        }
        return new Statement.CreateFunction(
                name(reading.names().of(context.identifierReference()), context.identifierReference()),
                context.parameters == null
                        ? List.of()
                        : context.parameters.colDefinition().stream()
                                .map(this::parameter)
                                .toList(),
                Optional.ofNullable(context.dataType()).map(reading.types()::type),
                context.query() == null
                        ? unwrapped(reading.expressions().expression(context.expression()))
                        : value(reading.queries().query(context.query()), context.query()),
                reading.text().written(body),
                comment,
                context.REPLACE() != null);
    }

    Statement drop(DropFunctionContext context) {
        if (context.TEMPORARY() == null) {
            return new Statement.DropLastingFunction(
                    reading.names().of(context.identifierReference()), context.EXISTS() != null);
        }
        return new Statement.DropFunction(
                name(reading.names().of(context.identifierReference()), context.identifierReference()),
                context.EXISTS() != null);
    }

    private String name(List<String> parts, ParserRuleContext at) {
        if (parts.size() > 1) {
            throw reading.text()
                    .error(
                            "INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_DATABASE",
                            "A temporary function belongs to the session, not to '"
                                    + String.join(".", parts.subList(0, parts.size() - 1)) + "'. Write its name alone.",
                            at);
        }
        return parts.getFirst();
    }

    private void refuse(RoutineCharacteristicsContext characteristics) {
        boolean others = !characteristics.nullCall().isEmpty()
                || !characteristics.specificName().isEmpty()
                || !characteristics.rightsClause().isEmpty()
                || !characteristics.collationSpec().isEmpty()
                || characteristics.routineLanguage().stream()
                        .anyMatch(language -> !language.getText().equalsIgnoreCase("languagesql"));
        if (others) {
            throw reading.text()
                    .unsupported(
                            "Of a function's properties LANGUAGE SQL, [NOT] DETERMINISTIC, CONTAINS SQL and COMMENT are supported.",
                            characteristics);
        }
    }

    private SqlFunction.Parameter parameter(ColDefinitionContext column) {
        Optional<NamedExpr> otherwise = Optional.empty();
        for (ColDefinitionOptionContext option : column.colDefinitionOption()) {
            if (option.defaultExpression() != null) {
                otherwise = Optional.of(reading.expressions()
                        .expression(option.defaultExpression().expression()));
            } else if (option.commentSpec() == null) {
                throw reading.text().unsupported("Of a parameter's options DEFAULT and COMMENT are supported.", option);
            }
        }
        return new SqlFunction.Parameter(
                reading.names().of(column.colName), reading.types().type(column.dataType()), otherwise);
    }

    private static NamedExpr unwrapped(NamedExpr body) {
        return body instanceof NamedExpr.ScalarSubquery(NamedPlan plan)
                ? ofOneRow(plan).orElse(body)
                : body;
    }

    /// `SELECT x + 1` is the value.
    private NamedExpr value(NamedPlan query, ParserRuleContext at) {
        return ofOneRow(query).orElseGet(() -> reading.placed(new NamedExpr.ScalarSubquery(query), at));
    }

    private static Optional<NamedExpr> ofOneRow(NamedPlan query) {
        return query instanceof NamedPlan.Project(NamedPlan input, List<NamedExpr> columns)
                        && columns.size() == 1
                        && input.equals(RelationReader.oneRow())
                ? Optional.of(columns.getFirst())
                : Optional.empty();
    }
}
