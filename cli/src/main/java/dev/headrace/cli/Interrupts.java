package dev.headrace.cli;

import dev.headrace.Session;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// What Ctrl-C does while a command runs queries: it cancels them, so that the command ends in order and leaves nothing
/// half-written. The second time for the same queries, or if none has begun within a second, it ends the process.
final class Interrupts implements AutoCloseable {
    private static final Signal SIGNAL = new Signal("INT");
    private static final int INTERRUPTED = 130;
    private static final long PAUSE_MILLIS = 20;
    private static final int PATIENCE = 50;

    private final Session session;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final SignalHandler before;
    private final Set<String> told = new HashSet<>();

    private Interrupts(Session session) {
        this.session = session;
        this.before = Signal.handle(SIGNAL, _ -> cancel());
    }

    static Interrupts cancelQueriesOf(Session session) {
        return new Interrupts(session);
    }

    /// A statement that is about to write has no query yet, so one is waited for.
    private synchronized void cancel() {
        try {
            for (int i = 0; i < PATIENCE; i++) {
                List<String> queries = session.interruptAll();
                if (told.addAll(queries)) {
                    return;
                }
                if (!queries.isEmpty() || closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        System.exit(INTERRUPTED);
    }

    @Override
    public void close() {
        closed.countDown();
        Signal.handle(SIGNAL, before);
    }
}
