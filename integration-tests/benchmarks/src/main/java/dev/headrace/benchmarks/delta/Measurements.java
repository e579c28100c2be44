package dev.headrace.benchmarks.delta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// What was measured of the engines: how long each run of a task took, and how much processor time.
final class Measurements {
    private static final double FLOOR = 3;

    private final Map<Task, Map<String, List<Run>>> byTask = new LinkedHashMap<>();

    /// A task that engines are compared in.
    ///
    /// @param items what the task handles, for a rate; 0 for none
    /// @param floor how many times faster than Spark Headrace has to be at least
    record Task(String name, long items, double floor) {
        Task(String name, long items) {
            this(name, items, FLOOR);
        }
    }

    /// @param millis of elapsed time
    /// @param processorMillis of processor time
    private record Run(double millis, double processorMillis) {}

    /// Something to do whose time counts.
    interface Work {
        /// @return milliseconds
        long run() throws Exception;
    }

    /// Does something, and notes how long it took.
    void measure(DeltaEngine engine, Task task, Work work) throws Exception {
        long before = engine.processorMillis();
        long millis = work.run();
        add(engine, task, (double) millis, (double) (engine.processorMillis() - before));
    }

    void add(DeltaEngine engine, Task task, double millis, double processorMillis) {
        byTask.computeIfAbsent(task, _ -> new LinkedHashMap<>())
                .computeIfAbsent(engine.name(), _ -> new ArrayList<>())
                .add(new Run(millis, processorMillis));
        System.out.printf(
                Locale.ROOT,
                "delta: %s, %s: %,.0f ms, %,.0f ms of the processor%n",
                engine.name(),
                task.name(),
                millis,
                processorMillis);
    }

    /// The medians as a table, with the ratios if there are two engines.
    String table() {
        StringBuilder text = new StringBuilder("| median |");
        List<String> engines =
                byTask.values().iterator().next().keySet().stream().toList();
        engines.forEach(engine -> text.append(' ').append(engine).append(" |"));
        text.append(engines.size() > 1 ? " ratio | floor | ratio of processor time |\n" : "\n");
        byTask.forEach((task, byEngine) -> {
            text.append("| ").append(task.name()).append(" |");
            engines.forEach(engine ->
                    text.append(' ').append(text(task, runs(byEngine, engine))).append(" |"));
            if (engines.size() > 1) {
                List<Run> ours = runs(byEngine, engines.getFirst());
                List<Run> others = runs(byEngine, engines.getLast());
                text.append(String.format(
                        Locale.ROOT,
                        " %.1f | %.1f | %.1f |",
                        median(others) / median(ours),
                        task.floor(),
                        processor(others) / processor(ours)));
            }
            text.append('\n');
        });
        return text.toString();
    }

    private static String text(Task task, List<Run> runs) {
        double millis = median(runs);
        return String.format(Locale.ROOT, "%,.0f ms (%,.0f ms of the processor)", millis, processor(runs))
                + (task.items() == 0 ? "" : String.format(Locale.ROOT, ", %,.0f/s", task.items() * 1000 / millis));
    }

    private static List<Run> runs(Map<String, List<Run>> byEngine, String engine) {
        return Objects.requireNonNull(byEngine.get(engine));
    }

    private static double median(List<Run> runs) {
        return runs.stream().mapToDouble(Run::millis).sorted().toArray()[runs.size() / 2];
    }

    private static double processor(List<Run> runs) {
        return runs.stream().mapToDouble(Run::processorMillis).sorted().toArray()[runs.size() / 2];
    }
}
