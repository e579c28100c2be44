package dev.headrace.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/// Prints messages that stay, and below them a view that is redrawn in place. Where the output is no terminal, the view
/// is printed now and then instead. Used by one thread.
final class LiveScreen implements AutoCloseable {
    private static final long PLAIN_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();
    private static final String CLEAR_REST_OF_LINE = "\u001b[K";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    private final PrintStream out;
    private final boolean terminal;
    private final int columns;
    private int drawn;
    private long lastPlainNanos;

    /// @param out where to print
    /// @param terminal whether it understands cursor movements
    /// @param columns how many characters fit in a line; longer ones of the view are cut, so that they can be redrawn
    /// @param nowNanos the time from which a plain view waits for its turn
    LiveScreen(PrintStream out, boolean terminal, int columns, long nowNanos) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
        this.lastPlainNanos = nowNanos;
    }

    /// Prints a line that stays. The view, if it is drawn, moves below it.
    void say(String line) {
        erase();
        out.println(line);
        out.flush();
    }

    /// Shows the view.
    void show(List<String> view, long nowNanos) {
        if (terminal) {
            redraw(view);
        } else if (nowNanos - lastPlainNanos >= PLAIN_INTERVAL_NANOS) {
            lastPlainNanos = nowNanos;
            view.forEach(line -> out.println("  " + line));
            out.flush();
        }
    }

    private void redraw(List<String> view) {
        StringBuilder text = new StringBuilder(HIDE_CURSOR);
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append('F');
        }
        for (String line : view) {
            text.append(line, 0, Math.min(line.length(), columns - 1))
                    .append(CLEAR_REST_OF_LINE)
                    .append('\n');
        }
        text.append(SHOW_CURSOR);
        drawn = view.size();
        out.print(text);
        out.flush();
    }

    /// Removes the view.
    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "F\u001b[J");
            drawn = 0;
        }
    }

    /// Leaves the view, as it was drawn last, on the screen.
    @Override
    public void close() {
        drawn = 0;
        out.flush();
    }
}
