package dev.headrace.delta.store;

import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.errors.QueryException;
import dev.headrace.files.store.StorePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;

/// Commits in a store, by what each store has that lets one of several writers of a file be the first.
///
/// | | |
/// | --- | --- |
/// | the store writes a file if there is none (S3, `If-None-Match`) | the whole file is there or nothing, by one request |
/// | Google's store | a file that must be new is checked and there when it is closed |
/// | HDFS, Azure's store | a file under another name is renamed, which fails if the name is taken |
/// | others | refused |
final class StoreCommits implements CommitStore {
    private static final String CONDITIONAL = CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;

    private final StorePath directory;

    /// @param directory the table's `_delta_log`
    StoreCommits(StorePath directory) {
        this.directory = directory;
    }

    @Override
    public String fileOf(long version) {
        return file(version).toString();
    }

    private StorePath file(long version) {
        return (StorePath) directory.resolve(LocalCommitStore.fileName(version));
    }

    @Override
    public Optional<byte[]> read(long version) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(version)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public boolean exists(long version) throws IOException {
        try {
            Files.readAttributes(file(version), BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException absent) {
            return false;
        }
    }

    @Override
    public Put putIfAbsent(long version, byte[] bytes) throws IOException {
        FileSystem store = directory.getFileSystem().hadoop();
        Path file = file(version).hadoop();
        try {
            if (store.hasPathCapability(file, CONDITIONAL)) {
                FSDataOutputStreamBuilder<?, ?> builder = store.createFile(file);
                builder.recursive();
                builder.must(CONDITIONAL, true);
                write((FSDataOutputStream) builder.build(), bytes);
                return Put.WRITTEN;
            }
            return switch (directory.getFileSystem().root().getScheme().toLowerCase(Locale.ROOT)) {
                case "gs" -> {
                    write(store.create(file, false), bytes);
                    yield Put.WRITTEN;
                }
                case "hdfs", "abfs", "abfss" -> renamed(store, file, bytes);
                default -> throw unsafe();
            };
        } catch (FileAlreadyExistsException taken) {
            return Put.TAKEN;
        } catch (IOException refused) {
            // Stores don't agree on how they refuse. If it is there because an answer was lost, it is seen to be ours.
            if (exists(version)) {
                return Put.TAKEN;
            }
            throw refused;
        }
    }

    /// A store gets the file when it is closed, whatever has been written by then: if that is not all, nothing is
    /// closed.
    private static void write(FSDataOutputStream out, byte[] bytes) throws IOException {
        try {
            out.write(bytes);
        } catch (IOException | RuntimeException failed) {
            if (out.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
                out.abort();
            }
            throw failed;
        }
        out.close();
    }

    private Put renamed(FileSystem store, Path file, byte[] bytes) throws IOException {
        Path unnamed = new Path(file.getParent(), "." + file.getName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FSDataOutputStream out = store.create(unnamed, false)) {
                out.write(bytes);
            }
            if (store.rename(unnamed, file)) {
                return Put.WRITTEN;
            }
            throw new IOException("the store did not rename '" + unnamed + "'");
        } finally {
            store.delete(unnamed, false);
        }
    }

    private QueryException unsafe() {
        String scheme = directory.getFileSystem().root().getScheme();
        return new QueryException(
                "DELTA_NO_PUT_IF_ABSENT",
                directory + ": nothing is committed, because "
                        + (scheme.equals("s3a")
                                ? "this S3 file system does not write files only if they are not there yet. Use hadoop-aws 3.4.2 or"
                                        + " newer, and leave fs.s3a.create.conditional.enabled on; the store itself must know"
                                        + " If-None-Match."
                                : "it is not known how a file of '" + scheme
                                        + "' is written only if it is not there yet, without which two writers could overwrite each"
                                        + " other's commits. Put the table in S3 (s3a), Azure's (abfs) or Google's (gs) store, on"
                                        + " HDFS or on a local disk."));
    }
}
