package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.plan.Firing;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;

/// Holds the changes of groups' results back until they are to come out: early, on time or late. What comes out takes
/// back what came out last, because the changes in between are netted; a group without held changes has no state.
///
/// A result that has no successor, such as that of a session that is now part of a larger one, is taken back at once:
/// it would otherwise stand beside the one that has its rows.
///
/// @param input gives the changes of results: the keys, the aggregates, with `counted` the number of the group's rows,
///     the [ChangeColumn]
/// @param counted whether the last column of the results is the number of rows
/// @param end when a group is on time, over the keys; absent if groups have no end
/// @param held the changes by key, with their [ChangeColumn]
/// @param onTime the groups that wait for the watermark
/// @param early the groups that wait for the clock
record HeldChanges(
        PhysicalPlan input,
        boolean counted,
        Firing firing,
        Optional<Expiry> end,
        KeyedRows held,
        Optional<WaitingKeys> onTime,
        Optional<WaitingKeys> early)
        implements KeepsRows {
    @Override
    public StructType schema() {
        return ChangeColumn.addTo(resultSchema());
    }

    private StructType resultSchema() {
        return input.schema().select(range(input.schema().size() - (counted ? 2 : 1)));
    }

    private static int[] range(int count) {
        return IntStream.range(0, count).toArray();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(input);
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(held.state());
    }

    @Override
    public String describe() {
        String when = firing.toString();
        return "HeldChanges by " + held.keySchema().names() + ", gives changes "
                + (end.isPresent() ? when : when.substring(when.indexOf("early")));
    }

    /// When the changes come out, in words.
    String rule() {
        return PaneAggregate.rule(firing, end, "gives what has changed of each group");
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared below = preparation.prepare(input);
        return run -> MemorySplit.stage(out -> {
            List<Chunk> chunks = ChunkCollector.collect(below.open(run), run);
            chunks.forEach(chunk -> held.state().countTaken(chunk.rowCount()));
            try (Chunk changes = chunks.isEmpty()
                    ? Chunk.empty(input.schema(), run.allocator())
                    : Columns.concat(input.schema(), chunks, run.allocator())) {
                if (changes.rowCount() > 0) {
                    try (KeyTable touched = new KeyTable(RowLayout.of(held.keySchema()), run.allocator())) {
                        int[] keyOf = new int[changes.rowCount()];
                        touched.assign(
                                changes.columns().subList(0, held.keySchema().size()), keyOf.length, keyOf);
                        take(touched, changes, keyOf, false, run, out);
                    }
                }
                takeDue(run, out);
            }
        });
    }

    /// Gives what has waited long enough.
    private void takeDue(RunContext run, List<Chunk> out) {
        try (KeyTable due = new KeyTable(RowLayout.of(held.keySchema()), run.allocator());
                Chunk nothing = Chunk.empty(input.schema(), run.allocator())) {
            onTime.ifPresent(waiting -> waiting.takeDue(held.state().times().expiryMicros(), due));
            early.ifPresent(waiting -> waiting.takeDue(now(run), due));
            if (due.slotCount() > 0) {
                take(due, nothing, new int[0], true, run, out);
            }
        }
    }

    private static long now(RunContext run) {
        return Math.floorDiv(run.evaluation().batchTimestampMicros(), 1_000);
    }

    /// Nets changes with those that are held, and gives those that are due.
    ///
    /// @param table has the keys
    /// @param changes borrowed
    /// @param all whether all keys are due
    private void take(KeyTable table, Chunk changes, int[] keyOf, boolean all, RunContext run, List<Chunk> out) {
        int count = table.slotCount();
        try (Chunk keys = new Chunk(held.keySchema(), table.keys(0, count, held.keySchema(), run.allocator()), count);
                KeyedRows.Before before = held.load(keys, run.allocator());
                Chunk rows = Columns.concat(
                        held.rowSchema(),
                        List.of(before.rows().slice(0, before.rows().rowCount()), changes.withSchema(held.rowSchema())),
                        run.allocator())) {
            int[] keyOfRow = Arrays.copyOf(before.keys(), rows.rowCount());
            System.arraycopy(keyOf, 0, keyOfRow, before.rows().rowCount(), keyOf.length);
            int[] net = net(rows, run);
            boolean[] due = all ? filled(count) : due(keys, rows, keyOfRow, net);
            boolean[] gone = filled(before.rows().rowCount());
            int[] stay = Arrays.stream(net).filter(row -> !due[keyOfRow[row]]).toArray();
            held.replace(before, keys, gone, rows, keyOfRow, stay, run.allocator())
                    .close();
            wait(keys, keyOfRow, stay, run);
            give(rows, Arrays.stream(net).filter(row -> due[keyOfRow[row]]).toArray(), run, out);
        }
    }

    private static boolean[] filled(int count) {
        boolean[] flags = new boolean[count];
        Arrays.fill(flags, true);
        return flags;
    }

    private IntVector changesOf(Chunk rows) {
        return (IntVector) rows.column(rows.columnCount() - 1);
    }

    /// The rows that are left when those that come and go again are taken out.
    private int[] net(Chunk rows, RunContext run) {
        StructType schema = held.rowSchema().select(range(rows.columnCount() - 1));
        IntVector changes = changesOf(rows);
        try (KeyTable distinct = new KeyTable(RowLayout.of(schema), run.allocator())) {
            int[] slots = new int[rows.rowCount()];
            distinct.assign(rows.columns().subList(0, schema.size()), slots.length, slots);
            int[] sum = new int[distinct.slotCount()];
            for (int i = 0; i < slots.length; i++) {
                sum[slots[i]] += changes.get(i);
            }
            return IntStream.range(0, slots.length)
                    .filter(i -> {
                        boolean left = sum[slots[i]] * changes.get(i) > 0;
                        sum[slots[i]] -= left ? changes.get(i) : 0;
                        return left;
                    })
                    .toArray();
        }
    }

    /// Which keys' changes come out now.
    private boolean[] due(Chunk keys, Chunk rows, int[] keyOf, int[] net) {
        boolean[] due = new boolean[keys.rowCount()];
        boolean[] comes = new boolean[due.length];
        long[] newRows = new long[due.length];
        IntVector changes = changesOf(rows);
        for (int row : net) {
            comes[keyOf[row]] |= changes.get(row) == ChangeColumn.ADDED;
            if (counted) {
                BigIntVector numbers = (BigIntVector) rows.column(rows.columnCount() - 2);
                newRows[keyOf[row]] += changes.get(row) * numbers.get(row);
            }
        }
        long[] ends = ends(keys);
        long watermark = held.state().times().expiryMicros();
        for (int k = 0; k < due.length; k++) {
            boolean enough = firing.everyRows().isPresent()
                    && newRows[k] >= firing.everyRows().getAsLong();
            due[k] = !comes[k] || enough || ends[k] <= watermark;
        }
        return due;
    }

    private long[] ends(Chunk keys) {
        if (end.isPresent()) {
            return end.get().times(keys);
        }
        long[] never = new long[keys.rowCount()];
        Arrays.fill(never, Long.MAX_VALUE);
        return never;
    }

    /// Lets the keys that have held changes wait, and the others wait no more.
    private void wait(Chunk keys, int[] keyOf, int[] stay, RunContext run) {
        boolean[] holds = new boolean[keys.rowCount()];
        for (int row : stay) {
            holds[keyOf[row]] = true;
        }
        int[] open = IntStream.range(0, holds.length).filter(k -> holds[k]).toArray();
        int[] done = IntStream.range(0, holds.length).filter(k -> !holds[k]).toArray();
        try (Chunk waiting = Columns.gather(keys, open, 0, open.length, run.allocator());
                Chunk shown = Columns.gather(keys, done, 0, done.length, run.allocator())) {
            onTime.ifPresent(times -> {
                times.add(waiting, ends(waiting), run.allocator());
                times.remove(shown);
            });
            early.ifPresent(times -> {
                long[] at = new long[open.length];
                Arrays.fill(at, now(run) + firing.everyTime().orElseThrow().toMillis());
                times.add(waiting, at, run.allocator());
                times.remove(shown);
            });
        }
    }

    private void give(Chunk rows, int[] given, RunContext run, List<Chunk> out) {
        IntVector changes = changesOf(rows);
        List<Chunk> removed = new ArrayList<>();
        List<Chunk> added = new ArrayList<>();
        for (int change : new int[] {ChangeColumn.REMOVED, ChangeColumn.ADDED}) {
            int[] some = Arrays.stream(given)
                    .filter(row -> changes.get(row) == change)
                    .toArray();
            try (Chunk all = Columns.gather(rows, some, 0, some.length, run.allocator())) {
                List<Chunk> side = change == ChangeColumn.ADDED ? added : removed;
                side.add(all.select(range(resultSchema().size())));
            }
        }
        out.addAll(Difference.of(resultSchema(), removed, added, run.allocator()));
    }
}
