package dev.headrace.cli;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.exec.BatchRuns;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// What Ctrl-C does while a command, or a statement of the shell, runs queries: it cancels them, so that all ends in
/// order and leaves nothing half-written. The second time for the same queries it ends the process; so it does if a
/// command has begun none within a second, while the shell waits until its statement has one or ends.
final class Interrupts implements AutoCloseable {
    private static final Signal SIGNAL = new Signal("INT");
    private static final long PAUSE_MILLIS = 20;
    private static final int PATIENCE = 50;

    private final Session session;
    private final BatchRuns runs;
    private final int patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean waits = new AtomicBoolean();
    private final SignalHandler before;
    private final Set<String> told = new HashSet<>();

    /// @param patience how many pauses to wait for a query
    private Interrupts(Session session, int patience) {
        this.session = session;
        this.runs = Frames.runtime(session).runs();
        this.patience = patience;
        this.before = Signal.handle(SIGNAL, _ -> cancel());
    }

    /// For a command.
    static Interrupts cancelQueriesOf(Session session) {
        return new Interrupts(session, PATIENCE);
    }

    /// For a statement of the shell, which goes on after it.
    static Interrupts cancelStatementOf(Session session) {
        return new Interrupts(session, Integer.MAX_VALUE);
    }

    void cancel() {
        try {
            if (waits.compareAndSet(false, true) && isTold()) {
                waits.set(false);
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        endProcess();
    }

    /// Ends the process by the signal itself: a shell's loop goes on behind a command that has only given the code of
    /// one that was ended so. Does nothing but wait if something else ends the process already.
    static void endProcess() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread("end-by-signal"));
            Signal.handle(SIGNAL, SignalHandler.SIG_DFL);
            // The JDK raises no signal that it does not handle itself.
            new ProcessBuilder(
                            "/bin/sh",
                            "-c",
                            "kill -INT " + ProcessHandle.current().pid())
                    .start()
                    .waitFor();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException | IOException ending) {
            // Something else ends it already and gives the code, or there is no shell to care.
        }
        System.exit(ExitCode.INTERRUPTED);
    }

    /// A statement that is about to write has no query yet, so one is waited for; so is the end of one that commits.
    ///
    /// @return false if nothing can be told to end, or has been before
    private boolean isTold() throws InterruptedException {
        int pauses = 0;
        while (pauses < patience) {
            boolean idle = runs.running().isEmpty();
            List<String> queries = session.interruptAll();
            if (told.addAll(queries)) {
                return true;
            }
            if (!queries.isEmpty()) {
                return false;
            }
            if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
            pauses += idle ? 1 : 0;
        }
        return false;
    }

    @Override
    public void close() {
        closed.countDown();
        Signal.handle(SIGNAL, before);
    }
}
