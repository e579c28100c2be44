package dev.headrace.function;

import java.time.ZoneId;
import java.time.ZoneOffset;

/// What an expression may depend on beside its row: all of it is fixed for a batch and written to its log entry, so
/// that running the batch again gives the same rows. And what it asks while it works, whether anyone waits for it.
///
/// Used by one thread, for the rows of one split in their order: a context belongs to one reading of one split.
///
/// @param zone the session time zone
/// @param batchTimestampMicros the clock of the batch (for a batch query: its start), for `current_timestamp()`
/// @param partition the number of the split being read, for `rand()` and `spark_partition_id()`
/// @param draws counts the calls of functions that give a new value at each, such as `rand()`
/// @param checkpoint asked between two rows, and between two elements that a lambda is called for
public record EvalContext(ZoneId zone, long batchTimestampMicros, int partition, Draws draws, Checkpoint checkpoint) {
    /// For constants, whose value does not depend on a context.
    static final EvalContext NONE = new EvalContext(ZoneOffset.UTC, 0, 0);

    public EvalContext(ZoneId zone, long batchTimestampMicros, int partition) {
        this(zone, batchTimestampMicros, partition, () -> {});
    }

    public EvalContext(ZoneId zone, long batchTimestampMicros, int partition, Checkpoint checkpoint) {
        this(zone, batchTimestampMicros, partition, new Draws(), checkpoint);
    }

    /// The same in another time zone.
    EvalContext in(ZoneId other) {
        return new EvalContext(other, batchTimestampMicros, partition, draws, checkpoint);
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
