package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Slice;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The order of values of one type, as [dev.headrace.chunk.Cell] objects: comparison, sorting, `min` and `max`.
///
/// NaN equals NaN and is the largest number; -0.0 equals 0.0; false comes before true; strings and binaries go by
/// unsigned bytes; arrays and structs element by element. A null comes first, also within arrays and structs. Maps have
/// no order.
public final class CellOrder implements Comparator<@Nullable Object> {
    public static final CellOrder INSTANCE = new CellOrder();

    private CellOrder() {}

    @Override
    public int compare(@Nullable Object a, @Nullable Object b) {
        return compareCells(a, b);
    }

    public static int compareCells(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        return switch (a) {
            case Boolean x -> Boolean.compare(x, (Boolean) b);
            case Byte x -> Byte.compare(x, (Byte) b);
            case Short x -> Short.compare(x, (Short) b);
            case Integer x -> Integer.compare(x, (Integer) b);
            case Long x -> Long.compare(x, (Long) b);
            case Float x -> compareFloats(x, (Float) b);
            case Double x -> compareDoubles(x, (Double) b);
            case BigDecimal x -> x.compareTo((BigDecimal) b);
            case Slice x -> x.compareTo((Slice) b);
            case List<?> x -> compareLists(x, (List<?>) b);
            default ->
                throw new IllegalArgumentException("no order of " + a.getClass().getSimpleName());
        };
    }

    /// Compares rows column by column. Columns that have no order are left out, so that rows which this finds equal may
    /// differ in those.
    public static int compareRows(StructType schema, List<@Nullable Object> a, List<@Nullable Object> b) {
        int result = 0;
        for (int column = 0; column < schema.size() && result == 0; column++) {
            if (isOrdered(schema.field(column).dataType())) {
                result = compareCells(a.get(column), b.get(column));
            }
        }
        return result;
    }

    /// Whether values of the type have an order.
    public static boolean isOrdered(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> false;
            case ArrayType array -> isOrdered(array.elementType());
            case StructType struct -> struct.fieldList().stream().allMatch(field -> isOrdered(field.dataType()));
            default -> true;
        };
    }

    public static boolean equalCells(@Nullable Object a, @Nullable Object b) {
        return compareCells(a, b) == 0;
    }

    public static int compareDoubles(double a, double b) {
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : Boolean.compare(Double.isNaN(a), Double.isNaN(b));
    }

    public static int compareFloats(float a, float b) {
        return a < b ? -1 : a > b ? 1 : a == b ? 0 : Boolean.compare(Float.isNaN(a), Float.isNaN(b));
    }

    private static int compareLists(List<?> a, List<?> b) {
        Iterator<?> left = a.iterator();
        Iterator<?> right = b.iterator();
        int compared = 0;
        while (left.hasNext() && right.hasNext()) {
            Cancellation.checkThread(compared++);
            int difference = compareCells(left.next(), right.next());
            if (difference != 0) {
                return difference;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }
}
