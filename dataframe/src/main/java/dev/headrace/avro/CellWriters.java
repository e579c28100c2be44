package dev.headrace.avro;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
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
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import dev.headrace.types.YearMonthIntervalType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.Encoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/// Makes writers of values in the forms that a schema says, which may be the user's: as Spark's `to_avro` does.
final class CellWriters {
    private static final long MICROS_PER_MILLI = 1_000;

    private CellWriters() {}

    /// Writes a value that is not null.
    @FunctionalInterface
    private interface Present {
        void write(Object cell, Encoder out) throws IOException;
    }

    /// @throws QueryException `AVRO_SCHEMA_MISMATCH` if values of the type are not written so
    static CellWriter of(DataType type, Schema schema) {
        return of(type, schema, "");
    }

    /// @param path of the field, for errors; empty for the whole value
    private static CellWriter of(DataType type, Schema schema, String path) {
        if (schema.getType() != Schema.Type.UNION) {
            Present value = value(type, schema, path);
            return (cell, out) -> value.write(present(cell, schema, path), out);
        }
        List<Schema> members = SchemaFromAvro.members(schema);
        int nulls = schema.getTypes().stream().map(Schema::getType).toList().indexOf(Schema.Type.NULL);
        Present value;
        if (members.size() == 1) {
            int member = schema.getTypes().indexOf(members.getFirst());
            Present only = value(type, members.getFirst(), path);
            value = (cell, out) -> {
                out.writeIndex(member);
                only.write(cell, out);
            };
        } else if (members.isEmpty() && type instanceof NullType) {
            value = (cell, out) -> {};
        } else {
            value = choice(type, schema, members, path);
        }
        return (cell, out) -> {
            if (cell == null && nulls >= 0) {
                out.writeIndex(nulls);
                out.writeNull();
            } else {
                value.write(present(cell, schema, path), out);
            }
        };
    }

    private static Object present(@Nullable Object cell, Schema schema, String path) {
        if (cell == null && schema.getType() != Schema.Type.NULL) {
            throw wrongValue(path, "a value is null, which the schema " + schema + " does not allow");
        }
        return cell == null ? Boolean.FALSE : cell;
    }

    private static Present value(DataType type, Schema schema, String path) {
        Schema.Type form = schema.getType();
        return switch (type) {
            case NullType _ when form == Schema.Type.NULL -> (cell, out) -> out.writeNull();
            case BooleanType _ when form == Schema.Type.BOOLEAN -> (cell, out) -> out.writeBoolean((Boolean) cell);
            case ByteType _, ShortType _, IntegerType _, DateType _, YearMonthIntervalType _
                    when form == Schema.Type.INT -> (cell, out) -> out.writeInt(((Number) cell).intValue());
            case LongType _, DayTimeIntervalType _
                    when form == Schema.Type.LONG -> (cell, out) -> out.writeLong((Long) cell);
            case TimestampType _, TimestampNTZType _ when form == Schema.Type.LONG -> timestamp(type, schema, path);
            case FloatType _ when form == Schema.Type.FLOAT -> (cell, out) -> out.writeFloat((Float) cell);
            case DoubleType _ when form == Schema.Type.DOUBLE -> (cell, out) -> out.writeDouble((Double) cell);
            case StringType _
                    when form == Schema.Type.STRING -> (cell, out) -> out.writeString(new Utf8(((Slice) cell).bytes()));
            case StringType _ when form == Schema.Type.ENUM -> enumeration(schema, path);
            case BinaryType _
                    when form == Schema.Type.BYTES -> (cell, out) -> out.writeBytes(ByteBuffer.wrap(((Slice) cell).bytes()));
            case BinaryType _ when form == Schema.Type.FIXED -> fixed(schema, path);
            case DecimalType decimal -> decimal(decimal, schema, path);
            case ArrayType array when form == Schema.Type.ARRAY -> array(array, schema, path);
            case MapType map
                    when form == Schema.Type.MAP && map.keyType() instanceof StringType -> map(map, schema, path);
            case StructType struct when form == Schema.Type.RECORD -> record(struct, schema, path);
            default -> throw mismatch(type, schema, path);
        };
    }

    private static Present timestamp(DataType type, Schema schema, String path) {
        boolean zoned = type instanceof TimestampType;
        LogicalType logical = schema.getLogicalType();
        Present millis = (cell, out) -> out.writeLong(Math.floorDiv((Long) cell, MICROS_PER_MILLI));
        return switch (logical) {
            // as in Spark, whose timestamps were so before Avro had a type for them
            case null -> millis;
            case LogicalTypes.TimestampMicros _ when zoned -> (cell, out) -> out.writeLong((Long) cell);
            case LogicalTypes.LocalTimestampMicros _ when !zoned -> (cell, out) -> out.writeLong((Long) cell);
            case LogicalTypes.TimestampMillis _ when zoned -> millis;
            case LogicalTypes.LocalTimestampMillis _ when !zoned -> millis;
            default -> throw mismatch(type, schema, path);
        };
    }

    private static Present enumeration(Schema schema, String path) {
        return (cell, out) -> {
            String symbol = cell.toString();
            if (!schema.hasEnumSymbol(symbol)) {
                throw wrongValue(path, "'" + symbol + "' is none of the symbols " + schema.getEnumSymbols());
            }
            out.writeEnum(schema.getEnumOrdinal(symbol));
        };
    }

    private static Present fixed(Schema schema, String path) {
        return (cell, out) -> {
            byte[] bytes = ((Slice) cell).bytes();
            if (bytes.length != schema.getFixedSize()) {
                throw wrongValue(path, "a binary of " + bytes.length + " bytes is not one of " + schema.getFixedSize());
            }
            out.writeFixed(bytes);
        };
    }

    private static Present decimal(DecimalType type, Schema schema, String path) {
        boolean same = schema.getLogicalType() instanceof LogicalTypes.Decimal decimal
                && decimal.getPrecision() == type.precision()
                && decimal.getScale() == type.scale();
        if (!same) {
            throw mismatch(type, schema, path);
        }
        if (schema.getType() == Schema.Type.BYTES) {
            return (cell, out) -> out.writeBytes(unscaled(cell, type).toByteArray());
        }
        int size = schema.getFixedSize();
        return (cell, out) -> {
            BigInteger unscaled = unscaled(cell, type);
            byte[] given = unscaled.toByteArray();
            byte[] fixed = new byte[size];
            Arrays.fill(fixed, 0, size - given.length, (byte) (unscaled.signum() < 0 ? -1 : 0));
            System.arraycopy(given, 0, fixed, size - given.length, given.length);
            out.writeFixed(fixed);
        };
    }

    private static BigInteger unscaled(Object cell, DecimalType type) {
        return ((BigDecimal) cell).setScale(type.scale()).unscaledValue();
    }

    private static Present array(ArrayType type, Schema schema, String path) {
        CellWriter element = of(type.elementType(), schema.getElementType(), inner(path, "element"));
        return (cell, out) -> {
            List<?> elements = (List<?>) cell;
            out.writeArrayStart();
            out.setItemCount(elements.size());
            for (Object each : elements) {
                out.startItem();
                element.write(each, out);
            }
            out.writeArrayEnd();
        };
    }

    private static Present map(MapType type, Schema schema, String path) {
        CellWriter value = of(type.valueType(), schema.getValueType(), inner(path, "value"));
        return (cell, out) -> {
            Map<?, ?> entries = (Map<?, ?>) cell;
            out.writeMapStart();
            out.setItemCount(entries.size());
            for (Map.Entry<?, ?> entry : entries.entrySet()) {
                out.startItem();
                out.writeString(new Utf8(((Slice) entry.getKey()).bytes()));
                value.write(entry.getValue(), out);
            }
            out.writeMapEnd();
        };
    }

    /// The fields of the schema, in its order, each from the field of its name; one that may be null need not be given.
    private static Present record(StructType type, Schema schema, String path) {
        List<Schema.Field> fields = schema.getFields();
        for (String name : type.names()) {
            if (fields.stream().noneMatch(field -> field.name().equalsIgnoreCase(name))) {
                throw new QueryException(
                        "AVRO_SCHEMA_MISMATCH",
                        "to_avro: the schema has no field '" + inner(path, name) + "'. Its record "
                                + schema.getFullName() + " has "
                                + String.join(
                                        ", ",
                                        fields.stream().map(Schema.Field::name).toList())
                                + ". Leave the field out, or add it to the schema.");
            }
        }
        int[] ordinals = new int[fields.size()];
        CellWriter[] writers = new CellWriter[fields.size()];
        for (int i = 0; i < writers.length; i++) {
            Schema.Field field = fields.get(i);
            OptionalInt ordinal = ordinal(type, field.name());
            if (ordinal.isEmpty() && !field.schema().isNullable()) {
                throw new QueryException(
                        "AVRO_SCHEMA_MISMATCH",
                        "to_avro: the schema has a field '" + inner(path, field.name())
                                + "', which must not be null, but the value has none of this name. Add it to the value.");
            }
            ordinals[i] = ordinal.orElse(-1);
            writers[i] = ordinal.isEmpty()
                    ? missing(field.schema())
                    : of(type.field(ordinal.getAsInt()).dataType(), field.schema(), inner(path, field.name()));
        }
        return (cell, out) -> {
            List<?> values = (List<?>) cell;
            for (int i = 0; i < writers.length; i++) {
                writers[i].write(ordinals[i] < 0 ? null : values.get(ordinals[i]), out);
            }
        };
    }

    private static OptionalInt ordinal(StructType type, String name) {
        List<String> names = type.names();
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).equalsIgnoreCase(name))
                .findFirst();
    }

    private static CellWriter missing(Schema schema) {
        if (schema.getType() == Schema.Type.NULL) {
            return (cell, out) -> out.writeNull();
        }
        int nulls = schema.getTypes().stream().map(Schema::getType).toList().indexOf(Schema.Type.NULL);
        return (cell, out) -> {
            out.writeIndex(nulls);
            out.writeNull();
        };
    }

    /// Of several types: the member of the struct that is not null, as such a choice is read; else the only type of the
    /// schema that the value's is written as.
    private static Present choice(DataType type, Schema schema, List<Schema> members, String path) {
        if (type instanceof StructType struct && isChoice(struct, members)) {
            Present[] writers = new Present[members.size()];
            for (int i = 0; i < writers.length; i++) {
                writers[i] = value(struct.field(i).dataType(), members.get(i), inner(path, "member" + i));
            }
            return (cell, out) -> {
                List<?> values = (List<?>) cell;
                int chosen = 0;
                while (chosen < writers.length && values.get(chosen) == null) {
                    chosen++;
                }
                if (chosen == writers.length) {
                    throw wrongValue(path, "none of the members of a choice is there");
                }
                out.writeIndex(schema.getTypes().indexOf(members.get(chosen)));
                writers[chosen].write(values.get(chosen), out);
            };
        }
        for (Schema member : members) {
            try {
                Present writer = value(type, member, path);
                int index = schema.getTypes().indexOf(member);
                return (cell, out) -> {
                    out.writeIndex(index);
                    writer.write(cell, out);
                };
            } catch (QueryException _) {
                // another one may do
            }
        }
        throw mismatch(type, schema, path);
    }

    private static boolean isChoice(StructType struct, List<Schema> members) {
        return struct.size() == members.size()
                && IntStream.range(0, struct.size())
                        .allMatch(i -> struct.names().get(i).equals("member" + i));
    }

    private static String inner(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static QueryException mismatch(DataType type, Schema schema, String path) {
        return new QueryException(
                "AVRO_SCHEMA_MISMATCH",
                "to_avro: " + (path.isEmpty() ? "the value" : "'" + path + "'") + " is of type " + type.simpleString()
                        + ", which is not written as " + schema + ". Cast it, or give another schema.");
    }

    private static DataException wrongValue(String path, String problem) {
        return new DataException(
                "AVRO_VALUE_MISMATCH", "to_avro" + (path.isEmpty() ? "" : ", '" + path + "'") + ": " + problem + ".");
    }
}
