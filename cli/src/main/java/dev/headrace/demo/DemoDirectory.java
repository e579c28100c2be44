package dev.headrace.demo;

import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a run of the demo keeps what outlives it: tables, checkpoints, the ledger and logs.
///
/// The directory carries a mark with the id and the start of the process that uses it. Only a directory that carries
/// the mark of an ended process, or is empty or absent, is taken; whatever an earlier run left in it is deleted.
record DemoDirectory(Path root) {
    private static final String MARK = ".headrace-demo";

    /// Takes the directory for this process.
    ///
    /// @throws QueryException if it holds something else, or another demo is running in it
    static DemoDirectory take(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        Path mark = absolute.resolve(MARK);
        try {
            if (Files.exists(mark)) {
                runningDemo(mark).ifPresent(pid -> {
                    throw new QueryException(
                            "DEMO_RUNNING",
                            "In '" + absolute + "' another demo is running, process " + pid
                                    + ". Stop it, or choose another directory with --directory.");
                });
                new ScratchDirectory(absolute).close();
            } else if (Files.exists(absolute) && !isEmptyDirectory(absolute)) {
                throw new QueryException(
                        "DEMO_DIRECTORY_TAKEN",
                        "'" + absolute
                                + "' holds something that no demo has made. Empty it, or choose another directory"
                                + " with --directory.");
            }
            Files.createDirectories(absolute.resolve("tables"));
            Files.createDirectories(absolute.resolve("checkpoints"));
            Files.writeString(mark, identity(ProcessHandle.current()));
            return new DemoDirectory(absolute);
        } catch (IOException e) {
            throw new UncheckedIOException("could not prepare " + absolute, e);
        }
    }

    private static Optional<Long> runningDemo(Path mark) throws IOException {
        String owner = Files.readString(mark);
        return ProcessHandle.allProcesses()
                .filter(process -> identity(process).equals(owner))
                .filter(process -> !process.equals(ProcessHandle.current()))
                .map(ProcessHandle::pid)
                .findFirst();
    }

    /// A process id alone is used again after a while.
    private static String identity(ProcessHandle process) {
        return process.pid() + " started " + process.info().startInstant().orElse(Instant.EPOCH);
    }

    private static boolean isEmptyDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    /// The Delta table of clicks or of windows.
    Path table(String query) {
        return root.resolve("tables").resolve(query);
    }

    /// The checkpoint of a query.
    Path checkpoint(String query) {
        return root.resolve("checkpoints").resolve(query);
    }

    Path ledger() {
        return root.resolve("ledger.bin");
    }

    /// The rows of the database's table of orders in the end, as [PostgresProof] reads them.
    Path databaseRows() {
        return root.resolve("postgres-orders.txt");
    }

    /// What the database's triggers have noted of each change.
    Path databaseChanges() {
        return root.resolve("postgres-changes.txt");
    }

    /// What this process logs.
    Path demoLog() {
        return root.resolve("demo.log");
    }

    /// What the engine's process logs.
    Path engineLog() {
        return root.resolve("engine.log");
    }

    /// Deletes everything.
    void delete() {
        new ScratchDirectory(root).close();
    }
}
