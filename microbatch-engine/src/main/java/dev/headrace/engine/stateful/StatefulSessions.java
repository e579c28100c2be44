package dev.headrace.engine.stateful;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.WindowColumn;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.GroupTable;
import dev.headrace.exec.HashAggregation;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Aggregates the sessions of a stream. The state has the partial results of each key's sessions; those that a batch's
/// sessions overlap or touch are merged with them. So the cost is that of the batch's rows and of the sessions of the
/// keys that they are of.
///
/// @param batch the grouping of the batch's rows by their sessions within the batch
/// @param sessionKey which of the grouping's keys is the session
/// @param rows the partial results by the other keys
record StatefulSessions(
        PhysicalPlan.HashAggregate batch, int sessionKey, StatefulAggregate.Emission emission, KeyedRows rows)
        implements PhysicalPlan.Custom {
    @Override
    public StructType schema() {
        return emission == StatefulAggregate.Emission.CHANGES ? ChangeColumn.addTo(batch.schema()) : batch.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(batch.input());
    }

    @Override
    public String describe() {
        return "StatefulSessions by " + rows.keySchema().names() + ", gives " + emission.text();
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared input = preparation.prepare(batch.input());
        GroupLayout layout = GroupLayout.of(batch);
        return run -> MemorySplit.stage(results -> {
            try (GroupTable sessions = HashAggregation.aggregate(input.open(run), layout, run)) {
                List<Chunk> partials = sessions.partials(run.allocator());
                if (!partials.isEmpty()) {
                    try (Chunk fresh = Columns.concat(layout.partialSchema(), partials, run.allocator())) {
                        merge(fresh, layout, run, results);
                    }
                }
            }
            emit(layout, run, results);
        });
    }

    private int[] otherKeys() {
        int[] keys = new int[batch.keys().length - 1];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i < sessionKey ? i : i + 1;
        }
        return keys;
    }

    private void merge(Chunk fresh, GroupLayout layout, RunContext run, List<Chunk> results) {
        BufferAllocator memory = run.allocator();
        try (KeyTable touched = new KeyTable(RowLayout.of(rows.keySchema()), memory);
                Chunk freshKeys = fresh.select(otherKeys())) {
            int[] freshKeyOf = new int[fresh.rowCount()];
            touched.assign(freshKeys.columns(), freshKeyOf.length, freshKeyOf);
            int count = touched.slotCount();
            try (Chunk keys = new Chunk(rows.keySchema(), touched.keys(0, count, rows.keySchema(), memory), count);
                    KeyedRows.Before old = rows.load(keys, memory)) {
                MergedSessions merged = sessions(old, fresh, freshKeyOf, count);
                boolean[] gone = touchedOf(old, merged);
                try (Chunk changed = partials(old, fresh, gone, merged, layout, memory);
                        Chunk changedKeys = changed.select(otherKeys())) {
                    int[] changedKeyOf = new int[changed.rowCount()];
                    touched.assign(changedKeys.columns(), changedKeyOf.length, changedKeyOf);
                    int[] all = new int[changed.rowCount()];
                    Arrays.setAll(all, i -> i);
                    try (KeyedRows.After after = rows.replace(old, keys, gone, changed, changedKeyOf, all, memory)) {
                        if (emission == StatefulAggregate.Emission.CHANGES) {
                            results.addAll(changes(after, layout, run));
                        }
                    }
                }
            }
        }
    }

    private List<Chunk> changes(KeyedRows.After after, GroupLayout layout, RunContext run) {
        List<Chunk> before = results(after.removed(), layout, run);
        List<Chunk> now;
        try {
            now = results(after.added(), layout, run);
        } catch (Throwable failed) {
            Closing.all(before);
            throw failed;
        }
        return Difference.of(batch.schema(), before, now, run.allocator());
    }

    /// The old sessions and the batch's put together; the old ones come first.
    private MergedSessions sessions(KeyedRows.Before old, Chunk fresh, int[] freshKeyOf, int keyCount) {
        int oldCount = old.rows().rowCount();
        int count = oldCount + fresh.rowCount();
        int[] keyOf = Arrays.copyOf(old.keys(), count);
        long[] starts = Arrays.copyOf(WindowColumn.starts(old.rows().column(sessionKey), oldCount), count);
        long[] ends = Arrays.copyOf(WindowColumn.ends(old.rows().column(sessionKey), oldCount), count);
        int freshCount = fresh.rowCount();
        System.arraycopy(freshKeyOf, 0, keyOf, oldCount, freshCount);
        System.arraycopy(WindowColumn.starts(fresh.column(sessionKey), freshCount), 0, starts, oldCount, freshCount);
        System.arraycopy(WindowColumn.ends(fresh.column(sessionKey), freshCount), 0, ends, oldCount, freshCount);
        return MergedSessions.of(keyOf, starts, ends, keyCount);
    }

    /// Which of the old sessions have been merged with one of the batch.
    private static boolean[] touchedOf(KeyedRows.Before old, MergedSessions merged) {
        int oldCount = old.rows().rowCount();
        boolean[] hasFresh = new boolean[merged.count()];
        for (int i = oldCount; i < merged.sessionOf().length; i++) {
            hasFresh[merged.sessionOf()[i]] = true;
        }
        boolean[] touched = new boolean[oldCount];
        for (int i = 0; i < oldCount; i++) {
            touched[i] = hasFresh[merged.sessionOf()[i]];
        }
        return touched;
    }

    /// The partial results of the sessions that the batch touches.
    private Chunk partials(
            KeyedRows.Before old,
            Chunk fresh,
            boolean[] touched,
            MergedSessions merged,
            GroupLayout layout,
            BufferAllocator memory) {
        int[] members = new int[touched.length];
        int count = 0;
        for (int i = 0; i < touched.length; i++) {
            if (touched[i]) {
                members[count++] = i;
            }
        }
        int[] freshMembers = new int[fresh.rowCount()];
        Arrays.setAll(freshMembers, i -> touched.length + i);
        try (Chunk merging = Columns.gather(old.rows(), members, 0, count, memory);
                Chunk before = inSessions(merging, Arrays.copyOf(members, count), merged, layout, memory);
                Chunk now = inSessions(fresh, freshMembers, merged, layout, memory);
                GroupTable groups = new GroupTable(layout, memory)) {
            groups.merge(before);
            groups.merge(now);
            return Columns.concat(layout.partialSchema(), groups.partials(memory), memory);
        }
    }

    /// Partial results with the sessions that they now belong to.
    ///
    /// @param partials borrowed
    /// @param intervals the number of each row's interval
    private Chunk inSessions(
            Chunk partials, int[] intervals, MergedSessions merged, GroupLayout layout, BufferAllocator memory) {
        long[] starts = new long[intervals.length];
        long[] ends = new long[intervals.length];
        for (int i = 0; i < intervals.length; i++) {
            starts[i] = merged.starts()[merged.sessionOf()[intervals[i]]];
            ends[i] = merged.ends()[merged.sessionOf()[intervals[i]]];
        }
        List<FieldVector> columns = Columns.make(
                partials.columnCount(),
                c -> c == sessionKey ? sessions(starts, ends, layout, memory) : partials.share(c));
        return new Chunk(layout.partialSchema(), columns, intervals.length);
    }

    private FieldVector sessions(long[] starts, long[] ends, GroupLayout layout, BufferAllocator memory) {
        FieldVector sessions =
                ArrowTypes.field(layout.keySchema().field(sessionKey)).createVector(memory);
        try {
            WindowColumn.fill(sessions, starts, ends, starts.length);
            return sessions;
        } catch (Throwable failed) {
            sessions.close();
            throw failed;
        }
    }

    private void emit(GroupLayout layout, RunContext run, List<Chunk> results) {
        if (emission == StatefulAggregate.Emission.WHOLE) {
            Chunk.lendEach(rows.all(run.allocator()), partials -> results.addAll(results(partials, layout, run)));
            return;
        }
        try (Chunk expired = rows.takeExpired(run.allocator())) {
            if (emission == StatefulAggregate.Emission.FINAL) {
                results.addAll(results(expired, layout, run));
            }
        }
    }

    private List<Chunk> results(Chunk partials, GroupLayout layout, RunContext run) {
        if (partials.rowCount() == 0) {
            return List.of();
        }
        try (Chunk typed = partials.withSchema(layout.partialSchema());
                GroupTable groups = new GroupTable(layout, run.allocator())) {
            groups.merge(typed);
            return groups.results(batch.schema(), run.allocator());
        }
    }
}
