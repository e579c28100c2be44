package dev.headrace.codegen;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.ResourceException;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/// Appends strings or binaries to a vector, row by row, for generated code. The vector is allocated, and all its values
/// are marked as present.
final class BytesTarget {
    private final BaseVariableWidthVector vector;
    private final long offsets;
    private final long validity;
    private long data;
    private long capacity;
    private int end;

    BytesTarget(FieldVector vector) {
        this.vector = (BaseVariableWidthVector) vector;
        offsets = vector.getOffsetBuffer().memoryAddress();
        validity = vector.getValidityBuffer().memoryAddress();
        Memory.putInt(offsets, 0);
        locate();
    }

    private void locate() {
        data = vector.getDataBuffer().memoryAddress();
        // More than offsets can say is no room.
        capacity = Math.min(vector.getDataBuffer().capacity(), Integer.MAX_VALUE);
    }

    /// Writes the value of `row`, the row after the one written before.
    void put(int row, Slice value) {
        int length = value.length();
        long newEnd = (long) end + length;
        if (newEnd > capacity) {
            grow(newEnd);
        }
        value.copyTo(null, data + end);
        end = (int) newEnd;
        Memory.putInt(offsets + 4L * row + 4, end);
    }

    void putNull(int row) {
        Memory.clearBit(validity, row);
        Memory.putInt(offsets + 4L * row + 4, end);
    }

    private void grow(long bytes) {
        if (bytes > Integer.MAX_VALUE) {
            throw ResourceException.chunkTooLarge(vector.getName());
        }
        // It takes the next power of two, at least.
        vector.reallocDataBuffer(bytes);
        locate();
    }
}
