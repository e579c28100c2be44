package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.DealtRows.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// What is computed from a part of rows that lie on disk, when it is read. The rows stay their owner's.
final class PartSplit implements Split {
    private final DealtRows rows;
    private final Part part;
    private final long whole;
    private final Work work;

    /// What is computed of all rows of some keys.
    interface Work {
        /// @param rows where the part is read from; they stay open until the reader is closed
        ChunkReader read(DealtRows rows, Part part);
    }

    private PartSplit(DealtRows rows, Part part, long whole, Work work) {
        this.rows = rows;
        this.part = part;
        this.whole = whole;
        this.work = work;
    }

    /// A stage of all parts, which closes the rows in the end.
    static Stage stage(DealtRows rows, Work work) {
        return Stage.of(of(rows, work)).closing(rows);
    }

    private static List<Split> of(DealtRows rows, Work work) {
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
                reader = work.read(rows, part);
            }
        }

        @Override
        public void close() {
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
