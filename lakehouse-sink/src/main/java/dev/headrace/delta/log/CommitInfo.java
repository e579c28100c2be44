package dev.headrace.delta.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Who committed what, for people and for finding one's own commit again.
///
/// @param operation such as `WRITE` or `STREAMING UPDATE`
/// @param parameters of the operation, such as `mode`
/// @param readVersion the version the writer had read, if it had read one
/// @param isBlindAppend whether the writer only added files and read none
/// @param metrics such as `numOutputRows`
/// @param engine the writer's name and version
/// @param transactionId a UUID of this attempt to commit, which tells whose commit it is
public record CommitInfo(
        long timestampMillis,
        String operation,
        Map<String, String> parameters,
        OptionalLong readVersion,
        boolean isBlindAppend,
        Map<String, Long> metrics,
        Optional<String> engine,
        Optional<String> transactionId)
        implements Action {

    public CommitInfo {
        parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        metrics = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }

    /// The same at another time.
    public CommitInfo at(long millis) {
        return new CommitInfo(
                millis, operation, parameters, readVersion, isBlindAppend, metrics, engine, transactionId);
    }
}
