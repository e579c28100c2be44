package dev.headrace;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.connector.Buckets;
import dev.headrace.connector.SinkBatch;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.ProcessEnd;
import dev.headrace.files.FileWritable;
import dev.headrace.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Writes a DataFrame's rows, from [DataFrame#write].
public final class DataFrameWriter {
    private final DataFrame frame;
    private final SourceOptions options = new SourceOptions("parquet");
    private SaveMode mode = SaveMode.ErrorIfExists;
    private List<String> partitionColumns = List.of();
    private Optional<Buckets> buckets = Optional.empty();
    private Optional<Map<String, String>> properties = Optional.empty();
    private Optional<String> formatSaid = Optional.empty();

    DataFrameWriter(DataFrame frame) {
        this.frame = frame;
    }

    /// The connector's name, such as `parquet`, `json`, `csv` or `delta`; `parquet` if not said.
    public DataFrameWriter format(String source) {
        options.format(source);
        formatSaid = Optional.of(source);
        return this;
    }

    /// What happens when the target exists; an error if not said.
    public DataFrameWriter mode(SaveMode saveMode) {
        mode = saveMode;
        return this;
    }

    /// @param saveMode `append`, `overwrite`, `ignore`, or `error` (`errorifexists`)
    /// @throws dev.headrace.errors.QueryException `UNKNOWN_SAVE_MODE`
    public DataFrameWriter mode(String saveMode) {
        return mode(SaveMode.of(saveMode));
    }

    /// Columns whose values become folders, in this order.
    ///
    /// @throws dev.headrace.errors.QueryException `UNRESOLVED_COLUMN`
    public DataFrameWriter partitionBy(String... columns) {
        partitionColumns = frame.namesOf(columns);
        return this;
    }

    /// Deals the rows of a table to files by the hash of columns, as Spark does, which can then read them as buckets.
    /// For [#saveAsTable] to a format of files.
    ///
    /// @param numBuckets between 1 and 100,000
    /// @throws dev.headrace.errors.QueryException `UNRESOLVED_COLUMN`, `INVALID_BUCKET_COUNT`
    public DataFrameWriter bucketBy(int numBuckets, String colName, String... colNames) {
        List<String> sortColumns = buckets.map(Buckets::sortColumns).orElse(List.of());
        buckets = Optional.of(new Buckets(numBuckets, frame.namesOf(joined(colName, colNames)), sortColumns));
        return this;
    }

    /// Sorts the files of each bucket; after [#bucketBy].
    ///
    /// @throws dev.headrace.errors.QueryException `UNRESOLVED_COLUMN`; `SORT_BY_WITHOUT_BUCKETING`
    public DataFrameWriter sortBy(String colName, String... colNames) {
        Buckets unsorted = buckets.orElseThrow(() -> new QueryException(
                "SORT_BY_WITHOUT_BUCKETING",
                "sortBy sorts the files of buckets: call bucketBy(…) first, or sort the rows with sort(…)."));
        buckets = Optional.of(
                new Buckets(unsorted.count(), unsorted.columns(), frame.namesOf(joined(colName, colNames))));
        return this;
    }

    private static String[] joined(String first, String... others) {
        return Stream.concat(Stream.of(first), Stream.of(others)).toArray(String[]::new);
    }

    public DataFrameWriter option(String key, String value) {
        options.put(key, value);
        return this;
    }

    public DataFrameWriter option(String key, boolean value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameWriter option(String key, long value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameWriter option(String key, double value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameWriter options(Map<String, String> more) {
        options.putAll(more);
        return this;
    }

    /// Runs the query and writes its rows: all of them become visible, or none.
    ///
    /// @throws dev.headrace.errors.HeadraceException whatever goes wrong; nothing is written then
    public void save() {
        save(List.of());
    }

    public void save(String path) {
        save(List.of(path));
    }

    private void save(List<String> paths) {
        refuseBuckets("save");
        if (mode == SaveMode.Overwrite && mayReplacePartitions()) {
            options.put(SqlTables.PARTITION_OVERWRITE_MODE, "dynamic");
        }
        write(paths);
    }

    private boolean mayReplacePartitions() {
        Session session = frame.session();
        // A table that keeps versions knows its partitions itself.
        boolean partitioned = SqlTableStatements.find(options.format()).isPresent()
                || !partitionColumns.isEmpty()
                        && session.connectors().writable(options.format()) instanceof FileWritable;
        return partitioned && SqlTables.replacesPartitionsBySetting(session, options.all());
    }

    private void refuseBuckets(String method) {
        if (buckets.isPresent()) {
            throw new QueryException(
                    "BUCKETS_NEED_A_TABLE",
                    method + " does not take bucketBy(…): only a table remembers how its rows are dealt. Use"
                            + " saveAsTable(\"…\").");
        }
    }

    /// Writes with buckets, if there are any.
    ///
    /// @param ofTable the properties of a table that is made, anew if it is there; empty if they stay
    void writeTable(Optional<String> path, Optional<Buckets> dealt, Optional<Map<String, String>> ofTable) {
        buckets = dealt;
        properties = ofTable;
        write(path.stream().toList());
    }

    private void write(List<String> paths) {
        Execution execution = new Execution(frame, "save()").checkBatch();
        try (ProcessEnd.Write _ = ProcessEnd.awaitsWrite()) {
            // Options may be conditions, in which functions and variables of the session stand.
            SinkBatch sink = frame.session().analyzing(() -> begun(paths));
            execution.write(sink);
        }
    }

    /// What is there is made ready for the rows, for which a database may wait.
    private SinkBatch begun(List<String> paths) {
        Session session = frame.session();
        return session.runtime().runs().during(() -> {
            SinkBatch sink = session.connectors()
                    .writable(options.format())
                    .beginWrite(
                            options.forConnector(paths, partitionColumns, buckets, properties, session),
                            mode.forConnector(),
                            frame.schema());
            try {
                // Whoever told this run to stop meant the write, of which the rows are a run of their own.
                Cancellation.checkThread();
            } catch (QueryCancelledException cancelled) {
                try (sink) {
                    throw cancelled;
                }
            }
            return sink;
        });
    }

    /// Writes the rows as a table of the session's catalog. A new table lies at the option `path`, else in
    /// `spark.sql.warehouse.dir`. To a table that is there, the mode `append` adds the rows, whose columns are found by
    /// name, and `overwrite` makes it anew; a Delta table gets a new version where it is, and of a table of files that
    /// has partitions, those that get rows are replaced if the option `partitionOverwriteMode` is `dynamic`.
    ///
    /// @param tableName as in SQL; a format with a path, as in `` delta.`/data/t` ``, too
    /// @throws dev.headrace.errors.QueryException `TABLE_OR_VIEW_ALREADY_EXISTS`; `TABLE_MISMATCH` if rows are appended
    ///     to a table of another format or elsewhere, or with other partitions or buckets; `COLUMN_ALREADY_EXISTS`;
    ///     `INVALID_SCHEMA_OR_RELATION_NAME`; what [#save] says
    public void saveAsTable(String tableName) {
        new Execution(frame, "saveAsTable()").checkBatch();
        Map<String, String> rest = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        rest.putAll(options.all());
        Optional<String> location = Optional.ofNullable(rest.remove("path"));
        new SqlTables(frame.session())
                .save(
                        frame,
                        new Statement.CreateTable(
                                ColumnName.parts(tableName),
                                Optional.empty(),
                                formatSaid,
                                rest,
                                partitionColumns,
                                buckets,
                                location,
                                Optional.of(frame.identified()),
                                mode == SaveMode.Overwrite ? Statement.Exists.REPLACE : Statement.Exists.FAIL,
                                Map.of()),
                        mode);
    }

    /// Adds the rows to a table that is there, or with the mode `overwrite` replaces its rows. Columns are found by
    /// position, whatever their names are.
    ///
    /// @throws dev.headrace.errors.QueryException `TABLE_OR_VIEW_NOT_FOUND`; `INSERT_COLUMN_ARITY_MISMATCH`;
    ///     `INSERT_INTO_PARTITIONED` if the writer says partitions or buckets, which the table has already
    public void insertInto(String tableName) {
        new Execution(frame, "insertInto()").checkBatch();
        if (!partitionColumns.isEmpty() || buckets.isPresent()) {
            throw new QueryException(
                    "INSERT_INTO_PARTITIONED",
                    "insertInto(\"" + tableName
                            + "\") does not take partitionBy(…) or bucketBy(…): the table says how its"
                            + " rows are kept. Leave them out.");
        }
        new SqlTables(frame.session())
                .insert(
                        new Statement.Insert(
                                ColumnName.parts(tableName),
                                options.all(),
                                frame.identified(),
                                List.of(),
                                false,
                                mode == SaveMode.Overwrite),
                        frame);
    }

    public void parquet(String path) {
        format("parquet").save(path);
    }

    public void orc(String path) {
        format("orc").save(path);
    }

    public void json(String path) {
        format("json").save(path);
    }

    public void csv(String path) {
        format("csv").save(path);
    }

    /// Each file is a document, whose elements are the rows.
    public void xml(String path) {
        format("xml").save(path);
    }

    public void text(String path) {
        format("text").save(path);
    }

    /// Inserts the rows into a table of a database, in one transaction.
    ///
    /// @param connectionProperties for the driver, such as `user` and `password`
    public void jdbc(String url, String table, java.util.Properties connectionProperties) {
        connectionProperties.forEach((key, value) -> {
            boolean ours = key.equals("user") || key.equals("password") || key.equals("driver");
            option(ours ? String.valueOf(key) : "jdbc." + key, String.valueOf(value));
        });
        format("jdbc").option("url", url).option("dbtable", table).save();
    }
}
