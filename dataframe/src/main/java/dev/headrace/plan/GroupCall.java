package dev.headrace.plan;

import dev.headrace.types.StructType;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A function of the program over the rows of a key. Rows and keys are lists with a [dev.headrace.chunk.Cell] object
/// per column, which stay valid.
public sealed interface GroupCall {
    /// What the program has called, such as `mapGroups`.
    String name();

    StructType keySchema();

    StructType outputSchema();

    /// The key of a row.
    ///
    /// @param input which of the inputs it comes from
    List<@Nullable Object> key(int input, List<@Nullable Object> row);

    /// A function of the rows alone, which gives the same for the same rows.
    non-sealed interface Plain extends GroupCall {
        /// @param rows for each input the key's rows, in the order in which they came; they are read while the results
        ///     are, and gone when those are at their end
        Results call(List<@Nullable Object> key, List<Iterator<List<@Nullable Object>>> rows);
    }

    /// The rows that a call gives, made while they are asked for.
    interface Results {
        /// The next row; null behind the last one.
        @Nullable List<@Nullable Object> next();
    }

    /// A function that keeps a state per key from call to call. Rows of a second input, if there is one, are what the
    /// state begins with. Calls may come from several queries, but not at the same time.
    non-sealed interface Stateful extends GroupCall {
        /// The columns of a key's state.
        StructType stateSchema();

        /// By which clock timers go off.
        TimerClock clock();

        /// The columns that tell the event time, if the function goes by one of the input's and gives one.
        default Optional<EventTime> eventTime() {
            return Optional.empty();
        }

        /// The column of the result that numbers groups, all of whose rows are given in one batch.
        default OptionalInt wholeGroups() {
            return OptionalInt.empty();
        }

        /// Whether a row of the result replaces an earlier one of the same key, instead of being added.
        boolean updates();

        /// Whether in a batch query the timers up to the last watermark go off at the end of the rows.
        boolean timersInBatch();

        /// Whether keys whose state begins with something are called in the first batch although they have no rows.
        default boolean callsWithoutRows() {
            return false;
        }

        /// Sets what the state begins with.
        void initial(Group group, List<@Nullable Object> row, Times times);

        /// Takes in the rows of a key.
        void rows(Group group, List<List<@Nullable Object>> rows, Times times, Output out);

        /// A timer of the key has gone off; it is no longer set.
        void timer(Group group, long timerMillis, Times times, Output out);

        /// Drops what has outlived its time.
        void expire(Group group, Times times);
    }

    /// Where the event time is.
    ///
    /// @param input the input's column: a row is late when the watermark before has passed it
    /// @param output the result's column: all rows that it is earlier than the watermark for have been given; empty if
    ///     there is none
    record EventTime(int input, OptionalInt output) {}

    /// Takes rows of the result.
    interface Output {
        void accept(List<@Nullable Object> row);
    }

    /// What tells the time for timers.
    enum TimerClock {
        NONE,
        PROCESSING_TIME,
        EVENT_TIME
    }

    /// The times of a batch, in milliseconds since the epoch.
    ///
    /// @param watermarkMillis 0 if there is none; for a function that names its event-time column, before all rows that
    ///     may still come
    /// @param batch whether it is a batch query
    /// @param zone the query's time zone
    record Times(long processingMillis, long watermarkMillis, boolean batch, ZoneId zone) {
        /// Until when timers go off; the smallest number if none do.
        public long now(TimerClock clock) {
            return switch (clock) {
                case NONE -> Long.MIN_VALUE;
                case PROCESSING_TIME -> processingMillis;
                case EVENT_TIME -> watermarkMillis <= 0 ? Long.MIN_VALUE : watermarkMillis;
            };
        }
    }
}
