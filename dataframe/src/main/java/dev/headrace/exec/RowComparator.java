package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import dev.headrace.function.CellOrder;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.BinaryType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/// Compares two rows of one chunk.
interface RowComparator {
    int compare(int a, int b);

    /// Compares by one column, nulls placed as the key says.
    static RowComparator of(SortColumn key, Chunk rows) {
        FieldVector column = rows.column(key.ordinal());
        RowComparator values = values(column, rows, key.ordinal());
        RowComparator directed = key.direction() == Direction.ASC ? values : (a, b) -> values.compare(b, a);
        if (column.getNullCount() == 0) {
            return directed;
        }
        int nullFirst = key.nulls() == NullOrder.FIRST ? -1 : 1;
        return (a, b) -> {
            boolean aNull = column.isNull(a);
            boolean bNull = column.isNull(b);
            if (aNull || bNull) {
                return aNull == bNull ? 0 : aNull ? nullFirst : -nullFirst;
            }
            return directed.compare(a, b);
        };
    }

    private static RowComparator values(FieldVector column, Chunk rows, int ordinal) {
        long data = rows.rowCount() == 0 || rows.type(ordinal).isNested() ? 0 : address(column);
        return switch (rows.type(ordinal)) {
            case IntegerType _, DateType _, YearMonthIntervalType _ ->
                (a, b) -> Integer.compare(Memory.getInt(data + 4L * a), Memory.getInt(data + 4L * b));
            case LongType _, TimestampType _, TimestampNTZType _, DayTimeIntervalType _ ->
                (a, b) -> Long.compare(Memory.getLong(data + 8L * a), Memory.getLong(data + 8L * b));
            case DoubleType _ ->
                (a, b) -> Double.compare(Memory.getDouble(data + 8L * a) + 0.0, Memory.getDouble(data + 8L * b) + 0.0);
            case DecimalType _ -> (a, b) -> compareDecimals(data + 16L * a, data + 16L * b);
            case StringType _, BinaryType _ -> bytes((BaseVariableWidthVector) column, data);
            default -> (a, b) -> CellOrder.compareCells(Cell.read(column, a), Cell.read(column, b));
        };
    }

    private static int compareDecimals(long a, long b) {
        int high = Long.compare(Memory.getLong(a + 8), Memory.getLong(b + 8));
        return high != 0 ? high : Long.compareUnsigned(Memory.getLong(a), Memory.getLong(b));
    }

    private static long address(FieldVector column) {
        return column instanceof org.apache.arrow.vector.NullVector
                ? 0
                : column.getDataBuffer().memoryAddress();
    }

    private static RowComparator bytes(BaseVariableWidthVector column, long data) {
        Slice left = new Slice();
        Slice right = new Slice();
        return (a, b) -> {
            int aStart = column.getStartOffset(a);
            int bStart = column.getStartOffset(b);
            left.set(null, data + aStart, column.getEndOffset(a) - aStart);
            right.set(null, data + bStart, column.getEndOffset(b) - bStart);
            return left.compareTo(right);
        };
    }

    /// Compares by several keys in turn.
    final class Chain implements RowComparator {
        private final RowComparator[] keys;

        Chain(RowComparator[] keys) {
            this.keys = keys;
        }

        @Override
        public int compare(int a, int b) {
            for (RowComparator key : keys) {
                int result = key.compare(a, b);
                if (result != 0) {
                    return result;
                }
            }
            return 0;
        }
    }
}
