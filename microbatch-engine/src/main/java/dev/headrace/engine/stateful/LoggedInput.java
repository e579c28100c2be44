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
import org.apache.arrow.vector.FieldVector;

/// An input of an operator that keeps rows which only come, in a log.
///
/// @param plan gives the rows' columns, and the key's columns behind them
/// @param state the log
/// @param lifetime when a row is forgotten, over the columns of `plan`; absent if never
/// @param late when a row is late, over the columns of `plan`
/// @param keptMicros how long a row is kept when it is due: final, so that it comes out if it has found no partner
record LoggedInput(
        PhysicalPlan plan,
        StructType rowSchema,
        OperatorState state,
        Optional<Expiry> lifetime,
        Optional<Expiry> late,
        long keptMicros) {

    private static final long ODD = 0x9E3779B97F4A7C15L;

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
            long[] never = new long[rows.rowCount()];
            Arrays.fill(never, Long.MAX_VALUE);
            long[] expiresAt = lifetime.map(expiry -> expiry.times(rows)).orElse(never);
            long[] hashes = hashes(rows, expiresAt, run);
            return new Fresh(rows.select(IntStream.range(0, rowSchema.size()).toArray()), hashes, expiresAt);
        }
    }

    /// Of the keys. A row whose key is null has no partner, so its hash may be any: were they alike, all such rows
    /// would be looked at for each of them.
    private long[] hashes(Chunk rows, long[] expiresAt, RunContext run) {
        long[] hashes = new long[rows.rowCount()];
        int[] keys = IntStream.range(rowSchema.size(), plan.schema().size()).toArray();
        List<FieldVector> columns =
                rows.columns().subList(rowSchema.size(), plan.schema().size());
        try (RowEncoder encoder = new RowEncoder(RowLayout.of(plan.schema().select(keys)), run.allocator())) {
            encoder.encode(columns, hashes.length);
            for (int i = 0; i < hashes.length; i++) {
                hashes[i] = encoder.hash(i);
            }
        }
        for (FieldVector column : columns) {
            boolean known = column.getNullCount() == 0;
            for (int i = 0; i < hashes.length; i++) {
                if (!known && column.isNull(i)) {
                    hashes[i] ^= (Long.rotateLeft(expiresAt[i], 32) + i) * ODD;
                }
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

    /// The rows that are due in this batch, before any are forgotten; the caller closes it.
    RowLog.HashedRows due() {
        OperatorState.EventTimes times = state.times();
        return state.log().due(expiry(times.lateMicros()), expiry(times.expiryMicros()));
    }

    /// When a row that is due at a watermark expires.
    private long expiry(long watermark) {
        return watermark == OperatorState.NO_WATERMARK ? watermark : watermark + keptMicros;
    }

    /// Forgets the rows that nothing can be joined with any more.
    void forget() {
        long rows = state.log().forget(state.times().expiryMicros());
        state.countRemoved(rows);
        state.countLeft(rows);
    }
}
