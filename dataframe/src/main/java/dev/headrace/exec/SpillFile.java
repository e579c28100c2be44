package dev.headrace.exec;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;

/// Chunks in a temporary file. Many threads may write and read it.
final class SpillFile implements AutoCloseable {
    private static final int STAGED_BYTES = 64 * 1024;

    private final SpillSpace space;
    private final FileChannel channel;
    private final AtomicLong end = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    SpillFile(SpillSpace space, FileChannel channel) {
        this.space = space;
        this.channel = channel;
    }

    /// Where a chunk is.
    record Extent(long position, long bytes, int rows) {}

    /// Writes a chunk, which stays the caller's.
    ///
    /// The form: the numbers of Arrow's field nodes and of buffers; length and null count of each node; the length of
    /// each buffer; the buffers.
    Extent write(Chunk chunk) {
        List<Field> fields = chunk.columns().stream().map(FieldVector::getField).toList();
        VectorSchemaRoot root = new VectorSchemaRoot(fields, chunk.columns(), chunk.rowCount());
        try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
            List<ArrowFieldNode> nodes = batch.getNodes();
            List<ArrowBuf> buffers = batch.getBuffers();
            long bytes = 8 + 16L * nodes.size() + 8L * buffers.size();
            for (ArrowBuf buffer : buffers) {
                bytes += buffer.readableBytes();
            }
            Extent extent = new Extent(end.getAndAdd(bytes), bytes, chunk.rowCount());
            Writing writing = new Writing(extent.position());
            writing.putInt(nodes.size());
            writing.putInt(buffers.size());
            for (ArrowFieldNode node : nodes) {
                writing.putLong(node.getLength());
                writing.putLong(node.getNullCount());
            }
            for (ArrowBuf buffer : buffers) {
                writing.putLong(buffer.readableBytes());
            }
            for (ArrowBuf buffer : buffers) {
                writing.put(buffer);
            }
            writing.flush();
            space.written(bytes);
            return extent;
        } catch (IOException failed) {
            throw space.failed(failed);
        }
    }

    /// Reads a chunk, which the caller closes.
    Chunk read(Extent extent, StructType schema, BufferAllocator allocator) {
        List<FieldVector> columns = new ArrayList<>();
        List<ArrowBuf> buffers = new ArrayList<>();
        boolean done = false;
        try {
            List<Field> fields = new ArrayList<>();
            for (StructField field : schema) {
                Field arrow = ArrowTypes.field(field);
                fields.add(arrow);
                columns.add(arrow.createVector(allocator));
            }
            Reading reading = new Reading(extent);
            int nodeCount = reading.getInt();
            long[] lengths = new long[reading.getInt()];
            List<ArrowFieldNode> nodes = new ArrayList<>();
            for (int i = 0; i < nodeCount; i++) {
                nodes.add(new ArrowFieldNode(reading.getLong(), reading.getLong()));
            }
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = reading.getLong();
            }
            for (long length : lengths) {
                ArrowBuf buffer = allocator.buffer(length);
                buffers.add(buffer);
                reading.get(buffer, length);
            }
            VectorSchemaRoot root = new VectorSchemaRoot(fields, columns, extent.rows());
            try (ArrowRecordBatch batch = new ArrowRecordBatch(extent.rows(), nodes, buffers)) {
                new VectorLoader(root).load(batch);
            }
            done = true;
            return new Chunk(schema, columns, extent.rows());
        } catch (IOException failed) {
            throw space.failed(failed);
        } finally {
            buffers.forEach(ArrowBuf::close);
            if (!done) {
                columns.forEach(FieldVector::close);
            }
        }
    }

    private final class Writing {
        private final ByteBuffer staged = ByteBuffer.allocate(STAGED_BYTES);
        private long position;

        Writing(long position) {
            this.position = position;
        }

        void putInt(int value) throws IOException {
            makeRoom(Integer.BYTES);
            staged.putInt(value);
        }

        void putLong(long value) throws IOException {
            makeRoom(Long.BYTES);
            staged.putLong(value);
        }

        void put(ArrowBuf buffer) throws IOException {
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

    private final class Reading {
        private final ByteBuffer staged;
        private long position;
        private final long stop;

        Reading(Extent extent) {
            this.position = extent.position();
            this.stop = extent.position() + extent.bytes();
            this.staged = ByteBuffer.allocate((int) Math.min(STAGED_BYTES, extent.bytes()));
            staged.limit(0);
        }

        int getInt() throws IOException {
            have(Integer.BYTES);
            return staged.getInt();
        }

        long getLong() throws IOException {
            have(Long.BYTES);
            return staged.getLong();
        }

        void get(ArrowBuf buffer, long length) throws IOException {
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
    public void close() {
        if (closed.compareAndSet(false, true)) {
            space.closed();
            try {
                channel.close();
            } catch (IOException failed) {
                throw space.failed(failed);
            }
        }
    }
}
