package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.MemorySplit;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.BitVector;

/// Lets the first row of each key through, over all batches.
///
/// @param batch the deduplication of the batch's own rows
/// @param late which rows are late, over the input columns; absent without a watermark
/// @param expiry when a key is forgotten, over the input columns; absent if never
record StatefulDeduplicate(
        PhysicalPlan.Deduplicate batch, Optional<Expiry> late, Optional<Expiry> expiry, OperatorState state)
        implements PhysicalPlan.Custom {
    @Override
    public StructType schema() {
        return batch.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(batch.input());
    }

    @Override
    public String describe() {
        return "Stateful" + batch.describe()
                + expiry.map(_ -> ", keys end with the watermark").orElse("");
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        PhysicalPlan filtered = late.<PhysicalPlan>map(
                        l -> new InTime(batch.input(), l, batch.input().schema(), state))
                .orElse(batch.input());
        Prepared firsts = preparation.prepare(new PhysicalPlan.Deduplicate(filtered, batch.keys()));
        return run -> MemorySplit.stage(fresh -> {
            Chunk.lendEach(ChunkCollector.collect(firsts.open(run), run), chunk -> keepUnseen(chunk, fresh, run));
            if (expiry.isPresent()) {
                Chunk.lendEach(
                        state.takeExpired(state.times().expiryMicros()),
                        expired -> state.countRemoved(expired.rowCount()));
            }
        });
    }

    private void keepUnseen(Chunk chunk, List<Chunk> fresh, RunContext run) {
        int[] rows = new int[chunk.rowCount()];
        int count = 0;
        try (Chunk keys = chunk.select(batch.keys());
                Chunk found = state.writer().lookup(keys)) {
            BitVector present = (BitVector) found.column(0);
            for (int i = 0; i < rows.length; i++) {
                if (present.get(i) == 0) {
                    rows[count++] = i;
                }
            }
        }
        if (count == 0) {
            return;
        }
        Chunk unseen = Columns.gather(chunk, rows, 0, count, run.allocator());
        fresh.add(unseen);
        try (Chunk keys = unseen.select(batch.keys());
                Chunk nothing = new Chunk(new StructType(), List.of(), count)) {
            if (expiry.isPresent()) {
                state.writer().upsert(keys, nothing, expiry.get().times(unseen));
            } else {
                state.writer().upsert(keys, nothing);
            }
        }
        state.countUpdated(count);
        state.countEntered(count);
    }
}
