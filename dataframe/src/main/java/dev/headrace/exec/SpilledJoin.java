package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.DealtRows.Part;
import dev.headrace.exec.SpillFile.Extent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// A join whose sides lie on disk, both dealt out by their keys: joined part by part. Owns both sides.
final class SpilledJoin<T extends SpilledJoin.Table> implements AutoCloseable {
    private final DealtRows built;
    private final DealtRows streamed;
    private final Joins<T> joins;

    /// What is made of the rows of one side, and asked with those of the other.
    interface Table extends AutoCloseable {
        @Override
        void close();
    }

    /// How a table is made, asked, and what comes out of it in the end.
    ///
    /// @param table takes over the chunks
    /// @param probe asks a table
    /// @param rest the rows of the table that come out at the end, which the caller closes
    record Joins<T extends Table>(
            Function<List<Chunk>, T> table, Function<T, Operator> probe, Function<T, List<Chunk>> rest) {}

    /// @param built the side that tables are made of
    SpilledJoin(DealtRows built, DealtRows streamed, Joins<T> joins) {
        this.built = built;
        this.streamed = streamed;
        this.joins = joins;
    }

    /// The parts, for which this must stay open.
    List<Split> splits() {
        long whole = built.parts().stream().mapToLong(Part::bytes).sum();
        List<Split> splits = new ArrayList<>();
        for (int p = 0; p < built.parts().size(); p++) {
            Part builtPart = built.parts().get(p);
            Part streamedPart = streamed.parts().get(p);
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

    private final class Reader implements ChunkReader {
        private final Part builtPart;
        private final Deque<Extent> unread;
        private final Part streamedPart;
        private final long whole;
        private final BufferAllocator allocator;
        private final Deque<Chunk> ready = new ArrayDeque<>();
        private boolean begun;
        private @Nullable T table;
        private @Nullable Operator probe;
        private @Nullable SpilledJoin<T> smaller;
        private final Deque<Split> smallerParts = new ArrayDeque<>();
        private @Nullable ChunkReader reader;

        Reader(Part builtPart, Part streamedPart, long whole, BufferAllocator allocator) {
            this.builtPart = builtPart;
            this.streamedPart = streamedPart;
            this.unread = new ArrayDeque<>(streamedPart.extents());
            this.whole = whole;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            if (!begun) {
                begun = true;
                begin();
            }
            while (ready.isEmpty()) {
                if (table == null ? !readSmaller() : !probeNext()) {
                    return null;
                }
            }
            return ready.removeFirst();
        }

        private void begin() {
            if (built.isTooLarge(builtPart, whole)) {
                DealtRows builtAgain = built.dealAgain(builtPart);
                try {
                    SpilledJoin<T> join = new SpilledJoin<>(builtAgain, streamed.dealAgain(streamedPart), joins);
                    smaller = join;
                    smallerParts.addAll(join.splits());
                } finally {
                    if (smaller == null) {
                        builtAgain.close();
                    }
                }
            } else {
                T made = joins.table().apply(built.read(builtPart));
                table = made;
                probe = joins.probe().apply(made);
            }
        }

        /// @return false at the end
        private boolean probeNext() {
            Extent extent = unread.poll();
            T asked = table;
            if (asked == null) {
                return false;
            }
            if (extent == null) {
                List<Chunk> rest = joins.rest().apply(asked);
                ready.addAll(rest);
                closeTable();
                return !rest.isEmpty();
            }
            Operator operator = probe;
            if (operator != null) {
                try (Chunk chunk = streamed.read(extent)) {
                    operator.process(chunk, ready::add);
                }
            }
            return true;
        }

        private boolean readSmaller() {
            ChunkReader current = reader;
            if (current == null) {
                Split part = smallerParts.poll();
                if (part == null) {
                    return false;
                }
                reader = part.open(allocator);
                return true;
            }
            Chunk chunk = current.next();
            if (chunk == null) {
                current.close();
                reader = null;
            } else {
                ready.add(chunk);
            }
            return true;
        }

        private void closeTable() {
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
            ready.forEach(Chunk::close);
            ready.clear();
            closeTable();
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
