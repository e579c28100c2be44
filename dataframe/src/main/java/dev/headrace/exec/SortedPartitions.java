package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.DealtRows.Part;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// Sorts all rows by partition and order, and works at them while the sorted rows are read, in parallel by partitions:
/// window functions, and functions of the program over the rows of a key.
///
/// Rows that don't fit into memory are dealt out by their partition. A part that still does not fit, as it has one
/// large partition, is sorted on disk, and so are all rows if there is no partition.
final class SortedPartitions implements Prepared {
    /// So many splits for each thread, as one may take longer than another.
    private static final int SPLITS_PER_THREAD = 4;

    /// So many rows are looked through at once for the beginning of a partition.
    private static final int LOOKED_THROUGH = 1024;

    private final Prepared input;
    private final StructType schema;
    private final int[] partitionColumns;
    private final List<SortColumn> partition;
    private final List<SortColumn> order;
    private final Work work;

    /// What is made of sorted rows of whole partitions.
    interface Work {
        /// Takes over the rows.
        ChunkReader read(SortedRows sorted, RunContext run);
    }

    /// @param schema of the input
    /// @param order within a partition
    SortedPartitions(Prepared input, StructType schema, int[] partition, List<SortColumn> order, Work work) {
        this.input = input;
        this.schema = schema;
        this.partitionColumns = partition;
        this.partition = ascending(partition);
        this.order = order;
        this.work = work;
    }

    /// The order by which rows of a partition come together.
    static List<SortColumn> ascending(int[] columns) {
        return Arrays.stream(columns)
                .mapToObj(column -> new SortColumn(column, Direction.ASC, NullOrder.FIRST))
                .toList();
    }

    @Override
    public Stage open(RunContext run) {
        return partition.isEmpty() ? onePartition(run) : byPartitions(run);
    }

    private Stage onePartition(RunContext run) {
        try (SortRuns runs = new SortRuns(schema, keys(), run)) {
            input.open(run).run(run, runs);
            if (!runs.isSpilled()) {
                return inMemory(runs.take(), run);
            }
            SortedRows sorted = runs.merged(-1);
            return Stage.of(List.of(new WorkSplit(work, sorted, run))).closing(sorted);
        }
    }

    /// All rows of a stage in order, to be read one after the other.
    static SortedRows sorted(Stage stage, StructType schema, List<SortColumn> keys, RunContext run) {
        try (SortRuns runs = new SortRuns(schema, keys, run)) {
            stage.run(run, runs);
            return sorted(runs, schema, keys, run);
        }
    }

    private static SortedRows sorted(SortRuns runs, StructType schema, List<SortColumn> keys, RunContext run) {
        if (runs.isSpilled()) {
            return runs.merged(-1);
        }
        List<Chunk> chunks = runs.take();
        OrderedRows rows = OrderedRows.sorted(
                schema, chunks.isEmpty() ? List.of(Chunk.empty(schema, run.allocator())) : chunks, keys, run);
        try {
            return new InMemory(rows, 0, rows.count(), false, Optional.of(rows), run);
        } catch (Throwable noHeap) {
            rows.close();
            throw noHeap;
        }
    }

    private Stage byPartitions(RunContext run) {
        DealtRows rows = DealtRows.toBeSorted(schema, partitionColumns, run);
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

    private List<SortColumn> keys() {
        List<SortColumn> keys = new ArrayList<>(partition);
        keys.addAll(order);
        return keys;
    }

    /// Takes the rows over, and divides them between partitions.
    private Stage inMemory(List<Chunk> chunks, RunContext run) {
        if (chunks.isEmpty()) {
            return Stage.of(List.of());
        }
        OrderedRows rows = OrderedRows.sorted(schema, chunks, keys(), run);
        try {
            int parts = SPLITS_PER_THREAD * run.tasks().parallelism();
            int least = Math.max(Chunk.TARGET_ROWS, rows.count() / parts);
            List<Split> splits = new ArrayList<>();
            for (int from = 0; from < rows.count(); ) {
                int end = rows.count() - from <= least ? rows.count() : border(rows, from + least, run);
                SortedRows between = new InMemory(rows, from, end, end - from > 2 * least, Optional.empty(), run);
                splits.add(new WorkSplit(work, between, run));
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
        try (SortRuns runs = new SortRuns(schema, keys(), run.tasks().parallelism(), run)) {
            try (StageSink.Task sorting = runs.open(0)) {
                for (Extent extent : part.extents()) {
                    run.checkCancelled();
                    sorting.accept(rows.read(extent));
                }
            }
            return read(sorted(runs, schema, keys(), run), run);
        }
    }

    /// Takes over the rows.
    private ChunkReader read(SortedRows sorted, RunContext run) {
        try {
            return work.read(sorted, run);
        } catch (Throwable failed) {
            sorted.close();
            throw failed;
        }
    }

    private record WorkSplit(Work work, SortedRows rows, RunContext run) implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return work.read(rows, run);
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
