package dev.headrace.chunk;

import java.util.ArrayList;
import java.util.List;

/// Pieces of the JVM's heap that nobody uses, given up one by one when there is no more: what the work that failed held
/// outside the heap is still there then, and to close it needs a few objects. Other work that still goes on may take
/// what is given up, so there is a piece for who fails next. Thread-safe.
public final class HeapReserve {
    private static final int PIECES = 4;

    /// What tasks may take that are told of the failure only when they have ended a chunk.
    private static final int BYTES = (int) Math.clamp(Runtime.getRuntime().maxMemory() >> 10, 512 << 10, 16 << 20);

    private static final List<byte[]> KEPT = new ArrayList<>(PIECES);

    private HeapReserve() {}

    /// Takes the pieces that are not there before work begins, as many as the heap has.
    public static synchronized void take() {
        try {
            while (KEPT.size() < PIECES) {
                KEPT.add(new byte[BYTES]);
            }
        } catch (OutOfMemoryError noHeap) {
            // The work may need less.
            return;
        }
    }

    /// Lets objects have a piece, until it is taken again.
    ///
    /// @return false if there is none left
    public static synchronized boolean giveUp() {
        if (KEPT.isEmpty()) {
            return false;
        }
        KEPT.removeLast();
        return true;
    }
}
