package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.types.StructType;
import java.util.List;

/// Sorts all rows by column values; the sort is stable.
final class Sorting implements Prepared {
    private static final int CHECKED_ROWS = 10_000;

    /// Fewer rows are sorted by comparing them.
    private static final int FEW_ROWS = 128;

    /// With a limit up to this, rows are cut while they come in.
    private static final long MOST_CUT = 100_000;

    private final Prepared input;
    private final StructType schema;
    private final List<SortColumn> keys;
    private final long limit;

    /// @param limit if at least 0, only the first rows are needed
    Sorting(Prepared input, StructType schema, List<SortColumn> keys, long limit) {
        this.input = input;
        this.schema = schema;
        this.keys = keys;
        this.limit = limit;
    }

    @Override
    public Stage open(RunContext run) {
        Stage stage = input.open(run);
        if (limit >= 0 && limit <= MOST_CUT) {
            try (FirstRows first = new FirstRows(schema, keys, (int) limit, run)) {
                stage.run(run, first);
                SortRuns spilled = first.spilled();
                return spilled == null ? sorted(first.take(), run) : sorted(spilled, run);
            }
        }
        try (SortRuns runs = new SortRuns(schema, keys, run)) {
            stage.run(run, runs);
            return sorted(runs, run);
        }
    }

    private Stage sorted(SortRuns runs, RunContext run) {
        return runs.isSpilled() ? Stage.of(List.of(runs.merged(limit))) : sorted(runs.take(), run);
    }

    private Stage sorted(List<Chunk> chunks, RunContext run) {
        if (chunks.isEmpty()) {
            return Stage.of(List.of());
        }
        OrderedRows rows = OrderedRows.sorted(schema, chunks, keys, run);
        return Stage.of(List.of(
                new OrderedSplit(rows, limit < 0 ? rows.count() : (int) Math.min(limit, rows.count()))));
    }

    /// The rows in order; the sort is stable.
    static int[] order(Chunk rows, List<SortColumn> keys, RunContext run) {
        if (rows.rowCount() < FEW_ROWS) {
            return orderByComparing(rows, keys, run);
        }
        SortCodes codes = SortCodes.of(List.of(rows), keys, run);
        int[] order = codes.sorted(run);
        if (!codes.exact()) {
            orderTies(rows, keys, codes.codes(), order, run);
        }
        return order;
    }

    private static void orderTies(Chunk rows, List<SortColumn> keys, long[] codes, int[] order, RunContext run) {
        RowComparator comparator = comparator(rows, keys);
        int[] scratch = order.clone();
        int from = 0;
        int checked = 0;
        while (from < order.length) {
            if (from >= checked) {
                run.checkCancelled();
                checked = from + CHECKED_ROWS;
            }
            int end = from + 1;
            while (end < order.length && codes[end] == codes[from]) {
                Cancellation.checkThread(end);
                end++;
            }
            if (end - from > 1) {
                mergeSort(order, scratch, from, end, comparator, run);
            }
            from = end;
        }
    }

    private static RowComparator comparator(Chunk rows, List<SortColumn> keys) {
        return new RowComparator.Chain(
                keys.stream().map(key -> RowComparator.of(key, rows)).toArray(RowComparator[]::new));
    }

    private static int[] orderByComparing(Chunk rows, List<SortColumn> keys, RunContext run) {
        List<RowComparator> comparators =
                keys.stream().map(key -> RowComparator.of(key, rows)).toList();
        RowComparator.Chain chain = new RowComparator.Chain(comparators.toArray(RowComparator[]::new));
        int[] order = new int[rows.rowCount()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        mergeSort(order, order.clone(), 0, order.length, chain, run);
        return order;
    }

    /// Sorts `to[from, end)`, which equals `scratch[from, end)` at the beginning.
    private static void mergeSort(int[] to, int[] scratch, int from, int end, RowComparator order, RunContext run) {
        if (end - from < 8) {
            insertionSort(to, from, end, order);
            return;
        }
        if (end - from > CHECKED_ROWS) {
            run.checkCancelled();
        }
        int middle = from + end >>> 1;
        mergeSort(scratch, to, from, middle, order, run);
        mergeSort(scratch, to, middle, end, order, run);
        if (order.compare(scratch[middle - 1], scratch[middle]) <= 0) {
            System.arraycopy(scratch, from, to, from, end - from);
            return;
        }
        int left = from;
        int right = middle;
        for (int i = from; i < end; i++) {
            Cancellation.checkThread(i);
            boolean takeLeft = right == end || left < middle && order.compare(scratch[left], scratch[right]) <= 0;
            to[i] = takeLeft ? scratch[left++] : scratch[right++];
        }
    }

    private static void insertionSort(int[] rows, int from, int end, RowComparator order) {
        for (int i = from + 1; i < end; i++) {
            int row = rows[i];
            int at = i;
            while (at > from && order.compare(rows[at - 1], row) > 0) {
                rows[at] = rows[at - 1];
                at--;
            }
            rows[at] = row;
        }
    }
}
