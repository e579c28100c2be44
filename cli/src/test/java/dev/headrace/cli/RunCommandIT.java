package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    void whateverStandsAfterTheFileIsForTheProgram(@TempDir Path folder) throws IOException {
        Path result = folder.resolve("result");
        Path other = Files.writeString(folder.resolve("other"), "read");
        Path program = folder.resolve("App.java");
        Files.writeString(program, """
                import java.nio.file.*;
                import java.util.*;

                public class App {
                    public static void main(String[] args) throws Exception {
                        Files.writeString(Path.of(args[0]), String.join(" ", Arrays.asList(args).subList(1, args.length)));
                    }
                }
                """);

        assertEquals(
                0,
                run(
                        "run",
                        program.toString(),
                        result.toString(),
                        "--day",
                        "x",
                        "-h",
                        "--version",
                        "-cp",
                        "run",
                        "@" + other,
                        "--"));

        assertEquals("--day x -h --version -cp run @" + other + " --", Files.readString(result));
    }

    @Test
    void aSignalThatEndsItEndsTheProgramFirst(@TempDir Path folder) throws Exception {
        Process launcher = waitingProgram(folder);
        try (BufferedReader out = launcher.inputReader()) {
            ProcessHandle program =
                    ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();

            launcher.destroy();

            assertTrue(launcher.waitFor(300, TimeUnit.SECONDS), "it goes on");
            assertFalse(program.isAlive());
            assertEquals(143, launcher.exitValue());
        } finally {
            launcher.descendants().forEach(ProcessHandle::destroyForcibly);
            launcher.destroyForcibly();
        }
    }

    @Test
    void controlCIsForTheProgramWhoseExitCodeItWaitsFor(@TempDir Path folder) throws Exception {
        Process launcher = waitingProgram(folder);
        try (BufferedReader out = launcher.inputReader()) {
            assertTrue(Long.parseLong(out.readLine()) > 0);

            new ProcessBuilder("kill", "-INT", String.valueOf(launcher.pid()))
                    .start()
                    .waitFor();
            try (OutputStream in = launcher.getOutputStream()) {
                in.write(7);
            }

            assertTrue(launcher.waitFor(300, TimeUnit.SECONDS), "it goes on");
            assertEquals(7, launcher.exitValue());
        } finally {
            launcher.descendants().forEach(ProcessHandle::destroyForcibly);
            launcher.destroyForcibly();
        }
    }

    /// Prints its process's id, and ends with the code that it is given.
    private static Process waitingProgram(Path folder) throws IOException {
        Path program = folder.resolve("App.java");
        Files.writeString(program, """
                public class App {
                    public static void main(String[] args) throws Exception {
                        System.out.println(ProcessHandle.current().pid());
                        System.exit(System.in.read());
                    }
                }
                """);
        // Whatever runs the tests may ignore the signal, and its children with it.
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ChildJvm.flags());
        command.addAll(
                List.of("-classpath", ChildJvm.classPath(), "dev.headrace.cli.Start", "run", program.toString()));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
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
    void aProgramSeesAddedJarsAndSoDoesTheShell(@TempDir Path folder) throws IOException {
        Path jar = EchoJar.in(folder);
        String statement =
                "Files.writeString(Path.of(\"%s\"), echo.Echo.NAME + java.sql.DriverManager.getDriver(\"jdbc:echo:a\"));\n";
        Path ran = folder.resolve("ran");
        Path program = folder.resolve("App.java");
        Files.writeString(
                program,
                "import java.nio.file.*;\npublic class App {\npublic static void main(String[] args) throws Exception {\n"
                        + statement.formatted(ran) + "}}");
        Path typed = folder.resolve("typed");
        Path script = Files.writeString(folder.resolve("script.jsh"), statement.formatted(typed) + "/exit\n");

        assertEquals(0, run("run", "--jars", jar.toString(), program.toString()));
        assertEquals("echoEcho", Files.readString(ran));
        assertEquals(0, run("shell", "--jars", folder.toString(), script.toString()));
        assertEquals("echoEcho", Files.readString(typed));
        assertEquals(1, run("run", "--jars", "/nothing.jar", program.toString()));
        assertEquals(1, run("shell", "--jars", "/nothing.jar", script.toString()));
    }

    @Test
    void aTerminalShowsHowFarAQueryIsAndThenWhatTheProgramPrints(@TempDir Path folder) throws Exception {
        Path seen = folder.resolve("seen");
        Path program = folder.resolve("App.java");
        Files.writeString(program, """
                import static dev.headrace.functions.*;
                import dev.headrace.*;
                import dev.headrace.expressions.*;
                import dev.headrace.types.*;
                import java.nio.file.*;

                public class App {
                    public static void main(String[] args) {
                        try (Session session = Session.builder().getOrCreate()) {
                            UserDefinedFunction wait = udf((Long id) -> {
                                while (!Files.exists(Path.of(args[0]))) {
                                    Thread.onSpinWait();
                                }
                                return id;
                            }, DataTypes.LongType);
                            System.out.println("sum " + session.range(3).select(sum(wait.apply(col("id")))).head().getLong(0));
                        }
                    }
                }
                """);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.flags());
        command.add("-Dspark.ui.showConsoleProgress=true");
        command.addAll(List.of("-classpath", ChildJvm.classPath(), "dev.headrace.cli.Start", "run"));
        command.addAll(List.of(program.toString(), seen.toString()));
        String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Process terminal = new ProcessBuilder("script", "--quiet", "--command", line, "/dev/null")
                .redirectErrorStream(true)
                .start();
        StringBuilder shown = new StringBuilder();
        try (BufferedReader screen = terminal.inputReader()) {
            for (int next = screen.read(); next >= 0; next = screen.read()) {
                shown.append((char) next);
                if (shown.toString().endsWith(" s (Ctrl-C cancels)") && !Files.exists(seen)) {
                    Files.createFile(seen);
                }
            }
        } finally {
            terminal.descendants().forEach(ProcessHandle::destroyForcibly);
            terminal.destroyForcibly();
        }
        assertTrue(shown.toString().endsWith(" s (Ctrl-C cancels)\r\u001b[Ksum 3\r\n"), shown.toString());
    }

    @Test
    void anErrorInTheShellHasTheLinesOfSnippetsOnly(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("script.jsh");
        Files.writeString(script, """
                void nothing() { session.sql("SELECT nothing"); }
                session.sql("SELEC 1");
                nothing();
                int x = 1 / 0;
                session.close();
                /exit
                """);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ChildJvm.flags());
        command.addAll(
                List.of("-classpath", ChildJvm.classPath(), "dev.headrace.cli.Start", "shell", script.toString()));
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> shown;
        try (BufferedReader out = shell.inputReader()) {
            shown = out.lines()
                    .filter(line -> line.matches("(Exception|Caused|\\s+at) .*"))
                    .toList();
        } finally {
            shell.destroyForcibly();
        }
        assertEquals(
                List.of(
                        "Exception dev.headrace.errors.QueryException: [PARSE_SYNTAX_ERROR] Syntax error at or near"
                                + " 'SELEC'. Did you mean 'SELECT'?",
                        "      at (#2:1)",
                        "Exception dev.headrace.errors.QueryException: [UNRESOLVED_COLUMN] 'nothing' is not a column"
                                + " of ().",
                        "      at nothing (#1:1)",
                        "      at (#3:1)",
                        "Exception java.lang.ArithmeticException: / by zero",
                        "      at (#4:1)"),
                shown);
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
