package dev.headrace.cli;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.functions;
import dev.headrace.plan.NamedExpr;
import dev.headrace.sql.SqlParser;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.StreamingQueryManager;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What `headrace sql` is asked to do.
///
/// @param text the statements; null if they are in a file or come from standard input
/// @param file the file of statements, or null
/// @param target where Parquet is written, or null
/// @param time whether to say how long each statement has taken
/// @param settings of the session, as `name=value`
/// @param jars that the launcher has added; each as `--jars` names them
/// @param parameters of the statements, as `name=value`
record SqlRequest(
        @Nullable String text,
        @Nullable Path file,
        Output output,
        @Nullable Path target,
        boolean time,
        List<String> settings,
        List<String> jars,
        List<String> parameters) {

    /// Options that may be given several times.
    private static final Set<String> REPEATED = Set.of("--conf", "--param", AddedJars.OPTION);

    /// How results are given. The names are what the user writes.
    enum Output {
        table,
        csv,
        json,
        parquet
    }

    /// Reads a command line without picocli, whose classes take longer to load than a query takes to run.
    ///
    /// @param args those after `sql`
    /// @return nothing if there is anything to explain about them
    static Optional<SqlRequest> plain(List<String> args) {
        String text = null;
        Path file = null;
        Output output = Output.table;
        Path target = null;
        boolean time = false;
        List<String> settings = new ArrayList<>();
        List<String> jars = new ArrayList<>();
        List<String> parameters = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < args.size(); i++) {
            String name = args.get(i);
            String value = null;
            int equals = name.startsWith("--") ? name.indexOf('=') : -1;
            if (equals > 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            } else if (!name.equals("--time") && i + 1 < args.size()) {
                value = args.get(++i);
            }
            boolean again = !seen.add(name) && !REPEATED.contains(name);
            boolean flag = name.equals("--time");
            if (again || flag != (value == null) || value != null && equals < 0 && value.startsWith("-")) {
                return Optional.empty();
            }
            switch (name) {
                case "-e" -> text = value;
                case "-f" -> file = Path.of(String.valueOf(value));
                case "--output" -> {
                    String wanted = value;
                    Optional<Output> known = Arrays.stream(Output.values())
                            .filter(one -> one.name().equals(wanted))
                            .findFirst();
                    if (known.isEmpty()) {
                        return Optional.empty();
                    }
                    output = known.get();
                }
                case "--to" -> target = Path.of(String.valueOf(value));
                case "--time" -> time = true;
                case "--conf" -> settings.add(String.valueOf(value));
                case "--param" -> parameters.add(String.valueOf(value));
                case "--jars" -> jars.add(String.valueOf(value));
                default -> {
                    return Optional.empty();
                }
            }
        }
        SqlRequest request = new SqlRequest(text, file, output, target, time, settings, jars, parameters);
        return text != null && file != null || !request.isWhole() ? Optional.empty() : Optional.of(request);
    }

    /// Parquet needs a place, and nothing else does.
    boolean isWhole() {
        return (output == Output.parquet) == (target != null);
    }

    /// Runs the statements, in order; the first one that fails ends it.
    void run(PrintWriter out, PrintWriter err) {
        AddedJars.of(AddedJars.OPTION, jars).requireOn(ChildJvm.classPath());
        try (Session session = session()) {
            if (text == null && file == null && isTerminal()) {
                new SqlShell(session, statement -> runInShell(session, statement, out, err), err).run();
                return;
            }
            try (Interrupts _ = Interrupts.cancelQueriesOf(session)) {
                List<String> statements = SqlParser.split(statements());
                if (target != null) {
                    checkOneQuery(statements);
                }
                statements.forEach(statement -> run(session, statement, out, err));
                awaitStreams(session.streams());
            }
        }
    }

    /// The folder takes the rows of one query, so a second one is refused before the first has run.
    private static void checkOneQuery(List<String> statements) {
        long queries = statements.stream().filter(SqlParser::isQuery).count();
        if (queries != 1) {
            throw new QueryException(
                    "NOT_ONE_QUERY",
                    "--output parquet writes the rows of one query to --to FOLDER, but there "
                            + (queries == 0 ? "is none" : "are " + queries)
                            + " among the statements; a script, BEGIN … END, counts as one. Run each query with a folder"
                            + " of its own.");
        }
    }

    private static void checkRows(DataFrame result) {
        if (result.columns().length == 0) {
            throw new QueryException(
                    "NOT_ONE_QUERY",
                    "--output parquet writes the rows of one query to --to FOLDER, but the statement has run none.");
        }
    }

    /// Queries that statements have started run on, until they end or the command is interrupted.
    private static void awaitStreams(StreamingQueryManager streams) {
        try {
            while (streams.active().length > 0) {
                streams.awaitAnyTermination();
                streams.resetTerminated();
            }
            streams.awaitAnyTermination(1);
        } catch (StreamingQueryException failed) {
            throw failed.getCause() instanceof HeadraceException cause ? cause : failed;
        }
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private void runInShell(Session session, String statement, PrintWriter out, PrintWriter err) {
        try (Interrupts _ = Interrupts.cancelStatementOf(session)) {
            run(session, statement, out, err);
        }
    }

    private void run(Session session, String statement, PrintWriter out, PrintWriter err) {
        long start = System.nanoTime();
        DataFrame result = session.sql(statement, values());
        if (target != null) {
            if (SqlParser.isQuery(statement)) {
                checkRows(result);
                result.write().parquet(target.toString());
            }
        } else if (result.columns().length > 0) {
            new SqlOutput(out).print(result, output);
        }
        if (time) {
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            err.printf(Locale.ROOT, "Time: %.3f s%n", taken.toNanos() / 1e9);
        }
    }

    private String statements() {
        if (text != null) {
            return text;
        }
        if (file != null) {
            try {
                return Files.readString(file);
            } catch (IOException unreadable) {
                throw new QueryException(
                        "FILE_NOT_READABLE", "The file '" + file + "' can't be read: " + unreadable + ".", unreadable);
            }
        }
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new QueryException(
                    "FILE_NOT_READABLE", "Standard input can't be read: " + unreadable + ".", unreadable);
        }
    }

    private Session session() {
        Session.Builder builder = Session.builder().appName("headrace sql");
        pairs("--conf", "INVALID_CONFIG", settings).forEach(builder::config);
        return builder.getOrCreate();
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        pairs("--param", "INVALID_PARAMETER", parameters).forEach((name, text) -> values.put(name, value(text)));
        return values;
    }

    private static Object value(String text) {
        try {
            String unsigned = text.matches("-[0-9.].*") ? text.substring(1) : text;
            return SqlParser.expression(unsigned) instanceof NamedExpr.Literal ? functions.expr(text) : text;
        } catch (QueryException noLiteral) {
            return text;
        }
    }

    private static Map<String, String> pairs(String option, String code, List<String> given) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : given) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new QueryException(
                        code, option + " '" + pair + "': expected a name and a value, as in name=value.");
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }
}
