package dev.headrace.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A query does not wait until what it has put on disk is given back; one that puts more there does.
class SpillSpaceTest {
    @TempDir
    Path directory;

    @AutoClose
    private final BufferAllocator memory = new RootAllocator();

    private final CountDownLatch givenBack = new CountDownLatch(1);

    /// Takes as long as the test wants.
    private final Closeable large = () -> {
        boolean interrupted = false;
        while (givenBack.getCount() > 0) {
            try {
                givenBack.await();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    };

    @Test
    void filesAreClosedBehindTheirQuery() throws Exception {
        try (SpillSpace space = new SpillSpace(memory, Long.MAX_VALUE, 1, directory)) {
            space.closeBehind(large);

            FutureTask<SpillFile> next = new FutureTask<>(space::newFile);
            Thread waits = Thread.ofPlatform().start(next);
            while (waits.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            givenBack.countDown();
            next.get().close();
            assertEquals(0, space.openFiles());
        }
    }

    /// A session that an interrupted thread closes: what waits to be closed is closed all the same.
    @Test
    void anInterruptedThreadClosesWhatWaits() throws Exception {
        AtomicBoolean closed = new AtomicBoolean();
        SpillSpace space = new SpillSpace(memory, Long.MAX_VALUE, 1, directory);
        space.closeBehind(large);
        space.closeBehind(() -> closed.set(true));
        FutureTask<Boolean> closing = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            space.close();
            return Thread.interrupted();
        });
        Thread closes = Thread.ofPlatform().start(closing);
        while (closes.getState() != Thread.State.WAITING && closes.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        givenBack.countDown();

        assertTrue(closing.get());
        assertTrue(closed.get());
    }

    @Test
    void aQueryThatWaitsForRoomIsCancelled() throws Exception {
        try (SpillSpace space = new SpillSpace(memory, Long.MAX_VALUE, 1, directory)) {
            Cancellation query = new Cancellation();
            space.closeBehind(large);
            FutureTask<QueryCancelledException> next = new FutureTask<>(
                    () -> assertThrows(QueryCancelledException.class, () -> query.within(space::newFile)));
            Thread waits = Thread.ofPlatform().start(next);
            while (waits.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }

            query.cancel();
            next.get();
            givenBack.countDown();
        }
    }
}
