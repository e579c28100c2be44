package dev.headrace.errors;

import org.jspecify.annotations.Nullable;

/// What a checkpoint holds can't be trusted or used: a damaged, missing or contradictory file, or a checkpoint of
/// another query. An operator repairs it, restores it or starts with a new one; nothing is guessed and nothing is
/// skipped.
public sealed class CheckpointException extends HeadraceException permits FencedException {

    private static final long serialVersionUID = 1L;

    /// @param code what a program compares, such as `LOG_ENTRY_DAMAGED`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public CheckpointException(String code, String text) {
        this(code, text, null);
    }

    /// @param code what a program compares, such as `LOG_ENTRY_DAMAGED`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below, or null
    public CheckpointException(String code, String text, @Nullable Throwable cause) {
        super(code, text, cause);
    }
}
