package dev.headrace.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Starts engines as processes of their own, and reads the figures that they print: a name and a number per line.
public final class EngineCommand {
    private static final Path HOME = Path.of("integration-tests/benchmarks");

    /// The figure that this measures itself.
    public static final String TO_FIRST_LINE = "to the first line";

    private EngineCommand() {}

    /// @param engine `headrace`, or a peer, whose program is a Java file that Java 17 runs from its source
    /// @param benchmark the end of that file's name
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
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-Dnexmark"))
                .toList());
        command.addAll(List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    /// A peer, whose program is a Java file that Java 17 runs from its source.
    public static List<String> peer(String engine, String benchmark) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("peers.java17", "/usr/lib/jvm/java-17-openjdk-amd64") + "/bin/java");
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
        command.add("-Xmx4g");
        command.add("-cp");
        command.add(Files.readString(HOME.resolve("target/" + engine + "-class-path"))
                .strip());
        String name = engine.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + engine.substring(1) + benchmark;
        command.add(HOME.resolve(engine).resolve(name + ".java").toString());
        return command;
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
                if (line.matches("[a-z0-9_-]+ [0-9.E]+")) {
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
