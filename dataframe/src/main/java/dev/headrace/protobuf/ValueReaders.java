package dev.headrace.protobuf;

import dev.headrace.columns.BitWriter;
import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.FixedWriter;
import dev.headrace.parse.Utf8Check;
import dev.headrace.protobuf.FieldReader.Absence;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Makes the readers of a message's values, once for each type of message and thread.
///
/// @param function for errors
record ValueReaders(String function, DescriptorSet types, ProtobufOptions options) {
    /// @param asked what [SchemaFromProtobuf] says of the message, or fewer of its fields
    MessageReader of(MessageType message, StructType asked) {
        return message(message, 0, asked, message.name());
    }

    private MessageReader message(MessageType message, int endTag, StructType asked, String path) {
        int[] ordinals = message.fields().stream()
                .mapToInt(field -> ordinal(asked, field.name()))
                .toArray();
        List<FieldReader> readers = new ArrayList<>();
        for (int i = 0; i < ordinals.length; i++) {
            MessageField field = message.fields().get(i);
            String inner = path + "." + field.name();
            readers.add(new FieldReader(
                    field,
                    inner,
                    ordinals[i],
                    rivals(message, i, ordinals),
                    absence(message, field),
                    ordinals[i] < 0
                            ? NOTHING
                            : value(field, one(field, asked.field(ordinals[i]).dataType()), inner)));
        }
        return new MessageReader(endTag, readers);
    }

    private static final ValueReader NOTHING = new Scalar((in, out, row) -> {}, (out, row) -> {});

    private static int ordinal(StructType asked, String name) {
        return IntStream.range(0, asked.size())
                .filter(i -> asked.field(i).name().equals(name))
                .findFirst()
                .orElse(-1);
    }

    /// The ordinals of the others of a field's oneof.
    private static int[] rivals(MessageType message, int index, int[] ordinals) {
        int oneof = message.fields().get(index).oneof();
        return IntStream.range(0, ordinals.length)
                .filter(i -> oneof >= 0 && i != index && message.fields().get(i).oneof() == oneof)
                .map(i -> ordinals[i])
                .filter(ordinal -> ordinal >= 0)
                .toArray();
    }

    /// In Spark, too, a default that the `.proto` file says is one without the option.
    private Absence absence(MessageType message, MessageField field) {
        if (field.presence() == MessageField.Presence.REQUIRED) {
            return Absence.MALFORMED;
        }
        boolean zero = options.defaults() && field.presence() == MessageField.Presence.IMPLICIT;
        return zero || message.mapEntry() || field.defaultValue().isPresent() ? Absence.DEFAULT : Absence.NULL;
    }

    /// The type of one value of a field.
    private static DataType one(MessageField field, DataType type) {
        return field.repeated() && type instanceof ArrayType(DataType element, boolean _) ? element : type;
    }

    private ValueReader value(MessageField field, DataType asked, String path) {
        return switch (field.kind()) {
            case DOUBLE -> {
                double absent = number(field.defaultValue());
                yield new Scalar(
                        (in, out, row) -> ((FixedWriter) out).putLong(row, in.fixed64()),
                        (out, row) -> ((FixedWriter) out).putDouble(row, absent));
            }
            case FLOAT -> {
                float absent = (float) number(field.defaultValue());
                yield new Scalar(
                        (in, out, row) -> ((FixedWriter) out).putInt(row, in.fixed32()),
                        (out, row) -> ((FixedWriter) out).putFloat(row, absent));
            }
            case INT32, INT64, UINT64 -> whole(field, asked, WireReader::varint);
            case UINT32 -> whole(field, asked, in -> in.varint() & 0xFFFF_FFFFL);
            case SINT32 -> whole(field, asked, WireReader::zigzag32);
            case SINT64 -> whole(field, asked, WireReader::zigzag);
            case FIXED32, SFIXED32 -> whole(field, asked, WireReader::fixed32);
            case FIXED64, SFIXED64 -> whole(field, asked, WireReader::fixed64);
            case BOOL -> {
                boolean absent = field.defaultValue().filter("true"::equals).isPresent();
                yield new Scalar(
                        (in, out, row) -> ((BitWriter) out).putBoolean(row, in.varint() != 0),
                        (out, row) -> ((BitWriter) out).putBoolean(row, absent));
            }
            case STRING -> text(field, path);
            case BYTES ->
                new Scalar(
                        ValueReaders::readBytes,
                        putting(field.defaultValue().map(EscapedBytes::of).orElse(new byte[0])));
            case ENUM -> enumeration(field, asked, path);
            case MESSAGE, GROUP -> message(field, asked, path);
        };
    }

    private ValueReader message(MessageField field, DataType asked, String path) {
        MessageType message = types.message(function, field);
        return switch (asked) {
            case StructType struct -> message(message, field.endTag(), struct, path);
            case MapType(DataType key, DataType value, boolean nullable) ->
                message(message, field.endTag(), entry(message, key, value, nullable), path);
            case DataType _
                    when message.isTime("Timestamp") || message.isTime("Duration") -> TimeReader.of(field, message);
            default -> {
                MessageField only = message.fields().getFirst();
                yield new WrapperReader(field.endTag(), only, value(only, asked, path), options.defaults());
            }
        };
    }

    private static StructType entry(MessageType entry, DataType key, DataType value, boolean nullable) {
        return new StructType(List.of(
                new StructField(entry.fields().getFirst().name(), key, false),
                new StructField(entry.fields().getLast().name(), value, nullable)));
    }

    private interface Read {
        void read(WireReader in, ColumnWriter out, int row) throws MalformedMessage;
    }

    private interface Put {
        void put(ColumnWriter out, int row);
    }

    private record Scalar(Read reading, Put putting) implements ValueReader {
        @Override
        public void read(WireReader in, ColumnWriter out, int row) throws MalformedMessage {
            reading.read(in, out, row);
        }

        @Override
        public void putDefault(ColumnWriter out, int row) {
            putting.put(out, row);
        }
    }

    /// Reads a whole number.
    private interface Whole {
        long read(WireReader in) throws MalformedMessage;
    }

    private ValueReader whole(MessageField field, DataType asked, Whole whole) {
        long absent = wholeNumber(field);
        return switch (asked) {
            case IntegerType _ ->
                new Scalar(
                        (in, out, row) -> ((FixedWriter) out).putInt(row, (int) whole.read(in)),
                        (out, row) -> ((FixedWriter) out).putInt(row, (int) absent));
            case DecimalType _ ->
                new Scalar(
                        (in, out, row) -> ((FixedWriter) out).putDecimal(row, 0, whole.read(in)),
                        (out, row) -> ((FixedWriter) out).putDecimal(row, 0, absent));
            default ->
                new Scalar(
                        (in, out, row) -> ((FixedWriter) out).putLong(row, whole.read(in)),
                        (out, row) -> ((FixedWriter) out).putLong(row, absent));
        };
    }

    private long wholeNumber(MessageField field) {
        String text = field.defaultValue().orElse("0");
        try {
            return text.startsWith("-") ? Long.parseLong(text) : Long.parseUnsignedLong(text);
        } catch (NumberFormatException noNumber) {
            throw noDefault(text);
        }
    }

    private double number(Optional<String> given) {
        String text = given.orElse("0");
        try {
            return switch (text) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> Double.parseDouble(text);
            };
        } catch (NumberFormatException noNumber) {
            throw noDefault(text);
        }
    }

    private RuntimeException noDefault(String text) {
        return DescriptorSet.invalid(function, "the default '" + text + "' is no number");
    }

    private static void readBytes(WireReader in, ColumnWriter out, int row) throws MalformedMessage {
        int length = in.length();
        ((BytesWriter) out).put(row, in.array(), in.position(), length);
        in.advance(length);
    }

    private static Put putting(byte[] bytes) {
        return (out, row) -> ((BytesWriter) out).put(row, bytes, 0, bytes.length);
    }

    /// Of a string that need not be UTF-8, what is none is replaced.
    private static ValueReader text(MessageField field, String path) {
        Read read = (in, out, row) -> {
            int length = in.length();
            int from = in.position();
            if (Utf8Check.isUtf8(in.array(), from, length)) {
                ((BytesWriter) out).put(row, in.array(), from, length);
            } else if (field.utf8()) {
                throw new MalformedMessage("the string '" + path + "' is no UTF-8");
            } else {
                byte[] repaired =
                        new String(in.array(), from, length, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
                ((BytesWriter) out).put(row, repaired, 0, repaired.length);
            }
            in.advance(length);
        };
        return new Scalar(read, putting(field.defaultValue().orElse("").getBytes(StandardCharsets.UTF_8)));
    }

    private ValueReader enumeration(MessageField field, DataType asked, String path) {
        EnumType type = types.enumeration(function, field);
        Map<Integer, byte[]> names = new HashMap<>();
        type.values()
                .forEach(value -> names.putIfAbsent(value.number(), value.name().getBytes(StandardCharsets.UTF_8)));
        EnumType.Value absent = type.values().stream()
                .filter(value -> value.name().equals(field.defaultValue().orElse("")))
                .findFirst()
                .orElse(type.values().getFirst());
        if (asked instanceof IntegerType) {
            return new Scalar(
                    (in, out, row) -> {
                        int number = (int) in.varint();
                        if (type.closed() && !names.containsKey(number)) {
                            throw unknown(number, type, path);
                        }
                        ((FixedWriter) out).putInt(row, number);
                    },
                    (out, row) -> ((FixedWriter) out).putInt(row, absent.number()));
        }
        Read read = (in, out, row) -> {
            int number = (int) in.varint();
            byte[] name = names.get(number);
            if (name == null) {
                if (type.closed()) {
                    throw unknown(number, type, path);
                }
                name = unknownName(type, number).getBytes(StandardCharsets.UTF_8);
            }
            ((BytesWriter) out).put(row, name, 0, name.length);
        };
        return new Scalar(read, putting(absent.name().getBytes(StandardCharsets.UTF_8)));
    }

    /// As Protobuf for Java names it, and so Spark.
    private static String unknownName(EnumType type, int number) {
        return "UNKNOWN_ENUM_VALUE_" + type.name().substring(type.name().lastIndexOf('.') + 1) + "_" + number;
    }

    private static MalformedMessage unknown(int number, EnumType type, String path) {
        return new MalformedMessage(
                "the number " + number + " of the field '" + path + "' is none of the enum '" + type.name() + "'");
    }
}
