package dev.headrace.delta;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Counts how often the log is read.
final class CountingLog implements TableLog {
    private final TableLog log;
    int reads;

    CountingLog(TableLog log) {
        this.log = log;
    }

    @Override
    public String location() {
        return log.location();
    }

    @Override
    public Optional<TableSnapshot> latest() {
        reads++;
        return log.latest();
    }

    @Override
    public long newestVersion() {
        reads++;
        return log.newestVersion();
    }

    @Override
    public TableSnapshot atVersion(long version) {
        reads++;
        return log.atVersion(version);
    }

    @Override
    public TableSnapshot atTime(Instant time) {
        reads++;
        return log.atTime(time);
    }

    @Override
    public Optional<List<Action>> commitOf(long version) {
        reads++;
        return log.commitOf(version);
    }

    @Override
    public OptionalLong earliestCommit(long version) {
        reads++;
        return log.earliestCommit(version);
    }

    @Override
    public long firstCommitSince(Instant time) {
        reads++;
        return log.firstCommitSince(time);
    }

    @Override
    public int forgetBefore(Instant time) {
        return log.forgetBefore(time);
    }

    @Override
    public CommitOutcome commit(Commit commit) {
        return log.commit(commit);
    }

    @Override
    public void checkpoint(long version) {
        log.checkpoint(version);
    }
}
