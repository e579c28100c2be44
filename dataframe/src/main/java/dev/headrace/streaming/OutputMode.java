package dev.headrace.streaming;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.List;
import java.util.Locale;

/// Which rows of a streaming query's result a batch gives to the sink.
public enum OutputMode {
    /// Rows that are final: each goes out once and never changes.
    APPEND("append"),
    /// Rows that are new or have changed since the last batch.
    UPDATE("update"),
    /// The whole result, each time.
    COMPLETE("complete"),
    /// What has changed in the result since the last batch: a row that is no longer there with `_change_type` `delete`,
    /// then a row that is new with `insert`; a row that has changed is both. Headrace's own; Spark has no such mode.
    CHANGELOG("changelog");

    private final String text;

    OutputMode(String text) {
        this.text = text;
    }

    public static OutputMode Append() {
        return APPEND;
    }

    public static OutputMode Update() {
        return UPDATE;
    }

    public static OutputMode Complete() {
        return COMPLETE;
    }

    public static OutputMode Changelog() {
        return CHANGELOG;
    }

    /// The mode of this name, in any letter case.
    ///
    /// @throws QueryException `UNKNOWN_OUTPUT_MODE` if there is none
    public static OutputMode of(String name) {
        for (OutputMode mode : values()) {
            if (mode.text.equals(name.toLowerCase(Locale.ROOT))) {
                return mode;
            }
        }
        List<String> names = List.of("append", "update", "complete", "changelog");
        throw new QueryException(
                "UNKNOWN_OUTPUT_MODE",
                "'" + name + "' is not an output mode. " + Suggestion.didYouMean(name, names) + " Output modes: "
                        + String.join(", ", names) + ".");
    }

    /// The name that `outputMode("…")` takes.
    @Override
    public String toString() {
        return text;
    }
}
