package dev.headrace.leakcheck;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is left behind is seen.
class LeakCheckTest {

    @Test
    void aThreadIsSeenWhileItRuns() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("headrace-left").start(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertTrue(OurThreads.running().contains(thread));

        end.countDown();
        thread.join();

        assertFalse(OurThreads.running().contains(thread));
    }

    @Test
    void aFileIsSeenWhileItIsOpen(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("data"), "x").toRealPath();
        try (InputStream open = Files.newInputStream(file)) {
            assertTrue(OpenFiles.now().contains(file.toString()));
            assertTrue(open.read() >= 0);
        }

        assertFalse(OpenFiles.now().contains(file.toString()));
    }
}
