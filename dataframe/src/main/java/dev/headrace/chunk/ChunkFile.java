package dev.headrace.chunk;

import dev.headrace.types.StructType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/// Chunks in a file, as [ChunkBytes]. Many threads may write and read it.
public final class ChunkFile implements AutoCloseable {
    private static final int STAGED_BYTES = 64 * 1024;

    private final FileChannel channel;
    private final AtomicLong end = new AtomicLong();

    /// @param channel to an empty file, closed with this
    public ChunkFile(FileChannel channel) {
        this.channel = channel;
    }

    /// Where a chunk is.
    public record Extent(long position, long bytes, int rows) {}

    /// Writes a chunk, which stays the caller's.
    public Extent write(Chunk chunk) throws IOException {
        try (ChunkBytes bytes = ChunkBytes.of(chunk)) {
            Extent extent = new Extent(end.getAndAdd(bytes.length()), bytes.length(), chunk.rowCount());
            Writing writing = new Writing(extent.position());
            bytes.writeTo(writing);
            writing.flush();
            return extent;
        }
    }

    /// Reads a chunk, which the caller closes.
    public Chunk read(Extent extent, StructType schema, BufferAllocator allocator) throws IOException {
        return ChunkBytes.read(new Reading(extent), schema, extent.rows(), allocator);
    }

    private final class Writing implements ChunkBytes.Sink {
        private final ByteBuffer staged = ByteBuffer.allocate(STAGED_BYTES);
        private long position;

        Writing(long position) {
            this.position = position;
        }

        @Override
        public void putInt(int value) throws IOException {
            makeRoom(Integer.BYTES);
            staged.putInt(value);
        }

        @Override
        public void putLong(long value) throws IOException {
            makeRoom(Long.BYTES);
            staged.putLong(value);
        }

        @Override
        public void put(ArrowBuf buffer) throws IOException {
            long at = buffer.readerIndex();
            long stop = at + buffer.readableBytes();
            while (at < stop) {
                makeRoom(1);
                int count = (int) Math.min(staged.remaining(), stop - at);
                buffer.getBytes(at, staged.array(), staged.position(), count);
                staged.position(staged.position() + count);
                at += count;
            }
        }

        private void makeRoom(int bytes) throws IOException {
            if (staged.remaining() < bytes) {
                flush();
            }
        }

        void flush() throws IOException {
            staged.flip();
            while (staged.hasRemaining()) {
                position += channel.write(staged, position);
            }
            staged.clear();
        }
    }

    private final class Reading implements ChunkBytes.Source {
        private final ByteBuffer staged;
        private long position;
        private final long stop;

        Reading(Extent extent) {
            this.position = extent.position();
            this.stop = extent.position() + extent.bytes();
            this.staged = ByteBuffer.allocate((int) Math.min(STAGED_BYTES, extent.bytes()));
            staged.limit(0);
        }

        @Override
        public int getInt() throws IOException {
            have(Integer.BYTES);
            return staged.getInt();
        }

        @Override
        public long getLong() throws IOException {
            have(Long.BYTES);
            return staged.getLong();
        }

        @Override
        public void get(ArrowBuf buffer, long length) throws IOException {
            long at = 0;
            while (at < length) {
                have(1);
                int count = (int) Math.min(staged.remaining(), length - at);
                buffer.setBytes(at, staged.array(), staged.position(), count);
                staged.position(staged.position() + count);
                at += count;
            }
            buffer.writerIndex(length);
        }

        private void have(int bytes) throws IOException {
            if (staged.remaining() >= bytes) {
                return;
            }
            staged.compact();
            staged.limit((int) Math.min(staged.capacity(), staged.position() + stop - position));
            while (staged.hasRemaining()) {
                int read = channel.read(staged, position);
                if (read < 0) {
                    throw new EOFException("a temporary file is shorter than what was written to it");
                }
                position += read;
            }
            staged.flip();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
