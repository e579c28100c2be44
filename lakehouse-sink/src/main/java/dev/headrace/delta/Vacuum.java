package dev.headrace.delta;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.DeletionVector;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.RemoveFile;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the files of a table's directory that no version needs any more: those that are not part of the newest
/// version, were taken out of it (if ever they were in it) before the retention time, and are older than that
/// themselves, so that they are not about to be committed either.
///
/// So it is with files of deletion vectors. It also finds files of the change data feed that are older, and what
/// commits that died have left in the log's directory. Other directories whose names begin with `_` or `.` are passed
/// over.
final class Vacuum {
    private final Path table;
    private final TableLog log;
    private final Instant before;

    /// @param now by the clock of the session
    Vacuum(Path table, TableLog log, Duration retention, Instant now) {
        this.table = table;
        this.log = log;
        this.before = now.minus(retention);
    }

    /// The files that can go.
    ///
    /// @throws QueryException `DELTA_VACUUM_LOG_TOO_SHORT` if the log doesn't say what was taken out since
    List<Path> files() {
        TableSnapshot latest = log.latest().orElseThrow(() -> DeltaErrors.tableNotFound(table));
        TableFeatures.checkWritable(table.toString(), latest);
        Set<Path> needed = new HashSet<>();
        for (AddFile file : latest.files(FileFilter.everything())) {
            add(file.path(), file.deletionVector(), needed);
        }
        addRecentlyRemoved(latest.version(), needed);
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(table, new Finder(needed, found));
        } catch (IOException unreadable) {
            throw failed(table, unreadable);
        }
        return found.stream().sorted().toList();
    }

    private void add(String path, Optional<DeletionVector> vector, Set<Path> needed) {
        add(DataFile.resolve(table, path).normalize(), needed);
        vector.filter(found -> !found.storageType().equals("i"))
                .map(found -> DeletionVectors.file(table, found).normalize())
                .ifPresent(file -> add(file, needed));
    }

    /// A file whose absolute path the log has may lie in the table's directory by another name of that.
    private void add(Path file, Set<Path> needed) {
        needed.add(file);
        if (file.startsWith(table) || !TablePaths.isLocal(file)) {
            return;
        }
        try {
            Path real = file.toRealPath();
            Path directory = table.toRealPath();
            if (real.startsWith(directory)) {
                needed.add(table.resolve(directory.relativize(real)));
            }
        } catch (NoSuchFileException gone) {
            // Nothing to keep.
        } catch (IOException unreadable) {
            throw failed(file, unreadable);
        }
    }

    /// Goes back through the log to the first commit before the retention time.
    private void addRecentlyRemoved(long latest, Set<Path> needed) {
        // Of a commit that says no time, its file's counts.
        long firstSince = log.firstCommitSince(before);
        for (long version = latest; version >= 0; version--) {
            Optional<List<Action>> commit = log.commitOf(version);
            if (commit.isEmpty()) {
                throw new QueryException(
                        "DELTA_VACUUM_LOG_TOO_SHORT",
                        table + ": the log's commits begin with version " + (version + 1) + ", later than " + before
                                + ", so it is not known which files were removed since then. Choose a shorter retention: a smaller"
                                + " delta.deletedFileRetentionDuration, or RETAIN with"
                                + " spark.databricks.delta.retentionDurationCheck.enabled=false. For the longer one, let"
                                + " delta.logRetentionDuration be as long.");
            }
            boolean newer = version >= firstSince;
            for (Action action : commit.get()) {
                switch (action) {
                    case RemoveFile remove -> {
                        newer |= remove.deletionTimestampMillis() >= before.toEpochMilli();
                        if (remove.deletionTimestampMillis() >= before.toEpochMilli()) {
                            add(remove.path(), remove.deletionVector(), needed);
                        }
                    }
                    case dev.headrace.delta.log.CommitInfo info ->
                        newer |= info.timestampMillis() >= before.toEpochMilli();
                    case Action _ -> {}
                }
            }
            if (!newer) {
                return;
            }
        }
    }

    /// Deletes files.
    ///
    /// @throws UnavailableException `DELTA_VACUUM_FAILED` with the file that could not be deleted
    static void delete(List<Path> files) {
        for (Path file : files) {
            Cancellation.checkThread();
            try {
                Files.deleteIfExists(file);
            } catch (IOException failed) {
                throw failed(file, failed);
            }
        }
    }

    private static UnavailableException failed(Path path, IOException cause) {
        return new UnavailableException(
                "DELTA_VACUUM_FAILED",
                path + ": vacuum stopped here (" + cause
                        + "). What it has deleted is not needed; see to the disk and its permissions, then run it again.",
                cause);
    }

    private final class Finder extends SimpleFileVisitor<Path> {
        private final Set<Path> needed;
        private final List<Path> found;

        Finder(Set<Path> needed, List<Path> found) {
            this.needed = needed;
            this.found = found;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String name = String.valueOf(directory.getFileName());
            boolean hidden =
                    !directory.equals(table) && (name.startsWith(".") || (name.startsWith("_") && !name.contains("=")));
            boolean known =
                    directory.equals(table.resolve("_delta_log")) || directory.equals(table.resolve("_change_data"));
            return hidden && !known ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Cancellation.checkThread();
            String name = file.getFileName().toString();
            boolean inLog = table.resolve("_delta_log").equals(file.getParent());
            boolean candidate = inLog
                    ? name.startsWith(".") && name.endsWith(".tmp")
                    : !name.startsWith(".") && !name.startsWith("_");
            if (candidate
                    && attributes.isRegularFile()
                    && attributes.lastModifiedTime().toInstant().isBefore(before)
                    && !needed.contains(file.normalize())) {
                found.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failed) throws IOException {
            if (failed instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failed;
        }
    }
}
