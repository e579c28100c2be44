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
}
