package dev.headrace.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// By what a file is told from another one that takes its place.
///
/// @param modifiedMillis since the epoch
record FileStamp(long length, long modifiedMillis) {
    static FileStamp of(Path path) {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            return new FileStamp(now.size(), now.lastModifiedTime().toMillis());
        } catch (IOException unreadable) {
            throw ParquetErrors.unreadable(path, unreadable);
        }
    }
}
