package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.SpillFile.Extent;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The rows of a part of a plan that stands in it more than once: computed when they are first asked for, in memory or,
/// when that is short, on disk, and kept until this is closed, at the end of the run.
final class SharedRows implements Prepared, AutoCloseable {
    private final Prepared input;
    private final StructType schema;
    private @Nullable Kept kept;

    SharedRows(Prepared input, StructType schema) {
        this.input = input;
        this.schema = schema;
    }

    @Override
    public Stage open(RunContext run) {
        Kept rows = kept;
        if (rows == null) {
            rows = new Kept(schema, run);
            kept = rows;
            input.open(run).run(run, rows);
        }
        return Stage.of(rows.splits());
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    /// The chunks of each split. Thread-safe.
    private static final class Kept implements StageSink, AutoCloseable {
        private final StructType schema;
        private final RunContext run;
        private final Map<Integer, List<Piece>> bySplit = new TreeMap<>();
        private @Nullable SpillFile file;

        private sealed interface Piece {
            record Held(Chunk chunk) implements Piece {}

            record Spilled(SpillFile file, Extent extent) implements Piece {}
        }

        Kept(StructType schema, RunContext run) {
            this.schema = schema;
            this.run = run;
        }

        @Override
        public synchronized Task open(int split) {
            List<Piece> pieces = new ArrayList<>();
            bySplit.put(split, pieces);
            return chunk -> add(pieces, chunk);
        }

        private synchronized void add(List<Piece> pieces, Chunk chunk) {
            if (!run.spill().isShort(chunk.sizeInBytes())) {
                pieces.add(new Piece.Held(chunk));
                return;
            }
            try (chunk) {
                SpillFile into = file;
                if (into == null) {
                    into = run.spill().newFile();
                    file = into;
                }
                Extent extent = into.write(chunk);
                pieces.add(new Piece.Spilled(into, extent));
                run.counters().add("spilledBytes", extent.bytes());
            }
        }

        synchronized List<Split> splits() {
            List<Split> splits = new ArrayList<>();
            for (List<Piece> pieces : bySplit.values()) {
                splits.add(allocator -> new Reader(new ArrayDeque<>(pieces), allocator));
            }
            return splits;
        }

        @Override
        public synchronized void close() {
            for (List<Piece> pieces : bySplit.values()) {
                for (Piece piece : pieces) {
                    if (piece instanceof Piece.Held(Chunk chunk)) {
                        chunk.close();
                    }
                }
            }
            bySplit.clear();
            if (file != null) {
                file.close();
            }
        }

        private final class Reader implements ChunkReader {
            private final Deque<Piece> pieces;
            private final BufferAllocator allocator;

            Reader(Deque<Piece> pieces, BufferAllocator allocator) {
                this.pieces = pieces;
                this.allocator = allocator;
            }

            @Override
            public @Nullable Chunk next() {
                return switch (pieces.poll()) {
                    case null -> null;
                    case Piece.Held(Chunk chunk) -> chunk.slice(0, chunk.rowCount());
                    case Piece.Spilled(SpillFile from, Extent extent) -> from.read(extent, schema, allocator);
                };
            }

            @Override
            public void close() {}
        }
    }
}
