package dev.headrace.delta;

import dev.headrace.connector.SinkBatch;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.Conflict;
import dev.headrace.delta.log.PartitionValue;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.errors.UnavailableException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// One write: data files first, then one commit that names them all.
///
/// A commit that finds the table changed is decided by what changed. Others' rows don't matter to an append; a changed
/// schema matters only if the files don't fit it any more, and rules if they aren't those that the rows were checked
/// by; an overwrite must have seen all rows that it removes. Where others have given numbers of an identity column
/// meanwhile, the files of an append are written anew with later ones.
final class TableWrite implements SinkBatch {
    private static final int MAX_RELOADS = 10;

    private final TableTarget target;
    private final Optional<SetTransaction> transaction;
    private final CommitInfo info;
    private final TableSchema schema;
    private final Map<Integer, List<WrittenFile>> filesOfTasks = new TreeMap<>();
    private final List<WrittenFile> superseded = new ArrayList<>();
    private final RowRules rules;
    private TableMetadata metadata;
    private Optional<IdentityNumbers> numbers;
    private State state = State.WRITING;

    private enum State {
        WRITING,
        COMMITTED,
        /// The commit may or may not be in the log: no file may be deleted.
        UNKNOWN
    }

    private enum Fate {
        COMMITTED,
        /// The table holds this batch already, or should have been left as it is.
        NOT_WANTED
    }

    TableWrite(TableTarget target, Optional<SetTransaction> transaction, CommitInfo info) {
        this.target = target;
        this.transaction = transaction;
        this.info = info;
        this.metadata = target.metadataToWrite();
        this.schema = fit();
        this.rules = RowRules.of(target, metadata);
        this.numbers = rules.numbers();
    }

    /// How the rows fit, however far identity columns have come.
    private TableSchema fit() {
        TableMetadata unmarked = metadata.withSchema(IdentityColumn.withoutMarks(metadata.schema()));
        return TableSchema.fit(
                target.table().toString(), unmarked, target.request().rows());
    }

    @Override
    public TaskWriter openTask(int task) {
        return new TableTaskWriter(
                target.table(),
                "",
                task,
                target.newId(),
                schema,
                metadata,
                FileLimits.of(target, metadata),
                target.options(),
                rules.isEmpty() ? Optional.empty() : Optional.of(rules),
                files -> finished(task, files));
    }

    /// A task that was run again counts once, with the files of its last run.
    private synchronized void finished(int task, List<WrittenFile> files) {
        List<WrittenFile> before = filesOfTasks.put(task, files);
        if (before != null) {
            superseded.addAll(before);
        }
    }

    @Override
    public synchronized Map<String, Long> commit() {
        if (state != State.WRITING) {
            return Map.of();
        }
        boolean nothingToSay =
                files().isEmpty() && target.base().exists() && target.request().kind() == WriteKind.APPEND;
        if (!nothingToSay) {
            WrittenFile.forceNames(target.table(), files());
            try {
                if (commitFiles() == Fate.NOT_WANTED) {
                    replaceFiles(List.of());
                }
            } catch (CommitUnknownException unknown) {
                state = State.UNKNOWN;
                throw unknown;
            }
        }
        state = State.COMMITTED;
        return metrics(files());
    }

    /// What [#commit] has put into the table.
    synchronized List<AddFile> added() {
        return state == State.COMMITTED
                ? files().stream().map(WrittenFile::action).toList()
                : List.of();
    }

    private List<WrittenFile> files() {
        return filesOfTasks.values().stream().flatMap(List::stream).toList();
    }

    private void replaceFiles(List<WrittenFile> files) {
        superseded.addAll(files());
        filesOfTasks.clear();
        filesOfTasks.put(0, files);
    }

    private Fate commitFiles() {
        target.checkMayBeWritten();
        if (target.base().exists() && target.request().kind() == WriteKind.CREATE_OR_IGNORE) {
            return Fate.NOT_WANTED;
        }
        for (int reload = 0; reload < MAX_RELOADS; reload++) {
            WriteBase base = target.base();
            List<AddFile> adds = files().stream().map(WrittenFile::action).toList();
            TableMetadata marked = numbers.map(given -> given.marked(metadata)).orElse(metadata);
            switch (target.log().commit(commitOn(base, marked, adds, metrics(files())))) {
                case CommitOutcome.Committed(long version) -> {
                    boolean allKnown = target.request().kind() != WriteKind.APPEND
                            && target.request().kind() != WriteKind.OVERWRITE_PARTITIONS;
                    target.committed(new WriteBase(
                            version,
                            marked,
                            protocolFor(marked, base),
                            allKnown ? Optional.of(adds) : Optional.empty()));
                    return Fate.COMMITTED;
                }
                case CommitOutcome.Conflicted(Conflict conflict) -> {
                    if (isHeld() || target.request().kind() == WriteKind.CREATE_OR_IGNORE) {
                        return Fate.NOT_WANTED;
                    }
                    resolve(conflict);
                }
                case CommitOutcome.ReadVersionGone(long version) -> {
                    if (isHeld()) {
                        return Fate.NOT_WANTED;
                    }
                    resolveGone(version);
                }
            }
        }
        throw new UnavailableException(
                "DELTA_COMMIT_CONTENTION",
                target.table() + ": the table changed " + MAX_RELOADS
                        + " times while this write was committed. Nothing was committed; run it again.");
    }

    private Commit commitOn(WriteBase base, TableMetadata marked, List<AddFile> adds, Map<String, Long> metrics) {
        List<Action> actions = new ArrayList<>();
        Protocol protocol = protocolFor(marked, base);
        if (!base.exists() || !protocol.equals(base.protocol())) {
            actions.add(protocol);
        }
        if (!base.exists() || !marked.equals(base.metadata())) {
            actions.add(marked);
        }
        transaction.ifPresent(actions::add);
        boolean append = target.request().kind() == WriteKind.APPEND;
        if (!append && base.exists()) {
            long now = target.now();
            target.currentFiles().stream().filter(replaced(adds)).forEach(file -> actions.add(file.remove(now)));
        }
        actions.addAll(adds);
        CommitInfo complete = new CommitInfo(
                info.timestampMillis(),
                info.operation(),
                info.parameters(),
                base.exists() ? OptionalLong.of(base.version()) : OptionalLong.empty(),
                append,
                metrics,
                info.engine(),
                info.transactionId());
        return new Commit(base.version(), append ? new ReadSet.Nothing() : new ReadSet.WholeTable(), complete, actions);
    }

    /// Properties that a write brings may need more than the table has needed so far.
    private static Protocol protocolFor(TableMetadata metadata, WriteBase base) {
        return metadata.configuration().equals(base.metadata().configuration())
                ? base.protocol()
                : TableFeatures.upgraded(base.protocol(), metadata);
    }

    private Predicate<AddFile> replaced(List<AddFile> adds) {
        boolean partitionsOnly = target.request().kind() == WriteKind.OVERWRITE_PARTITIONS;
        if (!partitionsOnly || metadata.partitionColumns().isEmpty()) {
            return _ -> true;
        }
        Set<List<@Nullable Object>> partitions =
                adds.stream().map(this::partitionOf).collect(Collectors.toSet());
        return file -> partitions.contains(partitionOf(file));
    }

    /// The values of the partition that a file is of: other writers may write the same ones in another way.
    private List<@Nullable Object> partitionOf(AddFile file) {
        List<@Nullable Object> values = new ArrayList<>();
        List<String> inLog = ColumnMapping.partitionColumns(metadata);
        for (int i = 0; i < inLog.size(); i++) {
            String column = metadata.partitionColumns().get(i);
            values.add(PartitionValue.read(
                    file.partitionValues().get(inLog.get(i)),
                    metadata.schema().apply(column).dataType(),
                    column,
                    target.zone()));
        }
        return values;
    }

    /// Whether the table holds this batch by now: another driver of the same query may have committed it.
    private boolean isHeld() {
        if (transaction.isEmpty()) {
            return false;
        }
        target.reload();
        OptionalLong last = target.lastTransaction(transaction.get().appId());
        return last.isPresent() && last.getAsLong() >= transaction.get().version();
    }

    /// Reacts to a conflict: the table is read again for another try, or the write fails.
    private void resolve(Conflict conflict) {
        switch (conflict.kind()) {
            case PROTOCOL_CHANGED, METADATA_CHANGED, SAME_APPLICATION -> {
                if (target.request().kind() != WriteKind.APPEND) {
                    throw rejected(conflict);
                }
                rebase(conflict.describe());
            }
            case ROWS_ADDED, ROWS_REMOVED, FILE_REMOVED, UNKNOWN_CHANGE -> throw rejected(conflict);
        }
    }

    /// Reacts to a log that was cleaned up, or replaced, since the table was read.
    private void resolveGone(long version) {
        String why = "its log no longer holds the commit of version " + version;
        if (target.request().kind() != WriteKind.APPEND) {
            throw changed(why);
        }
        rebase(why);
    }

    /// Goes on from the newest version, if the files that are written fit it.
    private void rebase(String why) {
        boolean existed = target.base().exists();
        String id = metadata.id();
        WriteBase now = target.reload();
        metadata = target.metadataToWrite();
        boolean sameTable = !existed || (now.exists() && now.metadata().id().equals(id));
        if (!sameTable || !fit().equals(schema) || !rules.sameAsOf(metadata)) {
            throw changed(why);
        }
        numbers = numbers.map(given -> renumbered(given, why));
    }

    /// The numbers of the rows behind those that others have given meanwhile.
    private IdentityNumbers renumbered(IdentityNumbers given, String why) {
        IdentityNumbers moved = given.moved(metadata).orElseThrow(() -> changed(why));
        if (given.differ(moved)) {
            BufferAllocator memory = given.memory().orElseThrow();
            replaceFiles(new Renumbering(target, metadata, given, moved).of(files(), memory));
        }
        return moved;
    }

    private UnavailableException changed(String why) {
        return new UnavailableException(
                "DELTA_TABLE_CHANGED",
                target.table() + ": the table changed while the rows were written: " + why
                        + ". Nothing was committed; run the write again.");
    }

    private RuntimeException rejected(Conflict conflict) {
        if (target.request().kind() == WriteKind.CREATE) {
            return DeltaErrors.tableExists(target.table());
        }
        return new UnavailableException(
                "DELTA_CONCURRENT_CHANGE",
                target.table() + ": the overwrite was based on "
                        + (target.base().exists() ? "version " + target.base().version() : "there being no table")
                        + ", but meanwhile "
                        + conflict.describe() + ". Nothing was committed; run the write again to overwrite that too.");
    }

    private static Map<String, Long> metrics(List<WrittenFile> files) {
        Map<String, Long> metrics = new LinkedHashMap<>();
        metrics.put("numFiles", (long) files.size());
        metrics.put("numOutputRows", files.stream().mapToLong(WrittenFile::rows).sum());
        metrics.put(
                "numOutputBytes",
                files.stream().mapToLong(file -> file.action().size()).sum());
        return metrics;
    }

    /// Deletes the files that no commit names and none can name any more.
    @Override
    public synchronized void close() {
        List<WrittenFile> orphans = new ArrayList<>(superseded);
        if (state == State.WRITING) {
            orphans.addAll(files());
            filesOfTasks.clear();
        }
        superseded.clear();
        orphans.forEach(WrittenFile::delete);
    }
}
