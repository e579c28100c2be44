package dev.headrace.streaming;

import dev.headrace.DataFrame;
import dev.headrace.Dataset;
import dev.headrace.Encoders;
import dev.headrace.types.StructType;
import java.util.Map;

/// Opens streams; see [dev.headrace.Session#readStream].
public interface DataStreamReader {
    /// The connector's name, such as `kafka`, `rate` or `json`.
    DataStreamReader format(String source);

    /// The schema of the rows, for sources that don't know it themselves.
    DataStreamReader schema(StructType schema);

    /// The schema as a column list, such as `id bigint, name string`.
    DataStreamReader schema(String ddl);

    DataStreamReader option(String key, String value);

    DataStreamReader option(String key, boolean value);

    DataStreamReader option(String key, long value);

    DataStreamReader option(String key, double value);

    DataStreamReader options(Map<String, String> options);

    /// Opens the stream.
    ///
    /// @throws dev.headrace.errors.QueryException `UNKNOWN_FORMAT`, `UNSUPPORTED_OPERATION` if the format can't be read
    ///     as a stream, and what the source says about its options
    DataFrame load();

    DataFrame load(String path);

    /// Opens the stream of a table of the session, with the options that are set here: one that `CREATE TABLE` or
    /// `toTable` has made, a view of a stream, or a format with a path as in `` delta.`/data/orders` ``.
    ///
    /// @throws dev.headrace.errors.QueryException `TABLE_OR_VIEW_NOT_FOUND`; `NOT_A_STREAM` for a view of a batch;
    ///     `SCHEMA_NOT_ALLOWED` if a schema is set, which the table has; `UNSUPPORTED_OPERATION` if the table's format
    ///     can't be read as a stream
    DataFrame table(String tableName);

    default DataFrame json(String path) {
        return format("json").load(path);
    }

    default DataFrame csv(String path) {
        return format("csv").load(path);
    }

    /// Rows are the elements that the option `rowTag` names.
    default DataFrame xml(String path) {
        return format("xml").load(path);
    }

    default DataFrame parquet(String path) {
        return format("parquet").load(path);
    }

    default DataFrame orc(String path) {
        return format("orc").load(path);
    }

    default DataFrame text(String path) {
        return format("text").load(path);
    }

    /// Each line of text files.
    default Dataset<String> textFile(String path) {
        return text(path).as(Encoders.STRING());
    }
}
