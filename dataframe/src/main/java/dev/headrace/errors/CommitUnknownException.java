package dev.headrace.errors;

/// A commit was sent and its answer was lost. The engine asks the sink what it holds before it does anything else.
public final class CommitUnknownException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /// @param code what a program compares, such as `COMMIT_UNKNOWN`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public CommitUnknownException(String code, String text) {
        super(code, text, null);
    }

    /// @param code what a program compares, such as `COMMIT_UNKNOWN`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below
    public CommitUnknownException(String code, String text, Throwable cause) {
        super(code, text, cause);
    }
}
