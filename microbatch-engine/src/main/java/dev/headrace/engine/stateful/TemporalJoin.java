package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.KeyTable;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/// An as-of join of two streams: each left row with the version of its key that is valid at its event time.
///
/// Rows of both sides wait until the watermark has passed their times. Then no version up to a left row's time can come
/// any more, and the batch join over the left rows that are due, the versions that are due, and of older versions the
/// newest one per key gives their final partners. So what is kept is what waits, and one version per key.
///
/// @param current the newest version of each key up to the watermark; several if they have the same time
/// @param versionTime the time of a version, over the right rows' columns
/// @param body the batch join
record TemporalJoin(
        KeyedInput left,
        KeyedInput right,
        KeyedRows current,
        Expiry versionTime,
        PhysicalPlan body,
        RowsLeaf leftLeaf,
        RowsLeaf rightLeaf)
        implements KeepsRows {
    @Override
    public StructType schema() {
        return body.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(left.plan(), right.plan());
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(left.rows().state(), right.rows().state());
    }

    @Override
    public String describe() {
        return "Temporal join by " + left.rows().keySchema().names() + ", gives final results: " + body.describe();
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        List<KeyedInput> keyed = List.of(left, right);
        List<Prepared> inputs = List.of(preparation.prepare(left.plan()), preparation.prepare(right.plan()));
        Prepared join = preparation.prepare(body);
        return run -> {
            KeyedBatch.run(keyed, inputs, run).close();
            try (Chunk leftDue = left.rows().takeExpiredWithKeys(run.allocator());
                    Chunk rightDue = right.rows().takeExpiredWithKeys(run.allocator())) {
                return leftDue.rowCount() + rightDue.rowCount() == 0
                        ? Stage.of(List.of())
                        : Stage.of(List.of(new MemorySplit(due(leftDue, rightDue, join, run))));
            }
        };
    }

    /// Joins the left rows that are due, and forgets the versions that newer ones have replaced.
    ///
    /// @param leftDue,rightDue the rows behind their keys
    private List<Chunk> due(Chunk leftDue, Chunk rightDue, Prepared join, RunContext run) {
        BufferAllocator allocator = run.allocator();
        StructType keySchema = current.keySchema();
        try (KeyTable distinct = new KeyTable(RowLayout.of(keySchema), allocator)) {
            assign(distinct, leftDue);
            int[] keyOf = assign(distinct, rightDue);
            int count = distinct.slotCount();
            try (Chunk keys = new Chunk(keySchema, distinct.keys(0, count, keySchema, allocator), count);
                    KeyedRows.Before known = current.load(keys, allocator);
                    Chunk versions = withoutKeys(rightDue)) {
                List<Chunk> out =
                        leftDue.rowCount() == 0 ? List.of() : joined(leftDue, known.rows(), versions, join, run);
                try {
                    replace(known, keys, versions, keyOf, allocator);
                } catch (Throwable failed) {
                    Closing.all(out);
                    throw failed;
                }
                return out;
            }
        }
    }

    private List<Chunk> joined(Chunk leftDue, Chunk known, Chunk versions, Prepared join, RunContext run) {
        try (Chunk leftRows = withoutKeys(leftDue);
                Chunk rightRows = Columns.concat(
                        versions.schema(),
                        List.of(known.slice(0, known.rowCount()), versions.slice(0, versions.rowCount())),
                        run.allocator())) {
            leftLeaf.set(leftRows);
            rightLeaf.set(rightRows);
            return ChunkCollector.collect(join.open(run), run);
        }
    }

    /// Keeps the newest version of each key.
    ///
    /// @param keyOf the key of each of the versions that have become due
    private void replace(KeyedRows.Before known, Chunk keys, Chunk versions, int[] keyOf, BufferAllocator allocator) {
        long[] newest = new long[keys.rowCount()];
        Arrays.fill(newest, Long.MIN_VALUE);
        long[] dueTimes = versionTime.times(versions);
        for (int i = 0; i < dueTimes.length; i++) {
            newest[keyOf[i]] = Math.max(newest[keyOf[i]], dueTimes[i]);
        }
        long[] knownTimes = versionTime.times(known.rows());
        boolean[] gone = new boolean[knownTimes.length];
        for (int i = 0; i < gone.length; i++) {
            gone[i] = knownTimes[i] < newest[known.keys()[i]];
        }
        int[] added = IntStream.range(0, dueTimes.length)
                .filter(i -> dueTimes[i] == newest[keyOf[i]])
                .toArray();
        current.replace(known, keys, gone, versions, keyOf, added, allocator).close();
    }

    private int[] assign(KeyTable distinct, Chunk due) {
        int[] slots = new int[due.rowCount()];
        distinct.assign(due.columns().subList(0, keyColumns()), slots.length, slots);
        return slots;
    }

    private Chunk withoutKeys(Chunk due) {
        return due.select(IntStream.range(keyColumns(), due.columnCount()).toArray());
    }

    private int keyColumns() {
        return current.keySchema().size();
    }
}
