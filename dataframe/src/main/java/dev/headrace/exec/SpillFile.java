package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkFile;
import dev.headrace.chunk.ChunkFile.Extent;
import dev.headrace.errors.ResourceException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;

/// Chunks in a temporary file. Many threads may write and read it.
final class SpillFile implements AutoCloseable {
    private final SpillSpace space;
    private final ChunkFile chunks;
    private final AtomicBoolean closed = new AtomicBoolean();

    SpillFile(SpillSpace space, FileChannel channel) {
        this.space = space;
        this.chunks = new ChunkFile(channel);
    }

    /// Writes a chunk, which stays the caller's.
    Extent write(Chunk chunk) {
        try {
            Extent extent = chunks.write(chunk);
            space.written(extent.bytes());
            return extent;
        } catch (IOException failed) {
            throw failed(failed);
        }
    }

    /// Reads a chunk, which the caller closes.
    Chunk read(Extent extent, StructType schema, BufferAllocator allocator) {
        try {
            return chunks.read(extent, schema, allocator);
        } catch (IOException failed) {
            throw failed(failed);
        }
    }

    /// A cancel interrupts functions of the program, which closes the file if they read rows of it just then.
    private ResourceException failed(IOException failed) {
        Cancellation.checkThread();
        return space.failed(failed);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            space.closed();
            space.closeBehind(chunks::close);
        }
    }
}
