package dev.headrace.chunk;

import dev.headrace.types.ArrayType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.MapType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StructType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Arrays and maps as bytes within a [RowLayout] row: a count, then each value behind a byte that says whether it is
/// there. Values are big-endian; text and bytes carry their length. Equal values give equal bytes.
final class NestedBytes {
    private NestedBytes() {}

    static byte[] write(@Nullable Object value, DataType type) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            write(new DataOutputStream(bytes), Objects.requireNonNull(value), type);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static Object read(Slice bytes, DataType type) {
        try {
            return read(new DataInputStream(new ByteArrayInputStream(bytes.bytes())), type);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static void writeNullable(DataOutputStream out, @Nullable Object value, DataType type) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            write(out, value, type);
        }
    }

    private static @Nullable Object readNullable(DataInputStream in, DataType type) throws IOException {
        return in.readBoolean() ? read(in, type) : null;
    }

    private static void write(DataOutputStream out, Object value, DataType type) throws IOException {
        switch (type) {
            case BooleanType _ -> out.writeBoolean((Boolean) value);
            case ByteType _ -> out.writeByte((Byte) value);
            case ShortType _ -> out.writeShort((Short) value);
            case FloatType _ -> out.writeInt(Float.floatToIntBits((Float) value + 0.0f));
            case DoubleType _ -> out.writeLong(Double.doubleToLongBits((Double) value + 0.0));
            case DecimalType _ ->
                writeBytes(out, ((BigDecimal) value).unscaledValue().toByteArray());
            case ArrayType(DataType element, boolean _) -> {
                List<?> values = (List<?>) value;
                out.writeInt(values.size());
                for (Object item : values) {
                    writeNullable(out, item, element);
                }
            }
            case MapType(DataType keyType, DataType valueType, boolean _) -> {
                Map<?, ?> map = (Map<?, ?>) value;
                out.writeInt(map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    write(out, Objects.requireNonNull(entry.getKey()), keyType);
                    writeNullable(out, entry.getValue(), valueType);
                }
            }
            case StructType struct -> {
                List<?> values = (List<?>) value;
                for (int i = 0; i < struct.size(); i++) {
                    writeNullable(out, values.get(i), struct.field(i).dataType());
                }
            }
            case DataType _ -> writeAtom(out, value);
        }
    }

    private static void writeAtom(DataOutputStream out, Object value) throws IOException {
        switch (value) {
            case Integer i -> out.writeInt(i);
            case Long l -> out.writeLong(l);
            case Slice slice -> writeBytes(out, slice.bytes());
            default -> throw new IllegalArgumentException("not a cell: " + value.getClass());
        }
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static Object read(DataInputStream in, DataType type) throws IOException {
        return switch (type) {
            case BooleanType _ -> in.readBoolean();
            case ByteType _ -> in.readByte();
            case ShortType _ -> in.readShort();
            case FloatType _ -> Float.intBitsToFloat(in.readInt());
            case DoubleType _ -> Double.longBitsToDouble(in.readLong());
            case DecimalType(int _, int scale) -> new BigDecimal(new BigInteger(readBytes(in)), scale);
            case ArrayType(DataType element, boolean _) -> {
                int size = in.readInt();
                List<@Nullable Object> values = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    values.add(readNullable(in, element));
                }
                yield values;
            }
            case MapType(DataType keyType, DataType valueType, boolean _) -> {
                int size = in.readInt();
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = 0; i < size; i++) {
                    Object key = read(in, keyType);
                    map.put(key, readNullable(in, valueType));
                }
                yield map;
            }
            case StructType struct -> {
                List<@Nullable Object> values = new ArrayList<>(struct.size());
                for (int i = 0; i < struct.size(); i++) {
                    values.add(readNullable(in, struct.field(i).dataType()));
                }
                yield values;
            }
            case dev.headrace.types.IntegerType _,
                    dev.headrace.types.DateType _,
                    dev.headrace.types.YearMonthIntervalType _ -> in.readInt();
            case dev.headrace.types.LongType _,
                    dev.headrace.types.TimestampType _,
                    dev.headrace.types.TimestampNTZType _,
                    dev.headrace.types.DayTimeIntervalType _ -> in.readLong();
            case dev.headrace.types.StringType _, dev.headrace.types.BinaryType _, dev.headrace.types.VariantType _ ->
                Slice.of(readBytes(in));
            case dev.headrace.types.NullType _ -> throw new IllegalArgumentException("a value of type void");
        };
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }
}
