package dev.headrace.notebook;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Jupyter Notebook that serves a directory on this machine.
final class NotebookServer implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/\\?token=(\\w+)");

    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final String port;
    private final String token;

    private NotebookServer(Process process, String port, String token) {
        this.process = process;
        this.port = port;
        this.token = token;
    }

    /// @param builder of a `jupyter-notebook` that prints its address
    static NotebookServer start(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        Matcher address = PrintedLine.await(process, ADDRESS);
        return new NotebookServer(process, address.group(1), address.group(2));
    }

    String address(String notebook) {
        return "http://127.0.0.1:" + port + "/notebooks/" + notebook + "?token=" + token;
    }

    /// Ends it by a signal; its kernels end with it.
    @Override
    public void close() throws InterruptedException, ExecutionException, TimeoutException {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        process.destroy();
        try {
            for (ProcessHandle one : all) {
                one.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
