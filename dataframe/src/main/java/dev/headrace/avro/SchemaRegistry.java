package dev.headrace.avro;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.UnavailableException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.jspecify.annotations.Nullable;

/// The schemas that messages were written with, by their numbers, from a registry that speaks Confluent's HTTP. Each is
/// asked for once: a number always means the same schema. Safe for several threads.
final class SchemaRegistry {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistrySettings settings;
    private final Pause pause;
    private final ConcurrentHashMap<Integer, Schema> known = new ConcurrentHashMap<>();

    /// How a thread waits.
    interface Pause {
        void lasting(Duration time) throws InterruptedException;
    }

    SchemaRegistry(RegistrySettings settings) {
        this(settings, time -> TimeUnit.NANOSECONDS.sleep(time.toNanos()));
    }

    SchemaRegistry(RegistrySettings settings, Pause pause) {
        this.settings = settings;
        this.pause = pause;
    }

    /// @throws UnavailableException `SCHEMA_REGISTRY_UNREACHABLE`, after all retries
    /// @throws DataException `SCHEMA_REGISTRY_UNKNOWN_SCHEMA`, `SCHEMA_REGISTRY_ANSWER`, `SCHEMA_REGISTRY_DENIED`,
    ///     `SCHEMA_REGISTRY_TLS`
    Schema schema(int id) {
        Schema schema = known.get(id);
        if (schema == null) {
            schema = ask(id);
            known.put(id, schema);
        }
        return schema;
    }

    private Schema ask(int id) {
        Duration wait = settings.firstWait();
        for (int retry = 0; ; retry++) {
            @Nullable UnavailableException unreachable = null;
            for (URI address : settings.addresses()) {
                try {
                    return ask(URI.create(address.toString().replaceAll("/+$", "") + "/schemas/ids/" + id), id);
                } catch (UnavailableException failed) {
                    unreachable = failed;
                }
            }
            if (unreachable != null && (retry == settings.retries() || !waited(wait))) {
                throw unreachable;
            }
            Duration twice = wait.multipliedBy(2);
            wait = twice.compareTo(settings.longestWait()) < 0 ? twice : settings.longestWait();
        }
    }

    /// @return false if the thread is to end
    private boolean waited(Duration wait) {
        try {
            pause.lasting(wait);
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Schema ask(URI place, int id) {
        try {
            HttpURLConnection request = (HttpURLConnection) place.toURL().openConnection();
            request.setConnectTimeout(Math.toIntExact(settings.connectTimeout().toMillis()));
            request.setReadTimeout(Math.toIntExact(settings.readTimeout().toMillis()));
            settings.authorization().ifPresent(header -> {
                request.setRequestProperty("Authorization", header.header());
                // What proves who asks is for this address alone.
                request.setInstanceFollowRedirects(false);
            });
            if (request instanceof HttpsURLConnection secure) {
                settings.tls().ifPresent(tls -> tls.prepare(secure));
            }
            try {
                int status = request.getResponseCode();
                if (status == HttpURLConnection.HTTP_OK) {
                    try (InputStream answer = request.getInputStream()) {
                        return parse(place, JSON.readTree(answer));
                    }
                }
                throw refused(place, id, status);
            } finally {
                request.disconnect();
            }
        } catch (IOException failed) {
            throw failed instanceof SSLException untrusted && !isCut(untrusted)
                    ? notTrusted(place, untrusted)
                    : unreachable(place, failed.toString(), failed);
        }
    }

    private HeadraceException refused(URI place, int id, int status) {
        return switch (status) {
            case HttpURLConnection.HTTP_NOT_FOUND ->
                new DataException(
                        "SCHEMA_REGISTRY_UNKNOWN_SCHEMA",
                        "'" + place + "': the schema registry knows no schema " + id
                                + ", which a message was written with. See whether it is the registry that the messages'"
                                + " writer uses, and whether the schema was deleted there.");
            case HttpURLConnection.HTTP_UNAUTHORIZED ->
                new DataException(
                        "SCHEMA_REGISTRY_DENIED",
                        "'" + place + "': the schema registry does not know who asks (status 401, asked with " + asked()
                                + "). Give it 'basic.auth.user.info' or 'bearer.auth.token' that it knows.");
            case HttpURLConnection.HTTP_FORBIDDEN ->
                new DataException(
                        "SCHEMA_REGISTRY_DENIED",
                        "'" + place + "': the schema registry does not let the schema be read (status 403, asked with "
                                + asked() + "). Let this user read the subjects of the topics.");
            default ->
                status >= FIRST_SERVER_ERROR || status == TOO_MANY_REQUESTS
                        ? unreachable(place, "status " + status, null)
                        : notASchema(place, "status " + status, null);
        };
    }

    private String asked() {
        return settings.authorization()
                .map(RegistrySettings.Authorization::what)
                .orElse("neither user nor token");
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

    /// Whether the other side has gone away, as one that is being started again.
    private static boolean isCut(SSLException failed) {
        for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException || cause instanceof SocketException) {
                return true;
            }
        }
        return false;
    }

    private static boolean wasReached(IOException failed) {
        return !(failed instanceof ConnectException
                || failed instanceof NoRouteToHostException
                || failed instanceof UnknownHostException
                || failed instanceof SocketTimeoutException);
    }

    private static DataException notTrusted(URI place, SSLException cause) {
        return new DataException(
                "SCHEMA_REGISTRY_TLS",
                "'" + place + "': there is no secure connection to the schema registry (" + cause.getMessage()
                        + "). If its certificate is not trusted, name a file with one that is in 'ssl.truststore.location';"
                        + " if it wants to see one, in 'ssl.keystore.location'.",
                cause);
    }

    private static UnavailableException unreachable(URI place, String what, @Nullable IOException cause) {
        // A registry that wants to see a certificate says so and cuts the connection; what it says may be lost with it.
        String certificate = place.getScheme().equals("https") && cause != null && wasReached(cause)
                ? " If it wants to see a certificate, name a file with one in 'ssl.keystore.location'."
                : "";
        String text = "'" + place + "': the schema registry can't be asked (" + what
                + "). See whether it runs and can be reached from here; the batch can be run again." + certificate;
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
