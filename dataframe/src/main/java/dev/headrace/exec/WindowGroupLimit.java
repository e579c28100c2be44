package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.plan.SortKey;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/// Leaves out rows that a window's rank is too high for, before they are dealt out and sorted for it: those behind as
/// many rows of their partition as are wanted, by the first key of the order alone. Rows that come as early are left,
/// so that the window finds all ties.
///
/// What is known of the partitions ([FirstPlaces]) goes from one split to another, and is given up where it leaves out
/// too few rows.
///
/// @param partition input columns
/// @param order by input columns; at least one
record WindowGroupLimit(PhysicalPlan input, int[] partition, List<SortKey> order, RankLimits.RankLimit limit)
        implements PhysicalPlan.Custom {
    @Override
    public StructType schema() {
        return input.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public String describe() {
        return "WindowGroupLimit " + limit + " partition by "
                + schema().select(partition).names() + " order by ["
                + order.stream().map(SortKey::toString).collect(Collectors.joining(", ")) + "]";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> {
            Known known = new Known(run);
            return below.open(run).then(() -> new Sieve(known)).closing(known);
        };
    }

    /// What the tasks that are not at work know of the partitions. Thread-safe.
    private final class Known implements AutoCloseable {
        private final RunContext run;
        private final Deque<FirstPlaces> idle = new ArrayDeque<>();
        private boolean closed;

        Known(RunContext run) {
            this.run = run;
        }

        synchronized FirstPlaces take() {
            return idle.isEmpty()
                    ? new FirstPlaces(schema(), partition, Preparation.column(order.getFirst()), limit, run)
                    : idle.pop();
        }

        synchronized void giveBack(FirstPlaces places) {
            if (closed) {
                places.close();
            } else {
                idle.push(places);
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            Closing.all(idle);
            idle.clear();
        }
    }

    private static final class Sieve implements Operator {
        private final Known known;
        private final FirstPlaces places;

        Sieve(Known known) {
            this.known = known;
            this.places = known.take();
        }

        @Override
        public void process(Chunk chunk, Output out) {
            int[] wanted = new int[chunk.rowCount()];
            int count = places.within(chunk, wanted);
            if (count == wanted.length) {
                out.accept(chunk.slice(0, count));
            } else if (count > 0) {
                out.accept(Columns.gather(chunk, wanted, 0, count, known.run.allocator()));
            }
        }

        @Override
        public void close() {
            known.giveBack(places);
        }
    }
}
