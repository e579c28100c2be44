package dev.headrace.delta;

import dev.headrace.Column;
import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.files.InputFiles;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

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
    private final Session session;
    private final Path path;
    private final KernelTableLog log;
    private final ParquetFooters footers;
    private final Optional<String> alias;

    private DeltaTable(Session session, Path path, KernelTableLog log, ParquetFooters footers, Optional<String> alias) {
        this.session = session;
        this.path = path;
        this.log = log;
        this.footers = footers;
        this.alias = alias;
    }

    /// The table in a directory, for the active session.
    ///
    /// @throws dev.headrace.errors.QueryException `DELTA_TABLE_NOT_FOUND`
    public static DeltaTable forPath(String path) {
        return forPath(Session.active(), path);
    }

    /// The table in a directory.
    ///
    /// @throws dev.headrace.errors.QueryException `DELTA_TABLE_NOT_FOUND`
    public static DeltaTable forPath(Session session, String path) {
        Path directory = InputFiles.localPath(path).toAbsolutePath().normalize();
        KernelTableLog log = new KernelTableLog(directory);
        if (log.latest().isEmpty()) {
            throw DeltaErrors.tableNotFound(directory);
        }
        return new DeltaTable(session, directory, log, new ParquetFooters(), Optional.empty());
    }

    /// Whether there is a Delta table in a directory.
    public static boolean isDeltaTable(String path) {
        Path directory = InputFiles.localPath(path).toAbsolutePath().normalize();
        return new KernelTableLog(directory).latest().isPresent();
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
                path,
                log.latest().orElseThrow(() -> DeltaErrors.tableNotFound(path)),
                Frames.runtime(session).settings().zone(),
                footers);
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
    /// @throws dev.headrace.errors.QueryException `DELTA_MERGE_UNRESOLVED_COLUMN` for a name that is not a column
    public void update(Column condition, Map<String, Column> set) {
        update(Optional.of(condition), set);
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
        return new DeltaMergeBuilder(new Merge(this, toDF(), source, condition, List.of(), List.of(), List.of()));
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

    KernelTableLog log() {
        return log;
    }

    TableTarget openForChange() {
        WriteRequest request = new WriteRequest(new StructType(), List.of(), WriteKind.CHANGE, false);
        TableTarget target = new TableTarget(
                path,
                log,
                request,
                ParquetWriteOptions.DEFAULT,
                Frames.runtime(session).clock(),
                UUID::randomUUID);
        if (!target.base().exists()) {
            target.close();
            throw DeltaErrors.tableNotFound(path);
        }
        return target;
    }
}
