package dev.headrace.exec;

import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Hands over chunks in the order of the splits while these are read: those of the first split that has not ended at
/// once, those of others when it is their turn. Until then they are held, and if they are many, their splits wait.
///
/// None waits for ever: splits begin in their order, so the one whose turn it is has begun, and that one never waits.
/// Only after a failure a split may not begin; by then no more are wanted, and none waits any longer.
/// Thread-safe; chunks are handed over by one thread at a time.
final class OrderedDelivery implements StageSink, AutoCloseable {
    /// What others may read ahead while one of them is slow, or the recipient is.
    private static final long MOST_HELD_BYTES = 64L << 20;

    private final RunContext run;
    private final Predicate<Chunk> recipient;
    private final Map<Integer, Held> held = new HashMap<>();
    private int turn;
    private long heldBytes;
    private volatile boolean over;
    private volatile boolean unwanted;

    /// What a split has given before its turn.
    private static final class Held {
        private final Queue<Chunk> chunks = new ArrayDeque<>();
        private boolean ended;
    }

    /// @param recipient is lent each chunk, and says whether it wants more
    OrderedDelivery(RunContext run, Predicate<Chunk> recipient) {
        this.run = run;
        this.recipient = recipient;
    }

    /// Whether all chunks were wanted.
    boolean isWhole() {
        return !unwanted;
    }

    @Override
    public synchronized Task open(int split) {
        held.put(split, new Held());
        return new SplitTask(split);
    }

    @Override
    public void failed() {
        end();
    }

    private final class SplitTask implements Task {
        private final int split;
        private boolean finished;

        SplitTask(int split) {
            this.split = split;
        }

        @Override
        public void accept(Chunk chunk) {
            if (!holds(split, chunk)) {
                try (chunk) {
                    deliverHeld(split);
                    deliver(chunk);
                }
            }
        }

        @Override
        public boolean isFull() {
            return over;
        }

        @Override
        public void finish() {
            boolean endsInTurn = ends(split);
            for (int ended = split; endsInTurn; ended++) {
                deliverHeld(ended);
                // It may be long until the next one, whose turn it is then, has more to give.
                deliverHeld(ended + 1);
                endsInTurn = passesTurn(ended);
            }
            finished = true;
        }

        @Override
        public void close() {
            if (!finished) {
                end();
            }
        }
    }

    /// Takes the chunk over as soon as there is room for it, unless by then it is the split's turn or no more are
    /// wanted.
    private synchronized boolean holds(int split, Chunk chunk) {
        long bytes = chunk.sizeInBytes();
        while (turn != split && !over && heldBytes > 0 && isTooMuch(heldBytes + bytes)) {
            try {
                wait();
            } catch (InterruptedException interrupted) {
                chunk.close();
                run.cancellation().cancel();
                Thread.currentThread().interrupt();
                throw new QueryCancelledException();
            }
        }
        Held before = held.get(split);
        if (turn == split || over || before == null) {
            return false;
        }
        before.chunks.add(chunk);
        heldBytes += bytes;
        return true;
    }

    private boolean isTooMuch(long bytes) {
        return bytes > MOST_HELD_BYTES || run.spill().isTooMuchResult(bytes);
    }

    /// Whether a split that has come to its end must deliver what it has given: otherwise the one before it does.
    private synchronized boolean ends(int split) {
        Held before = held.get(split);
        if (before != null) {
            before.ended = true;
        }
        return turn == split;
    }

    /// Whether the next split has ended, and left what it has given to whoever passes the turn on to it.
    private synchronized boolean passesTurn(int from) {
        held.remove(from);
        turn = from + 1;
        notifyAll();
        Held next = held.get(turn);
        return next != null && next.ended;
    }

    private void deliverHeld(int split) {
        for (Chunk chunk = poll(split); chunk != null; chunk = poll(split)) {
            try (Chunk current = chunk) {
                deliver(current);
            }
        }
    }

    private synchronized @Nullable Chunk poll(int split) {
        Held before = held.get(split);
        Chunk chunk = before == null ? null : before.chunks.poll();
        if (chunk != null) {
            heldBytes -= chunk.sizeInBytes();
        }
        return chunk;
    }

    private void deliver(Chunk chunk) {
        if (!over && chunk.rowCount() > 0 && !recipient.test(chunk)) {
            unwanted = true;
            end();
        }
    }

    private synchronized void end() {
        over = true;
        notifyAll();
    }

    @Override
    public synchronized void close() {
        for (Held before : held.values()) {
            Closing.all(before.chunks);
        }
        held.clear();
    }
}
