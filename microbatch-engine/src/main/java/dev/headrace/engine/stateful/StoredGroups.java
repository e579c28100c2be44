package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.exec.GroupRows;
import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// The states of keys in a query's state, for one batch. A key's timers stand with its state, and again by themselves,
/// as entries that expire, so that those that are due are found without looking at all keys.
record StoredGroups(
        GroupCall.Stateful call,
        OperatorState groups,
        Optional<OperatorState> timers,
        GroupCall.Times times,
        BufferAllocator allocator)
        implements GroupRows.Store {

    private int keyColumns() {
        return call.keySchema().size();
    }

    private long now() {
        return times.now(call.clock());
    }

    @Override
    public List<List<@Nullable Object>> due() {
        Set<List<@Nullable Object>> keys = new LinkedHashSet<>();
        if (timers.isPresent() && now() > Long.MIN_VALUE) {
            Chunk.lendEach(timers.get().takeExpired(now()), expired -> {
                for (List<@Nullable Object> entry : GroupRows.rows(expired)) {
                    keys.add(new ArrayList<>(entry.subList(0, keyColumns())));
                }
            });
        }
        return new ArrayList<>(keys);
    }

    @Override
    public List<Group> load(Collection<List<@Nullable Object>> keys) {
        List<Group> loaded = new ArrayList<>();
        Iterator<List<@Nullable Object>> key = keys.iterator();
        while (key.hasNext()) {
            List<List<@Nullable Object>> some = new ArrayList<>();
            while (key.hasNext() && some.size() < Chunk.TARGET_ROWS) {
                some.add(key.next());
            }
            try (Chunk keyRows = chunk(groups.schema().key(), some);
                    Chunk found = groups.writer().lookup(keyRows)) {
                List<List<@Nullable Object>> values = GroupRows.rows(found);
                for (int i = 0; i < values.size(); i++) {
                    loaded.add(group(some.get(i), values.get(i)));
                }
            }
        }
        return loaded;
    }

    private Group group(List<@Nullable Object> key, List<@Nullable Object> found) {
        int columns = call.stateSchema().size();
        if (!Boolean.TRUE.equals(found.getFirst())) {
            return Group.empty(key, columns);
        }
        List<Long> set = new ArrayList<>();
        if (found.get(columns + 1) instanceof List<?> times) {
            times.forEach(time -> set.add((Long) time));
        }
        long cleanup = found.get(columns + 2) instanceof Long millis ? millis : Group.NEVER;
        return new Group(key, found.subList(1, 1 + columns), set, cleanup);
    }

    private Chunk chunk(StructType schema, List<List<@Nullable Object>> rows) {
        try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            for (List<@Nullable Object> row : rows) {
                builder.add(row);
            }
            return builder.build();
        }
    }

    @Override
    public void save(List<Group> all) {
        List<List<@Nullable Object>> keys = new ArrayList<>();
        List<List<@Nullable Object>> values = new ArrayList<>();
        List<List<@Nullable Object>> gone = new ArrayList<>();
        List<List<@Nullable Object>> unset = new ArrayList<>();
        List<List<@Nullable Object>> set = new ArrayList<>();
        for (Group group : all) {
            timerChanges(group, unset, set);
            if (!group.isChanged()) {
                continue;
            }
            if (group.isEmpty()) {
                gone.add(group.key());
                groups.countLeft(group.wasEmpty() ? 0 : 1);
            } else {
                groups.countEntered(group.wasEmpty() ? 1 : 0);
                keys.add(group.key());
                values.add(value(group));
            }
        }
        try (Chunk keyRows = chunk(groups.schema().key(), keys);
                Chunk valueRows = chunk(groups.schema().value(), values);
                Chunk goneRows = chunk(groups.schema().key(), gone)) {
            groups.writer().upsert(keyRows, valueRows);
            groups.writer().delete(goneRows);
        }
        groups.countUpdated(keys.size());
        groups.countRemoved(gone.size());
        timers.ifPresent(state -> saveTimers(state, unset, set));
    }

    private static List<@Nullable Object> value(Group group) {
        List<@Nullable Object> value = new ArrayList<>(group.state());
        value.add(group.timers().isEmpty() ? null : List.copyOf(group.timers()));
        value.add(group.cleanupMillis() == Group.NEVER ? null : (Object) group.cleanupMillis());
        return value;
    }

    /// What is due has been taken out of the timers, so what is due and still set is set again.
    private void timerChanges(Group group, List<List<@Nullable Object>> unset, List<List<@Nullable Object>> set) {
        for (long before : group.timersBefore()) {
            if (!group.timers().contains(before)) {
                unset.add(entry(group, before, false));
            }
        }
        for (long timer : group.timers()) {
            if (timer <= now() || !group.timersBefore().contains(timer)) {
                set.add(entry(group, timer, false));
            }
        }
        if (group.cleanupBefore() != group.cleanupMillis()) {
            if (group.cleanupBefore() != Group.NEVER) {
                unset.add(entry(group, group.cleanupBefore(), true));
            }
            if (group.cleanupMillis() != Group.NEVER) {
                set.add(entry(group, group.cleanupMillis(), true));
            }
        }
    }

    private static List<@Nullable Object> entry(Group group, long at, boolean cleanup) {
        List<@Nullable Object> entry = new ArrayList<>(group.key());
        entry.add(at);
        entry.add(cleanup);
        return entry;
    }

    /// Whether the entry of a timer has not been taken out for being due.
    private boolean isStored(List<@Nullable Object> entry) {
        return entry.get(keyColumns()) instanceof Long at && at > now();
    }

    private void saveTimers(OperatorState state, List<List<@Nullable Object>> unset, List<List<@Nullable Object>> set) {
        long[] at = new long[set.size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = set.get(i).get(keyColumns()) instanceof Long millis ? millis : Group.NEVER;
        }
        try (Chunk unsetRows = chunk(state.schema().key(), unset);
                Chunk setRows = chunk(state.schema().key(), set);
                Chunk nothing = new Chunk(new StructType(), List.of(), set.size())) {
            state.writer().delete(unsetRows);
            state.writer().upsert(setRows, nothing, at);
        }
        state.countEntered(set.size());
        state.countLeft(unset.stream().filter(this::isStored).count());
    }
}
