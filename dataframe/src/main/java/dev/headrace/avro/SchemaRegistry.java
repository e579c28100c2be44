package dev.headrace.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.errors.DataException;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/// The schemas that messages were written with, by their numbers, from a registry that speaks Confluent's HTTP. Each is
/// asked for once: a number always means the same schema. Safe for several threads.
final class SchemaRegistry {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI address;
    private final ConcurrentHashMap<Integer, Schema> known = new ConcurrentHashMap<>();

    /// @param address such as `http://localhost:8081`
    SchemaRegistry(URI address) {
        this.address = address;
    }

    /// @throws UnavailableException `SCHEMA_REGISTRY_UNREACHABLE`
    /// @throws DataException `SCHEMA_REGISTRY_UNKNOWN_SCHEMA`, `SCHEMA_REGISTRY_ANSWER`
    Schema schema(int id) {
        Schema schema = known.get(id);
        if (schema == null) {
            schema = ask(id);
            known.put(id, schema);
        }
        return schema;
    }

    private Schema ask(int id) {
        URI place = URI.create(address.toString().replaceAll("/+$", "") + "/schemas/ids/" + id);
        try {
            HttpURLConnection request = (HttpURLConnection) place.toURL().openConnection();
            request.setConnectTimeout(TIMEOUT_MILLIS);
            request.setReadTimeout(TIMEOUT_MILLIS);
            try {
                int status = request.getResponseCode();
                if (status == HttpURLConnection.HTTP_NOT_FOUND) {
                    throw new DataException(
                            "SCHEMA_REGISTRY_UNKNOWN_SCHEMA",
                            "'" + place + "': the schema registry knows no schema " + id
                                    + ", which a message was written with. See whether it is the registry that the messages'"
                                    + " writer uses, and whether the schema was deleted there.");
                }
                if (status >= FIRST_SERVER_ERROR) {
                    throw unreachable(place, "status " + status, null);
                }
                if (status != HttpURLConnection.HTTP_OK) {
                    throw notASchema(place, "status " + status, null);
                }
                try (InputStream answer = request.getInputStream()) {
                    return parse(place, JSON.readTree(answer));
                }
            } finally {
                request.disconnect();
            }
        } catch (IOException failed) {
            throw unreachable(place, failed.toString(), failed);
        }
    }

    private static Schema parse(URI place, JsonNode answer) {
        if (!answer.path("schemaType").asText("AVRO").equals("AVRO")) {
            throw notASchema(
                    place, "a schema of type " + answer.path("schemaType").asText(), null);
        }
        if (!answer.path("references").isEmpty()) {
            throw notASchema(place, "a schema with references to others", null);
        }
        try {
            return new Schema.Parser().parse(answer.path("schema").asText());
        } catch (SchemaParseException failed) {
            throw notASchema(place, "no Avro schema (" + failed.getMessage() + ")", failed);
        }
    }

    private static UnavailableException unreachable(URI place, String what, @Nullable IOException cause) {
        String text = "'" + place + "': the schema registry can't be asked (" + what
                + "). See whether it runs and can be reached from here; the batch can be run again.";
        return cause == null
                ? new UnavailableException("SCHEMA_REGISTRY_UNREACHABLE", text)
                : new UnavailableException("SCHEMA_REGISTRY_UNREACHABLE", text, cause);
    }

    private static DataException notASchema(URI place, String found, @Nullable RuntimeException cause) {
        String text = "'" + place + "': expected an Avro schema from the schema registry, found " + found
                + ". Check the registry's address.";
        return cause == null
                ? new DataException("SCHEMA_REGISTRY_ANSWER", text)
                : new DataException("SCHEMA_REGISTRY_ANSWER", text, cause);
    }
}
