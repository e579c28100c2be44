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

/// A place in the protocol at which a test ends a query.
///
/// Set by `headrace.testing.pauseAt`, such as `before:sink_commit:3` (batch 3): when the query is there it creates the
/// file of `headrace.testing.pauseFile` and waits for ever, so that a test can kill its process; or by
/// `headrace.testing.failAt`: then it fails there, in the process of the test.
///
/// @param before whether the place is before the step or after it
/// @param file the file to create before waiting; absent if the query is to fail
record FaultPoint(boolean before, Step step, long batch, Optional<Path> file) {
    static final String PAUSE_AT = "headrace.testing.pauseAt";
    static final String PAUSE_FILE = "headrace.testing.pauseFile";
    static final String FAIL_AT = "headrace.testing.failAt";

    /// What ends a query at `failAt`.
    static final class InjectedFault extends Error {
        private static final long serialVersionUID = 1;

        InjectedFault(String place) {
            super("the query was told to fail " + place);
        }
    }

    /// @throws QueryException `INVALID_FAULT_POINT`
    static Optional<FaultPoint> of(Map<String, String> conf) {
        if (conf.containsKey(FAIL_AT)) {
            return Optional.of(parse(FAIL_AT, conf.get(FAIL_AT), Optional.empty()));
        }
        if (!conf.containsKey(PAUSE_AT)) {
            return Optional.empty();
        }
        String place = conf.get(PAUSE_AT);
        if (!conf.containsKey(PAUSE_FILE)) {
            throw invalid(PAUSE_AT, place);
        }
        return Optional.of(parse(PAUSE_AT, place, Optional.of(Path.of(conf.get(PAUSE_FILE)))));
    }

    private static FaultPoint parse(String setting, String place, Optional<Path> file) {
        String[] parts = place.split(":", -1);
        if (parts.length != 3 || !parts[0].equals("before") && !parts[0].equals("after")) {
            throw invalid(setting, place);
        }
        try {
            return new FaultPoint(
                    parts[0].equals("before"),
                    Step.valueOf(parts[1].toUpperCase(Locale.ROOT)),
                    Long.parseLong(parts[2]),
                    file);
        } catch (IllegalArgumentException wrongStepOrNumber) {
            QueryException invalid = invalid(setting, place);
            invalid.addSuppressed(wrongStepOrNumber);
            throw invalid;
        }
    }

    private static QueryException invalid(String setting, String place) {
        String text = "'" + setting + "' is '" + place + "': expected before or after, a step of "
                + Arrays.toString(Step.values()) + " and a batch, as in 'before:sink_commit:3'"
                + (setting.equals(PAUSE_AT) ? ", and '" + PAUSE_FILE + "' set." : ".");
        return new QueryException("INVALID_FAULT_POINT", text);
    }

    void reached(boolean beforeStep, Step atStep, long atBatch) {
        if (beforeStep != before || atStep != step || atBatch != batch) {
            return;
        }
        if (file.isEmpty()) {
            throw new InjectedFault((before ? "before " : "after ") + step + " of batch " + batch);
        }
        try {
            Files.createFile(file.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (true) {
            LockSupport.park(this);
        }
    }
}
