package dev.headrace.notebook;

import dev.headrace.exec.BatchRuns;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.rapaio.jupyter.kernel.display.DisplayData;

/// How far the batch queries of a cell are, below the cell; there is none below a cell that takes less than a second.
/// Thread-safe.
final class ProgressBar {
    private final BiConsumer<DisplayData, Boolean> output;
    private final long start = System.nanoTime();
    private boolean shown;
    private boolean finished;

    /// @param output is given what to show, and whether it takes the place of what it was given before
    ProgressBar(BiConsumer<DisplayData, Boolean> output) {
        this.output = output;
    }

    /// Shows how far they are now; nothing if none runs.
    synchronized void update(List<BatchRuns.Progress> running) {
        if (finished || running.isEmpty()) {
            return;
        }
        double fraction = running.stream()
                .mapToDouble(BatchRuns.Progress::fraction)
                .average()
                .orElse(0);
        long percent = Math.round(100 * fraction);
        String text = percent + " % after " + seconds() + " s";
        show(
                "<progress max=\"100\" value=\"" + percent + "\"></progress> " + text
                        + " <span style=\"color:#888\">(interrupting the cell cancels the query)</span>",
                text);
    }

    /// Says how long it took. Nothing is shown any more after that.
    synchronized void finish() {
        if (shown && !finished) {
            String text = "took " + seconds() + " s";
            show("<span style=\"color:#888\">" + text + "</span>", text);
        }
        finished = true;
    }

    private String seconds() {
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        return String.format(Locale.ROOT, "%.1f", taken.toMillis() / 1000.0);
    }

    private void show(String html, String text) {
        DisplayData data = DisplayData.fromHtml(html);
        data.putText(text);
        output.accept(data, shown);
        shown = true;
    }
}
