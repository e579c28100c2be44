package dev.headrace.functions;

import java.time.ZoneId;

/// What an expression may depend on beside its row: all of it is fixed for a batch and written to its log entry, so
/// that running the batch again gives the same rows.
///
/// @param zone the session time zone
/// @param batchTimestampMicros the clock of the batch (for a batch query: its start), for `current_timestamp()`
/// @param partition the number of the split being read, for `rand()` and `spark_partition_id()`
public record EvalContext(ZoneId zone, long batchTimestampMicros, int partition) {}
