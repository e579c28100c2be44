package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.connector.Split;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.GroupTable;
import dev.headrace.exec.HashAggregation;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.plan.Firing;
import dev.headrace.plan.IntervalText;
import dev.headrace.state.StateSchema;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.BigIntVector;

/// Groups and aggregates a stream whose groups come out several times: early, on time and late.
///
/// A batch's rows are merged into the groups as by [StatefulAggregate]. Then those groups come out that are due: whose
/// time has come, that have enough rows, or that are past their end already. The last aggregate counts a group's rows,
/// so that what has not been shown yet is known without looking at results.
///
/// @param batch the grouping of the batch's rows; its last aggregate counts them
/// @param gives what the results of a group are to those before
/// @param end when a group is on time, over the keys; absent if groups have no end
/// @param groups the partial results: of all rows, or of those that have not been shown
/// @param onTime the groups that wait for the watermark
/// @param early the groups that wait for the clock
/// @param shown what was shown last of each group; absent if that is forgotten
record PaneAggregate(
        PhysicalPlan.HashAggregate batch,
        Firing firing,
        Gives gives,
        Optional<Expiry> end,
        OperatorState groups,
        Optional<WaitingKeys> onTime,
        Optional<WaitingKeys> early,
        Optional<OperatorState> shown)
        implements KeepsRows {
    enum Gives {
        /// The result of all rows so far.
        LATEST,
        /// The same, and the one before as a removed row.
        CHANGES,
        /// The result of the rows since the one before.
        PARTS
    }

    /// What is kept of what was shown: the number of rows, and with [Gives#CHANGES] the results.
    static StateSchema shownSchema(PhysicalPlan.HashAggregate batch, Gives gives, boolean expiring) {
        StructType results = batch.schema();
        int keys = batch.keys().length;
        return new StateSchema(
                results.select(range(0, keys)), results.select(shownColumns(keys, results.size(), gives)), expiring);
    }

    private static int[] shownColumns(int keys, int columns, Gives gives) {
        return gives == Gives.CHANGES ? range(keys, columns) : new int[] {columns - 1};
    }

    private static int[] range(int from, int to) {
        int[] ordinals = new int[to - from];
        Arrays.setAll(ordinals, i -> from + i);
        return ordinals;
    }

    private int[] keys() {
        return range(0, batch.keys().length);
    }

    /// All columns of the results but the number of rows.
    private int[] resultColumns() {
        return range(0, batch.schema().size() - 1);
    }

    private StructType resultSchema() {
        return batch.schema().select(resultColumns());
    }

    @Override
    public StructType schema() {
        return gives == Gives.CHANGES ? ChangeColumn.addTo(resultSchema()) : resultSchema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(batch.input());
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(groups);
    }

    @Override
    public String describe() {
        StructType results = resultSchema();
        List<String> names = results.names();
        return "PaneAggregate keys " + names.subList(0, batch.keys().length) + ", gives "
                + names.subList(batch.keys().length, names.size()) + " " + when();
    }

    private String when() {
        String when = firing.toString();
        return end.isPresent() ? when : when.substring(when.indexOf("early"));
    }

    /// When the results come out, in words.
    String rule() {
        return rule(firing, end, "gives each group, with rows that it has not given");
    }

    static String rule(Firing firing, Optional<Expiry> end, String what) {
        List<String> rules = new ArrayList<>();
        firing.everyTime()
                .ifPresent(
                        time -> rules.add("in the first batch " + IntervalText.of(time) + " after a row by the clock"));
        firing.everyRows().ifPresent(rows -> rules.add("when " + rows + " rows have come"));
        end.ifPresent(_ -> rules.add("when the watermark has reached its end"));
        if (!firing.lateness().isZero()) {
            rules.add("in the batches that read rows up to " + IntervalText.of(firing.lateness()) + " behind that");
        }
        return what + ", " + String.join(", ", rules);
    }

    /// When an entry is forgotten, over the keys.
    private Optional<Expiry> expiry() {
        return end.map(e -> e.later(firing.latenessMicros()));
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared input = preparation.prepare(batch.input());
        GroupLayout layout = GroupLayout.of(batch);
        return run -> {
            StoredPartials stored = new StoredPartials(layout, batch.schema(), groups, expiry());
            Stage rows = input.open(run);
            List<Chunk> results = new ArrayList<>();
            try (GroupTable touched = HashAggregation.aggregate(rows.then(() -> new Taken(groups)), layout, run);
                    KeyTable due = new KeyTable(RowLayout.of(layout.keySchema()), run.allocator())) {
                Chunk.lendEach(touched.partials(run.allocator()), partials -> take(partials, stored, due, run));
                takeDue(due, run);
                for (int from = 0; from < due.slotCount(); from += Chunk.TARGET_ROWS) {
                    int count = Math.min(Chunk.TARGET_ROWS, due.slotCount() - from);
                    try (Chunk keys = new Chunk(
                            layout.keySchema(), due.keys(from, count, layout.keySchema(), run.allocator()), count)) {
                        show(keys, stored, run, results);
                    }
                }
                forget(groups);
                shown.ifPresent(this::forget);
                return Stage.of(List.<Split>of(new MemorySplit(results)));
            } catch (Throwable failed) {
                Closing.all(results);
                throw failed;
            }
        };
    }

    /// Merges groups of the batch into the state, and finds those that are due.
    ///
    /// @param partials borrowed
    private void take(Chunk partials, StoredPartials stored, KeyTable due, RunContext run) {
        try (GroupTable merged = new GroupTable(stored.layout(), run.allocator());
                Chunk keys = partials.select(keys());
                Chunk old = stored.find(keys, run.allocator())) {
            groups.countEntered(keys.rowCount() - old.rowCount());
            merged.merge(old);
            merged.merge(partials);
            Chunk.lendEach(merged.partials(run.allocator()), chunk -> {
                stored.store(chunk);
                schedule(chunk, due, run);
            });
        }
    }

    /// @param partials borrowed
    private void schedule(Chunk partials, KeyTable due, RunContext run) {
        try (Chunk keys = partials.select(keys())) {
            long[] ends = end.map(e -> e.times(keys)).orElseGet(() -> filled(keys.rowCount(), Long.MAX_VALUE));
            long[] unshown = unshownRows(partials, keys);
            long watermark = groups.times().expiryMicros();
            int[] now = new int[ends.length];
            int[] later = new int[ends.length];
            int nowCount = 0;
            int laterCount = 0;
            for (int i = 0; i < ends.length; i++) {
                // The one group without keys is there even if the batch has no rows.
                if (unshown[i] == 0) {
                    continue;
                }
                boolean enough = firing.everyRows().isPresent()
                        && unshown[i] >= firing.everyRows().getAsLong();
                if (ends[i] <= watermark || enough) {
                    now[nowCount++] = i;
                }
                if (ends[i] > watermark) {
                    later[laterCount++] = i;
                }
            }
            add(due, keys, now, nowCount, run);
            try (Chunk open = Columns.gather(keys, later, 0, laterCount, run.allocator())) {
                onTime.ifPresent(waiting -> waiting.add(open, end.orElseThrow().times(open), run.allocator()));
                early.ifPresent(waiting ->
                        waiting.add(open, filled(open.rowCount(), now(run) + everyMillis()), run.allocator()));
            }
        }
    }

    private static long[] filled(int count, long value) {
        long[] values = new long[count];
        Arrays.fill(values, value);
        return values;
    }

    private long everyMillis() {
        return firing.everyTime().orElseThrow().toMillis();
    }

    private static long now(RunContext run) {
        return Math.floorDiv(run.evaluation().batchTimestampMicros(), 1_000);
    }

    /// How many rows of each group no result has shown.
    private long[] unshownRows(Chunk partials, Chunk keys) {
        BigIntVector all = (BigIntVector) partials.column(partials.columnCount() - 1);
        long[] unshown = new long[partials.rowCount()];
        if (shown.isEmpty()) {
            Arrays.setAll(unshown, all::get);
            return unshown;
        }
        try (Chunk before = shown.get().writer().lookup(keys)) {
            long[] rows = shownRows(before);
            Arrays.setAll(unshown, i -> all.get(i) - rows[i]);
            return unshown;
        }
    }

    /// @param found by a lookup; the number of rows comes last
    private static long[] shownRows(Chunk found) {
        BigIntVector rows = (BigIntVector) found.column(found.columnCount() - 1);
        long[] shown = new long[found.rowCount()];
        for (int row : StoredPartials.present(found, true)) {
            shown[row] = rows.get(row);
        }
        return shown;
    }

    private static void add(KeyTable due, Chunk keys, int[] rows, int count, RunContext run) {
        try (Chunk added = Columns.gather(keys, rows, 0, count, run.allocator())) {
            due.assign(added.columns(), count, new int[count]);
        }
    }

    private void takeDue(KeyTable due, RunContext run) {
        onTime.ifPresent(waiting -> waiting.takeDue(groups.times().expiryMicros(), due));
        early.ifPresent(waiting -> waiting.takeDue(now(run), due));
    }

    /// Gives the results of groups that have rows that none has shown.
    ///
    /// @param keys borrowed
    private void show(Chunk keys, StoredPartials stored, RunContext run, List<Chunk> results) {
        Chunk.lendEach(stored.results(stored.find(keys, run.allocator()), run.allocator()), result -> {
            if (shown.isPresent()) {
                showAll(result, shown.get(), run, results);
            } else {
                showPart(result, results);
            }
        });
        early.ifPresent(waiting -> waiting.remove(keys));
    }

    private void showPart(Chunk result, List<Chunk> results) {
        try (Chunk keys = result.select(keys())) {
            groups.writer().delete(keys);
        }
        groups.countLeft(result.rowCount());
        groups.countRemoved(result.rowCount());
        results.add(result.select(resultColumns()));
    }

    private void showAll(Chunk result, OperatorState last, RunContext run, List<Chunk> results) {
        try (Chunk keys = result.select(keys());
                Chunk found = last.writer().lookup(keys)) {
            BigIntVector all = (BigIntVector) result.column(result.columnCount() - 1);
            long[] before = shownRows(found);
            int[] changed = new int[before.length];
            int count = 0;
            for (int i = 0; i < before.length; i++) {
                if (all.get(i) != before[i]) {
                    changed[count++] = i;
                }
            }
            if (count == 0) {
                return;
            }
            try (Chunk now = Columns.gather(result, changed, 0, count, run.allocator());
                    Chunk nowKeys = now.select(keys());
                    Chunk nowFound = Columns.gather(found, changed, 0, count, run.allocator())) {
                if (gives == Gives.CHANGES) {
                    try (Chunk old = old(nowKeys, nowFound, run);
                            Chunk after = now.select(resultColumns())) {
                        results.addAll(Difference.of(resultSchema(), List.of(old), List.of(after), run.allocator()));
                    }
                } else {
                    results.add(now.select(resultColumns()));
                }
                StoredPartials.put(last, now, keys(), shownColumns(keys().length, now.columnCount(), gives), expiry());
                last.countEntered(StoredPartials.present(nowFound, false).length);
            }
        }
    }

    /// The results that were shown before, of the groups that had one.
    private Chunk old(Chunk keys, Chunk found, RunContext run) {
        int[] rows = StoredPartials.present(found, true);
        try (Chunk all = StoredPartials.beside(keys, found, batch.schema());
                Chunk old = Columns.gather(all, rows, 0, rows.length, run.allocator())) {
            return old.select(resultColumns());
        }
    }

    private void forget(OperatorState state) {
        if (end.isPresent()) {
            Chunk.lendEach(
                    state.takeExpired(state.times().expiryMicros()), expired -> state.countRemoved(expired.rowCount()));
        }
    }
}
