package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.DealtRows.Part;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// Computes window functions: sorts all rows by partition and order, and computes the results while the sorted rows are
/// read, in parallel by partitions ([WindowStream]).
///
/// Rows that don't fit into memory are dealt out by their partition. A part that still does not fit, as it has one
/// large partition, is sorted on disk, and so are all rows if there is no partition.
final class Windowing implements Prepared {
    /// So many splits for each thread, as one may take longer than another.
    private static final int SPLITS_PER_THREAD = 4;

    /// So many rows are looked through at once for the beginning of a partition.
    private static final int LOOKED_THROUGH = 1024;

    private final Prepared input;
    private final PhysicalPlan.Window node;
    private final List<SortColumn> partition = new ArrayList<>();
    private final List<SortColumn> order;

    Windowing(Prepared input, PhysicalPlan.Window node, List<SortColumn> order) {
        this.input = input;
        this.node = node;
        this.order = order;
        for (int column : node.partition()) {
            partition.add(new SortColumn(column, Direction.ASC, NullOrder.FIRST));
        }
    }

    @Override
    public Stage open(RunContext run) {
        return partition.isEmpty() ? onePartition(run) : byPartitions(run);
    }

    private Stage onePartition(RunContext run) {
        try (SortRuns runs = newRuns(run)) {
            input.open(run).run(run, runs);
            if (!runs.isSpilled()) {
                return inMemory(runs.take(), run);
            }
            SortedRows sorted = runs.merged(-1);
            return Stage.of(List.of(new WindowSplit(this, sorted, run))).closing(sorted);
        }
    }

    private Stage byPartitions(RunContext run) {
        DealtRows rows = DealtRows.toBeSorted(node.input().schema(), node.partition(), run);
        try {
            input.open(run).run(run, rows);
            return rows.isSpilled()
                    ? PartSplit.stage(rows, (dealt, part) -> ofPart(dealt, part, run))
                    : inMemory(rows.take(), run);
        } catch (Throwable failed) {
            rows.close();
            throw failed;
        }
    }

    private SortRuns newRuns(RunContext run) {
        return new SortRuns(node.input().schema(), keys(), run);
    }

    private List<SortColumn> keys() {
        List<SortColumn> keys = new ArrayList<>(partition);
        keys.addAll(order);
        return keys;
    }

    private ChunkReader stream(SortedRows sorted, RunContext run) {
        return new WindowStream(node, sorted, partition, order, run);
    }

    /// Takes the rows over, and divides them between partitions.
    private Stage inMemory(List<Chunk> chunks, RunContext run) {
        if (chunks.isEmpty()) {
            return Stage.of(List.of());
        }
        OrderedRows rows = OrderedRows.sorted(node.input().schema(), chunks, keys(), run);
        try {
            int parts = SPLITS_PER_THREAD * run.tasks().parallelism();
            int least = Math.max(Chunk.TARGET_ROWS, rows.count() / parts);
            List<Split> splits = new ArrayList<>();
            for (int from = 0; from < rows.count(); ) {
                int end = rows.count() - from <= least ? rows.count() : border(rows, from + least, run);
                SortedRows between = new InMemory(rows, from, end, end - from > 2 * least, Optional.empty(), run);
                splits.add(new WindowSplit(this, between, run));
                from = end;
            }
            return Stage.of(splits).closing(rows);
        } catch (Throwable failed) {
            rows.close();
            throw failed;
        }
    }

    /// The first row from one on that begins a partition; the number of rows if there is none.
    private int border(OrderedRows rows, int from, RunContext run) {
        if (partition.isEmpty()) {
            return rows.count();
        }
        for (int at = from; at < rows.count(); at += LOOKED_THROUGH) {
            run.checkCancelled();
            int count = Math.min(LOOKED_THROUGH, rows.count() - at);
            try (Chunk looked = rows.rows(at - 1, count + 1, run.allocator())) {
                RowComparator samePartition = WindowRows.comparator(looked, partition);
                for (int i = 0; i < count; i++) {
                    if (samePartition.compare(i, i + 1) != 0) {
                        return at + i;
                    }
                }
            }
        }
        return rows.count();
    }

    private ChunkReader ofPart(DealtRows rows, Part part, RunContext run) {
        try (SortRuns runs = newRuns(run)) {
            try (StageSink.Task sorting = runs.open(0)) {
                for (Extent extent : part.extents()) {
                    run.checkCancelled();
                    sorting.accept(rows.read(extent));
                }
            }
            if (runs.isSpilled()) {
                return stream(runs.merged(-1), run);
            }
            OrderedRows sorted = OrderedRows.sorted(node.input().schema(), runs.take(), keys(), run);
            return stream(new InMemory(sorted, 0, sorted.count(), false, Optional.of(sorted), run), run);
        }
    }

    private record WindowSplit(Windowing windowing, SortedRows rows, RunContext run) implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return windowing.stream(rows, run);
        }

        @Override
        public long estimatedRows() {
            return rows.count();
        }
    }

    /// Ordered rows of whole partitions.
    ///
    /// @param owned what is closed with this
    private record InMemory(
            OrderedRows rows,
            int from,
            int end,
            boolean haveLargePartition,
            Optional<OrderedRows> owned,
            RunContext run)
            implements SortedRows {
        @Override
        public ChunkReader read() {
            return rows.read(from, end, run.allocator());
        }

        @Override
        public long count() {
            return (long) end - from;
        }

        @Override
        public void close() {
            owned.ifPresent(OrderedRows::close);
        }
    }
}
