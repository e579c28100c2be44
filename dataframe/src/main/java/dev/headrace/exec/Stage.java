package dev.headrace.exec;

import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.HeapReserve;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.util.AutoCloseables;
import org.jspecify.annotations.Nullable;

/// Rows about to be produced: splits, and the operators that each split's chunks go through. Nothing has been read yet.
///
/// A stage of splits that hold memory or files (such as a [MemorySplit]) holds them until it is run or closed.
public final class Stage implements AutoCloseable {
    private final List<Part> parts;
    private final List<AutoCloseable> held;

    /// Splits with the operators that follow them.
    ///
    /// @param meters in the order of what they stand behind
    private record Part(List<Split> splits, List<OperatorOfSplit> operators, List<Meter> meters) {}

    /// Makes the operator that the rows of one split go through.
    @FunctionalInterface
    public interface OperatorOfSplit {
        /// @param number of the split in the stage, from 0 on
        Operator make(Split split, int number);
    }

    /// Where rows leave an operator of the plan.
    ///
    /// @param behind so many of the part's operators; those between the meter below and this one belong to it
    private record Meter(int behind, PhysicalPlan operator) {}

    private Stage(List<Part> parts, List<AutoCloseable> held) {
        this.parts = parts;
        this.held = held;
    }

    public static Stage of(List<? extends Split> splits) {
        return new Stage(List.of(new Part(List.copyOf(splits), List.of(), List.of())), List.of());
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
        return thenFor((_, _) -> operator.get());
    }

    /// This stage with one more operator at the end of each split, made for that split.
    public Stage thenFor(OperatorOfSplit operator) {
        List<Part> longer = new ArrayList<>();
        for (Part part : parts) {
            List<OperatorOfSplit> operators = new ArrayList<>(part.operators());
            operators.add(operator);
            longer.add(new Part(part.splits(), operators, part.meters()));
        }
        return new Stage(longer, held);
    }

    /// This stage, whose rows up to here are those of an operator of the plan.
    Stage measuring(PhysicalPlan operator) {
        List<Part> measured = new ArrayList<>();
        for (Part part : parts) {
            List<Meter> meters = new ArrayList<>(part.meters());
            meters.add(new Meter(part.operators().size(), operator));
            measured.add(new Part(part.splits(), part.operators(), meters));
        }
        return new Stage(measured, held);
    }

    /// This stage, which closes something that its operators use when it is closed itself.
    ///
    /// @param resource may be closed twice, and throws nothing checked
    Stage closing(AutoCloseable resource) {
        List<AutoCloseable> more = new ArrayList<>(held);
        more.add(resource);
        return new Stage(parts, more);
    }

    /// What each split is a part of, in the order of their numbers.
    List<String> partNames() {
        return parts.stream()
                .flatMap(part -> part.splits().stream().map(Split::part))
                .toList();
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
        WorkClock driver = run.profile().driver();
        OperatorProfile owner = driver.switchTo(new OperatorProfile());
        try {
            run.runTasks(tasks.size(), index -> tasks.get(index).run());
        } finally {
            driver.switchTo(owner);
        }
    }

    /// Reads the splits one after the other into the sink.
    void runInOrder(RunContext run, StageSink sink) {
        List<Runnable> tasks = tasks(run, sink);
        begin(run, tasks.size());
        WorkClock driver = run.profile().driver();
        OperatorProfile owner = driver.switchTo(new OperatorProfile());
        try (this) {
            tasks.forEach(Runnable::run);
        } finally {
            driver.switchTo(owner);
        }
    }

    private void begin(RunContext run, int tasks) {
        run.counters().begun(tasks, estimatedRows());
    }

    /// About how many rows the splits have, as far as they know.
    long estimatedRows() {
        long rows = 0;
        for (Part part : parts) {
            for (Split split : part.splits()) {
                rows += split.estimatedRows();
            }
        }
        return rows;
    }

    private List<Runnable> tasks(RunContext run, StageSink sink) {
        OperatorProfile owner = run.profile().driver().current();
        Failure failure = new Failure();
        List<Runnable> tasks = new ArrayList<>();
        for (Part part : parts) {
            for (Split split : part.splits()) {
                int index = tasks.size();
                tasks.add(() -> runSplit(run, split, part, index, sink, owner, failure));
            }
        }
        return tasks;
    }

    /// Whether a task has failed: the others end as soon as they have no chunk in hand.
    private static final class Failure {
        private volatile boolean happened;

        /// To be called before what the task holds is closed.
        void note(Throwable thrown) {
            happened = true;
            if (thrown instanceof OutOfMemoryError) {
                HeapReserve.giveUp();
            }
        }
    }

    /// @param owner the operator that the sink belongs to
    private static void runSplit(
            RunContext run, Split split, Part part, int index, StageSink sink, OperatorProfile owner, Failure failure) {
        if (failure.happened) {
            return;
        }
        WorkClock clock = new WorkClock(owner);
        try (StageSink.Task task = sink.open(index);
                Chain chain = new Chain(split, index, part, new Guarded(run, task), owner, run.profile(), clock)) {
            if (!chain.isFull()) {
                read(run, split, chain, clock, failure);
            }
            if (!failure.happened) {
                finish(chain, task, failure);
                run.counters().taskDone();
            }
        } catch (Throwable failed) {
            // Also of what is opened and closed.
            failure.happened = true;
            sink.failed();
            throw failed;
        } finally {
            clock.stop();
        }
    }

    private static void finish(Chain chain, StageSink.Task task, Failure failure) {
        try {
            chain.finish();
            task.finish();
        } catch (Throwable failed) {
            failure.note(failed);
            throw failed;
        }
    }

    private static void read(RunContext run, Split split, Chain chain, WorkClock clock, Failure failure) {
        OperatorProfile owner = clock.switchTo(chain.reading);
        try (ChunkReader reader = split.open(run.allocator())) {
            readAll(run, reader, chain, failure);
            for (Map.Entry<String, Long> metric : reader.metrics().entrySet()) {
                run.counters().add(metric.getKey(), metric.getValue());
                chain.reading.count(metric.getKey(), metric.getValue());
            }
        } finally {
            clock.switchTo(owner);
        }
    }

    private static void readAll(RunContext run, ChunkReader reader, Chain chain, Failure failure) {
        try {
            run.checkCancelled();
            @Nullable Chunk chunk = failure.happened ? null : reader.next();
            while (chunk != null) {
                run.counters().read(chunk.rowCount());
                chain.accept(chunk);
                // Here nobody holds a chunk.
                run.checkCancelled();
                chunk = chain.isFull() || failure.happened ? null : reader.next();
            }
        } catch (Throwable failed) {
            failure.note(failed);
            throw failed;
        }
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>();
        for (Part part : parts) {
            for (Split split : part.splits()) {
                if (split instanceof HeldSplit holding) {
                    all.add(holding);
                }
            }
        }
        all.addAll(held);
        try {
            // The others, too, if one of them fails.
            AutoCloseables.close(all);
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The end of a chain: an operator that makes many rows of a few is cancelled here.
    private record Guarded(RunContext run, Operator.Output next) implements Operator.Output {
        @Override
        public void accept(Chunk chunk) {
            if (run.cancellation().isCancelled()) {
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
        private final List<OperatorProfile> owners = new ArrayList<>();
        private final List<Operator.Output> outputs = new ArrayList<>();
        private final WorkClock clock;

        /// What the reader belongs to.
        private final OperatorProfile reading;

        Chain(
                Split split,
                int number,
                Part part,
                Operator.Output last,
                OperatorProfile owner,
                RunProfile profile,
                WorkClock clock) {
            this.clock = clock;
            try {
                part.operators().forEach(maker -> operators.add(maker.make(split, number)));
            } catch (Throwable failed) {
                close();
                throw failed;
            }
            OperatorProfile above = owner;
            Operator.Output output = new Owned(owner, last, clock);
            int meter = part.meters().size() - 1;
            for (int behind = operators.size(); behind >= 0; behind--) {
                while (meter >= 0 && part.meters().get(meter).behind() == behind) {
                    above = profile.of(part.meters().get(meter).operator());
                    output = new Metered(above, output);
                    meter--;
                }
                outputs.addFirst(output);
                if (behind > 0) {
                    owners.addFirst(above);
                    output = new Link(operators.get(behind - 1), above, output, clock);
                }
            }
            reading = above;
        }

        void accept(Chunk chunk) {
            outputs.getFirst().accept(chunk);
        }

        boolean isFull() {
            return outputs.getFirst().isFull();
        }

        void finish() {
            for (int i = 0; i < operators.size(); i++) {
                OperatorProfile before = clock.switchTo(owners.get(i));
                operators.get(i).finish(outputs.get(i + 1));
                clock.switchTo(before);
            }
        }

        @Override
        public void close() {
            Closing.all(operators);
        }

        private record Link(Operator operator, OperatorProfile owner, Operator.Output next, WorkClock clock)
                implements Operator.Output {
            @Override
            public void accept(Chunk chunk) {
                OperatorProfile before = clock.switchTo(owner);
                try (chunk) {
                    operator.process(chunk, next);
                }
                clock.switchTo(before);
            }

            /// What an operator holds back is of no use either if what it makes is not.
            @Override
            public boolean isFull() {
                return next.isFull();
            }
        }

        /// Counts the rows that an operator of the plan gives.
        private record Metered(OperatorProfile operator, Operator.Output next) implements Operator.Output {
            @Override
            public void accept(Chunk chunk) {
                operator.gave(chunk.rowCount());
                next.accept(chunk);
            }

            @Override
            public boolean isFull() {
                return next.isFull();
            }
        }

        private record Owned(OperatorProfile owner, Operator.Output next, WorkClock clock) implements Operator.Output {
            @Override
            public void accept(Chunk chunk) {
                OperatorProfile before = clock.switchTo(owner);
                next.accept(chunk);
                clock.switchTo(before);
            }

            @Override
            public boolean isFull() {
                return next.isFull();
            }
        }
    }
}
