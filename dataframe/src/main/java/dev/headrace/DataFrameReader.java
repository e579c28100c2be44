package dev.headrace;

import dev.headrace.connector.Connector;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.Refresh;
import dev.headrace.connector.RefreshedTable;
import dev.headrace.connector.Table;
import dev.headrace.plan.NamedPlan;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;

/// Opens files and tables, from [Session#read].
public final class DataFrameReader {
    private final Session session;
    private final SourceOptions options = new SourceOptions("parquet");

    DataFrameReader(Session session) {
        this.session = session;
    }

    /// The connector's name, such as `parquet`, `json`, `csv` or `delta`; `parquet` if not said.
    public DataFrameReader format(String source) {
        options.format(source);
        return this;
    }

    /// The schema of the rows, where the source would otherwise have to find it out.
    public DataFrameReader schema(StructType schema) {
        options.schema(schema);
        return this;
    }

    /// The schema as a column list, such as `id bigint, name string`.
    public DataFrameReader schema(String ddl) {
        return schema(StructType.fromDDL(ddl));
    }

    public DataFrameReader option(String key, String value) {
        options.put(key, value);
        return this;
    }

    public DataFrameReader option(String key, boolean value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameReader option(String key, long value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameReader option(String key, double value) {
        return option(key, String.valueOf(value));
    }

    public DataFrameReader options(Map<String, String> more) {
        options.putAll(more);
        return this;
    }

    /// Opens the source.
    ///
    /// With the option `refresh` (`eachBatch`, `onChange`, `never`, or a time such as `10 minutes`) it says when a
    /// streaming query that joins the table reads it anew.
    ///
    /// @throws dev.headrace.errors.QueryException `UNKNOWN_FORMAT`, and what the source says about its options and
    ///     paths
    public DataFrame load() {
        return load(List.of());
    }

    public DataFrame load(String path) {
        return load(List.of(path));
    }

    public DataFrame load(String... paths) {
        return load(List.of(paths));
    }

    private DataFrame load(List<String> paths) {
        String format = options.format();
        Connector.BatchReadable connector = session.connectors().readable(format);
        ConnectorOptions all = options.forConnector(paths, List.of(), session);
        boolean refreshed = options.take(Refresh.OPTION).isPresent();
        ConnectorOptions rest = options.forConnector(paths, List.of(), session);
        // A schema that must be found out may take as long as a query.
        Table table = session.runtime()
                .runs()
                .during(() -> refreshed ? RefreshedTable.open(connector, rest, all) : connector.openTable(rest));
        return DataFrame.of(session, new NamedPlan.Read(table, format));
    }

    public DataFrame parquet(String... paths) {
        return format("parquet").load(paths);
    }

    public DataFrame orc(String... paths) {
        return format("orc").load(paths);
    }

    public DataFrame json(String... paths) {
        return format("json").load(paths);
    }

    /// The rows that texts of a query hold: each is what a line of a file is to [#json(String...)]. Without a schema
    /// they are read once to find it: no columns if no text has a field.
    public DataFrame json(Dataset<String> texts) {
        return TextRecords.json(texts.toDF(), options.schema(), options.all());
    }

    public DataFrame csv(String... paths) {
        return format("csv").load(paths);
    }

    /// The rows that texts of a query hold: each is what a line of a file is to [#csv(String...)]. Without a schema
    /// they are read to find it: no columns if there is no text but blank ones.
    public DataFrame csv(Dataset<String> texts) {
        return TextRecords.csv(texts.toDF(), options.schema(), options.all());
    }

    /// Rows are the elements that the option `rowTag` names.
    public DataFrame xml(String... paths) {
        return format("xml").load(paths);
    }

    /// The rows that texts of a query hold: each is the element of a row. Without a schema they are read once to find
    /// it: no columns if no text has a field.
    public DataFrame xml(Dataset<String> texts) {
        return TextRecords.xml(texts.toDF(), options.schema(), options.all());
    }

    public DataFrame text(String... paths) {
        return format("text").load(paths);
    }

    /// What a name stands for; see [Session#table].
    public DataFrame table(String tableName) {
        return session.table(tableName);
    }

    /// Each line of text files.
    public Dataset<String> textFile(String... paths) {
        return text(paths).as(Encoders.STRING());
    }

    /// A table of a database, by the driver on the class path.
    ///
    /// @param connectionProperties for the driver, such as `user` and `password`
    public DataFrame jdbc(String url, String table, java.util.Properties connectionProperties) {
        connectionProperties.forEach((key, value) -> jdbcOption(String.valueOf(key), String.valueOf(value)));
        return format("jdbc").option("url", url).option("dbtable", table).load();
    }

    /// A table of a database, read in parts at once.
    ///
    /// @param columnName a column of whole numbers, by which the rows are parted
    public DataFrame jdbc(
            String url,
            String table,
            String columnName,
            long lowerBound,
            long upperBound,
            int numPartitions,
            java.util.Properties connectionProperties) {
        return option("partitionColumn", columnName)
                .option("lowerBound", lowerBound)
                .option("upperBound", upperBound)
                .option("numPartitions", numPartitions)
                .jdbc(url, table, connectionProperties);
    }

    private void jdbcOption(String key, String value) {
        boolean ours = key.equals("user") || key.equals("password") || key.equals("driver") || key.equals("fetchsize");
        option(ours ? key : "jdbc." + key, value);
    }
}
