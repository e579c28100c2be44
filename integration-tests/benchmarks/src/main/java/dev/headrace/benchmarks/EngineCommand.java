package dev.headrace.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Starts engines as processes of their own, and reads the figures that they print: a name and a number per line.
public final class EngineCommand {
    private static final Path HOME = Path.of("integration-tests/benchmarks");
    private static final Path JAVA_17 =
            Path.of(System.getProperty("peers.java17", "/usr/lib/jvm/java-17-openjdk-amd64"));
    private static final Set<Path> COMPILED = new HashSet<>();

    /// The figure that this measures itself.
    public static final String TO_FIRST_LINE = "to the first line";

    private EngineCommand() {}

    /// @param engine `headrace`, or a peer
    /// @param benchmark the end of the name of the peer's program
    public static List<String> of(String engine, String benchmark, Class<?> headrace) throws IOException {
        if (!engine.equals("headrace")) {
            return peer(engine, benchmark);
        }
        List<String> command = own(headrace);
        String options = System.getProperty("engine.options", "-Xmx2g");
        command.addAll(1, List.of(options.split(" ")));
        return command;
    }

    /// A process like this one.
    public static List<String> own(Class<?> main) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments("--"));
        command.addAll(arguments("-Dnexmark"));
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    private static List<String> arguments(String prefix) {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith(prefix))
                .toList();
    }

    /// A peer, whose program is a Java file that Java 17 has compiled, or a class of a module that is named after it.
    public static List<String> peer(String engine, String benchmark) throws IOException {
        return peer(engine, benchmark, List.of("-Xmx4g"));
    }

    /// @param options of the JVM
    static List<String> peer(String engine, String benchmark, List<String> options) throws IOException {
        String name = engine.substring(0, 1).toUpperCase(Locale.ROOT) + engine.substring(1) + benchmark;
        String jars = Files.readString(HOME.resolve("target/" + engine + "-class-path"))
                .strip();
        List<String> command = new ArrayList<>();
        command.add(JAVA_17.resolve("bin/java").toString());
        for (String opened : List.of(
                "java.lang",
                "java.lang.invoke",
                "java.lang.reflect",
                "java.io",
                "java.net",
                "java.nio",
                "java.text",
                "java.time",
                "java.util",
                "java.util.concurrent",
                "java.util.concurrent.atomic",
                "java.util.concurrent.locks",
                "sun.nio.ch",
                "sun.nio.cs",
                "sun.security.action",
                "sun.util.calendar")) {
            command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        command.addAll(options);
        command.addAll(arguments("-Dnexmark"));
        command.add("-cp");
        Path sources = HOME.resolve(engine);
        if (Files.exists(sources.resolve(name + ".java"))) {
            command.add(compiled(sources, jars) + ":" + jars);
            command.add(name);
        } else {
            command.add(jars);
            command.add("dev.headrace." + engine + "." + name);
        }
        return command;
    }

    /// Compiles a peer's programs unless this JVM has done so, so that no peer's start has the compiler in it.
    ///
    /// @return the directory of their classes
    private static synchronized Path compiled(Path sources, String jars) throws IOException {
        Path classes = HOME.resolve("target/peers");
        if (!COMPILED.add(sources)) {
            return classes;
        }
        List<String> javac = new ArrayList<>(
                List.of(JAVA_17.resolve("bin/javac").toString(), "-cp", jars, "-d", classes.toString()));
        try (Stream<Path> files = Files.walk(sources)) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(javac::add);
        }
        try {
            if (new ProcessBuilder(javac).inheritIO().start().waitFor() != 0) {
                throw new IllegalStateException("failed: " + javac);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + javac, e);
        }
        return classes;
    }

    /// Runs an engine to its end.
    ///
    /// @param seen is given each line as it comes
    /// @return what it printed, by name, in order; [#TO_FIRST_LINE] is how many milliseconds it took to the first
    ///     figure
    public static Map<String, List<Double>> measure(List<String> command, Consumer<String> seen)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, List<Double>> figures = new LinkedHashMap<>();
        try (var lines = process.inputReader().lines()) {
            lines.forEach(line -> {
                seen.accept(line);
                if (line.matches("[a-z0-9_-]+ -?[0-9.E-]+")) {
                    String[] parts = line.split(" ");
                    figures.computeIfAbsent(TO_FIRST_LINE, _ -> List.of((System.nanoTime() - start) / 1e6));
                    figures.computeIfAbsent(parts[0], _ -> new ArrayList<>()).add(Double.valueOf(parts[1]));
                }
            });
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException("failed: " + command);
        }
        return figures;
    }
}
