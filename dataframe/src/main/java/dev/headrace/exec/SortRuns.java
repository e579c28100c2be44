package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.chunk.Columns;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Collects the rows for a sort. When memory is short, what has come so far is sorted and put on disk as a run.
///
/// Rows in runs have one column more, the place where they came: by it runs are merged into a stable order. Owns chunks
/// and file until they are taken, or until [#close]. Thread-safe.
final class SortRuns implements StageSink, AutoCloseable {
    /// So many runs are merged at once.
    private static final int FAN_IN = 32;

    private static final int FEWEST_ROWS = 64;

    /// What is sorted at once may have to be put together in one piece.
    static final long MOST_BYTES = 1L << 30;

    private static final int SPLIT_SHIFT = 40;

    private final StructType schema;
    private final StructType placedSchema;
    private final List<SortColumn> keys;
    private final RunContext run;
    private final Map<Integer, Collected> bySplit = new TreeMap<>();
    private final List<List<Extent>> runs = new ArrayList<>();
    private @Nullable SpillFile file;
    private long heldBytes;
    private long heldRows;

    /// What a split has given.
    private static final class Collected {
        private final List<Chunk> chunks = new ArrayList<>();
        private long rowsInRuns;
    }

    SortRuns(StructType schema, List<SortColumn> keys, RunContext run) {
        this.schema = schema;
        List<StructField> fields = new ArrayList<>(schema.fieldList());
        fields.add(new StructField("place", DataTypes.LongType, false));
        this.placedSchema = new StructType(fields);
        this.keys = keys;
        this.run = run;
    }

    @Override
    public synchronized Task open(int split) {
        Collected collected = new Collected();
        bySplit.put(split, collected);
        return chunk -> add(collected, chunk);
    }

    private synchronized void add(Collected collected, Chunk chunk) {
        collected.chunks.add(chunk);
        heldBytes += chunk.sizeInBytes();
        heldRows += chunk.rowCount();
        // Sorting takes a copy in one piece, with room to spare, and another one in order; a piece has its bounds.
        boolean tooLarge =
                heldBytes > MOST_BYTES || run.spill().isShort(3 * heldBytes) || OrderedRows.isHeapShort(heldRows);
        if (heldRows >= FEWEST_ROWS && tooLarge) {
            writeRun();
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
            collected.chunks.clear();
        }
        heldBytes = 0;
        heldRows = 0;
        return all;
    }

    /// All rows in order, read from disk; the split owns the file.
    ///
    /// @param limit if at least 0, only so many rows
    synchronized SortedSplit merged(long limit) {
        if (heldRows > 0) {
            writeRun();
        }
        SpillFile runsFile = file();
        while (runs.size() > FAN_IN) {
            List<List<Extent>> first = new ArrayList<>(runs.subList(0, FAN_IN));
            runs.subList(0, FAN_IN).clear();
            runs.add(mergedRun(first, runsFile));
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
                    for (int from = 0; from < rows.rowCount(); from += step) {
                        try (Chunk part = rows.slice(from, Math.min(step, rows.rowCount() - from))) {
                            merged.add(runsFile.write(part));
                        }
                    }
                }
            }
        }
        return merged;
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
        return (int) Math.clamp(run.spill().shareOf(6 * FAN_IN) / perRow, FEWEST_ROWS, Chunk.TARGET_ROWS);
    }

    private void writeRun() {
        run.checkCancelled();
        SpillFile runsFile = file();
        int step = rowsPerChunk(heldBytes, heldRows);
        long[] places = places();
        List<Extent> extents = new ArrayList<>();
        try (Chunk all = Columns.concat(schema, take(), run.allocator())) {
            int[] order = Sorting.order(all, keys, run);
            for (int from = 0; from < order.length; from += step) {
                run.checkCancelled();
                int count = Math.min(step, order.length - from);
                try (Chunk part = placed(all, places, order, from, count)) {
                    extents.add(runsFile.write(part));
                }
            }
        }
        runs.add(extents);
        run.counters()
                .add("spilledBytes", extents.stream().mapToLong(Extent::bytes).sum());
    }

    /// Where each row came: its split, and its number there.
    private long[] places() {
        long[] places = new long[Math.toIntExact(heldRows)];
        int row = 0;
        for (Map.Entry<Integer, Collected> split : bySplit.entrySet()) {
            Collected collected = split.getValue();
            for (Chunk chunk : collected.chunks) {
                for (int i = 0; i < chunk.rowCount(); i++) {
                    places[row++] = (long) split.getKey() << SPLIT_SHIFT | collected.rowsInRuns++;
                }
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
            columns.forEach(FieldVector::close);
            throw failed;
        }
    }

    @Override
    public synchronized void close() {
        take().forEach(Chunk::close);
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
