package dev.headrace.cli;

import dev.headrace.errors.QueryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `headrace run App.java`. Its exit code is the program's.
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Runs a program that is one Java file.",
        description = {
            "Compiles and runs a file with a main method, with Headrace on its class path.",
            "What stands after the file is given to the program: headrace run Report.java 2026-01-31"
        })
final class RunCommand implements Callable<Integer> {
    /// Whatever stands after the file is for the program, also what looks like an option of this command.
    @Spec
    void endWithTheFile(CommandSpec spec) {
        spec.parser().stopAtPositional(true);
    }

    @Parameters(index = "0", paramLabel = "FILE", description = "The program, such as App.java.")
    private @Nullable Path file;

    @Parameters(index = "1..*", paramLabel = "ARGUMENT", description = "Arguments of the program.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"--class-path", "-cp"},
            paramLabel = "PATH",
            description = "Further jars and folders, separated as Java does it.")
    private @Nullable String more;

    @Option(names = "--jars", paramLabel = "JARS", description = AddedJars.DESCRIPTION)
    private List<String> jars = new ArrayList<>();

    @Override
    public Integer call() {
        Path program = Objects.requireNonNull(file);
        if (!Files.isReadable(program)) {
            throw new QueryException("FILE_NOT_READABLE", "The file '" + program + "' can't be read.");
        }
        List<String> command = new ArrayList<>(ChildJvm.flags());
        command.add("-classpath");
        String added = AddedJars.of(AddedJars.OPTION, jars).behind(ChildJvm.classPath());
        command.add(added + (more == null ? "" : java.io.File.pathSeparator + more));
        command.add(program.toString());
        command.addAll(arguments);
        return ChildJvm.run("java", command);
    }
}
