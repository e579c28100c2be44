package dev.headrace.arrow;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Slice;
import dev.headrace.files.Widening;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.BaseListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/// Makes our vectors of a file's: by sharing the memory where both are laid out alike, and value by value otherwise.
final class ArrowColumn {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MILLIS_PER_DAY = 86_400_000;

    private final ArrowSchema schema;

    ArrowColumn(ArrowSchema schema) {
        this.schema = schema;
    }

    /// A vector of the type that is asked for. The caller owns it.
    ///
    /// @param from stays the caller's
    /// @throws dev.headrace.errors.DataException `ARROW_TYPE_MISMATCH`
    FieldVector convert(FieldVector from, StructField asked, BufferAllocator allocator) {
        check(from.getField(), asked.dataType());
        FieldVector to = ArrowTypes.field(asked).createVector(allocator);
        try {
            if (isAlike(from.getField(), to.getField())) {
                share(from, to);
            } else {
                copy(from, to, asked.dataType());
            }
            return to;
        } catch (Throwable failed) {
            to.close();
            throw failed;
        }
    }

    private void check(Field field, DataType asked) {
        if (field.getDictionary() != null) {
            check(schema.dictionary(field).getVector().getField(), asked);
            return;
        }
        DataType natural = schema.type(field);
        boolean fits = switch (asked) {
            case StructType struct when natural instanceof StructType -> {
                for (StructField part : struct) {
                    child(field.getChildren(), part.name())
                            .ifPresent(child -> check(field.getChildren().get(child), part.dataType()));
                }
                yield true;
            }
            case ArrayType(DataType element, boolean _) when natural instanceof ArrayType -> {
                check(field.getChildren().getFirst(), element);
                yield true;
            }
            case MapType(DataType key, DataType value, boolean _) when natural instanceof MapType -> {
                List<Field> entry = field.getChildren().getFirst().getChildren();
                check(entry.get(0), key);
                check(entry.get(1), value);
                yield true;
            }
            case DataType _ -> Widening.isAllowed(natural, asked);
        };
        if (!fits) {
            throw ArrowErrors.typeMismatch(schema.file(), field, asked);
        }
    }

    /// The place of a name: the exact one, else one that differs in letter case.
    static Optional<Integer> child(List<Field> fields, String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).getName().equals(name)) {
                return Optional.of(i);
            }
        }
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).getName().equalsIgnoreCase(name)) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private static boolean isAlike(Field from, Field to) {
        if (from.getDictionary() != null || !isAlike(from.getType(), to.getType())) {
            return false;
        }
        boolean struct = to.getType() instanceof ArrowType.Struct;
        for (int i = 0; i < to.getChildren().size(); i++) {
            Field part = to.getChildren().get(i);
            Optional<Integer> same = struct ? child(from.getChildren(), part.getName()) : Optional.of(i);
            if (same.isEmpty() || !isAlike(from.getChildren().get(same.get()), part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlike(ArrowType from, ArrowType to) {
        return switch (to) {
            case ArrowType.Timestamp _ ->
                from instanceof ArrowType.Timestamp time && time.getUnit() == TimeUnit.MICROSECOND;
            case ArrowType.Map _ -> from instanceof ArrowType.Map;
            case ArrowType.Date _ -> from instanceof ArrowType.Date date && date.getUnit() == DateUnit.DAY;
            default -> to.equals(from);
        };
    }

    private static void share(FieldVector from, FieldVector to) {
        if (to instanceof NullVector) {
            to.setValueCount(from.getValueCount());
            return;
        }
        to.loadFieldBuffers(new ArrowFieldNode(from.getValueCount(), from.getNullCount()), from.getFieldBuffers());
        List<FieldVector> parts = to.getChildrenFromFields();
        List<FieldVector> given = from.getChildrenFromFields();
        boolean struct = to instanceof StructVector;
        for (int i = 0; i < parts.size(); i++) {
            int same = struct
                    ? child(from.getField().getChildren(), parts.get(i).getName())
                            .orElseThrow()
                    : i;
            share(given.get(same), parts.get(i));
        }
    }

    private void copy(FieldVector from, FieldVector to, DataType asked) {
        int rows = from.getValueCount();
        to.setInitialCapacity(rows);
        to.allocateNew();
        for (int row = 0; row < rows; row++) {
            Cell.write(to, row, cell(from, row, asked));
        }
        to.setValueCount(rows);
    }

    private @Nullable Object cell(FieldVector vector, int row, DataType asked) {
        if (vector.isNull(row)) {
            return null;
        }
        if (vector.getField().getDictionary() != null) {
            int place = Math.toIntExact(((BaseIntVector) vector).getValueAsLong(row));
            FieldVector values = schema.dictionary(vector.getField()).getVector();
            if (place < 0 || place >= values.getValueCount()) {
                throw new IndexOutOfBoundsException("the dictionary of '" + vector.getName() + "' has "
                        + values.getValueCount() + " values, but value " + place + " is asked for");
            }
            return cell(values, place, asked);
        }
        return switch (asked) {
            case StructType struct -> struct((StructVector) vector, row, struct);
            case ArrayType(DataType element, boolean _) -> list((BaseListVector) vector, row, element);
            case MapType map -> map((MapVector) vector, row, map);
            case DataType _ -> Widening.widen(value(vector, row), schema.type(vector.getField()), asked);
        };
    }

    private List<@Nullable Object> struct(StructVector vector, int row, StructType asked) {
        List<@Nullable Object> values = new ArrayList<>();
        for (StructField part : asked) {
            Optional<Integer> child = child(vector.getField().getChildren(), part.name());
            values.add(
                    child.isEmpty()
                            ? null
                            : cell(vector.getChildrenFromFields().get(child.get()), row, part.dataType()));
        }
        return values;
    }

    private List<@Nullable Object> list(BaseListVector vector, int row, DataType element) {
        FieldVector elements = vector.getChildrenFromFields().getFirst();
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
            values.add(cell(elements, i, element));
        }
        return values;
    }

    private Map<Object, @Nullable Object> map(ListVector vector, int row, MapType type) {
        List<FieldVector> entry = vector.getDataVector().getChildrenFromFields();
        Map<Object, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
            Object key = Objects.requireNonNull(cell(entry.get(0), i, type.keyType()), "a key that is null");
            values.put(key, cell(entry.get(1), i, type.valueType()));
        }
        return values;
    }

    /// A value without parts, of the type that [ArrowSchema#type] says.
    private static @Nullable Object value(FieldVector vector, int row) {
        return switch (vector) {
            case UInt1Vector v -> (short) (v.get(row) & 0xff);
            case UInt2Vector v -> (int) v.get(row);
            case UInt4Vector v -> Integer.toUnsignedLong(v.get(row));
            case UInt8Vector v -> new BigDecimal(new BigInteger(Long.toUnsignedString(v.get(row))));
            case Float2Vector v -> v.getValueAsFloat(row);
            case Decimal256Vector v -> v.getObject(row);
            case org.apache.arrow.vector.DecimalVector v -> v.getObject(row);
            case LargeVarCharVector v -> Slice.of(v.get(row));
            case LargeVarBinaryVector v -> Slice.of(v.get(row));
            case ViewVarCharVector v -> Slice.of(v.get(row));
            case ViewVarBinaryVector v -> Slice.of(v.get(row));
            case FixedSizeBinaryVector v -> Slice.of(v.get(row));
            case DateMilliVector v -> Math.toIntExact(Math.floorDiv(v.get(row), MILLIS_PER_DAY));
            case TimeSecVector v -> v.get(row) * MICROS_PER_SECOND;
            case TimeMilliVector v -> v.get(row) * MICROS_PER_MILLI;
            case TimeMicroVector v -> v.get(row);
            case TimeNanoVector v -> v.get(row) / NANOS_PER_MICRO;
            case TimeStampVector v ->
                micros(v.get(row), ((ArrowType.Timestamp) v.getField().getType()).getUnit());
            case DurationVector v ->
                micros(
                        DurationVector.get(v.getDataBuffer(), row),
                        ((ArrowType.Duration) v.getField().getType()).getUnit());
            default -> Cell.read(vector, row);
        };
    }

    private static long micros(long value, TimeUnit unit) {
        return switch (unit) {
            case SECOND -> Math.multiplyExact(value, MICROS_PER_SECOND);
            case MILLISECOND -> Math.multiplyExact(value, MICROS_PER_MILLI);
            case MICROSECOND -> value;
            case NANOSECOND -> Math.floorDiv(value, NANOS_PER_MICRO);
        };
    }
}
