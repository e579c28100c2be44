package dev.headrace;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.streaming.ListState;
import dev.headrace.streaming.MapState;
import dev.headrace.streaming.StatefulProcessorHandle;
import dev.headrace.streaming.TTLConfig;
import dev.headrace.streaming.TimeMode;
import dev.headrace.streaming.ValueState;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The states that a processor has asked for, each a column of what is kept per key: an array of elements
/// `struct<key, value, expires>`, of which a value state has at most one. Elements without a time to live expire never,
/// and those of value and list states have a null key.
final class ProcessorStates implements StatefulProcessorHandle {
    private final JavaValues values;
    private final TimeMode timeMode;
    private final List<StructField> columns = new ArrayList<>();
    private @Nullable Group current;
    private GroupCall.@Nullable Times times;

    ProcessorStates(JavaValues values, TimeMode timeMode) {
        this.values = values;
        this.timeMode = timeMode;
    }

    TimeMode timeMode() {
        return timeMode;
    }

    StructType schema() {
        return new StructType(columns);
    }

    /// Runs a call of the processor for a key.
    synchronized void during(Group group, GroupCall.Times now, Runnable call) {
        current = group;
        times = now;
        try {
            call.run();
        } finally {
            current = null;
            times = null;
        }
    }

    private Group group(String doing) {
        Group group = current;
        if (group == null) {
            throw new QueryException(
                    "STATE_OUTSIDE_OF_CALL",
                    doing + " works on the state of the key that the processor is called for, so it can be used in"
                            + " handleInputRows, handleExpiredTimer and handleInitialState only.");
        }
        return group;
    }

    private GroupCall.Times now() {
        GroupCall.Times now = times;
        if (now == null) {
            throw new IllegalStateException("no call of the processor");
        }
        return now;
    }

    private Elements column(String name, DataType key, DataType value, TTLConfig ttl) {
        if (current != null) {
            throw new QueryException(
                    "STATE_AFTER_INIT",
                    "The state '" + name + "' must be asked for in init(…), not while rows are handled.");
        }
        if (columns.stream().anyMatch(column -> column.name().equals(name.toLowerCase(Locale.ROOT)))) {
            throw new QueryException(
                    "DUPLICATE_STATE", "The processor has asked for a state '" + name + "' before. Names are unique.");
        }
        long ttlMillis = ttl.ttlDuration().toMillis();
        if (ttlMillis < 0 || ttlMillis > 0 && timeMode != TimeMode.ProcessingTime) {
            throw new QueryException(
                    "INVALID_TTL",
                    "The state '" + name + "' is to live for " + ttl.ttlDuration() + ": that needs a positive duration"
                            + " and TimeMode.ProcessingTime(), but the processor runs with " + timeMode + ".");
        }
        StructType element = new StructType()
                .add(new StructField("key", key, true))
                .add(new StructField("value", value, true))
                .add("expires", "bigint");
        columns.add(new StructField(name.toLowerCase(Locale.ROOT), new ArrayType(element, false), true));
        return new Elements(columns.size() - 1, name, ttlMillis);
    }

    @Override
    public <T> ValueState<T> getValueState(String stateName, Encoder<T> encoder, TTLConfig ttlConfig) {
        ObjectCells<T> cells = new ObjectCells<>(encoder, values, "a value of the state '" + stateName + "'");
        return new StateOfValue<>(column(stateName, NO_KEY, cells.type(), ttlConfig), cells);
    }

    @Override
    public <T> ListState<T> getListState(String stateName, Encoder<T> encoder, TTLConfig ttlConfig) {
        ObjectCells<T> cells = new ObjectCells<>(encoder, values, "a value of the state '" + stateName + "'");
        return new StateOfList<>(column(stateName, NO_KEY, cells.type(), ttlConfig), cells);
    }

    @Override
    public <K, V> MapState<K, V> getMapState(
            String stateName, Encoder<K> keyEncoder, Encoder<V> valueEncoder, TTLConfig ttlConfig) {
        ObjectCells<K> keys = new ObjectCells<>(keyEncoder, values, "a key of the state '" + stateName + "'");
        ObjectCells<V> cells = new ObjectCells<>(valueEncoder, values, "a value of the state '" + stateName + "'");
        return new StateOfMap<>(column(stateName, keys.type(), cells.type(), ttlConfig), keys, cells);
    }

    private static final DataType NO_KEY = dev.headrace.types.DataTypes.BooleanType;

    @Override
    public void registerTimer(long expiryTimestampMs) {
        timers("registerTimer(" + expiryTimestampMs + ")").timers().add(expiryTimestampMs);
    }

    @Override
    public void deleteTimer(long expiryTimestampMs) {
        timers("deleteTimer(" + expiryTimestampMs + ")").timers().remove(expiryTimestampMs);
    }

    @Override
    public Iterator<Long> listTimers() {
        return List.copyOf(timers("listTimers()").timers()).iterator();
    }

    private Group timers(String doing) {
        Group group = group(doing);
        if (timeMode == TimeMode.None) {
            throw new QueryException(
                    "TIMERS_NOT_ENABLED",
                    doing + " needs TimeMode.ProcessingTime() or TimeMode.EventTime(), but transformWithState was given"
                            + " TimeMode.None().");
        }
        return group;
    }

    /// Drops the elements of all states that have outlived their time.
    void expire(Group group, long nowMillis) {
        long next = Group.NEVER;
        for (int column = 0; column < columns.size(); column++) {
            List<List<@Nullable Object>> kept = new ArrayList<>();
            for (List<@Nullable Object> element : elements(group, column)) {
                if (expires(element) > nowMillis) {
                    kept.add(element);
                    next = Math.min(next, expires(element));
                }
            }
            group.set(column, kept.isEmpty() ? null : kept);
        }
        group.cleanUpAt(next);
    }

    private static long expires(List<@Nullable Object> element) {
        return element.get(2) instanceof Long millis ? millis : Group.NEVER;
    }

    @SuppressWarnings("unchecked") // an array's cell is a list, a struct's too
    private static List<List<@Nullable Object>> elements(Group group, int column) {
        Object cell = group.get(column);
        return cell == null ? List.of() : (List<List<@Nullable Object>>) cell;
    }

    /// The elements of one state of the current key.
    final class Elements {
        private final int column;
        private final String name;
        private final long ttlMillis;

        Elements(int column, String name, long ttlMillis) {
            this.column = column;
            this.name = name;
            this.ttlMillis = ttlMillis;
        }

        List<List<@Nullable Object>> all() {
            return elements(group("The state '" + name + "'"), column);
        }

        /// @param elements key and value of each, and when it expires, as [#element] and [#all] give them
        void set(List<List<@Nullable Object>> elements) {
            Group group = group("The state '" + name + "'");
            group.set(column, elements.isEmpty() ? null : List.copyOf(elements));
            for (List<@Nullable Object> element : elements) {
                group.cleanUpAt(Math.min(group.cleanupMillis(), expires(element)));
            }
        }

        /// A new element, written now.
        List<@Nullable Object> element(@Nullable Object key, Object value) {
            List<@Nullable Object> element = new ArrayList<>();
            element.add(key);
            element.add(value);
            element.add(ttlMillis == 0 ? null : (Object) (now().processingMillis() + ttlMillis));
            return element;
        }
    }
}
