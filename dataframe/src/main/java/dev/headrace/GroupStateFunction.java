package dev.headrace;

import dev.headrace.api.java.function.FlatMapGroupsWithStateFunction;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.streaming.GroupStateTimeout;
import dev.headrace.streaming.OutputMode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The function of `flatMapGroupsWithState`: its state is one column.
///
/// @param initialState the states of keys at the beginning
record GroupStateFunction<K, V, S, R>(
        String name,
        GroupedInput<K, V> input,
        Optional<GroupedInput<K, S>> initialState,
        ObjectCells<S> states,
        ObjectCells<R> output,
        OutputMode mode,
        GroupStateTimeout timeout,
        FlatMapGroupsWithStateFunction<K, V, S, R> function)
        implements GroupCall.Stateful {
    static final int STATE = 0;

    @Override
    public StructType keySchema() {
        return input.keys().schema();
    }

    @Override
    public StructType outputSchema() {
        return output.schema();
    }

    @Override
    public List<@Nullable Object> key(int ofInput, List<@Nullable Object> row) {
        return ofInput == 0 ? input.keyOf(row) : initialState.orElseThrow().keyOf(row);
    }

    @Override
    public StructType stateSchema() {
        return new StructType(List.of(new StructField("state", states.type(), true)));
    }

    @Override
    public TimerClock clock() {
        return switch (timeout) {
            case NoTimeout -> TimerClock.NONE;
            case ProcessingTimeTimeout -> TimerClock.PROCESSING_TIME;
            case EventTimeTimeout -> TimerClock.EVENT_TIME;
        };
    }

    @Override
    public boolean updates() {
        return mode == OutputMode.UPDATE;
    }

    /// As in Spark: in a batch query each key is called once.
    @Override
    public boolean timersInBatch() {
        return false;
    }

    @Override
    public boolean callsWithoutRows() {
        return true;
    }

    @Override
    public void initial(Group group, List<@Nullable Object> row, Times times) {
        if (group.get(STATE) != null) {
            throw new QueryException(
                    "DUPLICATE_INITIAL_STATE",
                    "The initial state of " + name + " has several rows for the key "
                            + input.keys().object(group.key()) + "; a key begins with one state. Aggregate it by key"
                            + " before.");
        }
        group.set(STATE, states.cell(initialState.orElseThrow().value().of(row)));
    }

    @Override
    public void rows(Group group, List<List<@Nullable Object>> rows, Times times, Output out) {
        call(group, input.objects(rows.iterator()), false, times, out);
    }

    @Override
    public void timer(Group group, long timerMillis, Times times, Output out) {
        call(group, Collections.emptyIterator(), true, times, out);
    }

    private void call(Group group, Iterator<V> values, boolean timedOut, Times times, Output out) {
        K key = input.keys().object(group.key());
        // Each call resets the time-out.
        group.timers().clear();
        KeyState<S> state = new KeyState<>(group, states, timeout, timedOut, times);
        Iterator<R> results = UserCode.call(name, String.valueOf(key), () -> function.call(key, values, state));
        output.give(results, name, String.valueOf(key), out);
    }

    @Override
    public void expire(Group group, Times times) {}
}
