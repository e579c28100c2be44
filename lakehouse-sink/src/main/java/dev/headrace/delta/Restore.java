package dev.headrace.delta;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.types.StructType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes a table again what it was, by a new version that has the files of an earlier one.
record Restore(TableTarget target, TableSnapshot then) {
    /// @return what was done, as Delta names it
    /// @throws DataException `DELTA_FILE_MISSING` if a vacuum has deleted a file of that version
    /// @throws UnavailableException `DELTA_CONCURRENT_CHANGE`
    Map<String, Long> run() {
        for (int attempt = 1; ; attempt++) {
            WriteBase base = target.base();
            if (!then.protocol().equals(base.protocol())) {
                throw new QueryException(
                        "DELTA_RESTORE_PROTOCOL",
                        target.table() + ": version " + then.version()
                                + " had another protocol than the table has now, and a protocol can't be taken back. Read that"
                                + " version with option(\"versionAsOf\", " + then.version()
                                + ") and write it as a new table.");
            }
            List<AddFile> now = target.currentFiles();
            List<AddFile> old = then.files(FileFilter.everything());
            List<AddFile> removed = without(now, old);
            List<AddFile> added = without(old, now);
            added.forEach(this::checkExists);
            Map<String, Long> metrics = metrics(old, removed, added);
            CommitOutcome outcome = target.log().commit(commit(base, removed, added, metrics));
            switch (outcome) {
                case CommitOutcome.Committed(long version) -> {
                    target.committed(new WriteBase(version, restored(base), base.protocol(), Optional.empty()));
                    return metrics;
                }
                case CommitOutcome.Conflicted(var conflict) -> giveUpAfter(attempt, conflict.describe());
                case CommitOutcome.ReadVersionGone(long version) ->
                    giveUpAfter(attempt, "its log no longer held the commit of version " + version);
            }
            target.reload();
        }
    }

    private void giveUpAfter(int attempt, String obstacle) {
        if (attempt == RowChange.ATTEMPTS) {
            throw new UnavailableException(
                    "DELTA_CONCURRENT_CHANGE",
                    target.table() + ": RESTORE was tried " + attempt
                            + " times, and each time another writer was faster; the last time " + obstacle
                            + ". Nothing was committed; run it again.");
        }
    }

    private TableMetadata restored(WriteBase base) {
        StructType columns = IdentityColumn.withMarksOf(
                base.metadata().schema(), then.metadata().schema());
        return then.metadata().withSchema(columns);
    }

    /// Those of the files that are not among others.
    static List<AddFile> without(List<AddFile> files, List<AddFile> others) {
        Set<Object> known = others.stream().map(Restore::identity).collect(Collectors.toSet());
        return files.stream().filter(file -> !known.contains(identity(file))).toList();
    }

    private static Object identity(AddFile file) {
        return List.of(file.path(), file.deletionVector());
    }

    private void checkExists(AddFile file) {
        checkExists(DataFile.resolve(target.table(), file.path()), file.path());
        file.deletionVector()
                .filter(vector -> !vector.storageType().equals("i"))
                .map(vector -> DeletionVectors.file(target.table(), vector))
                .ifPresent(vectors -> checkExists(vectors, vectors.getFileName().toString()));
    }

    private void checkExists(Path file, String name) {
        if (!Files.exists(file)) {
            throw new DataException(
                    "DELTA_FILE_MISSING",
                    target.table() + ": version " + then.version() + " can't be restored, because its file '" + name
                            + "' is gone: a vacuum has deleted it. Restore a newer version, or the file from a copy.");
        }
    }

    private Commit commit(WriteBase base, List<AddFile> removed, List<AddFile> added, Map<String, Long> metrics) {
        List<Action> actions = new ArrayList<>();
        TableMetadata metadata = restored(base);
        if (!metadata.equals(base.metadata())) {
            actions.add(metadata);
        }
        long now = target.now();
        removed.forEach(file -> actions.add(file.remove(now)));
        added.forEach(file -> actions.add(new AddFile(
                file.path(),
                file.partitionValues(),
                file.size(),
                file.modificationTimeMillis(),
                true,
                file.stats(),
                file.deletionVector())));
        CommitInfo start = Operations.info("RESTORE", Map.of("version", Long.toString(then.version())), target);
        CommitInfo info = new CommitInfo(
                start.timestampMillis(),
                start.operation(),
                start.parameters(),
                OptionalLong.of(base.version()),
                false,
                metrics,
                start.engine(),
                start.transactionId());
        return new Commit(base.version(), new ReadSet.WholeTable(), info, actions);
    }

    private static Map<String, Long> metrics(List<AddFile> old, List<AddFile> removed, List<AddFile> added) {
        Map<String, Long> metrics = new LinkedHashMap<>();
        metrics.put("table_size_after_restore", bytes(old));
        metrics.put("num_of_files_after_restore", (long) old.size());
        metrics.put("num_removed_files", (long) removed.size());
        metrics.put("num_restored_files", (long) added.size());
        metrics.put("removed_files_size", bytes(removed));
        metrics.put("restored_files_size", bytes(added));
        return metrics;
    }

    private static long bytes(List<AddFile> files) {
        return files.stream().mapToLong(AddFile::size).sum();
    }
}
