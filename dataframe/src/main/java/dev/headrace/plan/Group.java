package dev.headrace.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The state of one key while a batch works on it: a value per column of the state, and timers. Used by one thread.
public final class Group {
    /// No time.
    public static final long NEVER = Long.MAX_VALUE;

    private final List<@Nullable Object> key;
    private final List<@Nullable Object> state;
    private final NavigableSet<Long> timers;
    private long cleanupMillis;
    private final List<@Nullable Object> stateBefore;
    private final List<Long> timersBefore;
    private final long cleanupBefore;

    /// @param state a value per column of the state, all null if there is none
    /// @param timers when timers go off, in milliseconds
    /// @param cleanupMillis when a part of the state outlives its time next, or [#NEVER]
    public Group(
            List<@Nullable Object> key, List<@Nullable Object> state, Collection<Long> timers, long cleanupMillis) {
        this.key = key;
        this.state = new ArrayList<>(state);
        this.timers = new TreeSet<>(timers);
        this.cleanupMillis = cleanupMillis;
        this.stateBefore = new ArrayList<>(state);
        this.timersBefore = List.copyOf(this.timers);
        this.cleanupBefore = cleanupMillis;
    }

    /// A key without state.
    public static Group empty(List<@Nullable Object> key, int columns) {
        List<@Nullable Object> nothing = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            nothing.add(null);
        }
        return new Group(key, nothing, List.of(), NEVER);
    }

    public List<@Nullable Object> key() {
        return key;
    }

    public @Nullable Object get(int column) {
        return state.get(column);
    }

    /// @param value an object that does not change any more
    public void set(int column, @Nullable Object value) {
        state.set(column, value);
    }

    public List<@Nullable Object> state() {
        return state;
    }

    /// The timers that are set, in milliseconds; may be changed.
    public NavigableSet<Long> timers() {
        return timers;
    }

    public long cleanupMillis() {
        return cleanupMillis;
    }

    public void cleanUpAt(long millis) {
        cleanupMillis = millis;
    }

    /// Whether nothing of the key needs to be remembered.
    public boolean isEmpty() {
        return timers.isEmpty() && state.stream().allMatch(Objects::isNull);
    }

    /// Whether nothing of the key was remembered before the batch.
    public boolean wasEmpty() {
        return timersBefore.isEmpty() && stateBefore.stream().allMatch(Objects::isNull);
    }

    public boolean isChanged() {
        return cleanupMillis != cleanupBefore
                || !timersBefore.equals(List.copyOf(timers))
                || !stateBefore.equals(state);
    }

    public List<Long> timersBefore() {
        return timersBefore;
    }

    public long cleanupBefore() {
        return cleanupBefore;
    }
}
