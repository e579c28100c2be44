package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;

/// The tokens of a statement that Spark's grammar does not know, read one after the other. Parts that the grammar knows
/// are given back to it.
final class Tokens {
    private final Reading reading;
    private final List<Token> tokens;
    private int at;

    private Tokens(Reading reading, List<Token> tokens) {
        this.reading = reading;
        this.tokens = tokens;
    }

    /// The tokens of a text; none but the first if that is not one of these words.
    static Tokens of(Reading reading, Set<String> firstWords) {
        SqlBaseLexer lexer = KnownTokens.lexer(reading.text().text());
        List<Token> tokens = new ArrayList<>();
        for (Token token = lexer.nextToken(); ; token = lexer.nextToken()) {
            if (token.getChannel() == Token.DEFAULT_CHANNEL || token.getType() == Token.EOF) {
                tokens.add(token);
            }
            boolean other = tokens.size() == 1
                    && !firstWords.contains(tokens.getFirst().getText().toUpperCase(Locale.ROOT));
            if (other || token.getType() == Token.EOF) {
                return new Tokens(reading, tokens);
            }
        }
    }

    /// How many tokens have been read.
    int position() {
        return at;
    }

    void moveTo(int position) {
        at = position;
    }

    /// @param last a token of this text
    void moveBehind(Token last) {
        at = 0;
        while (tokens.get(at).getStartIndex() <= last.getStopIndex()) {
            at++;
        }
    }

    String word() {
        return word(0);
    }

    /// The word that stands so many tokens ahead, in upper case; empty behind the end.
    String word(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead).getText().toUpperCase(Locale.ROOT) : "";
    }

    boolean isEnd() {
        int type = tokens.get(at).getType();
        return type == Token.EOF || type == SqlBaseLexer.SEMICOLON;
    }

    boolean isName() {
        return !isEnd() && !word().equals("(");
    }

    /// Whether these two words come next.
    boolean startsWith(String first, String second) {
        return word().equals(first) && word(1).equals(second);
    }

    boolean accept(String word) {
        if (isEnd() || !word().equals(word)) {
            return false;
        }
        at++;
        return true;
    }

    void expect(String word) {
        if (!accept(word)) {
            throw syntax(word);
        }
    }

    void end(String expected) {
        boolean semicolon = tokens.get(at).getType() == SqlBaseLexer.SEMICOLON;
        boolean atEnd = isEnd() && (!semicolon || at + 2 >= tokens.size());
        if (!atEnd) {
            throw syntax(expected);
        }
    }

    List<String> name() {
        List<String> parts = new ArrayList<>();
        do {
            String text = original(tokens.get(at));
            boolean quoted = text.length() > 2 && text.startsWith("`");
            if (isEnd() || (!quoted && !Character.isJavaIdentifierStart(text.charAt(0)))) {
                throw syntax("a name");
            }
            parts.add(quoted ? text.substring(1, text.length() - 1).replace("``", "`") : text);
            at++;
        } while (accept("."));
        return parts;
    }

    double number() {
        String text = isEnd() ? "" : original(tokens.get(at));
        try {
            double number = Double.parseDouble(text);
            at++;
            return number;
        } catch (NumberFormatException notANumber) {
            throw syntax("a number");
        }
    }

    String string() {
        String text = isEnd() ? "" : original(tokens.get(at));
        if (!text.startsWith("'") && !text.startsWith("\"")) {
            throw syntax("a text in quotes");
        }
        at++;
        return LiteralReader.unquoted(text);
    }

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        expect("(");
        do {
            boolean quoted = Set.of('\'', '"').contains(word().charAt(0));
            String key = quoted ? string() : String.join(".", name());
            accept("=");
            properties.put(key, string());
        } while (accept(","));
        expect(")");
        return properties;
    }

    /// The text in the brackets that begin here.
    ///
    /// @param what is expected in them
    String bracketed(String what) {
        expect("(");
        int from = at;
        while (!isEnd() && !word().equals(")")) {
            skip();
        }
        if (from == at) {
            throw syntax(what);
        }
        String text = written(from, at);
        expect(")");
        return text;
    }

    void next() {
        at++;
    }

    /// Passes over a token, and over all in the brackets if it opens some.
    void skip() {
        int depth = 0;
        do {
            depth += word().equals("(") ? 1 : word().equals(")") ? -1 : 0;
            at++;
        } while (depth > 0 && !isEnd());
    }

    /// What the grammar reads in the tokens from one place to the one before another.
    ///
    /// @param what is expected there
    /// @throws QueryException `PARSE_SYNTAX_ERROR`
    <C> C part(int from, int to, String what, Function<SqlBaseParser, C> rule) {
        if (from == to) {
            throw syntax(what);
        }
        int start = tokens.get(from).getStartIndex();
        String all = reading.text().text();
        // Blanks in front of it leave the places of errors as they are.
        StringBuilder part = new StringBuilder();
        all.codePoints().limit(start).forEach(character -> part.append(character == '\n' ? '\n' : ' '));
        part.append(written(from, to));
        return new Grammar(new SqlText(part.toString(), all)).parse(rule);
    }

    NamedExpr expression(int from, int to, String what) {
        return reading.expressions()
                .named(part(from, to, what, SqlBaseParser::singleExpression).namedExpression());
    }

    /// The text of the tokens from one place to the one before another, which is not the same.
    String written(int from, int to) {
        return SqlText.part(
                reading.text().text(),
                tokens.get(from).getStartIndex(),
                tokens.get(to - 1).getStopIndex());
    }

    private String original(Token token) {
        return SqlText.part(reading.text().text(), token.getStartIndex(), token.getStopIndex());
    }

    QueryException syntax(String expected) {
        String found = isEnd() ? "at the end of the text" : "at or near '" + original(tokens.get(at)) + "'";
        return error("PARSE_SYNTAX_ERROR", "Syntax error " + found + ". Expected: " + expected + ".", at);
    }

    /// An error at a token.
    QueryException error(String code, String message, int position) {
        Token token = tokens.get(position);
        int length = token.getType() == Token.EOF ? 1 : token.getText().length();
        return reading.text()
                .error(code, message, new Place(token.getLine(), token.getCharPositionInLine() + 1, length));
    }
}
