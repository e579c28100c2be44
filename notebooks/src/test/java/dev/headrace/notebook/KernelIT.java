package dev.headrace.notebook;

import static dev.headrace.notebook.Jupyter.asked;
import static dev.headrace.notebook.Jupyter.cell;
import static dev.headrace.notebook.Jupyter.interrupted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Speaks with a kernel as a notebook's page does.
class KernelIT {
    private static final String ACTIVE = "System.out.println(session.streams().active().length);";

    @TempDir
    static Path installation;

    private static Jupyter installed;

    @TempDir
    Path directory;

    private Jupyter jupyter;

    @BeforeAll
    static void install() throws Exception {
        installed = Jupyter.with(installation);
    }

    @BeforeEach
    void use() throws Exception {
        jupyter = installed.in(directory);
    }

    @Test
    void runningACellAgainReplacesItsStreamAndTheKernelsEndLeavesNone() throws Exception {
        String place = directory.resolve("table").toString();
        String show = "LiveTable live = display(session.readStream().format(\"delta\").load(\"" + place
                + "\").groupBy().count());";

        List<JsonNode> results = jupyter.session(
                cell("session.range(7).write().format(\"delta\").save(\"" + place + "\");"),
                cell(show),
                cell(show),
                cell(ACTIVE),
                cell("live.processAllAvailable();"),
                cell("display(session.range(1)); int a = 1;"),
                cell("System.out.println(System.getProperty(\"java.io.tmpdir\"));"));

        assertEquals(
                directory.resolve("tmp").toString(),
                results.get(7).path("text").asText().strip());
        assertEquals("1", results.get(4).path("text").asText().strip());
        String updates = results.stream()
                .map(result -> result.path("updates").toString())
                .collect(Collectors.joining());
        assertTrue(updates.contains("|    7|"), updates);
        assertFalse(results.getLast().path("alive").asBoolean());
        assertFalse(checkpointsAreLeft());
    }

    private boolean checkpointsAreLeft() throws Exception {
        try (Stream<Path> files = Files.list(directory.resolve("tmp"))) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("headrace-notebook"));
        }
    }

    @Test
    void interruptEndsTheCellAndNotTheKernel() throws Exception {
        List<JsonNode> results = jupyter.session(
                cell("1"), interrupted("System.out.println(\"begun\"); Thread.sleep(60000);"), cell("6 * 7"));

        assertTrue(results.get(2).path("error").asText().contains("Interrupted"));
        assertTrue(results.get(2).path("interrupted").asDouble(60) < 10);
        assertEquals(
                "42", results.get(3).path("outputs").get(0).path("text/plain").asText());
    }

    @Test
    void firstLineOfAnExceptionIsTheAnswer() throws Exception {
        List<JsonNode> results = jupyter.session(
                cell("session.range(3).filter(\"idd > 1\")"),
                cell("throw new IllegalStateException(\"<no>\");"),
                cell("stackTrace();"),
                cell("session.range(3).count()"));

        String first = results.get(1).path("error").asText().lines().findFirst().orElseThrow();
        assertTrue(first.contains("[UNRESOLVED_COLUMN] 'idd' is not a column of (id)"), first);
        assertTrue(results.get(2).path("error").asText().contains("IllegalStateException: <no>"));
        assertTrue(
                results.get(3).path("text").asText().contains("IllegalStateException: <no>\n    at "),
                results.get(3).toString());
        assertEquals(
                "3", results.get(4).path("outputs").get(0).path("text/plain").asText());
    }

    @Test
    void interruptCancelsTheBatchQueryAndFreesItsMemory() throws Exception {
        String endless = "session.range(1_000_000_000_000L).filter(\"id % 7 = 8\").count()";
        List<JsonNode> results = jupyter.session(
                cell("session.range(3).count()"),
                interrupted(endless),
                cell("System.out.println(dev.headrace.Frames.runtime(session).allocator().getAllocatedMemory());"),
                cell("session.range(3).count()"));

        JsonNode cancelled = results.get(2);
        assertTrue(cancelled.path("error").asText().contains("[QUERY_CANCELLED]"), cancelled.toString());
        assertTrue(cancelled.path("interrupted").asDouble(60) < 30, cancelled.toString());
        assertTrue(cancelled.path("outputs").toString().contains(" % after "), cancelled.toString());
        assertEquals("0", results.get(3).path("text").asText().strip());
        assertEquals(
                "3", results.get(4).path("outputs").get(0).path("text/plain").asText());
    }

    @Test
    void badCellsAreReadableAndTheKernelLives() throws Exception {
        String full = "session.range(2_000_000).write().parquet(\"/dev/full/table\");";
        String kafka = "session.read().format(\"kafka\").option(\"kafka.bootstrap.servers\", \"localhost:1\")"
                + ".option(\"kafka.request.timeout.ms\", \"1000\").option(\"kafka.default.api.timeout.ms\", \"2000\")"
                + ".option(\"subscribe\", \"nobody\").load().count()";
        List<JsonNode> results = jupyter.session(
                cell("session.range(3).foreach(row -> { throw new IllegalStateException(\"no row\"); });"),
                cell(kafka),
                cell(full),
                cell("System.out.println(6 * 7);"));

        for (int i = 1; i <= 3; i++) {
            String first =
                    results.get(i).path("error").asText().lines().findFirst().orElse("");
            assertTrue(first.contains("["), results.get(i).toString());
        }
        assertEquals("42", results.get(4).path("text").asText().strip());
    }

    @Test
    void hundredRunsOfACellLeakNothing() throws Exception {
        String place = directory.resolve("table").toString();
        String show = "LiveTable live = display(session.readStream().format(\"delta\").load(\"" + place
                + "\").groupBy().count()); live.processAllAvailable();";
        String count = "System.gc(); System.out.println(session.streams().active().length + \" \" "
                + "+ Thread.getAllStackTraces().size() + \" \" + new java.io.File(\"/proc/self/fd\").list().length);";
        List<JsonNode> cells = new ArrayList<>();
        cells.add(cell("session.range(7).write().format(\"delta\").save(\"" + place + "\");"));
        for (int i = 0; i < 5; i++) {
            cells.add(cell(show));
        }
        cells.add(cell(count));
        for (int i = 0; i < 95; i++) {
            cells.add(cell(show));
        }
        cells.add(cell(count));
        cells.add(
                cell(
                        "stopAll(); System.out.println(dev.headrace.Frames.runtime(session).allocator().getAllocatedMemory());"));

        List<JsonNode> results = jupyter.session(cells.toArray(JsonNode[]::new));

        String[] early = results.get(7).path("text").asText().strip().split(" ");
        String[] late = results.get(103).path("text").asText().strip().split(" ");
        assertEquals("1", late[0]);
        for (int i = 1; i <= 2; i++) {
            int grown = Integer.parseInt(late[i]) - Integer.parseInt(early[i]);
            assertTrue(grown < 15, String.join(" ", early) + " has become " + String.join(" ", late));
        }
        assertEquals("0", results.get(104).path("text").asText().strip());
    }

    @Test
    void kernelThatIsUninstalledIsGone() throws Exception {
        Jupyter another = Jupyter.with(directory);
        Path kernels = directory.resolve("share/jupyter/kernels");

        String prefix = directory.toString();
        assertEquals(
                "Removed the kernel from " + kernels + ".",
                another.headrace("notebook", "uninstall", "--prefix", prefix).strip());
        assertEquals(
                "There is no Headrace kernel in " + kernels + ".",
                another.headrace("notebook", "uninstall", "--prefix", prefix).strip());
        assertFalse(Files.exists(kernels.resolve("headrace-java")));
    }

    @Test
    void displayIsPausedSteppedAndResumedAndKeepsWhatItShowed() throws Exception {
        String place = directory.resolve("table").toString();
        String add = "session.range(5).write().format(\"delta\").mode(\"append\").save(\"" + place + "\");\n";
        List<JsonNode> results = jupyter.session(
                cell(add),
                cell("LiveTable live = display(session.readStream().format(\"delta\").load(\"" + place
                        + "\").groupBy().count());\nlive.processAllAvailable();\nlive.pause();"),
                cell(add + "live.at(1)"),
                cell("System.out.println(live.step());"),
                cell("live.at(0)"),
                cell("live.at(1)"),
                cell(add + "live.resume();\nlive.processAllAvailable();"),
                cell("live.at(2)"),
                cell("System.out.println(live.query().get().replay(1).matches());"));

        assertTrue(results.get(3).path("error").asText().contains("[BATCH_NOT_RETAINED]"), results.toString());
        assertEquals("true", results.get(4).path("text").asText().strip());
        assertTrue(shown(results.get(5)).contains("|    5|"), results.get(5).toString());
        assertTrue(shown(results.get(6)).contains("|   10|"), results.get(6).toString());
        assertTrue(shown(results.get(8)).contains("|   15|"), results.get(8).toString());
        assertEquals("true", results.get(9).path("text").asText().strip());
    }

    private static String shown(JsonNode result) {
        return result.path("outputs").findPath("text/plain").asText();
    }

    @Test
    void namesAreCompletedAndExplained() throws Exception {
        List<JsonNode> results = jupyter.session(
                cell("session.range(1)"),
                asked("complete", "session.ra"),
                asked("inspect", "session.range"),
                asked("inspect", "plot(session.range(3)).heatmap("),
                asked("inspect", "DataFrame"),
                asked("inspect", "nothingOfThatName"));

        assertEquals("[\"range(\"]", results.get(2).path("matches").toString());
        String range = described(results.get(3));
        assertTrue(range.contains("Session.range(long"), range);
        assertTrue(range.lines().anyMatch(line -> line.startsWith("    ")), range);
        assertTrue(
                described(results.get(4)).contains("A field of colours"),
                results.get(4).toString());
        assertTrue(
                described(results.get(5)).startsWith("dev.headrace.DataFrame\n    "),
                results.get(5).toString());
        assertFalse(results.get(6).path("found").asBoolean());
    }

    private static String described(JsonNode reply) {
        return reply.path("data").path("text/plain").asText();
    }

    @Test
    void artifactsOfMavenAreAdded() throws Exception {
        Path version = Files.createDirectories(directory.resolve("repository/trial/greeting/1.0"));
        Path source = directory.resolve("Greeting.java");
        Files.writeString(
                source, "package trial; public class Greeting { public static String text() { return \"hi\"; } }");
        Path classes = directory.resolve("classes");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-d", classes.toString(), source.toString()));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(version.resolve("greeting-1.0.jar")))) {
            jar.putNextEntry(new JarEntry("trial/Greeting.class"));
            jar.write(Files.readAllBytes(classes.resolve("trial/Greeting.class")));
        }
        Files.writeString(
                version.resolve("greeting-1.0.pom"),
                "<project><modelVersion>4.0.0</modelVersion><groupId>trial</groupId>"
                        + "<artifactId>greeting</artifactId><version>1.0</version></project>");

        List<JsonNode> results = jupyter.session(
                cell("%dependency /add-repo trial file://" + directory.resolve("repository")),
                cell("%dependency /add trial:greeting:1.0"),
                cell("%dependency /resolve"),
                cell("System.out.println(trial.Greeting.text());"));

        assertEquals("hi", results.get(4).path("text").asText().strip(), results.toString());
        assertTrue(Files.exists(installation.resolve(".cache/headrace/maven/trial/greeting/1.0/greeting-1.0.jar")));
    }

    @Test
    void kernelEndsWithTheProcessThatStartedIt() throws Exception {
        Process parent = new ProcessBuilder("sleep", "600").start();
        Path connection = directory.resolve("connection.json");
        StringBuilder ports = new StringBuilder();
        int shell = 0;
        for (String name : List.of("shell", "iopub", "stdin", "control", "hb")) {
            try (ServerSocket free = new ServerSocket(0)) {
                shell = free.getLocalPort();
                ports.append("\"")
                        .append(name)
                        .append("_port\": ")
                        .append(shell)
                        .append(", ");
            }
        }
        Files.writeString(
                connection,
                "{" + ports + "\"transport\": \"tcp\", \"ip\": \"127.0.0.1\", \"key\": \"k\","
                        + " \"signature_scheme\": \"hmac-sha256\"}");
        Process kernel = jupyter.kernel(connection, parent.toHandle());
        try {
            while (!listens(shell)) {
                assertFalse(kernel.waitFor(50, TimeUnit.MILLISECONDS), () -> "the kernel does not start");
            }
            parent.destroy();

            assertTrue(kernel.waitFor(300, TimeUnit.SECONDS), "the kernel outlives its parent");
        } finally {
            parent.destroyForcibly();
            kernel.destroyForcibly().waitFor();
        }
    }

    private static boolean listens(int port) {
        try (Socket _ = new Socket("127.0.0.1", port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
