package dev.headrace.errors;

/// The query, its options or its use of the API is wrong. The author changes it; nothing was written.
public final class QueryException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /// @param code what a program compares, such as `UNRESOLVED_COLUMN`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public QueryException(String code, String text) {
        super(code, text, null);
    }

    /// @param code what a program compares, such as `UNRESOLVED_COLUMN`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below
    public QueryException(String code, String text, Throwable cause) {
        super(code, text, cause);
    }
}
