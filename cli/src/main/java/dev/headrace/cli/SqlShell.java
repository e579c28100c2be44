package dev.headrace.cli;

import dev.headrace.Catalog;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.BatchRuns;
import dev.headrace.sql.SqlParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// The shell of `headrace sql` on a terminal: a statement ends with a semicolon, keywords, functions and tables are
/// completed, and what was typed is kept in `~/.headrace_history`. A statement that fails does not end it.
final class SqlShell {
    private static final List<String> KEYWORDS = List.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP BY",
            "ORDER BY",
            "HAVING",
            "QUALIFY",
            "LIMIT",
            "OFFSET",
            "JOIN",
            "LEFT JOIN",
            "RIGHT JOIN",
            "FULL JOIN",
            "CROSS JOIN",
            "UNION ALL",
            "INTERSECT",
            "EXCEPT",
            "WITH",
            "VALUES",
            "INSERT INTO",
            "INSERT OVERWRITE",
            "CREATE TABLE",
            "CREATE TEMP VIEW",
            "DROP TABLE",
            "DROP VIEW",
            "SHOW TABLES",
            "SHOW FUNCTIONS",
            "DESCRIBE",
            "EXPLAIN",
            "SET",
            "DISTINCT",
            "BETWEEN",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "AND",
            "OR",
            "NOT",
            "NULL",
            "LIKE",
            "PARTITION BY",
            "LATERAL VIEW",
            "PIVOT",
            "UNPIVOT",
            "USING");

    private final Session session;
    private final Consumer<String> statements;
    private final PrintWriter err;

    /// @param statements runs a statement and prints what it gives
    SqlShell(Session session, Consumer<String> statements, PrintWriter err) {
        this.session = session;
        this.statements = statements;
        this.err = err;
    }

    void run() {
        try (Terminal terminal = TerminalBuilder.builder().build()) {
            run(terminal, Path.of(System.getProperty("user.home"), ".headrace_history"));
        } catch (IOException noTerminal) {
            throw new UncheckedIOException("the terminal can't be used", noTerminal);
        }
    }

    void run(Terminal terminal, Path history) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new Statements())
                .completer(new Names(session))
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "   > ")
                .option(LineReader.Option.CASE_INSENSITIVE, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        while (true) {
            try {
                String typed = reader.readLine("sql> ").strip();
                if (isEnd(typed)) {
                    return;
                }
                line(SqlParser.split(typed));
            } catch (UserInterruptException lineGivenUp) {
                continue;
            } catch (EndOfFileException end) {
                return;
            }
        }
    }

    private static boolean isEnd(String typed) {
        String word = typed.toLowerCase(Locale.ROOT).replaceAll(";$", "");
        return word.equals("exit") || word.equals("quit");
    }

    /// Who cancels a statement does not want those behind it either.
    private void line(List<String> typed) {
        for (String statement : typed) {
            try {
                statements.accept(statement);
            } catch (HeadraceException failed) {
                err.println(failed.getMessage());
                if (failed.code().equals(BatchRuns.CANCELLED)) {
                    return;
                }
            }
        }
    }

    /// Lets a statement go on over lines until its semicolon.
    private static final class Statements extends DefaultParser {
        Statements() {
            setEscapeChars(new char[0]);
            setQuoteChars(new char[0]);
        }

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            String text = line.strip();
            if (context == ParseContext.ACCEPT_LINE && !isEnd(text) && !SqlParser.isWhole(text)) {
                throw new EOFError(-1, -1, "the statement has no end", ";");
            }
            return super.parse(line, cursor, context);
        }
    }

    /// Keywords, functions, tables and views.
    private record Names(Session session) implements Completer {
        @Override
        public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
            String word = line.word();
            int start = Math.max(word.lastIndexOf('('), word.lastIndexOf(',')) + 1;
            String before = word.substring(0, start);
            String begun = word.substring(start).toLowerCase(Locale.ROOT);
            names().filter(name -> name.toLowerCase(Locale.ROOT).startsWith(begun))
                    .forEach(name -> candidates.add(
                            new Candidate(before + name, name, null, null, null, null, !name.endsWith("("))));
        }

        private Stream<String> names() {
            Catalog catalog = session.catalog();
            Stream<String> tables = catalog.listDatabases().collectAsList().stream()
                    .map(row -> row.getString(0))
                    .flatMap(database -> names(database, database.equals(catalog.currentDatabase())));
            Stream<String> functions = session.catalog().listFunctions().collectAsList().stream()
                    .map(row -> row.getString(0))
                    .filter(name -> Character.isLetter(name.charAt(0)))
                    .map(name -> name + "(");
            return Stream.concat(KEYWORDS.stream(), Stream.concat(tables, functions));
        }

        /// Those of another database than the current one with it.
        private Stream<String> names(String database, boolean current) {
            return session.catalog().listTables(database).collectAsList().stream()
                    .filter(row -> current || !row.getBoolean(2))
                    .map(row -> current ? row.getString(0) : database + "." + row.getString(0));
        }
    }
}
