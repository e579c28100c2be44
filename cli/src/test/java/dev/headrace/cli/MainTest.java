package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.UnavailableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void noCommandPrintsTheUsageAsAnError() {
        assertEquals(2, run());
        assertTrue(err.toString().contains("Usage: headrace"), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void helpListsTheCommands() {
        assertEquals(0, run("help"));
        assertTrue(out.toString().contains("mill"), out.toString());
    }

    @Test
    void versionNamesHeadraceAndJava() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().matches("Headrace \\d+\\.\\d+\\.\\d+\\S*, Java 2\\d.*\\R"), out.toString());
    }

    @Test
    void unknownCommandIsRefusedWithTheNearestOne() {
        assertEquals(2, run("mil"));
        assertEquals(lines("Unknown command 'mil'. Did you mean 'mill'?", "Try 'headrace --help'."), err.toString());
    }

    @Test
    void commandLikeNoneIsRefused() {
        assertEquals(2, run("xyzzy"));
        assertEquals(lines("Unknown command 'xyzzy'.", "Try 'headrace --help'."), err.toString());
    }

    @Test
    void unknownOptionIsRefusedWithTheNearestOne() {
        assertEquals(2, run("mill", "--grian"));
        assertEquals(
                lines("Unknown option '--grian'. Did you mean '--grain'?", "Try 'headrace mill --help'."),
                err.toString());
    }

    @Test
    void theCommandsCodeIsTheExitCode() {
        assertEquals(10, run("mill"));
    }

    @Test
    void whatTheUserCanActOnIsPrintedWithoutAStackTrace() {
        assertEquals(1, run("mill", "--grain", "none"));
        assertEquals(lines("[NO_GRAIN] The hopper is empty; fill it."), err.toString());
    }

    @Test
    void aMistakeOfOurOwnIsPrintedWithItsStackTrace() {
        assertEquals(3, run("mill", "--grain", "stones"));
        assertTrue(err.toString().contains("IllegalStateException: stones"), err.toString());
        assertTrue(err.toString().contains("\tat "), err.toString());
    }

    private int run(String... args) {
        return Main.run(new Root(), new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }

    @Command(
            name = "headrace",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            subcommands = {picocli.CommandLine.HelpCommand.class, Mill.class})
    static final class Root {}

    @Command(name = "mill", description = "Grinds.", mixinStandardHelpOptions = true)
    static final class Mill implements Callable<Integer> {
        @Option(names = "--grain")
        private String grain = "rye";

        @Override
        public Integer call() {
            return switch (grain) {
                case "none" -> throw new UnavailableException("NO_GRAIN", "The hopper is empty; fill it.");
                case "stones" -> throw new IllegalStateException("stones");
                default -> 10;
            };
        }
    }
}
