package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The rows of a part of a plan that stands in it more than once: computed when they are first asked for, in memory or,
/// when that is short, on disk, and kept until this is closed, at the end of the run.
final class SharedRows implements Prepared, AutoCloseable {
    private final Prepared input;
    private final StructType schema;
    private @Nullable KeptChunks kept;
    private List<String> partNames = List.of();

    SharedRows(Prepared input, StructType schema) {
        this.input = input;
        this.schema = schema;
    }

    @Override
    public Stage open(RunContext run) {
        KeptChunks rows = kept;
        if (rows == null) {
            rows = new KeptChunks(schema, run, _ -> run.spill().isShort(0));
            kept = rows;
            Stage stage = input.open(run);
            partNames = stage.partNames();
            stage.run(run, rows);
        }
        KeptChunks readable = rows;
        List<Split> splits = new ArrayList<>();
        for (List<KeptChunks.Piece> pieces : readable.splits()) {
            splits.add(new Kept(readable, pieces, partNames.get(splits.size())));
        }
        return Stage.of(splits);
    }

    @Override
    public void close() {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    /// What one split has given; of the same part as that.
    private record Kept(KeptChunks rows, List<KeptChunks.Piece> pieces, String part) implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return new Reader(rows, new ArrayDeque<>(pieces), allocator);
        }
    }

    private record Reader(KeptChunks rows, Queue<KeptChunks.Piece> pieces, BufferAllocator allocator)
            implements ChunkReader {
        @Override
        public @Nullable Chunk next() {
            KeptChunks.Piece piece = pieces.poll();
            return piece == null ? null : rows.read(piece, allocator);
        }

        @Override
        public void close() {}
    }
}
