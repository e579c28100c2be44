package dev.headrace.benchmarks.delta;

import java.nio.file.Path;
import java.util.List;

/// What is measured of an engine. Used by one thread.
interface DeltaEngine extends AutoCloseable {
    String name();

    /// Runs a statement.
    ///
    /// @return how long it took, in milliseconds
    long millis(String sql) throws Exception;

    /// Applies changes to a table that holds every version of each row.
    ///
    /// @param changes a Parquet file of [DeltaData#history]
    /// @return how long it took, in milliseconds
    long keepHistory(Path table, Path changes) throws Exception;

    /// Applies the changes of a directory to a table that holds what rows are now, a file per batch.
    ///
    /// @param changes Parquet files of [DeltaData#landing]
    /// @return how long each batch took, in milliseconds
    List<Long> land(Path table, Path changes) throws Exception;

    /// The processor time of the engine's process so far, in milliseconds.
    long processorMillis();

    @Override
    void close();
}
