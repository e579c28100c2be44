package dev.headrace.protobuf;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.parse.Utf8Check;
import dev.headrace.types.ArrayType;
import dev.headrace.types.BinaryType;
import dev.headrace.types.BooleanType;
import dev.headrace.types.ByteType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.FloatType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.LongType;
import dev.headrace.types.MapType;
import dev.headrace.types.NullType;
import dev.headrace.types.ShortType;
import dev.headrace.types.StringType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Makes the writers of a struct's values as a message.
record CellWriters(DescriptorSet types) {
    private static final String FUNCTION = ProtobufErrors.FUNCTION;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final int DIGITS_OF_UINT64 = 20;

    /// @throws QueryException `CANNOT_CONVERT_SQL_TYPE_TO_PROTOBUF_FIELD_TYPE`, `NO_SQL_TYPE_IN_PROTOBUF_SCHEMA`,
    ///     `PROTOBUF_FIELD_MISSING_IN_SQL_SCHEMA`, `PROTOBUF_DEPENDENCY_NOT_FOUND`
    MessageWriter of(MessageType message, StructType struct) {
        return fields(message, struct, "");
    }

    private MessageWriter fields(MessageType message, StructType struct, String path) {
        List<FieldWriter> writers = new ArrayList<>();
        Set<MessageField> given = new HashSet<>();
        for (int i = 0; i < struct.size(); i++) {
            StructField column = struct.field(i);
            String inner = path.isEmpty() ? column.name() : path + "." + column.name();
            if (message.fields().isEmpty() && column.name().equals(SchemaFromProtobuf.DUMMY)) {
                continue;
            }
            MessageField field = named(message, column.name()).orElseThrow(() -> unknown(message, inner));
            if (!given.add(field)) {
                throw new QueryException(
                        "AMBIGUOUS_FIELD",
                        FUNCTION + ": the value has several fields for '" + field.name() + "' of '" + message.name()
                                + "'. Leave out all but one.");
            }
            if (!(column.dataType() instanceof NullType)) {
                writers.add(new FieldWriter(field, inner, i, field(field, column.dataType(), inner)));
            } else if (field.presence() == MessageField.Presence.REQUIRED) {
                throw ProtobufErrors.wrongType(inner, column.dataType(), "a required " + field.type());
            }
        }
        for (MessageField field : message.fields()) {
            if (field.presence() == MessageField.Presence.REQUIRED && !given.contains(field)) {
                throw new QueryException(
                        "PROTOBUF_FIELD_MISSING_IN_SQL_SCHEMA",
                        FUNCTION + ": '" + message.name() + "' requires the field '" + field.name()
                                + "', but the value has none of this name. Add it to the value.");
            }
        }
        return new MessageWriter(writers);
    }

    /// The field of the name, or else of the name in another case.
    private static Optional<MessageField> named(MessageType message, String name) {
        return message.fields().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .or(() -> message.fields().stream()
                        .filter(field -> field.name().equalsIgnoreCase(name))
                        .findFirst());
    }

    private static QueryException unknown(MessageType message, String path) {
        return new QueryException(
                "NO_SQL_TYPE_IN_PROTOBUF_SCHEMA",
                FUNCTION + ": '" + message.name() + "' has no field for '" + path + "'. It has "
                        + String.join(
                                ", ",
                                message.fields().stream()
                                        .map(MessageField::name)
                                        .toList())
                        + ". Leave the field out, or add it to the message.");
    }

    private CellWriter field(MessageField field, DataType type, String path) {
        boolean map = field.kind().isMessage() && types.message(FUNCTION, field).mapEntry();
        if (map && type instanceof MapType(DataType key, DataType value, boolean _)) {
            return entry(types.message(FUNCTION, field), key, value, path);
        }
        if (field.repeated() && !map && type instanceof ArrayType(DataType element, boolean _)) {
            return value(field, element, path);
        }
        if (field.repeated()) {
            throw ProtobufErrors.wrongType(path, type, map ? "a map" : field.type());
        }
        return value(field, type, path);
    }

    /// Of an entry as a list of key and value. A value that is null is not written, which means zero.
    private CellWriter entry(MessageType entry, DataType key, DataType value, String path) {
        MessageField keyField = entry.fields().getFirst();
        MessageField valueField = entry.fields().getLast();
        CellWriter keys = value(keyField, key, path + ".key");
        List<FieldWriter> fields = new ArrayList<>(List.of(new FieldWriter(keyField, path + ".key", 0, keys)));
        if (!(value instanceof NullType)) {
            fields.add(new FieldWriter(valueField, path + ".value", 1, value(valueField, value, path + ".value")));
        }
        return withLength(new MessageWriter(fields)::write);
    }

    private static CellWriter withLength(CellWriter message) {
        return (cell, out) -> {
            int before = out.length();
            message.write(cell, out);
            out.varint(out.length() - before);
        };
    }

    private CellWriter value(MessageField field, DataType type, String path) {
        return switch (type) {
            case BooleanType _ when field.kind() == FieldKind.BOOL -> (cell, out) -> out.varint((Boolean) cell ? 1 : 0);
            case ByteType _, ShortType _, IntegerType _, DateType _
                    when field.kind() != FieldKind.ENUM -> intValue(field, type, path);
            case IntegerType _ -> enumNumber(types.enumeration(FUNCTION, field), path);
            case LongType _ -> longValue(field, type, path);
            case DecimalType(int precision, int scale)
                    when field.kind() == FieldKind.UINT64 && precision == DIGITS_OF_UINT64 && scale == 0 ->
                (cell, out) -> out.varint(unsigned((BigDecimal) cell, path));
            case FloatType _
                    when field.kind() == FieldKind.FLOAT -> (cell, out) -> out.fixed32(Float.floatToRawIntBits((Float) cell));
            case DoubleType _ when field.kind() == FieldKind.DOUBLE ->
                (cell, out) -> out.fixed64(Double.doubleToRawLongBits((Double) cell));
            case StringType _ when field.kind() == FieldKind.STRING -> (cell, out) -> out.bytes(text((Slice) cell));
            case StringType _ when field.kind() == FieldKind.ENUM -> enumName(types.enumeration(FUNCTION, field), path);
            case BinaryType _ when field.kind() == FieldKind.BYTES -> (cell, out) -> out.bytes((Slice) cell);
            default -> {
                if (!field.kind().isMessage()) {
                    throw ProtobufErrors.wrongType(path, type, field.type());
                }
                yield message(field, type, path);
            }
        };
    }

    private CellWriter message(MessageField field, DataType type, String path) {
        MessageType message = types.message(FUNCTION, field);
        CellWriter inner;
        if (type instanceof StructType struct) {
            inner = fields(message, struct, path)::write;
        } else if (type instanceof TimestampType && message.isTime("Timestamp")) {
            inner = (cell, out) -> time(message, Math.floorDiv((Long) cell, MICROS_PER_SECOND), (Long) cell, out);
        } else if (type instanceof DayTimeIntervalType && message.isTime("Duration")) {
            inner = (cell, out) -> time(message, (Long) cell / MICROS_PER_SECOND, (Long) cell, out);
        } else if (Wrappers.contain(message)) {
            MessageField only = message.fields().getFirst();
            inner = new FieldWriter(only, path, 0, value(only, type, path))::write;
        } else {
            throw ProtobufErrors.wrongType(path, type, field.type());
        }
        return field.kind() == FieldKind.GROUP ? inner : withLength(inner);
    }

    private static void time(MessageType message, long seconds, long micros, WireWriter out) {
        long nanos = (micros - seconds * MICROS_PER_SECOND) * NANOS_PER_MICRO;
        if (nanos != 0) {
            out.varint(nanos);
            out.tag(message.fields().get(1).number(), WireReader.VARINT);
        }
        if (seconds != 0) {
            out.varint(seconds);
            out.tag(message.fields().get(0).number(), WireReader.VARINT);
        }
    }

    private CellWriter intValue(MessageField field, DataType type, String path) {
        return switch (field.kind()) {
            case INT32 -> (cell, out) -> out.varint(((Number) cell).longValue());
            case UINT32 -> (cell, out) -> out.varint(((Number) cell).longValue() & 0xFFFF_FFFFL);
            case SINT32 -> (cell, out) -> out.zigzag(((Number) cell).longValue());
            case FIXED32, SFIXED32 -> (cell, out) -> out.fixed32(((Number) cell).intValue());
            case MESSAGE, GROUP -> message(field, type, path);
            default -> throw ProtobufErrors.wrongType(path, type, field.type());
        };
    }

    private CellWriter longValue(MessageField field, DataType type, String path) {
        return switch (field.kind()) {
            case INT64, UINT64 -> (cell, out) -> out.varint((Long) cell);
            case SINT64 -> (cell, out) -> out.zigzag((Long) cell);
            case FIXED64, SFIXED64 -> (cell, out) -> out.fixed64((Long) cell);
            case UINT32 ->
                (cell, out) -> {
                    long value = (Long) cell;
                    if (value >>> Integer.SIZE != 0) {
                        throw ProtobufErrors.wrongValue("'" + path + "' is " + value + ", which is no uint32");
                    }
                    out.varint(value);
                };
            case MESSAGE, GROUP -> message(field, type, path);
            default -> throw ProtobufErrors.wrongType(path, type, field.type());
        };
    }

    private static long unsigned(BigDecimal value, String path) {
        if (value.signum() < 0 || value.unscaledValue().bitLength() > Long.SIZE) {
            throw ProtobufErrors.wrongValue("'" + path + "' is " + value + ", which is no uint64");
        }
        return value.longValue();
    }

    /// What is no UTF-8 is replaced, since a reader need not take it.
    private static Slice text(Slice text) {
        byte[] bytes = text.bytes();
        return Utf8Check.isUtf8(bytes, 0, bytes.length) ? text : Slice.utf8(text.toString());
    }

    private static CellWriter enumName(EnumType type, String path) {
        Map<Slice, Integer> numbers = new HashMap<>();
        type.values().forEach(value -> numbers.putIfAbsent(Slice.utf8(value.name()), value.number()));
        return (cell, out) -> {
            Integer number = numbers.get((Slice) cell);
            if (number == null) {
                throw noValue(type, path, cell);
            }
            out.varint(number);
        };
    }

    private static CellWriter enumNumber(EnumType type, String path) {
        Set<Integer> numbers = new HashSet<>();
        type.values().forEach(value -> numbers.add(value.number()));
        return (cell, out) -> {
            if (!numbers.contains((Integer) cell)) {
                throw noValue(type, path, cell);
            }
            out.varint((Integer) cell);
        };
    }

    private static DataException noValue(EnumType type, String path, Object value) {
        return new DataException(
                "CANNOT_CONVERT_SQL_VALUE_TO_PROTOBUF_ENUM_TYPE",
                FUNCTION + ": '" + path + "' is '" + value + "', which is none of the enum '" + type.name() + "': "
                        + String.join(", ", type.names()) + ". Correct or filter the values before.");
    }
}
