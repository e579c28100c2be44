package dev.headrace.benchmarks.nexmark;

import dev.headrace.benchmarks.EngineCommand;
import dev.headrace.benchmarks.WorkDirectory;
import dev.headrace.demo.KafkaBroker;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Nexmark's queries from a topic that is full already, through each engine in a process of its own, one after the
/// other: how many events per second, checkpoints on, results thrown away, though counted by those that can.
///
/// Settings, as system properties: `nexmark.events` (5 million), `nexmark.queries`, `nexmark.engines`
/// (`headrace,streams,flink,spark`), `nexmark.passes` (3, of which the first is not counted), `nexmark.batch`
/// (500,000): how many events Headrace and Spark read at most in a batch, `nexmark.sparkPartitions` (2),
/// `nexmark.seconds` (300): a query that takes longer is given up, and not tried again in further passes.
public final class NexmarkBenchmark {
    private static final String QUERIES = "q0,q1,q2,q3,q5,q7,q8,q11,q15";

    private static final String ROWS = "-rows";

    private NexmarkBenchmark() {}

    public static void run() throws IOException, InterruptedException {
        int count = Integer.getInteger("nexmark.events", 5_000_000);
        List<String> queries =
                List.of(System.getProperty("nexmark.queries", QUERIES).split(","));
        String passes = System.getProperty("nexmark.passes", "3");
        String seconds = System.getProperty("nexmark.seconds", "300");
        Map<String, Map<String, List<Double>>> results = new LinkedHashMap<>();
        try (KafkaBroker broker = KafkaBroker.start(KafkaBroker.Size.SERVER, Map.of())) {
            // 10,000 events per second of event time.
            NexmarkTopic.fill(broker, new NexmarkEvents(100), count);
            for (String engine : System.getProperty("nexmark.engines", "headrace,streams,flink,spark")
                    .split(",")) {
                List<String> command = EngineCommand.of(engine, "Nexmark", HeadraceNexmark.class);
                command.add(broker.bootstrapServers());
                command.add(passes);
                command.add(seconds);
                command.add(WorkDirectory.create().toString());
                command.addAll(queries);
                results.put(engine, EngineCommand.measure(command, System.out::println));
            }
        }
        print(count, queries, results);
    }

    private static void print(int count, List<String> queries, Map<String, Map<String, List<Double>>> results) {
        System.out.println("Nexmark, " + count + " events, events per second (best pass after the first)");
        System.out.println("         " + String.join("  ", results.keySet()));
        for (String query : queries) {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-8s", query));
            for (Map<String, List<Double>> millis : results.values()) {
                List<Double> passes = millis.getOrDefault(query, List.of());
                line.append(
                        passes.isEmpty()
                                ? String.format(Locale.ROOT, "%14s", "-")
                                : String.format(Locale.ROOT, "%,14.0f", count / (best(passes) / 1e3)));
            }
            System.out.println(line);
        }
        System.out.println("Rows of the answers");
        for (String query : queries) {
            StringBuilder line = new StringBuilder(query);
            results.forEach((engine, figures) -> figures.getOrDefault(query + ROWS, List.of()).stream()
                    .findFirst()
                    .ifPresent(rows -> line.append(String.format(Locale.ROOT, " %s %,.0f", engine, rows))));
            System.out.println(line);
        }
        results.forEach((engine, figures) -> System.out.printf(
                Locale.ROOT,
                "%s: peak %,.0f MiB%n",
                engine,
                figures.getOrDefault("peak", List.of(0.0)).getFirst() / 1024));
    }

    private static double best(List<Double> passes) {
        List<Double> counted = passes.size() > 1 ? passes.subList(1, passes.size()) : passes;
        return counted.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }
}
