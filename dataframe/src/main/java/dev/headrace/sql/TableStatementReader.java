package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AddTableColumnsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AddTableConstraintContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AlterColumnActionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AlterColumnSpecContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AlterTableAlterColumnContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AssignmentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.AssignmentListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BooleanExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CheckConstraintContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColDefinitionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColDefinitionDescriptorWithPositionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColDefinitionOptionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColPositionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CommentTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DeleteFromTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropTableColumnsContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DropTableConstraintContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.GeneratedColumnContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentityColumnContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MatchedActionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MatchedClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MergeIntoTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultipartIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NotMatchedActionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NotMatchedBySourceActionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NotMatchedBySourceClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NotMatchedClauseContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QualifiedColTypeWithPositionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.RenameTableColumnContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SequenceGeneratorOptionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetTablePropertiesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableAliasContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableConstraintDefinitionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableElementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableElementListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnsetTablePropertiesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UpdateTableContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.WhereClauseContext;
import org.jspecify.annotations.Nullable;

/// Reads statements that change a table.
final class TableStatementReader {
    private static final String GENERATED = "delta.generationExpression";
    private static final String IDENTITY_START = "delta.identity.start";
    private static final String IDENTITY_STEP = "delta.identity.step";

    private final Reading reading;

    TableStatementReader(Reading reading) {
        this.reading = reading;
    }

    /// @return empty if it is another kind of statement
    Optional<TableStatement> read(ParserRuleContext context) {
        return Optional.ofNullable(
                switch (context) {
                    case MergeIntoTableContext merge -> merge(merge);
                    case UpdateTableContext update -> update(update);
                    case DeleteFromTableContext delete ->
                        new TableStatement.Delete(
                                name(delete.identifierReference()),
                                alias(delete.tableAlias()),
                                where(delete.whereClause()));
                    case SetTablePropertiesContext set ->
                        new TableStatement.SetProperties(
                                name(set.identifierReference()),
                                new PropertyReader(reading).properties(set.propertyList()));
                    case CommentTableContext comment -> comment(comment);
                    case UnsetTablePropertiesContext unset ->
                        new TableStatement.UnsetProperties(
                                name(unset.identifierReference()),
                                new PropertyReader(reading).keys(unset.propertyList()),
                                unset.EXISTS() != null);
                    case AddTableColumnsContext add ->
                        new TableStatement.AddColumns(
                                name(add.identifierReference()),
                                add.columns.qualifiedColTypeWithPosition().stream()
                                        .map(this::added)
                                        .toList());
                    case AlterTableAlterColumnContext alter ->
                        new TableStatement.AlterColumns(
                                name(alter.table),
                                alter.columns.alterColumnSpec().stream()
                                        .map(this::altered)
                                        .toList());
                    case RenameTableColumnContext rename ->
                        new TableStatement.RenameColumn(
                                name(rename.table),
                                column(rename.from),
                                reading.names().of(rename.to));
                    case DropTableColumnsContext drop ->
                        new TableStatement.DropColumns(
                                name(drop.identifierReference()),
                                drop.columns.multipartIdentifier().stream()
                                        .map(this::column)
                                        .toList(),
                                drop.EXISTS() != null);
                    case AddTableConstraintContext add -> constraint(add);
                    case DropTableConstraintContext drop ->
                        new TableStatement.DropConstraint(
                                name(drop.identifierReference()),
                                reading.names().plain(drop.name),
                                drop.EXISTS() != null);
                    default -> null;
                });
    }

    private TableStatement comment(CommentTableContext context) {
        List<String> table = name(context.identifierReference());
        return context.comment().NULL() != null
                ? new TableStatement.UnsetProperties(table, List.of(TableStatement.COMMENT), true)
                : new TableStatement.SetProperties(
                        table,
                        Map.of(
                                TableStatement.COMMENT,
                                reading.literals().string(context.comment().stringLit())));
    }

    private List<String> name(IdentifierReferenceContext reference) {
        return reading.names().of(reference);
    }

    private Optional<String> alias(@Nullable TableAliasContext context) {
        if (context == null || context.strictIdentifier() == null) {
            return Optional.empty();
        }
        if (context.identifierList() != null) {
            throw reading.text().unsupported("The columns of a table to change can't be renamed here.", context);
        }
        return Optional.of(reading.names().plain(context.strictIdentifier()));
    }

    private Optional<NamedExpr> where(@Nullable WhereClauseContext context) {
        return context == null ? Optional.empty() : condition(context.booleanExpression());
    }

    private Optional<NamedExpr> condition(@Nullable BooleanExpressionContext context) {
        return Optional.ofNullable(context).map(reading.expressions()::condition);
    }

    /// A column without quotes, or a column of an alias.
    private String column(MultipartIdentifierContext context) {
        return String.join(".", reading.names().of(context));
    }

    private TableStatement update(UpdateTableContext context) {
        return new TableStatement.Update(
                name(context.identifierReference()),
                alias(context.tableAlias()),
                assignments(context.setClause().assignmentList()),
                where(context.whereClause()));
    }

    private Map<String, NamedExpr> assignments(AssignmentListContext context) {
        Map<String, NamedExpr> values = new LinkedHashMap<>();
        for (AssignmentContext assignment : context.assignment()) {
            put(values, column(assignment.key), assignment.value, assignment);
        }
        return values;
    }

    private void put(Map<String, NamedExpr> values, String column, ExpressionContext value, ParserRuleContext at) {
        if (values.put(column, reading.expressions().expression(value)) != null) {
            throw reading.text().error("DUPLICATE_ASSIGNMENT", "'" + column + "' is set twice.", at);
        }
    }

    // ---- MERGE

    private TableStatement merge(MergeIntoTableContext context) {
        NamedPlan source = context.sourceQuery != null
                ? reading.queries().query(context.sourceQuery)
                : reading.relations().table(context.source);
        Optional<String> sourceAlias = alias(context.sourceAlias);
        return new TableStatement.Merge(
                name(context.target),
                alias(context.targetAlias),
                sourceAlias
                        .<NamedPlan>map(name -> new NamedPlan.SubqueryAlias(source, name))
                        .orElse(source),
                reading.expressions().condition(context.mergeCondition),
                context.matchedClause().stream().map(this::matched).toList(),
                context.notMatchedClause().stream().map(this::notMatched).toList(),
                context.notMatchedBySourceClause().stream().map(this::bySource).toList(),
                context.EVOLUTION() != null);
    }

    private TableStatement.Clause matched(MatchedClauseContext context) {
        MatchedActionContext action = context.matchedAction();
        return clause(
                action.DELETE() != null,
                condition(context.matchedCond),
                Optional.ofNullable(action.assignmentList()).map(this::assignments));
    }

    private TableStatement.Clause bySource(NotMatchedBySourceClauseContext context) {
        NotMatchedBySourceActionContext action = context.notMatchedBySourceAction();
        return clause(
                action.DELETE() != null,
                condition(context.notMatchedBySourceCond),
                Optional.ofNullable(action.assignmentList()).map(this::assignments));
    }

    private static TableStatement.Clause clause(
            boolean deletes, Optional<NamedExpr> condition, Optional<Map<String, NamedExpr>> values) {
        return new TableStatement.Clause(
                deletes ? TableStatement.Does.DELETE : TableStatement.Does.UPDATE, condition, values);
    }

    private TableStatement.Clause notMatched(NotMatchedClauseContext context) {
        NotMatchedActionContext action = context.notMatchedAction();
        Optional<Map<String, NamedExpr>> values = Optional.empty();
        if (action.columns != null) {
            List<MultipartIdentifierContext> columns = action.columns.multipartIdentifier();
            if (columns.size() != action.expression().size()) {
                throw reading.text()
                        .error(
                                "INSERT_COLUMN_ARITY_MISMATCH",
                                "INSERT names " + columns.size() + " columns, but gives "
                                        + action.expression().size() + " values.",
                                action);
            }
            Map<String, NamedExpr> byName = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                put(byName, column(columns.get(i)), action.expression(i), columns.get(i));
            }
            values = Optional.of(byName);
        }
        return new TableStatement.Clause(TableStatement.Does.INSERT, condition(context.notMatchedCond), values);
    }

    // ---- What a table is

    private TableStatement constraint(AddTableConstraintContext context) {
        TableConstraintDefinitionContext definition = context.tableConstraintDefinition();
        CheckConstraintContext check = definition.tableConstraint().checkConstraint();
        if (definition.name == null
                || check == null
                || !definition.constraintCharacteristic().isEmpty()) {
            throw reading.text().unsupported("Only constraints with a name and CHECK (…) can be added.", definition);
        }
        reading.expressions().condition(check.expr);
        return new TableStatement.AddConstraint(
                name(context.identifierReference()), reading.names().of(definition.name), written(check.expr));
    }

    private String written(ParserRuleContext context) {
        return reading.text().written(context);
    }

    private TableStatement.AddedColumn added(QualifiedColTypeWithPositionContext context) {
        if (context.name.parts.size() != 1) {
            throw reading.text().unsupported("Fields can't be added to structs.", context);
        }
        boolean nullable = true;
        Optional<TableStatement.Place> place = Optional.empty();
        Map<String, Object> facts = new HashMap<>();
        for (ColDefinitionDescriptorWithPositionContext descriptor : context.colDefinitionDescriptorWithPosition()) {
            if (descriptor.NULL() != null) {
                nullable = false;
            } else if (descriptor.commentSpec() != null) {
                facts.put(
                        "comment",
                        reading.literals().string(descriptor.commentSpec().stringLit()));
            } else if (descriptor.colPosition() != null) {
                place = Optional.of(place(descriptor.colPosition()));
            } else if (descriptor.defaultExpression() != null) {
                facts.put(
                        TableStatement.DEFAULT,
                        written(descriptor.defaultExpression().expression()));
            } else {
                throw reading.text()
                        .unsupported(
                                "Of an added column's options NOT NULL, DEFAULT, COMMENT, FIRST and AFTER are supported.",
                                descriptor);
            }
        }
        return new TableStatement.AddedColumn(
                reading.types().column(column(context.name), context.dataType(), nullable, new Metadata(facts)), place);
    }

    private TableStatement.Place place(ColPositionContext context) {
        return context.afterCol == null
                ? new TableStatement.Place.First()
                : new TableStatement.Place.After(reading.names().plain(context.afterCol));
    }

    private TableStatement.AlteredColumn altered(AlterColumnSpecContext context) {
        if (context.column.parts.size() != 1) {
            throw reading.text().unsupported("Fields of structs can't be altered.", context.column);
        }
        AlterColumnActionContext action = context.alterColumnAction();
        if (action == null) {
            throw reading.text()
                    .error(
                            "PARSE_SYNTAX_ERROR",
                            "What is to become of the column? Write TYPE, COMMENT, FIRST, AFTER, SET or DROP NOT NULL, SET or"
                                    + " DROP DEFAULT behind it.",
                            context);
        }
        return new TableStatement.AlteredColumn(column(context.column), change(action));
    }

    private TableStatement.ColumnChange change(AlterColumnActionContext action) {
        if (action.dataType() != null) {
            return new TableStatement.ColumnChange.Type(
                    reading.types().type(action.dataType()), reading.types().texts(action.dataType()));
        }
        if (action.commentSpec() != null) {
            return new TableStatement.ColumnChange.Comment(
                    reading.literals().string(action.commentSpec().stringLit()));
        }
        if (action.colPosition() != null) {
            return new TableStatement.ColumnChange.Move(place(action.colPosition()));
        }
        if (action.NULL() != null) {
            return new TableStatement.ColumnChange.Nullability(action.DROP() != null);
        }
        return new TableStatement.ColumnChange.Default(
                Optional.ofNullable(action.defaultExpression()).map(value -> written(value.expression())));
    }

    /// The columns of CREATE TABLE, with what is said of them under Delta's names.
    StructType columns(TableElementListContext context) {
        List<StructField> fields = new ArrayList<>();
        for (TableElementContext element : context.tableElement()) {
            if (element.colDefinition() == null) {
                throw reading.text()
                        .unsupported("Add constraints with ALTER TABLE … ADD CONSTRAINT … CHECK (…).", element);
            }
            fields.add(column(element.colDefinition()));
        }
        return new StructType(fields);
    }

    private StructField column(ColDefinitionContext column) {
        boolean nullable = true;
        Map<String, Object> facts = new HashMap<>();
        for (ColDefinitionOptionContext option : column.colDefinitionOption()) {
            if (option.NULL() != null) {
                nullable = false;
            } else if (option.commentSpec() != null) {
                facts.put(
                        "comment",
                        reading.literals().string(option.commentSpec().stringLit()));
            } else if (option.defaultExpression() != null) {
                facts.put(
                        TableStatement.DEFAULT,
                        written(option.defaultExpression().expression()));
            } else if (option.generationExpression() instanceof GeneratedColumnContext generated) {
                facts.put(GENERATED, written(generated.expression()));
            } else if (option.generationExpression() instanceof IdentityColumnContext identity) {
                facts.putAll(identity(identity));
            } else {
                throw reading.text()
                        .unsupported(
                                "Of a column's options NOT NULL, DEFAULT, GENERATED ALWAYS AS (…),"
                                        + " GENERATED … AS IDENTITY and COMMENT are supported.",
                                option);
            }
        }
        return reading.types()
                .column(reading.names().of(column.colName), column.dataType(), nullable, new Metadata(facts));
    }

    private Map<String, Object> identity(IdentityColumnContext context) {
        Map<String, Object> facts = new HashMap<>();
        if (context.identityColSpec() != null) {
            for (SequenceGeneratorOptionContext option :
                    context.identityColSpec().sequenceGeneratorOption()) {
                String fact = option.start != null ? IDENTITY_START : IDENTITY_STEP;
                if (facts.put(fact, whole(option.start != null ? option.start : option.step)) != null) {
                    throw reading.text()
                            .error("PARSE_SYNTAX_ERROR", "START WITH and INCREMENT BY are said once each.", option);
                }
            }
        }
        facts.putIfAbsent(IDENTITY_START, 1L);
        facts.putIfAbsent(IDENTITY_STEP, 1L);
        facts.put("delta.identity.allowExplicitInsert", context.DEFAULT() != null);
        return facts;
    }

    private long whole(ParserRuleContext number) {
        try {
            return Long.parseLong(written(number));
        } catch (NumberFormatException tooLarge) {
            throw reading.text().error("PARSE_SYNTAX_ERROR", "'" + written(number) + "' is not a BIGINT.", number);
        }
    }
}
