package dev.headrace.delta;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.exec.BatchRuns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/// A change of rows, from looking at the table to the commit.
///
/// A commit that came first and touched nothing that was looked at doesn't matter: the log puts this one behind it.
/// After one that did, all is done again on the new version, as if the change had been asked for a moment later; after
/// [#ATTEMPTS] times it is given up, with who did what. So it is after the first where the change has read the table
/// otherwise, too, as a subquery of its condition does: that has the version which it was given when it was written.
final class RowChange {
    static final int ATTEMPTS = 5;

    private final TableTarget target;
    private final String operation;
    private final Map<String, String> parameters;
    private final Optional<SetTransaction> transaction;

    /// What one attempt has come to.
    ///
    /// @param rewrite holds the new files
    /// @param metrics for the commit, without the numbers of files
    /// @param mustCommit whether there is something to commit even if no file has changed
    /// @param readsTableApart whether what it does depends on rows of the table that it has read beside the rewrite
    record Attempt(Rewrite rewrite, Map<String, Long> metrics, boolean mustCommit, boolean readsTableApart) {
        Attempt(Rewrite rewrite, Map<String, Long> metrics, boolean mustCommit) {
            this(rewrite, metrics, mustCommit, false);
        }

        Attempt(Rewrite rewrite, Map<String, Long> metrics) {
            this(rewrite, metrics, false);
        }

        private ReadSet reads() {
            return readsTableApart ? new ReadSet.WholeTable() : rewrite.reads();
        }
    }

    /// @param operation as the history names it
    /// @param transaction which batch of which application it is, if it is one
    RowChange(
            TableTarget target,
            String operation,
            Map<String, String> parameters,
            Optional<SetTransaction> transaction) {
        this.target = target;
        this.operation = operation;
        this.parameters = parameters;
        this.transaction = transaction;
    }

    /// Runs attempts until one is committed.
    ///
    /// @param attempt does the work on the version of [TableTarget#base]; the rewrite it gives is closed here
    /// @return the metrics of the commit; those of the attempt if there was nothing to commit
    /// @throws UnavailableException `DELTA_CONCURRENT_CHANGE`
    Map<String, Long> run(Function<TableTarget, Attempt> attempt) {
        return repeat(() -> tried(attempt.apply(target)));
    }

    /// As [#run(Function)], where each attempt can be cancelled up to its commit; the files that it has written are
    /// deleted then.
    ///
    /// @throws dev.headrace.errors.QueryException `QUERY_CANCELLED`
    Map<String, Long> run(BatchRuns runs, Function<TableTarget, Attempt> attempt) {
        return repeat(() -> runs.during(() -> tried(attempt.apply(target))));
    }

    /// What has become of an attempt.
    ///
    /// @param obstacle what stands in the way, if it was not committed
    private record Tried(Map<String, Long> metrics, Optional<String> obstacle) {}

    private Map<String, Long> repeat(Supplier<Tried> attempt) {
        Tried tried = attempt.get();
        for (int number = 1; tried.obstacle().isPresent(); number++) {
            if (number == ATTEMPTS) {
                throw new UnavailableException(
                        "DELTA_CONCURRENT_CHANGE",
                        target.table() + ": " + operation + " was tried " + ATTEMPTS
                                + " times, and each time another writer had changed what it depends on; the last time "
                                + tried.obstacle().get() + ". Nothing was committed; run it again.");
            }
            tried = attempt.get();
        }
        return tried.metrics();
    }

    private Tried tried(Attempt done) {
        try (Rewrite rewrite = done.rewrite()) {
            List<WrittenFile> written = rewrite.finish();
            Map<String, Long> metrics = metrics(done, written);
            if (rewrite.isEmpty(written) && isNothing(done)) {
                return new Tried(metrics, Optional.empty());
            }
            Tried tried = Cancellation.ofThread()
                    .commit(() ->
                            new Tried(metrics, commit(done, written, metrics).filter(_ -> !isHeld())));
            if (done.readsTableApart() && tried.obstacle().isPresent()) {
                throw new UnavailableException(
                        "DELTA_CONCURRENT_CHANGE",
                        target.table() + ": " + operation + " has also read the table in a subquery, or as its source,"
                                + " and meanwhile " + tried.obstacle().get()
                                + ". Nothing was committed; run it again.");
            }
            return tried;
        }
    }

    /// Whether a change that changes no rows need not be committed.
    private boolean isNothing(Attempt done) {
        return transaction.isPresent()
                ? !done.mustCommit()
                : done.rewrite().metadata().equals(target.base().metadata());
    }

    /// @return what stands in the way, if it was not committed; the target has read the newest version then
    private Optional<String> commit(Attempt done, List<WrittenFile> written, Map<String, Long> metrics) {
        WriteBase base = target.base();
        Rewrite rewrite = done.rewrite();
        CommitOutcome outcome;
        try {
            outcome = target.log().commit(commitOn(base, done, written, metrics));
        } catch (CommitUnknownException unknown) {
            rewrite.handOver();
            throw unknown;
        }
        return switch (outcome) {
            case CommitOutcome.Committed(long version) -> {
                rewrite.handOver();
                boolean nobodyBetween = version == base.version() + 1;
                target.committed(new WriteBase(
                        version,
                        rewrite.metadata(),
                        base.protocol(),
                        nobodyBetween ? Optional.of(rewrite.filesAfter(written)) : Optional.empty()));
                yield Optional.empty();
            }
            case CommitOutcome.Conflicted(var conflict) -> {
                target.reload();
                yield Optional.of(conflict.describe());
            }
            case CommitOutcome.ReadVersionGone(long version) -> {
                target.reload();
                yield Optional.of("its log no longer held the commit of version " + version);
            }
        };
    }

    private Commit commitOn(WriteBase base, Attempt done, List<WrittenFile> written, Map<String, Long> metrics) {
        List<Action> actions = new ArrayList<>();
        Rewrite rewrite = done.rewrite();
        if (!base.exists()) {
            actions.add(base.protocol());
        }
        if (!base.exists() || !rewrite.metadata().equals(base.metadata())) {
            actions.add(rewrite.metadata());
        }
        transaction.ifPresent(actions::add);
        actions.addAll(rewrite.actions(written));
        CommitInfo start = Operations.info(operation, parameters, target);
        CommitInfo info = new CommitInfo(
                start.timestampMillis(),
                operation,
                parameters,
                base.exists() ? OptionalLong.of(base.version()) : OptionalLong.empty(),
                false,
                metrics,
                start.engine(),
                start.transactionId());
        return new Commit(base.version(), done.reads(), info, actions);
    }

    private boolean isHeld() {
        if (transaction.isEmpty()) {
            return false;
        }
        OptionalLong last = target.lastTransaction(transaction.get().appId());
        return last.isPresent() && last.getAsLong() >= transaction.get().version();
    }

    private static Map<String, Long> metrics(Attempt done, List<WrittenFile> written) {
        Map<String, Long> metrics = new LinkedHashMap<>(done.metrics());
        metrics.put("numTargetRowsCopied", done.rewrite().copiedRows());
        metrics.put("numTargetFilesAdded", (long) written.size());
        metrics.put("numTargetFilesRemoved", (long) done.rewrite().removedFiles());
        metrics.put("numTargetDeletionVectorsAdded", (long) done.rewrite().deletionVectors());
        metrics.put(
                "numTargetBytesAdded",
                written.stream().mapToLong(file -> file.action().size()).sum());
        return metrics;
    }
}
