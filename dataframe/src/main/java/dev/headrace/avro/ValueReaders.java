package dev.headrace.avro;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.columns.BitWriter;
import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.FixedWriter;
import dev.headrace.columns.ListWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.files.LegacyCalendar;
import dev.headrace.files.Widening;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.YearMonthIntervalType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/// Makes the readers of a file's values, once for each file.
///
/// @param origin for errors
/// @param legacy the calendar by which dates and timestamps are counted, if it is not ours
record ValueReaders(String origin, Optional<LegacyCalendar> legacy) {
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_DAY = 86_400_000_000L;

    /// @param column for errors
    /// @throws dev.headrace.errors.DataException `AVRO_TYPE_MISMATCH`, `UNSUPPORTED_AVRO`
    ValueReader of(Schema held, DataType asked, String column) {
        return switch (held.getType()) {
            case NULL -> (in, out, row) -> in.readNull();
            case UNION -> union(held, asked, column);
            case RECORD, ARRAY, MAP -> nested(held, asked, column);
            default -> atomic(held, asked, column);
        };
    }

    private ValueReader nested(Schema held, DataType asked, String column) {
        if (held.getType() == Schema.Type.RECORD && asked instanceof StructType struct) {
            return record(held, struct, column);
        }
        if (held.getType() == Schema.Type.ARRAY && asked instanceof ArrayType(DataType element, boolean _)) {
            return array(of(held.getElementType(), element, column));
        }
        if (held.getType() == Schema.Type.MAP
                && asked instanceof MapType(DataType key, DataType value, boolean _)
                && key.equals(DataTypes.StringType)) {
            return map(of(held.getValueType(), value, column));
        }
        throw AvroErrors.typeMismatch(origin, column, asked, held);
    }

    private ValueReader atomic(Schema held, DataType asked, String column) {
        DataType natural = SchemaFromAvro.nullable(origin).type(held, column);
        boolean text = asked.equals(DataTypes.BinaryType) && natural.equals(DataTypes.StringType);
        if (!text && !Widening.isAllowed(natural, asked)) {
            throw AvroErrors.typeMismatch(origin, column, asked, held);
        }
        return switch (held.getType()) {
            case BOOLEAN -> (in, out, row) -> ((BitWriter) out).putBoolean(row, in.readBoolean());
            case INT ->
                held.getLogicalType() instanceof LogicalTypes.TimeMillis
                        ? integer(asked, in -> in.readInt() * MICROS_PER_MILLI)
                        : integer(asked, ints(natural, asked));
            case LONG -> integer(asked, longs(held.getLogicalType()));
            case FLOAT ->
                asked.equals(DataTypes.DoubleType)
                        ? (in, out, row) -> ((FixedWriter) out).putDouble(row, in.readFloat())
                        : (in, out, row) -> ((FixedWriter) out).putFloat(row, in.readFloat());
            case DOUBLE -> (in, out, row) -> ((FixedWriter) out).putDouble(row, in.readDouble());
            case STRING -> new StringReader();
            case ENUM -> enumeration(held);
            case BYTES ->
                natural instanceof DecimalType(int _, int scale)
                        ? decimal(in -> bytes(in.readBytes(null)), scale, asked)
                        : new BytesReader();
            default -> fixed(held, natural, asked);
        };
    }

    /// Reads a whole number.
    private interface Whole {
        long read(Decoder in) throws IOException;
    }

    private Whole ints(DataType natural, DataType asked) {
        if (!natural.equals(DataTypes.DateType)) {
            return Decoder::readInt;
        }
        Whole days =
                legacy.<Whole>map(calendar -> in -> calendar.days(in.readInt())).orElse(Decoder::readInt);
        return natural.equals(asked) ? days : in -> days.read(in) * MICROS_PER_DAY;
    }

    private Whole longs(@Nullable LogicalType logical) {
        Whole micros = asWritten(logical);
        boolean moment =
                logical instanceof LogicalTypes.TimestampMillis || logical instanceof LogicalTypes.TimestampMicros;
        return moment
                ? legacy.<Whole>map(calendar -> in -> calendar.micros(micros.read(in)))
                        .orElse(micros)
                : micros;
    }

    private static Whole asWritten(@Nullable LogicalType logical) {
        return switch (logical) {
            case LogicalTypes.TimestampMillis _, LogicalTypes.LocalTimestampMillis _ ->
                in -> Math.multiplyExact(in.readLong(), MICROS_PER_MILLI);
            case LogicalTypes.TimestampNanos _, LogicalTypes.LocalTimestampNanos _ ->
                in -> Math.floorDiv(in.readLong(), NANOS_PER_MICRO);
            case null, default -> Decoder::readLong;
        };
    }

    private static ValueReader integer(DataType asked, Whole whole) {
        return switch (asked) {
            case DecimalType(int _, int scale) ->
                (in, out, row) -> putDecimal(out, row, BigInteger.valueOf(whole.read(in)), 0, scale);
            case dev.headrace.types.DoubleType _ ->
                (in, out, row) -> ((FixedWriter) out).putDouble(row, (double) whole.read(in));
            case dev.headrace.types.IntegerType _, dev.headrace.types.DateType _, YearMonthIntervalType _ ->
                (in, out, row) -> ((FixedWriter) out).putInt(row, (int) whole.read(in));
            case DataType _ -> (in, out, row) -> ((FixedWriter) out).putLong(row, whole.read(in));
        };
    }

    private static void putDecimal(ColumnWriter out, int row, BigInteger unscaled, int from, int to) {
        BigInteger value = from == to
                ? unscaled
                : new BigDecimal(unscaled, from).setScale(to).unscaledValue();
        ((FixedWriter) out).putDecimal(row, value);
    }

    private interface Bytes {
        byte[] read(Decoder in) throws IOException;
    }

    private static ValueReader decimal(Bytes bytes, int scale, DataType asked) {
        int to = ((DecimalType) asked).scale();
        int digits = ((DecimalType) asked).precision();
        return (in, out, row) -> {
            BigInteger unscaled = new BigInteger(bytes.read(in));
            if (unscaled.bitLength() > 127 || new BigDecimal(unscaled).precision() - scale > digits - to) {
                throw new ArithmeticException(
                        "the decimal " + new BigDecimal(unscaled, scale) + " has more than " + digits + " digits");
            }
            putDecimal(out, row, unscaled, scale, to);
        };
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static ValueReader fixed(Schema held, DataType natural, DataType asked) {
        int size = held.getFixedSize();
        Bytes bytes = in -> {
            byte[] value = new byte[size];
            in.readFixed(value);
            return value;
        };
        return natural instanceof DecimalType(int _, int scale)
                ? decimal(bytes, scale, asked)
                : (in, out, row) -> ((BytesWriter) out).put(row, bytes.read(in), 0, size);
    }

    private static final class StringReader implements ValueReader {
        private Utf8 text = new Utf8();

        @Override
        public void read(Decoder in, ColumnWriter out, int row) throws IOException {
            text = in.readString(text);
            ((BytesWriter) out).put(row, text.getBytes(), 0, text.getByteLength());
        }
    }

    private static final class BytesReader implements ValueReader {
        private @Nullable ByteBuffer reused;

        @Override
        public void read(Decoder in, ColumnWriter out, int row) throws IOException {
            ByteBuffer bytes = in.readBytes(reused);
            reused = bytes;
            ((BytesWriter) out).put(row, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
    }

    private static ValueReader enumeration(Schema held) {
        List<byte[]> symbols = held.getEnumSymbols().stream()
                .map(symbol -> symbol.getBytes(StandardCharsets.UTF_8))
                .toList();
        return (in, out, row) -> {
            byte[] symbol = symbols.get(in.readEnum());
            ((BytesWriter) out).put(row, symbol, 0, symbol.length);
        };
    }

    /// Elements may have no bytes, such as nulls, so that a short file has as many as its numbers say.
    private static ValueReader array(ValueReader element) {
        return (in, out, row) -> {
            ListWriter list = (ListWriter) out;
            list.begin(row);
            for (long n = in.readArrayStart(); n > 0; n = in.arrayNext()) {
                for (long i = 0; i < n; i++) {
                    Cancellation.checkThread((int) i);
                    element.read(in, list.elements(), list.append());
                }
            }
            list.end(row);
        };
    }

    private static ValueReader map(ValueReader value) {
        StringReader key = new StringReader();
        return (in, out, row) -> {
            ListWriter list = (ListWriter) out;
            list.begin(row);
            for (long n = in.readMapStart(); n > 0; n = in.mapNext()) {
                for (long i = 0; i < n; i++) {
                    Cancellation.checkThread((int) i);
                    int at = list.append();
                    StructWriter entry = (StructWriter) list.elements();
                    entry.putStruct(at);
                    key.read(in, entry.field(0), at);
                    value.read(in, entry.field(1), at);
                }
            }
            list.end(row);
        };
    }

    private ValueReader record(Schema held, StructType asked, String column) {
        ValueReader fields = fields(held, asked, column);
        return (in, out, row) -> {
            ((StructWriter) out).putStruct(row);
            fields.read(in, out, row);
        };
    }

    /// Reads the fields of a record into those of a struct that are asked for, and passes over the others.
    ValueReader fields(Schema held, StructType asked, String column) {
        List<Schema.Field> all = held.getFields();
        ValueReader[] readers = new ValueReader[all.size()];
        for (int i = 0; i < readers.length; i++) {
            Schema schema = all.get(i).schema();
            int ordinal = ordinal(all, i, asked);
            if (ordinal < 0) {
                readers[i] = (in, out, row) -> GenericDatumReader.skip(schema, in);
                continue;
            }
            StructField field = asked.field(ordinal);
            ValueReader value =
                    of(schema, field.dataType(), column.isEmpty() ? field.name() : column + "." + field.name());
            readers[i] = (in, out, row) -> value.read(in, ((StructWriter) out).field(ordinal), row);
        }
        return (in, out, row) -> {
            for (ValueReader reader : readers) {
                reader.read(in, out, row);
            }
        };
    }

    /// Which of the fields that are asked for a field of the file is: the one of its name, or of its name in another
    /// case unless another field of the file has the exact name.
    private static int ordinal(List<Schema.Field> all, int place, StructType asked) {
        String name = all.get(place).name();
        return IntStream.range(0, asked.size())
                .filter(i -> source(all, asked.field(i).name()).orElse(-1) == place)
                .filter(i -> asked.field(i).name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(-1);
    }

    private static Optional<Integer> source(List<Schema.Field> all, String name) {
        IntStream places = IntStream.range(0, all.size());
        return places.boxed()
                .filter(i -> all.get(i).name().equals(name))
                .findFirst()
                .or(() -> IntStream.range(0, all.size())
                        .boxed()
                        .filter(i -> all.get(i).name().equalsIgnoreCase(name))
                        .findFirst());
    }

    private ValueReader union(Schema held, DataType asked, String column) {
        List<Schema> members = SchemaFromAvro.members(held);
        DataType natural = SchemaFromAvro.nullable(origin).type(held, column);
        boolean struct = members.size() > 1 && natural instanceof StructType;
        List<Schema> all = held.getTypes();
        ValueReader[] readers = new ValueReader[all.size()];
        for (int i = 0; i < readers.length; i++) {
            int member = members.indexOf(all.get(i));
            if (member < 0) {
                readers[i] = (in, out, row) -> in.readNull();
            } else if (struct) {
                readers[i] = member(all.get(i), "member" + member, asked, column);
            } else {
                readers[i] = of(all.get(i), asked, column);
            }
        }
        return (in, out, row) -> readers[in.readIndex()].read(in, out, row);
    }

    private ValueReader member(Schema held, String name, DataType asked, String column) {
        if (!(asked instanceof StructType struct)) {
            throw AvroErrors.typeMismatch(origin, column, asked, held);
        }
        int ordinal = struct.indexOf(name).orElse(-1);
        ValueReader value = ordinal < 0
                ? (in, out, row) -> GenericDatumReader.skip(held, in)
                : of(held, struct.field(ordinal).dataType(), column + "." + name);
        return (in, out, row) -> {
            ((StructWriter) out).putStruct(row);
            value.read(in, ordinal < 0 ? out : ((StructWriter) out).field(ordinal), row);
        };
    }
}
