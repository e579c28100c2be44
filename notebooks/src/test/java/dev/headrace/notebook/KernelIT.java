package dev.headrace.notebook;

import static dev.headrace.notebook.Jupyter.cell;
import static dev.headrace.notebook.Jupyter.interrupted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Speaks with a kernel as a notebook's page does.
class KernelIT {
    private static final String ACTIVE = "System.out.println(session.streams().active().length);";

    @TempDir
    Path directory;

    @Test
    void runningACellAgainReplacesItsStreamAndTheKernelsEndLeavesNone() throws Exception {
        String place = directory.resolve("table").toString();
        String show = "display(session.readStream().format(\"delta\").load(\"" + place + "\").groupBy().count());";

        List<JsonNode> results = Jupyter.with(directory)
                .session(
                        cell("session.range(7).write().format(\"delta\").save(\"" + place + "\");"),
                        cell(show),
                        cell(show),
                        cell(ACTIVE),
                        cell("session.streams().active()[0].processAllAvailable(); Thread.sleep(1500);"),
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
        List<JsonNode> results =
                Jupyter.with(directory).session(cell("1"), interrupted("Thread.sleep(60000);", 1), cell("6 * 7"));

        assertTrue(results.get(2).path("error").asText().contains("Interrupted"));
        assertTrue(results.get(2).path("seconds").asDouble() < 10);
        assertEquals(
                "42", results.get(3).path("outputs").get(0).path("text/plain").asText());
    }

    @Test
    void firstLineOfAnExceptionIsTheAnswer() throws Exception {
        List<JsonNode> results = Jupyter.with(directory)
                .session(
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
    void kernelThatIsUninstalledIsGone() throws Exception {
        Jupyter jupyter = Jupyter.with(directory);
        Path kernels = directory.resolve("share/jupyter/kernels");

        String prefix = directory.toString();
        assertEquals(
                "Removed the kernel from " + kernels + ".",
                jupyter.headrace("notebook", "uninstall", "--prefix", prefix).strip());
        assertEquals(
                "There is no Headrace kernel in " + kernels + ".",
                jupyter.headrace("notebook", "uninstall", "--prefix", prefix).strip());
        assertFalse(Files.exists(kernels.resolve("headrace-java")));
    }
}
