package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.jspecify.annotations.Nullable;

/// Runs the parser of Spark SQL's grammar.
final class Grammar {
    static final Set<String> QUOTES = Set.of("'", "\"", "`");

    private final SqlText text;

    Grammar(SqlText text) {
        this.text = text;
    }

    /// @param rule the rule of the grammar that the whole text must match
    /// @throws QueryException `PARSE_SYNTAX_ERROR`, `PARSE_EMPTY_STATEMENT`
    <C> C parse(Function<SqlBaseParser, C> rule) {
        try {
            // The faster of ANTLR's modes reads nearly all texts. What it can't read, the other one reads or refuses.
            return parse(rule, Grammar::readFast);
        } catch (ParseCancellationException inFastMode) {
            try {
                return parse(rule, this::readThoroughly);
            } catch (SyntaxException syntax) {
                throw syntax.error;
            }
        }
    }

    /// Mistakes are not described, nor looked for before they are met: the other mode does so.
    private static void readFast(SqlBaseParser parser) {
        parser.setInterpreter(new KnownPredictor(parser));
        parser.setErrorHandler(new BailErrorStrategy());
    }

    private void readThoroughly(SqlBaseParser parser) {
        parser.getInterpreter().setPredictionMode(PredictionMode.LL);
        parser.addErrorListener(new Errors());
    }

    private <C> C parse(Function<SqlBaseParser, C> rule, Consumer<SqlBaseParser> mode) {
        SqlBaseLexer lexer = KnownTokens.lexer(text.text());
        lexer.addErrorListener(new Errors());
        CommonTokenStream tokens = MarkedTokens.of(lexer, text);
        SqlBaseParser parser = new SqlBaseParser(tokens);
        parser.parameter_substitution_enabled = true;
        parser.removeErrorListeners();
        mode.accept(parser);
        C parsed = rule.apply(parser);
        if (lexer.has_unclosed_bracketed_comment) {
            Token end = tokens.get(tokens.size() - 1);
            throw new SyntaxException(text.error(
                    "UNCLOSED_BRACKETED_COMMENT",
                    "The comment that begins with /* has no end. Close it with */.",
                    new Place(end.getLine(), end.getCharPositionInLine() + 1, 1)));
        }
        return parsed;
    }

    private static final class SyntaxException extends ParseCancellationException {
        private static final long serialVersionUID = 1L;
        private final QueryException error;

        SyntaxException(QueryException error) {
            super(error);
            this.error = error;
        }
    }

    private final class Errors extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                @Nullable Object offending,
                int line,
                int column,
                @Nullable String message,
                @Nullable RecognitionException cause) {
            if (text.text().isBlank()) {
                throw new SyntaxException(new QueryException(
                        "PARSE_EMPTY_STATEMENT", "The SQL text is empty: expected a statement such as SELECT 1."));
            }
            @Nullable Token token = offending instanceof Token given ? given : null;
            boolean atEnd = token != null && token.getType() == Token.EOF;
            String found = atEnd ? "at the end of the text" : "at or near '" + written(token, column, line) + "'";
            int length = token == null || atEnd ? 1 : token.getText().length();
            throw new SyntaxException(text.error(
                    "PARSE_SYNTAX_ERROR",
                    "Syntax error " + found + ". " + advice(recognizer, token),
                    new Place(line, column + 1, length)));
        }

        private String written(@Nullable Token token, int column, int line) {
            if (token != null) {
                return token.getText();
            }
            String found = text.text().lines().toList().get(line - 1);
            return column < found.length() ? found.substring(column, column + 1) : "";
        }

        private String advice(Recognizer<?, ?> recognizer, @Nullable Token token) {
            if (token != null && QUOTES.contains(token.getText())) {
                return "What begins with this quote has no end: the other quote is missing.";
            }
            if (!(recognizer instanceof Parser parser) || token == null) {
                return "";
            }
            List<String> expected = new ArrayList<>();
            for (int type : parser.getExpectedTokens().toList()) {
                @Nullable String literal = parser.getVocabulary().getLiteralName(type);
                if (literal != null) {
                    expected.add(literal.substring(1, literal.length() - 1));
                }
            }
            if (token.getType() != Token.EOF && token.getText().length() > 2) {
                String meant = Suggestion.didYouMean(token.getText(), expected);
                if (!meant.isEmpty() && !expected.contains(token.getText().toUpperCase(java.util.Locale.ROOT))) {
                    return meant;
                }
            }
            return expected.isEmpty() || expected.size() > 6 ? "" : "Expected: " + String.join(", ", expected) + ".";
        }
    }
}
