package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.DealtRows.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// What is computed from a part of rows that lie on disk, when it is read. The rows stay their owner's.
final class PartSplit implements Split {
    private final DealtRows rows;
    private final Part part;
    private final long whole;
    private final UnaryOperator<List<Chunk>> work;

    private PartSplit(DealtRows rows, Part part, long whole, UnaryOperator<List<Chunk>> work) {
        this.rows = rows;
        this.part = part;
        this.whole = whole;
        this.work = work;
    }

    /// A stage of all parts, which closes the rows in the end.
    ///
    /// @param work takes over all rows of some keys and gives what becomes of them
    static Stage stage(DealtRows rows, UnaryOperator<List<Chunk>> work) {
        return Stage.of(of(rows, work)).closing(rows);
    }

    private static List<Split> of(DealtRows rows, UnaryOperator<List<Chunk>> work) {
        long whole = rows.parts().stream().mapToLong(Part::bytes).sum();
        List<Split> splits = new ArrayList<>();
        for (Part part : rows.parts()) {
            if (!part.isEmpty()) {
                splits.add(new PartSplit(rows, part, whole, work));
            }
        }
        return splits;
    }

    @Override
    public ChunkReader open(BufferAllocator allocator) {
        return new Reader(allocator);
    }

    private final class Reader implements ChunkReader {
        private final BufferAllocator allocator;
        private boolean begun;
        private final Deque<Chunk> ready = new ArrayDeque<>();
        private @Nullable DealtRows again;
        private final Deque<Split> smaller = new ArrayDeque<>();
        private @Nullable ChunkReader reader;

        Reader(BufferAllocator allocator) {
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            if (!begun) {
                begun = true;
                begin();
            }
            while (true) {
                Chunk chunk = ready.poll();
                if (chunk != null) {
                    if (chunk.rowCount() > 0) {
                        return chunk;
                    }
                    chunk.close();
                    continue;
                }
                ChunkReader current = reader;
                if (current == null) {
                    Split split = smaller.poll();
                    if (split == null) {
                        return null;
                    }
                    reader = split.open(allocator);
                    continue;
                }
                Chunk read = current.next();
                if (read != null) {
                    return read;
                }
                current.close();
                reader = null;
            }
        }

        private void begin() {
            if (rows.isTooLarge(part, whole)) {
                DealtRows dealt = rows.dealAgain(part);
                again = dealt;
                smaller.addAll(of(dealt, work));
            } else {
                ready.addAll(work.apply(rows.read(part.extents())));
            }
        }

        @Override
        public void close() {
            ready.forEach(Chunk::close);
            ready.clear();
            if (reader != null) {
                reader.close();
                reader = null;
            }
            if (again != null) {
                again.close();
            }
        }
    }
}
