package dev.headrace.protobuf;

import dev.headrace.errors.QueryException;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DayTimeIntervalType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which types messages have for us: Spark's.
final class SchemaFromProtobuf {
    /// What a message without fields has, if it is kept.
    static final String DUMMY = "__dummy_field_in_empty_struct";

    private static final int DIGITS_OF_UINT64 = 20;

    private final String function;
    private final DescriptorSet types;
    private final ProtobufOptions options;
    /// How often each message stands around the place that we are at.
    private final Map<String, Integer> around = new HashMap<>();

    SchemaFromProtobuf(String function, DescriptorSet types, ProtobufOptions options) {
        this.function = function;
        this.types = types;
        this.options = options;
    }

    /// @throws QueryException `RECURSIVE_PROTOBUF_SCHEMA`, `PROTOBUF_DEPENDENCY_NOT_FOUND`
    StructType of(MessageType message) {
        return fields(message, message.name()).orElseGet(StructType::new);
    }

    /// Empty if no field is left.
    private Optional<StructType> fields(MessageType message, String path) {
        around.merge(message.name(), 1, Integer::sum);
        List<StructField> fields = new ArrayList<>();
        for (MessageField field : message.fields()) {
            value(field, path + "." + field.name()).ifPresent(type -> fields.add(field(field, type)));
        }
        around.merge(message.name(), -1, Integer::sum);
        if (fields.isEmpty()) {
            return options.emptyMessages()
                    ? Optional.of(new StructType().add(DUMMY, DataTypes.StringType))
                    : Optional.empty();
        }
        return Optional.of(new StructType(fields));
    }

    private StructField field(MessageField field, DataType type) {
        if (!field.repeated()) {
            return new StructField(field.name(), type, field.presence() != MessageField.Presence.REQUIRED);
        }
        return new StructField(
                field.name(), type instanceof MapType ? type : new ArrayType(type, mayBeNull(field)), true);
    }

    /// Whether a value that is given may be null: a wrapper around a zero, which is not written.
    private boolean mayBeNull(MessageField field) {
        return field.kind().isMessage()
                && options.unwrapped()
                && !options.defaults()
                && Wrappers.contain(types.message(function, field));
    }

    /// The type of one value; empty if the field is left out.
    private Optional<DataType> value(MessageField field, String path) {
        return switch (field.kind()) {
            case DOUBLE -> Optional.of(DataTypes.DoubleType);
            case FLOAT -> Optional.of(DataTypes.FloatType);
            case INT64, SINT64, FIXED64, SFIXED64 -> Optional.of(DataTypes.LongType);
            case INT32, SINT32, FIXED32, SFIXED32 -> Optional.of(DataTypes.IntegerType);
            case UINT32 -> Optional.of(options.widerUnsigned() ? DataTypes.LongType : DataTypes.IntegerType);
            case UINT64 ->
                Optional.of(options.widerUnsigned() ? new DecimalType(DIGITS_OF_UINT64, 0) : DataTypes.LongType);
            case BOOL -> Optional.of(DataTypes.BooleanType);
            case STRING -> Optional.of(DataTypes.StringType);
            case BYTES -> Optional.of(DataTypes.BinaryType);
            case ENUM -> Optional.of(options.enumsAsInts() ? DataTypes.IntegerType : DataTypes.StringType);
            case MESSAGE, GROUP -> message(types.message(function, field), path);
        };
    }

    private Optional<DataType> message(MessageType message, String path) {
        if (message.isTime("Duration")) {
            return Optional.of(new DayTimeIntervalType());
        }
        if (message.isTime("Timestamp")) {
            return Optional.of(DataTypes.TimestampType);
        }
        if (options.unwrapped() && Wrappers.contain(message)) {
            return value(message.fields().getFirst(), path);
        }
        if (message.mapEntry()) {
            return map(message, path);
        }
        int depth = around.getOrDefault(message.name(), 0);
        if (depth > 0 && options.recursionDepth() == 0) {
            throw new QueryException(
                    "RECURSIVE_PROTOBUF_SCHEMA",
                    function + ": the field '" + path + "' is a '" + message.name() + "' within a '" + message.name()
                            + "', and so without end. Say with the option recursive.fields.max.depth, from 1 to 10, how"
                            + " many of them within each other are read.");
        }
        if (depth > 0 && depth >= options.recursionDepth()) {
            return Optional.empty();
        }
        return fields(message, path).map(DataType.class::cast);
    }

    private Optional<DataType> map(MessageType entry, String path) {
        MessageField value = entry.fields().getLast();
        Optional<DataType> keyType = value(entry.fields().getFirst(), path);
        Optional<DataType> valueType = value(value, path);
        return keyType.flatMap(key -> valueType.map(type -> new MapType(key, type, mayBeNull(value))));
    }
}
