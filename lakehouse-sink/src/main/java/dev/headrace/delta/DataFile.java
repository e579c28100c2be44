package dev.headrace.delta;

import dev.headrace.delta.store.TablePaths;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.PartitionPath;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a data file lies.
///
/// The log writes the path relative to the table and percent-encoded as in a URI. Directories of partitions are named
/// `column=value` with Hive's own percent escapes, so that a `:` in a value is `%3A` on disk and `%253A` in the log.
/// The names are for people only: readers take partition values from the log.
///
/// @param table the table's directory
/// @param relative the path from there, as on disk
record DataFile(Path table, String relative) {
    /// A file in the directory of its partition.
    ///
    /// @param directory where in the table's directory that is: empty, or a path that ends in a slash
    static DataFile inPartition(
            Path table, String directory, Map<String, @Nullable String> partitionValues, String name) {
        StringBuilder relative = new StringBuilder(directory);
        partitionValues.forEach((column, value) -> relative.append(PartitionPath.escape(column))
                .append('=')
                .append(value == null ? PartitionPath.NULL : PartitionPath.escape(value))
                .append('/'));
        return new DataFile(table, relative.append(name).toString());
    }

    /// The file that a path in the log means: relative to the table, or absolute with or without `file:`.
    ///
    /// @throws CheckpointException `DELTA_LOG_DAMAGED` if the path is not one
    /// @throws QueryException `UNSUPPORTED_FILE_SYSTEM` if nothing on the class path knows its file system
    static Path resolve(Path table, String encodedPath) {
        try {
            URI uri = new URI(encodedPath);
            if (uri.getScheme() == null) {
                return table.resolve(uri.getPath());
            }
            String authority = uri.getScheme().equals("file") ? "" : uri.getScheme() + "://" + uri.getAuthority();
            return TablePaths.of(authority + uri.getPath());
        } catch (URISyntaxException notAPath) {
            throw new CheckpointException(
                    "DELTA_LOG_DAMAGED",
                    table + ": the table's log names a file '" + encodedPath
                            + "', which is not a percent-encoded path. "
                            + "Restore the table to a version before it was added.",
                    notAPath);
        }
    }

    Path file() {
        return table.resolve(relative);
    }

    String encodedPath() {
        try {
            return new URI(null, null, relative, null).getRawPath();
        } catch (URISyntaxException impossibleForAPath) {
            throw new IllegalStateException(impossibleForAPath);
        }
    }
}
