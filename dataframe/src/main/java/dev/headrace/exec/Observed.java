package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.codegen.ComputeProgram;
import dev.headrace.plan.AggregateCall;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.Observer;
import dev.headrace.plan.OutputColumn;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Lets rows pass and aggregates them by the way.
///
/// @param input the rows, and behind them what the aggregates' arguments need
/// @param schema of the rows
/// @param aggregates their arguments and filters are columns of the input
/// @param names of the aggregates
/// @param results over the aggregates' values
public record Observed(
        PhysicalPlan input,
        StructType schema,
        List<AggregateCall> aggregates,
        List<String> names,
        List<OutputColumn> results,
        Observer observer)
        implements PhysicalPlan.Custom {

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "Observe " + observer.name() + " " + results;
    }

    private StructType metrics() {
        return new StructType(results.stream().map(OutputColumn::field).toList());
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared rows = preparation.prepare(input);
        List<BoundExpr> values = results.stream().map(OutputColumn::expr).toList();
        ComputeProgram program = preparation.compile(Optional.empty(), values, metrics());
        return run -> {
            Stage stage = rows.open(run);
            Tally tally = new Tally(run, program);
            return stage.thenFor((_, split) -> new Watch(tally, split)).closing(tally);
        };
    }

    private GroupLayout layout() {
        return new GroupLayout(new StructType(), new int[0], aggregates);
    }

    /// What all tasks of a run have seen, put together in the order of the splits: so it does not depend on which
    /// thread was faster. Its memory is the tasks' own until they end.
    private final class Tally implements AutoCloseable {
        private final RunContext run;
        private final ComputeProgram program;
        private final GroupTable total;
        /// Of splits that have ended before others in front of them; in a union, of all.
        private final SortedMap<Integer, List<Chunk>> waiting = new TreeMap<>();
        private int next;
        private boolean closed;

        Tally(RunContext run, ComputeProgram program) {
            this.run = run;
            this.program = program;
            this.total = new GroupTable(layout(), run.allocator());
        }

        synchronized void add(int split, GroupTable seen) {
            waiting.put(split, seen.partials(run.allocator()));
            for (List<Chunk> due = waiting.remove(next); due != null; due = waiting.remove(next)) {
                next++;
                Chunk.lendEach(due, total::merge);
            }
        }

        /// All rows that will pass have passed.
        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            List<Chunk> rest = waiting.values().stream().flatMap(List::stream).toList();
            try (total) {
                Chunk.lendEach(rest, total::merge);
                run.profile().observed(observer, metrics(), this::values);
            }
        }

        private List<@Nullable Object> values() {
            StructType schema = new PhysicalPlan.HashAggregate(input, new int[0], aggregates, names).schema();
            List<@Nullable Object> cells = new ArrayList<>();
            try (Chunk aggregated = total.results(schema, run.allocator()).getFirst();
                    ComputeProgram.Worker worker = program.start(run.evaluation(), run.allocator());
                    Chunk computed = worker.run(aggregated)) {
                for (int i = 0; i < computed.columnCount(); i++) {
                    cells.add(Cell.detach(Cell.read(computed.column(i), 0)));
                }
            }
            return cells;
        }
    }

    private final class Watch implements Operator {
        private final Tally tally;
        private final int split;
        private final GroupTable seen;
        private final int[] columns = IntStream.range(0, schema.size()).toArray();

        Watch(Tally tally, int split) {
            this.tally = tally;
            this.split = split;
            this.seen = new GroupTable(layout(), tally.run.allocator());
        }

        @Override
        public void process(Chunk chunk, Output out) {
            seen.update(chunk);
            out.accept(chunk.select(columns));
        }

        @Override
        public void finish(Output out) {
            tally.add(split, seen);
        }

        @Override
        public void close() {
            seen.close();
        }
    }
}
