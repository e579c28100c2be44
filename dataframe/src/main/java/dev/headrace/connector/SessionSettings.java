package dev.headrace.connector;

import java.time.ZoneId;

/// The session's settings that connectors need.
///
/// @param zone the session time zone, for text without one
/// @param parallelism how many threads run a query
public record SessionSettings(ZoneId zone, int parallelism) {}
