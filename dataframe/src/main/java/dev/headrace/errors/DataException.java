package dev.headrace.errors;

/// A value in the data does not allow what the query asks: a malformed row under `FAILFAST`, a division by zero, an
/// overflow, a cast that fails. The owner of the data repairs it, or the author chooses a mode or function that
/// tolerates it. Running the same batch again fails in the same way.
public final class DataException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /// @param code what a program compares, such as `DIVIDE_BY_ZERO`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public DataException(String code, String text) {
        super(code, text, null);
    }

    /// @param code what a program compares, such as `DIVIDE_BY_ZERO`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below
    public DataException(String code, String text, Throwable cause) {
        super(code, text, cause);
    }
}
