package dev.headrace.engine.log;

/// The latest event time that a part of a stream has shown.
///
/// @param eventMicros the event time, in microseconds since the epoch
/// @param sinceMillis the clock of the batch that brought it, in milliseconds since the epoch
public record LatestEvent(long eventMicros, long sinceMillis) {}
