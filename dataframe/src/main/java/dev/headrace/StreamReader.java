package dev.headrace;

import dev.headrace.connector.ReadFirst;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.Table;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.NamedPlan;
import dev.headrace.streaming.DataStreamReader;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What [Session#readStream] gives.
final class StreamReader implements DataStreamReader {
    private final Session session;
    private final SourceOptions options = new SourceOptions("parquet");

    StreamReader(Session session) {
        this.session = session;
    }

    @Override
    public DataStreamReader format(String source) {
        options.format(source);
        return this;
    }

    @Override
    public DataStreamReader schema(StructType schema) {
        options.schema(schema);
        return this;
    }

    @Override
    public DataStreamReader schema(String ddl) {
        return schema(StructType.fromDDL(ddl));
    }

    @Override
    public DataStreamReader option(String key, String value) {
        options.put(key, value);
        return this;
    }

    @Override
    public DataStreamReader option(String key, boolean value) {
        return option(key, String.valueOf(value));
    }

    @Override
    public DataStreamReader option(String key, long value) {
        return option(key, String.valueOf(value));
    }

    @Override
    public DataStreamReader option(String key, double value) {
        return option(key, String.valueOf(value));
    }

    @Override
    public DataStreamReader options(Map<String, String> more) {
        options.putAll(more);
        return this;
    }

    @Override
    public DataFrame load() {
        return load(List.of());
    }

    @Override
    public DataFrame load(String path) {
        return load(List.of(path));
    }

    @Override
    public DataFrame table(String tableName) {
        if (options.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "table(\"" + tableName + "\"): a table has a schema of its own. Leave schema(…) out.");
        }
        NamedPlan stream = session.tables().stream(ColumnName.parts(tableName), options.all())
                .orElseThrow(() -> session.tables().notFound("readStream().table", ColumnName.parts(tableName)));
        return DataFrame.of(session, stream);
    }

    private DataFrame load(List<String> paths) {
        String format = options.format();
        Optional<String> first = options.take(ReadFirst.OPTION);
        StreamTable stream =
                session.connectors().streamReadable(format).openStream(options.forConnector(paths, List.of(), session));
        Table table = first.isPresent() ? ReadFirst.of(stream, first.get()) : stream;
        return DataFrame.of(session, new NamedPlan.Read(table, format));
    }
}
