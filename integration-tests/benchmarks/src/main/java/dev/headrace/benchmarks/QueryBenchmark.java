package dev.headrace.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Runs a set of queries with Headrace, DuckDB and, if the set has it, Spark over the same files, each engine in a
/// process of its own with two threads, one after the other.
///
/// Settings, as system properties with the set's name in front, here `tpch`: `tpch.engines` (all), `tpch.queries`
/// (all), `tpch.passes` (3; 1 for Spark, whose passes take minutes, and above scale factor 1 without a pass to warm
/// up), `tpch.data` (where the files are kept, in `sf1` for scale factor 1; `target/tpch` of the benchmarks),
/// `tpch.options` (flags for Headrace's JVM: `-Xmx512m`, as what it works with lies outside the heap).
///
/// Spark has 4 GB and two partitions, with which it is fastest; above scale factor 1, where it can't answer all queries
/// with that, 12 GB and 32 partitions.
final class QueryBenchmark {
    static final Path HOME = Path.of(System.getProperty("headrace.home", "."), "integration-tests", "benchmarks");

    /// They vary most, so each engine has several, in turns.
    private static final int COLD_STARTS = 5;

    private final QuerySet set;

    QueryBenchmark(QuerySet set) {
        this.set = set;
    }

    /// A process that runs one query, from its start to the result.
    private String cold() {
        return "cold " + set.coldQuery();
    }

    private String setting(String name, String otherwise) {
        return System.getProperty(set.name() + "." + name, otherwise);
    }

    void run(String scale) throws IOException, InterruptedException {
        Path data = Path.of(
                        setting(
                                "data",
                                HOME.resolve("target").resolve(set.name()).toString()),
                        "sf" + scale)
                .toAbsolutePath();
        double factor = Double.parseDouble(scale);
        set.makeFiles(data, factor);
        List<String> queries = set.groups(factor).stream().flatMap(List::stream).toList();
        String only = setting("queries", "");
        if (!only.isEmpty()) {
            queries = List.of(only.split(","));
        }
        Map<String, Map<String, List<Double>>> results = new LinkedHashMap<>();
        for (String engine : setting("engines", set.engines()).split(",")) {
            boolean slow = engine.equals("spark");
            int passes = Integer.parseInt(setting("passes", slow ? "1" : "3"));
            boolean warmUp = !slow || factor <= 1;
            System.out.println(engine + ": " + (warmUp ? "a pass to warm up, " : "no pass to warm up, ") + passes
                    + (passes == 1 ? " timed pass" : " timed passes"));
            results.put(engine, measure(engine, data, queries, warmUp, passes, options(engine, factor)));
        }
        List<String> cache = results.containsKey("headrace") ? classCache(data) : List.of();
        for (int i = 0; i < COLD_STARTS; i++) {
            for (Map.Entry<String, Map<String, List<Double>>> result : results.entrySet()) {
                String engine = result.getKey();
                List<String> flags = engine.equals("headrace") ? cache : options(engine, factor);
                List<Double> cold = measure(engine, data, List.of(set.coldQuery()), true, 0, flags)
                        .getOrDefault(EngineCommand.TO_FIRST_LINE, List.of());
                result.getValue()
                        .computeIfAbsent(cold(), _ -> new ArrayList<>())
                        .addAll(cold);
            }
        }
        print(scale, queries, results);
        for (String format : List.of("csv", "json")) {
            if (queries.contains(format)) {
                printScan(format, data.resolve("lineitem." + format), results);
            }
        }
    }

    /// How many bytes of text each engine reads per second.
    private static void printScan(String format, Path directory, Map<String, Map<String, List<Double>>> results)
            throws IOException {
        double bytes = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        Map<String, Double> rates = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, List<Double>>> engine : results.entrySet()) {
            double median = median(engine.getValue().getOrDefault(format, List.of()));
            rates.put(engine.getKey(), bytes / 1e3 / median);
        }
        System.out.println(line(format + " MB/s", results, rates));
    }

    /// Headrace starts from a cache of classes that a first run has left, without profiles, as `./headrace` does.
    private List<String> classCache(Path data) throws IOException, InterruptedException {
        Path cache = data.resolveSibling("classes.aot");
        List<String> flags = List.of(
                "-XX:AOTCacheOutput=" + cache,
                "-XX:+IgnoreUnrecognizedVMOptions",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-AOTRecordTraining");
        measure("headrace", data, List.of(set.coldQuery()), true, 0, flags);
        return List.of("-XX:AOTCache=" + cache);
    }

    private Map<String, List<Double>> measure(
            String engine, Path data, List<String> queries, boolean warmUp, int passes, List<String> flags)
            throws IOException, InterruptedException {
        List<String> command = command(engine, flags);
        command.add(data.toString());
        if (engine.equals("spark")) {
            command.add(warmUp ? "1" : "0");
        }
        command.add(String.valueOf(passes));
        if (engine.equals("spark")) {
            command.add(HOME.resolve("src/main/resources/dev/headrace/benchmarks")
                    .resolve(set.name())
                    .toString());
        }
        command.addAll(queries);
        return EngineCommand.measure(command, _ -> {});
    }

    static List<String> options(String engine, double factor) {
        if (!engine.equals("spark")) {
            return List.of();
        }
        return factor > 1
                ? List.of("-Xmx12g", "-Dspark.sql.shuffle.partitions=32")
                : List.of("-Xmx4g", "-Dspark.sql.shuffle.partitions=2");
    }

    private List<String> command(String engine, List<String> flags) throws IOException {
        if (engine.equals("spark")) {
            return EngineCommand.peer(engine, "Queries", flags);
        }
        List<String> command = EngineCommand.own(EngineProcess.class);
        command.addAll(1, flags);
        if (engine.equals("headrace")) {
            command.addAll(1, List.of(setting("options", "-Xmx512m").split(" ")));
        }
        command.add(set.name());
        command.add(engine);
        return command;
    }

    private void print(String scale, List<String> queries, Map<String, Map<String, List<Double>>> results) {
        System.out.println(
                set.title() + ", scale factor " + scale + ", medians in ms; ratios are Headrace's time to theirs");
        StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-16s", ""));
        results.keySet().forEach(engine -> head.append(String.format(Locale.ROOT, "%10s", engine)));
        System.out.println(head + "   ratios");
        for (String query : queries) {
            System.out.println(line(query, results, Map.of()));
        }
        for (List<String> group : set.groups(Double.parseDouble(scale))) {
            if (queries.containsAll(group)) {
                List<String> answered = group.stream()
                        .filter(query -> results.values().stream().allMatch(millis -> millis.containsKey(query)))
                        .toList();
                if (answered.size() < group.size()) {
                    System.out.println("of the " + answered.size() + " queries that all have answered:");
                }
                Map<String, Double> means = new LinkedHashMap<>();
                Map<String, Double> processor = new LinkedHashMap<>();
                results.forEach((engine, millis) -> {
                    means.put(engine, geometricMean(millis, answered));
                    processor.put(engine, sum(millis, answered));
                });
                System.out.println(line("geometric mean", results, means));
                System.out.println(line("processor ms", results, processor));
            }
        }
        Map<String, Double> peaks = new LinkedHashMap<>();
        results.forEach((engine, millis) ->
                peaks.put(engine, Objects.requireNonNull(millis.get("peak")).getFirst() / 1024));
        System.out.println(line("peak MiB", results, peaks));
        System.out.println(line(cold(), results, Map.of()));
        printAnswers(queries, results);
    }

    /// Whether the engines gave as many rows, and columns with the same sums but for rounding.
    private static void printAnswers(List<String> queries, Map<String, Map<String, List<Double>>> results) {
        int same = 0;
        for (String query : queries) {
            Map<String, Fingerprint> answers = new LinkedHashMap<>();
            results.forEach((engine, figures) -> answers.put(engine, Fingerprint.printed(query, figures)));
            Fingerprint first = answers.values().iterator().next();
            if (answers.values().stream().allMatch(first::isNear)) {
                same++;
            } else {
                System.out.println("answers to " + query + " differ: " + answers);
            }
        }
        System.out.println("the same answers to " + same + " of " + queries.size() + " queries");
    }

    private static String line(
            String name, Map<String, Map<String, List<Double>>> results, Map<String, Double> values) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-16s", name));
        StringBuilder ratios = new StringBuilder();
        double ours = Double.NaN;
        for (Map.Entry<String, Map<String, List<Double>>> engine : results.entrySet()) {
            Double given = values.get(engine.getKey());
            double value = given == null ? median(engine.getValue().getOrDefault(name, List.of())) : given;
            line.append(Double.isNaN(value) ? "    failed" : String.format(Locale.ROOT, "%10.0f", value));
            if (engine.getKey().equals("headrace")) {
                ours = value;
            } else {
                ratios.append(String.format(Locale.ROOT, "%8.2f", ours / value));
            }
        }
        return line.append(ratios).toString();
    }

    private static double geometricMean(Map<String, List<Double>> millis, List<String> queries) {
        return Math.exp(queries.stream()
                .mapToDouble(query -> Math.log(median(Objects.requireNonNull(millis.get(query)))))
                .average()
                .orElse(Double.NaN));
    }

    /// The processor time that all queries take together, on average of the passes.
    private static double sum(Map<String, List<Double>> millis, List<String> queries) {
        return queries.stream()
                .mapToDouble(query -> Objects.requireNonNull(millis.get("cpu-" + query)).stream()
                        .mapToDouble(Double::doubleValue)
                        .average()
                        .orElse(Double.NaN))
                .sum();
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }
}
