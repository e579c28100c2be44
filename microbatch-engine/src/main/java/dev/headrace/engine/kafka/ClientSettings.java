package dev.headrace.engine.kafka;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;

/// The options `kafka.*`, which go to Kafka's clients as they are.
final class ClientSettings {
    static final String PREFIX = "kafka.";

    private ClientSettings() {}

    /// @param own settings that are Headrace's to make
    /// @param because why, and what to do instead
    /// @throws QueryException `MISSING_OPTION` without brokers, `INVALID_OPTION` for one of `own`
    static Map<String, Object> of(ConnectorOptions options, List<String> own, String because) {
        Map<String, Object> settings = new HashMap<>();
        options.options().forEach((key, value) -> {
            if (key.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
                settings.put(key.substring(PREFIX.length()), value);
            }
        });
        if (!settings.containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
            throw new QueryException(
                    "MISSING_OPTION",
                    "format(\"kafka\") needs the brokers' addresses: option(\"kafka.bootstrap.servers\", \"host:9092\").");
        }
        for (String setting : own) {
            if (settings.containsKey(setting)) {
                throw new QueryException(
                        "INVALID_OPTION", "format(\"kafka\") option 'kafka." + setting + "' can't be set: " + because);
            }
        }
        return settings;
    }
}
