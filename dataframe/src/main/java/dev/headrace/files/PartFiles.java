package dev.headrace.files;

import dev.headrace.connector.SinkBatch.TaskWriter;
import dev.headrace.types.StructType;
import java.nio.file.Path;

/// How a format writes one file of an output.
@FunctionalInterface
public interface PartFiles {
    /// Begins a new file. Closing the writer completes it; a writer that was given no rows leaves a valid, empty file.
    /// Failures of the disk are reported by [OutputFailure#of].
    ///
    /// @param file where to write; nothing is there
    /// @param schema of the rows that will be written: the output's without the partition columns
    TaskWriter create(Path file, StructType schema);
}
