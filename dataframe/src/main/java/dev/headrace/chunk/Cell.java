package dev.headrace.chunk;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/// One value of a column as an object: the slow, general way in and out, for the interpreter, literals, nested values
/// and tests.
///
/// Objects by type: `Boolean`, `Byte`, `Short`, `Integer` (int, date), `Long` (bigint, timestamps), `Float`, `Double`,
/// `BigDecimal` of the type's scale, [Slice] (string, binary), `List` (array; struct, its fields in order), `Map` with
/// the order of its entries; null for null.
public final class Cell {
    /// About how much of the heap an object of a value of fixed width has, a decimal not included.
    public static final int OBJECT_BYTES = 24;

    private static final int DECIMAL_BYTES = 112;
    private static final int REFERENCE_BYTES = 4;

    /// Of a map, with its places in the table.
    private static final int ENTRY_BYTES = 48;

    private Cell() {}

    /// The value at `row`. A [Slice] in it points into the vector.
    public static @Nullable Object read(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return null;
        }
        return switch (vector) {
            case BitVector v -> v.get(row) != 0;
            case TinyIntVector v -> v.get(row);
            case SmallIntVector v -> v.get(row);
            case IntVector v -> v.get(row);
            case BigIntVector v -> v.get(row);
            case Float4Vector v -> v.get(row);
            case Float8Vector v -> v.get(row);
            case DecimalVector v -> v.getObject(row);
            case DateDayVector v -> v.get(row);
            case TimeStampMicroTZVector v -> v.get(row);
            case TimeStampMicroVector v -> v.get(row);
            case IntervalYearVector v -> v.get(row);
            case DurationVector v -> DurationVector.get(v.getDataBuffer(), row);
            case VarCharVector v ->
                slice(v.getDataBuffer().memoryAddress(), v.getStartOffset(row), v.getEndOffset(row));
            case VarBinaryVector v ->
                slice(v.getDataBuffer().memoryAddress(), v.getStartOffset(row), v.getEndOffset(row));
            case org.apache.arrow.vector.complex.MapVector v -> map(v, row);
            case ListVector v -> list(v, row);
            case StructVector v -> struct(v, row);
            default ->
                throw new IllegalArgumentException(
                        "no values of " + vector.getClass().getSimpleName());
        };
    }

    private static Slice slice(long data, int start, int end) {
        return Slice.at(data + start, end - start);
    }

    private static List<@Nullable Object> list(ListVector vector, int row) {
        int start = vector.getElementStartIndex(row);
        int end = vector.getElementEndIndex(row);
        FieldVector elements = vector.getDataVector();
        List<@Nullable Object> values = new ArrayList<>(end - start);
        for (int i = start; i < end; i++) {
            Cancellation.checkThread(i - start);
            values.add(read(elements, i));
        }
        return values;
    }

    private static Map<Object, @Nullable Object> map(ListVector vector, int row) {
        StructVector entries = (StructVector) vector.getDataVector();
        FieldVector keys = entries.getChildrenFromFields().get(0);
        FieldVector values = entries.getChildrenFromFields().get(1);
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        int start = vector.getElementStartIndex(row);
        for (int i = start; i < vector.getElementEndIndex(row); i++) {
            Cancellation.checkThread(i - start);
            map.put(java.util.Objects.requireNonNull(read(keys, i)), read(values, i));
        }
        return map;
    }

    private static List<@Nullable Object> struct(StructVector vector, int row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldVector child : vector.getChildrenFromFields()) {
            values.add(read(child, row));
        }
        return values;
    }

    /// Sets the value at `row`, growing the vector. Rows are written in ascending order; the caller sets the value
    /// count at the end.
    public static void write(FieldVector vector, int row, @Nullable Object value) {
        if (value == null) {
            writeNull(vector, row);
            return;
        }
        switch (vector) {
            case BitVector v -> v.setSafe(row, (Boolean) value ? 1 : 0);
            case TinyIntVector v -> v.setSafe(row, (Byte) value);
            case SmallIntVector v -> v.setSafe(row, (Short) value);
            case IntVector v -> v.setSafe(row, (Integer) value);
            case BigIntVector v -> v.setSafe(row, (Long) value);
            case Float4Vector v -> v.setSafe(row, (Float) value);
            case Float8Vector v -> v.setSafe(row, (Double) value);
            case DecimalVector v -> v.setSafe(row, ((BigDecimal) value).setScale(v.getScale()));
            case DateDayVector v -> v.setSafe(row, (Integer) value);
            case TimeStampMicroTZVector v -> v.setSafe(row, (Long) value);
            case TimeStampMicroVector v -> v.setSafe(row, (Long) value);
            case IntervalYearVector v -> v.setSafe(row, (Integer) value);
            case DurationVector v -> v.setSafe(row, (Long) value);
            case VarCharVector v -> v.setSafe(row, ((Slice) value).bytes());
            case VarBinaryVector v -> v.setSafe(row, ((Slice) value).bytes());
            case org.apache.arrow.vector.complex.MapVector v -> writeMap(v, row, (Map<?, ?>) value);
            case ListVector v -> writeList(v, row, (List<?>) value);
            case StructVector v -> writeStruct(v, row, (List<?>) value);
            default ->
                throw new IllegalArgumentException(
                        "no " + value + " in " + vector.getClass().getSimpleName());
        }
    }

    private static void writeNull(FieldVector vector, int row) {
        if (vector instanceof NullVector) {
            return;
        }
        if (vector instanceof StructVector struct) {
            struct.setNull(row);
            struct.getChildrenFromFields().forEach(child -> writeNull(child, row));
            return;
        }
        while (vector.getValueCapacity() <= row) {
            vector.reAlloc();
        }
        vector.setNull(row);
    }

    private static void writeList(ListVector vector, int row, List<?> values) {
        int start = vector.startNewValue(row);
        int at = start;
        FieldVector elements = vector.getDataVector();
        for (Object value : values) {
            Cancellation.checkThread(at - start);
            write(elements, at++, value);
        }
        vector.endValue(row, values.size());
    }

    private static void writeMap(ListVector vector, int row, Map<?, ?> values) {
        StructVector entries = (StructVector) vector.getDataVector();
        int start = vector.startNewValue(row);
        int at = start;
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            Cancellation.checkThread(at - start);
            List<@Nullable Object> pair = new ArrayList<>();
            pair.add(entry.getKey());
            pair.add(entry.getValue());
            writeStruct(entries, at++, pair);
        }
        vector.endValue(row, values.size());
    }

    private static void writeStruct(StructVector vector, int row, List<?> values) {
        // Grows its own bitmap; the fields grow by themselves.
        vector.setIndexDefined(row);
        List<FieldVector> children = vector.getChildrenFromFields();
        for (int i = 0; i < children.size(); i++) {
            write(children.get(i), row, values.get(i));
        }
    }

    /// A value that stays valid when the vector it was read from is closed.
    public static @Nullable Object detach(@Nullable Object value) {
        return switch (value) {
            case Slice slice -> slice.copy();
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(detach(element)));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((key, element) -> copy.put(detach(key), detach(element)));
                yield copy;
            }
            case null -> null;
            default -> value;
        };
    }

    /// About how much of the heap a value has that was detached.
    public static long heapBytes(@Nullable Object value) {
        return switch (value) {
            case null -> 0;
            case Slice slice -> 2L * OBJECT_BYTES + slice.length();
            case BigDecimal _ -> DECIMAL_BYTES;
            case List<?> list -> {
                long bytes = 2 * OBJECT_BYTES + (long) REFERENCE_BYTES * list.size();
                for (Object element : list) {
                    bytes += heapBytes(element);
                }
                yield bytes;
            }
            case Map<?, ?> map -> {
                long bytes = 4 * OBJECT_BYTES;
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    bytes += ENTRY_BYTES + heapBytes(entry.getKey()) + heapBytes(entry.getValue());
                }
                yield bytes;
            }
            default -> OBJECT_BYTES;
        };
    }

    /// A struct without the fields that are not wanted, at any depth of structs within structs; other cells as they
    /// are.
    public static @Nullable Object narrowed(@Nullable Object cell, DataType type, DataType wanted) {
        if (!(cell instanceof List<?> fields)
                || !(type instanceof StructType from)
                || !(wanted instanceof StructType to)
                || from.equals(to)) {
            return cell;
        }
        List<@Nullable Object> kept = new ArrayList<>();
        for (StructField field : to) {
            int at = from.indexOf(field.name()).orElseThrow();
            kept.add(narrowed(fields.get(at), from.field(at).dataType(), field.dataType()));
        }
        return kept;
    }
}
