package dev.headrace.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private final List<String> closed = new ArrayList<>();

    @Test
    void allAreClosedInOrderAlthoughOneFails() {
        RuntimeException first = new IllegalArgumentException("first");
        Error second = new AssertionError("second");

        RuntimeException thrown = assertThrows(
                RuntimeException.class,
                () -> Closing.all(List.of(named("a"), failing(first), named("b"), failing(second), named("c"))));

        assertSame(first, thrown);
        assertArrayEquals(new Throwable[] {second}, thrown.getSuppressed());
        assertEquals(List.of("a", "b", "c"), closed);
    }

    @Test
    void whatIsNoListIsClosedAsWell() {
        Closing.all(new ArrayDeque<>(List.of(named("a"), named("b"))));
        Closing.all(List.of());

        assertEquals(List.of("a", "b"), closed);
    }

    @Test
    void checkedExceptionsAreWrapped() {
        IOException failed = new IOException("disk");

        RuntimeException thrown =
                assertThrows(IllegalStateException.class, () -> Closing.all(List.of(failing(failed), named("a"))));

        assertSame(failed, thrown.getCause());
        assertEquals(List.of("a"), closed);
    }

    /// The first time there is no heap for an object that closing makes, the reserve is given up for it.
    @Test
    void whatRunsOutOfHeapIsClosedOnceMore() {
        HeapReserve.take();
        OutOfMemoryError noHeap = new OutOfMemoryError("Java heap space");
        AutoCloseable nested = () -> {
            closed.add("nested");
            if (closed.size() == 1) {
                throw noHeap;
            }
        };

        Closing.all(List.of(nested, named("a")));

        assertEquals(List.of("nested", "nested", "a"), closed);
    }

    private AutoCloseable named(String name) {
        return () -> closed.add(name);
    }

    private static AutoCloseable failing(Throwable failure) {
        return () -> {
            switch (failure) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                default -> throw new IllegalStateException(failure);
            }
        };
    }
}
