package dev.headrace.benchmarks;

import dev.headrace.Session;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// From the start of a process to its first result: of a program, of the command line and of Spark, and of the
/// notebooks' kernel.
final class Startup {
    private static final int RUNS = 9;
    private static final double NANOS = 1e9;
    private static final String QUERY = "SELECT count(*) FROM range(10) WHERE id > 3";

    private Startup() {}

    static void run() throws Exception {
        List<String> program = new ArrayList<>();
        program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        program.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--"))
                .toList());
        program.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstRow.class.getName()));
        System.out.println("startup: a program's JVM to the first row and the process's end: " + times(program));

        String launcher =
                Path.of(System.getProperty("headrace.home"), "headrace").toString();
        List<String> sql = List.of(launcher, "sql", "-e", QUERY);
        execute(sql, Map.of());
        System.out.println("startup: ./headrace sql -e … to its end: " + times(sql));
        List<String> spark = EngineCommand.peer("spark", "Startup");
        spark.add(QUERY);
        System.out.println("startup: the same query with Spark, JVM and process's end: " + times(spark));
        kernel(launcher);
    }

    private static Figures times(List<String> command) throws IOException, InterruptedException {
        long[] nanos = new long[RUNS];
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            execute(command, Map.of());
            nanos[i] = System.nanoTime() - start;
        }
        return new Figures(nanos);
    }

    /// Needs Jupyter's client for Python.
    private static void kernel(String launcher) throws IOException, InterruptedException {
        Path directory = WorkDirectory.create();
        try {
            Path script = directory.resolve("kernel-start.py");
            try (InputStream in = Objects.requireNonNull(Startup.class.getResourceAsStream("kernel-start.py"))) {
                Files.copy(in, script);
            }
            execute(List.of(launcher, "notebook", "install", "--prefix", directory.toString()), Map.of());
            Map<String, String> environment =
                    Map.of("JUPYTER_PATH", directory.resolve("share/jupyter").toString(), "HOME", directory.toString());
            long[] ready = new long[RUNS];
            long[] table = new long[RUNS];
            for (int i = 0; i < RUNS; i++) {
                double[] seconds = Arrays.stream(execute(List.of("/usr/bin/python3", script.toString()), environment)
                                .strip()
                                .split(" "))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                ready[i] = Math.round(seconds[0] * NANOS);
                table[i] = Math.round(seconds[1] * NANOS);
            }
            System.out.println("startup: the notebooks' kernel to its first answer: " + new Figures(ready));
            System.out.println("startup: from there to the table below the first cell: " + new Figures(table));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String execute(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("HEADRACE_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("this failed: " + command);
        }
        return output;
    }

    /// The trivial query of a program.
    static final class FirstRow {
        private FirstRow() {}

        public static void main(String[] args) {
            Session session = Session.builder().appName("first row").getOrCreate();
            session.range(1).show();
            session.stop();
        }
    }
}
