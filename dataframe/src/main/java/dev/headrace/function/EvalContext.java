package dev.headrace.function;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;

/// What an expression may depend on beside its row: all of it is fixed for a batch and written to its log entry, so
/// that running the batch again gives the same rows. And what it asks while it works, whether anyone waits for it.
///
/// Used by one thread, for the rows of one split in their order: a context with [#ofSplit] belongs to one reading of
/// one split by one operator.
///
/// @param zone the session time zone
/// @param batchTimestampMicros the clock of the batch (for a batch query: its start), for `current_timestamp()`
/// @param partition the number of the split being read, for `rand()` and `spark_partition_id()`
/// @param query tells the draws of a streaming query, or of what a table adds to the rows of a write, from those of
///     another one with the same clock; 0 for a batch query
/// @param program the number of the program among those of the query, so that two draw different numbers of one split
/// @param draws counts the calls of functions that give a new value at each, such as `rand()`
/// @param checkpoint asked between two rows, and between two elements that a lambda is called for
public record EvalContext(
        ZoneId zone,
        long batchTimestampMicros,
        long query,
        int partition,
        int program,
        Draws draws,
        Checkpoint checkpoint) {
    /// For constants, whose value does not depend on a context.
    static final EvalContext NONE = new EvalContext(ZoneOffset.UTC, 0, 0);

    public EvalContext(ZoneId zone, long batchTimestampMicros, int partition) {
        this(zone, batchTimestampMicros, partition, () -> {});
    }

    public EvalContext(ZoneId zone, long batchTimestampMicros, int partition, Checkpoint checkpoint) {
        this(zone, batchTimestampMicros, 0, partition, 0, new Draws(), checkpoint);
    }

    /// The same for a streaming query, whatever its batch, or for a write.
    public EvalContext ofQuery(UUID id) {
        long half = id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32);
        return new EvalContext(zone, batchTimestampMicros, half, partition, program, draws, checkpoint);
    }

    /// The same for the rows of another split, from the first on.
    public EvalContext ofSplit(int number) {
        return new EvalContext(zone, batchTimestampMicros, query, number, program, new Draws(), checkpoint);
    }

    /// The same, whose draws go on, for one of the programs that the rows of the split go through.
    public EvalContext ofProgram(int number) {
        return new EvalContext(zone, batchTimestampMicros, query, partition, number, draws, checkpoint);
    }

    /// The same in another time zone.
    EvalContext in(ZoneId other) {
        return new EvalContext(other, batchTimestampMicros, query, partition, program, draws, checkpoint);
    }

    /// Comes back unless the work is to stop.
    public void check() {
        checkpoint.check();
    }

    /// Where work that takes long is given up.
    @FunctionalInterface
    public interface Checkpoint {
        /// Comes back if the work is to go on, else throws what ends it.
        void check();
    }

    /// The numbers 0, 1, 2 …, each given once.
    public static final class Draws {
        private long next;

        public long next() {
            return next++;
        }
    }
}
