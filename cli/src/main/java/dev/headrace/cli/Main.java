package dev.headrace.cli;

import dev.headrace.demo.DemoCommand;
import dev.headrace.errors.Suggestion;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line. A command is a class with picocli's [Command] that is a `Callable<Integer>` of its exit
/// code and stands in the list `subcommands` below.
///
/// | exit code | what it says |
/// | --- | --- |
/// | 0 | done |
/// | 1 | a [dev.headrace.errors.HeadraceException] is printed: its text says what to do |
/// | 2 | the command line is wrong |
/// | 3 | a mistake inside Headrace: its stack trace is printed |
/// | 130 | Ctrl-C has ended it |
///
/// A command may return codes of its own, from 10 on.
@Command(
        name = "headrace",
        header = "Streams events from Kafka to Delta tables in micro-batches, each exactly once.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SqlCommand.class,
            RunCommand.class,
            ShellCommand.class,
            NotebookCommand.class,
            DeadLettersCommand.class,
            DemoCommand.class,
            HelpCommand.class
        })
final class Main {
    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(new Main(), out, err, args);
        if (code == ExitCode.INTERRUPTED) {
            Interrupts.endProcess();
        }
        System.exit(code);
    }

    /// Runs one command line and returns its exit code.
    static int run(Object root, PrintWriter out, PrintWriter err, String... args) {
        // An '@' begins an argument as any other character: what follows it may be for a program or in a statement.
        return new CommandLine(root)
                .setExpandAtFiles(false)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((error, given) -> explainUsage(error, given))
                .setExecutionExceptionHandler((error, command, _) -> ExitCode.of(error, command.getErr()))
                .execute(args);
    }

    private static int explainUsage(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        if (args.length == 0) {
            command.usage(command.getErr());
            return USAGE;
        }
        command.getErr().println(usageText(error));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return USAGE;
    }

    private static String usageText(ParameterException error) {
        if (!(error instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(error.getMessage());
        }
        CommandLine command = error.getCommandLine();
        String first = unmatched.getUnmatched().getFirst();
        if (first.startsWith("-")) {
            return unknown(
                    "option", first, command.getCommandSpec().optionsMap().keySet());
        }
        return command.getSubcommands().isEmpty()
                ? String.valueOf(error.getMessage())
                : unknown("command", first, command.getSubcommands().keySet());
    }

    private static String unknown(String kind, String name, Collection<String> known) {
        return ("Unknown " + kind + " '" + name + "'. " + Suggestion.didYouMean(name, known)).strip();
    }
}
