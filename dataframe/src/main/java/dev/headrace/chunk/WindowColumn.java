package dev.headrace.chunk;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// Columns of time windows, `struct<start, end>` of timestamps.
public final class WindowColumn {
    private WindowColumn() {}

    /// Fills a new column with windows.
    ///
    /// @param starts,ends microseconds
    public static void fill(FieldVector target, long[] starts, long[] ends, int count) {
        StructVector windows = (StructVector) target;
        List<FieldVector> fields = windows.getChildrenFromFields();
        windows.setInitialCapacity(count);
        windows.allocateNew();
        windows.setValueCount(count);
        define(windows, count);
        put(fields.get(0), starts, count);
        put(fields.get(1), ends, count);
    }

    private static void put(FieldVector column, long[] values, int count) {
        define(column, count);
        long data = column.getDataBuffer().memoryAddress();
        for (int i = 0; i < count; i++) {
            Memory.putLong(data + 8L * i, values[i]);
        }
    }

    private static void define(FieldVector vector, int count) {
        Memory.fill(vector.getValidityBuffer().memoryAddress(), (count + 7) / 8, (byte) -1);
    }

    /// The windows' starts, in microseconds.
    public static long[] starts(FieldVector windows, int count) {
        return times(((StructVector) windows).getChildrenFromFields().get(0), count);
    }

    /// The windows' ends, in microseconds.
    public static long[] ends(FieldVector windows, int count) {
        return times(((StructVector) windows).getChildrenFromFields().get(1), count);
    }

    /// The values of a column of timestamps, in microseconds; what stands for a null is undefined.
    public static long[] times(FieldVector column, int count) {
        long data = column.getDataBuffer().memoryAddress();
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            times[i] = Memory.getLong(data + 8L * i);
        }
        return times;
    }
}
