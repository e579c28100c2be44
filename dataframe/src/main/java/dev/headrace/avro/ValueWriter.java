package dev.headrace.avro;

import dev.headrace.chunk.Chunk;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.BaseVariableWidthVector;
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
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.avro.io.Encoder;

/// Writes the value of a row of one vector.
@FunctionalInterface
interface ValueWriter {
    void write(int row, Encoder out) throws IOException;

    /// Writes whole rows.
    static ValueWriter of(Chunk rows) {
        return fields(rows.schema(), rows.columns());
    }

    private static ValueWriter fields(StructType schema, List<FieldVector> vectors) {
        ValueWriter[] writers = new ValueWriter[vectors.size()];
        for (int i = 0; i < writers.length; i++) {
            StructField field = schema.field(i);
            writers[i] = of(vectors.get(i), field.dataType(), field.nullable());
        }
        return (row, out) -> {
            for (ValueWriter writer : writers) {
                writer.write(row, out);
            }
        };
    }

    private static ValueWriter of(FieldVector vector, DataType type, boolean nullable) {
        if (type instanceof NullType) {
            return (row, out) -> out.writeNull();
        }
        ValueWriter value = value(vector, type);
        if (!nullable) {
            return value;
        }
        return (row, out) -> {
            if (vector.isNull(row)) {
                out.writeIndex(1);
                out.writeNull();
            } else {
                out.writeIndex(0);
                value.write(row, out);
            }
        };
    }

    private static ValueWriter value(FieldVector vector, DataType type) {
        return switch (vector) {
            case BitVector v -> (row, out) -> out.writeBoolean(v.get(row) != 0);
            case TinyIntVector v -> (row, out) -> out.writeInt(v.get(row));
            case SmallIntVector v -> (row, out) -> out.writeInt(v.get(row));
            case IntVector v -> (row, out) -> out.writeInt(v.get(row));
            case BigIntVector v -> (row, out) -> out.writeLong(v.get(row));
            case Float4Vector v -> (row, out) -> out.writeFloat(v.get(row));
            case Float8Vector v -> (row, out) -> out.writeDouble(v.get(row));
            case DateDayVector v -> (row, out) -> out.writeInt(v.get(row));
            case TimeStampVector v -> (row, out) -> out.writeLong(v.get(row));
            case IntervalYearVector v -> (row, out) -> out.writeInt(v.get(row));
            case DurationVector v -> (row, out) -> out.writeLong(DurationVector.get(v.getDataBuffer(), row));
            case DecimalVector v -> decimal(v, SchemaToAvro.bytes(((DecimalType) type).precision()));
            case BaseVariableWidthVector v -> bytes(v);
            case ListVector v when type instanceof MapType map -> map(v, map);
            case ListVector v -> list(v, (ArrayType) type);
            case StructVector v -> fields((StructType) type, v.getChildrenFromFields());
            default -> throw new IllegalArgumentException("no values of " + type.simpleString());
        };
    }

    private static ValueWriter bytes(BaseVariableWidthVector vector) {
        return (row, out) -> {
            int start = vector.getStartOffset(row);
            int length = vector.getEndOffset(row) - start;
            out.writeBytes(
                    length == 0
                            ? ByteBuffer.allocate(0)
                            : vector.getDataBuffer().nioBuffer(start, length));
        };
    }

    private static ValueWriter decimal(DecimalVector vector, int size) {
        return (row, out) -> {
            BigInteger unscaled = vector.getObjectNotNull(row).unscaledValue();
            byte[] given = unscaled.toByteArray();
            byte[] fixed = new byte[size];
            Arrays.fill(fixed, 0, size - given.length, (byte) (unscaled.signum() < 0 ? -1 : 0));
            System.arraycopy(given, 0, fixed, size - given.length, given.length);
            out.writeFixed(fixed);
        };
    }

    private static ValueWriter list(ListVector vector, ArrayType type) {
        ValueWriter element = of(vector.getDataVector(), type.elementType(), type.containsNull());
        return (row, out) -> {
            int start = vector.getElementStartIndex(row);
            int end = vector.getElementEndIndex(row);
            out.writeArrayStart();
            out.setItemCount(end - start);
            for (int i = start; i < end; i++) {
                out.startItem();
                element.write(i, out);
            }
            out.writeArrayEnd();
        };
    }

    private static ValueWriter map(ListVector vector, MapType type) {
        List<FieldVector> entry = vector.getDataVector().getChildrenFromFields();
        ValueWriter key = bytes((BaseVariableWidthVector) entry.get(0));
        ValueWriter value = of(entry.get(1), type.valueType(), type.valueContainsNull());
        return (row, out) -> {
            int start = vector.getElementStartIndex(row);
            int end = vector.getElementEndIndex(row);
            out.writeMapStart();
            out.setItemCount(end - start);
            for (int i = start; i < end; i++) {
                out.startItem();
                key.write(i, out);
                value.write(i, out);
            }
            out.writeMapEnd();
        };
    }
}
