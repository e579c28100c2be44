package dev.headrace.delta.kernel;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitJson;
import dev.headrace.delta.log.CommitLoop;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.CheckpointAlreadyExistsException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A table's log on a local disk. Snapshots and checkpoints are Delta Kernel's work, by its public API; commits are
/// Headrace's own, because Kernel checks no read sets.
///
/// Kernel is loaded when a snapshot is first needed: a writer that creates a table or goes on with one it knows never
/// waits for it.
public final class KernelTableLog implements TableLog {
    private final Path table;
    private final Path directory;
    private final CommitStore store;
    private @Nullable Engine engine;
    private @Nullable Latest cached;

    /// @param table the table's directory, which need not exist
    public KernelTableLog(Path table) {
        this(table, new LocalCommitStore(table.toAbsolutePath().normalize().resolve("_delta_log")));
    }

    /// @param table the table's directory, which need not exist
    /// @param store where commits go; the files must end up in the table's `_delta_log`
    public KernelTableLog(Path table, CommitStore store) {
        this.table = table.toAbsolutePath().normalize();
        this.directory = this.table.resolve("_delta_log");
        this.store = store;
    }

    /// The newest snapshot that was read, and what its commit file was like then.
    private record Latest(KernelSnapshot snapshot, FileIdentity commit) {}

    /// Tells a file from another one of the same name.
    private record FileIdentity(
            long size, long modifiedMillis, @Nullable Object key) {
        static Optional<FileIdentity> of(Path file) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new FileIdentity(
                        attributes.size(), attributes.lastModifiedTime().toMillis(), attributes.fileKey()));
            } catch (IOException absent) {
                return Optional.empty();
            }
        }
    }

    @Override
    public String location() {
        return table.toString();
    }

    @Override
    public synchronized Optional<TableSnapshot> latest() {
        if (cached != null && isStillLatest(cached)) {
            return Optional.of(cached.snapshot());
        }
        cached = null;
        LogListing listing = listing();
        if (listing.isEmpty()) {
            return Optional.empty();
        }
        KernelSnapshot snapshot = load(listing, listing.latest());
        FileIdentity.of(commitFile(snapshot.version())).ifPresent(identity -> cached = new Latest(snapshot, identity));
        return Optional.of(snapshot);
    }

    private boolean isStillLatest(Latest known) {
        long version = known.snapshot().version();
        return FileIdentity.of(commitFile(version)).equals(Optional.of(known.commit()))
                && !Files.exists(commitFile(version + 1));
    }

    @Override
    public TableSnapshot atVersion(long version) {
        LogListing listing = listing();
        checkExists(listing);
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
        return load(listing, version);
    }

    @Override
    public TableSnapshot atTime(Instant time) {
        LogListing listing = listing();
        checkExists(listing);
        listing.check(listing.latest());
        try {
            Snapshot latest = TableManager.loadSnapshot(table.toString()).build(engine());
            Snapshot then = TableManager.loadSnapshot(table.toString())
                    .atTimestamp(time.toEpochMilli(), latest)
                    .build(engine());
            return snapshot(then, listing);
        } catch (KernelException noSuchTime) {
            checkContents(listing, listing.latest());
            throw new QueryException(
                    "DELTA_NO_SUCH_VERSION",
                    table + " has no version as of " + time + ": " + noSuchTime.getMessage(),
                    noSuchTime);
        }
    }

    @Override
    public Optional<List<Action>> commitOf(long version) {
        try {
            Optional<byte[]> bytes = store.read(version);
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            List<Action> actions = CommitJson.read(store.fileOf(version), bytes.get());
            long time = timeOf(version);
            // The file's time is the commit's, unless the commit says one itself.
            return Optional.of(actions.stream()
                    .<Action>map(action -> action instanceof CommitInfo info ? info.at(time) : action)
                    .toList());
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    @Override
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

    @Override
    public long firstCommitSince(Instant time) {
        LogListing listing = listing();
        checkExists(listing);
        long last = Long.MIN_VALUE;
        for (long version : listing.commits()) {
            // A commit is never earlier than the one before it, whatever the clock of its writer said.
            last = Math.max(last + 1, timeOf(version));
            if (last >= time.toEpochMilli()) {
                return version;
            }
        }
        return listing.latest() + 1;
    }

    private long timeOf(long version) {
        try {
            return Files.getLastModifiedTime(commitFile(version)).toMillis();
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        return new CommitLoop(store).commit(commit);
    }

    @Override
    public void checkpoint(long version) {
        LogListing listing = listing();
        if (listing.checkpoints().containsKey(version)) {
            return;
        }
        checkExists(listing);
        try {
            TableManager.loadSnapshot(table.toString())
                    .atVersion(version)
                    .build(engine())
                    .writeCheckpoint(engine());
        } catch (CheckpointAlreadyExistsException written) {
            return;
        } catch (IOException | RuntimeException failed) {
            throw new UnavailableException(
                    "DELTA_CHECKPOINT_FAILED",
                    table + ": the checkpoint of version " + version + " can't be written (" + failed
                            + "). The table is as right as before, only slower to open; see to the disk.",
                    failed);
        }
    }

    @Override
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
            throw new UnavailableException(
                    "DELTA_LOG_CLEANUP_FAILED",
                    table + ": expired files of the log can't be deleted (" + failed
                            + "). The table is as right as before; see to the disk and its permissions.",
                    failed);
        }
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

    private KernelSnapshot load(LogListing listing, long version) {
        listing.check(version);
        try {
            return snapshot(
                    TableManager.loadSnapshot(table.toString())
                            .atVersion(version)
                            .build(engine()),
                    listing);
        } catch (HeadraceException ours) {
            throw ours;
        } catch (RuntimeException kernelFailed) {
            throw explained(listing, version, kernelFailed);
        }
    }

    private KernelSnapshot snapshot(Snapshot snapshot, LogListing listing) {
        try {
            return new KernelSnapshot(
                    snapshot, engine(), failure -> explained(listing, snapshot.getVersion(), failure));
        } catch (QueryException unknownType) {
            throw new QueryException("DELTA_UNSUPPORTED_TYPE", table + ": " + unknownType.text(), unknownType);
        }
    }

    /// Kernel's messages seldom say which file it was, so the files are looked at one by one.
    private HeadraceException explained(LogListing listing, long version, Exception failure) {
        if (failure instanceof UnsupportedTableFeatureException
                || failure instanceof UnsupportedProtocolVersionException) {
            return new QueryException("DELTA_UNSUPPORTED_FEATURE", table + ": " + failure.getMessage(), failure);
        }
        checkContents(listing, version);
        Map.Entry<Long, Path> checkpoint = listing.checkpoints().floorEntry(version);
        return new CheckpointException(
                "DELTA_LOG_DAMAGED",
                (checkpoint == null ? directory : checkpoint.getValue()) + ": can't be read (" + failure.getMessage()
                        + "). If the file is damaged and the commits before it are there, delete it: a checkpoint only "
                        + "saves reading them.",
                failure);
    }

    private void checkContents(LogListing listing, long version) {
        try {
            listing.checkContents(version);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private LogListing listing() {
        try {
            return LogListing.of(directory);
        } catch (IOException unreadable) {
            throw unreadable(unreadable);
        }
    }

    private UnavailableException unreadable(IOException cause) {
        return new UnavailableException(
                "DELTA_LOG_UNREADABLE",
                directory + ": can't be read (" + cause + "). See to the disk and its permissions, then try again.",
                cause);
    }

    private Path commitFile(long version) {
        return directory.resolve(LocalCommitStore.fileName(version));
    }

    private synchronized Engine engine() {
        if (engine == null) {
            engine = DefaultEngine.create(new LocalFileIO());
        }
        return engine;
    }
}
