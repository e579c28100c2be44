package dev.headrace.delta;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.Protocol;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.UnavailableException;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.sql.Statement;
import dev.headrace.sql.TableStatement;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Makes a table without rows, or makes one anew.
record TableCreation(Session session, String path, TableStatement.Create create) {
    void run() {
        Path directory = TablePaths.of(path);
        boolean replaces = create.ifExists() == Statement.Exists.REPLACE;
        WriteRequest request = new WriteRequest(
                create.schema(),
                create.partitionColumns(),
                replaces ? WriteKind.OVERWRITE : WriteKind.CREATE,
                replaces ? SchemaChange.OVERWRITE : SchemaChange.NONE);
        try (TableTarget target = new TableTarget(
                directory,
                ChosenLog.open(directory),
                request,
                ParquetWriteOptions.DEFAULT,
                Frames.runtime(session).clock(),
                UUID::randomUUID)) {
            if (target.base().exists() && create.ifExists() == Statement.Exists.KEEP) {
                return;
            }
            target.checkMayBeWritten();
            commit(target);
        }
    }

    private void commit(TableTarget target) {
        WriteBase base = target.base();
        TableMetadata metadata = metadata(target);
        Protocol protocol = TableFeatures.upgraded(base.protocol(), metadata);
        List<Action> actions = new ArrayList<>();
        if (!base.exists() || !protocol.equals(base.protocol())) {
            actions.add(protocol);
        }
        actions.add(metadata);
        long now = target.now();
        for (AddFile file : target.currentFiles()) {
            actions.add(file.remove(now));
        }
        String operation = base.exists() ? "REPLACE TABLE" : "CREATE TABLE";
        Map<String, String> parameters =
                Map.of("partitionBy", create.partitionColumns().toString());
        CommitOutcome outcome = target.log()
                .commit(new Commit(
                        base.version(),
                        new ReadSet.WholeTable(),
                        Operations.on(base, operation, parameters, target),
                        actions));
        if (!(outcome instanceof CommitOutcome.Committed)) {
            throw new UnavailableException(
                    "DELTA_CONCURRENT_CHANGE",
                    target.table() + ": another writer made or changed the table while " + operation
                            + " was at it. Nothing was committed; look at the table, then run it again.");
        }
    }

    private TableMetadata metadata(TableTarget target) {
        String table = target.table().toString();
        TableSchema.forNewTable(table, create.schema());
        StructType schema = create.schema();
        Map<String, String> properties = new LinkedHashMap<>(create.properties());
        TableAlteration.checkSettable(target.table(), properties.keySet());
        TableMetadata metadata = new TableMetadata(
                        target.newId().toString(),
                        Optional.empty(),
                        Optional.empty(),
                        schema,
                        TableSchema.partitionColumns(table, schema, create.partitionColumns()),
                        Map.of(),
                        OptionalLong.of(target.now()))
                .withConfiguration(properties);
        IdentityColumn.check(target.table(), metadata);
        RowRules.of(target.table(), metadata, java.time.ZoneOffset.UTC);
        return ColumnMapping.assigned(metadata, false, target::newId);
    }
}
