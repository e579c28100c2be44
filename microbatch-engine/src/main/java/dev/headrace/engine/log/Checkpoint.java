package dev.headrace.engine.log;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checkpoint of one query, owned by this driver until it is closed: what was planned, what is committed.
///
/// ```java
/// try (Checkpoint checkpoint = Checkpoint.open(directory, Driver.ofThisProcess(RunId.random(), clock.instant()))) {
///     switch (checkpoint.recovery()) {
///         case Recovery.Start() -> …
///         case Recovery.Replay(PlannedBatch batch, var latest) -> …
///         case Recovery.Continue(PlannedBatch last, long nextWatermarkMillis, var latest) -> …
///     }
///     checkpoint.plan(batch);     // offsets/N: from here on the batch is what it is
///     …                           // run it, commit state, commit the sink
///     checkpoint.commit(new CommittedBatch(batch.id(), nextWatermarkMillis, latest));   // commits/N
///     checkpoint.purge(Checkpoint.DEFAULT_MIN_BATCHES_TO_RETAIN);
/// }
/// ```
///
/// When [#plan] or [#commit] returns, the entry survives a power failure. When one throws an
/// [dev.headrace.errors.UnavailableException], the same call may be repeated. One thread plans and commits; [#purge]
/// may run on another.
public final class Checkpoint implements AutoCloseable {

    /// How many batches a query keeps in its logs unless told otherwise.
    public static final int DEFAULT_MIN_BATCHES_TO_RETAIN = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
    private static final String LOCK = "driver.lock";
    private static final String METADATA = "metadata";
    private static final String BEGINNINGS = "beginnings";
    private static final String START_OFFSETS = "startOffsets";

    private final CheckpointFiles files;
    private final Driver self;
    private final OffsetLog offsets;
    private final CommitLog commits;
    private final QueryId query;
    private final Recovery recovery;
    private final Closeable release;

    private Checkpoint(
            CheckpointFiles files,
            Driver self,
            OffsetLog offsets,
            CommitLog commits,
            QueryId query,
            Recovery recovery,
            Closeable release) {
        this.files = files;
        this.self = self;
        this.offsets = offsets;
        this.commits = commits;
        this.query = query;
        this.recovery = recovery;
        this.release = release;
    }

    /// Opens a checkpoint in a directory of the local file system, making a new one if there is none.
    ///
    /// @throws dev.headrace.errors.FencedException if another driver owns it; the text names that driver
    /// @throws dev.headrace.errors.CheckpointException if something in it is damaged, missing or contradictory
    /// @throws dev.headrace.errors.ResourceException if the disk is full
    public static Checkpoint open(Path directory, Driver self) {
        return open(CheckpointFiles.local(directory, self.run()), self, QueryId.random());
    }

    /// Opens a checkpoint, making a new one if there is none.
    ///
    /// @param newQuery the query's id if the checkpoint is new
    /// @throws dev.headrace.errors.FencedException if another driver owns it; the text names that driver
    /// @throws dev.headrace.errors.CheckpointException if something in it is damaged, missing or contradictory
    /// @throws dev.headrace.errors.ResourceException if the disk is full
    public static Checkpoint open(CheckpointFiles files, Driver self, QueryId newQuery) {
        createRoot(files);
        CheckpointFiles.Lease lease = lease(files, self);
        Closeable release = lease instanceof CheckpointFiles.Lease.Granted granted ? granted.release() : () -> {};
        try {
            return open(files, self, newQuery, lease, release);
        } catch (Throwable e) {
            try {
                release.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static Checkpoint open(
            CheckpointFiles files, Driver self, QueryId newQuery, CheckpointFiles.Lease lease, Closeable release) {
        OffsetLog offsets = new OffsetLog(EntryLog.open(files, "offsets", self), self);
        CommitLog commits = new CommitLog(EntryLog.open(files, "commits", self), self);
        if (lease instanceof CheckpointFiles.Lease.Granted) {
            Leftovers.delete(files, "", id -> true);
            offsets.entries().deleteLeftovers();
            commits.entries().deleteLeftovers();
        }
        Optional<BatchId> planned = offsets.entries().latest();
        Optional<BatchId> committed = commits.entries().latest();
        boolean hasRun = planned.isPresent() || committed.isPresent();
        QueryId query = hasRun ? readQueryId(files) : createQueryId(files, self, newQuery);
        Recovery recovery = Recovery.from(files.locate(""), planned.map(offsets::read), committed.map(commits::read));
        return new Checkpoint(files, self, offsets, commits, query, recovery, release);
    }

    /// The identity of the query, the same over all restarts.
    public QueryId query() {
        return query;
    }

    /// What the logs asked for when the checkpoint was opened.
    public Recovery recovery() {
        return recovery;
    }

    /// Where the sources of a query begin that has not planned a batch yet: decided by its first start, whatever "now"
    /// or "the latest" is when it is started again. When this returns, the decision survives a power failure.
    ///
    /// @param decide gives the beginnings by source; called if the query has never been started
    /// @throws dev.headrace.errors.CheckpointException if the file with the decision is damaged
    public List<String> begin(Supplier<List<String>> decide) {
        Optional<List<String>> decided = readBeginnings();
        if (decided.isPresent()) {
            return decided.get();
        }
        List<String> beginnings = List.copyOf(decide.get());
        ObjectNode json = Json.object();
        ObjectNode ours = json.putObject(EntryFile.HEADRACE);
        self.writeTo(ours);
        beginnings.forEach(ours.putArray(START_OFFSETS)::add);
        try {
            files.create(BEGINNINGS, EntryFile.seal(json));
            return beginnings;
        } catch (FileAlreadyExistsException otherDriver) {
            return readBeginnings().orElse(beginnings);
        } catch (IOException e) {
            throw LogErrors.io(files.locate(BEGINNINGS), "writing", e);
        }
    }

    private Optional<List<String>> readBeginnings() {
        String location = files.locate(BEGINNINGS);
        try {
            List<String> beginnings = new ArrayList<>();
            EntryFile.parseObject(location, files.read(BEGINNINGS))
                    .header()
                    .path(EntryFile.HEADRACE)
                    .path(START_OFFSETS)
                    .forEach(offset -> beginnings.add(offset.asText()));
            return Optional.of(beginnings);
        } catch (NoSuchFileException neverStarted) {
            return Optional.empty();
        } catch (IOException e) {
            throw LogErrors.io(location, "reading", e);
        }
    }

    /// Fixes what a batch is. Planning the newest batch again is fine if it is the same.
    ///
    /// @throws dev.headrace.errors.FencedException if another driver has planned this batch
    /// @throws IllegalStateException if the batch before it is not committed
    public void plan(PlannedBatch batch) {
        long committed = commits.entries().latest().map(id -> id.value() + 1).orElse(0L);
        if (batch.id().value() != committed) {
            throw new IllegalStateException(
                    "Batch " + batch.id() + " can't be planned: the first that is not committed is " + committed + ".");
        }
        if (runsAgain(batch.id())) {
            throw new IllegalStateException(
                    "Batch " + batch.id() + " was planned by an earlier run; it runs as planned.");
        }
        offsets.append(batch);
    }

    private boolean runsAgain(BatchId batch) {
        return recovery instanceof Recovery.Replay(PlannedBatch planned, var _)
                && planned.id().equals(batch);
    }

    /// Says that a batch is done: its rows are in the sink and its state is stored. Doing so again is fine if it is the
    /// same.
    ///
    /// @throws dev.headrace.errors.FencedException if another driver has committed this batch
    /// @throws IllegalStateException if it is not the newest planned batch
    public void commit(CommittedBatch batch) {
        Optional<BatchId> planned = offsets.entries().latest();
        if (!planned.equals(Optional.of(batch.id()))) {
            throw new IllegalStateException("Batch " + batch.id() + " can't be committed: the newest planned batch is "
                    + planned.map(BatchId::toString).orElse("none") + ".");
        }
        commits.append(batch);
    }

    /// What committed batches lack of what they should have read.
    public List<Loss> losses() {
        return commits.entries().latest().map(new LossLedger(files, self)::upTo).orElse(List.of());
    }

    /// Remembers for good what a batch lacks of what it should have read. Called before the batch is committed; of a
    /// batch that runs again, what it lacked last counts.
    ///
    /// @throws dev.headrace.errors.FencedException if another driver is writing the same batch
    public void recordLosses(BatchId batch, List<Loss> losses) {
        if (!losses.isEmpty()) {
            new LossLedger(files, self).append(batch, losses);
        } else if (runsAgain(batch)) {
            new LossLedger(files, self).forget(batch);
        }
    }

    /// A batch that is still in the log.
    ///
    /// @throws dev.headrace.errors.CheckpointException if it is damaged
    public Optional<PlannedBatch> planned(BatchId id) {
        return offsets.entries().holds(id) ? Optional.of(offsets.read(id)) : Optional.empty();
    }

    /// Deletes the entries of old batches. Cheap: it deletes what has become too old since the last call and lists
    /// nothing.
    ///
    /// @param minBatchesToRetain how many of the newest planned batches stay in the logs; at least 2
    /// @throws dev.headrace.errors.UnavailableException if a file can't be deleted now; a later call tries again
    public void purge(int minBatchesToRetain) {
        if (minBatchesToRetain < 2) {
            throw new IllegalArgumentException("At least 2 batches are retained, not " + minBatchesToRetain + ".");
        }
        offsets.entries().latest().ifPresent(latest -> {
            long keepFrom = latest.value() - minBatchesToRetain + 1;
            offsets.entries().purge(keepFrom);
            commits.entries().purge(keepFrom);
        });
    }

    /// Lets other drivers have the checkpoint.
    @Override
    public void close() {
        try {
            release.close();
        } catch (IOException e) {
            throw LogErrors.io(files.locate(LOCK), "releasing", e);
        }
    }

    private static void createRoot(CheckpointFiles files) {
        try {
            files.createFolder("");
        } catch (FileAlreadyExistsException e) {
            throw LogErrors.notADirectory(files.locate(""), e);
        } catch (IOException e) {
            throw LogErrors.io(files.locate(""), "creating the directory", e);
        }
    }

    private static CheckpointFiles.Lease lease(CheckpointFiles files, Driver self) {
        try {
            CheckpointFiles.Lease lease = files.lease(LOCK, self.toBytes());
            switch (lease) {
                case CheckpointFiles.Lease.Granted(Closeable release) -> {}
                case CheckpointFiles.Lease.Refused(Optional<byte[]> owner) ->
                    throw LogErrors.inUse(files.locate(""), owner.flatMap(Driver::fromBytes));
                case CheckpointFiles.Lease.Unsupported(String reason) ->
                    LOG.warn(
                            "{}: this storage knows no locks ({}). Two drivers on this checkpoint are stopped only when"
                                    + " they write the same log entry, not at their start.",
                            files.locate(""),
                            reason);
            }
            return lease;
        } catch (IOException e) {
            throw LogErrors.io(files.locate(LOCK), "locking", e);
        }
    }

    private static QueryId createQueryId(CheckpointFiles files, Driver self, QueryId newQuery) {
        ObjectNode json = Json.object();
        json.put("id", newQuery.toString());
        self.writeTo(json.putObject(EntryFile.HEADRACE));
        try {
            files.create(METADATA, EntryFile.seal(json));
            return newQuery;
        } catch (FileAlreadyExistsException alreadyThere) {
            return readQueryId(files);
        } catch (IOException e) {
            throw LogErrors.io(files.locate(METADATA), "writing", e);
        }
    }

    static QueryId readQueryId(CheckpointFiles files) {
        String location = files.locate(METADATA);
        try {
            EntryFile metadata = EntryFile.parseObject(location, files.read(METADATA));
            String id = metadata.header().path("id").asText();
            try {
                return new QueryId(UUID.fromString(id));
            } catch (IllegalArgumentException e) {
                throw LogErrors.damaged(location, "has '" + id + "' where the query's id (a UUID) should be");
            }
        } catch (NoSuchFileException e) {
            throw LogErrors.queryIdMissing(location);
        } catch (IOException e) {
            throw LogErrors.io(location, "reading", e);
        }
    }
}
