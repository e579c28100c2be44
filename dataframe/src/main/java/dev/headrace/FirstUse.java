package dev.headrace;

import dev.headrace.sql.SqlParser;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/// What the first statement of a process would wait for: classes that unpack or compute large tables as they are
/// loaded. A thread loads them while the program makes its session and its tables.
final class FirstUse {
    private static final AtomicBoolean PREPARED = new AtomicBoolean();

    private FirstUse() {}

    /// Begins with it, once in a process. Who needs one of the classes before it is ready waits for it no longer than
    /// if it loaded the class itself.
    static void prepare() {
        if (!PREPARED.getAndSet(true)) {
            Thread.ofPlatform().daemon().name("headrace-first-use").start(FirstUse::load);
        }
    }

    private static void load() {
        try {
            SqlParser.prepare();
            // The JDK's powers of five: 25 ms.
            Objects.requireNonNull(BigDecimal.ONE);
        } catch (RuntimeException | LinkageError failed) {
            // Nothing has been asked for yet. Who does is told.
        }
    }
}
