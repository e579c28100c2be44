package dev.headrace;

import dev.headrace.connector.Buckets;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What readers and writers gather before they open a connector: a format and options, whose names have no letter case.
final class SourceOptions {
    private final Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private String format;
    private @Nullable StructType schema;

    SourceOptions(String format) {
        this.format = format;
    }

    void format(String newFormat) {
        format = newFormat;
    }

    String format() {
        return format;
    }

    void schema(StructType newSchema) {
        schema = newSchema;
    }

    Optional<StructType> schema() {
        return Optional.ofNullable(schema);
    }

    void put(String key, String value) {
        options.put(key, value);
    }

    void putAll(Map<String, String> more) {
        options.putAll(more);
    }

    boolean has(String key) {
        return options.containsKey(key);
    }

    /// Their names and values as they were given.
    Map<String, String> all() {
        return Map.copyOf(options);
    }

    Optional<String> take(String key) {
        return Optional.ofNullable(options.remove(key));
    }

    /// @param paths if empty, the option `path` counts
    ConnectorOptions forConnector(List<String> paths, List<String> partitionColumns, Session session) {
        return forConnector(paths, partitionColumns, Optional.empty(), Optional.empty(), session);
    }

    ConnectorOptions forConnector(
            List<String> paths,
            List<String> partitionColumns,
            Optional<Buckets> buckets,
            Optional<Map<String, String>> properties,
            Session session) {
        Map<String, String> rest = new TreeMap<>(options);
        String path = options.get("path");
        rest.keySet().removeIf("path"::equalsIgnoreCase);
        List<String> all = paths.isEmpty() && path != null ? List.of(path) : paths;
        return new ConnectorOptions(
                format,
                rest,
                Optional.ofNullable(schema),
                all,
                partitionColumns,
                buckets,
                properties,
                session.runtime().settings());
    }
}
