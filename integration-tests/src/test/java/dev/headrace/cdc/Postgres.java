package dev.headrace.cdc;

import dev.headrace.machine.DebianPackages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A PostgreSQL server with logical decoding, with a data directory and a port of its own.
///
/// PostgreSQL refuses to run as root, so if this process does, the server runs as the user `postgres` that Debian's
/// package makes. If the package is missing it is installed where that is possible.
public final class Postgres implements AutoCloseable {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Duration START_LIMIT = Duration.ofSeconds(120);

    private final Path programs;
    private final Path directory;
    private final int port;
    private WatchedProcess server;

    private Postgres(Path programs, Path directory, int port) throws Exception {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
        this.server = launch();
        awaitReady();
    }

    static Postgres start() throws Exception {
        Path programs = installed();
        Path directory = Files.createTempDirectory("headrace-postgres-");
        if (isRoot()) {
            run(List.of("chown", "postgres", directory.toString()));
        }
        List<String> init = new ArrayList<>(asPostgres());
        init.addAll(List.of(
                programs.resolve("initdb").toString(),
                "-D",
                directory.resolve("data").toString(),
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync"));
        run(init);
        return new Postgres(programs, directory, freePort());
    }

    /// Installs the package if it is missing and that is possible here.
    public static void ensureInstalled() throws IOException, InterruptedException {
        installed();
    }

    private static Path installed() throws IOException, InterruptedException {
        DebianPackages.require(
                () -> programs().isPresent(),
                "PostgreSQL (initdb in " + DEBIAN + "/*/bin)",
                () -> dropDebiansCluster(programs().orElseThrow()),
                "postgresql");
        return programs().orElseThrow();
    }

    private static Optional<Path> programs() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new IllegalStateException("could not look for PostgreSQL in " + DEBIAN, e);
        }
    }

    /// The package has made a cluster and has perhaps started a server for it, which nobody has asked for.
    private static void dropDebiansCluster(Path programs) {
        String version = programs.getParent().getFileName().toString();
        if (Files.isDirectory(Path.of("/etc/postgresql", version, "main"))) {
            run(List.of("pg_dropcluster", "--stop", version, "main"));
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static List<String> asPostgres() {
        return isRoot()
                ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--")
                : List.of();
    }

    private static void run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .directory(Path.of("/").toFile())
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + output);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(String.join(" ", command) + " failed", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private WatchedProcess launch() throws IOException {
        List<String> command = new ArrayList<>(asPostgres());
        command.addAll(List.of(
                programs.resolve("postgres").toString(),
                "-D",
                directory.resolve("data").toString()));
        for (String setting : List.of(
                "port=" + port,
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "wal_level=logical",
                "max_connections=20",
                "shared_buffers=16MB",
                // What is written survives the process's end; only the machine's would matter.
                "fsync=off")) {
            command.addAll(List.of("-c", setting));
        }
        return WatchedProcess.start(command, directory.resolve("log.txt"));
    }

    private void awaitReady() throws Exception {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try (Connection connection = connect()) {
                connection.createStatement().execute("select 1");
                return;
            } catch (SQLException notYet) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("PostgreSQL does not start:\n" + server.output(), notYet);
                }
                if (!server.isAlive()) {
                    // What a killed server has left behind may be there for a moment.
                    server.kill();
                    server = launch();
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    int port() {
        return port;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&connectTimeout=5&socketTimeout=20");
    }

    /// Kills the server with SIGKILL, and starts it again.
    void killAndRestart() throws Exception {
        server.kill();
        server = launch();
        awaitReady();
    }

    String output() {
        return server.output();
    }

    @Override
    public void close() {
        // Unlike a kill, this waits until all processes of the server are gone.
        List<String> stop = new ArrayList<>(asPostgres());
        stop.addAll(List.of(
                programs.resolve("pg_ctl").toString(),
                "-D",
                directory.resolve("data").toString(),
                "-m",
                "immediate",
                "stop"));
        if (server.isAlive()) {
            run(stop);
        }
        server.kill();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        } catch (IOException | java.io.UncheckedIOException e) {
            System.err.println("could not delete " + directory + ": " + e);
        }
    }
}
