package dev.headrace.errors;

/// Something outside can't be reached or refused for now: a broker, a disk, a table's storage. Running the same batch
/// again is safe; if it lasts, an operator looks at what the text names.
public final class UnavailableException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /// @param code what a program compares, such as `BROKER_UNREACHABLE`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public UnavailableException(String code, String text) {
        super(code, text, null);
    }

    /// @param code what a program compares, such as `BROKER_UNREACHABLE`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below
    public UnavailableException(String code, String text, Throwable cause) {
        super(code, text, cause);
    }
}
