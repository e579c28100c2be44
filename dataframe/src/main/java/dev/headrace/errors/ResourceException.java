package dev.headrace.errors;

/// Memory, disk or another bounded resource is used up. An operator grants more, or the author asks for less; running
/// the same batch again with more of it is safe.
public final class ResourceException extends HeadraceException {

    private static final long serialVersionUID = 1L;

    /// @param code what a program compares, such as `OUT_OF_MEMORY`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    public ResourceException(String code, String text) {
        super(code, text, null);
    }

    /// @param code what a program compares, such as `OUT_OF_MEMORY`
    /// @param text where, what was found, what was expected, what to do; values in single quotes
    /// @param cause what failed below
    public ResourceException(String code, String text, Throwable cause) {
        super(code, text, cause);
    }

    /// Strings or binaries of more bytes than a column of one chunk can have.
    ///
    /// @return `CHUNK_TOO_LARGE`
    public static ResourceException chunkTooLarge(String column) {
        return new ResourceException(
                "CHUNK_TOO_LARGE",
                "The values of column '" + column + "' in one chunk exceed " + Integer.MAX_VALUE
                        + " bytes. Read the source in smaller pieces, or make shorter values.");
    }

    /// Arrays or maps of more elements than a column of one chunk can have.
    ///
    /// @return `CHUNK_TOO_LARGE`
    public static ResourceException tooManyElements(String column) {
        return new ResourceException(
                "CHUNK_TOO_LARGE",
                "The arrays or maps of column '" + column + "' in one chunk have more than " + Integer.MAX_VALUE
                        + " elements. Read the source in smaller pieces, or make shorter ones.");
    }
}
