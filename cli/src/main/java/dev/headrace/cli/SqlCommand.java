package dev.headrace.cli;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.sql.SqlParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `headrace sql`. The first statement that fails ends it, with exit code 1; results of those before it are printed.
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        header = "Runs Spark SQL on files and tables.",
        description = {
            "Runs the statements of a text or a file, which are separated by semicolons, and prints what they give.",
            "Files are tables by their format and path: SELECT count(*) FROM parquet.`/data/orders`",
            "Without -e and -f, statements are read from standard input; on a terminal, a shell opens."
        })
final class SqlCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @ArgGroup(multiplicity = "0..1")
    private @Nullable Source source;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "How results are given: table, csv, json or parquet (default: ${DEFAULT-VALUE}).")
    private Output output = Output.table;

    @Option(
            names = "--to",
            paramLabel = "FOLDER",
            description = "Where --output parquet writes the rows of the one query; the folder must not exist.")
    private @Nullable Path target;

    @Option(names = "--time", description = "Say on standard error how long each statement has taken.")
    private boolean time;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description =
                    "A setting of the session, such as spark.sql.session.timeZone=UTC. May be given several times.")
    private List<String> settings = new ArrayList<>();

    /// Where the statements come from.
    static final class Source {
        @Option(names = "-e", paramLabel = "SQL", description = "The statements.", required = true)
        private @Nullable String text;

        @Option(names = "-f", paramLabel = "FILE", description = "A file of statements.", required = true)
        private @Nullable Path file;
    }

    /// How results are printed. The names are what the user writes.
    enum Output {
        table,
        csv,
        json,
        parquet
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if ((output == Output.parquet) != (target != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--output parquet and --to FOLDER go together: Parquet can't be printed.");
        }
        try (Session session = session();
                Interrupts _ = Interrupts.cancelQueriesOf(session)) {
            if (source == null && isTerminal()) {
                new SqlShell(session, statement -> run(session, statement, out, err), err).run();
            } else {
                SqlParser.split(text(source)).forEach(statement -> run(session, statement, out, err));
            }
        }
        return 0;
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }

    private void run(Session session, String statement, PrintWriter out, PrintWriter err) {
        long start = System.nanoTime();
        DataFrame result = session.sql(statement);
        if (result.columns().length > 0 && target != null) {
            result.write().parquet(target.toString());
        } else if (result.columns().length > 0) {
            new SqlOutput(out).print(result, output);
        }
        if (time) {
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            err.printf(Locale.ROOT, "Time: %.3f s%n", taken.toNanos() / 1e9);
        }
    }

    private static String text(@Nullable Source source) {
        if (source == null) {
            try {
                return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException unreadable) {
                throw new QueryException(
                        "FILE_NOT_READABLE", "Standard input can't be read: " + unreadable + ".", unreadable);
            }
        }
        if (source.text != null) {
            return source.text;
        }
        Path file = Objects.requireNonNull(source.file);
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new QueryException(
                    "FILE_NOT_READABLE", "The file '" + file + "' can't be read: " + unreadable + ".", unreadable);
        }
    }

    private Session session() {
        Session.Builder builder = Session.builder().appName("headrace sql");
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new QueryException(
                        "INVALID_CONFIG", "--conf '" + setting + "': expected a name and a value, as in name=value.");
            }
            builder.config(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return builder.getOrCreate();
    }
}
