package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.exec.TaskPool;
import java.util.concurrent.CountDownLatch;
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
}
