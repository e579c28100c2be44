package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import org.junit.jupiter.api.function.Executable;

/// Pins the messages of errors.
public final class Failures {
    private Failures() {}

    public static void assertFails(String message, Executable action) {
        assertEquals(message, assertThrows(HeadraceException.class, action).getMessage());
    }

    /// How an error ends that points at a part of a text of one line.
    public static String at(String sql, String part) {
        int column = sql.indexOf(part);
        return "\n== SQL, line 1, column " + (column + 1) + " ==\n" + sql + "\n" + " ".repeat(column)
                + "^".repeat(part.length());
    }
}
