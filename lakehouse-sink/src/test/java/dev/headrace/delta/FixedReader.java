package dev.headrace.delta;

import dev.headrace.DataFrame;
import dev.headrace.streaming.DataStreamReader;
import dev.headrace.types.StructType;
import java.util.Map;
import java.util.TreeMap;

/// A reader that opens a stream which is there already, and remembers the options.
final class FixedReader implements DataStreamReader {
    private final DataFrame stream;
    private final Map<String, String> options = new TreeMap<>();

    FixedReader(DataFrame stream) {
        this.stream = stream;
    }

    Map<String, String> options() {
        return options;
    }

    @Override
    public DataStreamReader format(String source) {
        return this;
    }

    @Override
    public DataStreamReader schema(StructType schema) {
        return this;
    }

    @Override
    public DataStreamReader schema(String ddl) {
        return this;
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
        return stream;
    }

    @Override
    public DataFrame load(String path) {
        return stream;
    }

    @Override
    public DataFrame table(String tableName) {
        return stream;
    }
}
