package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQueryException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debezium's messages in Avro, with a schema registry beside them.
class DebeziumAvroTest {
    private static final String ROW = "id bigint, name string, amount decimal(10,2), day date";
    private static final String FIELDS =
            "{'name': 'id', 'type': 'long'}, {'name': 'name', 'type': ['null', 'string'], 'default': null},"
                    + " {'name': 'amount', 'type': ['null', {'type': 'bytes', 'logicalType': 'decimal', 'precision': 10,"
                    + " 'scale': 2}], 'default': null},"
                    + " {'name': 'day', 'type': ['null', {'type': 'int', 'logicalType': 'date'}], 'default': null}";

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    @SuppressWarnings("NullAway.Init") // started before each test
    private HttpServer registry;

    @BeforeEach
    void startRegistry() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/schemas/ids/", this::answer);
        registry.start();
        schemas.put(1, envelope(FIELDS));
    }

    @AfterEach
    void nothingLeaks() {
        registry.stop(0);
        session.close();
    }

    private void answer(HttpExchange request) throws IOException {
        String path = request.getRequestURI().getPath();
        Schema schema = schemas.get(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
        byte[] body = new ObjectMapper()
                .writeValueAsString(schema == null ? Map.of("error_code", 40403) : Map.of("schema", schema.toString()))
                .getBytes(StandardCharsets.UTF_8);
        try (request) {
            request.sendResponseHeaders(schema == null ? 404 : 200, body.length);
            request.getResponseBody().write(body);
        }
    }

    private static Schema envelope(String fields) {
        return new Schema.Parser()
                .parse(("{'type': 'record', 'name': 'Envelope', 'namespace': 'shop.public.orders', 'fields': ["
                                + "{'name': 'before', 'type': ['null', {'type': 'record', 'name': 'Value', 'fields': ["
                                + fields
                                + "]}], 'default': null}, {'name': 'after', 'type': ['null', 'Value'], 'default': null},"
                                + " {'name': 'source', 'type': {'type': 'record', 'name': 'Source', 'fields': ["
                                + "{'name': 'lsn', 'type': ['null', 'long'], 'default': null}]}},"
                                + " {'name': 'op', 'type': 'string'}]}")
                        .replace('\'', '"'));
    }

    private String address() {
        return "http://localhost:" + registry.getAddress().getPort();
    }

    private ChangeStream messages() {
        String address = address();
        return new ChangeStream(
                session,
                directory,
                "value binary",
                stream -> Debezium.avro(stream, col("value"), ROW, address),
                Changes.debezium("id"));
    }

    /// A message as Confluent's serializer writes it.
    private Slice message(int id, String op, long lsn, Map<String, Object> row) throws IOException {
        Schema schema = schemas.getOrDefault(id, envelope(FIELDS));
        GenericRecord value = new GenericData.Record(
                schema.getField("before").schema().getTypes().get(1));
        row.forEach(value::put);
        GenericRecord source = new GenericData.Record(schema.getField("source").schema());
        source.put("lsn", lsn);
        GenericRecord envelope = new GenericData.Record(schema);
        envelope.put(op.equals("d") ? "before" : "after", value);
        envelope.put("source", source);
        envelope.put("op", op);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(0);
            out.writeInt(id);
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(schema).write(envelope, encoder);
        }
        return Slice.of(bytes.toByteArray());
    }

    private static Map<String, Object> row(long id, String name, String amount, String day) {
        return Map.of(
                "id",
                id,
                "name",
                name,
                "amount",
                ByteBuffer.wrap(new BigDecimal(amount).unscaledValue().toByteArray()),
                "day",
                Math.toIntExact(LocalDate.parse(day).toEpochDay()));
    }

    @Test
    void messagesBecomeATable() throws Exception {
        ChangeStream messages = messages()
                .add(message(1, "r", 10, row(1, "ann", "12.50", "2026-01-31")))
                .add(message(1, "c", 11, row(2, "bob", "-0.07", "1969-12-31")))
                .run();
        messages.add(message(1, "u", 12, row(1, "anna", "13.00", "2026-02-01")))
                .add(message(1, "d", 13, Map.of("id", 2L)))
                .add((Object) null)
                .run();

        assertEquals(List.of("[1,anna,13.00,2026-02-01,12]"), messages.rows());
    }

    @Test
    void columnsOfTheSourceMayComeAndGoWhileTheQueryRuns() throws Exception {
        schemas.put(2, envelope(FIELDS + ", {'name': 'city', 'type': ['null', 'string'], 'default': null}"));
        schemas.put(3, envelope("{'name': 'id', 'type': 'int'}, {'name': 'city', 'type': 'string'}"));
        ChangeStream messages = messages()
                .add(message(1, "c", 10, row(1, "ann", "1.00", "2026-01-01")))
                .add(message(2, "c", 11, Map.of("id", 2L, "city", "Oslo")))
                .add(message(3, "c", 12, Map.of("id", 3, "city", "Rome")))
                .run(Map.of("mergeSchema", "true"));

        assertEquals(
                List.of("[1,ann,1.00,null]", "[2,null,null,Oslo]", "[3,null,null,Rome]"),
                messages.rows("id", "name", "amount", "city"));
    }

    @Test
    void aSchemaThatTheRegistryDoesNotKnowStopsTheQuery() throws Exception {
        ChangeStream messages = messages().add(message(7, "c", 10, row(1, "ann", "1.00", "2026-01-01")));

        assertEquals(
                "[SCHEMA_REGISTRY_UNKNOWN_SCHEMA] '" + address()
                        + "/schemas/ids/7': the schema registry knows no schema 7, which a message was written with. See whether"
                        + " it is the registry that the messages' writer uses, and whether the schema was deleted there.",
                failure(messages).getMessage());
    }

    @Test
    void aMessageWithoutTheNumberOfItsSchemaStopsTheQuery() {
        ChangeStream messages = messages().add(Slice.utf8("{\"op\":\"c\"}"));

        assertEquals(
                "[AVRO_MESSAGE_WITHOUT_SCHEMA] a message of 10 bytes does not begin with a zero byte and the number of its"
                        + " schema, as Confluent's serializer for Avro writes it. Read it with another function, or see what"
                        + " wrote it.",
                failure(messages).getMessage());
    }

    @Test
    void aMessageThatIsCutStopsTheQuery() {
        assertEquals(
                "DAMAGED_AVRO_MESSAGE",
                failure(messages().add(Slice.of(new byte[] {0, 0, 0, 0, 1, 2}))).code());
    }

    @Test
    void aRegistryThatAnswersSomethingElseStopsTheQuery() throws Exception {
        Slice message = message(1, "c", 10, row(1, "ann", "1.00", "2026-01-01"));
        schemas.put(1, Schema.create(Schema.Type.LONG));
        registry.removeContext("/schemas/ids/");
        registry.createContext("/schemas/ids/", request -> {
            try (request) {
                request.sendResponseHeaders(200, 0);
                request.getResponseBody().write("{\"schemaType\":\"JSON\"}".getBytes(StandardCharsets.UTF_8));
            }
        });

        assertEquals(
                "[SCHEMA_REGISTRY_ANSWER] '" + address()
                        + "/schemas/ids/1': expected an Avro schema from the schema registry, found a schema of type JSON. Check"
                        + " the registry's address.",
                failure(messages().add(message)).getMessage());
    }

    @Test
    void aBatchRunsAgainWhenTheRegistryIsBack() throws Exception {
        int[] asked = new int[1];
        registry.removeContext("/schemas/ids/");
        registry.createContext("/schemas/ids/", request -> {
            if (asked[0]++ == 0) {
                try (request) {
                    request.sendResponseHeaders(503, -1);
                }
            } else {
                answer(request);
            }
        });

        ChangeStream messages = messages()
                .add(message(1, "c", 10, row(1, "ann", "1.00", "2026-01-01")))
                .run();

        assertEquals(List.of("[1,ann,1.00,2026-01-01,10]"), messages.rows());
    }

    @Test
    void passwordsAreSentAndWrittenNowhere() throws Exception {
        String secret = "s3cret";
        String header =
                "Basic " + Base64.getEncoder().encodeToString(("ann:" + secret).getBytes(StandardCharsets.UTF_8));
        registry.removeContext("/schemas/ids/");
        registry.createContext("/schemas/ids/", request -> {
            if (header.equals(request.getRequestHeaders().getFirst("Authorization"))) {
                answer(request);
            } else {
                try (request) {
                    request.sendResponseHeaders(401, -1);
                }
            }
        });
        Slice message = message(1, "c", 10, row(1, "ann", "1.00", "2026-01-01"));
        assertEquals("SCHEMA_REGISTRY_DENIED", failure(messages().add(message)).code());

        StringBuilder plans = new StringBuilder();
        ChangeStream messages = new ChangeStream(
                        session,
                        directory.resolve("again"),
                        "value binary",
                        stream -> {
                            DataFrame read = Debezium.avro(
                                    stream,
                                    col("value"),
                                    ROW,
                                    address(),
                                    Map.of("basic.auth.user.info", "ann:" + secret));
                            plans.append(read);
                            return read;
                        },
                        Changes.debezium("id"))
                .add(message)
                .run();

        assertEquals(List.of("[1,ann,1.00,2026-01-01,10]"), messages.rows());
        assertFalse(plans.toString().contains(secret));
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains(secret) || bytes.contains(header), file.toString());
            }
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertEquals(
                "[SCHEMA_REGISTRY_ADDRESS] Debezium.avro(…): 'localhost:8081' is no address of a schema registry. Give one"
                        + " like 'http://localhost:8081'.",
                assertThrows(
                                QueryException.class,
                                () -> Debezium.avro(session.sql("select 1 as id"), col("id"), ROW, "localhost:8081"))
                        .getMessage());
    }

    private static HeadraceException failure(ChangeStream messages) {
        @Nullable Throwable cause = assertThrows(StreamingQueryException.class, messages::run);
        while (!(cause instanceof HeadraceException) && cause != null) {
            cause = cause.getCause();
        }
        return (HeadraceException) java.util.Objects.requireNonNull(cause);
    }
}
