package dev.headrace.connector;

import java.time.ZoneId;
import java.util.Map;

/// The session's settings that connectors need.
///
/// @param zone the session time zone, for text without one
/// @param parallelism how many threads run a query
/// @param conf the session's configuration, where connectors find settings of their own
public record SessionSettings(ZoneId zone, int parallelism, Map<String, String> conf) {
    public SessionSettings {
        conf = Map.copyOf(conf);
    }

    /// Without settings of connectors.
    public SessionSettings(ZoneId zone, int parallelism) {
        this(zone, parallelism, Map.of());
    }

    /// Without the values of the configuration, which may be secrets.
    @Override
    public String toString() {
        return "SessionSettings[zone=" + zone + ", parallelism=" + parallelism + "]";
    }
}
