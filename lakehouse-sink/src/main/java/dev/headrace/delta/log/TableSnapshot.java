package dev.headrace.delta.log;

import java.util.List;
import java.util.OptionalLong;

/// One version of a table. Immutable and safe for several threads; the log is read as far as an answer needs it.
///
/// All methods throw [dev.headrace.errors.CheckpointException] `DELTA_LOG_DAMAGED` with the file's name if the log
/// can't be trusted.
public interface TableSnapshot {
    /// 0 for the commit that created the table.
    long version();

    TableMetadata metadata();

    Protocol protocol();

    /// The last batch of an application that this version holds, if it holds one.
    OptionalLong lastTransaction(String appId);

    /// The files whose rows may pass a filter, with their statistics. In no particular order.
    List<AddFile> files(FileFilter filter);
}
