package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.DealtRows.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A join whose sides lie on disk, both dealt out by their keys: joined part by part. Owns both sides.
///
/// A part whose table does not fit into memory is dealt out once more. Where that is in vain, as its rows have one key
/// or none, tables are made of blocks of its rows, and the other side's rows go past each of them.
final class SpilledJoin<T extends SpilledJoin.Table> implements AutoCloseable {
    private final DealtRows built;
    private final DealtRows streamed;
    private final Joins<T> joins;
    private final RunContext run;

    /// What is made of the rows of one side, and asked with those of the other.
    interface Table extends AutoCloseable {
        @Override
        void close();
    }

    /// Asks a table.
    interface Probe extends AutoCloseable {
        /// Begins with rows of the streaming side, which are borrowed until [#next] has given null.
        ///
        /// @param partnered those of them that have a partner; more are added
        /// @param last whether no further table is asked with these rows, so that it is known who has none
        void begin(Chunk rows, BitSet partnered, boolean last);

        /// The next joined rows, which the caller closes; null after the last ones.
        @Nullable Chunk next();

        @Override
        void close();
    }

    /// How a table is made, asked, and what comes out of it in the end.
    ///
    /// @param table takes over the chunks, and what is counted for it
    /// @param probe asks a table
    /// @param rest the rows of the table that come out at the end; it stays open until they have been read
    /// @param inBlocks whether rows with the same key may be in several tables, one after the other
    record Joins<T extends Table>(
            BiFunction<List<Chunk>, SpillSpace.OnHeap, T> table,
            Function<T, Probe> probe,
            Function<T, Optional<ChunkReader>> rest,
            boolean inBlocks) {}

    /// @param built the side that tables are made of
    SpilledJoin(DealtRows built, DealtRows streamed, Joins<T> joins, RunContext run) {
        this.built = built;
        this.streamed = streamed;
        this.joins = joins;
        this.run = run;
    }

    /// The parts, for which this must stay open.
    List<Split> splits() {
        List<Part> builtParts = built.parts();
        List<Part> streamedParts = streamed.parts();
        long whole = builtParts.stream().mapToLong(Part::bytes).sum();
        List<Split> splits = new ArrayList<>();
        for (int p = 0; p < builtParts.size(); p++) {
            Part builtPart = builtParts.get(p);
            Part streamedPart = streamedParts.get(p);
            if (!builtPart.isEmpty() || !streamedPart.isEmpty()) {
                splits.add(allocator -> new Reader(builtPart, streamedPart, whole, allocator));
            }
        }
        return splits;
    }

    @Override
    public void close() {
        built.close();
        streamed.close();
    }

    /// The extents of a part that is too large in blocks, of which each may be held.
    private Deque<List<Extent>> blocks(Part part) {
        long most =
                Math.min(SortRuns.MOST_BYTES, run.spill().shareOf(run.tasks().parallelism()));
        Deque<List<Extent>> blocks = new ArrayDeque<>();
        blocks.add(new ArrayList<>());
        long mostOnHeap = run.spill().heapShareOf(run.tasks().parallelism());
        long bytes = 0;
        long rows = 0;
        for (Extent extent : part.extents()) {
            long together = rows + extent.rows();
            boolean full = bytes + extent.bytes() > most
                    || built.isHeapDivisible(together) && built.heapBytes(together) > mostOnHeap;
            if (joins.inBlocks() && bytes > 0 && full) {
                blocks.add(new ArrayList<>());
                bytes = 0;
                rows = 0;
            }
            blocks.getLast().add(extent);
            bytes += extent.bytes();
            rows += extent.rows();
        }
        return blocks;
    }

    private final class Reader implements ChunkReader {
        private final Part builtPart;
        private final Part streamedPart;
        private final long whole;
        private final BufferAllocator allocator;
        private boolean begun;

        /// What tables are still to be made of, and the table of now.
        private Deque<List<Extent>> blocks = new ArrayDeque<>();

        private boolean severalBlocks;

        /// Counted for the table that comes next.
        private SpillSpace.@Nullable OnHeap reserved;

        private @Nullable T table;
        private @Nullable Probe probe;

        /// The streaming rows that go past the table now, and which come after them.
        private @Nullable Chunk asking;

        private int unread;

        /// By extent of the streaming side, the rows that have a partner in one of several blocks.
        private final List<BitSet> partnered = new ArrayList<>();

        private @Nullable ChunkReader rest;
        private @Nullable SpilledJoin<T> smaller;
        private final Deque<Split> smallerParts = new ArrayDeque<>();
        private @Nullable ChunkReader reader;

        Reader(Part builtPart, Part streamedPart, long whole, BufferAllocator allocator) {
            this.builtPart = builtPart;
            this.streamedPart = streamedPart;
            this.whole = whole;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            if (!begun) {
                begun = true;
                begin();
            }
            return smaller == null ? nextJoined() : nextOfSmaller();
        }

        private void begin() {
            reserved = built.reserve(builtPart).orElse(null);
            if (reserved != null) {
                blocks.add(builtPart.extents());
                return;
            }
            if (!built.canBeDealtAgain(builtPart, whole)) {
                blocks = blocks(builtPart);
                severalBlocks = blocks.size() > 1;
                if (severalBlocks) {
                    streamedPart.extents().forEach(_ -> partnered.add(new BitSet()));
                    // Asked in the end, when it is known who has no partner.
                    blocks.add(List.of());
                }
                return;
            }
            DealtRows builtAgain = built.dealAgain(builtPart);
            try {
                SpilledJoin<T> join = new SpilledJoin<>(builtAgain, streamed.dealAgain(streamedPart), joins, run);
                smaller = join;
                smallerParts.addAll(join.splits());
            } finally {
                if (smaller == null) {
                    builtAgain.close();
                }
            }
        }

        private @Nullable Chunk nextJoined() {
            while (true) {
                if (rest != null) {
                    Chunk ready = rest.next();
                    if (ready != null) {
                        return ready;
                    }
                    closeTable();
                }
                Probe asked = probe;
                if (asked == null) {
                    List<Extent> block = blocks.poll();
                    if (block == null) {
                        return null;
                    }
                    T made = table(block);
                    table = made;
                    probe = joins.probe().apply(made);
                    unread = 0;
                } else if (asking != null) {
                    Chunk joined = asked.next();
                    if (joined != null) {
                        return joined;
                    }
                    closeAsking();
                } else if (unread < streamedPart.extents().size()) {
                    run.checkCancelled();
                    Chunk rows = streamed.read(streamedPart.extents().get(unread));
                    asking = rows;
                    asked.begin(rows, severalBlocks ? partnered.get(unread) : new BitSet(), blocks.isEmpty());
                    unread++;
                } else {
                    T done = table;
                    rest = done == null ? null : joins.rest().apply(done).orElse(null);
                    if (rest == null) {
                        closeTable();
                    }
                }
            }
        }

        private T table(List<Extent> block) {
            SpillSpace.OnHeap heap = reserved;
            if (heap == null) {
                heap = run.spill()
                        .onHeap(built.heapBytes(
                                block.stream().mapToLong(Extent::rows).sum()));
                reserved = heap;
            }
            List<Chunk> chunks = built.read(block);
            reserved = null;
            return joins.table().apply(chunks, heap);
        }

        private @Nullable Chunk nextOfSmaller() {
            while (true) {
                ChunkReader current = reader;
                if (current == null) {
                    Split part = smallerParts.poll();
                    if (part == null) {
                        return null;
                    }
                    reader = part.open(allocator);
                    continue;
                }
                Chunk chunk = current.next();
                if (chunk != null) {
                    return chunk;
                }
                current.close();
                reader = null;
            }
        }

        private void closeAsking() {
            if (asking != null) {
                asking.close();
                asking = null;
            }
        }

        private void closeTable() {
            if (rest != null) {
                rest.close();
                rest = null;
            }
            if (probe != null) {
                probe.close();
                probe = null;
            }
            if (table != null) {
                table.close();
                table = null;
            }
        }

        @Override
        public void close() {
            closeAsking();
            closeTable();
            if (reserved != null) {
                reserved.close();
                reserved = null;
            }
            if (reader != null) {
                reader.close();
                reader = null;
            }
            if (smaller != null) {
                smaller.close();
            }
        }
    }
}
