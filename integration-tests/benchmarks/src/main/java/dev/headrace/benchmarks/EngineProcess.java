package dev.headrace.benchmarks;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/// One engine in a process of its own: a pass over all queries to warm up, then passes that are timed.
///
/// Prints `name milliseconds`, `cpu-name milliseconds`, the processor time, and the [Fingerprint] of its answer for
/// each timed run, then `peak kilobytes`. Of a query that fails it says so, and goes on.
/// Arguments: the set of queries, the engine, the directory of the tables, the number of timed passes, the queries'
/// names.
public final class EngineProcess {
    private EngineProcess() {}

    public static void main(String[] args) throws Exception {
        QuerySet set = QuerySet.of(args[0]);
        int passes = Integer.parseInt(args[3]);
        List<String> queries = List.of(args).subList(4, args.length);
        try (Engine engine = set.open(args[1], Path.of(args[2]))) {
            for (int pass = 0; pass <= passes; pass++) {
                for (String query : queries) {
                    String sql = set.text(query);
                    long cpu = cpuNanos();
                    long start = System.nanoTime();
                    List<List<Object>> rows;
                    try {
                        rows = engine.run(sql);
                    } catch (RuntimeException | SQLException failed) {
                        System.err.println(query + " failed with " + args[1] + ": " + failed.getMessage());
                        continue;
                    }
                    double millis = (System.nanoTime() - start) / 1e6;
                    System.out.println((pass == 0 ? "first-" : "") + query + " " + millis);
                    if (pass > 0) {
                        System.out.println("cpu-" + query + " " + (cpuNanos() - cpu) / 1e6);
                        Fingerprint.of(rows).print(query);
                    }
                }
            }
        }
        System.out.println("peak " + peakKilobytes());
    }

    /// The processor time of the whole process.
    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    /// The most physical memory that this process has had.
    private static long peakKilobytes() throws java.io.IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }
}
