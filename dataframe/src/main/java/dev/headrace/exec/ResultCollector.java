package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
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

/// Keeps all chunks in the order of the splits: in memory, or on disk when memory is short. Owns both until [#reader]
/// or [#close]. Thread-safe.
final class ResultCollector implements StageSink, AutoCloseable {
    private final StructType schema;
    private final RunContext run;
    private final Map<Integer, List<Piece>> bySplit = new TreeMap<>();
    private @Nullable SpillFile file;
    private long heldBytes;

    private sealed interface Piece {
        record Held(Chunk chunk) implements Piece {}

        record Spilled(Extent extent) implements Piece {}
    }

    ResultCollector(StructType schema, RunContext run) {
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
        long bytes = chunk.sizeInBytes();
        if (!run.spill().isTooMuchResult(heldBytes + bytes)) {
            pieces.add(new Piece.Held(chunk));
            heldBytes += bytes;
            return;
        }
        try (chunk) {
            SpillFile into = file;
            if (into == null) {
                into = run.spill().newFile();
                file = into;
            }
            Extent extent = into.write(chunk);
            pieces.add(new Piece.Spilled(extent));
            run.counters().add("spilledBytes", extent.bytes());
        }
    }

    /// The chunks, which are the reader's from now on.
    synchronized ChunkReader reader(BufferAllocator allocator) {
        Deque<Piece> pieces = new ArrayDeque<>();
        bySplit.values().forEach(pieces::addAll);
        bySplit.clear();
        Reader reader = new Reader(pieces, file, allocator);
        file = null;
        return reader;
    }

    /// The chunks as a split, which owns them from now on. It can be read once.
    HeldSplit split() {
        ChunkReader reader = reader(run.allocator());
        return new HeldSplit() {
            @Override
            public ChunkReader open(BufferAllocator allocator) {
                return reader;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    @Override
    public synchronized void close() {
        reader(run.allocator()).close();
    }

    private final class Reader implements ChunkReader {
        private final Deque<Piece> pieces;
        private final @Nullable SpillFile spilled;
        private final BufferAllocator allocator;

        Reader(Deque<Piece> pieces, @Nullable SpillFile spilled, BufferAllocator allocator) {
            this.pieces = pieces;
            this.spilled = spilled;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            while (true) {
                switch (pieces.poll()) {
                    case null -> {
                        return null;
                    }
                    case Piece.Held(Chunk chunk) -> {
                        if (chunk.rowCount() > 0) {
                            return chunk;
                        }
                        chunk.close();
                    }
                    case Piece.Spilled(Extent extent) -> {
                        SpillFile from = spilled;
                        if (from != null && extent.rows() > 0) {
                            return from.read(extent, schema, allocator);
                        }
                    }
                }
            }
        }

        @Override
        public void close() {
            for (Piece piece : pieces) {
                if (piece instanceof Piece.Held(Chunk chunk)) {
                    chunk.close();
                }
            }
            pieces.clear();
            if (spilled != null) {
                spilled.close();
            }
        }
    }
}
