package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Firing;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;

/// The last word of a GROUP BY that an EMIT clause stands behind. The grammar does not know the clause, so the parser
/// is not shown it.
///
/// ```text
/// EMIT { AT WATERMARK | EVERY pace } [EARLY EVERY pace [OR pace]] [LATE WITHIN interval]
///      [ACCUMULATING | DISCARDING | RETRACTING]
/// pace: an interval, or n ROWS
/// interval: '10 seconds' or 10 SECONDS
/// ```
final class EmitToken extends CommonToken {
    private static final long serialVersionUID = 1L;

    private static final Set<String> BEGINNINGS = Set.of("AT", "EVERY", "EARLY", "LATE");

    /// What a name follows, not the end of a GROUP BY.
    private static final Set<Integer> BEFORE_NAMES =
            Set.of(SqlBaseLexer.BY, SqlBaseLexer.COMMA, SqlBaseLexer.DOT, SqlBaseLexer.AS, SqlBaseLexer.LEFT_PAREN);

    private static final Set<Integer> OTHER_CLAUSES = Set.of(
            SqlBaseLexer.SELECT,
            SqlBaseLexer.FROM,
            SqlBaseLexer.WHERE,
            SqlBaseLexer.HAVING,
            SqlBaseLexer.ORDER,
            SqlBaseLexer.QUALIFY,
            SqlBaseLexer.LIMIT);

    private final transient Firing firing;
    private final int end;

    /// @param end the last character of the clause
    private EmitToken(Token token, Firing firing, int end) {
        super(token);
        setTokenIndex(token.getTokenIndex());
        this.firing = firing;
        this.end = end;
    }

    /// The last character of a part of a text, with the EMIT clause that may stand behind it.
    static int end(ParserRuleContext part) {
        return part.getStop() instanceof EmitToken emit
                ? emit.end
                : part.getStop().getStopIndex();
    }

    /// What the EMIT clause behind a GROUP BY says, if there is one.
    static Optional<Firing> behind(ParserRuleContext context) {
        return context.getStop() instanceof EmitToken emit ? Optional.of(emit.firing) : Optional.empty();
    }

    /// Hides each EMIT clause.
    ///
    /// @param tokens all of them; the word before such a clause is replaced
    /// @param visible those that the grammar sees
    /// @throws QueryException `PARSE_SYNTAX_ERROR`, and what [Firing] throws
    static void mark(List<Token> tokens, List<Token> visible, SqlText text) {
        for (int i = 1; i < visible.size() - 1; i++) {
            if (isEmit(visible, i)) {
                Clause clause = new Clause(visible, i + 1, text);
                Firing firing = clause.read();
                for (Token hidden : visible.subList(i, clause.at)) {
                    ((CommonToken) hidden).setChannel(Token.HIDDEN_CHANNEL);
                }
                Token last = visible.get(i - 1);
                tokens.set(
                        last.getTokenIndex(),
                        new EmitToken(last, firing, visible.get(clause.at - 1).getStopIndex()));
            }
        }
    }

    private static boolean isEmit(List<Token> visible, int at) {
        Token token = visible.get(at);
        return token.getType() == SqlBaseLexer.IDENTIFIER
                && token.getText().equalsIgnoreCase("emit")
                && !BEFORE_NAMES.contains(visible.get(at - 1).getType())
                && BEGINNINGS.contains(word(visible, at + 1))
                && isInGroupBy(visible, at);
    }

    private static String word(List<Token> visible, int at) {
        return visible.get(at).getText().toUpperCase(Locale.ROOT);
    }

    private static boolean isInGroupBy(List<Token> visible, int at) {
        int depth = 0;
        for (int i = at - 1; i > 0 && depth >= 0; i--) {
            int type = visible.get(i).getType();
            depth += type == SqlBaseLexer.RIGHT_PAREN ? 1 : type == SqlBaseLexer.LEFT_PAREN ? -1 : 0;
            if (depth == 0 && (OTHER_CLAUSES.contains(type) || isWindowClause(visible, i))) {
                return false;
            }
            if (depth == 0 && type == SqlBaseLexer.BY && visible.get(i - 1).getType() == SqlBaseLexer.GROUP) {
                return true;
            }
        }
        return false;
    }

    /// WINDOW is also a function.
    private static boolean isWindowClause(List<Token> visible, int at) {
        return visible.get(at).getType() == SqlBaseLexer.WINDOW
                && visible.get(at + 1).getType() != SqlBaseLexer.LEFT_PAREN;
    }

    /// Reads a clause behind its first word.
    private static final class Clause {
        private final List<Token> visible;
        private final SqlText text;
        private int at;

        Clause(List<Token> visible, int at, SqlText text) {
            this.visible = visible;
            this.at = at;
            this.text = text;
        }

        Firing read() {
            Firing firing = Firing.atWatermark();
            if (accept("AT")) {
                expect("WATERMARK");
            } else if (accept("EVERY")) {
                firing = paces(firing);
            }
            if (accept("EARLY")) {
                expect("EVERY");
                firing = paces(firing);
            }
            if (accept("LATE")) {
                expect("WITHIN");
                firing = firing.lateWithin(interval());
            }
            if (accept("DISCARDING")) {
                firing = firing.with(Firing.Panes.DISCARDING);
            } else if (accept("RETRACTING")) {
                firing = firing.with(Firing.Panes.RETRACTING);
            } else if (accept("ACCUMULATING")) {
                firing = firing.with(Firing.Panes.ACCUMULATING);
            }
            return firing;
        }

        private Firing paces(Firing firing) {
            Firing paced = pace(firing);
            return accept("OR") ? pace(paced) : paced;
        }

        private Firing pace(Firing firing) {
            if (isNumber()
                    && (word(visible, at + 1).equals("ROW")
                            || word(visible, at + 1).equals("ROWS"))) {
                long rows = Long.parseLong(visible.get(at).getText());
                at += 2;
                return firing.earlyEvery(rows);
            }
            return firing.earlyEvery(interval());
        }

        private String interval() {
            Token token = visible.get(at);
            if (token.getType() == SqlBaseLexer.STRING_LITERAL) {
                at++;
                return LiteralReader.unquoted(token.getText());
            }
            if (isNumber() && at + 1 < visible.size() - 1) {
                at += 2;
                return token.getText() + " " + visible.get(at - 1).getText();
            }
            throw syntax("an interval such as '10 seconds', or a number of rows such as 1000 ROWS");
        }

        private boolean isNumber() {
            return visible.get(at).getType() == SqlBaseLexer.INTEGER_VALUE
                    && visible.get(at).getText().length() < 19;
        }

        private boolean accept(String word) {
            boolean found = word(visible, at).equals(word);
            at += found ? 1 : 0;
            return found;
        }

        private void expect(String word) {
            if (!accept(word)) {
                throw syntax(word);
            }
        }

        private QueryException syntax(String expected) {
            Token token = visible.get(at);
            boolean atEnd = token.getType() == Token.EOF;
            String found = atEnd ? "at the end of the text" : "at or near '" + token.getText() + "'";
            return text.error(
                    "PARSE_SYNTAX_ERROR",
                    "Syntax error " + found + " in EMIT. Expected: " + expected + ".",
                    new Place(
                            token.getLine(),
                            token.getCharPositionInLine() + 1,
                            atEnd ? 1 : token.getText().length()));
        }
    }
}
