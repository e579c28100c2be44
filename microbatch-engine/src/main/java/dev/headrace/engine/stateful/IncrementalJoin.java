package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;

/// An inner join of two inputs of which one or both change; the result has the [ChangeColumn]. It is bilinear: what a
/// batch changes on one side is joined with the whole other side, ΔL ⋈ R′ + L ⋈ ΔR, so the cost is that of the changes
/// and their partners.
///
/// @param body the batch join
record IncrementalJoin(KeyedInput left, KeyedInput right, PhysicalPlan body, RowsLeaf leftLeaf, RowsLeaf rightLeaf)
        implements KeepsRows {
    private static final int LEFT = 0;
    private static final int RIGHT = 1;

    @Override
    public StructType schema() {
        return ChangeColumn.addTo(body.schema());
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
        return "Incremental inner join by " + left.rows().keySchema().names() + ", gives changes";
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        List<KeyedInput> keyed = List.of(left, right);
        List<Prepared> inputs = List.of(preparation.prepare(left.plan()), preparation.prepare(right.plan()));
        Prepared computation = preparation.prepare(body);
        return run -> MemorySplit.stage(out -> {
            try (KeyedBatch batch = KeyedBatch.run(keyed, inputs, run)) {
                out.addAll(changes(batch, computation, run));
            }
            for (KeyedInput input : keyed) {
                input.rows().takeExpired(run.allocator()).close();
            }
        });
    }

    private List<Chunk> changes(KeyedBatch batch, Prepared computation, RunContext run) {
        KeyedRows.After leftChange = batch.after(LEFT);
        KeyedRows.After rightChange = batch.after(RIGHT);
        Chunk leftBefore = batch.before(LEFT).rows();
        List<Chunk> added = new ArrayList<>();
        List<Chunk> removed = new ArrayList<>();
        try (Chunk rightNow = rightChange.rows(run.allocator())) {
            added.addAll(join(leftChange.added(), rightNow, computation, run));
            added.addAll(join(leftBefore, rightChange.added(), computation, run));
            removed.addAll(join(leftChange.removed(), rightNow, computation, run));
            removed.addAll(join(leftBefore, rightChange.removed(), computation, run));
        } catch (Throwable failed) {
            Closing.all(added);
            Closing.all(removed);
            throw failed;
        }
        return Difference.of(body.schema(), removed, added, run.allocator());
    }

    private List<Chunk> join(Chunk leftRows, Chunk rightRows, Prepared computation, RunContext run) {
        if (leftRows.rowCount() == 0 || rightRows.rowCount() == 0) {
            return List.of();
        }
        leftLeaf.set(leftRows);
        rightLeaf.set(rightRows);
        return ChunkCollector.collect(computation.open(run), run);
    }
}
