package dev.headrace.errors;

import java.util.ArrayList;
import java.util.List;

/// The query, its options or its use of the API is wrong. The author changes it; nothing was written.
public final class QueryException extends HeadraceException {

    private static final long serialVersionUID = 1L;
    private static final int MOST_PARTS = 20;

    private final transient List<Object> parts = new ArrayList<>();

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

    /// Remembers a part of the query that the error is about: called from the innermost part outwards, on the way up.
    /// SQL shows from it where in the text the mistake is.
    public QueryException within(Object part) {
        if (parts.size() < MOST_PARTS) {
            parts.add(part);
        }
        return this;
    }

    /// The parts of the query that the error is about, the innermost first.
    public List<Object> parts() {
        return List.copyOf(parts);
    }
}
