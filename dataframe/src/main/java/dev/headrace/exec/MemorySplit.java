package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.ChunkReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Chunks in memory as a split. It owns them and can be read once.
public final class MemorySplit implements HeldSplit {
    private final Queue<Chunk> chunks;

    /// Takes over the chunks.
    public MemorySplit(List<Chunk> chunks) {
        this.chunks = new ArrayDeque<>(chunks);
    }

    /// A stage of the chunks that work puts into a list; if it fails, those that are there are closed.
    public static Stage stage(Consumer<List<Chunk>> work) {
        List<Chunk> made = new ArrayList<>();
        try {
            work.accept(made);
            return Stage.of(List.of(new MemorySplit(made)));
        } catch (Throwable failed) {
            Closing.all(made);
            throw failed;
        }
    }

    @Override
    public ChunkReader open(BufferAllocator allocator) {
        return new ChunkReader() {
            @Override
            public @Nullable Chunk next() {
                @Nullable Chunk chunk = chunks.poll();
                while (chunk != null && chunk.rowCount() == 0) {
                    chunk.close();
                    chunk = chunks.poll();
                }
                return chunk;
            }

            @Override
            public void close() {
                MemorySplit.this.close();
            }
        };
    }

    @Override
    public long estimatedRows() {
        return chunks.stream().mapToLong(Chunk::rowCount).sum();
    }

    @Override
    public void close() {
        Closing.all(chunks);
        chunks.clear();
    }
}
