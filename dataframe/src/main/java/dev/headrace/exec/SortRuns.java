package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Collects the rows for a sort. When memory is short, what has come so far is sorted and put on disk, as runs of some
/// tens of megabytes: so what is copied for that takes little beside what is held, and ends soon when nobody waits for
/// it any more.
///
/// Rows in runs have one column more, the place where they came: by it runs are merged into a stable order. Owns chunks
/// and file until they are taken, or until [#close]. Thread-safe.
final class SortRuns implements StageSink, AutoCloseable {
    /// So many runs are merged at once where memory is little.
    private static final int LEAST_FAN_IN = 32;

    private static final int MOST_FAN_IN = 128;

    /// More runs are merged at once only if chunks of so many bytes are read of each.
    private static final long LEAST_CHUNK_BYTES = 64 * 1024;

    private static final int FEWEST_ROWS = 64;

    /// A chunk of a run, but for the first, has no less, however wide they are.
    private static final int FEWEST_CHUNK_ROWS = 8;

    /// A run has no more, unless one chunk has.
    private static final long MOST_RUN_BYTES = 64L << 20;

    private static final int MOST_RUN_ROWS = 1 << 22;

    /// So many times its bytes a run needs while it is sorted and written: a copy in one piece, with room to spare, and
    /// one in order.
    private static final int COPIES = 3;

    /// What is worked at at once may have to be put together in one piece, whose columns of any length have up to twice
    /// as many bytes.
    static final long MOST_BYTES = 1L << 30;

    private static final int SPLIT_SHIFT = 40;

    /// So many chunks of each run there may be while runs are merged.
    private static final int CHUNKS_PER_RUN = 6;

    private final StructType schema;
    private final StructType placedSchema;
    private final List<SortColumn> keys;
    private final int sideBySide;
    private final RunContext run;
    /// For how many runs chunks are made small enough to be merged at once.
    private final int likelyRuns;

    private final Map<Integer, Collected> bySplit = new TreeMap<>();
    private final List<List<Extent>> runs = new ArrayList<>();
    private @Nullable SpillFile file;
    private long heldBytes;
    private long heldRows;

    /// The bytes of the largest chunk on disk.
    private long widest;

    /// What a split has given.
    private static final class Collected {
        private final Deque<Chunk> chunks = new ArrayDeque<>();

        /// Where the next row that goes into a run came: the split, and the row's number there.
        private long place;

        Collected(int split) {
            this.place = (long) split << SPLIT_SHIFT;
        }
    }

    SortRuns(StructType schema, List<SortColumn> keys, RunContext run) {
        this(schema, keys, 1, run);
    }

    /// @param sideBySide how many such sorts there may be at the same time, all as large
    SortRuns(StructType schema, List<SortColumn> keys, int sideBySide, RunContext run) {
        this.schema = schema;
        this.sideBySide = sideBySide;
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        fields.add(new StructField("place", DataTypes.LongType, false));
        this.placedSchema = new StructType(fields);
        this.keys = keys;
        this.run = run;
        this.likelyRuns =
                (int) Math.clamp(run.spill().shareOf(CHUNKS_PER_RUN) / LEAST_CHUNK_BYTES, LEAST_FAN_IN, MOST_FAN_IN);
    }

    @Override
    public synchronized Task open(int split) {
        Collected collected = new Collected(split);
        bySplit.put(split, collected);
        return chunk -> add(collected, chunk);
    }

    private synchronized void add(Collected collected, Chunk chunk) {
        collected.chunks.add(chunk);
        heldBytes += chunk.sizeInBytes();
        heldRows += chunk.rowCount();
        // If nothing more comes, all is put together in one piece; else runs are made of it.
        long needed = Math.max(heldBytes, COPIES * Math.min(heldBytes, MOST_RUN_BYTES));
        boolean tooLarge = heldBytes > MOST_BYTES
                || run.spill().isShort(needed)
                || run.spill().isHeapShort(sideBySide * OrderedRows.heapBytes(heldRows));
        if (heldRows >= FEWEST_ROWS && tooLarge) {
            writeRuns();
        }
    }

    /// Whether rows are on disk.
    synchronized boolean isSpilled() {
        return !runs.isEmpty();
    }

    /// The rows in memory in the order of the splits, which are the caller's from now on.
    synchronized List<Chunk> take() {
        List<Chunk> all = new ArrayList<>();
        for (Collected collected : bySplit.values()) {
            all.addAll(collected.chunks);
        }
        bySplit.values().forEach(collected -> collected.chunks.clear());
        heldBytes = 0;
        heldRows = 0;
        return all;
    }

    /// All rows in order, read from disk; the split owns the file.
    ///
    /// @param limit if at least 0, only so many rows
    synchronized SortedSplit merged(long limit) {
        writeRuns();
        SpillFile runsFile = file();
        for (int fanIn = fanIn(); runs.size() > fanIn; fanIn = fanIn()) {
            // No more than need be: what is merged here is read and written once more.
            List<List<Extent>> first = runs.subList(0, Math.min(fanIn, runs.size() - fanIn + 1));
            List<List<Extent>> parts = List.copyOf(first);
            first.clear();
            runs.add(mergedRun(parts, runsFile));
        }
        file = null;
        return new SortedSplit(runsFile, List.copyOf(runs), placedSchema, mergeKeys(), limit, run);
    }

    private List<Extent> mergedRun(List<List<Extent>> parts, SpillFile runsFile) {
        List<Extent> merged = new ArrayList<>();
        try (RunMerge merge = new RunMerge(runsFile, parts, placedSchema, mergeKeys(), run)) {
            for (Chunk chunk = merge.next(); chunk != null; chunk = merge.next()) {
                try (Chunk rows = chunk) {
                    int step = rowsPerChunk(rows.sizeInBytes(), rows.rowCount());
                    for (int from = 0, count = 0; from < rows.rowCount(); from += count) {
                        count = merged.isEmpty() ? 1 : Math.min(step, rows.rowCount() - from);
                        try (Chunk part = rows.slice(from, count)) {
                            merged.add(written(part, runsFile));
                        }
                    }
                }
            }
        }
        return merged;
    }

    /// How many runs are merged at once: a chunk of each may be read in one round, and they are copied.
    private int fanIn() {
        return (int) Math.clamp(run.spill().shareOf(1) / Math.max(widest, 1), 2, likelyRuns);
    }

    private Extent written(Chunk part, SpillFile runsFile) {
        Extent extent = runsFile.write(part);
        widest = Math.max(widest, extent.bytes());
        return extent;
    }

    private List<SortColumn> mergeKeys() {
        List<SortColumn> all = new ArrayList<>(keys);
        all.add(new SortColumn(schema.size(), Direction.ASC, NullOrder.FIRST));
        return all;
    }

    private SpillFile file() {
        SpillFile made = file;
        if (made == null) {
            made = run.spill().newFile();
            file = made;
        }
        return made;
    }

    private int rowsPerChunk(long bytes, long rows) {
        long perRow = bytes / Math.max(rows, 1) + 1;
        return (int) Math.clamp(
                run.spill().shareOf(CHUNKS_PER_RUN * likelyRuns) / perRow, FEWEST_CHUNK_ROWS, Chunk.TARGET_ROWS);
    }

    private void writeRuns() {
        while (heldRows > 0) {
            run.checkCancelled();
            List<Piece> pieces = new ArrayList<>();
            try {
                takePieces(pieces);
                writeRun(pieces);
            } catch (Throwable failed) {
                Closing.all(pieces);
                throw failed;
            }
        }
    }

    /// Rows in memory that go into the same run.
    ///
    /// @param place where the first one came
    private record Piece(Chunk rows, long place) implements AutoCloseable {
        @Override
        public void close() {
            rows.close();
        }
    }

    /// Adds the first of the rows in memory, as many as go into one run; they are the caller's from now on.
    private void takePieces(List<Piece> pieces) {
        long bytes = 0;
        long rows = 0;
        for (Collected collected : bySplit.values()) {
            for (Chunk next = collected.chunks.peekFirst(); next != null; next = collected.chunks.peekFirst()) {
                bytes += next.sizeInBytes();
                rows += next.rowCount();
                if (!pieces.isEmpty() && (bytes > MOST_RUN_BYTES || rows > MOST_RUN_ROWS)) {
                    return;
                }
                pieces.add(new Piece(next, collected.place));
                collected.chunks.removeFirst();
                collected.place += next.rowCount();
                heldBytes -= next.sizeInBytes();
                heldRows -= next.rowCount();
            }
        }
    }

    /// @param pieces are closed
    private void writeRun(List<Piece> pieces) {
        long[] places = places(pieces);
        List<Extent> extents = new ArrayList<>();
        try (Chunk all = Columns.concat(schema, pieces.stream().map(Piece::rows).toList(), run.allocator())) {
            SpillFile runsFile = file();
            int step = rowsPerChunk(all.sizeInBytes(), all.rowCount());
            int[] order = Sorting.order(all, keys, run);
            for (int from = 0, count = 0; from < order.length; from += count) {
                run.checkCancelled();
                count = extents.isEmpty() ? 1 : Math.min(step, order.length - from);
                try (Chunk part = placed(all, places, order, from, count)) {
                    extents.add(written(part, runsFile));
                }
            }
        }
        runs.add(extents);
        run.counters()
                .add("spilledBytes", extents.stream().mapToLong(Extent::bytes).sum());
    }

    /// Where each row came.
    private static long[] places(List<Piece> pieces) {
        long[] places = new long
                [pieces.stream().mapToInt(piece -> piece.rows().rowCount()).sum()];
        int row = 0;
        for (Piece piece : pieces) {
            for (int i = 0; i < piece.rows().rowCount(); i++) {
                places[row++] = piece.place() + i;
            }
        }
        return places;
    }

    private Chunk placed(Chunk rows, long[] places, int[] order, int from, int count) {
        List<FieldVector> columns = new ArrayList<>();
        try {
            for (FieldVector column : rows.columns()) {
                columns.add(Columns.gather(column, order, from, count, run.allocator()));
            }
            BigIntVector place = new BigIntVector("place", run.allocator());
            columns.add(place);
            place.allocateNew(count);
            for (int i = 0; i < count; i++) {
                place.set(i, places[order[from + i]]);
            }
            place.setValueCount(count);
            return new Chunk(placedSchema, columns, count);
        } catch (Throwable failed) {
            Closing.all(columns);
            throw failed;
        }
    }

    @Override
    public synchronized void close() {
        Closing.all(take());
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
