package dev.headrace.delta;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.delta.ChangeFeedFiles.Type;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddChangeFile;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.PartitionValue;
import dev.headrace.delta.log.RemoveFile;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.QueryException;
import dev.headrace.parquet.ParquetColumn;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetScan;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The change data feed of a table: which rows each version changed, as the table's columns and `_change_type`,
/// `_commit_version`, `_commit_timestamp`.
///
/// A version that names change files is what they say. Any other one of a table with a feed only added or removed whole
/// files: their rows are inserts or deletes. So they are, if that is asked for, where the table has no feed: a row that
/// was copied from one file to another goes and comes again.
///
/// @param metadata whose columns the rows have
/// @param derives whether versions without a feed count
record ChangeFeed(Path table, TableMetadata metadata, boolean derives, ZoneId zone, ParquetFooters footers) {
    private static final StructField VERSION = new StructField("_commit_version", DataTypes.LongType, true);
    private static final StructField TIMESTAMP = new StructField("_commit_timestamp", DataTypes.TimestampType, true);
    private static final String PROPERTY = "delta.enableChangeDataFeed";

    StructType schema() {
        return metadata.schema().add(ChangeFeedFiles.TYPE).add(VERSION).add(TIMESTAMP);
    }

    /// Checks that the changes of a version can be told.
    ///
    /// @param at what the table was in that version
    /// @throws QueryException `DELTA_CHANGE_FEED_DISABLED`, `DELTA_CHANGE_FEED_SCHEMA_CHANGED`
    void check(TableMetadata at, long version) {
        checkEnabled(at, version);
        EarlierFiles.obstacle(at, metadata).ifPresent(obstacle -> {
            throw new QueryException(
                    "DELTA_CHANGE_FEED_SCHEMA_CHANGED",
                    table + ": version " + version + " of the table " + obstacle
                            + ", so its changes can't be told as rows that the table has now. Read from a later version"
                            + " on.");
        });
    }

    private void checkEnabled(TableMetadata at, long version) {
        if (!derives && !at.enabled(PROPERTY)) {
            throw new QueryException(
                    "DELTA_CHANGE_FEED_DISABLED",
                    table + ": the table has no change data feed in version " + version + ". Set its property "
                            + PROPERTY
                            + "=true and read from a later version on, or set option(\"deriveChanges\", true):"
                            + " rows that a commit has copied into other files are deleted and inserted again then.");
        }
    }

    /// The files that tell what a version changed.
    ///
    /// @throws QueryException `DELTA_CHANGE_FEED_DISABLED`, `DELTA_CHANGE_FEED_SCHEMA_CHANGED`,
    ///     `DELTA_UNSUPPORTED_FEATURE`
    List<FeedFile> of(long version, List<Action> commit) {
        long timestamp = 0;
        List<FeedFile> noted = new ArrayList<>();
        List<FeedFile> derived = new ArrayList<>();
        for (Action action : commit) {
            if (action instanceof CommitInfo info) {
                timestamp = info.timestampMillis();
            } else if (action instanceof TableMetadata changed) {
                check(changed, version);
            }
        }
        for (Action action : commit) {
            switch (action) {
                case AddChangeFile(String path, Map<String, @Nullable String> values, long size) ->
                    noted.add(new FeedFile(
                            new AddFile(path, values, size, 0, false, Optional.empty(), Optional.empty()),
                            Optional.empty(),
                            version,
                            timestamp));
                case AddFile add when add.dataChange() ->
                    derived.add(new FeedFile(add, Optional.of(Type.INSERT.text()), version, timestamp));
                case RemoveFile remove when remove.dataChange() ->
                    derived.add(new FeedFile(
                            new AddFile(
                                    remove.path(),
                                    remove.partitionValues(),
                                    remove.size(),
                                    0,
                                    false,
                                    Optional.empty(),
                                    remove.deletionVector()),
                            Optional.of(Type.DELETE.text()),
                            version,
                            timestamp));
                case Action _ -> {}
            }
        }
        return noted.isEmpty() ? inOrder(version, derived) : noted;
    }

    /// Where rows go and come again, they go first.
    private List<FeedFile> inOrder(long version, List<FeedFile> derived) {
        if (!derives) {
            return checked(version, derived);
        }
        List<FeedFile> ordered = new ArrayList<>(derived);
        ordered.sort(Comparator.comparing(file -> file.type().equals(Optional.of(Type.INSERT.text()))));
        return ordered;
    }

    private List<FeedFile> checked(long version, List<FeedFile> derived) {
        Set<String> paths = new HashSet<>();
        for (FeedFile file : derived) {
            if (!paths.add(file.file().path())) {
                throw new QueryException(
                        "DELTA_UNSUPPORTED_FEATURE",
                        table + ": version " + version + " changed the deletion vector of '"
                                + file.file().path()
                                + "' without change files, which Headrace can't tell the changed rows from. Read from a later"
                                + " version on, or set option(\"deriveChanges\", true).");
            }
        }
        return derived;
    }

    /// The parts of a file.
    List<Split> splits(FeedFile feed, ScanRequest request) {
        AddFile file = feed.file();
        List<ParquetColumn> columns = new ArrayList<>();
        for (ScanColumn column : request.columns()) {
            if (!(column instanceof ScanColumn.Stored(int ordinal, StructField field))) {
                throw new IllegalArgumentException("a Delta table decodes no payloads: " + column.field());
            }
            columns.add(column(feed, ordinal, field));
        }
        Split rows = split(file, columns);
        if (file.deletionVector().isPresent()) {
            columns.add(new ParquetColumn.RowPosition(TableVersion.ROW));
            rows = new RowsLeft(
                    split(file, columns),
                    DeletionVectors.read(table, file.deletionVector().get()));
        }
        return List.of(ColumnMapping.isMapped(metadata) ? new Renamed(rows, request.outputSchema()) : rows);
    }

    private Split split(AddFile file, List<ParquetColumn> columns) {
        ParquetScan scan = new ParquetScan(columns, List.of(), schema(), Set.of(), true);
        return new DeltaSplit(table, DataFile.resolve(table, file.path()), scan, 0, Integer.MAX_VALUE, 0, footers);
    }

    private ParquetColumn column(FeedFile feed, int ordinal, StructField field) {
        int ofTable = metadata.schema().size();
        return switch (ordinal - ofTable) {
            case 0 ->
                feed.type()
                        .<ParquetColumn>map(type -> constant(field, Slice.utf8(type)))
                        .orElseGet(() -> new ParquetColumn.Stored(field));
            case 1 -> constant(field, feed.version());
            case 2 -> constant(field, feed.timestampMillis() * 1_000);
            default -> {
                StructField column = metadata.schema().field(ordinal);
                String name = ColumnMapping.inFiles(metadata).field(ordinal).name();
                yield metadata.partitionColumns().contains(column.name())
                        ? constant(
                                field,
                                PartitionValue.read(
                                        feed.file().partitionValues().get(name), field.dataType(), name, zone))
                        : new ParquetColumn.Stored(ColumnMapping.inFiles(metadata, field, column));
            }
        };
    }

    private static ParquetColumn constant(StructField field, @Nullable Object value) {
        return new ParquetColumn.Constant(field, new Scalar(value, field.dataType()));
    }
}
