package dev.headrace.json;

/// Says that a record is not JSON, within the package: caught by [JsonDecoder], which knows the reader's mode.
///
/// One instance per parser is thrown again and again, without a stack trace, because malformed records may be many.
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private int position;
    private String expected = "";

    Malformed() {
        super(null, null, false, false);
    }

    /// This exception, with a new meaning.
    Malformed at(int newPosition, String newExpected) {
        position = newPosition;
        expected = newExpected;
        return this;
    }

    /// The index in the bytes that were parsed.
    int position() {
        return position;
    }

    /// What would have been right there.
    String expected() {
        return expected;
    }
}
