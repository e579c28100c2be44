package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Rows about to be produced: splits, and the operators that each split's chunks go through. Nothing has been read yet.
///
/// A stage of splits that hold memory or files (such as a [MemorySplit]) holds them until it is run or closed.
public final class Stage implements AutoCloseable {
    private final List<Part> parts;
    private final List<AutoCloseable> held;

    /// Splits with the operators that follow them.
    private record Part(List<Split> splits, List<Function<Split, ? extends Operator>> operators) {}

    private Stage(List<Part> parts, List<AutoCloseable> held) {
        this.parts = parts;
        this.held = held;
    }

    public static Stage of(List<? extends Split> splits) {
        return new Stage(List.of(new Part(List.copyOf(splits), List.of())), List.of());
    }

    public static Stage union(List<Stage> stages) {
        List<Part> all = new ArrayList<>();
        List<AutoCloseable> allHeld = new ArrayList<>();
        for (Stage stage : stages) {
            all.addAll(stage.parts);
            allHeld.addAll(stage.held);
        }
        return new Stage(all, allHeld);
    }

    /// This stage with one more operator at the end of each split; the supplier is asked for a new one per split.
    public Stage then(Supplier<? extends Operator> operator) {
        return thenFor(_ -> operator.get());
    }

    /// This stage with one more operator at the end of each split, made for that split.
    public Stage thenFor(Function<Split, ? extends Operator> operator) {
        List<Part> longer = new ArrayList<>();
        for (Part part : parts) {
            List<Function<Split, ? extends Operator>> operators = new ArrayList<>(part.operators());
            operators.add(operator);
            longer.add(new Part(part.splits(), operators));
        }
        return new Stage(longer, held);
    }

    /// This stage, which closes something that its operators use when it is closed itself.
    ///
    /// @param resource may be closed twice, and throws nothing
    Stage closing(AutoCloseable resource) {
        List<AutoCloseable> more = new ArrayList<>(held);
        more.add(resource);
        return new Stage(parts, more);
    }

    public int splitCount() {
        return parts.stream().mapToInt(part -> part.splits().size()).sum();
    }

    /// Reads all splits, in parallel, into the sink.
    public void run(RunContext run, StageSink sink) {
        try (this) {
            runHolding(run, sink);
        }
    }

    /// As [#run], without closing the stage.
    void runHolding(RunContext run, StageSink sink) {
        List<Runnable> tasks = tasks(run, sink);
        begin(run, tasks.size());
        run.tasks().run(tasks.size(), index -> tasks.get(index).run());
    }

    /// Reads the splits one after the other into the sink.
    void runInOrder(RunContext run, StageSink sink) {
        List<Runnable> tasks = tasks(run, sink);
        begin(run, tasks.size());
        try (this) {
            tasks.forEach(Runnable::run);
        }
    }

    private void begin(RunContext run, int tasks) {
        long rows = 0;
        for (Part part : parts) {
            for (Split split : part.splits()) {
                rows += split.estimatedRows();
            }
        }
        run.counters().begun(tasks, rows);
    }

    private List<Runnable> tasks(RunContext run, StageSink sink) {
        List<Runnable> tasks = new ArrayList<>();
        for (Part part : parts) {
            for (Split split : part.splits()) {
                int index = tasks.size();
                tasks.add(() -> runSplit(run, split, part.operators(), index, sink));
            }
        }
        return tasks;
    }

    private static void runSplit(
            RunContext run,
            Split split,
            List<Function<Split, ? extends Operator>> operators,
            int index,
            StageSink sink) {
        try (StageSink.Task task = sink.open(index);
                Chain chain = new Chain(split, operators, new Guarded(run, task))) {
            if (!chain.isFull()) {
                read(run, split, chain);
            }
            chain.finish();
            task.finish();
            run.counters().taskDone();
        }
    }

    private static void read(RunContext run, Split split, Chain chain) {
        try (ChunkReader reader = split.open(run.allocator())) {
            run.checkCancelled();
            @Nullable Chunk chunk = reader.next();
            while (chunk != null) {
                run.counters().read(chunk.rowCount());
                chain.accept(chunk);
                // Here nobody holds a chunk.
                run.checkCancelled();
                chunk = chain.isFull() ? null : reader.next();
            }
            for (Map.Entry<String, Long> metric : reader.metrics().entrySet()) {
                run.counters().add(metric.getKey(), metric.getValue());
            }
        }
    }

    @Override
    public void close() {
        for (Part part : parts) {
            for (Split split : part.splits()) {
                if (split instanceof HeldSplit holding) {
                    holding.close();
                }
            }
        }
        for (AutoCloseable resource : held) {
            try {
                resource.close();
            } catch (RuntimeException failed) {
                throw failed;
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }

    /// The end of a chain: an operator that makes many rows of a few is cancelled here.
    private record Guarded(RunContext run, Operator.Output next) implements Operator.Output {
        @Override
        public void accept(Chunk chunk) {
            if (run.cancelled().get()) {
                chunk.close();
                throw new QueryCancelledException();
            }
            next.accept(chunk);
        }

        @Override
        public boolean isFull() {
            return next.isFull();
        }
    }

    /// The operators of one task, linked so that each one's output is the next one's input.
    private static final class Chain implements AutoCloseable {
        private final List<Operator> operators = new ArrayList<>();
        private final List<Operator.Output> outputs = new ArrayList<>();

        Chain(Split split, List<Function<Split, ? extends Operator>> makers, Operator.Output last) {
            makers.forEach(maker -> operators.add(maker.apply(split)));
            outputs.add(last);
            for (int i = operators.size() - 1; i >= 0; i--) {
                outputs.addFirst(new Link(operators.get(i), outputs.getFirst()));
            }
        }

        void accept(Chunk chunk) {
            outputs.getFirst().accept(chunk);
        }

        boolean isFull() {
            return outputs.stream().anyMatch(Operator.Output::isFull);
        }

        void finish() {
            for (int i = 0; i < operators.size(); i++) {
                operators.get(i).finish(outputs.get(i + 1));
            }
        }

        @Override
        public void close() {
            operators.forEach(Operator::close);
        }

        private record Link(Operator operator, Operator.Output next) implements Operator.Output {
            @Override
            public void accept(Chunk chunk) {
                try (chunk) {
                    operator.process(chunk, next);
                }
            }
        }
    }
}
