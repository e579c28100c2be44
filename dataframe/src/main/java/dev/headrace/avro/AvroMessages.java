package dev.headrace.avro;

import dev.headrace.errors.QueryException;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.DataType;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/// What `from_avro` is asked for.
///
/// @param written the schema of the messages
/// @param asked the schema that they are read as
/// @param mode `PERMISSIVE` or `FAILFAST`
record AvroMessages(Schema written, Schema asked, ParseMode mode) {
    private static final String AVRO_SCHEMA = "avroSchema";
    private static final List<String> OPTIONS = List.of("mode", AVRO_SCHEMA);

    /// @param function for errors
    /// @throws QueryException `INVALID_AVRO_SCHEMA`, `UNKNOWN_OPTION`, `INVALID_OPTION`
    static AvroMessages of(String function, String schema, Map<String, String> options) {
        FormatOptions given = new FormatOptions(function, options);
        given.checkKnown(OPTIONS);
        ParseMode mode = given.choice("mode", ParseMode.class, ParseMode.FAILFAST);
        if (mode == ParseMode.DROPMALFORMED) {
            throw given.invalid("mode", "PERMISSIVE or FAILFAST, because a function can't leave out rows");
        }
        Schema written = schema(function, schema);
        return new AvroMessages(
                written,
                given.get(AVRO_SCHEMA).map(text -> schema(function, text)).orElse(written),
                mode);
    }

    /// @throws QueryException `INVALID_AVRO_SCHEMA`
    static Schema schema(String function, String text) {
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException | NullPointerException invalid) {
            // The latter is what the library throws for names of types that there are not.
            throw new QueryException(
                    "INVALID_AVRO_SCHEMA",
                    function + ": '" + text + "' is not a schema of Avro (" + invalid.getMessage()
                            + "). Give one in JSON, such as {\"type\": \"record\", \"name\": \"r\", \"fields\": [{\"name\":"
                            + " \"id\", \"type\": \"long\"}]}.",
                    invalid);
        }
    }

    DataType type() {
        return SchemaFromAvro.nullable(MessageReader.FUNCTION).type(asked, "");
    }
}
