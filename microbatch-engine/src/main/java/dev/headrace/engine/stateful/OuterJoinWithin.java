package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A left outer or anti join within a time, of rows that only come: pairs come out at once, a left row without a
/// partner when the watermark says that none can come any more.
///
/// Nothing is noted about which rows have found a partner. A left row is looked at once more when it is forgotten, and
/// the right rows are kept until every left row that they may go with has been.
///
/// @param pairs the batch join that gives pairs; absent for an anti join
/// @param alone the batch operator that gives the left rows without a partner, with the result's columns
record OuterJoinWithin(
        KeyedInput left,
        KeyedInput right,
        Optional<PhysicalPlan> pairs,
        PhysicalPlan alone,
        RowsLeaf leftLeaf,
        RowsLeaf rightLeaf)
        implements KeepsRows {
    private static final int LEFT = 0;
    private static final int RIGHT = 1;

    @Override
    public StructType schema() {
        return alone.schema();
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
        return "Incremental " + (pairs.isPresent() ? "left outer" : "left anti") + " join within a time by "
                + left.rows().keySchema().names() + ", gives final results";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        List<KeyedInput> keyed = List.of(left, right);
        List<Prepared> inputs = List.of(preparation.prepare(left.plan()), preparation.prepare(right.plan()));
        Optional<Prepared> joined = pairs.map(preparation::prepare);
        Prepared unmatched = preparation.prepare(alone);
        return run -> {
            List<Chunk> out = new ArrayList<>();
            try (KeyedBatch batch = KeyedBatch.run(keyed, inputs, run)) {
                if (joined.isPresent()) {
                    addPairs(batch, joined.get(), run, out);
                }
                addUnmatched(unmatched, run, out);
                right.rows().takeExpired(run.allocator()).close();
            } catch (Throwable failed) {
                out.forEach(Chunk::close);
                throw failed;
            }
            return Stage.of(List.of(new MemorySplit(out)));
        };
    }

    private void addPairs(KeyedBatch batch, Prepared joined, RunContext run, List<Chunk> out) {
        try (Chunk rightNow = batch.after(RIGHT).rows(run.allocator())) {
            join(batch.after(LEFT).added(), rightNow, joined, run, out);
            join(batch.before(LEFT).rows(), batch.after(RIGHT).added(), joined, run, out);
        }
    }

    private void join(Chunk leftRows, Chunk rightRows, Prepared joined, RunContext run, List<Chunk> out) {
        if (leftRows.rowCount() > 0 && rightRows.rowCount() > 0) {
            leftLeaf.set(leftRows);
            rightLeaf.set(rightRows);
            out.addAll(ChunkCollector.collect(joined.open(run), run));
        }
    }

    /// Looks for the partners of the left rows that are forgotten.
    private void addUnmatched(Prepared unmatched, RunContext run, List<Chunk> out) {
        StructType keySchema = left.rows().keySchema();
        try (Chunk expired = left.rows().takeExpiredWithKeys(run.allocator());
                KeyTable distinct = new KeyTable(RowLayout.of(keySchema), run.allocator())) {
            int count = expired.rowCount();
            if (count == 0) {
                return;
            }
            int keyColumns = keySchema.size();
            distinct.assign(expired.columns().subList(0, keyColumns), count, new int[count]);
            int slots = distinct.slotCount();
            int[] rowColumns = new int[expired.columnCount() - keyColumns];
            java.util.Arrays.setAll(rowColumns, i -> keyColumns + i);
            try (Chunk keys = new Chunk(keySchema, distinct.keys(0, slots, keySchema, run.allocator()), slots);
                    KeyedRows.Before partners = right.rows().load(keys, run.allocator());
                    Chunk rows = expired.select(rowColumns)) {
                leftLeaf.set(rows);
                rightLeaf.set(partners.rows());
                out.addAll(ChunkCollector.collect(unmatched.open(run), run));
            }
        }
    }
}
