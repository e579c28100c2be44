package dev.headrace.sql;

import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/// The `EXPLAIN` of a statement that `EXPLAIN ANALYZE` begins. The grammar knows `ANALYZE` only as the first word of
/// `ANALYZE TABLE … COMPUTE STATISTICS`, so the parser is not shown it.
final class ExplainAnalyzeToken extends CommonToken {
    private static final long serialVersionUID = 1L;

    private static final Set<Integer> STATISTICS = Set.of(SqlBaseLexer.TABLE, SqlBaseLexer.TABLES);

    private ExplainAnalyzeToken(Token token) {
        super(token);
        setTokenIndex(token.getTokenIndex());
    }

    /// Whether `EXPLAIN ANALYZE` is what the context begins with.
    static boolean begins(ParserRuleContext context) {
        return context.getStart() instanceof ExplainAnalyzeToken;
    }

    /// Hides the `ANALYZE` of a text that begins with `EXPLAIN ANALYZE`.
    ///
    /// @param tokens all of them; the first word is replaced
    /// @param visible those that the grammar sees
    static void mark(List<Token> tokens, List<Token> visible) {
        if (visible.size() > 2
                && visible.get(0).getType() == SqlBaseLexer.EXPLAIN
                && visible.get(1).getType() == SqlBaseLexer.ANALYZE
                && !STATISTICS.contains(visible.get(2).getType())) {
            ((CommonToken) visible.get(1)).setChannel(Token.HIDDEN_CHANNEL);
            Token explain = visible.get(0);
            tokens.set(explain.getTokenIndex(), new ExplainAnalyzeToken(explain));
        }
    }
}
