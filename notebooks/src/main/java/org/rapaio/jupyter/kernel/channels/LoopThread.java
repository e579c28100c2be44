package org.rapaio.jupyter.kernel.channels;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A thread that repeats its work with a pause between, until it is shut down.
///
/// It stands before the kernel's own class of this name on the class path. There, `start` allows the loop to run only
/// after the thread has been started, so that now and then the thread finds that it may not run, ends, and the kernel
/// never answers.
public final class LoopThread extends Thread {
    private final CountDownLatch end = new CountDownLatch(1);
    private final long pauseMillis;
    private final Runnable work;

    public LoopThread(String name, long pauseMillis, Runnable work) {
        super(name);
        // A client waits for each answer, so it is looked for more often than the kernel asks to.
        this.pauseMillis = Math.min(pauseMillis, 5);
        this.work = work;
    }

    @Override
    public void run() {
        try {
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
