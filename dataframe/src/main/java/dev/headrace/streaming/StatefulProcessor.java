package dev.headrace.streaming;

import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// A function over the rows of each key that keeps state and sets timers, for `transformWithState`.
///
/// [#init] is called once, when the query is described; the other methods are called in batches, for one key at a time.
/// What is to be remembered from batch to batch belongs in states, not in fields of the processor.
///
/// @param <K> the class of keys
/// @param <I> the class of input rows
/// @param <O> the class of output rows
public abstract class StatefulProcessor<K, I, O> {
    private @Nullable StatefulProcessorHandle handle;

    /// Asks for the states, see [#getHandle].
    public abstract void init(OutputMode outputMode, TimeMode timeMode);

    /// Takes in new rows of a key.
    public abstract Iterator<O> handleInputRows(K key, Iterator<I> inputRows, TimerValues timerValues);

    /// A timer of the key has gone off. Timers of a batch go off after its rows.
    public Iterator<O> handleExpiredTimer(K key, TimerValues timerValues, ExpiredTimerInfo expiredTimerInfo) {
        return Collections.emptyIterator();
    }

    /// Never called at present: a processor lives as long as the program uses it.
    public void close() {}

    public final void setHandle(StatefulProcessorHandle newHandle) {
        handle = newHandle;
    }

    public final StatefulProcessorHandle getHandle() {
        StatefulProcessorHandle current = handle;
        if (current == null) {
            throw new IllegalStateException("the processor belongs to no query yet; ask for states in init");
        }
        return current;
    }
}
