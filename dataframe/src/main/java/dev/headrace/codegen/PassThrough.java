package dev.headrace.codegen;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/// Columns and fields that go to the result as they are.
final class PassThrough {
    private PassThrough() {}

    /// All rows, sharing the input's memory. The caller closes the result.
    static FieldVector all(Path path, Chunk input) {
        FieldVector vector = path.vector(input);
        FieldVector shared = Columns.share(vector, 0, input.rowCount(), vector.getAllocator());
        for (Path place = path; !place.isColumn() && !(vector instanceof NullVector); ) {
            place = place.parent();
            FieldVector struct = place.vector(input);
            if (struct.getNullCount() > 0) {
                maskNulls(shared, struct, input.rowCount());
            }
        }
        return shared;
    }

    /// Some rows, copied. The caller closes the result.
    static FieldVector some(Path path, Chunk input, int[] rows, int count, BufferAllocator allocator) {
        if (path.isColumn() || path.parent().noNulls(input)) {
            return Columns.gather(path.vector(input), rows, 0, count, allocator);
        }
        try (FieldVector all = all(path, input)) {
            return Columns.gather(all, rows, 0, count, allocator);
        }
    }

    /// Makes the values of `vector` null where `struct` is.
    private static void maskNulls(FieldVector vector, FieldVector struct, int rows) {
        long bytes = (rows + 63) / 64 * 8L;
        try (ArrowBuf both = vector.getAllocator().buffer(bytes)) {
            and(vector.getValidityBuffer(), struct.getValidityBuffer(), both, rows);
            List<ArrowBuf> buffers = new ArrayList<>(vector.getFieldBuffers());
            buffers.set(0, both);
            vector.loadFieldBuffers(new ArrowFieldNode(rows, nulls(both, rows)), buffers);
        }
    }

    private static void and(ArrowBuf a, ArrowBuf b, ArrowBuf result, int rows) {
        int bytes = (rows + 7) / 8;
        result.setZero(0, result.capacity());
        for (int i = 0; i < bytes; i++) {
            Memory.putByte(result.memoryAddress() + i, (byte)
                    (Memory.getByte(a.memoryAddress() + i) & Memory.getByte(b.memoryAddress() + i)));
        }
        if (rows % 8 != 0) {
            long last = result.memoryAddress() + bytes - 1;
            Memory.putByte(last, (byte) (Memory.getByte(last) & (1 << rows % 8) - 1));
        }
    }

    private static int nulls(ArrowBuf validity, int rows) {
        int present = 0;
        for (long at = 0; at < validity.capacity() / 8 * 8; at += 8) {
            present += Long.bitCount(validity.getLong(at));
        }
        return rows - present;
    }
}
