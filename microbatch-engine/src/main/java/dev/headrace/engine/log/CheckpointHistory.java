package dev.headrace.engine.log;

import dev.headrace.errors.QueryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A checkpoint's logs, read without owning them: the query may be running. What it says is what was there when it was
/// opened; entries that are purged meanwhile can no longer be read.
public final class CheckpointHistory {
    private final OffsetLog offsets;
    private final CommitLog commits;
    private final LossLedger losses;
    private final QueryId query;

    private CheckpointHistory(OffsetLog offsets, CommitLog commits, LossLedger losses, QueryId query) {
        this.offsets = offsets;
        this.commits = commits;
        this.losses = losses;
        this.query = query;
    }

    /// @throws QueryException `NO_CHECKPOINT` if there is none
    /// @throws dev.headrace.errors.CheckpointException if something in it is damaged
    public static CheckpointHistory open(Path directory, Driver self) {
        if (!Files.isRegularFile(directory.resolve("metadata"))) {
            throw new QueryException(
                    "NO_CHECKPOINT",
                    directory + ": there is no checkpoint here, so no batch that could be looked at. Give the"
                            + " checkpointLocation with which the query was started.");
        }
        CheckpointFiles files = CheckpointFiles.local(directory, self.run());
        // Commits first: whatever is committed then, is planned too.
        CommitLog commits = new CommitLog(EntryLog.open(files, "commits", self), self);
        OffsetLog offsets = new OffsetLog(EntryLog.open(files, "offsets", self), self);
        return new CheckpointHistory(offsets, commits, new LossLedger(files, self), Checkpoint.readQueryId(files));
    }

    public QueryId query() {
        return query;
    }

    /// The newest batch that is done.
    public Optional<BatchId> lastCommitted() {
        return commits.entries().latest();
    }

    /// The oldest batch whose plan is still in the log.
    public Optional<BatchId> oldest() {
        return offsets.entries().oldest();
    }

    /// What the batches that are done have left out of their input, from the query's first batch on.
    ///
    /// @throws dev.headrace.errors.CheckpointException if a file of the ledger is damaged
    public List<Loss> losses() {
        return lastCommitted().map(losses::upTo).orElse(List.of());
    }

    /// What a batch was, if it is still in the log.
    ///
    /// @throws dev.headrace.errors.CheckpointException if it is damaged
    public Optional<PlannedBatch> planned(BatchId id) {
        return offsets.entries().holds(id) ? Optional.of(offsets.read(id)) : Optional.empty();
    }
}
