package dev.headrace.cli;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.min;

import dev.headrace.Session;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `headrace dead-letters list PATH`: how many there are of each error.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "Says how many dead letters there are of each error and topic.")
final class DeadLettersListCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private LetterTable table = new LetterTable();

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "How it is printed: table, csv or json (default: ${DEFAULT-VALUE}).")
    private Shown output = Shown.table;

    /// How rows are printed. The names are what the user writes.
    enum Shown {
        table,
        csv,
        json
    }

    @Override
    public Integer call() {
        try (Session session =
                Session.builder().appName("headrace dead-letters").create()) {
            SqlOutput printed =
                    new SqlOutput(Objects.requireNonNull(spec).commandLine().getOut());
            printed.print(
                    table.now(session)
                            .groupBy("error", "topic")
                            .agg(count(lit(1)).as("rows"), min("message").as("example"))
                            .orderBy(col("rows").desc(), col("error"), col("topic")),
                    SqlRequest.Output.valueOf(output.name()));
        }
        return 0;
    }
}
