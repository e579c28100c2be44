package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.exec.GroupLayout;
import dev.headrace.exec.GroupTable;
import dev.headrace.exec.HashAggregation;
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
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;

/// Groups and aggregates a stream. The batch's rows are grouped as in a batch query; the partial results are merged
/// with those in the state, so the cost is that of the rows and of the groups that the batch touches.
///
/// @param batch the grouping of the batch's rows
/// @param expiry when groups are final, over the batch's input columns; absent without a watermarked key
/// @param keyExpiry the same over the key columns
/// @param rows which column of the partial results is the number of a group's rows: a group without rows is forgotten;
///     absent if rows never go
record StatefulAggregate(
        PhysicalPlan.HashAggregate batch,
        Emission emission,
        Optional<Expiry> expiry,
        Optional<Expiry> keyExpiry,
        OptionalInt rows,
        OperatorState state)
        implements KeepsRows {

    enum Emission {
        /// A group when the watermark says that it is final.
        FINAL("final groups"),
        /// The new results of the groups that the batch touches.
        UPDATED("updated groups"),
        /// The old results of the groups that the batch touches as removed rows, the new ones as added rows.
        CHANGES("changes"),
        /// All groups.
        WHOLE("all groups");

        private final String text;

        Emission(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    @Override
    public StructType schema() {
        return emission == Emission.CHANGES ? ChangeColumn.addTo(batch.schema()) : batch.schema();
    }

    @Override
    public List<PhysicalPlan> inputs() {
        return List.of(batch.input());
    }

    @Override
    public List<OperatorState> keepers() {
        return List.of(state);
    }

    @Override
    public String describe() {
        return "Stateful" + batch.describe() + ", gives "
                + emission.text()
                + expiry.map(e -> ", groups end with the watermark of "
                                + batch.input().schema().field(e.column()).name())
                        .orElse("");
    }

    @Override
    public Prepared prepare(Preparation preparation) {
        Prepared input = preparation.prepare(batch.input());
        GroupLayout layout = GroupLayout.of(batch);
        return run -> {
            Stage rows = input.open(run);
            Stage inTime = expiry.isPresent()
                    ? rows.then(() ->
                            expiry.get().lateRowFilter(state, batch.input().schema()))
                    : rows;
            List<Chunk> results = new ArrayList<>();
            try {
                try (GroupTable touched = HashAggregation.aggregate(inTime.then(() -> new Taken(state)), layout, run)) {
                    Chunk.lendEach(
                            touched.partials(run.allocator()), partials -> merge(partials, layout, run, results));
                }
                emit(layout, run, results);
                return Stage.of(List.<Split>of(new MemorySplit(results)));
            } catch (Throwable failed) {
                Closing.all(results);
                throw failed;
            }
        };
    }

    /// Merges groups of the batch into the state; gives their results if those are wanted now.
    ///
    /// @param partials borrowed
    private void merge(Chunk partials, GroupLayout layout, RunContext run, List<Chunk> results) {
        StoredPartials stored = stored(layout);
        List<Chunk> before = new ArrayList<>();
        try (GroupTable merged = new GroupTable(layout, run.allocator());
                Chunk keys = partials.select(stored.keyOrdinals());
                Chunk old = stored.find(keys, run.allocator())) {
            state.countEntered(keys.rowCount() - old.rowCount());
            if (old.rowCount() > 0) {
                merged.merge(old);
                if (emission == Emission.CHANGES) {
                    before.addAll(merged.results(batch.schema(), run.allocator()));
                }
            }
            merged.merge(partials);
            Chunk.lendEach(merged.partials(run.allocator()), chunk -> store(chunk, stored, run));
            if (emission == Emission.UPDATED) {
                results.addAll(merged.results(batch.schema(), run.allocator()));
            } else if (emission == Emission.CHANGES) {
                List<Chunk> after = merged.results(batch.schema(), run.allocator());
                results.addAll(Difference.of(batch.schema(), before, after, run.allocator()));
            }
        } finally {
            Closing.all(before);
        }
    }

    private void store(Chunk partials, StoredPartials stored, RunContext run) {
        if (rows.isEmpty()) {
            stored.store(partials);
            return;
        }
        BigIntVector counts = (BigIntVector) partials.column(rows.getAsInt());
        int[] kept = IntStream.range(0, partials.rowCount())
                .filter(i -> counts.get(i) != 0)
                .toArray();
        int[] empty = IntStream.range(0, partials.rowCount())
                .filter(i -> counts.get(i) == 0)
                .toArray();
        try (Chunk groups = Columns.gather(partials, kept, 0, kept.length, run.allocator());
                Chunk gone = Columns.gather(partials, empty, 0, empty.length, run.allocator());
                Chunk goneKeys = gone.select(stored.keyOrdinals())) {
            stored.store(groups);
            state.writer().delete(goneKeys);
            state.countRemoved(empty.length);
            state.countLeft(empty.length);
        }
    }

    private StoredPartials stored(GroupLayout layout) {
        return new StoredPartials(layout, batch.schema(), state, keyExpiry);
    }

    /// Takes what has expired out of the state, and gives what is wanted of it.
    private void emit(GroupLayout layout, RunContext run, List<Chunk> results) {
        if (emission == Emission.WHOLE) {
            try (ChunkReader all = state.writer().scan()) {
                for (Chunk chunk = all.next(); chunk != null; chunk = all.next()) {
                    results.addAll(stored(layout).results(chunk, run.allocator()));
                }
            }
            return;
        }
        if (keyExpiry.isPresent()) {
            Chunk.lendEach(state.takeExpired(state.times().expiryMicros()), expired -> {
                state.countRemoved(expired.rowCount());
                if (emission == Emission.FINAL) {
                    results.addAll(stored(layout).results(expired, run.allocator()));
                }
            });
        }
    }
}
