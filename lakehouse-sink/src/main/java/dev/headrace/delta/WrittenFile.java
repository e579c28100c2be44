package dev.headrace.delta;

import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.files.OutputFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

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

    /// Makes the names of files durable: their own, and those of the directories from them up to the table's.
    static void forceNames(Path table, List<WrittenFile> files) {
        TreeSet<Path> directories = new TreeSet<>();
        for (WrittenFile file : files) {
            Path directory = table;
            directories.add(directory);
            for (Path name : table.relativize(file.file())) {
                directory = directory.resolve(name);
                directories.add(directory);
            }
            directories.remove(file.file());
        }
        for (Path directory : directories.descendingSet()) {
            try {
                LocalCommitStore.force(directory);
            } catch (IOException failed) {
                throw OutputFailure.of(directory, failed);
            }
        }
    }
}
