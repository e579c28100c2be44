package dev.headrace;

import dev.headrace.connector.SinkBatch;
import java.util.List;
import java.util.Map;

/// Writes a DataFrame's rows, from [DataFrame#write].
public final class DataFrameWriter {
    private final DataFrame frame;
    private final SourceOptions options = new SourceOptions("parquet");
    private SaveMode mode = SaveMode.ErrorIfExists;
    private List<String> partitionColumns = List.of();

    DataFrameWriter(DataFrame frame) {
        this.frame = frame;
    }

    /// The connector's name, such as `parquet`, `json`, `csv` or `delta`; `parquet` if not said.
    public DataFrameWriter format(String source) {
        options.format(source);
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
        Execution execution = new Execution(frame, "save()").checkBatch();
        SinkBatch sink = frame.session()
                .connectors()
                .writable(options.format())
                .beginWrite(
                        options.forConnector(paths, partitionColumns, frame.session()),
                        mode.forConnector(),
                        frame.schema());
        execution.write(sink);
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
