package dev.headrace.notebook;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Opens a notebook in a real browser.
class BrowserIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CHART = "document.querySelectorAll('.cell')[1].querySelector('.output_subarea svg')";

    @TempDir
    Path directory;

    @Test
    void chartOfAStreamChangesInThePage() throws Exception {
        String place = directory.resolve("table").toString();
        Path folder = Files.createDirectories(directory.resolve("work"));
        write(
                folder.resolve("live.ipynb"),
                "void more(long from, long to) { session.range(from, to).select(col(\"id\").mod(3).as(\"page\"))"
                        + ".write().format(\"delta\").mode(\"append\").save(\"" + place + "\"); }\nmore(0, 10);",
                "DataFrame clicks = session.readStream().format(\"delta\").load(\"" + place + "\");\n"
                        + "LiveTable live = display(plot(clicks.groupBy(\"page\").count()).bar(\"page\", \"count\"));",
                "more(10, 500);");

        try (NotebookServer server = Jupyter.with(directory).serve(folder);
                Chromium page = Chromium.open(server.address("live.ipynb"), directory)) {
            page.await("Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.ncells() == 3");
            page.await("Jupyter.notebook.execute_cells([0, 1]) || true");
            page.await(CHART + ".outerHTML.length > 1000 && " + CHART + ".getBoundingClientRect().width > 300");
            page.await("(window.before = " + CHART + ".outerHTML)");
            page.await("Jupyter.notebook.execute_cells([2]) || true");
            page.await(CHART + ".outerHTML != window.before");
            String card =
                    page.await("document.querySelectorAll('.cell')[1].querySelector('.headrace-query').innerText");

            assertTrue(card.contains("running"), card);
        }
    }

    private static void write(Path file, String... cells) throws IOException {
        ObjectNode notebook = JSON.createObjectNode().put("nbformat", 4).put("nbformat_minor", 4);
        notebook.putObject("metadata")
                .putObject("kernelspec")
                .put("name", "headrace-java")
                .put("display_name", "Headrace Java")
                .put("language", "java");
        ArrayNode list = notebook.putArray("cells");
        for (String cell : cells) {
            ObjectNode node = list.addObject().put("cell_type", "code").put("source", cell);
            node.putObject("metadata");
            node.putArray("outputs");
            node.putNull("execution_count");
        }
        JSON.writeValue(file.toFile(), notebook);
    }
}
