package dev.headrace.sql;

import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/// The tokens of a text without the words that the grammar does not know; tokens beside them stand for these.
final class MarkedTokens extends CommonTokenStream {
    private MarkedTokens(SqlBaseLexer lexer, SqlText text) {
        super(lexer);
        fill();
        AsOfToken.mark(tokens, visible());
        EmitToken.mark(tokens, visible(), text);
        ExplainAnalyzeToken.mark(tokens, visible());
    }

    /// @throws dev.headrace.errors.QueryException `PARSE_SYNTAX_ERROR`
    static CommonTokenStream of(SqlBaseLexer lexer, SqlText text) {
        String upper = text.text().toUpperCase(Locale.ROOT);
        return upper.contains("ASOF") || upper.contains("EMIT") || upper.contains("ANALYZE")
                ? new MarkedTokens(lexer, text)
                : new CommonTokenStream(lexer);
    }

    private List<Token> visible() {
        return tokens.stream()
                .filter(token -> token.getChannel() == Token.DEFAULT_CHANNEL)
                .toList();
    }
}
