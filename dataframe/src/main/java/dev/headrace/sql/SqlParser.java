package dev.headrace.sql;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedExpr;
import dev.headrace.types.DataType;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleCompoundStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleDataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleExpressionContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.SingleStatementContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StatementDefaultContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.VisitExecuteImmediateContext;

/// Turns SQL texts into statements and expressions. Keywords and names are without letter case.
public final class SqlParser {
    private static final Relations NONE = new Relations() {
        @Override
        public Optional<dev.headrace.plan.NamedPlan> find(List<String> name, Map<String, String> options) {
            return Optional.empty();
        }

        @Override
        public Optional<dev.headrace.plan.NamedPlan> stream(List<String> name, Map<String, String> options) {
            return Optional.empty();
        }

        @Override
        public dev.headrace.plan.NamedPlan recursive(Recursion recursion) {
            throw new QueryException(
                    "UNSUPPORTED_SQL", "WITH RECURSIVE " + recursion.name() + " needs session.sql(…).");
        }

        @Override
        public Set<String> names() {
            return Set.of();
        }
    };

    private SqlParser() {}

    /// What has been read from a text.
    ///
    /// @param text for errors that are found later
    public record Parsed<T>(T value, SqlText text) {}

    /// Reads one statement, which may end with a semicolon.
    ///
    /// @param zone the session time zone, in which constants such as `TIMESTAMP '2026-01-31 10:00:00'` are read
    /// @throws dev.headrace.errors.QueryException `PARSE_SYNTAX_ERROR`, `TABLE_OR_VIEW_NOT_FOUND`, `UNSUPPORTED_SQL` …
    public static Parsed<Statement> statement(String sql, Relations tables, Parameters parameters, ZoneId zone) {
        SqlText text = new SqlText(sql);
        Reading reading = new Reading(text, parameters, zone, tables);
        Optional<TableStatement> care = CareReader.read(reading);
        if (care.isPresent()) {
            return new Parsed<>(new Statement.OfTable(care.get()), text);
        }
        Optional<Statement> changes = ApplyChangesReader.read(reading);
        if (changes.isPresent()) {
            return new Parsed<>(changes.get(), text);
        }
        if (isScript(sql)) {
            SingleCompoundStatementContext script = new Grammar(text).parse(SqlBaseParser::singleCompoundStatement);
            ScriptReader reader =
                    new ScriptReader(reading, () -> new Reading(new SqlText(sql), parameters, zone, tables));
            return new Parsed<>(new Statement.RunScript(reader.script(script)), text);
        }
        SingleStatementContext tree = new Grammar(text).parse(SqlBaseParser::singleStatement);
        return new Parsed<>(new StatementReader(reading).statement(tree), text);
    }

    /// Unpacks the tables of the grammar, for which the first text of a process waits otherwise. Thread-safe.
    public static void prepare() {
        new KnownPredictor(new SqlBaseParser(new CommonTokenStream(KnownTokens.lexer(""))));
    }

    private static boolean isScript(String sql) {
        SqlBaseLexer lexer = KnownTokens.lexer(sql);
        Token token = lexer.nextToken();
        while (token.getChannel() != Token.DEFAULT_CHANNEL) {
            token = lexer.nextToken();
        }
        return token.getType() == SqlBaseLexer.BEGIN;
    }

    /// The statements of a script, which end with semicolons; those within texts, comments and BEGIN … END don't count.
    public static List<String> split(String script) {
        List<String> statements = new ArrayList<>();
        int from = 0;
        ScriptBlocks blocks = new ScriptBlocks();
        SqlBaseLexer lexer = KnownTokens.lexer(script);
        for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            boolean anything = blocks.isInStatement();
            if (blocks.ends(token)) {
                int at = script.offsetByCodePoints(0, token.getStartIndex());
                if (anything) {
                    statements.add(script.substring(from, at).strip());
                }
                from = at + 1;
            }
        }
        if (blocks.isInStatement()) {
            statements.add(script.substring(from).strip());
        }
        return statements;
    }

    /// Whether a script ends with a semicolon, or has no statement; not where a text, a comment or BEGIN … END is still
    /// open.
    public static boolean isWhole(String script) {
        ScriptBlocks blocks = new ScriptBlocks();
        SqlBaseLexer lexer = KnownTokens.lexer(script);
        for (Token token = lexer.nextToken(); token.getType() != Token.EOF; token = lexer.nextToken()) {
            if (token.getType() == SqlBaseLexer.UNRECOGNIZED && Grammar.QUOTES.contains(token.getText())) {
                return false;
            }
            blocks.ends(token);
        }
        return !blocks.isInStatement() && !lexer.has_unclosed_bracketed_comment;
    }

    /// Whether a statement may give rows as a query, as its words tell: what it reads need not be there yet. A script
    /// does if one of its queries is reached.
    public static boolean isQuery(String sql) {
        if (isScript(sql)) {
            return true;
        }
        try {
            return switch (new Grammar(new SqlText(sql))
                    .parse(SqlBaseParser::singleStatement)
                    .statement()) {
                case StatementDefaultContext _, VisitExecuteImmediateContext _ -> true;
                case null, default -> false;
            };
        } catch (QueryException otherGrammar) {
            return false;
        }
    }

    /// Reads one expression, possibly with an alias: `price * 2 AS double_price`.
    public static Parsed<NamedExpr> expression(String sql, Relations tables, ZoneId zone) {
        SqlText text = new SqlText(sql);
        SingleExpressionContext tree = new Grammar(text).parse(SqlBaseParser::singleExpression);
        Reading reading = new Reading(text, Parameters.NONE, zone, tables);
        return new Parsed<>(reading.expressions().named(tree.namedExpression()), text);
    }

    /// Reads one expression without subqueries, its times in UTC.
    public static NamedExpr expression(String sql) {
        return expression(sql, NONE, ZoneOffset.UTC).value();
    }

    /// Reads a type such as `decimal(10,2)`.
    public static DataType type(String sql) {
        SqlText text = new SqlText(sql);
        SingleDataTypeContext tree = new Grammar(text).parse(SqlBaseParser::singleDataType);
        return new Reading(text, Parameters.NONE, ZoneOffset.UTC, NONE).types().type(tree.dataType());
    }
}
