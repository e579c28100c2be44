package dev.headrace.streaming;

/// A [StatefulProcessor] whose states begin with rows of a table.
///
/// @param <S> the class of the table's rows
public abstract class StatefulProcessorWithInitialState<K, I, O, S> extends StatefulProcessor<K, I, O> {
    /// Sets the state of a key from a row of the table; called in the first batch, before any other row.
    public abstract void handleInitialState(K key, S initialState, TimerValues timerValues);
}
