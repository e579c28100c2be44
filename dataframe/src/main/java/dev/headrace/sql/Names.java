package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import java.util.List;
import org.antlr.v4.runtime.ParserRuleContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ErrorCapturingIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ErrorIdentContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierListContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultipartIdentifierContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.QualifiedNameContext;

/// Reads identifiers.
final class Names {
    private final SqlText text;

    Names(SqlText text) {
        this.text = text;
    }

    /// The identifier without its backquotes.
    static String plain(ParserRuleContext identifier) {
        String written = identifier.getText();
        if (written.length() >= 2 && written.startsWith("`") && written.endsWith("`")) {
            return written.substring(1, written.length() - 1).replace("``", "`");
        }
        return written;
    }

    String of(ErrorCapturingIdentifierContext identifier) {
        if (identifier.errorCapturingIdentifierExtra() instanceof ErrorIdentContext) {
            throw hyphen(identifier);
        }
        return plain(identifier.identifier());
    }

    List<String> of(MultipartIdentifierContext identifier) {
        return identifier.parts.stream().map(this::of).toList();
    }

    List<String> of(IdentifierReferenceContext reference) {
        if (reference.multipartIdentifier() == null) {
            throw text.unsupported("IDENTIFIER(…) is not supported. Write the name itself.", reference);
        }
        return of(reference.multipartIdentifier());
    }

    List<String> of(IdentifierListContext list) {
        return list.identifierSeq().ident.stream().map(this::of).toList();
    }

    static List<String> of(QualifiedNameContext name) {
        return name.identifier().stream().map(Names::plain).toList();
    }

    private QueryException hyphen(ErrorCapturingIdentifierContext identifier) {
        return text.error(
                "INVALID_IDENTIFIER",
                "'" + identifier.getText() + "' has a hyphen in it. Put backquotes around the name: `"
                        + identifier.getText() + "`.",
                identifier);
    }
}
