package dev.headrace.avro;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.headrace.errors.DataException;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/// Messages in Avro with the number of their schema before them, as Confluent's serializers write them, as JSON texts.
/// A message is read with the schema that it was written with. Safe for several threads.
///
/// ```text
/// 0 | number of the schema, 4 bytes, the highest first | the value
/// ```
///
/// A value of several types is that value; decimals are numbers, dates and timestamps texts by ISO 8601, bytes base 64.
public final class RegistryMessages {
    private static final int HEADER = 5;
    private static final JsonFactory JSON = new JsonFactory();

    private final SchemaRegistry registry;

    /// @param address of the registry, such as `http://localhost:8081`
    /// @param options as Confluent's clients have them: `basic.auth.user.info` and so on
    /// @throws dev.headrace.errors.QueryException `SCHEMA_REGISTRY_ADDRESS`, `SCHEMA_REGISTRY_OPTION`
    public RegistryMessages(String address, Map<String, String> options) {
        registry = new SchemaRegistry(RegistrySettings.of(address, options));
    }

    /// The text of a message; null for null.
    ///
    /// @throws DataException `AVRO_MESSAGE_WITHOUT_SCHEMA`, `DAMAGED_AVRO_MESSAGE`, `SCHEMA_REGISTRY_UNKNOWN_SCHEMA`,
    ///     `SCHEMA_REGISTRY_ANSWER`, `SCHEMA_REGISTRY_DENIED`, `SCHEMA_REGISTRY_TLS`
    /// @throws dev.headrace.errors.UnavailableException `SCHEMA_REGISTRY_UNREACHABLE`
    public @Nullable String json(byte @Nullable [] message) {
        if (message == null) {
            return null;
        }
        if (message.length < HEADER || message[0] != 0) {
            throw new DataException(
                    "AVRO_MESSAGE_WITHOUT_SCHEMA",
                    "a message of " + message.length
                            + " bytes does not begin with a zero byte and the number of its schema,"
                            + " as Confluent's serializer for Avro writes it. Read it with another function, or see what"
                            + " wrote it.");
        }
        int id = ByteBuffer.wrap(message).getInt(1);
        Schema schema = registry.schema(id);
        try {
            Object value = new GenericDatumReader<>(schema)
                    .read(null, DecoderFactory.get().binaryDecoder(message, HEADER, message.length - HEADER, null));
            StringWriter text = new StringWriter();
            try (JsonGenerator out = JSON.createGenerator(text)) {
                write(value, schema, out);
            }
            return text.toString();
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException damaged) {
            throw new DataException(
                    "DAMAGED_AVRO_MESSAGE",
                    "a message of " + message.length + " bytes is no value of its schema " + id + " (" + damaged
                            + "). It was cut, or written with another schema.",
                    damaged);
        }
    }

    private static void write(@Nullable Object value, Schema schema, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNull();
            return;
        }
        switch (schema.getType()) {
            case UNION -> write(value, schema.getTypes().get(GenericData.get().resolveUnion(schema, value)), out);
            case RECORD -> {
                GenericRecord row = (GenericRecord) value;
                out.writeStartObject();
                for (Schema.Field field : schema.getFields()) {
                    out.writeFieldName(field.name());
                    write(row.get(field.pos()), field.schema(), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray();
                for (Object element : (List<?>) value) {
                    write(element, schema.getElementType(), out);
                }
                out.writeEndArray();
            }
            case MAP -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                    out.writeFieldName(entry.getKey().toString());
                    write(entry.getValue(), schema.getValueType(), out);
                }
                out.writeEndObject();
            }
            case BYTES -> bytes(bytesOf((ByteBuffer) value), schema.getLogicalType(), out);
            case FIXED -> bytes(((GenericFixed) value).bytes(), schema.getLogicalType(), out);
            case INT, LONG -> number(((Number) value).longValue(), schema.getLogicalType(), out);
            case FLOAT -> out.writeNumber((Float) value);
            case DOUBLE -> out.writeNumber((Double) value);
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case STRING, ENUM -> out.writeString(value.toString());
            case NULL -> out.writeNull();
        }
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void bytes(byte[] bytes, @Nullable LogicalType logical, JsonGenerator out) throws IOException {
        if (logical instanceof LogicalTypes.Decimal decimal) {
            out.writeNumber(new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString());
        } else {
            out.writeString(Base64.getEncoder().encodeToString(bytes));
        }
    }

    private static void number(long value, @Nullable LogicalType logical, JsonGenerator out) throws IOException {
        switch (logical) {
            case LogicalTypes.Date _ ->
                out.writeString(LocalDate.ofEpochDay(value).toString());
            case LogicalTypes.TimestampMillis _ ->
                out.writeString(since(value, ChronoUnit.MILLIS).toString());
            case LogicalTypes.TimestampMicros _ ->
                out.writeString(since(value, ChronoUnit.MICROS).toString());
            case LogicalTypes.LocalTimestampMillis _ -> out.writeString(local(value, ChronoUnit.MILLIS));
            case LogicalTypes.LocalTimestampMicros _ -> out.writeString(local(value, ChronoUnit.MICROS));
            case null, default -> out.writeNumber(value);
        }
    }

    private static Instant since(long value, ChronoUnit unit) {
        return Instant.EPOCH.plus(value, unit);
    }

    private static String local(long value, ChronoUnit unit) {
        return since(value, unit).atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
    }
}
