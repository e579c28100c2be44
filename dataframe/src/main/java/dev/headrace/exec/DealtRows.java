package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.errors.ResourceException;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Collects rows that belong together by a key: in memory, or, once memory is short, dealt out by the hash of the key
/// into parts on disk. Rows without a key are all in one part. Those of a part are in the order of the splits, whenever
/// they came. Owns chunks and file until they are taken, or until [#close]. Thread-safe.
final class DealtRows implements StageSink, AutoCloseable {
    /// After so many times the bits of the hash are used up.
    static final int MOST_DEPTH = 6;

    private static final int PART_BITS = 5;
    private static final int PARTS = 1 << PART_BITS;

    /// A split has fewer chunks.
    private static final int SPLIT_SHIFT = 32;

    private final StructType schema;
    private final int[] keys;
    private final int depth;
    private final RunContext run;
    private final Map<Integer, List<Held>> held = new TreeMap<>();
    private final List<List<Dealt>> parts = new ArrayList<>();
    private final HeapNeed need;
    private final boolean toBeSorted;
    private long heldBytes;
    private long heldRows;

    /// What is made of the rows that are held takes of the heap.
    private long heldNeed;

    /// Of each column whose values have any length: in one piece, they have a most of bytes.
    private final long[] bytesOfAnyLength;

    private volatile @Nullable SpillFile file;

    /// A chunk in memory.
    ///
    /// @param place where it came, in the order of all
    private record Held(long place, Chunk chunk) implements AutoCloseable {
        @Override
        public void close() {
            chunk.close();
        }
    }

    /// Rows of a chunk that are on disk.
    private record Dealt(long place, Extent extent) {}

    /// Rows whose keys' hashes agree in some bits.
    ///
    /// @param depth how often they have been dealt out
    record Part(int depth, List<Extent> extents) {
        long bytes() {
            return extents.stream().mapToLong(Extent::bytes).sum();
        }

        long rows() {
            return extents.stream().mapToLong(Extent::rows).sum();
        }

        boolean isEmpty() {
            return extents.isEmpty();
        }
    }

    /// What is made of rows, as far as it lies on the heap. Asked by one thread at a time.
    interface HeapNeed {
        HeapNeed NONE = _ -> 0;

        /// The bytes for so many rows at most, whatever they are.
        long most(long rows);

        /// The bytes for all rows that are held.
        ///
        /// @param added those that are new among them, borrowed
        /// @param rows how many all are
        default long ofHeld(Chunk added, long rows) {
            return most(rows);
        }
    }

    /// @param keys the key's columns
    DealtRows(StructType schema, int[] keys, RunContext run) {
        this(schema, keys, HeapNeed.NONE, run);
    }

    /// @param need of what is made of rows in memory
    DealtRows(StructType schema, int[] keys, HeapNeed need, RunContext run) {
        this(schema, keys, 0, need, false, run);
    }

    /// Rows that are sorted if they stay in memory.
    static DealtRows toBeSorted(StructType schema, int[] keys, RunContext run) {
        return new DealtRows(schema, keys, 0, OrderedRows::heapBytes, true, run);
    }

    private DealtRows(StructType schema, int[] keys, int depth, HeapNeed need, boolean toBeSorted, RunContext run) {
        this.schema = schema;
        this.keys = keys;
        this.depth = depth;
        this.need = need;
        this.toBeSorted = toBeSorted;
        this.run = run;
        this.bytesOfAnyLength = new long[schema.size()];
        for (int p = 0; p < PARTS; p++) {
            parts.add(new ArrayList<>());
        }
    }

    /// Rows that go to disk from the beginning.
    static DealtRows onDisk(StructType schema, int[] keys, RunContext run) {
        return onDisk(schema, keys, 0, HeapNeed.NONE, run);
    }

    private static DealtRows onDisk(StructType schema, int[] keys, int depth, HeapNeed need, RunContext run) {
        DealtRows rows = new DealtRows(schema, keys, depth, need, false, run);
        rows.file = run.spill().newFile();
        return rows;
    }

    @Override
    public Task open(int split) {
        List<Held> ofSplit = new ArrayList<>();
        synchronized (this) {
            held.put(split, ofSplit);
        }
        return new Task() {
            private long place = (long) split << SPLIT_SHIFT;

            @Override
            public void accept(Chunk chunk) {
                if (file == null) {
                    hold(ofSplit, new Held(place, chunk));
                } else {
                    try (chunk) {
                        deal(place, chunk);
                    }
                }
                place++;
            }
        };
    }

    private synchronized void hold(List<Held> ofSplit, Held added) {
        Chunk chunk = added.chunk();
        ofSplit.add(added);
        heldBytes += chunk.sizeInBytes();
        heldRows += chunk.rowCount();
        heldNeed = need.ofHeld(chunk, heldRows);
        // The rows are put together in one piece, with room to spare, and there is an index or an order of them.
        boolean tooMany = isTooLongForOnePiece(chunk)
                || toBeSorted && heldBytes > SortRuns.MOST_BYTES
                || run.spill().isHeapShort(heldNeed);
        if (file != null || tooMany || run.spill().isShort(4 * heldBytes)) {
            spill();
        }
    }

    /// Counts what is made of the rows on the heap, once all have come; empty if they are on disk, to which they go if
    /// others have taken what there was of the heap while they came.
    synchronized Optional<SpillSpace.OnHeap> reserve() {
        if (file != null) {
            return Optional.empty();
        }
        Optional<SpillSpace.OnHeap> reserved = run.spill().onHeapUnlessShort(heldNeed);
        if (reserved.isEmpty()) {
            spill();
        }
        return reserved;
    }

    /// Deals out to disk what is held, and from now on what comes.
    private void spill() {
        if (file == null) {
            file = run.spill().newFile();
        }
        List<Held> all = takeHeld();
        try {
            for (Held each : all) {
                deal(each.place(), each.chunk());
            }
        } finally {
            Closing.all(all);
        }
    }

    /// Counts the chunk in.
    private boolean isTooLongForOnePiece(Chunk chunk) {
        boolean tooLong = false;
        for (int i = 0; i < bytesOfAnyLength.length; i++) {
            if (!(chunk.column(i) instanceof BaseFixedWidthVector)) {
                bytesOfAnyLength[i] += chunk.column(i).getBufferSize();
                tooLong |= bytesOfAnyLength[i] > SortRuns.MOST_BYTES;
            }
        }
        return tooLong;
    }

    boolean isSpilled() {
        return file != null;
    }

    /// The rows in memory in the order of the splits, which are the caller's from now on.
    synchronized List<Chunk> take() {
        List<Chunk> all = held.values().stream()
                .flatMap(ofSplit -> ofSplit.stream().map(Held::chunk))
                .toList();
        forgetHeld();
        return all;
    }

    private List<Held> takeHeld() {
        List<Held> all = new ArrayList<>();
        for (List<Held> ofSplit : held.values()) {
            all.addAll(ofSplit);
        }
        forgetHeld();
        return all;
    }

    private void forgetHeld() {
        held.values().forEach(List::clear);
        heldBytes = 0;
        heldRows = 0;
        heldNeed = 0;
    }

    /// The parts on disk, once all rows are there; two sets of rows have those of the same key at the same place.
    List<Part> parts() {
        List<Part> all = new ArrayList<>();
        for (List<Dealt> part : parts) {
            List<Extent> inOrder = part.stream()
                    .sorted(Comparator.comparingLong(Dealt::place))
                    .map(Dealt::extent)
                    .toList();
            all.add(new Part(depth + 1, inOrder));
        }
        return all;
    }

    private void deal(long place, Chunk chunk) {
        run.checkCancelled();
        if (keys.length == 0) {
            for (int from = 0; from < chunk.rowCount(); from += Chunk.TARGET_ROWS) {
                try (Chunk part = chunk.slice(from, Math.min(Chunk.TARGET_ROWS, chunk.rowCount() - from))) {
                    add(0, place, part);
                }
            }
            return;
        }
        int[][] rows = new int[PARTS][];
        int[] counts = new int[PARTS];
        int shift = Long.SIZE - PART_BITS * (depth + 1);
        List<FieldVector> columns = new ArrayList<>();
        for (int key : keys) {
            columns.add(chunk.column(key));
        }
        try (RowEncoder encoder = new RowEncoder(RowLayout.of(schema.select(keys)), run.allocator())) {
            encoder.encode(columns, chunk.rowCount());
            for (int i = 0; i < chunk.rowCount(); i++) {
                int part = (int) (encoder.hash(i) >>> shift) & PARTS - 1;
                int[] ofPart = rows[part];
                if (ofPart == null) {
                    ofPart = new int[Math.max(16, 2 * chunk.rowCount() / PARTS)];
                    rows[part] = ofPart;
                } else if (counts[part] == ofPart.length) {
                    ofPart = Arrays.copyOf(ofPart, 2 * ofPart.length);
                    rows[part] = ofPart;
                }
                ofPart[counts[part]++] = i;
            }
        }
        for (int p = 0; p < PARTS; p++) {
            if (counts[p] > 0) {
                try (Chunk dealt = Columns.gather(chunk, rows[p], 0, counts[p], run.allocator())) {
                    add(p, place, dealt);
                }
            }
        }
    }

    private void add(int part, long place, Chunk dealt) {
        Extent extent = file().write(dealt);
        run.counters().add("spilledBytes", extent.bytes());
        synchronized (parts) {
            parts.get(part).add(new Dealt(place, extent));
        }
    }

    private SpillFile file() {
        SpillFile open = file;
        if (open == null) {
            throw new IllegalStateException("rows are in memory");
        }
        return open;
    }

    /// Reads a chunk of a part, which the caller closes.
    Chunk read(Extent extent) {
        return file().read(extent, schema, run.allocator());
    }

    /// Reads several chunks, which the caller closes.
    List<Chunk> read(List<Extent> extents) {
        List<Chunk> chunks = new ArrayList<>();
        try {
            for (Extent extent : extents) {
                run.checkCancelled();
                chunks.add(read(extent));
            }
            return chunks;
        } catch (Throwable failed) {
            Closing.all(chunks);
            throw failed;
        }
    }

    /// Deals a part out once more, by other bits of the hash, into a file of its own.
    DealtRows dealAgain(Part part) {
        DealtRows again = onDisk(schema, keys, part.depth(), need, run);
        try {
            long place = 0;
            for (Extent extent : part.extents()) {
                try (Chunk chunk = read(extent)) {
                    again.deal(place++, chunk);
                }
            }
            return again;
        } catch (Throwable failed) {
            again.close();
            throw failed;
        }
    }

    /// Whether a part is too large to be held, and dealing it out again can help.
    ///
    /// @param whole the bytes of what it is a part of
    boolean isTooLarge(Part part, long whole) {
        return canBeDealtAgain(part, whole)
                && (isTooMuch(part)
                        // Not counted, so that of others nothing is known.
                        || isHeapDivisible(part.rows())
                                && run.spill().isHeapShort(run.tasks().parallelism() * heapBytes(part.rows())));
    }

    /// Whether a part is likely to be smaller when it has been dealt out again.
    ///
    /// @param whole the bytes of what it is a part of
    boolean canBeDealtAgain(Part part, long whole) {
        return keys.length > 0 && part.depth() < MOST_DEPTH && part.bytes() < whole / 10 * 9;
    }

    /// Whether memory is short for a part, or it may be too much for one piece. Few bytes may always be had: where
    /// others have the memory, dividing them frees none.
    boolean isTooMuch(Part part) {
        long bytes = part.bytes();
        long few = run.spill().shareOf(8 * run.tasks().parallelism());
        return bytes > SortRuns.MOST_BYTES || bytes >= few && run.spill().isShort(6 * bytes);
    }

    /// Counts what is made of a part on the heap; empty if it is too large for that, and should be divided.
    ///
    /// @throws ResourceException `OUT_OF_JVM_MEMORY`
    Optional<SpillSpace.OnHeap> reserve(Part part) {
        if (isTooMuch(part)) {
            return Optional.empty();
        }
        long bytes = heapBytes(part.rows());
        return isHeapDivisible(part.rows())
                ? run.spill().onHeapUnlessShort(bytes)
                : Optional.of(run.spill().onHeap(bytes));
    }

    /// Whether less is made of parts of so many rows: an index of few rows takes as much as one of fewer.
    boolean isHeapDivisible(long rows) {
        return heapBytes(rows / PARTS) < heapBytes(rows) / 2;
    }

    /// What is made of so many rows takes of the heap at most.
    long heapBytes(long rows) {
        return need.most(rows);
    }

    @Override
    public synchronized void close() {
        for (List<Held> ofSplit : held.values()) {
            Closing.all(ofSplit);
        }
        forgetHeld();
        SpillFile open = file;
        if (open != null) {
            open.close();
        }
    }
}
