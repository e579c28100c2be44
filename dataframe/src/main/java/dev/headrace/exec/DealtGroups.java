package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Partial results of groups, dealt out into parts by the hash of their keys: in memory, or, once memory is short, on
/// disk. Each part is merged when its results are read; one that does not fit into memory is dealt out again by other
/// bits of the hash.
///
/// Parts are merged in the order of those who dealt them, so that results don't depend on which thread was faster.
/// Owns what it holds. Many threads may deal; then many may read, each a split of its own.
final class DealtGroups implements AutoCloseable {
    /// The fewest parts are two to the power of this; enough for the hash table of a part to be small.
    private static final int FEWEST_PART_BITS = 5;

    /// So many bits of the hash are spent on parts.
    private static final int MOST_BITS = Long.SIZE / 2;

    /// A table with fewer groups is not put on disk: that would gain nothing.
    private static final int FEWEST_GROUPS = 256;

    /// So many groups are dealt at once.
    private static final int MOST_AT_ONCE = 1 << 16;

    private final GroupLayout layout;
    private final RunContext run;
    private final int beside;
    private final int depth;
    private final int partBits;
    private final List<Part> parts = new ArrayList<>();
    private long heldBytes;
    private volatile @Nullable SpillFile file;

    /// @param beside how many tables as large on the heap each thread has beside one of these groups
    DealtGroups(GroupLayout layout, int beside, RunContext run) {
        this(layout, beside, run, 0);
    }

    /// @param depth how often the groups have been dealt out before
    private DealtGroups(GroupLayout layout, int beside, RunContext run, int depth) {
        this.layout = layout;
        this.beside = beside;
        this.run = run;
        this.depth = depth;
        this.partBits = Math.max(
                FEWEST_PART_BITS,
                Integer.SIZE - Integer.numberOfLeadingZeros(2 * run.tasks().parallelism()));
        for (int p = 0; p < 1 << partBits; p++) {
            parts.add(new Part());
        }
    }

    /// Partial results of groups whose keys' hashes agree in some bits. Guarded by the groups until all are dealt.
    private static final class Part implements AutoCloseable {
        private final SortedMap<Integer, List<Piece>> byDealer = new TreeMap<>();
        private long rows;

        void add(int dealer, Piece piece, int pieceRows) {
            byDealer.computeIfAbsent(dealer, _ -> new ArrayList<>()).add(piece);
            rows += pieceRows;
        }

        /// In the order in which they are merged.
        Deque<Piece> takeAll() {
            Deque<Piece> all = new ArrayDeque<>();
            byDealer.values().forEach(all::addAll);
            byDealer.clear();
            return all;
        }

        @Override
        public void close() {
            for (List<Piece> pieces : byDealer.values()) {
                Closing.all(pieces);
            }
            byDealer.clear();
        }
    }

    private sealed interface Piece extends AutoCloseable {
        @Override
        void close();

        record Held(Chunk chunk) implements Piece {
            @Override
            public void close() {
                chunk.close();
            }
        }

        record Written(Extent extent) implements Piece {
            @Override
            public void close() {}
        }
    }

    /// Whether a table that one of several threads fills has become too large to be held beside what has been dealt.
    boolean isTooLarge(GroupTable table) {
        return isTooLarge(table, heldBytes());
    }

    /// @param more what will be needed besides
    private boolean isTooLarge(GroupTable table, long more) {
        if (table.groupCount() < FEWEST_GROUPS) {
            return false;
        }
        long together = table.bytes() * run.tasks().parallelism();
        long onHeap = table.heapBytes() * run.tasks().parallelism() * (1 + beside);
        // What the groups become when they are merged needs as much again.
        return run.spill().isShort(more + 2 * together)
                // Arrays that grow are there twice.
                || run.spill().isHeapShort(2 * onHeap);
    }

    /// Whether no groups have been dealt.
    synchronized boolean isEmpty() {
        return parts.stream().allMatch(part -> part.byDealer.isEmpty());
    }

    private synchronized long heldBytes() {
        return heldBytes;
    }

    /// Puts on disk what is held, and what is dealt from now on.
    synchronized void spill() {
        if (file != null) {
            return;
        }
        SpillFile made = run.spill().newFile();
        file = made;
        for (Part part : parts) {
            for (List<Piece> pieces : part.byDealer.values()) {
                for (int i = 0; i < pieces.size(); i++) {
                    if (pieces.get(i) instanceof Piece.Held(Chunk chunk)) {
                        run.checkCancelled();
                        pieces.set(i, write(made, chunk));
                        heldBytes -= chunk.sizeInBytes();
                        chunk.close();
                    }
                }
            }
        }
    }

    private Piece write(SpillFile to, Chunk chunk) {
        Extent extent = to.write(chunk);
        run.counters().add("spilledBytes", extent.bytes());
        return new Piece.Written(extent);
    }

    /// Deals out all groups of a table, which the caller closes.
    ///
    /// @param dealer whose groups they are: those of a smaller number are merged before; one thread at a time
    void deal(int dealer, GroupTable table) {
        int step = step(table);
        int[] rows = new int[Math.min(step, table.groupCount())];
        short[] partOf = new short[rows.length];
        int[] ends = new int[parts.size()];
        for (int from = 0; from < table.groupCount(); from += step) {
            run.checkCancelled();
            try (Chunk partials = table.partials(from, step, run.allocator())) {
                order(table, from, partials.rowCount(), partOf, ends, rows);
                for (int p = 0; p < parts.size(); p++) {
                    int begin = p == 0 ? 0 : ends[p - 1];
                    if (ends[p] > begin) {
                        add(dealer, p, Columns.gather(partials, rows, begin, ends[p] - begin, run.allocator()));
                    }
                }
            }
        }
    }

    /// How many rows to take in at once, so that what is made of them takes a small share of the memory: of the heap,
    /// too, where each thread may make objects of its rows.
    int step(Chunk rows) {
        return step(
                Math.min(
                        run.spill().shareOf(8),
                        run.spill().heapShareOf(2 * run.tasks().parallelism())),
                rows.sizeInBytes() / Math.max(1, rows.rowCount()));
    }

    /// How many groups to deal at once, so that the rows they become take a small share of the memory.
    private int step(GroupTable table) {
        return step(run.spill().shareOf(8), table.bytes() / Math.max(1, table.groupCount()));
    }

    private static int step(long share, long bytesPerRow) {
        return (int) Math.clamp(share / (bytesPerRow + 1), 64, MOST_AT_ONCE);
    }

    /// For how many groups a table may have room before any have come, while other threads fill theirs.
    private long mostExpected() {
        return Math.min(MOST_AT_ONCE, run.spill().shareOf(run.tasks().parallelism()) / GroupTable.GROWTH_BYTES_PER_KEY);
    }

    /// Orders the groups `[from, from + count)` by their parts.
    ///
    /// @param ends gets for each part where its groups end in `rows`
    private void order(GroupTable table, int from, int count, short[] partOf, int[] ends, int[] rows) {
        java.util.Arrays.fill(ends, 0);
        int shift = Long.SIZE - partBits * (depth + 1);
        int mask = parts.size() - 1;
        for (int i = 0; i < count; i++) {
            int part = (int) (table.hash(from + i) >>> shift) & mask;
            partOf[i] = (short) part;
            ends[part]++;
        }
        int begin = 0;
        for (int p = 0; p < ends.length; p++) {
            int groups = ends[p];
            ends[p] = begin;
            begin += groups;
        }
        for (int i = 0; i < count; i++) {
            rows[ends[partOf[i]]++] = i;
        }
    }

    private void add(int dealer, int part, Chunk chunk) {
        SpillFile open = file;
        if (open == null) {
            synchronized (this) {
                open = file;
                if (open == null) {
                    parts.get(part).add(dealer, new Piece.Held(chunk), chunk.rowCount());
                    heldBytes += chunk.sizeInBytes();
                    return;
                }
            }
        }
        try (chunk) {
            Piece written = write(open, chunk);
            synchronized (this) {
                parts.get(part).add(dealer, written, chunk.rowCount());
            }
        }
    }

    /// How many groups have been dealt, each as often as it was.
    synchronized long rows() {
        return parts.stream().mapToLong(part -> part.rows).sum();
    }

    /// The groups, once all have been dealt; they are this object's until they have been read.
    ///
    /// There are few splits, so that what follows can give each a table of its own.
    List<Split> splits(GroupTable.Giving giving) {
        int most = GroupTables.MOST_TABLES_PER_THREAD * run.tasks().parallelism();
        List<Part> filled =
                parts.stream().filter(part -> !part.byDealer.isEmpty()).toList();
        int splits = Math.min(most, filled.size());
        List<Split> results = new ArrayList<>();
        for (int s = 0; s < splits; s++) {
            List<Part> some = filled.subList(filled.size() * s / splits, filled.size() * (s + 1) / splits);
            results.add(allocator -> new Merged(some.iterator(), giving, allocator));
        }
        return results;
    }

    /// May be called twice.
    @Override
    public synchronized void close() {
        Closing.all(parts);
        SpillFile open = file;
        if (open != null) {
            open.close();
        }
    }

    /// Merges one part after the other, when chunks of it are asked for.
    private final class Merged implements ChunkReader {
        private final Iterator<Part> unread;
        private final GroupTable.Giving giving;
        private final BufferAllocator allocator;
        private Deque<Piece> pieces = new ArrayDeque<>();
        private @Nullable GroupTable table;
        private int given;

        /// What did not fit, dealt out again, and its results.
        private @Nullable DealtGroups further;

        private Deque<Split> furtherSplits = new ArrayDeque<>();
        private @Nullable ChunkReader reader;

        Merged(Iterator<Part> parts, GroupTable.Giving giving, BufferAllocator allocator) {
            this.unread = parts;
            this.giving = giving;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            while (true) {
                GroupTable merged = table;
                if (merged != null) {
                    if (given < merged.groupCount()) {
                        Chunk groups = giving.give(merged, given, allocator);
                        given += groups.rowCount();
                        return groups;
                    }
                    closeTable();
                }
                Chunk ofFurther = nextOfFurther();
                if (ofFurther != null) {
                    return ofFurther;
                }
                if (!unread.hasNext()) {
                    return null;
                }
                merge(unread.next());
            }
        }

        private void merge(Part part) {
            pieces = part.takeAll();
            given = 0;
            int expected = (int) Math.min(mostExpected(), part.rows / 2);
            while (!pieces.isEmpty()) {
                run.checkCancelled();
                GroupTable into = table;
                if (into == null) {
                    into = new GroupTable(layout, expected, allocator);
                    table = into;
                }
                try (Chunk partials = read(pieces.removeFirst())) {
                    into.merge(partials);
                }
                if ((depth + 2) * partBits <= MOST_BITS && isTooLarge(into, 0)) {
                    dealAgain(into);
                }
            }
            DealtGroups again = further;
            if (again != null) {
                if (table != null) {
                    dealAgain(table);
                }
                furtherSplits = new ArrayDeque<>(again.splits(giving));
            }
        }

        private Chunk read(Piece piece) {
            return switch (piece) {
                case Piece.Held(Chunk chunk) -> chunk;
                case Piece.Written(Extent extent) -> file().read(extent, layout.partialSchema(), allocator);
            };
        }

        private void dealAgain(GroupTable large) {
            DealtGroups into = further;
            if (into == null) {
                into = new DealtGroups(layout, beside, run, depth + 1);
                further = into;
                into.spill();
            }
            into.deal(0, large);
            closeTable();
        }

        private void closeTable() {
            if (table != null) {
                table.close();
                table = null;
            }
        }

        private @Nullable Chunk nextOfFurther() {
            while (further != null) {
                ChunkReader current = reader;
                if (current == null) {
                    Split split = furtherSplits.poll();
                    if (split == null) {
                        further.close();
                        further = null;
                        return null;
                    }
                    current = split.open(allocator);
                    reader = current;
                }
                Chunk chunk = current.next();
                if (chunk != null) {
                    return chunk;
                }
                current.close();
                reader = null;
            }
            return null;
        }

        @Override
        public void close() {
            closeTable();
            Closing.all(pieces);
            pieces.clear();
            if (reader != null) {
                reader.close();
                reader = null;
            }
            if (further != null) {
                further.close();
                further = null;
            }
        }
    }

    private SpillFile file() {
        SpillFile open = file;
        if (open == null) {
            throw new IllegalStateException("the groups are in memory");
        }
        return open;
    }
}
