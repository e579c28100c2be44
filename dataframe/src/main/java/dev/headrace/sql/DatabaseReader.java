package dev.headrace.sql;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CommentNamespaceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.CreateNamespaceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.LocationSpecContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetNamespaceLocationContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SetNamespacePropertiesContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnsetNamespacePropertiesContext;

/// Reads statements that make and change databases.
final class DatabaseReader {
    private final Reading reading;
    private final PropertyReader properties;

    DatabaseReader(Reading reading) {
        this.reading = reading;
        this.properties = new PropertyReader(reading);
    }

    Statement create(CreateNamespaceContext context) {
        if (!context.collationSpec().isEmpty()) {
            throw reading.text().unsupported("A database has no collation of its own.", context);
        }
        once("COMMENT", context.commentSpec());
        once("LOCATION", context.locationSpec());
        once("DBPROPERTIES", context.propertyList());
        return new Statement.CreateDatabase(
                reading.names().of(context.identifierReference()),
                context.IF() != null,
                context.commentSpec().stream()
                        .findFirst()
                        .map(comment -> reading.literals().string(comment.stringLit())),
                context.locationSpec().stream().findFirst().map(this::location),
                context.propertyList().stream()
                        .findFirst()
                        .map(properties::properties)
                        .orElse(Map.of()));
    }

    private void once(String clause, List<? extends ParserRuleContext> said) {
        if (said.size() > 1) {
            throw reading.text().error("DUPLICATE_CLAUSES", clause + " is said twice. Say it once.", said.get(1));
        }
    }

    /// @return empty if it is another kind of statement
    Optional<Statement> alter(ParserRuleContext context) {
        return switch (context) {
            case SetNamespacePropertiesContext set ->
                changed(
                        set.identifierReference(),
                        new Statement.DatabaseChange.SetProperties(properties.properties(set.propertyList())));
            case UnsetNamespacePropertiesContext unset ->
                changed(
                        unset.identifierReference(),
                        new Statement.DatabaseChange.UnsetProperties(properties.keys(unset.propertyList())));
            case SetNamespaceLocationContext set ->
                changed(
                        set.identifierReference(),
                        new Statement.DatabaseChange.SetLocation(location(set.locationSpec())));
            case CommentNamespaceContext comment ->
                changed(
                        comment.identifierReference(),
                        new Statement.DatabaseChange.SetComment(
                                Optional.ofNullable(comment.comment().stringLit())
                                        .map(reading.literals()::string)));
            default -> Optional.empty();
        };
    }

    private Optional<Statement> changed(IdentifierReferenceContext name, Statement.DatabaseChange change) {
        return Optional.of(new Statement.AlterDatabase(reading.names().of(name), change));
    }

    private String location(LocationSpecContext context) {
        return reading.literals().string(context.stringLit());
    }
}
