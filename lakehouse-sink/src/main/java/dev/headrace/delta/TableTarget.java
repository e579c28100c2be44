package dev.headrace.delta;

import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitInfo;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.errors.QueryException;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A table that is being written: remembers, from batch to batch, the version to commit on.
///
/// So a batch that nobody else disturbs reads nothing of the log. Used by one thread, but for task writers.
final class TableTarget implements AutoCloseable {
    private final Path table;
    private final TableLog log;
    private WriteRequest request;
    private final ParquetWriteOptions options;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private final ZoneId zone;
    private final Checkpoints checkpoints;
    private WriteBase base;
    private RenamedColumns renamed = new RenamedColumns(Map.of());
    private @Nullable TableMetadata toWrite;
    private @Nullable TableSnapshot snapshot;

    TableTarget(
            Path table,
            TableLog log,
            WriteRequest request,
            ParquetWriteOptions options,
            Clock clock,
            Supplier<UUID> ids) {
        this(table, log, request, options, clock, ids, ZoneOffset.UTC);
    }

    /// Looks at the table, and checks that the rows fit.
    ///
    /// @param zone in which the table's rules read times
    ///
    /// @throws QueryException if they don't, or the table uses features of Delta that Headrace doesn't know
    TableTarget(
            Path table,
            TableLog log,
            WriteRequest request,
            ParquetWriteOptions options,
            Clock clock,
            Supplier<UUID> ids,
            ZoneId zone) {
        this.zone = zone;
        this.table = table;
        this.log = log;
        this.request = request;
        this.options = options;
        this.clock = clock;
        this.ids = ids;
        this.checkpoints = new Checkpoints(log, clock);
        this.base = reload();
    }

    Path table() {
        return table;
    }

    TableLog log() {
        return log;
    }

    WriteRequest request() {
        return request;
    }

    ParquetWriteOptions options() {
        return options;
    }

    WriteBase base() {
        return base;
    }

    ZoneId zone() {
        return zone;
    }

    long now() {
        return clock.millis();
    }

    UUID newId() {
        return ids.get();
    }

    /// Reads the newest version, whatever was known before.
    ///
    /// @throws QueryException as the constructor does
    WriteBase reload() {
        Optional<TableSnapshot> latest = log.latest();
        snapshot = latest.orElse(null);
        toWrite = null;
        base = latest.map(this::baseOf).orElseGet(this::newTable);
        boolean anyRowsFit = request.kind() == WriteKind.CHANGE
                || request.kind() == WriteKind.COMPACT
                || (base.exists() && isLeft());
        if (!anyRowsFit) {
            TableSchema.fit(table.toString(), metadataToWrite(), request.rows());
        }
        return base;
    }

    /// Whoever decides whether there is a table asks this target: another look at the log might find another answer.
    ///
    /// @throws QueryException `DELTA_TABLE_EXISTS` if there is a table, and the write is to make it
    void checkMayBeWritten() {
        if (base.exists() && request.kind() == WriteKind.CREATE) {
            throw DeltaErrors.tableExists(table);
        }
    }

    /// Whether the table, which there is, is left as it is, whatever the rows.
    private boolean isLeft() {
        return request.kind() == WriteKind.CREATE || request.kind() == WriteKind.CREATE_OR_IGNORE;
    }

    private WriteBase baseOf(TableSnapshot latest) {
        WriteBase found = new WriteBase(latest.version(), latest.metadata(), latest.protocol(), Optional.empty());
        if (isLeft()) {
            return found;
        }
        TableFeatures.checkWritable(table.toString(), latest);
        if (request.kind() == WriteKind.CHANGE || request.kind() == WriteKind.COMPACT) {
            TableFeatures.checkReadable(table.toString(), latest);
        }
        if (request.kind() == WriteKind.OVERWRITE
                || request.kind() == WriteKind.OVERWRITE_PARTITIONS
                || request.kind() == WriteKind.CHANGE) {
            TableFeatures.checkRemovable(table.toString(), latest.metadata());
        }
        checkPartitioning(latest.metadata());
        return found;
    }

    private WriteBase newTable() {
        TableMetadata metadata =
                ColumnMapping.assigned(asNew(ids.get().toString(), OptionalLong.of(clock.millis())), false, ids);
        Protocol protocol = TableFeatures.upgraded(Protocol.BASIC, metadata);
        return new WriteBase(Commit.NO_TABLE, metadata, protocol, Optional.of(List.of()));
    }

    /// What the write makes of a table, of which nothing stays.
    private TableMetadata asNew(String id, OptionalLong createdTimeMillis) {
        StructType schema = TableSchema.forNewTable(table.toString(), request.rows());
        TableAlteration.checkSettable(table, request.properties().keySet());
        return new TableMetadata(
                        id,
                        Optional.empty(),
                        Optional.empty(),
                        schema,
                        TableSchema.partitionColumns(table.toString(), schema, request.partitionBy()),
                        Map.of(),
                        createdTimeMillis)
                .withConfiguration(request.properties());
    }

    private void checkPartitioning(TableMetadata metadata) {
        List<String> named = request.partitionBy();
        boolean same = named.size() == metadata.partitionColumns().size();
        for (int i = 0; same && i < named.size(); i++) {
            same = named.get(i).equalsIgnoreCase(metadata.partitionColumns().get(i));
        }
        boolean fixed = request.schemaChange() == SchemaChange.NONE || request.schemaChange() == SchemaChange.MERGE;
        if (!same && !named.isEmpty() && fixed) {
            throw new QueryException(
                    "DELTA_PARTITIONING_MISMATCH",
                    table + ": the write says partitionBy(" + String.join(", ", named)
                            + "), but the table is partitioned by ("
                            + String.join(", ", metadata.partitionColumns())
                            + "). Leave partitionBy out, or write with "
                            + "mode(\"overwrite\") and option(\"overwriteSchema\", true).");
        }
    }

    /// Says that the rows of the next writes have other columns than those before.
    ///
    /// @param rows all columns of the rows
    /// @param names columns of the table that get other names with the next write
    void expect(StructType rows, RenamedColumns names) {
        if (rows.equals(request.rows()) && names.equals(renamed)) {
            return;
        }
        renamed = names;
        request = request.withRows(rows);
        toWrite = null;
        if (!base.exists()) {
            base = newTable();
        }
    }

    /// What the table will be once the write is committed: what it is, unless the write replaces the schema.
    TableMetadata metadataToWrite() {
        // New columns get random names for files: the same ones as long as the base is the same.
        if (toWrite == null) {
            toWrite = changedMetadata();
        }
        return toWrite;
    }

    private TableMetadata changedMetadata() {
        if (!base.exists()) {
            return base.metadata();
        }
        TableMetadata old = renamed.applied(table, base.metadata());
        return switch (request.schemaChange()) {
            case NONE -> old;
            case MERGE ->
                withColumns(old, TableSchema.merged(table.toString(), old, request.rows()), old.partitionColumns());
            case OVERWRITE -> {
                if (request.kind() != WriteKind.OVERWRITE) {
                    yield old;
                }
                StructType schema = TableSchema.forNewTable(table.toString(), request.rows());
                yield withColumns(
                        withProperties(old),
                        schema,
                        TableSchema.partitionColumns(table.toString(), schema, request.partitionBy()));
            }
            case REPLACE -> {
                TableMetadata anew = ColumnMapping.assigned(
                        ColumnMapping.reusing(old, asNew(old.id(), old.createdTimeMillis())), false, ids);
                TableFeatures.checkTypes(table.toString(), base.protocol(), anew.schema());
                yield anew;
            }
        };
    }

    /// With the properties that the write names; the others stay.
    private TableMetadata withProperties(TableMetadata old) {
        TableAlteration.checkSettable(table, request.properties().keySet());
        Map<String, String> all = new LinkedHashMap<>(old.configuration());
        all.putAll(request.properties());
        TableAlteration.checkMapping(table, old, all);
        return old.withConfiguration(all);
    }

    private TableMetadata withColumns(TableMetadata old, StructType schema, List<String> partitionColumns) {
        TableFeatures.checkTypes(table.toString(), base.protocol(), schema);
        TableMetadata changed = new TableMetadata(
                old.id(),
                old.name(),
                old.description(),
                schema,
                partitionColumns,
                old.configuration(),
                old.createdTimeMillis());
        boolean same = schema.equals(old.schema())
                && old.configuration().equals(base.metadata().configuration());
        return same ? changed : ColumnMapping.assigned(ColumnMapping.reusing(old, changed), false, ids);
    }

    /// The last batch of an application in the version that [#reload] has read.
    OptionalLong lastTransaction(String appId) {
        return snapshot == null ? OptionalLong.empty() : snapshot.lastTransaction(appId);
    }

    /// All files in the version to commit on.
    List<AddFile> currentFiles() {
        return base.files().orElseGet(() -> snapshotOfBase().files(FileFilter.everything()));
    }

    private TableSnapshot snapshotOfBase() {
        if (snapshot == null || snapshot.version() != base.version()) {
            snapshot = log.atVersion(base.version());
        }
        return snapshot;
    }

    /// Told what a write of ours has made of the table.
    void committed(WriteBase next) {
        base = next;
        snapshot = null;
        toWrite = null;
        checkpoints.committed(
                next.version(),
                next.metadata().checkpointInterval(),
                next.metadata().logRetention());
    }

    /// Begins a write on the version that is known.
    ///
    /// @param transaction which batch of which application it is, if it is one
    /// @param info for the commit: who writes, and how
    TableWrite begin(Optional<SetTransaction> transaction, CommitInfo info) {
        return new TableWrite(this, transaction, info);
    }

    @Override
    public void close() {
        checkpoints.close();
    }
}
