package dev.headrace.sql;

import dev.headrace.plan.NamedExpr;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;

/// Reads the statements that Delta adds to Spark's grammar: OPTIMIZE, VACUUM, DESCRIBE HISTORY, DESCRIBE DETAIL,
/// RESTORE, CONVERT TO DELTA, CREATE TABLE … CLONE.
final class CareReader {
    private final Reading reading;
    private final List<Token> tokens;
    private int at;

    private CareReader(Reading reading, List<Token> tokens) {
        this.reading = reading;
        this.tokens = tokens;
    }

    /// @return empty if it is another kind of statement
    static Optional<TableStatement> read(Reading reading) {
        SqlBaseLexer lexer = new SqlBaseLexer(
                new UpperCaseStream(CharStreams.fromString(reading.text().text())));
        lexer.removeErrorListeners();
        List<Token> tokens = new ArrayList<>();
        for (Token token = lexer.nextToken(); ; token = lexer.nextToken()) {
            if (token.getChannel() == Token.DEFAULT_CHANNEL || token.getType() == Token.EOF) {
                tokens.add(token);
            }
            boolean other = tokens.size() == 1 && !isFirst(tokens.getFirst());
            if (other || token.getType() == Token.EOF) {
                break;
            }
        }
        if (tokens.isEmpty() || !isFirst(tokens.getFirst())) {
            return Optional.empty();
        }
        return Optional.ofNullable(new CareReader(reading, tokens).statement());
    }

    private static boolean isFirst(Token token) {
        return Set.of("OPTIMIZE", "VACUUM", "DESCRIBE", "DESC", "RESTORE", "CONVERT", "CREATE", "REPLACE")
                .contains(token.getText().toUpperCase(Locale.ROOT));
    }

    private @org.jspecify.annotations.Nullable TableStatement statement() {
        return switch (word()) {
            case "OPTIMIZE" -> optimize();
            case "VACUUM" -> vacuum();
            case "RESTORE" -> restore();
            case "CONVERT" -> convert();
            case "CREATE", "REPLACE" -> isClone() ? copy() : null;
            default -> {
                at = 1;
                if (accept("HISTORY") && isName()) {
                    yield history();
                }
                at = 1;
                if (accept("DETAIL") && isName()) {
                    TableStatement detail = new TableStatement.Detail(name());
                    end("the end of the statement");
                    yield detail;
                }
                yield null;
            }
        };
    }

    private TableStatement optimize() {
        at++;
        List<String> table = name();
        Optional<NamedExpr> condition = Optional.empty();
        if (accept("WHERE")) {
            int from = at;
            while (!isEnd() && !word().equals("ZORDER")) {
                at++;
            }
            condition = Optional.of(expression(from, at));
        }
        List<String> columns = new ArrayList<>();
        if (accept("ZORDER")) {
            expect("BY");
            boolean inBrackets = accept("(");
            do {
                columns.add(String.join(".", name()));
            } while (accept(","));
            if (inBrackets) {
                expect(")");
            }
        }
        end("WHERE …, ZORDER BY (…) or the end of the statement");
        return new TableStatement.Optimize(table, condition, columns);
    }

    private NamedExpr expression(int from, int to) {
        if (from == to) {
            throw syntax("a condition");
        }
        int start = tokens.get(from).getStartIndex();
        String all = reading.text().text();
        // Blanks in front of it leave the places of errors as they are.
        StringBuilder condition = new StringBuilder();
        all.codePoints().limit(start).forEach(character -> condition.append(character == '\n' ? '\n' : ' '));
        condition.append(SqlText.part(all, start, tokens.get(to - 1).getStopIndex()));
        SqlBaseParser.SingleExpressionContext tree =
                new Grammar(new SqlText(condition.toString(), all)).parse(SqlBaseParser::singleExpression);
        return reading.expressions().named(tree.namedExpression());
    }

    private TableStatement vacuum() {
        at++;
        List<String> table = name();
        OptionalDouble hours = OptionalDouble.empty();
        if (accept("RETAIN")) {
            hours = OptionalDouble.of(number());
            if (!accept("HOURS")) {
                expect("HOUR");
            }
        }
        boolean dryRun = accept("DRY");
        if (dryRun) {
            expect("RUN");
        }
        end("RETAIN … HOURS, DRY RUN or the end of the statement");
        return new TableStatement.Vacuum(table, hours, dryRun);
    }

    private TableStatement history() {
        List<String> table = name();
        OptionalInt limit = accept("LIMIT") ? OptionalInt.of((int) number()) : OptionalInt.empty();
        end("LIMIT … or the end of the statement");
        return new TableStatement.History(table, limit);
    }

    private TableStatement restore() {
        at++;
        accept("TABLE");
        List<String> table = name();
        accept("TO");
        boolean byVersion = accept("VERSION");
        if (!byVersion) {
            expect("TIMESTAMP");
        }
        expect("AS");
        expect("OF");
        OptionalLong version = OptionalLong.empty();
        Optional<String> timestamp = Optional.empty();
        if (byVersion) {
            version = OptionalLong.of((long) number());
        } else {
            timestamp = Optional.of(string());
        }
        end("the end of the statement");
        return new TableStatement.Restore(table, version, timestamp);
    }

    private TableStatement convert() {
        at++;
        expect("TO");
        expect("DELTA");
        List<String> table = name();
        boolean statistics = true;
        if (accept("NO")) {
            expect("STATISTICS");
            statistics = false;
        }
        List<StructField> partitions = List.of();
        if (accept("PARTITIONED")) {
            expect("BY");
            expect("(");
            int from = at;
            while (!isEnd() && !word().equals(")")) {
                at++;
            }
            if (from == at) {
                throw syntax("a column with its type");
            }
            partitions = StructType.fromDDL(SqlText.part(
                            reading.text().text(),
                            tokens.get(from).getStartIndex(),
                            tokens.get(at - 1).getStopIndex()))
                    .fieldList();
            expect(")");
        }
        end("NO STATISTICS, PARTITIONED BY (…) or the end of the statement");
        return new TableStatement.Convert(table, partitions, statistics);
    }

    /// Whether CLONE stands where a definition of a table, or its query, would.
    private boolean isClone() {
        for (int i = 1; i + 1 < tokens.size(); i++) {
            String word = tokens.get(i).getText().toUpperCase(Locale.ROOT);
            if (Set.of("AS", "USING", "SELECT", "(", ";").contains(word)) {
                return false;
            }
            boolean kind = word.equals("SHALLOW") || word.equals("DEEP");
            if (kind && tokens.get(i + 1).getText().equalsIgnoreCase("CLONE")) {
                return true;
            }
        }
        return false;
    }

    private TableStatement copy() {
        Statement.Exists ifExists = Statement.Exists.FAIL;
        if (accept("CREATE")) {
            if (accept("OR")) {
                expect("REPLACE");
                ifExists = Statement.Exists.REPLACE;
            }
        } else {
            expect("REPLACE");
            ifExists = Statement.Exists.REPLACE;
        }
        expect("TABLE");
        if (ifExists == Statement.Exists.FAIL && accept("IF")) {
            expect("NOT");
            expect("EXISTS");
            ifExists = Statement.Exists.KEEP;
        }
        List<String> target = name();
        boolean deep = accept("DEEP");
        if (!deep) {
            expect("SHALLOW");
        }
        expect("CLONE");
        List<String> source = name();
        OptionalLong version = OptionalLong.empty();
        Optional<String> timestamp = Optional.empty();
        if (accept("VERSION")) {
            expect("AS");
            expect("OF");
            version = OptionalLong.of((long) number());
        } else if (accept("TIMESTAMP")) {
            expect("AS");
            expect("OF");
            timestamp = Optional.of(string());
        }
        Map<String, String> properties = accept("TBLPROPERTIES") ? properties() : Map.of();
        Optional<String> location = accept("LOCATION") ? Optional.of(string()) : Optional.empty();
        end("VERSION AS OF …, TBLPROPERTIES (…), LOCATION '…' or the end of the statement");
        return new TableStatement.Clone(source, target, deep, version, timestamp, properties, location, ifExists);
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        expect("(");
        do {
            String key = string();
            expect("=");
            properties.put(key, string());
        } while (accept(","));
        expect(")");
        return properties;
    }

    // ---- Tokens

    private String word() {
        return tokens.get(at).getText().toUpperCase(Locale.ROOT);
    }

    private boolean isEnd() {
        int type = tokens.get(at).getType();
        return type == Token.EOF || type == SqlBaseLexer.SEMICOLON;
    }

    private boolean isName() {
        return !isEnd() && !word().equals("(");
    }

    private boolean accept(String word) {
        if (isEnd() || !word().equals(word)) {
            return false;
        }
        at++;
        return true;
    }

    private void expect(String word) {
        if (!accept(word)) {
            throw syntax(word);
        }
    }

    private void end(String expected) {
        boolean semicolon = tokens.get(at).getType() == SqlBaseLexer.SEMICOLON;
        boolean atEnd = isEnd() && (!semicolon || at + 2 >= tokens.size());
        if (!atEnd) {
            throw syntax(expected);
        }
    }

    private List<String> name() {
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

    private double number() {
        String text = isEnd() ? "" : original(tokens.get(at));
        try {
            double number = Double.parseDouble(text);
            at++;
            return number;
        } catch (NumberFormatException notANumber) {
            throw syntax("a number");
        }
    }

    private String string() {
        String text = isEnd() ? "" : original(tokens.get(at));
        if (!text.startsWith("'") && !text.startsWith("\"")) {
            throw syntax("a text in quotes");
        }
        at++;
        return LiteralReader.unquoted(text);
    }

    private String original(Token token) {
        return SqlText.part(reading.text().text(), token.getStartIndex(), token.getStopIndex());
    }

    private dev.headrace.errors.QueryException syntax(String expected) {
        Token token = tokens.get(at);
        String found = isEnd() ? "at the end of the text" : "at or near '" + original(token) + "'";
        int length = isEnd() ? 1 : token.getText().length();
        return reading.text()
                .error(
                        "PARSE_SYNTAX_ERROR",
                        "Syntax error " + found + ". Expected: " + expected + ".",
                        new Place(token.getLine(), token.getCharPositionInLine() + 1, length));
    }
}
