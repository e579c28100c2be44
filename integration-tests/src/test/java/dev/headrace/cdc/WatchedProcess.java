package dev.headrace.cdc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process that a test starts and kills, and that does not outlive the test: a shell beside it reads a pipe from the
/// test's JVM, and ends the process when that is gone.
final class WatchedProcess {
    private static final String SCRIPT = "exec 3<&0; \"$@\" < /dev/null 3<&- >> \"$0\" 2>&1 & p=$!;"
            + " (read line <&3; kill -KILL $p) 2> /dev/null & r=$!; wait $p; e=$?; kill $r 2> /dev/null; exit $e";

    private final Process shell;
    private final Path log;

    private WatchedProcess(Process shell, Path log) {
        this.shell = shell;
        this.log = log;
    }

    /// @param log what it prints is appended here
    static WatchedProcess start(List<String> command, Path log) throws IOException {
        List<String> watched = new ArrayList<>(List.of("sh", "-c", SCRIPT, log.toString()));
        watched.addAll(command);
        return new WatchedProcess(
                new ProcessBuilder(watched)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start(),
                log);
    }

    boolean isAlive() {
        return shell.isAlive();
    }

    /// Whether it has ended by itself with this exit status.
    boolean endedWith(int status) {
        return !shell.isAlive() && shell.exitValue() == status;
    }

    /// Kills it with SIGKILL and waits until it is gone.
    void kill() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(300, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the process of " + log + " can't be killed");
            }
        } catch (InterruptedException | IOException e) {
            throw new IllegalStateException("the process of " + log + " can't be killed", e);
        }
    }

    /// The last part of what it has printed.
    String output() {
        try {
            String all = Files.readString(log);
            return all.substring(Math.max(0, all.length() - 6_000));
        } catch (IOException e) {
            return "(its output can't be read: " + e + ")";
        }
    }
}
