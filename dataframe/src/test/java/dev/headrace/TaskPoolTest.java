package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.exec.TaskPool;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TaskPoolTest {
    @Test
    void tasksEndWhileTheThreadsAreBusyWithThoseOfAnotherCall() throws Exception {
        try (TaskPool pool = new TaskPool(2)) {
            CountDownLatch bothRun = new CountDownLatch(2);
            CountDownLatch released = new CountDownLatch(1);
            Thread other = Thread.ofPlatform()
                    .start(() -> pool.run(2, _ -> {
                        bothRun.countDown();
                        try {
                            released.await();
                        } catch (InterruptedException interrupted) {
                            throw new IllegalStateException(interrupted);
                        }
                    }));
            bothRun.await();

            AtomicInteger done = new AtomicInteger();
            pool.run(5, _ -> done.incrementAndGet());

            assertEquals(5, done.get());
            released.countDown();
            other.join();
        }
    }

    /// The JVM has one error for several threads when it has no memory for more.
    @Test
    void tasksMayFailByTheSameError() {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        CyclicBarrier bothRun = new CyclicBarrier(2);
        try (TaskPool pool = new TaskPool(2)) {
            OutOfMemoryError thrown = assertThrows(
                    OutOfMemoryError.class,
                    () -> pool.run(2, _ -> {
                        await(bothRun);
                        throw error;
                    }));
            assertSame(error, thrown);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void aPoolThatIsClosedRunsNothing() {
        TaskPool pool = new TaskPool(3);
        pool.close();
        AtomicInteger done = new AtomicInteger();

        assertThrows(RejectedExecutionException.class, () -> pool.run(3, _ -> done.incrementAndGet()));
        assertEquals(0, done.get());
    }
}
