package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges sorted runs. Does not own their file.
///
/// Rows of all runs that have been read lie in one sorted chunk. Whatever is not behind the last row read of a run that
/// goes on can be given out. Then runs of which little is left are read on, and the rest is sorted with what they gave.
///
/// The first chunk of a run has one row: a run that begins behind the others, as all but one do if the rows came in
/// order, is not read on, and sorted again and again, before the others come to it.
final class RunMerge implements ChunkReader {
    /// Chunks are as large as if so many were read at once.
    private static final int GIVEN_SHARE = 16;

    private final SpillFile file;
    private final StructType schema;
    private final List<SortColumn> keys;
    private final RunContext run;
    private final List<Deque<Extent>> unread = new ArrayList<>();
    private final Deque<Chunk> ready = new ArrayDeque<>();

    /// Sorted rows that can't be given out yet, and the run of each.
    private @Nullable Chunk rest;

    private int[] runOf = new int[0];

    /// For each run, how many of its rows are in the rest, and where the last one of them is.
    private final int[] remaining;

    private final int[] last;
    private final int[] chunkRows;

    /// Whether a run is read on next.
    private final boolean[] due;

    /// @param runs each of extents in order, the first one of one row
    /// @param keys an order without ties
    RunMerge(SpillFile file, List<List<Extent>> runs, StructType schema, List<SortColumn> keys, RunContext run) {
        this.file = file;
        this.schema = schema;
        this.keys = keys;
        this.run = run;
        runs.forEach(extents -> unread.add(new ArrayDeque<>(extents)));
        this.remaining = new int[runs.size()];
        this.last = new int[runs.size()];
        this.chunkRows = new int[runs.size()];
        this.due = new boolean[runs.size()];
        Arrays.fill(due, true);
    }

    @Override
    public @Nullable Chunk next() {
        while (ready.isEmpty()) {
            if (!round()) {
                return null;
            }
        }
        return ready.removeFirst();
    }

    /// @return false if there are no rows left
    private boolean round() {
        run.checkCancelled();
        List<Chunk> pieces = new ArrayList<>();
        try {
            int rows = read(pieces);
            if (rows == 0) {
                Closing.all(pieces);
                return false;
            }
            List<Chunk> given = List.copyOf(pieces);
            pieces.clear();
            try (Chunk all = Columns.concat(schema, given, run.allocator())) {
                give(all, Sorting.order(all, keys, run));
            }
            return true;
        } catch (Throwable failed) {
            Closing.all(pieces);
            throw failed;
        }
    }

    /// Puts the rest and new chunks behind each other.
    ///
    /// @return how many rows that are
    private int read(List<Chunk> pieces) {
        int rows = 0;
        Chunk kept = rest;
        if (kept != null) {
            rest = null;
            pieces.add(kept);
            rows = kept.rowCount();
        }
        for (int r = 0; r < unread.size(); r++) {
            Deque<Extent> extents = unread.get(r);
            if (extents.isEmpty() || !due[r]) {
                continue;
            }
            Extent extent = extents.removeFirst();
            pieces.add(file.read(extent, schema, run.allocator()));
            if (runOf.length < rows + extent.rows()) {
                runOf = Arrays.copyOf(runOf, Math.max(rows + extent.rows(), 2 * runOf.length));
            }
            Arrays.fill(runOf, rows, rows + extent.rows(), r);
            rows += extent.rows();
            remaining[r] += extent.rows();
            last[r] = rows - 1;
            chunkRows[r] = extent.rows();
        }
        return rows;
    }

    private void give(Chunk all, int[] order) {
        int[] where = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            where[order[i]] = i;
        }
        int end = order.length;
        int reached = end;
        boolean anyLonger = false;
        for (int r = 0; r < unread.size(); r++) {
            if (!unread.get(r).isEmpty()) {
                end = Math.min(end, where[last[r]] + 1);
            }
            if (chunkRows[r] > 1 && remaining[r] > 0) {
                reached = Math.min(reached, where[last[r]]);
                anyLonger = true;
            }
        }
        for (int r = 0; r < due.length; r++) {
            due[r] = anyLonger && chunkRows[r] == 1 && remaining[r] > 0 && where[last[r]] < reached;
        }
        long perRow = all.sizeInBytes() / Math.max(order.length, 1) + 1;
        int step = (int) Math.clamp(run.spill().shareOf(GIVEN_SHARE) / perRow, 1, Chunk.TARGET_ROWS);
        for (int from = 0; from < end; from += step) {
            ready.add(Columns.gather(all, order, from, Math.min(step, end - from), run.allocator()));
        }
        int left = order.length - end;
        int[] runOfRest = new int[left];
        Arrays.fill(remaining, 0);
        for (int i = 0; i < left; i++) {
            int r = runOf[order[end + i]];
            runOfRest[i] = r;
            remaining[r]++;
            last[r] = i;
        }
        for (int r = 0; r < due.length; r++) {
            due[r] |= remaining[r] <= chunkRows[r] / 2;
        }
        runOf = runOfRest;
        if (left > 0) {
            rest = Columns.gather(all, order, end, left, run.allocator());
        }
    }

    @Override
    public void close() {
        Closing.all(ready);
        ready.clear();
        if (rest != null) {
            rest.close();
            rest = null;
        }
    }
}
