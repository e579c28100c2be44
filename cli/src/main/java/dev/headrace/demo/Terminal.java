package dev.headrace.demo;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Where the demo's output goes.
///
/// @param interactive whether a person watches it on a screen that understands cursor movements
/// @param columns how many characters fit in a line
record Terminal(boolean interactive, int columns) {
    private static final int USUAL_COLUMNS = 80;

    /// This process's terminal.
    static Terminal detect() {
        Console console = System.console();
        boolean screen = console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
        return screen ? new Terminal(true, askColumns().orElse(USUAL_COLUMNS)) : new Terminal(false, USUAL_COLUMNS);
    }

    private static Optional<Integer> askColumns() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = Optional.ofNullable(stty.inputReader().readLine()).orElse("");
            stty.waitFor(1, TimeUnit.SECONDS);
            return size.matches("\\d+ [1-9]\\d*")
                    ? Optional.of(Integer.valueOf(size.substring(size.indexOf(' ') + 1)))
                    : Optional.empty();
        } catch (IOException noSuchCommand) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
