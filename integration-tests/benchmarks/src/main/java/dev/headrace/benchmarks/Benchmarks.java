package dev.headrace.benchmarks;

import dev.headrace.benchmarks.delta.DeltaBenchmark;
import dev.headrace.benchmarks.exactlyonce.ExactlyOnce;
import dev.headrace.benchmarks.landing.LandingBenchmark;
import dev.headrace.benchmarks.nexmark.NexmarkBenchmark;
import java.util.List;

/// Runs the benchmarks that are named, or all: `startup`, `overhead`, `throughput`, `latency`, `state`,
/// `changes`, `cancel`, `landing`. `tpch`, `tpcds`, `delta`, `nexmark` and `exactly-once` come alone, with a scale
/// factor or a word behind them. `answers` measures nothing, but writes down Spark's answers for the tests.
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        List<String> names = args.length == 0
                ? List.of("startup", "overhead", "throughput", "latency", "state", "changes", "cancel", "landing")
                : List.of(args);
        System.out.println(
                "JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        if (names.getFirst().startsWith("tpc")) {
            new QueryBenchmark(QuerySet.of(names.getFirst())).run(names.size() > 1 ? names.get(1) : "1");
            return;
        }
        if (names.getFirst().equals("answers")) {
            SparkAnswers.record();
            return;
        }
        if (names.getFirst().equals("nexmark")) {
            NexmarkBenchmark.run();
            return;
        }
        if (names.getFirst().equals("exactly-once")) {
            ExactlyOnce.run();
            return;
        }
        if (names.getFirst().equals("delta")) {
            DeltaBenchmark.run(!names.contains("alone"));
            return;
        }
        for (String name : names) {
            switch (name) {
                case "startup" -> Startup.run();
                case "overhead" -> BatchOverhead.run();
                case "throughput" -> KafkaThroughput.run();
                case "latency" -> KafkaLatency.run();
                case "state" -> StateGrowth.run();
                case "changes" -> ChangeApply.run();
                case "cancel" -> Cancelling.run();
                case "landing" -> LandingBenchmark.run();
                default ->
                    throw new IllegalArgumentException("no benchmark '" + name
                            + "': startup, overhead, throughput, latency, state, changes, cancel, landing, tpch,"
                            + " tpcds, delta, nexmark, exactly-once");
            }
        }
    }
}
