package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstUseTest {
    private static final List<String> THREADS = List.of("headrace-first-use", "headrace-class-path");

    @Test
    void noThreadIsLeftOver() throws InterruptedException {
        FirstUse.prepare();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (THREADS.contains(thread.getName())) {
                thread.join(Duration.ofSeconds(300));
                assertFalse(thread.isAlive(), thread.getName());
            }
        }
    }
}
