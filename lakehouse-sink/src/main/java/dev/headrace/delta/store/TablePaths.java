package dev.headrace.delta.store;

import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.errors.QueryException;
import dev.headrace.files.DurableFiles;
import dev.headrace.files.InputFiles;
import dev.headrace.files.store.StorePath;
import java.nio.file.Path;

/// What the paths of tables mean, on the local disk and elsewhere.
public final class TablePaths {
    private TablePaths() {}

    /// The directory or file that a text means: a path, or a URI such as `file:/data/orders` or `s3a://bucket/orders`.
    ///
    /// @return absolute and normalized
    /// @throws QueryException `UNSUPPORTED_FILE_SYSTEM` if nothing on the class path knows the URI's scheme,
    ///     `STORE_NOT_REACHED` if its file system can't be opened
    public static Path of(String text) {
        return InputFiles.path(text).toAbsolutePath().normalize();
    }

    /// Whether a path is on a disk of this machine's, where names must be forced to last, and files have links.
    public static boolean isLocal(Path path) {
        return DurableFiles.isLocal(path);
    }

    /// Where the commits of a table go.
    ///
    /// @param table the table's directory, absolute
    public static CommitStore commits(Path table) {
        Path log = table.resolve("_delta_log");
        return log instanceof StorePath store ? new StoreCommits(store) : new LocalCommitStore(log);
    }
}
