package dev.headrace.exec;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The terminal of this process, whose last line says how far queries are. Before the program prints something, the
/// line is taken away, and it does not come into a line that the program has only begun. Thread-safe.
public final class ProgressTerminal {
    /// The setting of a session whose queries are shown; also a system property, for all sessions.
    public static final String SETTING = "spark.ui.showConsoleProgress";

    private static final String CLEAR = "\r\u001b[K";

    private static @Nullable ProgressTerminal installed;

    private final PrintStream terminal;
    private boolean shown;
    private boolean withinLine;

    ProgressTerminal(PrintStream terminal) {
        this.terminal = terminal;
    }

    /// @param conf of a session
    static Optional<ProgressTerminal> wanted(Map<String, String> conf) {
        return Boolean.parseBoolean(conf.getOrDefault(SETTING, System.getProperty(SETTING)))
                ? Optional.of(ofProcess())
                : Optional.empty();
    }

    /// The one on standard error. From now on it notices what is printed through `System.out` and `System.err`.
    public static synchronized ProgressTerminal ofProcess() {
        ProgressTerminal there = installed;
        if (there == null) {
            there = new ProgressTerminal(System.err);
            System.setOut(there.noticing(System.out));
            System.setErr(there.noticing(System.err));
            installed = there;
        }
        return there;
    }

    /// What prints to the same terminal.
    PrintStream noticing(PrintStream stream) {
        return new PrintStream(new Noticed(stream), true, stream.charset());
    }

    synchronized void show(String line) {
        if (!withinLine) {
            terminal.print(CLEAR + line);
            terminal.flush();
            shown = true;
        }
    }

    synchronized void clear() {
        if (shown) {
            terminal.print(CLEAR);
            terminal.flush();
            shown = false;
        }
    }

    private final class Noticed extends OutputStream {
        private final PrintStream stream;

        Noticed(PrintStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int printed) {
            write(new byte[] {(byte) printed}, 0, 1);
        }

        @Override
        public void write(byte[] printed, int from, int length) {
            synchronized (ProgressTerminal.this) {
                clear();
                stream.write(printed, from, length);
                withinLine = length == 0 ? withinLine : printed[from + length - 1] != '\n';
            }
        }

        /// @throws IOException if nobody reads what is printed, which a stream of this kind keeps to itself
        @Override
        public void flush() throws IOException {
            if (stream.checkError()) {
                throw new IOException("the output is closed");
            }
        }
    }
}
