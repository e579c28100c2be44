package dev.headrace.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `headrace shell`: the JDK's jshell with a session.
@Command(
        name = "shell",
        mixinStandardHelpOptions = true,
        header = "Starts a Java shell with a session.",
        description = {
            "Starts jshell. There is a session, and Headrace's classes and functions are imported:",
            "session.range(10).select(sum(\"id\")).show()"
        })
final class ShellCommand implements Callable<Integer> {
    private static final String JSHELL = "jdk.jshell/jdk.internal.jshell.tool.JShellToolProvider";

    /// Pattern by its name, because jshell imports all of java.util.regex.
    private static final String STARTUP = """
            import dev.headrace.*;
            import dev.headrace.expressions.*;
            import dev.headrace.streaming.*;
            import dev.headrace.streaming.Pattern;
            import dev.headrace.types.*;
            import static dev.headrace.functions.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            Session session = Session.builder().appName("headrace shell").getOrCreate();
            """;

    @Parameters(paramLabel = "FILE", description = "Files of jshell to be run first.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--jars", paramLabel = "JARS", description = AddedJars.DESCRIPTION)
    private List<String> jars = new ArrayList<>();

    @Override
    public Integer call() {
        String classPath = AddedJars.of(AddedJars.OPTION, jars).behind(ChildJvm.classPath());
        Path startup = startup();
        try {
            // As the JDK's jshell does it, which takes no class path for itself, where it looks for our execution.
            List<String> command = new ArrayList<>(ChildJvm.flags());
            command.addAll(List.of("--add-modules=ALL-SYSTEM", "-classpath", classPath, "-m", JSHELL));
            // A process of their own for snippets would be stopped by an error that comes out of whatever the thread is
            // doing, and what it has begun to link or to initialize would fail for ever. Here, it is interrupted.
            command.addAll(List.of("--class-path", classPath, "--execution", SnippetExecution.NAME));
            command.addAll(List.of("--startup", "DEFAULT", "--startup", startup.toString()));
            files.forEach(file -> command.add(file.toString()));
            return ChildJvm.run("java", command);
        } finally {
            startup.toFile().delete();
        }
    }

    private static Path startup() {
        try {
            return Files.writeString(Files.createTempFile("headrace-shell", ".jsh"), STARTUP);
        } catch (IOException noSpace) {
            throw new UncheckedIOException("no temporary file can be made", noSpace);
        }
    }
}
