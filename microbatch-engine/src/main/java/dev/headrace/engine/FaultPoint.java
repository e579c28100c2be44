package dev.headrace.engine;

import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A place in the protocol at which a query stands still, so that a test can kill its process there.
///
/// Set by the configuration `headrace.testing.pauseAt`, such as `before:sink_commit:3` (batch 3); when the query is
/// there it creates the file of `headrace.testing.pauseFile` and waits for ever.
///
/// @param before whether the pause is before the step or after it
record FaultPoint(boolean before, Step step, long batch, Path file) {
    static final String PAUSE_AT = "headrace.testing.pauseAt";
    static final String PAUSE_FILE = "headrace.testing.pauseFile";

    /// @throws QueryException `INVALID_FAULT_POINT`
    static Optional<FaultPoint> of(Map<String, String> conf) {
        String place = conf.get(PAUSE_AT);
        if (place == null) {
            return Optional.empty();
        }
        String[] parts = place.split(":", -1);
        String file = conf.get(PAUSE_FILE);
        boolean valid = parts.length == 3 && file != null && (parts[0].equals("before") || parts[0].equals("after"));
        try {
            if (valid && file != null) {
                return Optional.of(new FaultPoint(
                        parts[0].equals("before"),
                        Step.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                        Long.parseLong(parts[2]),
                        Path.of(file)));
            }
        } catch (IllegalArgumentException wrongStepOrNumber) {
            throw invalid(place, wrongStepOrNumber);
        }
        throw invalid(place, null);
    }

    private static QueryException invalid(String place, @org.jspecify.annotations.Nullable Throwable cause) {
        String text = "'" + PAUSE_AT + "' is '" + place + "': expected before or after, a step of "
                + Arrays.toString(Step.values()) + " and a batch, as in 'before:sink_commit:3', and '" + PAUSE_FILE
                + "' set.";
        return cause == null
                ? new QueryException("INVALID_FAULT_POINT", text)
                : new QueryException("INVALID_FAULT_POINT", text, cause);
    }

    void reached(boolean beforeStep, Step atStep, long atBatch) {
        if (beforeStep != before || atStep != step || atBatch != batch) {
            return;
        }
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (true) {
            LockSupport.park(this);
        }
    }
}
