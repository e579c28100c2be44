package dev.headrace.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Executes the notebooks that teach, as a reader would, and looks at what stands below their cells.
class NotebooksIT {
    @TempDir
    Path directory;

    @Test
    void firstStepsShowTablesSqlChartsAndAMistake() throws Exception {
        JsonNode notebook = Jupyter.with(directory).execute("01-first-steps.ipynb");

        assertTrue(text(notebook, "DataFrame orders").endsWith("the first 20 rows"));
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
        assertTrue(output(notebook, "plot(perCity)").path("data").has("image/svg+xml"));
        assertTrue(output(notebook, "plot(orders)").path("data").has("image/svg+xml"));
        assertEquals(
                "[UNRESOLVED_COLUMN] 'amuont' is not a column of (id, city, amount, note). Did you mean 'amount'?",
                output(notebook, "orders.select(\"amuont\")").path("evalue").asText());
    }

    @Test
    void streamShowsWhatTheBatchSaysAndKafkaToo() throws Exception {
        JsonNode notebook = Jupyter.with(directory).execute("02-streaming.ipynb");

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
        JsonNode notebook = Jupyter.with(directory).execute("03-windows-and-watermarks.ipynb");

        String live = text(notebook, "DataFrame stream");
        assertTrue(live.contains("|2026-01-01 12:00:00|2026-01-01 12:00:10|     3|"), live);
        assertTrue(live.contains("|2026-01-01 12:00:10|2026-01-01 12:00:20|     2|"), live);
        assertTrue(live.contains("watermark 2026-01-01T12:00:49.000Z"), live);
        assertTrue(live.endsWith("3 rows"), live);
        assertEquals("late: 1\n", printed(notebook, "long late"));
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
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing stands below " + start));
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
