package dev.headrace.xml;

/// Says that a text is not XML, within the package: caught where the reader's mode is known.
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param problem where and what, such as `at line 1, column 5, …`
    Malformed(String problem) {
        super(problem, null, false, false);
    }

    String problem() {
        return String.valueOf(getMessage());
    }
}
