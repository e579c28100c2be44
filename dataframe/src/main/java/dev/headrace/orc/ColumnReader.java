package dev.headrace.orc;

import dev.headrace.columns.BitWriter;
import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.FixedWriter;
import dev.headrace.columns.ListWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.MapType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.math.BigDecimal;
import org.apache.orc.TypeDescription;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.ColumnVector;
import org.apache.orc.storage.ql.exec.vector.DecimalColumnVector;
import org.apache.orc.storage.ql.exec.vector.DoubleColumnVector;
import org.apache.orc.storage.ql.exec.vector.ListColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.MapColumnVector;
import org.apache.orc.storage.ql.exec.vector.StructColumnVector;
import org.apache.orc.storage.ql.exec.vector.TimestampColumnVector;

/// Copies values of the library's vectors into our columns.
record ColumnReader(WallClock clock) {
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final int NANOS_PER_MICRO = 1_000;

    /// @param held what the library was asked for
    void read(ColumnVector from, int at, ColumnWriter to, int row, DataType type, TypeDescription held) {
        int i = from.isRepeating ? 0 : at;
        if (!from.noNulls && from.isNull[i]) {
            return;
        }
        switch (from) {
            case TimestampColumnVector v -> ((FixedWriter) to).putLong(row, micros(v, i, type, held));
            case LongColumnVector v -> {
                // A timestamp_ntz that is asked for as a timestamp: a time on the wall.
                boolean wall = type instanceof TimestampType;
                whole(wall ? clock.moment(v.vector[i]) : v.vector[i], to, row, type);
            }
            case DoubleColumnVector v
                    when type instanceof FloatType -> ((FixedWriter) to).putFloat(row, (float) v.vector[i]);
            case DoubleColumnVector v -> ((FixedWriter) to).putDouble(row, v.vector[i]);
            case BytesColumnVector v -> ((BytesWriter) to).put(row, v.vector[i], v.start[i], v.length[i]);
            case DecimalColumnVector v -> {
                BigDecimal decimal = v.vector[i].getHiveDecimal().bigDecimalValue();
                ((FixedWriter) to)
                        .putDecimal(
                                row,
                                decimal.setScale(((DecimalType) type).scale()).unscaledValue());
            }
            case StructColumnVector v -> struct(v, i, (StructWriter) to, row, (StructType) type, held);
            case ListColumnVector v -> {
                ListWriter list = (ListWriter) to;
                list.begin(row);
                DataType element = ((dev.headrace.types.ArrayType) type).elementType();
                for (int k = 0; k < v.lengths[i]; k++) {
                    int place = list.append();
                    read(
                            v.child,
                            (int) v.offsets[i] + k,
                            list.elements(),
                            place,
                            element,
                            held.getChildren().getFirst());
                }
                list.end(row);
            }
            case MapColumnVector v -> map(v, i, (ListWriter) to, row, (MapType) type, held);
            default ->
                throw new IllegalArgumentException(
                        "no values of " + from.getClass().getSimpleName());
        }
    }

    private static void whole(long value, ColumnWriter to, int row, DataType type) {
        switch (type) {
            case BooleanType _ -> ((BitWriter) to).putBoolean(row, value != 0);
            case ByteType _ -> ((FixedWriter) to).putByte(row, (byte) value);
            case ShortType _ -> ((FixedWriter) to).putShort(row, (short) value);
            case IntegerType _, DateType _, YearMonthIntervalType _ -> ((FixedWriter) to).putInt(row, (int) value);
            default -> ((FixedWriter) to).putLong(row, value);
        }
    }

    private long micros(TimestampColumnVector vector, int at, DataType type, TypeDescription held) {
        long micros = Math.addExact(
                Math.multiplyExact(Math.floorDiv(vector.time[at], MILLIS_PER_SECOND), MICROS_PER_SECOND),
                vector.nanos[at] / NANOS_PER_MICRO);
        boolean instant = held.getCategory() == TypeDescription.Category.TIMESTAMP_INSTANT;
        return type instanceof TimestampType && !instant ? clock.moment(micros) : micros;
    }

    private void struct(
            StructColumnVector from, int at, StructWriter to, int row, StructType type, TypeDescription held) {
        to.putStruct(row);
        for (int i = 0; i < type.size(); i++) {
            read(
                    from.fields[i],
                    at,
                    to.field(i),
                    row,
                    type.field(i).dataType(),
                    held.getChildren().get(i));
        }
    }

    private void map(MapColumnVector from, int at, ListWriter to, int row, MapType type, TypeDescription held) {
        to.begin(row);
        for (int k = 0; k < from.lengths[at]; k++) {
            int place = to.append();
            int source = (int) from.offsets[at] + k;
            StructWriter entry = (StructWriter) to.elements();
            entry.putStruct(place);
            read(
                    from.keys,
                    source,
                    entry.field(0),
                    place,
                    type.keyType(),
                    held.getChildren().get(0));
            read(
                    from.values,
                    source,
                    entry.field(1),
                    place,
                    type.valueType(),
                    held.getChildren().get(1));
        }
        to.end(row);
    }
}
