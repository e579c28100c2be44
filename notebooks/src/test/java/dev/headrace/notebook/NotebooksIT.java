package dev.headrace.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Executes the notebooks that teach, as a reader would, and looks at what stands below their cells.
class NotebooksIT {
    @TempDir
    static Path directory;

    private static Jupyter jupyter;

    @BeforeAll
    static void install() throws Exception {
        jupyter = Jupyter.with(directory);
    }

    @Test
    void firstStepsShowTablesSqlChartsAndAMistake() throws Exception {
        JsonNode notebook = jupyter.execute("01-first-steps.ipynb");

        assertTrue(text(notebook, "DataFrame orders").endsWith("the first 20 of 1,000 rows"));
        assertTrue(html(notebook, "DataFrame orders").contains("decimal(10,2)"));
        String table = """
                +-----+------+--------+
                | city|orders|   total|
                +-----+------+--------+
                | Lima|   269|81098.00|
                |Hanoi|   267|79937.00|
                | Oslo|   264|79365.00|
                +-----+------+--------+
                3 rows""";
        assertEquals(table, text(notebook, "%%sql"));
        assertTrue(output(notebook, "perCity.plot()").path("data").has("image/svg+xml"));
        assertTrue(output(notebook, "orders.plot()").path("data").has("image/svg+xml"));
        assertEquals(
                "[UNRESOLVED_COLUMN] 'amuont' is not a column of (id, city, amount, note). Did you mean 'amount'?",
                output(notebook, "orders.select(\"amuont\")").path("evalue").asText());
    }

    @Test
    void streamShowsWhatTheBatchSaysAndKafkaToo() throws Exception {
        JsonNode notebook = jupyter.execute("02-streaming.ipynb");

        String live = text(notebook, "LiveTable live");
        assertTrue(live.contains("state stopped"), live);
        assertTrue(live.contains("|home|    34|  99|"), live);
        assertTrue(live.contains("|cart|    33|  97|"), live);
        assertTrue(printed(notebook, "List<Row> batch").contains("[home,34,99]"));
        assertTrue(text(notebook, "DataFrame clicks").contains("A chart of clicks over page, 3 points"));
        assertEquals("0 queries run\n", printed(notebook, "stopAll();"));
    }

    @Test
    void windowsCloseAsTheWatermarkPassesThem() throws Exception {
        JsonNode notebook = jupyter.execute("03-windows-and-watermarks.ipynb");

        String live = text(notebook, "DataFrame stream");
        assertTrue(live.contains("|2026-01-01 12:00:00|2026-01-01 12:00:10|     3|"), live);
        assertTrue(live.contains("|2026-01-01 12:00:10|2026-01-01 12:00:20|     2|"), live);
        assertTrue(live.contains("watermark 2026-01-01T12:00:49.000Z"), live);
        assertTrue(live.endsWith("3 rows"), live);
        assertEquals("late: 1\n", printed(notebook, "long late"));
    }

    @Test
    void changesComeInAnyOrderAndTheTableIsRight() throws Exception {
        JsonNode notebook = jupyter.execute("04-changes-into-delta.ipynb");

        String now = text(notebook, "DataFrame customers");
        assertTrue(now.contains("|  1| Ann|Cairo|"), now);
        assertTrue(now.endsWith("2 rows"), now);
        String history = text(notebook, "DataFrame history");
        assertTrue(history.endsWith("5 rows"), history);
        assertTrue(text(notebook, "history.filter").contains("| Ann|Rome|"));
        assertEquals("0 queries run\n", printed(notebook, "stopAll();"));
    }

    @Test
    void checkpointIsLookedAtAndItsBatchesRunAgain() throws Exception {
        JsonNode notebook = jupyter.execute("05-checkpoints-and-replay.ipynb");

        assertEquals("batch 0: 10 rows\nbatch 1: 10 rows\nbatch 2: 10 rows\n", printed(notebook, "for (Stream"));
        assertEquals("offsets [0, 1, 2]\ncommits [0, 1, 2]\n", printed(notebook, "List<String> entries"));
        String state = text(notebook, "DataFrame stateAfter");
        assertTrue(state.contains("|sensor|") && state.endsWith("3 rows"), state);
        assertTrue(printed(notebook, "query.explain()").contains("== Last Batch =="));
        assertEquals("batch 3 read 10 rows\n", printed(notebook, "query.stop();"));
        assertEquals("true: 3 rows again\n", printed(notebook, "ReplayReport again"));
        assertTrue(printed(notebook, "ReplayReport changed").contains(" rows are different"));
        assertEquals("true: 3 rows expected, 3 found\n", printed(notebook, "VerifyReport report"));
        String locked = output(notebook, "start();").path("evalue").asText();
        assertTrue(locked.startsWith("[CHECKPOINT_IN_USE]"), locked);
    }

    @Test
    void fraudIsFoundByTheStreamAsByTheBatch() throws Exception {
        JsonNode notebook = jupyter.execute("06-fraud-detection.ipynb");

        String alerts = text(notebook, "toTable.processAllAvailable");
        assertTrue(alerts.contains("|2026-01-01 12:03:40|  burst| Bob|319.70 in a minute|"), alerts);
        assertTrue(alerts.contains("|2026-01-01 12:05:10|journey| Cyd|          VN to PE|"), alerts);
        assertEquals(alerts, text(notebook, "DataFrame day"));
        String live = text(notebook, "DataFrame alerts(");
        assertTrue(live.contains("|  burst| Bob|319.70 in a minute|") && live.contains("|journey| Cyd|"), live);
    }

    @Test
    void lateClickCorrectsItsWindow() throws Exception {
        JsonNode notebook = jupyter.execute("07-ad-campaigns.ipynb");

        String live = text(notebook, "DataFrame metrics");
        assertTrue(live.contains("|2026-01-01 12:00:00|    blue|    1|     2|"), live);
        assertTrue(
                text(notebook, "DataFrame perCampaign").contains("A chart of views, clicks over campaign, 2 points"));
        assertEquals("[blue 2]\n", printed(notebook, "List<String> sent"));
    }

    @Test
    void sessionsOfTheStreamAreThoseOfTheBatch() throws Exception {
        JsonNode notebook = jupyter.execute("08-sessions-and-features.ipynb");

        assertTrue(text(notebook, "DataFrame features").contains(" ann|       2|"));
        assertTrue(output(notebook, "plot(pairs)").path("data").has("image/svg+xml"));
        String batch = text(notebook, "features(session");
        String live = text(notebook, "LiveTable live");
        for (String user : new String[] {"ann", "bob", "cyd"}) {
            String line = batch.lines()
                    .filter(row -> row.contains(" " + user + "|"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(live.contains(line), live);
        }
    }

    @Test
    void streamAgreesWithTheNightlyJob() throws Exception {
        JsonNode notebook = jupyter.execute("09-from-batch-to-stream.ipynb");

        assertTrue(text(notebook, "DataFrame table").endsWith("3 rows"));
        assertEquals("0 differences\n", printed(notebook, "nightly();\nSystem"));
        assertEquals("true: 2 rows expected, 2 found\n", printed(notebook, "VerifyReport report"));
    }

    private static JsonNode cell(JsonNode notebook, String start) {
        return StreamSupport.stream(notebook.path("cells").spliterator(), false)
                .filter(cell -> joined(cell.path("source")).startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cell begins with " + start));
    }

    /// The cell's first output that is not printed.
    private static JsonNode output(JsonNode notebook, String start) {
        return StreamSupport.stream(cell(notebook, start).path("outputs").spliterator(), false)
                .filter(output -> !output.path("output_type").asText().equals("stream"))
                .filter(output -> !isProgress(joined(output.path("data").path("text/plain"))))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing stands below " + start));
    }

    /// A cell that takes longer than a second has said so.
    private static boolean isProgress(String text) {
        return text.matches("took [0-9.]+ s");
    }

    private static String text(JsonNode notebook, String start) {
        return joined(output(notebook, start).path("data").path("text/plain"));
    }

    private static String html(JsonNode notebook, String start) {
        return joined(output(notebook, start).path("data").path("text/html"));
    }

    private static String printed(JsonNode notebook, String start) {
        return StreamSupport.stream(cell(notebook, start).path("outputs").spliterator(), false)
                .filter(output -> output.path("name").asText().equals("stdout"))
                .map(output -> joined(output.path("text")))
                .collect(Collectors.joining())
                .replaceAll("\n+", "\n");
    }

    private static String joined(JsonNode lines) {
        List<String> texts = new ArrayList<>();
        lines.forEach(line -> texts.add(line.asText()));
        return lines.isArray() ? String.join("", texts) : lines.asText();
    }
}
