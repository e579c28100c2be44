package dev.headrace.arrow;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.util.ValueVectorUtility;

/// Whether the buffers of a vector that came from a file hold all its values: offsets become addresses.
final class BufferCheck {
    private BufferCheck() {}

    /// @throws IllegalArgumentException if a value lies outside
    static void check(FieldVector vector, long rows) {
        require(
                rows >= 0 && vector.getValueCount() >= rows,
                vector,
                "it has " + vector.getValueCount() + " values of " + rows);
        if (rows == 0 || vector instanceof NullVector) {
            return;
        }
        switch (vector) {
            case BitVector bits -> holds(bits, bits.getDataBuffer(), (rows + 7) / 8);
            case BaseFixedWidthVector fixed -> holds(fixed, fixed.getDataBuffer(), rows * fixed.getTypeWidth());
            case BaseVariableWidthVector bytes ->
                holds(bytes, bytes.getDataBuffer(), offsets(bytes, bytes.getOffsetBuffer(), rows, Integer.BYTES));
            case BaseLargeVariableWidthVector bytes ->
                holds(bytes, bytes.getDataBuffer(), offsets(bytes, bytes.getOffsetBuffer(), rows, Long.BYTES));
            case ListVector list ->
                check(list.getDataVector(), offsets(list, list.getOffsetBuffer(), rows, Integer.BYTES));
            case LargeListVector list ->
                check(list.getDataVector(), offsets(list, list.getOffsetBuffer(), rows, Long.BYTES));
            case FixedSizeListVector list -> check(list.getDataVector(), rows * list.getListSize());
            case StructVector struct -> parts(struct.getChildrenFromFields(), rows);
            default -> ValueVectorUtility.validateFull(vector);
        }
        holds(vector, vector.getValidityBuffer(), (rows + 7) / 8);
    }

    private static void parts(List<FieldVector> parts, long rows) {
        parts.forEach(part -> check(part, rows));
    }

    private static void holds(FieldVector vector, ArrowBuf buffer, long bytes) {
        require(buffer.capacity() >= bytes, vector, "a buffer has " + buffer.capacity() + " bytes of " + bytes);
    }

    /// @return the last offset
    private static long offsets(FieldVector vector, ArrowBuf offsets, long rows, int width) {
        holds(vector, offsets, (rows + 1) * width);
        long before = 0;
        for (long i = 0; i <= rows; i++) {
            long offset = width == Integer.BYTES ? offsets.getInt(i * width) : offsets.getLong(i * width);
            require(offset >= before, vector, "offset " + i + " is " + offset + " after " + before);
            before = offset;
        }
        return before;
    }

    private static void require(boolean condition, FieldVector vector, String found) {
        if (!condition) {
            throw new IllegalArgumentException("column '" + vector.getName() + "': " + found);
        }
    }
}
