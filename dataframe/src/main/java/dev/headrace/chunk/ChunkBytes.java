package dev.headrace.chunk;

import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;

/// The rows of a chunk as bytes: what its vectors hold, as it lies in memory. Owns that memory jointly with the chunk
/// until [#close].
///
/// ```text
/// int nodes, int buffers                                  (nodes are Arrow's: one per vector, children included)
/// per node: long length, long nulls
/// per buffer: long bytes
/// the buffers
/// ```
public final class ChunkBytes implements AutoCloseable {
    private final ArrowRecordBatch batch;

    /// Takes bytes, in an order of bytes that its [Source] shares.
    public interface Sink {
        void putInt(int value) throws IOException;

        void putLong(long value) throws IOException;

        /// Takes the readable bytes of a buffer, which stays the caller's.
        void put(ArrowBuf buffer) throws IOException;
    }

    /// Gives the bytes that a [Sink] has taken.
    public interface Source {
        int getInt() throws IOException;

        long getLong() throws IOException;

        /// Fills a buffer with that many bytes.
        void get(ArrowBuf buffer, long length) throws IOException;
    }

    private ChunkBytes(ArrowRecordBatch batch) {
        this.batch = batch;
    }

    /// @param chunk borrowed
    public static ChunkBytes of(Chunk chunk) {
        return new ChunkBytes(RecordBatches.of(chunk));
    }

    /// How many bytes there are.
    public long length() {
        long bytes = 8 + 16L * batch.getNodes().size() + 8L * batch.getBuffers().size();
        for (ArrowBuf buffer : batch.getBuffers()) {
            bytes += buffer.readableBytes();
        }
        return bytes;
    }

    public void writeTo(Sink sink) throws IOException {
        sink.putInt(batch.getNodes().size());
        sink.putInt(batch.getBuffers().size());
        for (ArrowFieldNode node : batch.getNodes()) {
            sink.putLong(node.getLength());
            sink.putLong(node.getNullCount());
        }
        for (ArrowBuf buffer : batch.getBuffers()) {
            sink.putLong(buffer.readableBytes());
        }
        for (ArrowBuf buffer : batch.getBuffers()) {
            sink.put(buffer);
        }
    }

    /// Reads a chunk, which the caller closes.
    ///
    /// @param schema of the chunk that was written
    public static Chunk read(Source source, StructType schema, int rows, BufferAllocator allocator) throws IOException {
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
            int nodeCount = source.getInt();
            long[] lengths = new long[source.getInt()];
            List<ArrowFieldNode> nodes = new ArrayList<>();
            for (int i = 0; i < nodeCount; i++) {
                nodes.add(new ArrowFieldNode(source.getLong(), source.getLong()));
            }
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = source.getLong();
            }
            for (long length : lengths) {
                ArrowBuf buffer = allocator.buffer(length);
                buffers.add(buffer);
                source.get(buffer, length);
            }
            VectorSchemaRoot root = new VectorSchemaRoot(fields, columns, rows);
            try (ArrowRecordBatch batch = new ArrowRecordBatch(rows, nodes, buffers)) {
                new VectorLoader(root).load(batch);
            }
            done = true;
            return new Chunk(schema, columns, rows);
        } finally {
            Closing.all(buffers);
            if (!done) {
                Closing.all(columns);
            }
        }
    }

    @Override
    public void close() {
        batch.close();
    }
}
