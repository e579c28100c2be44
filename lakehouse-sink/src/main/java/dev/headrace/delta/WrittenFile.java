package dev.headrace.delta;

import dev.headrace.delta.log.AddFile;
import dev.headrace.files.OutputFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A complete data file that no commit names yet.
record WrittenFile(Path file, AddFile action, long rows) {
    /// Deletes the file, which nothing names.
    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            throw OutputFailure.of(file, failed);
        }
    }
}
