package dev.headrace.errors;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A value in the data does not allow what the query asks: a malformed row under `FAILFAST`, a division by zero, an
/// overflow, a cast that fails. The owner of the data repairs it, or the author chooses a mode or function that
/// tolerates it. Running the same batch again fails in the same way.
public final class DataException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    private final @Nullable String place;

    /// @param code what a program compares, such as `DIVIDE_BY_ZERO`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public DataException(String code, String text) {
        super(code, text, null);
        this.place = null;
    }

    /// @param code what a program compares, such as `DIVIDE_BY_ZERO`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below
    public DataException(String code, String text, Throwable cause) {
        super(code, text, cause);
        this.place = null;
    }

    private DataException(DataException failed, String place) {
        super(failed.code(), failed.text() + "\n" + place, failed.getCause());
        this.place = place;
        setStackTrace(failed.getStackTrace());
        for (Throwable suppressed : failed.getSuppressed()) {
            addSuppressed(suppressed);
        }
    }

    /// The same error, which also shows where in an SQL text the expression stands that failed.
    public DataException at(String place) {
        return new DataException(this, place);
    }

    /// Where the expression stands that failed, as the text shows it last; empty if no SQL text has it.
    public Optional<String> place() {
        return Optional.ofNullable(place);
    }
}
