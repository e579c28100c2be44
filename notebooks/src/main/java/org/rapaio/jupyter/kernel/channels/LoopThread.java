package org.rapaio.jupyter.kernel.channels;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A thread that repeats its work with a pause between, until it is shut down.
///
/// It stands before the kernel's own class of this name on the class path. With that one, the kernel now and then never
/// answers: the loop is allowed to run only after its thread has been started, which may have ended by then; and the
/// loop may take a message before the kernel knows what handles it, which ends the thread too. Here, all loops wait for
/// [#open].
public final class LoopThread extends Thread {
    private static final CountDownLatch OPEN = new CountDownLatch(1);

    private final CountDownLatch end = new CountDownLatch(1);
    private final long pauseMillis;
    private final Runnable work;

    public LoopThread(String name, long pauseMillis, Runnable work) {
        super(name);
        // A client waits for each answer, so it is looked for more often than the kernel asks to.
        this.pauseMillis = Math.min(pauseMillis, 5);
        this.work = work;
    }

    /// Lets all loops begin.
    public static void open() {
        OPEN.countDown();
    }

    @Override
    public void run() {
        try {
            OPEN.await();
            do {
                work.run();
            } while (!end.await(pauseMillis, TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the loop after the work that is being done. May be called twice, and by the thread itself.
    public void shutdown() {
        end.countDown();
    }
}
