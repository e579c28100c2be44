package dev.headrace.engine.stateful;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowEncoder;
import dev.headrace.chunk.RowLayout;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Prepared;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.Stage;
import dev.headrace.state.RowLog;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// An input of an operator that keeps rows which only come, in a log.
///
/// @param plan gives the rows' columns, and the key's columns behind them
/// @param state the log
/// @param lifetime when a row is forgotten, over the columns of `plan`; absent if never
/// @param late when a row is late, over the columns of `plan`
record LoggedInput(
        PhysicalPlan plan,
        StructType rowSchema,
        OperatorState state,
        Optional<Expiry> lifetime,
        Optional<Expiry> late) {

    /// The rows of a batch.
    ///
    /// @param rows without the key's columns; closed with this
    /// @param hashes of the rows' keys
    /// @param expiresAt when each is forgotten
    @SuppressWarnings("ArrayRecordComponent")
    record Fresh(Chunk rows, long[] hashes, long[] expiresAt) implements AutoCloseable {
        @Override
        public void close() {
            rows.close();
        }
    }

    /// What comes in the batch. Late rows are left out and counted. The caller closes it.
    Fresh read(Prepared prepared, RunContext run) {
        Stage all = prepared.open(run);
        Stage inTime = late.isPresent() ? all.then(() -> late.get().lateRowFilter(state, rowSchema)) : all;
        List<Chunk> chunks = ChunkCollector.collect(inTime, run);
        try (Chunk rows = chunks.isEmpty()
                ? Chunk.empty(plan.schema(), run.allocator())
                : Columns.concat(plan.schema(), chunks, run.allocator())) {
            state.countTaken(rows.rowCount());
            long[] expiresAt = new long[rows.rowCount()];
            Arrays.fill(expiresAt, Long.MAX_VALUE);
            return new Fresh(
                    rows.select(IntStream.range(0, rowSchema.size()).toArray()),
                    hashes(rows, run),
                    lifetime.map(expiry -> expiry.times(rows)).orElse(expiresAt));
        }
    }

    private long[] hashes(Chunk rows, RunContext run) {
        long[] hashes = new long[rows.rowCount()];
        int[] keys = IntStream.range(rowSchema.size(), plan.schema().size()).toArray();
        try (RowEncoder encoder = new RowEncoder(RowLayout.of(plan.schema().select(keys)), run.allocator())) {
            encoder.encode(
                    rows.columns().subList(rowSchema.size(), plan.schema().size()), hashes.length);
            for (int i = 0; i < hashes.length; i++) {
                hashes[i] = encoder.hash(i);
            }
        }
        return hashes;
    }

    /// Keeps the rows of a batch.
    void append(Fresh fresh) {
        state.log().append(fresh.rows(), fresh.hashes(), fresh.expiresAt());
        state.countUpdated(fresh.hashes().length);
        state.countEntered(fresh.hashes().length);
    }

    /// Forgets the rows that are final.
    void forget() {
        countForgotten(state.log().forget(state.times().expiryMicros()));
    }

    /// Forgets the rows that are final, and gives them; the caller closes it.
    RowLog.Forgotten takeForgotten() {
        RowLog.Forgotten forgotten = state.log().takeForgotten(state.times().expiryMicros());
        countForgotten(forgotten.hashes().length);
        return forgotten;
    }

    private void countForgotten(long rows) {
        state.countRemoved(rows);
        state.countLeft(rows);
    }
}
