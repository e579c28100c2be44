package dev.headrace;

import org.jspecify.annotations.Nullable;

/// Takes the rows of each batch one by one, for `writeStream().foreach(…)`.
///
/// For a batch, [#open] is called, then [#process] for each row if it gave true, then [#close]. After a restart a batch
/// may come again, with the same number and the same rows: a writer that remembers the numbers that it has closed well,
/// and then gives false, writes each row once.
///
/// @param <T> the class of rows
public abstract class ForeachWriter<T> {
    /// @param partitionId 0: a batch is one partition
    /// @param epochId the batch's number
    /// @return whether the rows are wanted
    public abstract boolean open(long partitionId, long epochId);

    public abstract void process(T value) throws Exception;

    /// @param errorOrNull what has failed in [#process], or null
    public abstract void close(@Nullable Throwable errorOrNull);

    /// Gives the rows of a batch to the writer.
    static void write(ForeachWriter<Row> writer, DataFrame rows, long batchId) throws Exception {
        Throwable failure = null;
        try {
            if (writer.open(0, batchId)) {
                for (Row row : rows.collectAsList()) {
                    writer.process(row);
                }
            }
        } catch (Exception | Error failed) {
            failure = failed;
            throw failed;
        } finally {
            writer.close(failure);
        }
    }
}
