package dev.headrace.errors;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Every error that Headrace reports on purpose. The type says who must act, the code says what happened.
///
/// | type | who acts |
/// | --- | --- |
/// | [QueryException] | the author of the query changes it; nothing was written |
/// | [DataException] | the owner of the data repairs a row, or the author chooses a mode that tolerates it |
/// | [CheckpointException] | an operator repairs or abandons the checkpoint |
/// | [FencedException] | an operator stops one of two drivers |
/// | [UnavailableException] | nobody: the same batch is run again; an operator if it lasts |
/// | [CommitUnknownException] | the engine asks the sink what it holds before anything else |
/// | [ResourceException] | an operator grants more memory or disk, or the author asks for less |
///
/// The message is `[CODE] text`; the text says where, what was found, what was expected and what to do. A mistake
/// inside Headrace itself is none of these, but an `IllegalStateException` or an `IllegalArgumentException`.
public abstract sealed class HeadraceException extends RuntimeException
        permits QueryException,
                DataException,
                CheckpointException,
                UnavailableException,
                CommitUnknownException,
                ResourceException {

    private static final long serialVersionUID = 1L;
    private static final Pattern CODE = Pattern.compile("[A-Z][A-Z0-9_]*(\\.[A-Z][A-Z0-9_]*)?");

    private final String code;

    HeadraceException(String code, String text, @Nullable Throwable cause) {
        super("[" + code + "] " + text.strip(), cause);
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException(
                    "An error code is upper case with underscores, such as UNRESOLVED_COLUMN, not '" + code + "'.");
        }
        this.code = code;
    }

    /// The stable name of the cause, such as `UNRESOLVED_COLUMN`: what a program may compare, unlike the message.
    public final String code() {
        return code;
    }

    /// Its SQLSTATE, five characters: Spark's for the error condition of this name, else the one for the type of error.
    public final String getSqlState() {
        return SqlStates.of(code).orElseGet(() -> switch (this) {
            case QueryException _ -> "42000";
            case DataException _ -> "22000";
            case FencedException _ -> "40001";
            case CheckpointException _ -> "58000";
            case UnavailableException _ -> "08000";
            case CommitUnknownException _ -> "40003";
            case ResourceException _ -> "53000";
        });
    }

    /// The message without its `[CODE]`, for a caller that puts it into a larger one.
    public final String text() {
        return Objects.requireNonNull(getMessage()).substring(code.length() + 3);
    }
}
