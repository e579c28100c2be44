package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The chunks of a stage in the order of its splits: in memory, or on disk when memory is short. Owns both. Taking
/// chunks in is thread-safe; it is read when the stage has ended.
final class KeptChunks implements StageSink, AutoCloseable {
    private final StructType schema;
    private final RunContext run;
    private final LongPredicate isTooMuch;
    private final Map<Integer, List<Piece>> bySplit = new TreeMap<>();
    private @Nullable SpillFile file;
    private long heldBytes;

    /// A chunk, wherever it is.
    sealed interface Piece {
        record Held(Chunk chunk) implements Piece {}

        record Spilled(SpillFile file, Extent extent) implements Piece {}
    }

    /// @param isTooMuch whether that many bytes may not all be held in memory
    KeptChunks(StructType schema, RunContext run, LongPredicate isTooMuch) {
        this.schema = schema;
        this.run = run;
        this.isTooMuch = isTooMuch;
    }

    @Override
    public synchronized Task open(int split) {
        List<Piece> pieces = new ArrayList<>();
        bySplit.put(split, pieces);
        return chunk -> add(pieces, chunk);
    }

    private synchronized void add(List<Piece> pieces, Chunk chunk) {
        long bytes = chunk.sizeInBytes();
        if (!isTooMuch.test(heldBytes + bytes)) {
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
            pieces.add(new Piece.Spilled(into, extent));
            run.counters().add("spilledBytes", extent.bytes());
        }
    }

    /// How many bytes have been kept in memory.
    synchronized long heldBytes() {
        return heldBytes;
    }

    /// The pieces of each split. They stay this one's.
    synchronized List<List<Piece>> splits() {
        return List.copyOf(bySplit.values());
    }

    /// A piece's rows; the caller closes them. The piece stays.
    Chunk read(Piece piece, BufferAllocator allocator) {
        return switch (piece) {
            case Piece.Held(Chunk chunk) -> chunk.slice(0, chunk.rowCount());
            case Piece.Spilled(SpillFile from, Extent extent) -> from.read(extent, schema, allocator);
        };
    }

    /// A piece's rows as memory of an allocator, shared where they are in memory; the caller closes them.
    Chunk copyTo(Piece piece, BufferAllocator allocator) {
        return switch (piece) {
            case Piece.Held(Chunk chunk) -> chunk.sharedWith(allocator);
            case Piece.Spilled _ -> read(piece, allocator);
        };
    }

    /// Frees what a piece holds in memory.
    static void free(Piece piece) {
        if (piece instanceof Piece.Held(Chunk chunk)) {
            chunk.close();
        }
    }

    @Override
    public synchronized void close() {
        bySplit.values().forEach(pieces -> pieces.forEach(KeptChunks::free));
        bySplit.clear();
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
