package dev.headrace.sql;

import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/// The first word of a join that `ASOF` stands before. The grammar does not know that word and would take it for an
/// alias, so the parser is not shown it.
///
/// `ASOF` before a join is an alias only where it can't be anything else, after `AS`, or the name of a table.
final class AsOfToken extends CommonToken {
    private static final long serialVersionUID = 1L;

    private static final Set<Integer> JOIN_TYPES = Set.of(
            SqlBaseLexer.INNER,
            SqlBaseLexer.LEFT,
            SqlBaseLexer.RIGHT,
            SqlBaseLexer.FULL,
            SqlBaseLexer.OUTER,
            SqlBaseLexer.SEMI,
            SqlBaseLexer.ANTI,
            SqlBaseLexer.CROSS,
            SqlBaseLexer.NATURAL);

    /// What a name follows, not the end of a relation.
    private static final Set<Integer> BEFORE_NAMES = Set.of(
            SqlBaseLexer.FROM,
            SqlBaseLexer.JOIN,
            SqlBaseLexer.AS,
            SqlBaseLexer.COMMA,
            SqlBaseLexer.DOT,
            SqlBaseLexer.LEFT_PAREN,
            SqlBaseLexer.LATERAL);

    private AsOfToken(Token token) {
        super(token);
        setTokenIndex(token.getTokenIndex());
    }

    /// Whether `ASOF` stands before what the context begins with.
    static boolean begins(ParserRuleContext context) {
        return context.getStart() instanceof AsOfToken;
    }

    /// Hides each `ASOF` that stands before a join.
    ///
    /// @param tokens all of them; the first word of such a join is replaced
    /// @param visible those that the grammar sees
    static void mark(List<Token> tokens, List<Token> visible) {
        for (int i = 1; i < visible.size() - 1; i++) {
            if (isAsOf(visible, i)) {
                ((CommonToken) visible.get(i)).setChannel(Token.HIDDEN_CHANNEL);
                Token join = visible.get(i + 1);
                tokens.set(join.getTokenIndex(), new AsOfToken(join));
            }
        }
    }

    private static boolean isAsOf(List<Token> visible, int at) {
        Token token = visible.get(at);
        if (token.getType() != SqlBaseLexer.IDENTIFIER
                || !token.getText().equalsIgnoreCase("asof")
                || BEFORE_NAMES.contains(visible.get(at - 1).getType())) {
            return false;
        }
        int next = at + 1;
        while (JOIN_TYPES.contains(visible.get(next).getType())) {
            next++;
        }
        return visible.get(next).getType() == SqlBaseLexer.JOIN;
    }
}
