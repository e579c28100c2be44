package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Keeps all chunks in the order of the splits, to be read once: in memory, or on disk when memory is short. Owns both
/// until [#reader] or [#close]. Thread-safe.
final class ResultCollector implements StageSink, AutoCloseable {
    private final RunContext run;
    private final KeptChunks kept;
    private boolean given;

    ResultCollector(StructType schema, RunContext run) {
        this.run = run;
        this.kept = new KeptChunks(schema, run, bytes -> run.spill().isTooMuchResult(bytes));
    }

    @Override
    public Task open(int split) {
        return kept.open(split);
    }

    /// The chunks, which are the reader's from now on.
    ChunkReader reader(BufferAllocator allocator) {
        given = true;
        Queue<KeptChunks.Piece> pieces = new ArrayDeque<>();
        kept.splits().forEach(pieces::addAll);
        return new Reader(kept, pieces, allocator);
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
    public void close() {
        if (!given) {
            kept.close();
        }
    }

    /// Frees each chunk's memory here as it is read.
    private record Reader(KeptChunks kept, Queue<KeptChunks.Piece> pieces, BufferAllocator allocator)
            implements ChunkReader {
        @Override
        public @Nullable Chunk next() {
            while (true) {
                KeptChunks.Piece piece = pieces.poll();
                if (piece == null) {
                    return null;
                }
                Chunk chunk = kept.read(piece, allocator);
                KeptChunks.free(piece);
                if (chunk.rowCount() > 0) {
                    return chunk;
                }
                chunk.close();
            }
        }

        @Override
        public void close() {
            kept.close();
        }
    }
}
