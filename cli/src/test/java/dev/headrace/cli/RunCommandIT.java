package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;

class RunCommandIT {
    @Test
    void aProgramInOneFileRunsWithItsArgumentsAndItsExitCode(@TempDir Path folder) throws IOException {
        Path result = folder.resolve("result");
        Path program = folder.resolve("App.java");
        Files.writeString(program, """
                import dev.headrace.*;
                import java.nio.file.*;

                public class App {
                    public static void main(String[] args) throws Exception {
                        try (Session session = Session.builder().getOrCreate()) {
                            Files.writeString(Path.of(args[0]), session.range(5).count() + args[1]);
                        }
                        System.exit(7);
                    }
                }
                """);

        int code = run("run", program.toString(), result.toString(), "x");

        assertEquals(7, code);
        assertEquals("5x", Files.readString(result));
    }

    @Test
    void aShellOfJavaHasASession(@TempDir Path folder) throws IOException {
        Path result = folder.resolve("result");
        Path script = folder.resolve("script.jsh");
        Files.writeString(
                script,
                "Pattern pattern = Pattern.begin(\"a\");\nFiles.writeString(Path.of(\"" + result
                        + "\"), \"\" + session.range(3).select(sum(\"id\")).head().getLong(0));\nsession.close();\n/exit\n");

        assertEquals(0, run("shell", script.toString()));
        assertEquals("3", Files.readString(result));
    }

    @Test
    void aMissingProgramIsReported() {
        StringWriter err = new StringWriter();
        int code = Main.run(
                new Root(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(err, true),
                "run",
                "/nothing/App.java");

        assertEquals(1, code);
        assertEquals(
                "[FILE_NOT_READABLE] The file '/nothing/App.java' can't be read.",
                err.toString().strip());
    }

    private static int run(String... args) {
        return Main.run(new Root(), new PrintWriter(System.out, true), new PrintWriter(System.err, true), args);
    }

    @Command(
            name = "headrace",
            subcommands = {RunCommand.class, ShellCommand.class})
    static final class Root {}
}
