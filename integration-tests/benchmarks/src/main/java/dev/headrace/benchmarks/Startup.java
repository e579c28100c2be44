package dev.headrace.benchmarks;

import dev.headrace.Session;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// From the start of a JVM to the first row of a trivial query, as a whole process sees it.
final class Startup {
    private static final int RUNS = 9;

    private Startup() {}

    static void run() throws Exception {
        long[] nanos = new long[RUNS];
        for (int i = 0; i < RUNS; i++) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(argument -> argument.startsWith("--"))
                    .toList());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), FirstRow.class.getName()));
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the query failed: " + command);
            }
            nanos[i] = System.nanoTime() - start;
        }
        System.out.println("startup: JVM start to the first row and the process's end: " + new Figures(nanos));
    }

    /// The trivial query.
    static final class FirstRow {
        private FirstRow() {}

        public static void main(String[] args) {
            Session session = Session.builder().appName("first row").getOrCreate();
            session.range(1).show();
            session.stop();
        }
    }
}
