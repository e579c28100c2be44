package dev.headrace.delta.kernel;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitLoop;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.LogFiles;
import dev.headrace.delta.log.LogListing;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.defaults.engine.fileio.FileIO;
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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A table's log on a local disk or in a store. Snapshots and checkpoints are Delta Kernel's work, by its public API;
/// commits are Headrace's own, because Kernel checks no read sets.
///
/// Kernel is loaded when a snapshot is first needed: a writer that creates a table or goes on with one it knows never
/// waits for it.
public final class KernelTableLog implements TableLog {
    private final Path table;
    private final LogFiles files;
    private final CommitStore store;
    private final FileIO disk;
    private @Nullable Engine engine;
    private @Nullable Latest cached;

    /// @param table the table's directory, which need not exist
    public KernelTableLog(Path table) {
        this(table, TablePaths.commits(table.toAbsolutePath().normalize()));
    }

    /// @param table the table's directory, which need not exist
    /// @param store where commits go; the files must end up in the table's `_delta_log`
    public KernelTableLog(Path table, CommitStore store) {
        this(table, store, new PathFileIO());
    }

    /// @param disk how Kernel reads and writes; a [ReadFailedException] says that it could not read
    KernelTableLog(Path table, CommitStore store, FileIO disk) {
        this.table = table.toAbsolutePath().normalize();
        this.files = new LogFiles(this.table, store);
        this.store = store;
        this.disk = disk;
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
        LogListing listing = files.listing();
        if (listing.isEmpty()) {
            return Optional.empty();
        }
        KernelSnapshot snapshot = load(listing, listing.latest());
        FileIdentity.of(files.commitFile(snapshot.version()))
                .ifPresent(identity -> cached = new Latest(snapshot, identity));
        return Optional.of(snapshot);
    }

    @Override
    public synchronized long newestVersion() {
        return cached != null && isStillLatest(cached)
                ? cached.snapshot().version()
                : files.existing().latest();
    }

    private boolean isStillLatest(Latest known) {
        long version = known.snapshot().version();
        return FileIdentity.of(files.commitFile(version)).equals(Optional.of(known.commit()))
                && Files.notExists(files.commitFile(version + 1));
    }

    @Override
    public TableSnapshot atVersion(long version) {
        return load(files.listingWith(version), version);
    }

    @Override
    public TableSnapshot atTime(Instant time) {
        LogListing listing = files.existing();
        files.check(listing, listing.latest());
        try {
            Snapshot latest = TableManager.loadSnapshot(table.toString()).build(engine());
            Snapshot then = TableManager.loadSnapshot(table.toString())
                    .atTimestamp(time.toEpochMilli(), latest)
                    .build(engine());
            return snapshot(then, listing);
        } catch (KernelException noSuchTime) {
            throw files.noVersionAsOf(listing, time, noSuchTime);
        }
    }

    @Override
    public Optional<List<Action>> commitOf(long version) {
        return files.commitOf(version);
    }

    @Override
    public OptionalLong earliestCommit(long version) {
        return files.earliestCommit(version);
    }

    @Override
    public long firstCommitSince(Instant time) {
        return files.firstCommitSince(time);
    }

    @Override
    public int forgetBefore(Instant time) {
        int deleted = files.forgetBefore(time);
        if (deleted == 0) {
            return 0;
        }
        try {
            // A day for checkpoints that are being written, as Delta's protocol has it.
            Sidecars sidecars = new Sidecars(engine(), files.listing());
            return deleted + sidecars.deleteUnnamed(time.minus(1, ChronoUnit.DAYS));
        } catch (IOException failed) {
            throw files.cleanupFailed(failed);
        }
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        return new CommitLoop(store).commit(commit);
    }

    @Override
    public void checkpoint(long version) {
        if (files.existing().checkpoints().containsKey(version)) {
            return;
        }
        try {
            TableManager.loadSnapshot(table.toString())
                    .atVersion(version)
                    .build(engine())
                    .writeCheckpoint(engine());
        } catch (CheckpointAlreadyExistsException written) {
            return;
        } catch (IOException | RuntimeException failed) {
            throw files.checkpointFailed(version, failed);
        }
    }

    private KernelSnapshot load(LogListing listing, long version) {
        files.check(listing, version);
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
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ReadFailedException notRead) {
                return files.unreadable(notRead);
            }
        }
        return files.explained(listing, version, failure);
    }

    private synchronized Engine engine() {
        if (engine == null) {
            engine = DefaultEngine.create(disk);
        }
        return engine;
    }
}
