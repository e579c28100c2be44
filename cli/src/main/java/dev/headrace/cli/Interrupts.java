package dev.headrace.cli;

import dev.headrace.Session;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// What Ctrl-C does while a command runs queries: it cancels them, so that the command ends in order. If none runs, or
/// the second time, it ends the process.
final class Interrupts implements AutoCloseable {
    private static final Signal SIGNAL = new Signal("INT");
    private static final int INTERRUPTED = 130;

    private final SignalHandler before;

    private Interrupts(SignalHandler before) {
        this.before = before;
    }

    static Interrupts cancelQueriesOf(Session session) {
        AtomicBoolean told = new AtomicBoolean();
        return new Interrupts(Signal.handle(SIGNAL, _ -> {
            if (session.interruptAll().isEmpty() || told.getAndSet(true)) {
                System.exit(INTERRUPTED);
            }
        }));
    }

    @Override
    public void close() {
        Signal.handle(SIGNAL, before);
    }
}
