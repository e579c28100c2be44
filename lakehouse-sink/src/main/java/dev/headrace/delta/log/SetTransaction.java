package dev.headrace.delta.log;

/// The last batch of an application whose rows are in the table.
///
/// @param appId for a streaming query its id
/// @param version for a streaming query the number of the batch
/// @param lastUpdatedMillis when it was committed
public record SetTransaction(String appId, long version, long lastUpdatedMillis) implements Action {}
