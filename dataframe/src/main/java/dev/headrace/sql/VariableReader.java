package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AssignmentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AssignmentListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateVariableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropVariableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExecuteImmediateContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultipartIdentifierListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QueryContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetVariableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetVariableInsideSqlScriptContext;
import org.jspecify.annotations.Nullable;

/// Reads statements about variables, and EXECUTE IMMEDIATE.
final class VariableReader {
    private final Reading reading;

    VariableReader(Reading reading) {
        this.reading = reading;
    }

    Statement declare(CreateVariableContext context) {
        if (context.dataType() == null && context.variableDefaultExpression() == null) {
            throw reading.text()
                    .error(
                            "INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED",
                            "A variable needs a type or a default, as in DECLARE x INT DEFAULT 1.",
                            context);
        }
        return new Statement.DeclareVariables(
                context.identifierReferences.stream().map(reading.names()::of).toList(),
                Optional.ofNullable(context.dataType()).map(reading.types()::type),
                Optional.ofNullable(context.variableDefaultExpression())
                        .map(otherwise -> reading.expressions().expression(otherwise.expression())),
                context.REPLACE() != null);
    }

    Statement drop(DropVariableContext context) {
        return new Statement.DropVariable(reading.names().of(context.identifierReference()), context.EXISTS() != null);
    }

    Statement set(SetVariableContext context) {
        return set(context.assignmentList(), context.multipartIdentifierList(), context.query());
    }

    Statement set(SetVariableInsideSqlScriptContext context) {
        return set(context.assignmentList(), context.multipartIdentifierList(), context.query());
    }

    private Statement set(
            @Nullable AssignmentListContext list,
            @Nullable MultipartIdentifierListContext targets,
            @Nullable QueryContext query) {
        if (list == null) {
            return new Statement.SetVariables(names(targets), reading.queries().query(Objects.requireNonNull(query)));
        }
        List<AssignmentContext> assignments = list.assignment();
        List<NamedExpr> values = assignments.stream()
                .map(assignment -> reading.expressions().expression(assignment.value))
                .toList();
        return new Statement.SetVariables(
                assignments.stream()
                        .map(assignment -> reading.names().of(assignment.key))
                        .toList(),
                new NamedPlan.Project(RelationReader.oneRow(), values));
    }

    Statement execute(ExecuteImmediateContext context) {
        return new Statement.Execute(
                reading.expressions().expression(context.queryParam),
                context.executeImmediateUsing() == null
                        ? List.of()
                        : reading.expressions().named(context.executeImmediateUsing().params),
                names(context.targetVariable));
    }

    private List<List<String>> names(@Nullable MultipartIdentifierListContext list) {
        return list == null
                ? List.of()
                : list.multipartIdentifier().stream().map(reading.names()::of).toList();
    }
}
