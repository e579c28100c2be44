package dev.headrace.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What Spark answers to the queries of TPC-H and TPC-DS over small tables, without the limits at their ends: recorded
/// once, for the tests to compare with, as Spark takes minutes for them.
///
/// A line for each: the scale factor, the query, and its [Fingerprint]: the number of rows, and a sum for each column.
public final class SparkAnswers {
    private static final List<String> SCALES = List.of("0.01", "0.1");

    private SparkAnswers() {}

    /// Asks Spark, and writes its answers beside the queries.
    static void record() throws IOException, InterruptedException {
        for (String name : List.of("tpch", "tpcds")) {
            QuerySet set = QuerySet.of(name);
            List<String> lines = new ArrayList<>();
            for (String scale : SCALES) {
                lines.addAll(ask(set, scale));
            }
            Files.write(
                    QueryBenchmark.HOME.resolve("src/main/resources/dev/headrace/benchmarks/" + name + "/answers.txt"),
                    lines);
        }
    }

    private static List<String> ask(QuerySet set, String scale) throws IOException, InterruptedException {
        Path data = QueryBenchmark.HOME
                .resolve("target")
                .resolve(set.name())
                .resolve("sf" + scale)
                .toAbsolutePath();
        set.makeFiles(data, Double.parseDouble(scale));
        Path texts = WorkDirectory.create();
        List<String> queries = set.groups(Double.parseDouble(scale)).getFirst();
        for (String query : queries) {
            Files.writeString(texts.resolve(query + ".sql"), set.unlimited(query));
        }
        List<String> command = EngineCommand.peer("spark", "Queries", QueryBenchmark.options("spark", 1));
        command.addAll(List.of(data.toString(), "0", "1", texts.toString()));
        command.addAll(queries);
        Map<String, List<Double>> figures = EngineCommand.measure(command, _ -> {});
        return queries.stream()
                .map(query -> {
                    Fingerprint answer = Fingerprint.printed(query, figures);
                    if (answer.rows() < 0) {
                        throw new IllegalStateException("Spark gave no answer to " + query);
                    }
                    return scale + " " + query + " " + answer.rows()
                            + answer.sums().stream().map(sum -> " " + sum).collect(Collectors.joining());
                })
                .toList();
    }

    /// The recorded answers by query.
    public static Map<String, Fingerprint> of(QuerySet set, double scale) throws IOException {
        Map<String, Fingerprint> answers = new LinkedHashMap<>();
        try (InputStream in = set.getClass().getResourceAsStream("answers.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                List<String> parts = List.of(line.split(" "));
                if (Double.parseDouble(parts.getFirst()) == scale) {
                    answers.put(
                            parts.get(1),
                            new Fingerprint(
                                    Long.parseLong(parts.get(2)),
                                    parts.subList(3, parts.size()).stream()
                                            .map(Double::valueOf)
                                            .toList()));
                }
            }
        }
        return answers;
    }
}
