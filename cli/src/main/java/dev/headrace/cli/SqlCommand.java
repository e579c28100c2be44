package dev.headrace.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
    private SqlRequest.Output output = SqlRequest.Output.table;

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

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "What :name stands for in statements: a literal of SQL, such as 7, NULL or DATE'2026-01-31';"
                    + " any other value is a text. May be given several times.")
    private List<String> parameters = new ArrayList<>();

    @Option(names = "--jars", paramLabel = "JARS", description = AddedJars.DESCRIPTION)
    private List<String> jars = new ArrayList<>();

    /// Where the statements come from.
    static final class Source {
        @Option(names = "-e", paramLabel = "SQL", description = "The statements.", required = true)
        private @Nullable String text;

        @Option(names = "-f", paramLabel = "FILE", description = "A file of statements.", required = true)
        private @Nullable Path file;
    }

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        SqlRequest request = new SqlRequest(
                source == null ? null : source.text,
                source == null ? null : source.file,
                output,
                target,
                time,
                List.copyOf(settings),
                List.copyOf(jars),
                List.copyOf(parameters));
        if (!request.isWhole()) {
            throw new ParameterException(
                    line, "--output parquet and --to FOLDER go together: Parquet can't be printed.");
        }
        request.run(line.getOut(), line.getErr());
        return 0;
    }
}
