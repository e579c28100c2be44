package dev.headrace.connector;

import dev.headrace.errors.QueryException;
import java.time.Duration;
import java.util.Locale;

/// When a streaming query reads a table beside the stream anew: the reader's option `refresh`.
public sealed interface Refresh {
    /// The reader's option.
    String OPTION = "refresh";

    /// In each batch.
    record EachBatch() implements Refresh {}

    /// When the table has another [BatchTable#version]; until then its rows are kept in memory.
    record OnChange() implements Refresh {}

    /// When so much time has passed by the batches' clock; until then its rows are kept in memory.
    record Every(Duration time) implements Refresh {}

    /// Never: its rows are kept in memory.
    record Never() implements Refresh {}

    /// @param options have a value for [#OPTION]
    /// @throws QueryException `INVALID_OPTION`
    static Refresh of(ConnectorOptions options) {
        return switch (options.get(OPTION, "").toLowerCase(Locale.ROOT)) {
            case "eachbatch" -> new EachBatch();
            case "onchange" -> new OnChange();
            case "never" -> new Never();
            default -> every(options);
        };
    }

    private static Refresh every(ConnectorOptions options) {
        String expected = "eachBatch, onChange, never, or a time such as '10 minutes'";
        Duration time;
        try {
            time = options.duration(OPTION).orElseThrow();
        } catch (QueryException noTime) {
            throw options.invalid(OPTION, expected);
        }
        if (time.isNegative() || time.isZero()) {
            throw options.invalid(OPTION, expected);
        }
        return new Every(time);
    }
}
