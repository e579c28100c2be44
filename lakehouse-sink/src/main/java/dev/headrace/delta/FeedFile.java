package dev.headrace.delta;

import dev.headrace.delta.log.AddFile;
import java.util.Optional;

/// A file that a version of a table gives to a stream, or to a reader of the change data feed.
///
/// @param file a data file of the table, or one of its change data feed
/// @param type what happened to the rows; absent if the file itself says it, or nobody asks
/// @param version the version that has the file
/// @param timestampMillis when that was committed
record FeedFile(AddFile file, Optional<String> type, long version, long timestampMillis) {}
