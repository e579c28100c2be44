package dev.headrace.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.types.StructType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.junit.jupiter.api.Test;

/// What a record batch has to write is no one else's to change.
class RecordBatchesTest {
    private static final StructType LISTS = StructType.fromDDL("l array<array<string>>");

    @Test
    void vectorsWithoutRowsShareNoBuffer() {
        try (BufferAllocator allocator = new RootAllocator();
                Chunk written = none(allocator);
                Chunk other = none(allocator);
                ArrowRecordBatch batch = RecordBatches.of(written);
                ChunkBytes bytes = ChunkBytes.of(written)) {
            long length = bytes.length();
            List<Long> before =
                    batch.getBuffers().stream().map(ArrowBuf::readableBytes).toList();
            touch(other.column(0));

            assertEquals(
                    before,
                    batch.getBuffers().stream().map(ArrowBuf::readableBytes).toList());
            assertEquals(length, bytes.length());
            assertTrue(batch.getBuffers().stream().allMatch(buffer -> buffer.capacity() >= Integer.BYTES));
        }
    }

    private static Chunk none(BufferAllocator allocator) {
        return new Chunk(
                LISTS, List.of(ArrowTypes.field(LISTS.fieldList().getFirst()).createVector(allocator)), 0);
    }

    /// As a writer does: the lists last, which note that there is one offset.
    private static void touch(FieldVector vector) {
        vector.getChildrenFromFields().forEach(RecordBatchesTest::touch);
        assertFalse(vector.getFieldBuffers().isEmpty());
    }
}
