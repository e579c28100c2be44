package dev.headrace.engine.log;

/// Rows that a batch has left out of what it read.
///
/// @param timestampMillis the batch's clock, in milliseconds since the epoch
/// @param operator which of the query's declarations has left them out, in the order of planning
/// @param source the source, by its position in the query
/// @param description of the source
/// @param read what the batch read of it
/// @param shed why
/// @param keptRows how many rows it went on with
/// @param lostRows how many rows it left out, more than 0
public record Loss(
        BatchId batch,
        long timestampMillis,
        int operator,
        int source,
        String description,
        OffsetRange read,
        Shed shed,
        long keptRows,
        long lostRows) {}
