package dev.headrace.delta;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.Conflict;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.parquet.ParquetFooters;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts small files of a table together behind the commits of its writer, in commits of their own that change no row.
///
/// It gives way to others: what conflicts with another writer's commit is dropped, and what fails is a warning. Nothing
/// depends on it, so a process may end anywhere. It knows the small files by following the log, and reads nothing of it
/// as long as nobody else writes. Used by the writer's thread, between its writes.
final class Compactor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private final TableTarget target;
    private final AutoCompaction settings;
    private final Map<String, String> parameters;
    private final ParquetFooters footers;
    private final LongSupplier nanos;
    private final CompactionBudget budget;
    private final Deque<Written> written = new ArrayDeque<>();
    private final Set<Map<String, @Nullable String>> partitions = new LinkedHashSet<>();
    private @Nullable BufferAllocator memory;
    private @Nullable SmallFiles files;
    private @Nullable Folding folding;
    /// Not after a conflict: until the writer has written again, it does not know the table as it is.
    private boolean mayRun;
    private int due = 1;

    /// A commit of the writer; without its files if the log must say what it did.
    private record Written(long version, Optional<List<AddFile>> added) {}

    /// @param writer what the history says of it
    /// @param nanos the time since anything
    Compactor(
            TableTarget target,
            AutoCompaction settings,
            Map<String, String> writer,
            ParquetFooters footers,
            LongSupplier nanos) {
        this.target = target;
        this.settings = settings;
        this.footers = footers;
        this.nanos = nanos;
        budget = new CompactionBudget(nanos.getAsLong(), settings.budget());
        parameters = new LinkedHashMap<>(writer);
        parameters.put("auto", "true");
    }

    /// Takes note of a commit of the writer, the target's newest.
    ///
    /// @param added what it has added, if it has removed nothing
    /// @param root of the memory for rows
    void wrote(Optional<List<AddFile>> added, BufferAllocator root) {
        written.add(new Written(target.base().version(), added));
        memory = root;
        mayRun = true;
    }

    /// Works while there is time.
    ///
    /// @param idle how long nobody else wants to work
    /// @param stopping asked whether to end at once
    void work(Duration idle, BooleanSupplier stopping) {
        long begin = nanos.getAsLong();
        long length = budget.begin(begin, idle, due);
        work(() -> nanos.getAsLong() - begin < length && !stopping.getAsBoolean());
        budget.end(nanos.getAsLong());
    }

    /// Does all that is due, unless it is cancelled.
    void workToTheEnd() {
        Cancellation work = Cancellation.ofThread();
        work(() -> !work.isCancelled());
    }

    private void work(BooleanSupplier more) {
        BufferAllocator root = memory;
        if (root == null || !mayRun) {
            return;
        }
        if (!settings.appliesTo(target.base())) {
            files = null;
            written.clear();
            partitions.clear();
            drop();
            return;
        }
        if (!more.getAsBoolean()) {
            return;
        }
        try {
            SmallFiles known = upToDate();
            if (folding != null
                    && !(known.has(folding.files())
                            && folding.fits(target.base().metadata()))) {
                drop();
            }
            while (mayRun && more.getAsBoolean()) {
                if (folding == null) {
                    List<SmallFiles.Due> all = known.due(partitions);
                    due = all.stream()
                            .mapToInt(next -> Math.max(1, next.files().size() / settings.manyFiles()))
                            .sum();
                    if (all.isEmpty()) {
                        return;
                    }
                    folding = new Folding(target, all.getFirst().files(), footers, root);
                }
                if (!folding.copy(more)) {
                    return;
                }
                commit(folding, known);
            }
        } catch (RuntimeException failed) {
            giveUp(failed);
        }
    }

    /// The small files of the target's version.
    private SmallFiles upToDate() {
        SmallFiles known = files;
        files = null;
        boolean complete = known != null
                && known.fileBytes() == settings.fileBytes(target.base().metadata());
        while (!written.isEmpty()) {
            Written next = written.remove();
            complete = complete && follow(known, next.version() - 1);
            List<? extends Action> actions = next.added().isPresent()
                    ? next.added().get()
                    : target.log().commitOf(next.version()).orElse(List.of());
            for (Action action : actions) {
                if (action instanceof AddFile file) {
                    partitions.add(file.partitionValues());
                }
            }
            if (complete && known != null) {
                known.apply(actions);
            }
        }
        // The target may have read a version that no write of its own has made.
        if (known == null || !complete || !follow(known, target.base().version())) {
            known = read();
        }
        files = known;
        return known;
    }

    /// Follows the log through others' commits.
    ///
    /// @return whether the files are those of that version now
    private boolean follow(@Nullable SmallFiles known, long to) {
        while (known != null && known.version() < to) {
            Optional<List<Action>> other = target.log().commitOf(known.version() + 1);
            if (other.isEmpty()) {
                return false;
            }
            known.apply(other.get());
        }
        return known != null && known.version() == to;
    }

    private SmallFiles read() {
        WriteBase base = target.base();
        TableFeatures.checkReadable(target.table().toString(), base.protocol());
        List<AddFile> all = target.log().atVersion(base.version()).files(FileFilter.everything());
        return new SmallFiles(base.version(), all, settings.manyFiles(), settings.fileBytes(base.metadata()));
    }

    private void commit(Folding done, SmallFiles known) {
        List<WrittenFile> added = done.finish();
        List<Action> actions = done.actions(added);
        WriteBase base = target.base();
        CommitInfo start = Operations.on(base, "OPTIMIZE", parameters, target);
        CommitInfo info = new CommitInfo(
                start.timestampMillis(),
                start.operation(),
                start.parameters(),
                OptionalLong.of(base.version()),
                false,
                done.metrics(added),
                start.engine(),
                start.transactionId());
        CommitOutcome outcome;
        try {
            outcome = target.log().commit(new Commit(base.version(), new ReadSet.Nothing(), info, actions));
        } catch (CommitUnknownException unknown) {
            done.handOver();
            throw unknown;
        }
        switch (outcome) {
            case CommitOutcome.Committed(long version) -> {
                done.handOver();
                Optional<List<AddFile>> after = version == base.version() + 1
                        ? base.files().map(all -> done.filesAfter(all, added))
                        : Optional.empty();
                target.committed(new WriteBase(version, base.metadata(), base.protocol(), after));
                if (follow(known, version - 1)) {
                    known.apply(actions);
                } else {
                    files = null;
                    mayRun = false;
                }
            }
            case CommitOutcome.Conflicted(Conflict conflict) -> {
                LOG.info(
                        "{}: {} small files stay as they are for now, because {}.",
                        target.table(),
                        done.files().size(),
                        conflict.describe());
                mayRun = false;
            }
            case CommitOutcome.ReadVersionGone _ -> {
                files = null;
                mayRun = false;
            }
        }
        drop();
    }

    private void giveUp(RuntimeException failed) {
        LOG.warn("{}: small files stay as they are, because they could not be put together.", target.table(), failed);
        if (files != null && folding != null && !(failed instanceof CommitUnknownException)) {
            files.forget(folding.files());
        }
        mayRun = false;
        drop();
    }

    private void drop() {
        Folding dropped = folding;
        folding = null;
        if (dropped == null) {
            return;
        }
        try {
            dropped.close();
        } catch (RuntimeException failed) {
            LOG.warn("{}: files that are not needed could not be deleted; a vacuum will.", target.table(), failed);
        }
    }

    @Override
    public void close() {
        drop();
    }
}
