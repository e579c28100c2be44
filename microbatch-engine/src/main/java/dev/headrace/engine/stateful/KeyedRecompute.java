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

/// Any operator whose result falls apart by key, over inputs that change: it keeps the inputs' rows, runs the batch
/// operator over those of the keys that a batch touches, as they were and as they are, and gives the difference.
///
/// So it is exact for every function, under additions and removals alike. Its cost is that of the rows of the touched
/// keys; operators that can do with less have forms of their own.
///
/// @param name the operator's, for plans
/// @param body the batch operator
/// @param leaves the leaves of `body`, one per input
/// @param emission what comes out
record KeyedRecompute(String name, List<KeyedInput> keyed, PhysicalPlan body, List<RowsLeaf> leaves, Emission emission)
        implements KeepsRows {

    enum Emission {
        /// What has come and gone in the result, with the [ChangeColumn].
        CHANGES,
        /// What has come, where nothing ever goes.
        ADDITIONS,
        /// The result of a key when the watermark says that it is final.
        FINAL
    }

    @Override
    public StructType schema() {
        return emission == Emission.CHANGES ? ChangeColumn.addTo(body.schema()) : body.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return keyed.stream().map(KeyedInput::plan).toList();
    }

    @Override
    public List<OperatorState> keepers() {
        return keyed.stream().map(input -> input.rows().state()).toList();
    }

    @Override
    public String describe() {
        return "Incremental " + name + " by "
                + keyed.getFirst().rows().keySchema().names() + ", "
                + switch (emission) {
                    case CHANGES -> "gives changes";
                    case ADDITIONS -> "gives additions";
                    case FINAL -> "gives final results";
                };
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        List<Prepared> inputs = new ArrayList<>();
        keyed.forEach(input -> inputs.add(preparation.prepare(input.plan())));
        Prepared computation = preparation.prepare(body);
        return run -> MemorySplit.stage(out -> {
            try (KeyedBatch batch = KeyedBatch.run(keyed, inputs, run)) {
                if (emission != Emission.FINAL && !batch.isEmpty()) {
                    out.addAll(changes(batch, computation, run));
                }
            }
            out.addAll(expire(computation, run));
        });
    }

    private List<Chunk> changes(KeyedBatch batch, Prepared computation, RunContext run) {
        // Without keys, the result over no rows may be a row; it has been given only if there was a batch before.
        List<Chunk> before = batch.anyKnown() ? computeBefore(batch, computation, run) : List.of();
        List<Chunk> after = new ArrayList<>();
        List<Chunk> rows = new ArrayList<>();
        try {
            for (int i = 0; i < keyed.size(); i++) {
                rows.add(batch.after(i).rows(run.allocator()));
            }
            after.addAll(compute(rows, computation, run));
        } catch (Throwable failed) {
            Closing.all(before);
            throw failed;
        } finally {
            Closing.all(rows);
        }
        List<Chunk> changes = Difference.of(body.schema(), before, after, run.allocator());
        return emission == Emission.CHANGES ? changes : withoutChange(changes);
    }

    private List<Chunk> computeBefore(KeyedBatch batch, Prepared computation, RunContext run) {
        List<Chunk> rows = new ArrayList<>();
        for (int i = 0; i < keyed.size(); i++) {
            rows.add(batch.before(i).rows());
        }
        return compute(rows, computation, run);
    }

    private List<Chunk> compute(List<Chunk> rows, Prepared computation, RunContext run) {
        for (int i = 0; i < leaves.size(); i++) {
            leaves.get(i).set(rows.get(i));
        }
        return ChunkCollector.collect(computation.open(run), run);
    }

    private List<Chunk> withoutChange(List<Chunk> changes) {
        int[] columns = new int[body.schema().size()];
        java.util.Arrays.setAll(columns, i -> i);
        return Chunk.mapEach(changes, chunk -> chunk.select(columns));
    }

    /// Forgets the keys that are final.
    private List<Chunk> expire(Prepared computation, RunContext run) {
        List<Chunk> rows = new ArrayList<>();
        try {
            boolean any = false;
            for (KeyedInput input : keyed) {
                Chunk expired = input.rows().takeExpired(run.allocator());
                rows.add(expired);
                any |= expired.rowCount() > 0;
            }
            return emission == Emission.FINAL && any ? compute(rows, computation, run) : List.of();
        } finally {
            Closing.all(rows);
        }
    }
}
