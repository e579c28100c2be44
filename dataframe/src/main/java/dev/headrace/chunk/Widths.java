package dev.headrace.chunk;

import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/// How many bytes the values of a column take, with what says where each begins, but not which are null.
public final class Widths {
    private Widths() {}

    /// Whether values of a type may take more bytes than others.
    public static boolean differ(DataType type) {
        return switch (type) {
            case StringType _, BinaryType _, VariantType _, ArrayType _, MapType _ -> true;
            case StructType struct -> struct.fieldList().stream().anyMatch(field -> differ(field.dataType()));
            default -> false;
        };
    }

    /// The bytes of the values `[from, end)` of some columns together.
    public static long of(Chunk rows, int[] columns, int from, int end) {
        long bytes = 0;
        for (int column : columns) {
            bytes += of(rows.column(column), from, end);
        }
        return bytes;
    }

    /// The bytes of a row of the longest values of some columns, or more.
    public static long ofLongest(Chunk rows, int[] columns) {
        long bytes = 0;
        for (int column : columns) {
            bytes += ofLongest(rows.column(column));
        }
        return bytes;
    }

    /// The bytes of the values `[from, end)`, in a time that does not depend on how many they are.
    public static long of(FieldVector column, int from, int end) {
        if (from == end) {
            return 0;
        }
        return switch (column) {
            case BaseFixedWidthVector fixed -> (long) fixed.getTypeWidth() * (end - from);
            case BaseVariableWidthVector bytes -> {
                long offsets = bytes.getOffsetBuffer().memoryAddress();
                yield (long) Integer.BYTES * (end - from) + offset(offsets, end) - offset(offsets, from);
            }
            case ListVector lists -> {
                long offsets = lists.getOffsetBuffer().memoryAddress();
                int first = offset(offsets, from);
                int last = offset(offsets, end);
                // Who gathers elements has a list of them.
                yield (long) Integer.BYTES * (end - from + last - first) + of(lists.getDataVector(), first, last);
            }
            default -> {
                long bytes = 0;
                for (FieldVector part : column.getChildrenFromFields()) {
                    bytes += of(part, from, end);
                }
                yield bytes;
            }
        };
    }

    /// The bytes of the longest value, or more.
    public static long ofLongest(FieldVector column) {
        return switch (column) {
            case BaseFixedWidthVector fixed -> fixed.getTypeWidth();
            case BaseVariableWidthVector bytes -> Integer.BYTES + longest(bytes);
            case StructVector struct -> {
                long sum = 0;
                for (FieldVector part : struct.getChildrenFromFields()) {
                    sum += ofLongest(part);
                }
                yield sum;
            }
            default -> {
                long most = 0;
                for (int i = 0; i < column.getValueCount(); i++) {
                    most = Math.max(most, of(column, i, i + 1));
                }
                yield most;
            }
        };
    }

    private static int longest(BaseVariableWidthVector column) {
        if (column.getValueCount() == 0) {
            return 0;
        }
        long offsets = column.getOffsetBuffer().memoryAddress();
        int most = 0;
        int begin = offset(offsets, 0);
        for (int i = 1; i <= column.getValueCount(); i++) {
            int end = offset(offsets, i);
            most = Math.max(most, end - begin);
            begin = end;
        }
        return most;
    }

    private static int offset(long offsets, int at) {
        return Memory.getInt(offsets + (long) Integer.BYTES * at);
    }
}
