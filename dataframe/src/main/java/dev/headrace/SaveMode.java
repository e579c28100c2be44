package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.errors.Suggestion;
import java.util.List;
import java.util.Locale;

/// What a write does when its target exists.
public enum SaveMode {
    /// Adds the rows.
    Append(dev.headrace.connector.SaveMode.APPEND),
    /// Replaces what is there.
    Overwrite(dev.headrace.connector.SaveMode.OVERWRITE),
    /// Fails.
    ErrorIfExists(dev.headrace.connector.SaveMode.ERROR_IF_EXISTS),
    /// Writes nothing.
    Ignore(dev.headrace.connector.SaveMode.IGNORE);

    private static final List<String> NAMES = List.of("append", "overwrite", "error", "errorifexists", "ignore");

    private final dev.headrace.connector.SaveMode mode;

    SaveMode(dev.headrace.connector.SaveMode mode) {
        this.mode = mode;
    }

    dev.headrace.connector.SaveMode forConnector() {
        return mode;
    }

    /// The mode of this name, in any letter case.
    ///
    /// @throws QueryException `UNKNOWN_SAVE_MODE` if there is none
    static SaveMode of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "append" -> Append;
            case "overwrite" -> Overwrite;
            case "error", "errorifexists", "default" -> ErrorIfExists;
            case "ignore" -> Ignore;
            default ->
                throw new QueryException(
                        "UNKNOWN_SAVE_MODE",
                        "mode(\"" + name + "\"): " + Suggestion.didYouMean(name, NAMES) + " Modes: "
                                + String.join(", ", NAMES) + ".");
        };
    }
}
