package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.delta.log.TableLog;
import dev.headrace.delta.log.TableSnapshot;
import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FileOutput;
import dev.headrace.functions;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.sql.Statement;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Delta table whose rows are to be changed, with the methods of Delta's own class of this name.
///
/// ```java
/// DeltaTable orders = DeltaTable.forPath(session, "/data/orders");
/// orders.delete(col("status").equalTo("cancelled"));
/// orders.update(col("status").equalTo("paid"), Map.of("status", lit("shipped")));
/// ```
///
/// Each change is one commit, or none if it fails. Only files that can hold rows that match are read, and only those
/// that do are written anew. A change that meets another writer's commit goes behind it if that one touched nothing
/// that the change depends on; else it is done again on the new version, and given up after several such meetings with
/// [dev.headrace.errors.UnavailableException] `DELTA_CONCURRENT_CHANGE`, which says who did what.
///
/// Immutable. Every method looks at the newest version of the table.
public final class DeltaTable {
    private static final String RETENTION_CHECK = "spark.databricks.delta.retentionDurationCheck.enabled";
    private static final Pattern PARQUET = Pattern.compile("(?i)parquet\\.`([^`]+)`");
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final Session session;
    private final Path path;
    private final TableLog log;
    private final ParquetFooters footers;
    private final Optional<String> alias;

    private DeltaTable(Session session, Path path, TableLog log, ParquetFooters footers, Optional<String> alias) {
        this.session = session;
        this.path = path;
        this.log = log;
        this.footers = footers;
        this.alias = alias;
    }

    /// The table in a directory, for the active session.
    ///
    /// @throws QueryException `DELTA_TABLE_NOT_FOUND`
    public static DeltaTable forPath(String path) {
        return forPath(Session.active(), path);
    }

    /// The table in a directory.
    ///
    /// @throws QueryException `DELTA_TABLE_NOT_FOUND`
    public static DeltaTable forPath(Session session, String path) {
        Path directory = TablePaths.of(path);
        TableLog log = ChosenLog.open(directory);
        if (log.latest().isEmpty()) {
            throw DeltaErrors.tableNotFound(directory);
        }
        return new DeltaTable(session, directory, log, new ParquetFooters(), Optional.empty());
    }

    /// Whether there is a Delta table in a directory.
    public static boolean isDeltaTable(String path) {
        Path directory = TablePaths.of(path);
        return ChosenLog.open(directory).latest().isPresent();
    }

    /// Makes a Delta table of a directory of Parquet files, which stay as they are. Does nothing if it is one already.
    ///
    /// @param identifier `` parquet.`/path` ``
    /// @throws QueryException `DELTA_CONVERT_FORMAT`, `DELTA_CONVERT_NO_FILES`, `DELTA_CONVERT_PARTITIONS`
    public static DeltaTable convertToDelta(Session session, String identifier) {
        return convertToDelta(session, identifier, new StructType());
    }

    /// Makes a Delta table of a partitioned directory of Parquet files.
    ///
    /// @param partitionSchema the columns that directories are named by, in SQL, such as `day date, country string`
    public static DeltaTable convertToDelta(Session session, String identifier, String partitionSchema) {
        return convertToDelta(session, identifier, StructType.fromDDL(partitionSchema));
    }

    /// Makes a Delta table of a partitioned directory of Parquet files.
    public static DeltaTable convertToDelta(Session session, String identifier, StructType partitionSchema) {
        Matcher path = PARQUET.matcher(identifier);
        if (!path.matches()) {
            throw new QueryException(
                    "DELTA_CONVERT_FORMAT",
                    "convertToDelta(\"" + identifier + "\"): expected a directory of Parquet files, such as"
                            + " parquet.`/data/orders`.");
        }
        Path directory = TablePaths.of(path.group(1));
        new TableConversion(session, directory, partitionSchema.fieldList(), true).run();
        return forPath(session, directory.toString());
    }

    /// The same table under a name, for columns such as `orders.id` in conditions and values.
    public DeltaTable as(String name) {
        return new DeltaTable(session, path, log, footers, Optional.of(name));
    }

    public DeltaTable alias(String name) {
        return as(name);
    }

    /// The rows of the newest version.
    public DataFrame toDF() {
        TableVersion version = new TableVersion(
                path, latest(), Frames.runtime(session).settings().zone(), footers);
        DataFrame rows = Frames.of(session, version, "delta");
        return alias.map(rows::as).orElse(rows);
    }

    /// Removes the rows for which the condition is true.
    ///
    /// @throws dev.headrace.errors.QueryException if the condition can't be bound, `DELTA_APPEND_ONLY`,
    ///     `DELTA_UNSUPPORTED_FEATURE`
    public void delete(Column condition) {
        new RowUpdate(this, toDF(), Clause.delete(Optional.of(condition))).execute();
    }

    /// Removes the rows for which a condition in SQL is true.
    public void delete(String condition) {
        delete(functions.expr(condition));
    }

    /// Removes all rows, without reading any.
    public void delete() {
        new RowUpdate(this, toDF(), Clause.delete(Optional.empty())).execute();
    }

    /// Sets columns in all rows.
    ///
    /// @param set for names of columns, what they become: expressions over the row as it was
    public void update(Map<String, Column> set) {
        update(Optional.empty(), set);
    }

    /// Sets columns in the rows for which the condition is true.
    ///
    /// @param set for names of columns, what they become: expressions over the row as it was
    /// @throws QueryException `DELTA_MERGE_UNRESOLVED_COLUMN` for a name that is not a column
    public void update(Column condition, Map<String, Column> set) {
        update(Optional.of(condition), set);
    }

    /// Sets columns in all rows.
    ///
    /// @param set for names of columns, expressions in SQL over the row as it was
    public void updateExpr(Map<String, String> set) {
        update(Clause.expressions(set));
    }

    /// Sets columns in the rows for which a condition in SQL is true.
    ///
    /// @param set for names of columns, expressions in SQL over the row as it was
    public void updateExpr(String condition, Map<String, String> set) {
        update(functions.expr(condition), Clause.expressions(set));
    }

    private void update(Optional<Column> condition, Map<String, Column> set) {
        Clause clause = new Clause(Clause.Kind.UPDATE, condition, new Clause.Values.Some(set));
        new RowUpdate(this, toDF(), clause).execute();
    }

    /// Begins a merge of other rows into this table.
    ///
    /// @param source the other rows; read once, and held in memory until the merge is over
    /// @param condition which row of the source and which row of the table are partners
    public DeltaMergeBuilder merge(DataFrame source, Column condition) {
        return new DeltaMergeBuilder(
                new Merge(this, toDF(), source, condition, List.of(), List.of(), List.of(), false));
    }

    /// Begins a merge of other rows into this table.
    ///
    /// @param condition in SQL
    public DeltaMergeBuilder merge(DataFrame source, String condition) {
        return merge(source, functions.expr(condition));
    }

    List<String> partitionColumns() {
        return latest().metadata().partitionColumns();
    }

    Session session() {
        return session;
    }

    ParquetFooters footers() {
        return footers;
    }

    Path path() {
        return path;
    }

    TableLog log() {
        return log;
    }

    /// The versions of the table that the log still has, the newest first: who made them, when and how.
    ///
    /// @return `version`, `timestamp`, `operation`, `operationParameters`, `readVersion`, `isBlindAppend`,
    ///     `operationMetrics`, `engineInfo`
    public DataFrame history() {
        return history(Integer.MAX_VALUE);
    }

    /// The newest versions.
    ///
    /// @param limit how many at most
    public DataFrame history(int limit) {
        return new TableHistory(session, log).versions(latest(), limit);
    }

    /// One row about the table: its id, place, size, partitioning, properties and protocol.
    public DataFrame detail() {
        return new TableHistory(session, log).detail(latest());
    }

    /// Begins to put small files together.
    public DeltaOptimizeBuilder optimize() {
        return new DeltaOptimizeBuilder(this, Optional.empty());
    }

    /// Deletes files that no version needs that was the newest one within the time that the table's property
    /// `delta.deletedFileRetentionDuration` says, seven days if it says none.
    ///
    /// @return the files, in the column `path`
    public DataFrame vacuum() {
        return vacuum(retentionHours());
    }

    /// What [#vacuum()] would delete.
    DataFrame vacuumDryRun() {
        return vacuumDryRun(retentionHours());
    }

    private double retentionHours() {
        return latest().metadata().deletedFileRetention().toMillis() / MILLIS_PER_HOUR;
    }

    /// Deletes files that no version needs that was the newest one within a time. Earlier versions can't be read any
    /// more.
    ///
    /// @param retentionHours less than [#vacuum()] goes by only with the session's
    ///     `spark.databricks.delta.retentionDurationCheck.enabled=false`: a writer or reader that has been at work for longer
    ///     may need the files still
    /// @return the files, in the column `path`
    /// @throws QueryException `DELTA_VACUUM_RETENTION_TOO_SHORT`, `DELTA_VACUUM_LOG_TOO_SHORT`
    public DataFrame vacuum(double retentionHours) {
        return paths(Frames.runtime(session).runs().during(() -> {
            List<Path> files = unneeded(retentionHours);
            Vacuum.delete(files);
            return files;
        }));
    }

    /// What [#vacuum(double)] would delete.
    public DataFrame vacuumDryRun(double retentionHours) {
        return paths(Frames.runtime(session).runs().during(() -> unneeded(retentionHours)));
    }

    private List<Path> unneeded(double retentionHours) {
        boolean checks = !"false".equalsIgnoreCase(session.conf().get(RETENTION_CHECK, "true"));
        double least = checks ? retentionHours() : 0;
        if (retentionHours < least) {
            throw new QueryException(
                    "DELTA_VACUUM_RETENTION_TOO_SHORT",
                    path + ": vacuum with a retention of " + retentionHours
                            + " hours could delete files that a writer or"
                            + " reader needs still. Keep at least " + least
                            + " hours, or, if nobody works on"
                            + " the table for longer than that, set " + RETENTION_CHECK + " to false.");
        }
        Duration retention = Duration.ofMillis((long) (retentionHours * MILLIS_PER_HOUR));
        return new Vacuum(path, log, retention, Frames.runtime(session).clock().instant()).files();
    }

    private DataFrame paths(List<Path> files) {
        List<Row> rows =
                files.stream().map(file -> RowFactory.create(file.toString())).toList();
        return session.createDataFrame(rows, StructType.fromDDL("path string"));
    }

    /// Makes the table again what it was, in a new version.
    ///
    /// @throws QueryException `DELTA_NO_SUCH_VERSION`
    /// @throws dev.headrace.errors.DataException `DELTA_FILE_MISSING` if a vacuum has deleted a file of that version
    public DataFrame restoreToVersion(long version) {
        return restore(log.atVersion(version));
    }

    /// Makes the table again what it was at a time, in a new version.
    ///
    /// @param timestamp such as `2026-11-20 10:00:00`, in the session's time zone
    public DataFrame restoreToTimestamp(String timestamp) {
        return restore(log.atTime(instant("restoreToTimestamp", timestamp)));
    }

    private DataFrame restore(TableSnapshot then) {
        try (TableTarget target = open(WriteKind.CHANGE)) {
            Map<String, Long> done = new Restore(target, then).run();
            StructType columns = new StructType();
            for (String name : done.keySet()) {
                columns = columns.add(name, "bigint");
            }
            return session.createDataFrame(
                    List.of(RowFactory.create(done.values().toArray())), columns);
        }
    }

    /// Makes a table with the rows of this one.
    ///
    /// @param target its directory
    /// @param isShallow whether it names the files of this table, which must not be vacuumed away then, or has copies
    /// @throws QueryException `DELTA_TABLE_EXISTS`
    public DeltaTable clone(String target, boolean isShallow) {
        return clone(target, isShallow, false);
    }

    /// Makes a table with the rows of this one.
    ///
    /// @param replace whether to put it in the place of a table that is there
    public DeltaTable clone(String target, boolean isShallow, boolean replace) {
        return clone(target, isShallow, replace, Map.of());
    }

    /// Makes a table with the rows of this one.
    ///
    /// @param properties of the new table, beside those of this one
    public DeltaTable clone(String target, boolean isShallow, boolean replace, Map<String, String> properties) {
        return clone(target, OptionalLong.empty(), Optional.empty(), isShallow, replace, properties);
    }

    /// Makes a table with the rows of an earlier version of this one.
    ///
    /// @throws QueryException `DELTA_NO_SUCH_VERSION`
    public DeltaTable cloneAtVersion(long version, String target, boolean isShallow) {
        return cloneAtVersion(version, target, isShallow, false);
    }

    /// Makes a table with the rows of an earlier version of this one.
    public DeltaTable cloneAtVersion(long version, String target, boolean isShallow, boolean replace) {
        return clone(target, OptionalLong.of(version), Optional.empty(), isShallow, replace, Map.of());
    }

    /// Makes a table with the rows that this one had at a time.
    ///
    /// @param timestamp such as `2026-11-20 10:00:00`, in the session's time zone
    public DeltaTable cloneAtTimestamp(String timestamp, String target, boolean isShallow) {
        return cloneAtTimestamp(timestamp, target, isShallow, false);
    }

    /// Makes a table with the rows that this one had at a time.
    public DeltaTable cloneAtTimestamp(String timestamp, String target, boolean isShallow, boolean replace) {
        return clone(target, OptionalLong.empty(), Optional.of(timestamp), isShallow, replace, Map.of());
    }

    private DeltaTable clone(
            String target,
            OptionalLong version,
            Optional<String> timestamp,
            boolean isShallow,
            boolean replace,
            Map<String, String> properties) {
        Statement.Exists exists = replace ? Statement.Exists.REPLACE : Statement.Exists.FAIL;
        clone(target, version, timestamp, !isShallow, exists, properties);
        return forPath(session, target);
    }

    DataFrame clone(
            String target,
            OptionalLong version,
            Optional<String> timestamp,
            boolean deep,
            Statement.Exists ifExists,
            Map<String, String> properties) {
        TableSnapshot then = version.isPresent()
                ? log.atVersion(version.getAsLong())
                : timestamp.map(text -> log.atTime(instant("clone", text))).orElseGet(this::latest);
        Path directory = TablePaths.of(target);
        return new TableClone(session, path, then, directory, deep, ifExists, properties).run();
    }

    private Instant instant(String method, String timestamp) {
        return TimeTravel.instant(timestamp, Frames.runtime(session).settings().zone())
                .orElseThrow(() -> new QueryException(
                        "INVALID_TIMESTAMP",
                        method + "(\"" + timestamp
                                + "\"): expected a date or timestamp such as 2026-11-20 or 2026-11-20 10:00:00."));
    }

    private TableSnapshot latest() {
        return log.latest().orElseThrow(() -> DeltaErrors.tableNotFound(path));
    }

    TableTarget openForChange() {
        return openForChange(new StructType(), SchemaChange.NONE);
    }

    /// @param columns that the table gets with the change if it lacks them, or wider types for those it has
    TableTarget openForChange(StructType columns) {
        return openForChange(columns, SchemaChange.MERGE);
    }

    private TableTarget openForChange(StructType columns, SchemaChange schemaChange) {
        long mostFileRows = FileOutput.mostRows(Frames.runtime(session).settings());
        return open(
                new WriteRequest(columns, List.of(), WriteKind.CHANGE, schemaChange).withMostFileRows(mostFileRows));
    }

    TableTarget open(WriteKind kind) {
        return open(new WriteRequest(new StructType(), List.of(), kind, SchemaChange.NONE));
    }

    private TableTarget open(WriteRequest request) {
        TableTarget target = new TableTarget(
                path,
                log,
                request,
                ParquetWriteOptions.DEFAULT,
                Frames.runtime(session).clock(),
                UUID::randomUUID,
                Frames.runtime(session).settings().zone());
        if (!target.base().exists()) {
            target.close();
            throw DeltaErrors.tableNotFound(path);
        }
        return target;
    }
}
