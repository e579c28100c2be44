package dev.headrace.delta.standalone;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.Conflict;
import dev.headrace.delta.log.ConflictCheck;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.delta.log.LogFiles;
import dev.headrace.delta.log.LogListing;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import io.delta.standalone.DeltaLog;
import io.delta.standalone.OptimisticTransaction;
import io.delta.standalone.exceptions.DeltaConcurrentModificationException;
import io.delta.standalone.internal.DeltaLogImpl;
import io.delta.standalone.internal.SnapshotImpl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;

/// A table's log on a local disk by Delta Standalone: snapshots, commits and checkpoints are its work.
///
/// Its transactions always begin at the newest version. So what has happened since the version that a writer has read
/// is checked here, and what happens from then on by Standalone; if it finds a conflict, the check here says which.
///
/// Standalone reads and writes tables of protocol (1,2). It opens newer ones read-only or not at all, and takes
/// properties of newer features without honouring them: such tables, and such commits, are refused.
///
/// Written in Scala, it throws checked exceptions that it doesn't declare: hence `catch (Exception …)`.
final class StandaloneTableLog implements TableLog {
    private static final int MAX_ATTEMPTS = 1000;
    private static final String CHECKPOINTS = "io.delta.standalone.checkpointing.enabled";
    private static final Configuration SETTINGS = settings();

    private final Path table;
    private final LogFiles files;

    /// @param table the table's directory, which need not exist
    StandaloneTableLog(Path table) {
        this.table = table.toAbsolutePath().normalize();
        this.files = new LogFiles(this.table, new LocalCommitStore(this.table.resolve("_delta_log")));
    }

    @Override
    public String location() {
        return table.toString();
    }

    @Override
    public Optional<TableSnapshot> latest() {
        LogListing listing = files.listing();
        return listing.isEmpty() ? Optional.empty() : Optional.of(load(listing, listing.latest()));
    }

    @Override
    public long newestVersion() {
        return files.existing().latest();
    }

    @Override
    public TableSnapshot atVersion(long version) {
        return load(files.listingWith(version), version);
    }

    @Override
    public TableSnapshot atTime(Instant time) {
        LogListing listing = files.existing();
        files.check(listing, listing.latest());
        long version;
        try {
            version = log().getVersionBeforeOrAtTimestamp(time.toEpochMilli());
        } catch (Exception noSuchTime) {
            throw files.noVersionAsOf(listing, time, noSuchTime);
        }
        return load(listing, version);
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
        return files.forgetBefore(time);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        StandaloneActions.checkKnown(table, commit.actions());
        if (commit.readVersion() != Commit.NO_TABLE && !Files.exists(files.commitFile(commit.readVersion()))) {
            return new CommitOutcome.ReadVersionGone(commit.readVersion());
        }
        ConflictCheck check = new ConflictCheck(commit);
        long checked = commit.readVersion();
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            OptimisticTransaction transaction = begin();
            for (long version = checked + 1; version <= transaction.readVersion(); version++) {
                Optional<Conflict> conflict =
                        check.with(version, files.commitOf(version).orElseThrow());
                if (conflict.isPresent()) {
                    return new CommitOutcome.Conflicted(conflict.get());
                }
            }
            checked = transaction.readVersion();
            Optional<Long> version = commit(transaction, commit);
            if (version.isPresent()) {
                return new CommitOutcome.Committed(version.get());
            }
        }
        throw new UnavailableException(
                "DELTA_COMMIT_CONTENTION",
                files.commitFile(commit.readVersion() + MAX_ATTEMPTS) + ": other writers were faster " + MAX_ATTEMPTS
                        + " times in a row. Nothing was committed; let fewer writers share the table.");
    }

    private OptimisticTransaction begin() {
        LogListing listing = files.listing();
        try {
            if (!listing.isEmpty()) {
                checkProtocol(load(listing, listing.latest()).protocol());
            }
            return log().startTransaction();
        } catch (HeadraceException ours) {
            throw ours;
        } catch (Exception failed) {
            throw files.explained(listing, listing.latest(), failed);
        }
    }

    private Optional<Long> commit(OptimisticTransaction transaction, Commit commit) {
        if (!(commit.reads() instanceof ReadSet.Nothing)) {
            transaction.readWholeTable();
        }
        commit.actions().forEach(action -> StandaloneActions.read(action, transaction));
        try {
            return Optional.of(transaction
                    .commit(
                            StandaloneActions.of(commit.actions()),
                            StandaloneActions.operation(commit.info()),
                            commit.info().engine().orElse("Headrace"))
                    .getVersion());
        } catch (DeltaConcurrentModificationException overtaken) {
            return Optional.empty();
        } catch (Exception failed) {
            if (Files.exists(files.commitFile(transaction.readVersion() + 1))) {
                throw new CommitUnknownException(
                        "DELTA_COMMIT_UNKNOWN",
                        files.commitFile(transaction.readVersion() + 1) + ": the write failed (" + failed
                                + "), so it is not known whether the rows are in the table. Look at the file.",
                        failed);
            }
            throw new UnavailableException(
                    "DELTA_COMMIT_FAILED",
                    files.commitFile(transaction.readVersion() + 1) + ": can't be written (" + failed
                            + "). Nothing was committed; see to the disk and its permissions, then run the write again.",
                    failed);
        }
    }

    @Override
    public void checkpoint(long version) {
        if (files.existing().checkpoints().containsKey(version)) {
            return;
        }
        try {
            Configuration configuration = configuration();
            configuration.setBoolean(CHECKPOINTS, true);
            DeltaLog log = log(configuration);
            ((DeltaLogImpl) log).checkpoint((SnapshotImpl) log.getSnapshotForVersionAsOf(version));
        } catch (Exception failed) {
            throw files.checkpointFailed(version, failed);
        }
    }

    private StandaloneSnapshot load(LogListing listing, long version) {
        files.check(listing, version);
        try {
            return new StandaloneSnapshot(
                    (SnapshotImpl) log().getSnapshotForVersionAsOf(version),
                    failure -> files.explained(listing, version, failure));
        } catch (HeadraceException ours) {
            throw ours;
        } catch (Exception failed) {
            if (isProtocol(failed)) {
                throw unsupported(String.valueOf(failed.getMessage()));
            }
            throw files.explained(listing, version, failed);
        }
    }

    private static boolean isProtocol(Exception failed) {
        return failed.getClass().getSimpleName().equals("InvalidProtocolVersionException");
    }

    private void checkProtocol(Protocol protocol) {
        if (protocol.minReaderVersion() > 1 || protocol.minWriterVersion() > 2) {
            throw unsupported("the table's protocol is (" + protocol.minReaderVersion() + ","
                    + protocol.minWriterVersion() + ")");
        }
    }

    private QueryException unsupported(String why) {
        return StandaloneActions.unsupported(table, why);
    }

    /// Standalone's own, which goes by what lies on the disk now.
    private DeltaLog log() {
        return log(configuration());
    }

    private DeltaLog log(Configuration configuration) {
        return DeltaLog.forTable(configuration, table.toUri().toString());
    }

    /// A copy, which is Standalone's to change: Hadoop reads its defaults once, and not for each call.
    private static Configuration configuration() {
        return new Configuration(SETTINGS);
    }

    private static Configuration settings() {
        Configuration configuration = new Configuration();
        // Without files of checksums, which nobody renews when others write.
        configuration.set("fs.file.impl", RawLocalFileSystem.class.getName());
        configuration.setBoolean("fs.file.impl.disable.cache", true);
        configuration.set("io.delta.standalone.LOG_STORE_CLASS_KEY", LinkedLogStore.class.getName());
        // Whoever writes says when one is due.
        configuration.setBoolean(CHECKPOINTS, false);
        return configuration;
    }
}
