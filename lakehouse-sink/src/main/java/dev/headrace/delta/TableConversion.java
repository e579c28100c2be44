package dev.headrace.delta;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.Commit;
import dev.headrace.delta.log.CommitOutcome;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.delta.log.PartitionValue;
import dev.headrace.delta.log.ReadSet;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import dev.headrace.files.PartitionColumns;
import dev.headrace.parquet.ParquetFooter;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes a Delta table of a directory of Parquet files, by a first commit that names the files as they lie there.
///
/// @param partitionColumns what the directories named `key=value` are columns of, with their types
/// @param statistics whether to note what the files' footers say of their columns
record TableConversion(Session session, Path directory, List<StructField> partitionColumns, boolean statistics) {
    /// Does nothing if there is a Delta table already.
    ///
    /// @throws QueryException `DELTA_CONVERT_NO_FILES`, `DELTA_CONVERT_PARTITIONS`
    void run() {
        TableLog log = ChosenLog.open(directory);
        if (log.latest().isPresent()) {
            return;
        }
        List<InputFile> files = InputFiles.list(List.of(directory.toString()));
        if (files.isEmpty()) {
            throw new QueryException(
                    "DELTA_CONVERT_NO_FILES",
                    directory + ": CONVERT TO DELTA: there are no Parquet files in this directory. Check the path.");
        }
        checkPartitions(files);
        ZoneId zone = Frames.runtime(session).settings().zone();
        PartitionColumns partitions = PartitionColumns.of(files, Optional.of(new StructType(partitionColumns)), zone);
        StructType schema = schema(partitions);
        WriteRequest request =
                new WriteRequest(schema, partitions.schema().names(), WriteKind.CREATE, SchemaChange.NONE);
        try (TableTarget target = new TableTarget(
                directory,
                log,
                request,
                ParquetWriteOptions.DEFAULT,
                Frames.runtime(session).clock(),
                UUID::randomUUID,
                zone)) {
            if (!target.base().exists()) {
                commit(target, files, partitions);
            }
        }
    }

    private void checkPartitions(List<InputFile> files) {
        List<String> named = partitionColumns.stream().map(StructField::name).toList();
        List<String> found = List.copyOf(files.getFirst().partition().keySet());
        boolean same = named.size() == found.size();
        for (int i = 0; same && i < named.size(); i++) {
            same = named.get(i).equalsIgnoreCase(found.get(i));
        }
        if (!same) {
            throw new QueryException(
                    "DELTA_CONVERT_PARTITIONS",
                    directory + ": CONVERT TO DELTA: the directories say that the files are partitioned by "
                            + (found.isEmpty() ? "nothing" : String.join(", ", found)) + ", but the statement says "
                            + (named.isEmpty() ? "nothing" : String.join(", ", named))
                            + ". Say PARTITIONED BY (column type, …) with the directories' columns in their order.");
        }
    }

    private StructType schema(PartitionColumns partitions) {
        StructType all = session.read()
                .option("mergeSchema", true)
                .parquet(directory.toString())
                .schema();
        return partitions.tableSchema(all);
    }

    private void commit(TableTarget target, List<InputFile> files, PartitionColumns partitions) {
        WriteBase base = target.base();
        TableMetadata metadata = base.metadata();
        List<Action> actions = new ArrayList<>(List.of(base.protocol(), metadata));
        ParquetFooters footers = new ParquetFooters();
        for (InputFile file : files) {
            actions.add(add(file, metadata, partitions, footers));
        }
        Map<String, String> parameters = Map.of(
                "numFiles",
                Integer.toString(files.size()),
                "partitionedBy",
                partitions.schema().names().toString(),
                "collectStats",
                Boolean.toString(statistics));
        CommitOutcome outcome = target.log()
                .commit(new Commit(
                        base.version(),
                        new ReadSet.WholeTable(),
                        Operations.on(base, "CONVERT", parameters, target),
                        actions));
        if (!(outcome instanceof CommitOutcome.Committed(long version))) {
            throw new UnavailableException(
                    "DELTA_CONCURRENT_CHANGE",
                    directory
                            + ": another writer made a Delta table of this directory while CONVERT TO DELTA was at it."
                            + " Nothing was committed; look at the table.");
        }
        target.committed(new WriteBase(version, metadata, base.protocol(), Optional.empty()));
    }

    private AddFile add(InputFile file, TableMetadata metadata, PartitionColumns partitions, ParquetFooters footers) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (int column = 0; column < partitions.schema().size(); column++) {
            StructField field = partitions.schema().field(column);
            values.put(field.name(), PartitionValue.write(partitions.value(column, file), field.dataType()));
        }
        ParquetFooter footer = footers.of(file.path());
        FileStatistics known = new FileStatistics(OptionalLong.of(footer.rowCount()), Map.of());
        StructType columns = footer.schema();
        if (statistics) {
            known = WrittenStatistics.of(footer.statistics(file.bytes()), columns, metadata.indexedColumns());
        }
        String relative = directory
                .toAbsolutePath()
                .relativize(file.path().toAbsolutePath().normalize())
                .toString();
        return new AddFile(
                new DataFile(directory, relative).encodedPath(),
                values,
                file.bytes(),
                file.modifiedMillis(),
                true,
                Optional.of(known.json(columns)),
                Optional.empty());
    }
}
