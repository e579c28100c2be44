package dev.headrace.arrow;

import dev.headrace.chunk.Closing;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// Loads a record batch of a file into vectors, and frees everything when the batch is damaged, which the library's own
/// loader does not.
final class RecordBatchLoader {
    private static final int CONTINUATION = 0xffffffff;

    private final FileChannel channel;
    private final BufferAllocator allocator;
    private long bytesRead;

    RecordBatchLoader(FileChannel channel, BufferAllocator allocator) {
        this.channel = channel;
        this.allocator = allocator;
    }

    long bytesRead() {
        return bytesRead;
    }

    /// @param into what it held is freed
    void load(ArrowBlock block, VectorSchemaRoot into) throws IOException {
        requireInFile(block, channel.size());
        ByteBuffer metadata = ByteBuffer.allocate(block.getMetadataLength()).order(ByteOrder.LITTLE_ENDIAN);
        read(block.getOffset(), metadata);
        metadata.flip().position(metadata.getInt(0) == CONTINUATION ? 8 : 4);
        Message message = Message.getRootAsMessage(metadata);
        RecordBatch batch = message.headerType() == MessageHeader.RecordBatch
                ? (RecordBatch) message.header(new RecordBatch())
                : null;
        if (batch == null) {
            throw new IllegalArgumentException("there is no record batch at " + block.getOffset());
        }
        try (ArrowBuf body = allocator.buffer(block.getBodyLength())) {
            if (block.getBodyLength() > 0) {
                read(
                        block.getOffset() + block.getMetadataLength(),
                        body.nioBuffer(0, Math.toIntExact(block.getBodyLength())));
            }
            body.writerIndex(block.getBodyLength());
            into.clear();
            new Walk(batch, body).load(into);
        }
    }

    /// Compares by subtraction: the sum of a damaged footer's numbers may be too large.
    ///
    /// @param size of the file
    /// @throws IllegalArgumentException if not all of a batch lies in the file
    static void requireInFile(ArrowBlock block, long size) {
        long left = size - block.getOffset();
        if (block.getOffset() < 0
                || block.getMetadataLength() < 8
                || block.getMetadataLength() > left
                || block.getBodyLength() < 0
                || block.getBodyLength() > Integer.MAX_VALUE
                || block.getBodyLength() > left - block.getMetadataLength()) {
            throw new IllegalArgumentException("the footer names a record batch of " + block.getBodyLength()
                    + " bytes at " + block.getOffset() + ", the file has " + size);
        }
    }

    private void read(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("it ends at byte " + at);
            }
            at += read;
            bytesRead += read;
        }
    }

    /// Hands out nodes and buffers in the order of the fields, parts after the whole.
    private static final class Walk {
        private final RecordBatch batch;
        private final ArrowBuf body;
        private final CompressionCodec codec;
        private int nextNode;
        private int nextBuffer;
        private int nextViews;

        Walk(RecordBatch batch, ArrowBuf body) {
            this.batch = batch;
            this.body = body;
            this.codec = batch.compression() == null
                    ? NoCompressionCodec.INSTANCE
                    : ArrowCodecs.FACTORY.createCodec(
                            CodecType.fromCompressionType(batch.compression().codec()));
        }

        void load(VectorSchemaRoot root) {
            int rows = Math.toIntExact(batch.length());
            for (FieldVector vector : root.getFieldVectors()) {
                load(vector);
                if (vector.getValueCount() != rows) {
                    throw new IllegalArgumentException(
                            "column '" + vector.getName() + "' has " + vector.getValueCount() + " values of " + rows);
                }
            }
            root.setRowCount(rows);
        }

        private void load(FieldVector vector) {
            if (nextNode >= batch.nodesLength()) {
                throw new IllegalArgumentException("the record batch lacks column '" + vector.getName() + "'");
            }
            FieldNode node = batch.nodes(nextNode++);
            int rows = Math.toIntExact(node.length());
            int nulls = Math.toIntExact(node.nullCount());
            if (rows < 0 || nulls < 0 || nulls > rows) {
                throw new IllegalArgumentException(nulls + " nulls in " + rows + " values");
            }
            int count = TypeLayout.getTypeBufferCount(vector.getField().getType());
            if (!TypeLayout.getTypeLayout(vector.getField().getType()).isFixedBufferCount()) {
                count += Math.toIntExact(batch.variadicBufferCounts(nextViews++));
            }
            List<ArrowBuf> buffers = new ArrayList<>();
            try {
                for (int i = 0; i < count; i++) {
                    buffers.add(buffer());
                }
                vector.loadFieldBuffers(new ArrowFieldNode(rows, nulls), buffers);
            } finally {
                Closing.all(buffers);
            }
            vector.getChildrenFromFields().forEach(this::load);
        }

        /// The next buffer; the caller closes it.
        private ArrowBuf buffer() {
            if (nextBuffer >= batch.buffersLength()) {
                throw new IllegalArgumentException("the record batch lacks buffers");
            }
            Buffer place = batch.buffers(nextBuffer++);
            if (place.offset() < 0 || place.length() < 0 || place.length() > body.capacity() - place.offset()) {
                throw new IllegalArgumentException("a buffer lies outside of the record batch");
            }
            ArrowBuf slice = body.slice(place.offset(), place.length());
            slice.getReferenceManager().retain();
            if (codec.getCodecType() == CodecType.NO_COMPRESSION || place.length() == 0) {
                return slice;
            }
            try {
                return codec.decompress(slice.getReferenceManager().getAllocator(), slice);
            } catch (RuntimeException damaged) {
                slice.close();
                throw damaged;
            }
        }
    }
}
