package dev.headrace.delta;

import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddChangeFile;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.RemoveFile;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.delta.log.UnknownAction;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The files that each version of a table gives to a stream, in an order that is always the same. Used by one thread.
final class SourceFiles {
    private static final int KNOWN_VERSIONS = 256;

    private final DeltaStreamTable stream;
    private final Map<Long, List<FeedFile>> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, List<FeedFile>> eldest) {
            return size() > KNOWN_VERSIONS;
        }
    };
    private @Nullable List<FeedFile> snapshotFiles;
    private long snapshotVersion = -1;
    private boolean firstChecked;

    SourceFiles(DeltaStreamTable stream) {
        this.stream = stream;
    }

    /// All files of a version, the oldest first, or those first whose rows are.
    List<FeedFile> ofSnapshot(long version) {
        if (snapshotFiles == null || snapshotVersion != version) {
            TableSnapshot first = stream.log().atVersion(version);
            checkSchema(version, first.metadata());
            List<AddFile> all = first.files(FileFilter.everything());
            List<AddFile> files =
                    stream.options().eventTimeOrder() ? EventTimeOrder.sorted(stream, all) : oldestFirst(all);
            long timestamp = timestampOf(version);
            Optional<String> type = stream.options().readChangeFeed()
                    ? Optional.of(ChangeFeedFiles.Type.INSERT.text())
                    : Optional.empty();
            snapshotFiles = files.stream()
                    .map(file -> new FeedFile(file, type, version, timestamp))
                    .toList();
            snapshotVersion = version;
        }
        return snapshotFiles;
    }

    private static List<AddFile> oldestFirst(List<AddFile> files) {
        return files.stream()
                .sorted(Comparator.comparingLong(AddFile::modificationTimeMillis)
                        .thenComparing(AddFile::path))
                .toList();
    }

    /// The files that a version added; empty if there is no such version yet.
    ///
    /// @throws QueryException `DELTA_SOURCE_CHANGED_ROWS`, `DELTA_SOURCE_SCHEMA_CHANGED`
    /// @throws DataException `DELTA_SOURCE_VERSIONS_LOST`
    Optional<List<FeedFile>> ofCommit(long version) {
        List<FeedFile> files = known.get(version);
        if (files != null) {
            return Optional.of(files);
        }
        Optional<List<Action>> commit = stream.log().commitOf(version);
        if (commit.isPresent()) {
            checkFirst(version);
        }
        commit.ifPresent(actions -> known.put(version, filesOf(version, actions)));
        return commit.map(_ -> known.get(version));
    }

    /// The first version from one on whose commit the log still has.
    ///
    /// @throws DataException `DELTA_SOURCE_VERSIONS_LOST` if that is a later one and none may be lost
    long availableFrom(long version) {
        OptionalLong earliest = stream.log().earliestCommit(version);
        if (earliest.isEmpty() || earliest.getAsLong() == version) {
            return version;
        }
        if (stream.options().failOnDataLoss()) {
            throw new DataException(
                    "DELTA_SOURCE_VERSIONS_LOST",
                    stream.table() + ": the stream should go on with version " + version
                            + ", but the table's log has been cleaned up and begins with version "
                            + earliest.getAsLong()
                            + ". What was added between is not known any more. Start again with a new checkpoint, or set"
                            + " option(\"failOnDataLoss\", false) to go on without it.");
        }
        return earliest.getAsLong();
    }

    private long timestampOf(long version) {
        return stream.log().commitOf(version).stream()
                .flatMap(List::stream)
                .filter(CommitInfo.class::isInstance)
                .mapToLong(info -> ((CommitInfo) info).timestampMillis())
                .findFirst()
                .orElse(0);
    }

    private List<FeedFile> filesOf(long version, List<Action> actions) {
        if (stream.options().readChangeFeed()) {
            for (Action action : actions) {
                if (action instanceof TableMetadata metadata) {
                    checkSchema(version, metadata);
                }
            }
            return stream.feed().of(version, actions);
        }
        return added(version, actions).stream()
                .map(file -> new FeedFile(file, Optional.empty(), version, 0))
                .toList();
    }

    private List<AddFile> added(long version, List<Action> actions) {
        List<AddFile> added = new ArrayList<>();
        boolean removes = false;
        Optional<CommitInfo> info = Optional.empty();
        for (Action action : actions) {
            switch (action) {
                case AddFile add -> {
                    if (add.dataChange()) {
                        added.add(add);
                    }
                }
                case RemoveFile remove -> removes |= remove.dataChange();
                case TableMetadata metadata -> checkSchema(version, metadata);
                case CommitInfo commitInfo -> info = Optional.of(commitInfo);
                case Protocol protocol ->
                    TableFeatures.checkReadable(stream.table().toString(), protocol);
                case SetTransaction _, AddChangeFile _, UnknownAction _ -> {}
            }
        }
        return removes ? afterRemoval(version, added, info) : List.copyOf(added);
    }

    private List<AddFile> afterRemoval(long version, List<AddFile> added, Optional<CommitInfo> info) {
        return switch (stream.options().changes()) {
            case SKIP_COMMITS -> List.of();
            case IGNORE_CHANGES -> List.copyOf(added);
            case IGNORE_DELETES -> {
                if (!added.isEmpty()) {
                    throw changedRows(version, info, "changed rows that the stream may have given already", "");
                }
                yield List.of();
            }
            case FAIL ->
                throw changedRows(
                        version,
                        info,
                        added.isEmpty() ? "removed rows" : "changed rows that the stream may have given already",
                        added.isEmpty()
                                ? ", option(\"ignoreDeletes\", true) to pass over commits that only remove rows"
                                : "");
        };
    }

    private QueryException changedRows(long version, Optional<CommitInfo> info, String did, String more) {
        String who = info.map(commit -> " ('" + commit.operation() + "'"
                        + commit.engine().map(engine -> " by '" + engine + "'").orElse("") + ")")
                .orElse("");
        return new QueryException(
                "DELTA_SOURCE_CHANGED_ROWS",
                stream.table() + ": version " + version + who + " " + did
                        + ", which a stream of added rows can't say. Set option(\"skipChangeCommits\", true) to pass over such"
                        + " commits" + more
                        + ", option(\"ignoreChanges\", true) to get whole files again that hold changed"
                        + " rows, or start again with a new checkpoint.");
    }

    /// What a version that is not newer than the stream's own was written as must be readable as the stream's rows; a
    /// newer one must be of the same columns, or the stream would leave out something.
    private void checkSchema(long version, TableMetadata metadata) {
        TableMetadata now = stream.now().metadata();
        if (version <= stream.now().version()) {
            EarlierFiles.obstacle(metadata, now).ifPresent(obstacle -> {
                throw new QueryException(
                        "DELTA_SOURCE_SCHEMA_CHANGED",
                        stream.table() + ": version " + version + " of the table " + obstacle
                                + ", so its rows can't be given as version "
                                + stream.now().version()
                                + " has them, by which the stream goes. Start again with a new checkpoint.");
            });
        } else if (!TableSchema.sameShape(now.schema(), metadata.schema())
                || !metadata.partitionColumns().equals(now.partitionColumns())
                || !ColumnMapping.sameInFiles(now, metadata)) {
            throw new QueryException(
                    "DELTA_SOURCE_SCHEMA_CHANGED",
                    stream.table() + ": version " + version + " changed the table's columns: "
                            + difference(now.schema(), metadata.schema())
                            + ". Start the query again: it goes on where it stopped, with the new columns.");
        }
    }

    /// The commits behind a version that the stream begins or goes on with may not say of which columns the table was
    /// then.
    private void checkFirst(long version) {
        if (firstChecked) {
            return;
        }
        firstChecked = true;
        if (version < stream.now().version()) {
            metadataOf(version).ifPresent(metadata -> checkSchema(version, metadata));
        }
    }

    /// Empty if the log, which was cleaned up, has the commit of a version, and nothing to build the version on.
    private Optional<TableMetadata> metadataOf(long version) {
        try {
            return Optional.of(stream.log().atVersion(version).metadata());
        } catch (QueryException | CheckpointException gone) {
            return Optional.empty();
        }
    }

    private static String difference(StructType was, StructType is) {
        List<String> texts = new ArrayList<>();
        for (StructField field : is) {
            if (was.indexOf(field.name()).isEmpty()) {
                texts.add("'" + field.name() + "' (" + field.dataType().simpleString() + ") is new");
            } else if (!TableSchema.sameShape(was.apply(field.name()).dataType(), field.dataType())) {
                texts.add("'" + field.name() + "' is "
                        + field.dataType().simpleString() + ", was "
                        + was.apply(field.name()).dataType().simpleString());
            }
        }
        for (StructField field : was) {
            if (is.indexOf(field.name()).isEmpty()) {
                texts.add("'" + field.name() + "' is gone");
            }
        }
        return texts.isEmpty()
                ? "their order, their partitioning or what they are called in files"
                : String.join(", ", texts);
    }
}
