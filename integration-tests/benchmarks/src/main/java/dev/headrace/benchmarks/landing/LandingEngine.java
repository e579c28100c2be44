package dev.headrace.benchmarks.landing;

import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.util.List;

/// An engine that applies Debezium's messages to Delta tables.
interface LandingEngine extends AutoCloseable {
    String name();

    /// How many large batches it is given for each size of the table: enough for a median.
    int largeBatches();

    /// How many small batches it is given.
    int smallBatches();

    /// Appends rows with the keys from `from` on, as another writer would, that no message has changed.
    void fill(Path table, long from, long to);

    /// Lets messages come, to be applied in batches of `batch`.
    void give(Path table, List<ChangeFeed.Message> messages, int batch) throws Exception;

    /// Applies what has come.
    ///
    /// @param trigger when a batch begins, if the engine would begin it sooner
    /// @return how long each batch took, in milliseconds
    List<Long> land(Path table, int batch, Trigger trigger) throws Exception;

    @Override
    void close();
}
