package dev.headrace.engine.kafka;

import dev.headrace.connector.ConnectorOptions;
import dev.headrace.errors.QueryException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/// A place in each partition at which reading begins or ends.
sealed interface StartingPoint {
    record Earliest() implements StartingPoint {}

    record Latest() implements StartingPoint {}

    /// These offsets; -2 means the earliest and -1 the latest, as in Spark.
    record Offsets(Map<TopicPartition, Long> offsets) implements StartingPoint {}

    /// The first record at or after a time, in milliseconds, the latest offset if there is none.
    record Timestamp(long millis) implements StartingPoint {}

    /// As [Timestamp], for each partition its own.
    record Timestamps(Map<TopicPartition, Long> millis) implements StartingPoint {}

    /// Reads `startingOffsets`, `startingTimestamp` and `startingOffsetsByTimestamp`, or the same with `ending`.
    static StartingPoint of(ConnectorOptions options, String prefix, StartingPoint orElse) {
        Optional<Long> timestamp = options.number(prefix + "Timestamp");
        if (timestamp.isPresent()) {
            return new Timestamp(timestamp.get());
        }
        String byTimestamp = prefix + "OffsetsByTimestamp";
        if (options.get(byTimestamp).isPresent()) {
            return new Timestamps(KafkaOffsets.parse(options, byTimestamp));
        }
        String key = prefix + "Offsets";
        Optional<String> text = options.get(key);
        if (text.isEmpty()) {
            return orElse;
        }
        if (text.get().equalsIgnoreCase("earliest") && prefix.equals("starting")) {
            return new Earliest();
        }
        if (text.get().equalsIgnoreCase("latest")) {
            return new Latest();
        }
        if (!text.get().trim().startsWith("{")) {
            throw new QueryException(
                    "INVALID_OPTION",
                    "format(\"kafka\") option '" + key + "' is '" + text.get() + "': expected "
                            + (prefix.equals("starting") ? "earliest, " : "")
                            + "latest or offsets as in {\"topic\":{\"0\":23,\"1\":-1}}.");
        }
        return new Offsets(KafkaOffsets.parse(options, key));
    }
}
