package dev.headrace.avro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry that wants passwords, speaks TLS, or is away.
class SchemaRegistryTest {
    private static final String SECRET = "s3cret";
    private static final String SCHEMA = "{\"schema\": \"\\\"long\\\"\"}";

    @TempDir
    private static Path directory;

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<Duration> waits = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    private interface Answer {
        int status(HttpExchange request);
    }

    private HttpServer serve(HttpServer server, Answer answer) {
        server.createContext("/schemas/ids/", request -> {
            byte[] body = SCHEMA.getBytes(StandardCharsets.UTF_8);
            try (request) {
                int status = answer.status(request);
                request.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"registry\"");
                request.sendResponseHeaders(status, status == 200 ? body.length : -1);
                if (status == 200) {
                    request.getResponseBody().write(body);
                }
            }
        });
        server.start();
        servers.add(server);
        return server;
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private HttpServer plain(Answer answer) throws IOException {
        return serve(HttpServer.create(anyPort(), 0), answer);
    }

    private static String address(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /// Knows one header, and answers 401 without one, 403 to another one.
    private static Answer knowing(String header) {
        return request -> {
            String given = request.getRequestHeaders().getFirst("Authorization");
            return given == null ? 401 : given.equals(header) ? 200 : 403;
        };
    }

    private static String basic(String info) {
        return "Basic " + Base64.getEncoder().encodeToString(info.getBytes(StandardCharsets.UTF_8));
    }

    private SchemaRegistry registry(String address, Map<String, String> options) {
        return new SchemaRegistry(RegistrySettings.of(address, options), waits::add);
    }

    private static void assertGiven(SchemaRegistry registry) {
        assertEquals(Schema.create(Schema.Type.LONG), registry.schema(1));
    }

    @Test
    void usersGiveTheirPasswordByOptionOrInTheAddress() throws IOException {
        HttpServer server = plain(knowing(basic("ann:" + SECRET)));

        assertGiven(registry(
                address(server),
                Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "ann:" + SECRET)));
        assertGiven(registry(address(server), Map.of("schema.registry.basic.auth.user.info", "ann:" + SECRET)));
        assertGiven(registry(address(server).replace("//", "//ann:" + SECRET + "@"), Map.of()));
    }

    @Test
    void programsGiveTheirToken() throws IOException {
        HttpServer server = plain(knowing("Bearer " + SECRET));

        assertGiven(registry(
                address(server),
                Map.of("bearer.auth.credentials.source", "STATIC_TOKEN", "bearer.auth.token", SECRET)));
    }

    @Test
    void whoIsNotKnownIsToldSo() throws IOException {
        HttpServer server = plain(knowing(basic("ann:" + SECRET)));
        String place = "'" + address(server) + "/schemas/ids/1'";

        assertEquals(
                "[SCHEMA_REGISTRY_DENIED] " + place
                        + ": the schema registry does not know who asks (status 401, asked with neither user nor token). Give it"
                        + " 'basic.auth.user.info' or 'bearer.auth.token' that it knows.",
                denied(registry(address(server), Map.of())));
        assertEquals(
                "[SCHEMA_REGISTRY_DENIED] " + place
                        + ": the schema registry does not let the schema be read (status 403, asked with user and password). Let"
                        + " this user read the subjects of the topics.",
                denied(registry(address(server), Map.of("basic.auth.user.info", "bob:" + SECRET))));
        assertEquals(
                "[SCHEMA_REGISTRY_DENIED] " + place
                        + ": the schema registry does not let the schema be read (status 403, asked with a token). Let this user"
                        + " read the subjects of the topics.",
                denied(registry(address(server), Map.of("bearer.auth.token", SECRET))));
        assertEquals(List.of(), waits);
    }

    private static String denied(SchemaRegistry registry) {
        return assertThrows(DataException.class, () -> registry.schema(1)).getMessage();
    }

    @Test
    void secretsAreInNoText() throws IOException {
        HttpServer server = plain(_ -> 500);
        String address = address(server).replace("//", "//ann:" + SECRET + "@");

        assertFalse(RegistrySettings.of(address, Map.of()).toString().contains(SECRET));
        String unreachable = assertThrows(
                        UnavailableException.class,
                        () -> registry(address, Map.of()).schema(1))
                .toString();
        assertFalse(unreachable.contains(SECRET), unreachable);
        String refused = assertThrows(
                        QueryException.class, () -> RegistrySettings.of("htps://ann:" + SECRET + "@host", Map.of()))
                .toString();
        assertFalse(refused.contains(SECRET), refused);
        for (String password : List.of(SECRET + ",more", "12/" + SECRET, "12#" + SECRET, "12?" + SECRET)) {
            String unclear = assertThrows(
                            QueryException.class,
                            () -> RegistrySettings.of("http://ann:" + password + "@localhost:8081", Map.of()))
                    .getMessage();
            assertEquals("[SCHEMA_REGISTRY_ADDRESS] ", unclear.substring(0, 26));
            assertFalse(unclear.contains(SECRET), unclear);
        }
    }

    @Test
    void aRegistryThatIsAwayIsAskedAgain() throws IOException {
        int[] asked = new int[1];
        HttpServer server = plain(_ -> asked[0]++ < 3 ? 503 : 200);

        assertGiven(registry(address(server), Map.of("retries.wait.ms", "100", "retries.max.wait.ms", "250")));
        assertEquals(List.of(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(250)), waits);
    }

    @Test
    void aRegistryThatStaysAwayCanBeAskedWithTheNextBatch() throws IOException {
        int[] asked = new int[1];
        HttpServer server = plain(_ -> {
            asked[0]++;
            return 429;
        });

        UnavailableException away = assertThrows(
                UnavailableException.class,
                () -> registry(address(server), Map.of("max.retries", "1")).schema(1));

        assertEquals(
                "[SCHEMA_REGISTRY_UNREACHABLE] '" + address(server)
                        + "/schemas/ids/1': the schema registry can't be asked (status 429). See whether it runs and can be"
                        + " reached from here; the batch can be run again.",
                away.getMessage());
        assertEquals(2, asked[0]);
    }

    @Test
    void anotherAddressOfTheRegistryIsAskedAtOnce() throws IOException {
        String closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = "http://localhost:" + socket.getLocalPort();
        }
        HttpServer server = plain(_ -> 200);

        assertGiven(registry(closed + ", " + address(server), Map.of()));
        assertEquals(List.of(), waits);
    }

    @Test
    void whatTheRegistryDoesNotAnswerInTimeIsUnreachable() throws IOException {
        java.util.concurrent.CountDownLatch end = new java.util.concurrent.CountDownLatch(1);
        HttpServer server = plain(_ -> {
            try {
                end.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return 200;
        });
        try {
            assertEquals(
                    "SCHEMA_REGISTRY_UNREACHABLE",
                    assertThrows(
                                    UnavailableException.class,
                                    () -> registry(
                                                    address(server),
                                                    Map.of("http.read.timeout.ms", "50", "max.retries", "0"))
                                            .schema(1))
                            .code());
        } finally {
            end.countDown();
        }
    }

    @BeforeAll
    static void makeKeys() throws Exception {
        key("server", "dns:localhost");
        key("client", "dns:client");
    }

    /// Makes a file with a key, and two with its certificate.
    private static void key(String name, String host) throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "SAN=" + host,
                "-keystore",
                file(name + ".p12"),
                "-storepass",
                SECRET);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                name,
                "-keystore",
                file(name + ".p12"),
                "-storepass",
                SECRET,
                "-file",
                file(name + ".pem"));
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                name,
                "-file",
                file(name + ".pem"),
                "-keystore",
                file(name + "-trusted.p12"),
                "-storepass",
                SECRET);
    }

    private static String file(String name) {
        return directory.resolve(name).toString();
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.add("-J-XX:TieredStopAtLevel=1");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static KeyStore store(String name) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            store.load(in, SECRET.toCharArray());
        }
        return store;
    }

    private String secure(boolean wantsCertificate) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store("server.p12"), SECRET.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store("client-trusted.p12"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(wantsCertificate);
                parameters.setSSLParameters(ssl);
            }
        });
        serve(server, _ -> 200);
        return "https://localhost:" + server.getAddress().getPort();
    }

    @Test
    void aRegistryIsTrustedByItsCertificate() throws Exception {
        String address = secure(false);

        assertGiven(registry(
                address,
                Map.of(
                        "schema.registry.ssl.truststore.location",
                        file("server-trusted.p12"),
                        "schema.registry.ssl.truststore.password",
                        SECRET)));
        assertGiven(
                registry(address, Map.of("ssl.truststore.location", file("server.pem"), "ssl.truststore.type", "PEM")));
        HeadraceException refused = assertThrows(
                DataException.class, () -> registry(address, Map.of()).schema(1));
        assertEquals("SCHEMA_REGISTRY_TLS", refused.code());
        assertEquals(
                "[SCHEMA_REGISTRY_TLS] '" + address
                        + "/schemas/ids/1': there is no secure connection to the schema registry ("
                        + java.util.Objects.requireNonNull(refused.getCause()).getMessage()
                        + "). If its certificate is not trusted, name a file with one that is in 'ssl.truststore.location'; if"
                        + " it wants to see one, in 'ssl.keystore.location'.",
                refused.getMessage());
        assertEquals(List.of(), waits);
    }

    @Test
    void aRegistryMayWantToSeeACertificate() throws Exception {
        String address = secure(true);
        Map<String, String> trusting =
                Map.of("ssl.truststore.location", file("server.pem"), "ssl.truststore.type", "PEM");
        Map<String, String> showing = new java.util.HashMap<>(trusting);
        showing.put("ssl.keystore.location", file("client.p12"));
        showing.put("ssl.keystore.password", SECRET);

        assertGiven(registry(address, showing));
        HeadraceException refused = assertThrows(
                HeadraceException.class, () -> registry(address, trusting).schema(1));
        // The registry's word that it wants a certificate may be lost with the connection that it cuts.
        assertTrue(
                Set.of("SCHEMA_REGISTRY_TLS", "SCHEMA_REGISTRY_UNREACHABLE").contains(refused.code()), refused.code());
        assertTrue(refused.getMessage().contains("'ssl.keystore.location'"), refused.getMessage());
    }

    @Test
    void aConnectionThatIsCutMayWantACertificate() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> cutEach(server));
            String address = "https://localhost:" + server.getLocalPort();

            UnavailableException cut = assertThrows(
                    UnavailableException.class,
                    () -> registry(address, Map.of()).schema(1));

            assertEquals("SCHEMA_REGISTRY_UNREACHABLE", cut.code());
            assertTrue(
                    cut.getMessage()
                            .endsWith(
                                    "See whether it runs and can be reached from here; the batch can be run again. If it"
                                            + " wants to see a certificate, name a file with one in 'ssl.keystore.location'."),
                    cut.getMessage());
        }
    }

    private static void cutEach(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                server.accept().close();
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Test
    void theCertificateIsThatOfTheHost() throws Exception {
        String address = secure(false).replace("localhost", "127.0.0.1");
        Map<String, String> trusting =
                Map.of("ssl.truststore.location", file("server.pem"), "ssl.truststore.type", "PEM");
        Map<String, String> anyHost = new java.util.HashMap<>(trusting);
        anyHost.put("ssl.endpoint.identification.algorithm", "");

        assertEquals(
                "SCHEMA_REGISTRY_TLS",
                assertThrows(
                                DataException.class,
                                () -> registry(address, trusting).schema(1))
                        .code());
        assertGiven(registry(address, anyHost));
    }

    @Test
    void optionsThatCannotBeMeantAreRefused() throws Exception {
        String missing = file("missing.p12");
        assertRefused(
                "'basic.auth.user' is not known. Did you mean 'basic.auth.user.info'?", Map.of("basic.auth.user", "x"));
        assertRefused(
                "'basic.auth.credentials.source' is 'SASL_INHERIT': expected URL or USER_INFO.",
                Map.of("basic.auth.credentials.source", "SASL_INHERIT"));
        assertRefused(
                "'basic.auth.user.info' is missing or has no colon: expected user:password.",
                Map.of("basic.auth.user.info", SECRET));
        assertRefused(
                "'basic.auth.user.info' is missing or has no colon: expected user:password.",
                Map.of("basic.auth.credentials.source", "USER_INFO"));
        assertRefused(
                "'bearer.auth.token' stands beside a user and password: choose one.",
                Map.of("basic.auth.user.info", "ann:" + SECRET, "bearer.auth.token", SECRET));
        assertRefused(
                "'bearer.auth.token' is missing, which 'bearer.auth.credentials.source' = STATIC_TOKEN needs.",
                Map.of("bearer.auth.credentials.source", "STATIC_TOKEN"));
        assertRefused("'max.retries' is 'many': expected a number from 0 to 1000.", Map.of("max.retries", "many"));
        assertRefused(
                "'ssl.truststore.location' is missing, which names the file.",
                Map.of("ssl.truststore.password", SECRET));
        assertRefused(
                "'ssl.truststore.location' is '" + missing
                        + "', which can't be read as pkcs12 (java.nio.file.NoSuchFileException: " + missing
                        + "). Check the file, its type and its password.",
                Map.of("ssl.truststore.location", missing));
    }

    private static void assertRefused(String what, Map<String, String> options) {
        assertEquals(
                "[SCHEMA_REGISTRY_OPTION] Debezium.avro(…): the registry's option " + what,
                assertThrows(QueryException.class, () -> RegistrySettings.of("http://localhost:8081", options))
                        .getMessage());
    }
}
