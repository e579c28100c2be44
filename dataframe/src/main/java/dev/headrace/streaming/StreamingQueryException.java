package dev.headrace.streaming;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A streaming query has ended because of an error; the cause says which.
///
/// When the cause is a [dev.headrace.errors.HeadraceException], its code is this exception's code too. Not sealed under
/// `HeadraceException`, because it says nothing about who must act: the cause does.
public final class StreamingQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final UUID id;
    private final UUID runId;
    private final String startOffset;
    private final String endOffset;

    /// @param startOffset where the failing batch began, as JSON per source; empty if no batch was running
    /// @param endOffset where the failing batch would have ended
    public StreamingQueryException(
            UUID id, UUID runId, @Nullable String name, String startOffset, String endOffset, Throwable cause) {
        super(
                "Query " + (name == null ? "" : name + " ") + "[id = " + id + ", runId = " + runId
                        + "] terminated with exception: " + cause.getMessage(),
                cause);
        this.id = id;
        this.runId = runId;
        this.startOffset = startOffset;
        this.endOffset = endOffset;
    }

    public UUID id() {
        return id;
    }

    public UUID runId() {
        return runId;
    }

    public String startOffset() {
        return startOffset;
    }

    public String endOffset() {
        return endOffset;
    }

    /// The code of the cause, such as `UNKNOWN_TOPIC`, if it has one.
    public Optional<String> code() {
        return getCause() instanceof dev.headrace.errors.HeadraceException coded
                ? Optional.of(coded.code())
                : Optional.empty();
    }
}
