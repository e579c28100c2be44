package dev.headrace.delta;

import dev.headrace.connector.BatchTable;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.DiscardedBatch;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamingSink;
import dev.headrace.connector.Table;
import dev.headrace.delta.log.SetTransaction;
import dev.headrace.delta.log.TableFeatures;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FileOutput;
import dev.headrace.parquet.ParquetCodec;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `format("delta")`: Delta tables on the local disk.
///
/// | for | option | meaning |
/// | --- | --- | --- |
/// | reads | `versionAsOf`, `timestampAsOf` | an earlier version of the table |
/// | reads | `readChangeFeed`, `startingVersion`, `startingTimestamp`, `endingVersion`, `endingTimestamp` | what was changed |
/// | streams | `readChangeFeed` | a stream of changes, not of added rows |
/// | reads and streams | `deriveChanges` | changes that no feed tells, from the files that commits add and remove |
/// | streams | `endingVersion`, `endingTimestamp` | what comes later does not count |
/// | streams | `startingVersion`, `startingTimestamp` | where to begin; else with all rows there are |
/// | streams | `maxFilesPerTrigger`, `maxBytesPerTrigger` | how much a batch takes; 1000 files |
/// | streams | `skipChangeCommits`, `ignoreChanges`, `ignoreDeletes` | what to do about removed rows; else an error |
/// | streams | `withEventTimeOrder` | the first rows come in the order of the watermark's column |
/// | streams | `failOnDataLoss` | whether versions that were cleaned up are an error; yes |
/// | writes | `compression` | of the data files: `zstd` (default), `snappy`, `lz4_raw`, `gzip` or `none` |
/// | `applyChanges` | `goneColumns` | what becomes of columns that changed rows lack: `keep`, `ignore`, `fail` |
/// | `applyChanges` | `ignoreNewColumns` | fields of changed rows that the query does not know are left out |
/// | `applyChanges` | `tombstoneRetentionSeconds` | how long deletions are remembered; 7 days |
/// | writes | `mergeSchema` | columns that the table lacks are added to it |
/// | writes | `partitionOverwriteMode` | `dynamic`: an overwrite replaces only partitions that get rows |
/// | writes | `replaceWhere` | an overwrite replaces the rows for which this is true, by such rows |
/// | writes | `overwriteSchema` | an overwrite may change the table's schema and partitioning |
/// | writes | `autoCompact` | small files are put together after the commit; streams do unless it is `false` |
/// | writes | `optimizeWrite` | taken, without effect: a task writes one file for each partition |
/// | writes | `maxRecordsPerFile` | how many rows a data file gets at most; else what the session says |
/// | writes | `delta.…`, `comment` | properties, and the description, of a table that the write creates |
/// | writes | `txnAppId`, `txnVersion` | makes the write number `txnVersion` of an application, which the table holds once |
public final class DeltaConnector
        implements Connector.BatchReadable,
                Connector.BatchWritable,
                Connector.StreamReadable,
                Connector.StreamWritable,
                Connector.ChangeWritable {
    private static final Logger LOG = LoggerFactory.getLogger(DeltaConnector.class);
    private static final String COMPRESSION = "compression";
    private static final String MERGE_SCHEMA = "mergeSchema";
    private static final String PARTITION_OVERWRITE_MODE = "partitionOverwriteMode";
    private static final String REPLACE_WHERE = "replaceWhere";
    private static final String OVERWRITE_SCHEMA = "overwriteSchema";
    private static final String IGNORE_NEW_COLUMNS = "ignoreNewColumns";
    private static final String GONE_COLUMNS = "goneColumns";
    private static final String TOMBSTONE_RETENTION = "tombstoneRetentionSeconds";
    private static final long DEFAULT_RETENTION_SECONDS = Duration.ofDays(7).toSeconds();
    private static final String OPTIMIZE_WRITE = "optimizeWrite";
    private static final String APPLICATION = "txnAppId";
    private static final String APPLICATION_VERSION = "txnVersion";

    private final Clock clock;
    private final Supplier<UUID> ids;
    private final ParquetFooters footers = new ParquetFooters();

    /// For [java.util.ServiceLoader].
    public DeltaConnector() {
        this(Clock.systemUTC(), UUID::randomUUID);
    }

    DeltaConnector(Clock clock, Supplier<UUID> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public String format() {
        return "delta";
    }

    @Override
    public Table openTable(ConnectorOptions options) {
        options.checkKnown(List.of(
                TimeTravel.VERSION,
                TimeTravel.TIMESTAMP,
                SourceOptions.READ_CHANGE_FEED,
                SourceOptions.STARTING_VERSION,
                SourceOptions.STARTING_TIMESTAMP,
                SourceOptions.ENDING_VERSION,
                SourceOptions.ENDING_TIMESTAMP,
                SourceOptions.DERIVE_CHANGES));
        Path path = path(options);
        if (options.schema().isPresent()) {
            throw schemaGiven(path);
        }
        TableLog log = ChosenLog.open(path);
        if (options.flag(SourceOptions.READ_CHANGE_FEED, false)) {
            return ChangeFeedTable.open(path, log, options, footers);
        }
        return new TableVersion(
                path, TimeTravel.snapshot(path, log, options), options.session().zone(), footers);
    }

    @Override
    public Optional<BatchTable> openVersion(ConnectorOptions options, String version) {
        Map<String, String> earlier = new LinkedHashMap<>(options.options());
        earlier.put(TimeTravel.VERSION, version);
        return Optional.of((BatchTable) openTable(new ConnectorOptions(
                format(), earlier, options.schema(), options.paths(), options.partitionColumns(), options.session())));
    }

    @Override
    public Optional<BatchTable> readBack(ConnectorOptions options) {
        ConnectorOptions plain = new ConnectorOptions(
                format(), Map.of(), Optional.empty(), options.paths(), List.of(), options.session());
        return Files.isDirectory(path(plain).resolve("_delta_log"))
                ? Optional.of((BatchTable) openTable(plain))
                : Optional.empty();
    }

    @Override
    public StreamTable openStream(ConnectorOptions options) {
        options.checkKnown(SourceOptions.NAMES);
        Path path = path(options);
        if (options.schema().isPresent()) {
            throw schemaGiven(path);
        }
        TableLog log = ChosenLog.open(path);
        TableSnapshot now = log.latest().orElseThrow(() -> DeltaErrors.tableNotFound(path));
        TableFeatures.checkReadable(path.toString(), now);
        return new DeltaStreamTable(
                path,
                log,
                now,
                SourceOptions.of(options),
                OptionalInt.empty(),
                options.session().zone(),
                footers);
    }

    private static QueryException schemaGiven(Path path) {
        return new QueryException(
                "DELTA_SCHEMA_GIVEN",
                path + ": a Delta table knows its schema. Leave schema(…) out, and cast columns after the read.");
    }

    @Override
    public SinkBatch beginWrite(ConnectorOptions given, SaveMode mode, StructType schema) {
        Map<String, String> properties = propertiesOf(given);
        ConnectorOptions options = withoutProperties(given);
        given.properties().ifPresent(properties::putAll);
        options.checkKnown(List.of(
                COMPRESSION,
                MERGE_SCHEMA,
                OVERWRITE_SCHEMA,
                PARTITION_OVERWRITE_MODE,
                REPLACE_WHERE,
                AutoCompaction.OPTION,
                OPTIMIZE_WRITE,
                FileOutput.MAX_RECORDS,
                APPLICATION,
                APPLICATION_VERSION));
        AutoCompaction compaction = AutoCompaction.of(options, false);
        Path path = path(options);
        Optional<SetTransaction> transaction = transaction(options);
        TableTarget target = new TableTarget(
                path,
                ChosenLog.open(path),
                request(options, mode, schema)
                        .withProperties(properties)
                        .withMostFileRows(FileOutput.mostRows(options)),
                fileOptions(options),
                clock,
                ids,
                options.session().zone());
        try {
            target.checkMayBeWritten();
        } catch (QueryException exists) {
            target.close();
            throw exists;
        }
        boolean leaves = mode == SaveMode.IGNORE && target.base().exists();
        if (leaves || (transaction.isPresent() && isHeld(target, transaction.get()))) {
            target.close();
            return new DiscardedBatch();
        }
        Optional<String> condition = options.get(REPLACE_WHERE);
        if (condition.isPresent()) {
            return replaceWhere(target, condition.get(), transaction, options);
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("mode", nameOf(mode));
        parameters.put("partitionBy", options.partitionColumns().toString());
        TableWrite write = target.begin(transaction, Operations.info("WRITE", parameters, target));
        Compactor compactor = new Compactor(target, compaction, Map.of(), footers, System::nanoTime);
        return new DeltaBatchWrite(
                new CompactedWrite(write, target.request().kind(), compactor), target, Optional.of(compactor));
    }

    /// Options that are properties of a table that the write creates, as Delta takes them.
    private static Map<String, String> propertiesOf(ConnectorOptions options) {
        Map<String, String> properties = new LinkedHashMap<>();
        options.options().forEach((key, value) -> {
            if (isProperty(key)) {
                properties.put(isComment(key) ? TableMetadata.COMMENT : key, value);
            }
        });
        return properties;
    }

    private static boolean isProperty(String key) {
        return key.toLowerCase(Locale.ROOT).startsWith("delta.") || isComment(key);
    }

    private static boolean isComment(String key) {
        return key.equalsIgnoreCase(TableMetadata.COMMENT);
    }

    private static ConnectorOptions withoutProperties(ConnectorOptions options) {
        Map<String, String> left = new LinkedHashMap<>(options.options());
        left.keySet().removeIf(DeltaConnector::isProperty);
        return new ConnectorOptions(
                options.format(),
                left,
                options.schema(),
                options.paths(),
                options.partitionColumns(),
                options.buckets(),
                options.properties(),
                options.session());
    }

    private SinkBatch replaceWhere(
            TableTarget target, String condition, Optional<SetTransaction> transaction, ConnectorOptions options) {
        try {
            return new DeltaBatchWrite(
                    new ReplaceWhere(target, condition, transaction, options.session(), footers),
                    target,
                    Optional.empty());
        } catch (RuntimeException failed) {
            target.close();
            throw failed;
        }
    }

    /// A write that was made before must not be silent: the caller may have begun to count anew.
    private static boolean isHeld(TableTarget target, SetTransaction transaction) {
        OptionalLong last = target.lastTransaction(transaction.appId());
        if (last.isEmpty() || last.getAsLong() < transaction.version()) {
            return false;
        }
        LOG.warn(
                "{}: nothing is written, because the table holds write {} of '{}' already (its last is {}). If these are new"
                        + " rows, choose another {}.",
                target.table(),
                transaction.version(),
                transaction.appId(),
                last.getAsLong(),
                APPLICATION);
        return true;
    }

    private static WriteRequest request(ConnectorOptions options, SaveMode mode, StructType schema) {
        WriteKind kind = switch (mode) {
            case APPEND -> WriteKind.APPEND;
            case OVERWRITE -> WriteKind.OVERWRITE;
            case ERROR_IF_EXISTS -> WriteKind.CREATE;
            case IGNORE -> WriteKind.CREATE_OR_IGNORE;
        };
        boolean overwriteSchema = options.flag(OVERWRITE_SCHEMA, false);
        boolean partitionsOnly = isDynamic(options);
        if ((overwriteSchema || partitionsOnly) && kind != WriteKind.OVERWRITE) {
            throw new QueryException(
                    "CONFLICTING_OPTIONS",
                    "format(\"delta\") option '" + (overwriteSchema ? OVERWRITE_SCHEMA : PARTITION_OVERWRITE_MODE)
                            + "' needs mode(\"overwrite\").");
        }
        if (options.get(REPLACE_WHERE).isPresent()) {
            if (kind != WriteKind.OVERWRITE || overwriteSchema || partitionsOnly) {
                throw new QueryException(
                        "CONFLICTING_OPTIONS",
                        "format(\"delta\") option '" + REPLACE_WHERE + "' needs mode(\"overwrite\"), without '"
                                + OVERWRITE_SCHEMA + "' and '" + PARTITION_OVERWRITE_MODE + "'.");
            }
            return new WriteRequest(schema, options.partitionColumns(), WriteKind.CHANGE, schemaChange(options));
        }
        if (overwriteSchema && partitionsOnly) {
            throw new QueryException(
                    "CONFLICTING_OPTIONS",
                    "format(\"delta\") options '" + OVERWRITE_SCHEMA + "' and '" + PARTITION_OVERWRITE_MODE
                            + "' contradict each other: rows that stay can't get another schema.");
        }
        return new WriteRequest(
                schema,
                options.partitionColumns(),
                partitionsOnly ? WriteKind.OVERWRITE_PARTITIONS : kind,
                overwriteSchema ? overwritten(options) : schemaChange(options));
    }

    private static SchemaChange overwritten(ConnectorOptions options) {
        return options.properties().isPresent() ? SchemaChange.REPLACE : SchemaChange.OVERWRITE;
    }

    private static SchemaChange schemaChange(ConnectorOptions options) {
        return options.flag(MERGE_SCHEMA, false) ? SchemaChange.MERGE : SchemaChange.NONE;
    }

    private static NewColumns.Gone gone(ConnectorOptions options, ChangeLayout layout) {
        NewColumns.Gone gone = switch (options.get(GONE_COLUMNS, "keep").toLowerCase(Locale.ROOT)) {
            case "keep" -> NewColumns.Gone.KEEP;
            case "ignore" -> NewColumns.Gone.IGNORE;
            case "fail" -> NewColumns.Gone.FAIL;
            default -> throw options.invalid(GONE_COLUMNS, "keep, ignore or fail");
        };
        if (gone != NewColumns.Gone.KEEP && !layout.rescued()) {
            throw options.invalid(
                    GONE_COLUMNS,
                    "keep: which columns a changed row lacks is only known of what Debezium.json(…) or Debezium.avro(…)"
                            + " reads");
        }
        return gone;
    }

    private static boolean isDynamic(ConnectorOptions options) {
        return switch (options.get(PARTITION_OVERWRITE_MODE, "static").toLowerCase(Locale.ROOT)) {
            case "static" -> false;
            case "dynamic" -> true;
            default -> throw options.invalid(PARTITION_OVERWRITE_MODE, "static or dynamic");
        };
    }

    private static ParquetWriteOptions fileOptions(ConnectorOptions options) {
        Optional<String> codec = options.get(COMPRESSION);
        return codec.isEmpty()
                ? ParquetWriteOptions.DEFAULT
                : ParquetWriteOptions.DEFAULT.withCodec(ParquetCodec.named(codec.get())
                        .orElseThrow(() -> options.invalid(COMPRESSION, "zstd, snappy, lz4_raw, gzip or none")));
    }

    private Optional<SetTransaction> transaction(ConnectorOptions options) {
        Optional<String> application = options.get(APPLICATION);
        Optional<Long> version = options.number(APPLICATION_VERSION);
        if (application.isPresent() != version.isPresent()) {
            throw new QueryException(
                    "CONFLICTING_OPTIONS",
                    "format(\"delta\") needs both options '" + APPLICATION + "' and '" + APPLICATION_VERSION
                            + "', or neither.");
        }
        return application.map(id -> new SetTransaction(id, version.orElseThrow(), clock.millis()));
    }

    private static String nameOf(SaveMode mode) {
        return switch (mode) {
            case APPEND -> "Append";
            case OVERWRITE -> "Overwrite";
            case ERROR_IF_EXISTS -> "ErrorIfExists";
            case IGNORE -> "Ignore";
        };
    }

    @Override
    public StreamingSink openSink(ConnectorOptions options, StreamWriteRequest query) {
        Map<String, String> properties = propertiesOf(options);
        withoutProperties(options)
                .checkKnown(List.of(
                        COMPRESSION, MERGE_SCHEMA, AutoCompaction.OPTION, OPTIMIZE_WRITE, FileOutput.MAX_RECORDS));
        AutoCompaction compaction = AutoCompaction.of(options, true);
        Path path = path(options);
        WriteKind kind = switch (query.outputMode()) {
            case APPEND -> WriteKind.APPEND;
            case COMPLETE -> WriteKind.OVERWRITE;
            case UPDATE ->
                throw new QueryException(
                        "DELTA_UNSUPPORTED_OUTPUT_MODE",
                        path + ": a Delta table takes outputMode(\"append\") or outputMode(\"complete\"), not "
                                + "\"update\": it has no keys by which rows could be replaced.");
        };
        WriteRequest request = new WriteRequest(query.schema(), options.partitionColumns(), kind, schemaChange(options))
                .withProperties(properties)
                .withMostFileRows(FileOutput.mostRows(options));
        TableTarget target = new TableTarget(
                path,
                ChosenLog.open(path),
                request,
                fileOptions(options),
                clock,
                ids,
                options.session().zone());
        Compactor compactor =
                new Compactor(target, compaction, Map.of("queryId", query.queryId()), footers, System::nanoTime);
        return new DeltaStreamingSink(target, query, compactor);
    }

    @Override
    public StreamingSink openChangeSink(ConnectorOptions options, StreamWriteRequest query, ChangeLayout layout) {
        Map<String, String> properties = propertiesOf(options);
        withoutProperties(options)
                .checkKnown(List.of(
                        COMPRESSION,
                        GONE_COLUMNS,
                        MERGE_SCHEMA,
                        IGNORE_NEW_COLUMNS,
                        TOMBSTONE_RETENTION,
                        AutoCompaction.OPTION,
                        OPTIMIZE_WRITE,
                        FileOutput.MAX_RECORDS));
        AutoCompaction compaction = AutoCompaction.of(options, true);
        Path path = path(options);
        if (query.outputMode() != StreamWriteRequest.OutputKind.APPEND) {
            throw new QueryException(
                    "DELTA_UNSUPPORTED_OUTPUT_MODE",
                    path + ": applyChanges(…) takes outputMode(\"append\"): each row of the stream is one change.");
        }
        NewColumns.Policy policy = schemaChange(options) == SchemaChange.MERGE
                ? NewColumns.Policy.ADD
                : options.flag(IGNORE_NEW_COLUMNS, false) ? NewColumns.Policy.IGNORE : NewColumns.Policy.REFUSE;
        NewColumns newColumns = new NewColumns(query.schema(), layout, policy, gone(options, layout));
        StructType rows = ChangeColumns.forNewTable(newColumns.schema(), layout);
        WriteRequest request = new WriteRequest(
                        rows, options.partitionColumns(), WriteKind.CHANGE, schemaChange(options))
                .withProperties(properties)
                .withMostFileRows(FileOutput.mostRows(options));
        Duration retention =
                Duration.ofSeconds(options.number(TOMBSTONE_RETENTION).orElse(DEFAULT_RETENTION_SECONDS));
        TableTarget target = new TableTarget(
                path,
                ChosenLog.open(path),
                request,
                fileOptions(options),
                clock,
                ids,
                options.session().zone());
        Compactor compactor =
                new Compactor(target, compaction, Map.of("queryId", query.queryId()), footers, System::nanoTime);
        try {
            return new ChangeSink(
                    target,
                    query,
                    layout,
                    options.session().zone(),
                    options.session().parallelism(),
                    retention,
                    newColumns,
                    compactor,
                    footers);
        } catch (RuntimeException failed) {
            target.close();
            throw failed;
        }
    }

    private static Path path(ConnectorOptions options) {
        return TablePaths.of(options.singlePath());
    }
}
