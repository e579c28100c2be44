package dev.headrace.function.aggregate;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Hash;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.math.BigDecimal;
import java.util.List;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/// The 64-bit hashes of a column's values: equal values have equal hashes, NaN and the two zeros included.
@FunctionalInterface
interface CellHash {
    /// The hash of the value at a row that is not null.
    long at(int row);

    static CellHash of(FieldVector vector) {
        return switch (vector) {
            case BigIntVector v -> {
                long data = v.getDataBuffer().memoryAddress();
                yield row -> Hash.of(Memory.getLong(data + (long) row * Long.BYTES));
            }
            case IntVector v -> {
                long data = v.getDataBuffer().memoryAddress();
                yield row -> Hash.of(Memory.getInt(data + (long) row * Integer.BYTES));
            }
            case BaseVariableWidthVector v -> {
                long data = v.getDataBuffer().memoryAddress();
                long offsets = v.getOffsetBuffer().memoryAddress();
                yield row -> {
                    int start = Memory.getInt(offsets + (long) row * Integer.BYTES);
                    int end = Memory.getInt(offsets + (long) (row + 1) * Integer.BYTES);
                    return Hash.of(null, data + start, end - start);
                };
            }
            default -> row -> hash(Cell.read(vector, row));
        };
    }

    private static long hash(@Nullable Object cell) {
        return switch (cell) {
            case null -> 0;
            case Boolean b -> Hash.of(b ? 1L : 0L);
            case Float f -> hash(f.doubleValue());
            case Double d -> Hash.of(Double.doubleToLongBits(d == 0 ? 0.0 : d));
            case BigDecimal decimal ->
                Slice.of(decimal.unscaledValue().toByteArray()).hash();
            case Number integer -> Hash.of(integer.longValue());
            case Slice slice -> slice.hash();
            case List<?> list -> {
                long hash = list.size();
                for (Object element : list) {
                    hash = Hash.of(hash * 31 + hash(element));
                }
                yield hash;
            }
            default ->
                throw new IllegalArgumentException(
                        "no hash of " + cell.getClass().getSimpleName());
        };
    }
}
