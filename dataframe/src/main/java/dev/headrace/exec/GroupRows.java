package dev.headrace.exec;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Closing;
import dev.headrace.plan.Group;
import dev.headrace.plan.GroupCall;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Calls functions of the program over the rows of each key, as objects.
public final class GroupRows {
    private GroupRows() {}

    /// Where the state of keys is kept.
    public interface Store {
        /// Keys of which a timer has gone off or a part has outlived its time; their entries are no longer asked for.
        List<List<@Nullable Object>> due();

        /// The states of these keys, in their order.
        List<Group> load(Collection<List<@Nullable Object>> keys);

        void save(List<Group> groups);
    }

    /// The rows of a chunk as objects that outlive it.
    public static List<List<@Nullable Object>> rows(Chunk chunk) {
        List<List<@Nullable Object>> rows = new ArrayList<>(chunk.rowCount());
        for (int row = 0; row < chunk.rowCount(); row++) {
            rows.add(row(chunk, row, 0, chunk.columnCount()));
        }
        return rows;
    }

    /// The cells of a row in the columns `[from, from + count)` as objects that outlive the chunk.
    static List<@Nullable Object> row(Chunk chunk, int row, int from, int count) {
        List<@Nullable Object> cells = new ArrayList<>(count);
        for (int column = from; column < from + count; column++) {
            cells.add(Cell.detach(Cell.read(chunk.column(column), row)));
        }
        return cells;
    }

    /// The rows of chunks by key, in the order in which keys and rows come. Closes the chunks.
    public static Map<List<@Nullable Object>, List<List<@Nullable Object>>> byKey(
            GroupCall call, int input, List<Chunk> chunks) {
        Map<List<@Nullable Object>, List<List<@Nullable Object>>> byKey = new LinkedHashMap<>();
        Chunk.lendEach(chunks, chunk -> {
            for (List<@Nullable Object> row : rows(chunk)) {
                byKey.computeIfAbsent(call.key(input, row), _ -> new ArrayList<>())
                        .add(row);
            }
        });
        return byKey;
    }

    /// Collects rows in chunks.
    public static final class Rows implements GroupCall.Output, AutoCloseable {
        private final ChunkBuilder builder;
        private final List<Chunk> chunks = new ArrayList<>();

        public Rows(StructType schema, BufferAllocator allocator) {
            builder = new ChunkBuilder(schema, allocator);
        }

        @Override
        public void accept(List<@Nullable Object> row) {
            builder.add(row);
            if (builder.rowCount() == Chunk.TARGET_ROWS) {
                chunks.add(builder.build());
            }
        }

        /// The chunks, which are the caller's from now on.
        public List<Chunk> take() {
            if (builder.rowCount() > 0) {
                chunks.add(builder.build());
            }
            List<Chunk> all = List.copyOf(chunks);
            chunks.clear();
            return all;
        }

        @Override
        public void close() {
            builder.close();
            Closing.all(chunks);
        }
    }

    /// Runs one batch of a function with state: first the rows of each key, then the timers that have gone off, the
    /// earliest first. A timer that is set by another one goes off in the same batch if it is later than that one and
    /// due.
    public static void run(
            GroupCall.Stateful call,
            Map<List<@Nullable Object>, List<List<@Nullable Object>>> rows,
            Map<List<@Nullable Object>, List<List<@Nullable Object>>> initial,
            Store store,
            GroupCall.Times times,
            GroupCall.Output out) {
        Set<List<@Nullable Object>> touched = new LinkedHashSet<>(initial.keySet());
        touched.addAll(rows.keySet());
        touched.addAll(store.due());
        List<Group> groups = store.load(touched);
        for (Group group : groups) {
            if (group.cleanupMillis() <= times.processingMillis()) {
                call.expire(group, times);
            }
            for (List<@Nullable Object> row : initial.getOrDefault(group.key(), List.of())) {
                call.initial(group, row, times);
            }
        }
        for (Group group : groups) {
            List<List<@Nullable Object>> ofKey = rows.get(group.key());
            if (ofKey != null) {
                call.rows(group, ofKey, times, out);
            } else if (call.callsWithoutRows() && initial.containsKey(group.key())) {
                call.rows(group, List.of(), times, out);
            }
        }
        if (!times.batch() || call.timersInBatch()) {
            goOff(call, groups, times, out);
        }
        store.save(groups);
    }

    /// A timer that is due.
    private record Due(long millis, int order, Group group) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(millis, other.millis);
            return byTime != 0 ? byTime : Integer.compare(order, other.order);
        }
    }

    private static void goOff(
            GroupCall.Stateful call, List<Group> groups, GroupCall.Times times, GroupCall.Output out) {
        long now = times.now(call.clock());
        PriorityQueue<Due> queue = new PriorityQueue<>();
        int order = 0;
        for (Group group : groups) {
            for (long timer : group.timers().headSet(now, true)) {
                queue.add(new Due(timer, order++, group));
            }
        }
        for (Due due = queue.poll(); due != null; due = queue.poll()) {
            Group group = due.group();
            if (!group.timers().remove(due.millis())) {
                continue;
            }
            Set<Long> before = Set.copyOf(group.timers());
            call.timer(group, due.millis(), times, out);
            for (long timer : group.timers().headSet(now, true)) {
                if (!before.contains(timer) && timer > due.millis()) {
                    queue.add(new Due(timer, order++, group));
                }
            }
        }
    }
}
