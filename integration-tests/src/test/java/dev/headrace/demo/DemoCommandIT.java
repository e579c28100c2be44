package dev.headrace.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cdc.Postgres;
import dev.headrace.crash.ClassCache;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `headrace demo` as a user runs it: a process of its own, with a real broker and a real engine that is killed.
class DemoCommandIT {
    /// 128 + SIGTERM.
    private static final int TERMINATED = 143;

    private static ClassCache classes;

    @TempDir
    Path parent;

    @BeforeAll
    static void prepare() throws Exception {
        classes = ClassCache.shared();
    }

    @Test
    void theProofHoldsAndTheTablesStay() throws Exception {
        Path directory = parent.resolve("demo");
        Process demo = start("--seconds", "20", "--rate", "3000", "--directory", directory.toString());

        List<String> said = readAll(demo);

        String whole = String.join("\n", said);
        assertEquals(0, demo.waitFor(), whole);
        assertTrue(said.contains("The proof holds."), whole);
        assertTrue(said.stream().anyMatch(line -> line.endsWith("was killed with SIGKILL.")), whole);
        assertEquals(6, said.stream().filter(line -> line.startsWith("✓")).count(), whole);
        for (String table : List.of(DemoRun.CLICKS, DemoRun.REVENUE)) {
            assertTrue(
                    Files.isDirectory(new DemoDirectory(directory).table(table).resolve("_delta_log")), table);
        }
    }

    @Test
    void theTablesOfTheLandedChangesEqualTheSource() throws Exception {
        Path directory = parent.resolve("cdc");
        Process demo =
                start("cdc", "--generator", "--seconds", "10", "--rate", "1000", "--directory", directory.toString());

        List<String> said = readAll(demo);

        String whole = String.join("\n", said);
        assertEquals(0, demo.waitFor(), whole);
        assertTrue(said.contains("The proof holds."), whole);
        assertTrue(said.stream().anyMatch(line -> line.endsWith("was killed with SIGKILL.")), whole);
        assertEquals(3, said.stream().filter(line -> line.startsWith("✓")).count(), whole);
    }

    @Test
    void theTablesOfTheLandedChangesEqualPostgres() throws Exception {
        Postgres.ensureInstalled();
        Path directory = parent.resolve("postgres");
        Process demo = start("cdc", "--seconds", "12", "--rate", "1000", "--directory", directory.toString());

        List<String> said = readAll(demo);

        String whole = String.join("\n", said);
        assertEquals(0, demo.waitFor(), whole);
        assertTrue(said.stream().anyMatch(line -> line.startsWith("PostgreSQL runs at 127.0.0.1:")), whole);
        assertTrue(said.contains("The proof holds."), whole);
        assertTrue(said.stream().anyMatch(line -> line.endsWith("was killed with SIGKILL.")), whole);
        assertEquals(3, said.stream().filter(line -> line.startsWith("✓")).count(), whole);
        assertTrue(
                said.stream().anyMatch(line -> line.matches("✓ PostgreSQL: [\\d,]{6,} changes of .* orders")), whole);
    }

    @Test
    void endedOnItsWayItLeavesNoPostgresBehind() throws Exception {
        Postgres.ensureInstalled();
        Path directory = parent.resolve("postgres");
        Process demo = start("cdc", "--seconds", "60", "--rate", "500", "--directory", directory.toString());
        List<ProcessHandle> children;
        try (BufferedReader output = demo.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null && !line.strip().equals("engine   running")) {
                line = output.readLine();
            }
            children = demo.descendants().toList();
            assertTrue(
                    children.stream()
                            .anyMatch(child -> child.info().command().orElse("").endsWith("/postgres")),
                    "PostgreSQL runs");

            demo.destroy();

            assertTrue(demo.waitFor(120, TimeUnit.SECONDS));
        }
        for (ProcessHandle child : children) {
            child.onExit().get(60, TimeUnit.SECONDS);
            assertFalse(child.isAlive());
        }
        assertFalse(Files.exists(directory));
    }

    @Test
    void endedOnItsWayItLeavesNothingBehind() throws Exception {
        Path directory = parent.resolve("demo");
        Process demo = start("--seconds", "60", "--rate", "500", "--directory", directory.toString());
        List<ProcessHandle> children;
        try (BufferedReader output = demo.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null && !line.strip().equals("engine   running")) {
                line = output.readLine();
            }
            children = demo.children().toList();
            assertEquals(2, children.size(), "the broker and the engine");

            // Ctrl-C ends a JVM in the same way, but a shell lets what it runs in the background ignore that.
            demo.destroy();

            assertTrue(demo.waitFor(120, TimeUnit.SECONDS));
        }
        assertEquals(TERMINATED, demo.exitValue());
        for (ProcessHandle child : children) {
            child.onExit().get(60, TimeUnit.SECONDS);
            assertFalse(child.isAlive());
        }
        assertFalse(Files.exists(directory));
    }

    private static List<String> readAll(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::add);
        }
        return lines;
    }

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The flags for Arrow, and those that make a short life short; not the memory of the test run. The engine has
        // them
        // from the demo.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-XX:"))
                .forEach(command::add);
        command.add(classes.flag());
        Path here = Path.of("").toAbsolutePath();
        command.add("-Dheadrace.home=" + (here.endsWith("integration-tests") ? here.getParent() : here));
        command.addAll(List.of("-classpath", classes.classPath(), "dev.headrace.cli.Main", "demo"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
