package dev.headrace.engine.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The few things a checkpoint asks of storage. Paths are relative to the checkpoint and separated by `/`.
///
/// Files are immutable: they appear whole or not at all, and one writer wins. Failures are `IOException`s as `java.nio`
/// throws them; the caller knows the context and turns them into errors with a code.
public interface CheckpointFiles {

    /// Files in a directory of the local file system; temporary names carry `run`.
    static CheckpointFiles local(Path directory, RunId run) {
        return new LocalCheckpointFiles(directory, run);
    }

    /// How a person finds the file; the empty path is the checkpoint itself.
    String locate(String path);

    /// Makes a folder and those above it, durably. One that exists is fine. The empty path is the checkpoint itself.
    void createFolder(String folder) throws IOException;

    /// The names of the plain files in a folder, in any order; none when there is no such folder.
    List<String> list(String folder) throws IOException;

    /// @throws java.nio.file.NoSuchFileException if there is no such file
    byte[] read(String path) throws IOException;

    /// Makes a file with this content. When this returns, the file is whole, visible and survives a power failure.
    /// When it throws, there is no new file, or the whole one: a caller may repeat the call.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException if there is such a file already; it is durable then, and whole
    ///     unless its writer is just making it on storage that can't show files only when they are whole
    void create(String path, byte[] content) throws IOException;

    /// Deletes a file; one that does not exist is fine. The deletion need not be durable.
    void delete(String path) throws IOException;

    /// Tries to own a path until the lease is closed or this process ends, however it ends. Does not wait.
    ///
    /// @param owner what others are told about the owner
    Lease lease(String path, byte[] owner) throws IOException;

    /// The answer to a try to own a path.
    sealed interface Lease {

        /// The path is owned until `release` is closed.
        record Granted(Closeable release) implements Lease {}

        /// Another one owns the path.
        ///
        /// @param owner what it has said about itself; empty when that can't be read
        record Refused(Optional<byte[]> owner) implements Lease {}

        /// The storage knows no ownership. The race for each entry still lets only one writer go on.
        record Unsupported(String reason) implements Lease {}
    }
}
