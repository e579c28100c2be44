package dev.headrace.variant;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.VariantType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes a [Variant]: scalars are appended; objects and arrays are closed behind their parts, whose positions the
/// caller has kept. For one variant and one thread.
public final class VariantBuilder {
    private static final int MAX_SHORT_STRING = 63;
    /// Spark's limit.
    private static final int MAX_BYTES = 128 * 1024 * 1024;

    private final Map<String, Integer> names = new LinkedHashMap<>();
    private byte[] bytes = new byte[128];
    private int length;

    /// A field of an object that is being made.
    ///
    /// @param start where its value begins
    public record Field(String name, int start) {}

    /// A field whose value is appended next. Names are numbered in the order in which they come first, as Spark does
    /// it.
    public Field field(String name) {
        names.computeIfAbsent(name, _ -> names.size());
        return new Field(name, length);
    }

    /// Where the next value will begin.
    public int position() {
        return length;
    }

    private void ensure(int more) {
        if (length + (long) more > MAX_BYTES) {
            throw new DataException(
                    "VARIANT_SIZE_LIMIT", "A variant holds at most " + MAX_BYTES + " bytes, and a value has more.");
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    private void number(long value, int width) {
        ensure(width);
        put(length, value, width);
        length += width;
    }

    private void put(int at, long value, int width) {
        for (int i = 0; i < width; i++) {
            bytes[at + i] = (byte) (value >> 8 * i);
        }
    }

    private void primitive(int type) {
        number(type << 2 | Variant.PRIMITIVE, 1);
    }

    public void appendNull() {
        primitive(Variant.NULL);
    }

    public void appendBoolean(boolean value) {
        primitive(value ? Variant.TRUE : Variant.FALSE);
    }

    /// In as few bytes as it needs.
    public void appendLong(long value) {
        if (value == (byte) value) {
            primitive(Variant.INT8);
            number(value, 1);
        } else if (value == (short) value) {
            primitive(Variant.INT16);
            number(value, 2);
        } else if (value == (int) value) {
            primitive(Variant.INT32);
            number(value, 4);
        } else {
            primitive(Variant.INT64);
            number(value, 8);
        }
    }

    public void appendDouble(double value) {
        primitive(Variant.DOUBLE);
        number(Double.doubleToLongBits(value), 8);
    }

    public void appendFloat(float value) {
        primitive(Variant.FLOAT);
        number(Float.floatToIntBits(value), 4);
    }

    /// @param value of at most 38 digits, and a scale from 0 to 38
    public void appendDecimal(BigDecimal value) {
        int digits = Math.max(value.precision(), value.scale());
        int width = digits <= 9 ? 4 : digits <= 18 ? 8 : 16;
        primitive(width == 4 ? Variant.DECIMAL4 : width == 8 ? Variant.DECIMAL8 : Variant.DECIMAL16);
        number(value.scale(), 1);
        byte[] unscaled = value.unscaledValue().toByteArray();
        byte sign = (byte) (value.signum() < 0 ? -1 : 0);
        ensure(width);
        for (int i = 0; i < width; i++) {
            bytes[length + i] = i < unscaled.length ? unscaled[unscaled.length - 1 - i] : sign;
        }
        length += width;
    }

    public void appendDate(int days) {
        primitive(Variant.DATE);
        number(days, 4);
    }

    public void appendTimestamp(long micros) {
        primitive(Variant.TIMESTAMP);
        number(micros, 8);
    }

    public void appendTimestampNtz(long micros) {
        primitive(Variant.TIMESTAMP_NTZ);
        number(micros, 8);
    }

    public void appendBinary(byte[] value) {
        primitive(Variant.BINARY);
        number(value.length, 4);
        append(value);
    }

    public void appendString(byte[] utf8) {
        if (utf8.length <= MAX_SHORT_STRING) {
            number(utf8.length << 2 | Variant.SHORT_STRING, 1);
        } else {
            primitive(Variant.LONG_STRING);
            number(utf8.length, 4);
        }
        append(utf8);
    }

    private void append(byte[] value) {
        ensure(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    /// Sixteen bytes, the highest first.
    public void appendUuid(byte[] value) {
        primitive(Variant.UUID_TYPE);
        append(value);
    }

    /// A value of an atomic type, as [dev.headrace.chunk.Cell] describes it.
    ///
    /// @throws IllegalArgumentException for types that have no variants, or are not atomic
    public void appendScalar(Object value, DataType type) {
        switch (type) {
            case BooleanType _ -> appendBoolean((Boolean) value);
            case ByteType _, ShortType _, IntegerType _, LongType _ -> appendLong(((Number) value).longValue());
            case FloatType _ -> appendFloat((Float) value);
            case DoubleType _ -> appendDouble((Double) value);
            case DecimalType _ -> appendDecimal((BigDecimal) value);
            case StringType _ -> appendString(((Slice) value).bytes());
            case BinaryType _ -> appendBinary(((Slice) value).bytes());
            case DateType _ -> appendDate((Integer) value);
            case TimestampType _ -> appendTimestamp((Long) value);
            case TimestampNTZType _ -> appendTimestampNtz((Long) value);
            case VariantType _ -> append(Variant.of((Slice) value));
            case DataType _ -> throw new IllegalArgumentException("no variant of " + type.simpleString());
        }
    }

    /// A variant, or a part of one, with names of its own.
    public void append(Variant variant) {
        int start = length;
        switch (variant.kind()) {
            case OBJECT -> {
                List<Field> fields = new ArrayList<>();
                variant.forEachPart((part, i) -> {
                    fields.add(field(variant.name(i)));
                    append(part);
                });
                finishObject(start, fields);
            }
            case ARRAY -> {
                List<Integer> starts = new ArrayList<>();
                variant.forEachPart((part, _) -> {
                    starts.add(length);
                    append(part);
                });
                finishArray(start, starts);
            }
            default -> append(variant.value());
        }
    }

    /// Makes what was appended since `start` an array.
    ///
    /// @param starts where each element begins
    public void finishArray(int start, List<Integer> starts) {
        int dataLength = length - start;
        int width = width(dataLength);
        int countWidth = starts.size() > 0xff ? 4 : 1;
        int header = 1 + countWidth + (starts.size() + 1) * width;
        makeRoom(start, header);
        bytes[start] = (byte) ((countWidth == 4 ? 1 << 4 : 0) | width - 1 << 2 | Variant.ARRAY);
        put(start + 1, starts.size(), countWidth);
        int at = start + 1 + countWidth;
        for (int element : starts) {
            put(at, element - start, width);
            at += width;
        }
        put(at, dataLength, width);
    }

    /// Makes what was appended since `start` an object.
    ///
    /// @throws DataException `VARIANT_DUPLICATE_KEY`
    public void finishObject(int start, List<Field> fields) {
        List<Field> sorted = new ArrayList<>(fields);
        sorted.sort(Comparator.comparing(Field::name));
        int maxId = 0;
        for (int i = 0; i < sorted.size(); i++) {
            String name = sorted.get(i).name();
            if (i > 0 && name.equals(sorted.get(i - 1).name())) {
                throw new DataException(
                        "VARIANT_DUPLICATE_KEY",
                        "The name '" + name + "' stands twice in an object, which a variant can't hold.");
            }
            maxId = Math.max(maxId, names.getOrDefault(name, 0));
        }
        int dataLength = length - start;
        int width = width(dataLength);
        int idWidth = width(maxId);
        int count = sorted.size();
        int countWidth = count > 0xff ? 4 : 1;
        int header = 1 + countWidth + count * idWidth + (count + 1) * width;
        makeRoom(start, header);
        bytes[start] = (byte) ((countWidth == 4 ? 1 << 6 : 0) | idWidth - 1 << 4 | width - 1 << 2 | Variant.OBJECT);
        put(start + 1, count, countWidth);
        int ids = start + 1 + countWidth;
        int offsets = ids + count * idWidth;
        for (int i = 0; i < count; i++) {
            put(ids + i * idWidth, names.getOrDefault(sorted.get(i).name(), 0), idWidth);
            put(offsets + i * width, sorted.get(i).start() - start, width);
        }
        put(offsets + count * width, dataLength, width);
    }

    private void makeRoom(int start, int header) {
        ensure(header);
        System.arraycopy(bytes, start, bytes, start + header, length - start);
        length += header;
    }

    /// The bytes that a number up to this needs.
    private static int width(int max) {
        if (max <= 0xff) {
            return 1;
        }
        if (max <= 0xffff) {
            return 2;
        }
        return max <= 0xffffff ? 3 : 4;
    }

    /// The whole as a cell.
    public Slice build() {
        List<byte[]> texts = names.keySet().stream()
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toList();
        int textLength = texts.stream().mapToInt(text -> text.length).sum();
        int width = width(Math.max(textLength, names.size()));
        VariantBuilder whole = new VariantBuilder();
        whole.number(width - 1 << 6 | Variant.VERSION, 1);
        whole.number(names.size(), width);
        int offset = 0;
        for (byte[] text : texts) {
            whole.number(offset, width);
            offset += text.length;
        }
        whole.number(offset, width);
        texts.forEach(whole::append);
        whole.append(Arrays.copyOf(bytes, length));
        return Slice.of(Arrays.copyOf(whole.bytes, whole.length));
    }
}
