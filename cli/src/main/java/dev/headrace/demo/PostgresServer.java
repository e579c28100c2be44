package dev.headrace.demo;

import dev.headrace.errors.UnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL server with logical decoding, with a data directory and a port of its own, from the programs that are
/// installed.
///
/// It does not outlive this JVM: a small shell beside it ends it when the pipe from here is closed. PostgreSQL refuses
/// to run as root, so if this process does, the server runs as the user `postgres`.
final class PostgresServer implements AutoCloseable {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Duration START_LIMIT = Duration.ofSeconds(40);
    private static final Duration END_LIMIT = Duration.ofSeconds(15);
    private static final Duration DELETE_LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);
    /// Becomes the server; what waits for the end of the pipe is its child. That passes over what a terminal sends to
    /// all of its processes, also when it is closed: the server takes a hangup for the wish to read its settings again.
    private static final String SCRIPT = "exec 3<&0; (trap '' HUP INT TERM QUIT; cat <&3 > /dev/null; kill -QUIT $$) &"
            + " exec \"$@\" < /dev/null 3<&-";

    private final Path programs;
    private final ScratchDirectory directory;
    private final int port;
    private final Process process;
    private final Thread exitHook = new Thread(this::end, "postgres-exit");

    private PostgresServer(Path programs, ScratchDirectory directory, int port) {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(exitHook);
    }

    /// The directory of the newest server's programs, if one is installed and can be run.
    static Optional<Path> installed() {
        List<Path> candidates = new ArrayList<>();
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.map(version -> version.resolve("bin"))
                        .sorted(Comparator.reverseOrder())
                        .forEach(candidates::add);
            } catch (IOException e) {
                throw new UncheckedIOException("could not look for PostgreSQL in " + DEBIAN, e);
            }
        }
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(Path::of)
                .forEach(candidates::add);
        boolean mayRun = !isRoot() || Files.isExecutable(Path.of("/usr/bin/setpriv"));
        return candidates.stream()
                .filter(_ -> mayRun)
                .filter(bin -> Stream.of("initdb", "postgres", "psql")
                        .allMatch(program -> Files.isExecutable(bin.resolve(program))))
                .findFirst();
    }

    /// Makes a data directory, and starts a server over it.
    ///
    /// @throws UnavailableException `DEMO_POSTGRES_FAILED`
    static PostgresServer start(Path programs) {
        ScratchDirectory directory = ScratchDirectory.create("headrace-postgres-");
        try {
            if (isRoot()) {
                run(List.of("chown", "postgres", directory.path().toString()));
            }
            List<String> init = new ArrayList<>(asPostgres());
            init.addAll(List.of(
                    programs.resolve("initdb").toString(),
                    "-D",
                    data(directory).toString(),
                    "-A",
                    "trust",
                    "-U",
                    "postgres",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "--no-sync"));
            run(init);
        } catch (RuntimeException failed) {
            directory.close();
            throw failed;
        }
        PostgresServer server = new PostgresServer(programs, directory, freePort());
        try {
            server.awaitReady();
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
        return server;
    }

    private static Path data(ScratchDirectory directory) {
        return directory.path().resolve("data");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static List<String> asPostgres() {
        return isRoot()
                ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")
                : List.of();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }

    private Process launch() {
        List<String> command = new ArrayList<>(asPostgres());
        command.addAll(
                List.of("sh", "-c", SCRIPT, "sh", programs.resolve("postgres").toString()));
        command.addAll(List.of("-D", data(directory).toString()));
        for (String setting : List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "wal_level=logical",
                "max_connections=20",
                "shared_buffers=64MB",
                // The data are gone after the demo anyway.
                "fsync=off")) {
            command.addAll(List.of("-c", setting));
        }
        try {
            return new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + programs.resolve("postgres"), e);
        }
    }

    /// What the server says. Gone after [#close].
    private Path log() {
        return directory.path().resolve("log.txt");
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                sql("select 1");
                return;
            } catch (UnavailableException notYet) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw failed("PostgreSQL in " + programs + " did not start. The last lines of its log say why:\n"
                            + LogTail.of(log()));
                }
                pause();
            }
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /// Runs statements as one transaction.
    ///
    /// @return the rows, a line each: values with bars between them
    /// @throws UnavailableException `DEMO_POSTGRES_FAILED`
    List<String> sql(String statements) {
        return run(List.of(
                programs.resolve("psql").toString(),
                "-AtqX",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "postgres",
                "-c",
                statements));
    }

    private static List<String> run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .directory(new File("/"))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw failed("'" + String.join(" ", command) + "' failed: " + output.strip());
            }
            return output.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("could not run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The demo was interrupted.", e);
        }
    }

    private static UnavailableException failed(String what) {
        return new UnavailableException(
                "DEMO_POSTGRES_FAILED", what + " With --generator the demo does without PostgreSQL.");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The demo was interrupted.", e);
        }
    }

    /// Ends the server and deletes its data. Closing twice is fine.
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            // The JVM is going down: the hook has been started, and finds nothing left.
            assert !process.isAlive();
        }
    }

    /// Whatever became of what waits beside it, the server ends.
    private void killIfLate() {
        try {
            if (!process.waitFor(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            process.destroyForcibly();
        }
        killIfLate();
        process.onExit().join();
        // Processes of the server may be there for a moment longer, and write.
        long deadline = System.nanoTime() + DELETE_LIMIT.toNanos();
        while (true) {
            try {
                directory.close();
                return;
            } catch (UncheckedIOException busy) {
                if (System.nanoTime() > deadline) {
                    throw busy;
                }
                pause();
            }
        }
    }
}
