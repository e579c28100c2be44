package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StringType;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ErrorCapturingIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ErrorIdentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultipartIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QualifiedNameContext;

/// Reads identifiers: as they are written, or what `IDENTIFIER('…')` says in their places.
final class Names {
    private final SqlText text;
    private final Reading reading;

    Names(SqlText text, Reading reading) {
        this.text = text;
        this.reading = reading;
    }

    /// The identifier as it is written, without its backquotes.
    static String written(ParserRuleContext identifier) {
        String written = identifier.getText();
        if (written.length() >= 2 && written.startsWith("`") && written.endsWith("`")) {
            return written.substring(1, written.length() - 1).replace("``", "`");
        }
        return written;
    }

    /// A name of one part.
    ///
    /// @throws QueryException `IDENTIFIER_TOO_MANY_NAME_PARTS`
    String plain(ParserRuleContext identifier) {
        List<String> parts = parts(identifier);
        if (parts.size() != 1) {
            throw text.error(
                    "IDENTIFIER_TOO_MANY_NAME_PARTS",
                    "'" + String.join(".", parts) + "' has " + parts.size()
                            + " parts, but here stands a name of one. Put backquotes around it if the dot is a part of it.",
                    identifier);
        }
        return parts.getFirst();
    }

    /// One part, or those that `IDENTIFIER('a.b')` has.
    List<String> parts(ParserRuleContext identifier) {
        ParserRuleContext inner = identifier;
        while (inner.getChildCount() == 1 && inner.getChild(0) instanceof ParserRuleContext only) {
            inner = only;
        }
        return inner instanceof IdentifierLiteralContext literal
                ? parsed(reading.literals().string(literal.stringLit()), literal)
                : List.of(written(identifier));
    }

    String of(ErrorCapturingIdentifierContext identifier) {
        return plain(checked(identifier));
    }

    List<String> of(MultipartIdentifierContext identifier) {
        return identifier.parts.stream()
                .flatMap(part -> parts(checked(part)).stream())
                .toList();
    }

    private ParserRuleContext checked(ErrorCapturingIdentifierContext identifier) {
        if (identifier.errorCapturingIdentifierExtra() instanceof ErrorIdentContext) {
            throw hyphen(identifier);
        }
        return identifier.identifier();
    }

    /// A name that errors may point at, as long as it is this list.
    List<String> of(IdentifierReferenceContext reference) {
        List<String> name = reference.multipartIdentifier() == null
                ? of(reference.expression())
                : of(reference.multipartIdentifier());
        return text.placed(List.copyOf(name), reference);
    }

    /// Names that errors may point at, as long as it is this list.
    List<String> of(IdentifierListContext list) {
        List<String> names = list.identifierSeq().ident.stream().map(this::of).toList();
        return text.placed(List.copyOf(names), list);
    }

    List<String> of(QualifiedNameContext name) {
        return name.identifier().stream().flatMap(part -> parts(part).stream()).toList();
    }

    /// The name that an expression gives: `IDENTIFIER(:schema || '.orders')`.
    ///
    /// @throws QueryException `NOT_A_CONSTANT_STRING.…` if it is no constant text
    List<String> of(ExpressionContext expression) {
        NamedExpr expr = reading.expressions().expression(expression);
        Scalar value = reading.constant(expr)
                .orElseThrow(() -> notAName(
                        "NOT_CONSTANT", expr.text() + " has to be known when the statement is read", expression));
        if (!value.isNull() && !(value.type() instanceof StringType)) {
            throw notAName(
                    "WRONG_TYPE", expr.text() + " is of type " + value.type().simpleString(), expression);
        }
        if (value.isNull()) {
            throw notAName("NULL", expr.text() + " is null", expression);
        }
        return parsed(value.toString(), expression);
    }

    private QueryException notAName(String code, String problem, ParserRuleContext at) {
        return text.error(
                "NOT_A_CONSTANT_STRING." + code,
                "IDENTIFIER(…): " + problem + ". Give a name as a text of constants, parameters (:name) and variables.",
                at);
    }

    private List<String> parsed(String name, ParserRuleContext at) {
        try {
            return of(new Grammar(new SqlText(name))
                    .parse(SqlBaseParser::singleMultipartIdentifier)
                    .multipartIdentifier());
        } catch (QueryException noName) {
            throw text.error(
                    noName.code(),
                    "IDENTIFIER(…): '" + name
                            + "' is not a name. Write parts with dots between them, in backquotes if they are not letters,"
                            + " digits and _ alone.",
                    at);
        }
    }

    private QueryException hyphen(ErrorCapturingIdentifierContext identifier) {
        return text.error(
                "INVALID_IDENTIFIER",
                "'" + identifier.getText() + "' has a hyphen in it. Put backquotes around the name: `"
                        + identifier.getText() + "`.",
                identifier);
    }
}
