package dev.headrace.errors;

/// Another writer owns what this one wanted to write, so this one must stop. An operator stops one of the two; the text
/// names the other.
public final class FencedException extends CheckpointException {

    private static final long serialVersionUID = 1L;

    /// @param code what a program compares, such as `FENCED`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public FencedException(String code, String text) {
        super(code, text, null);
    }

    /// @param code what a program compares, such as `FENCED`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below
    public FencedException(String code, String text, Throwable cause) {
        super(code, text, cause);
    }
}
