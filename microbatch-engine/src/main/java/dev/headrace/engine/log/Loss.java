package dev.headrace.engine.log;

import dev.headrace.connector.Gap;

/// What a batch lacks of what it should have read of a source.
///
/// @param timestampMillis the batch's clock, in milliseconds since the epoch
/// @param source the source, by its position in the query
/// @param description of the source
/// @param read what the batch was to read of it
public record Loss(BatchId batch, long timestampMillis, int source, String description, OffsetRange read, Cause cause) {

    /// Why.
    public sealed interface Cause {
        /// It has left out rows.
        ///
        /// @param operator which of the query's declarations has left them out, in the order of planning
        /// @param keptRows how many rows it went on with
        /// @param lostRows how many rows it left out, more than 0
        record LoadShedding(int operator, Shed shed, long keptRows, long lostRows) implements Cause {}

        /// The source had them no longer.
        record GoneAtSource(Gap gap) implements Cause {}
    }
}
