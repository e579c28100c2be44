package dev.headrace.chunk;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/// The memory of chunks as Arrow's record batches, which are written as they lie there.
///
/// Unlike those of Arrow's `VectorUnloader`, the buffers of a batch are no one else's to change: a vector without rows
/// has the one empty buffer of its allocator, in which each vector that has it notes how many bytes it holds, also
/// while another thread writes it. In its place a batch has memory of its own.
public final class RecordBatches {
    /// The offset behind no rows, which is 0, has room in it.
    private static final long EMPTY_BYTES = Long.BYTES;

    private RecordBatches() {}

    /// @param chunk borrowed; the batch, which the caller closes, owns its memory jointly
    public static ArrowRecordBatch of(Chunk chunk) {
        List<ArrowFieldNode> nodes = new ArrayList<>();
        List<ArrowBuf> buffers = new ArrayList<>();
        List<ArrowBuf> own = new ArrayList<>();
        try {
            for (FieldVector column : chunk.columns()) {
                append(column, nodes, buffers, own);
            }
            return new ArrowRecordBatch(chunk.rowCount(), nodes, buffers);
        } finally {
            Closing.all(own);
        }
    }

    private static void append(
            FieldVector vector, List<ArrowFieldNode> nodes, List<ArrowBuf> buffers, List<ArrowBuf> own) {
        nodes.add(new ArrowFieldNode(vector.getValueCount(), vector.getNullCount()));
        for (ArrowBuf buffer : vector.getFieldBuffers()) {
            if (buffer.capacity() > 0) {
                buffers.add(buffer);
            } else {
                ArrowBuf empty = vector.getAllocator().buffer(EMPTY_BYTES);
                own.add(empty);
                empty.setZero(0, EMPTY_BYTES);
                buffers.add(empty);
            }
        }
        for (FieldVector child : vector.getChildrenFromFields()) {
            append(child, nodes, buffers, own);
        }
    }
}
