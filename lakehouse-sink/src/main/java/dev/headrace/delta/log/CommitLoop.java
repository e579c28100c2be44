package dev.headrace.delta.log;

import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.UnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Commits on top of a version that was read a while ago: tries the next version; if that is taken, looks at what took
/// it, and if that changes nothing for this commit, tries the one after.
///
/// A commit that nobody gets in the way of reads nothing from the log, so its cost doesn't depend on the table's size
/// or on how many commits there were.
public final class CommitLoop {
    private static final int MAX_ATTEMPTS = 1000;

    private final CommitStore store;

    public CommitLoop(CommitStore store) {
        this.store = store;
    }

    /// @throws CommitUnknownException `DELTA_COMMIT_UNKNOWN` if the answer was lost and the log can't be read
    /// @throws UnavailableException `DELTA_COMMIT_FAILED` if nothing was written, `DELTA_COMMIT_CONTENTION` if others
    ///     were faster too often
    public CommitOutcome commit(Commit commit) {
        if (commit.readVersion() != Commit.NO_TABLE && isGone(commit.readVersion())) {
            return new CommitOutcome.ReadVersionGone(commit.readVersion());
        }
        byte[] bytes = CommitJson.write(commit.lines());
        ConflictCheck check = new ConflictCheck(commit);
        long version = commit.readVersion() + 1;
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            // A cleanup deletes the oldest first, and may have overtaken this loop.
            if (version > commit.readVersion() + 1 && isGone(version - 1)) {
                return new CommitOutcome.ReadVersionGone(commit.readVersion());
            }
            Optional<byte[]> taken = put(version, bytes);
            if (taken.isEmpty()) {
                return new CommitOutcome.Committed(version);
            }
            // What has come since the table was read may be a lot: to step over it is no race that was lost.
            for (; taken.isPresent(); taken = read(version)) {
                List<Action> winner = CommitJson.read(store.fileOf(version), taken.get());
                if (isOurs(commit, winner)) {
                    return new CommitOutcome.Committed(version);
                }
                Optional<Conflict> conflict = check.with(version, winner);
                if (conflict.isPresent()) {
                    return new CommitOutcome.Conflicted(conflict.get());
                }
                version++;
            }
        }
        throw new UnavailableException(
                "DELTA_COMMIT_CONTENTION",
                store.fileOf(version - 1) + ": other writers were faster " + MAX_ATTEMPTS
                        + " times in a row. Nothing was committed; let fewer writers share the table.");
    }

    private Optional<byte[]> read(long version) {
        try {
            return store.read(version);
        } catch (IOException unreadable) {
            throw failed(version, unreadable);
        }
    }

    /// Without the file of the version before, the next version's name may be free only because the log was
    /// cleaned up.
    private boolean isGone(long version) {
        try {
            return !store.exists(version);
        } catch (IOException unreadable) {
            throw failed(version + 1, unreadable);
        }
    }

    /// @return empty if the version is ours now; otherwise the commit that has it
    private Optional<byte[]> put(long version, byte[] bytes) {
        CommitStore.Put put;
        try {
            put = store.putIfAbsent(version, bytes);
        } catch (IOException answerLost) {
            return afterLostAnswer(version, answerLost);
        }
        return switch (put) {
            case WRITTEN -> Optional.empty();
            case TAKEN -> Optional.of(winnerOf(version));
        };
    }

    private Optional<byte[]> afterLostAnswer(long version, IOException answerLost) {
        Optional<byte[]> there;
        try {
            there = store.read(version);
        } catch (IOException unreadable) {
            unreadable.addSuppressed(answerLost);
            throw unknown(version, unreadable);
        }
        return Optional.of(there.orElseThrow(() -> failed(version, answerLost)));
    }

    private byte[] winnerOf(long version) {
        return read(version)
                .orElseThrow(() -> failed(version, new IOException("the file was there a moment ago and is gone now")));
    }

    private static boolean isOurs(Commit commit, List<Action> actions) {
        return ConflictCheck.infoOf(actions)
                .flatMap(CommitInfo::transactionId)
                .equals(commit.info().transactionId());
    }

    private UnavailableException failed(long version, IOException cause) {
        return new UnavailableException(
                "DELTA_COMMIT_FAILED",
                store.fileOf(version) + ": can't be written (" + cause
                        + "). Nothing was committed; see to the disk and "
                        + "its permissions, then run the write again.",
                cause);
    }

    private CommitUnknownException unknown(long version, IOException cause) {
        return new CommitUnknownException(
                "DELTA_COMMIT_UNKNOWN",
                store.fileOf(version) + ": the write failed and the file can't be read back (" + cause
                        + "), so it is not "
                        + "known whether the rows are in the table. Look at the file when the disk is back.",
                cause);
    }
}
