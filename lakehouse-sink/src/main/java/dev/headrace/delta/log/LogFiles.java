package dev.headrace.delta.log;

import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The files of a table's log on a local disk: what of a [TableLog] does not depend on who builds snapshots of it.
public final class LogFiles {
    private static final String PARQUET_END = "PAR1";

    private final Path table;
    private final Path directory;
    private final CommitStore store;

    /// @param table the table's directory, absolute
    /// @param store where commits are; the files are those of the table's `_delta_log`
    public LogFiles(Path table, CommitStore store) {
        this.table = table;
        this.directory = table.resolve("_delta_log");
        this.store = store;
    }

    /// Which versions there are of a table that there is.
    ///
    /// @throws QueryException `DELTA_TABLE_NOT_FOUND`
    public LogListing existing() {
        LogListing listing = listing();
        checkExists(listing);
        return listing;
    }

    /// Which versions there are, if a version is among them.
    ///
    /// @throws QueryException `DELTA_NO_SUCH_VERSION`, `DELTA_TABLE_NOT_FOUND`
    public LogListing listingWith(long version) {
        LogListing listing = existing();
        OptionalLong earliest = listing.earliest();
        if (version > listing.latest() || version < 0 || (earliest.isPresent() && version < earliest.getAsLong())) {
            throw new QueryException(
                    "DELTA_NO_SUCH_VERSION",
                    table + " has no version " + version + ": its log holds the versions "
                            + (earliest.isPresent()
                                    ? earliest.getAsLong()
                                    : listing.commits().first()) + " to "
                            + listing.latest() + ".");
        }
        return listing;
    }

    /// Why there is no version of a time.
    ///
    /// @throws CheckpointException `DELTA_LOG_DAMAGED` if it is because of a damaged file
    public QueryException noVersionAsOf(LogListing listing, Instant time, Exception why) {
        checkContents(listing, listing.latest());
        return new QueryException(
                "DELTA_NO_SUCH_VERSION", table + " has no version as of " + time + ": " + why.getMessage(), why);
    }

    /// Which file is at fault when a version can't be built: libraries seldom say, so they are looked at one by one.
    public CheckpointException explained(LogListing listing, long version, Exception failure) {
        checkContents(listing, version);
        Path suspect = suspect(listing, version, failure);
        String it = suspect.startsWith(directory.resolve("_sidecars")) ? "the checkpoint that names it" : "it";
        return new CheckpointException(
                "DELTA_LOG_DAMAGED",
                suspect + ": can't be read (" + failure.getMessage()
                        + "). If the file is damaged and the commits that it stands for are there, delete " + it
                        + ": it only saves reading them.",
                failure);
    }

    /// Of what stands in for commits, one that is not whole, or else the file that the failure names.
    private Path suspect(LogListing listing, long version, Exception failure) {
        try {
            List<Path> summaries = listing.summaries(version);
            List<Path> suspects = new ArrayList<>(summaries);
            suspects.addAll(listing.sidecars());
            for (Path file : suspects) {
                if (isCut(file)) {
                    return file;
                }
            }
            for (Path file : suspects) {
                if (names(failure, file)) {
                    return file;
                }
            }
            return summaries.isEmpty() ? directory : summaries.getFirst();
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private static boolean names(Throwable failure, Path file) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(file.getFileName().toString())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCut(Path file) throws IOException {
        if (file.toString().endsWith(".parquet")) {
            try (SeekableByteChannel channel = Files.newByteChannel(file)) {
                ByteBuffer end = ByteBuffer.allocate(PARQUET_END.length());
                channel.position(Math.max(0, channel.size() - end.capacity()));
                while (end.hasRemaining() && channel.read(end) >= 0) {
                    // Reads on until all of it is there.
                }
                return !new String(end.array(), StandardCharsets.ISO_8859_1).equals(PARQUET_END);
            }
        }
        try {
            CommitJson.read(file.toString(), Files.readAllBytes(file));
            return false;
        } catch (CheckpointException damaged) {
            return true;
        }
    }

    /// That a checkpoint can't be written.
    public UnavailableException checkpointFailed(long version, Exception failed) {
        return new UnavailableException(
                "DELTA_CHECKPOINT_FAILED",
                table + ": the checkpoint of version " + version + " can't be written (" + failed
                        + "). The table is as right as before, only slower to open; see to the disk.",
                failed);
    }

    /// As [TableLog#commitOf].
    public Optional<List<Action>> commitOf(long version) {
        try {
            Optional<byte[]> bytes = store.read(version);
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            List<Action> actions = CommitJson.read(store.fileOf(version), bytes.get());
            OptionalLong stated = CommitJson.committedAt(store.fileOf(version), bytes.get());
            // The file's time is the commit's, unless the commit says one itself.
            long time = stated.isPresent() ? stated.getAsLong() : timeOf(version);
            return Optional.of(actions.stream()
                    .<Action>map(action -> action instanceof CommitInfo info ? info.at(time) : action)
                    .toList());
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    /// As [TableLog#earliestCommit].
    public OptionalLong earliestCommit(long version) {
        try {
            if (store.exists(version)) {
                return OptionalLong.of(version);
            }
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
        Long next = listing().commits().ceiling(version);
        return next == null ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /// As [TableLog#firstCommitSince].
    public long firstCommitSince(Instant time) {
        LogListing listing = listing();
        checkExists(listing);
        long since = time.toEpochMilli();
        long first = listing.latest() + 1;
        // Commits that state their times come last, and the times are in order.
        for (long version : listing.commits().descendingSet()) {
            OptionalLong stated = statedTime(version);
            if (stated.isEmpty()) {
                break;
            }
            if (stated.getAsLong() < since) {
                return first;
            }
            first = version;
        }
        long last = Long.MIN_VALUE;
        for (long version : listing.commits().headSet(first)) {
            // A commit is never earlier than the one before it, whatever the clock of its writer said.
            last = Math.max(last + 1, timeOf(version));
            if (last >= since) {
                return version;
            }
        }
        return first;
    }

    private OptionalLong statedTime(long version) {
        try {
            Optional<byte[]> bytes = store.read(version);
            return bytes.isEmpty() ? OptionalLong.empty() : CommitJson.committedAt(store.fileOf(version), bytes.get());
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private long timeOf(long version) {
        try {
            return Files.getLastModifiedTime(commitFile(version)).toMillis();
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    /// As [TableLog#forgetBefore].
    public int forgetBefore(Instant time) {
        LogListing listing = listing();
        OptionalLong first = OptionalLong.empty();
        for (long version : listing.checkpoints().keySet()) {
            if (listing.commits().contains(version) && timeOf(version) < time.toEpochMilli()) {
                first = OptionalLong.of(version);
            }
        }
        if (first.isEmpty()) {
            return 0;
        }
        try {
            // The oldest first: what is left begins later, but has no gaps after its first checkpoint.
            List<Path> old = listing.filesBefore(first.getAsLong());
            for (Path file : old) {
                Files.deleteIfExists(file);
            }
            return old.size();
        } catch (IOException failed) {
            throw cleanupFailed(failed);
        }
    }

    /// That what is left over of a log can't be deleted.
    public UnavailableException cleanupFailed(Exception failed) {
        return new UnavailableException(
                "DELTA_LOG_CLEANUP_FAILED",
                table + ": expired files of the log can't be deleted (" + failed
                        + "). The table is as right as before; see to the disk and its permissions.",
                failed);
    }

    private void checkExists(LogListing listing) {
        if (listing.isEmpty()) {
            throw new QueryException(
                    "DELTA_TABLE_NOT_FOUND",
                    table
                            + " is not a Delta table: it has no '_delta_log' with commits. Check the path, or write the table "
                            + "first.");
        }
    }

    /// Checks that what a version is built from is there.
    ///
    /// @throws CheckpointException `DELTA_LOG_DAMAGED`
    /// @throws UnavailableException `DELTA_LOG_UNREADABLE`
    public void check(LogListing listing, long version) {
        try {
            listing.check(version);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private void checkContents(LogListing listing, long version) {
        try {
            listing.checkContents(version);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    /// Which versions there are.
    ///
    /// @throws UnavailableException `DELTA_LOG_UNREADABLE`
    public LogListing listing() {
        try {
            return LogListing.of(directory);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    /// That the log can't be read now, whether or not it is as it should be.
    public UnavailableException unreadable(IOException cause) {
        return new UnavailableException(
                "DELTA_LOG_UNREADABLE",
                directory + ": can't be read (" + cause + "). See to the disk and its permissions, then try again.",
                cause);
    }

    /// The file of a version's commit.
    public Path commitFile(long version) {
        return directory.resolve(LocalCommitStore.fileName(version));
    }
}
