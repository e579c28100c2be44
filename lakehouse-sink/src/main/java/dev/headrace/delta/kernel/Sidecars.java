package dev.headrace.delta.kernel;

import dev.headrace.delta.log.LogListing;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The files in which checkpoints of version two keep a table's files, and which the log goes without once no
/// checkpoint names them.
final class Sidecars {
    /// Of one file each; those in parts name no sidecars.
    private static final Pattern CHECKPOINT =
            Pattern.compile("\\d{20}\\.checkpoint(?:\\.[0-9a-f-]{36})?\\.(?:parquet|json)");

    private static final StructType PATH = new StructType().add("path", StringType.STRING);
    private static final StructType SCHEMA = new StructType().add("sidecar", PATH);

    private final Engine engine;
    private final LogListing listing;

    Sidecars(Engine engine, LogListing listing) {
        this.engine = engine;
        this.listing = listing;
    }

    /// Deletes those that no checkpoint names and that are older than a time: younger ones may belong to a checkpoint
    /// that is being written.
    ///
    /// @return how many
    /// @throws IOException if a checkpoint can't be read; then nothing is deleted
    int deleteUnnamed(Instant before) throws IOException {
        // First, so that what a checkpoint of now names can't be among them.
        List<Path> old = sidecarsBefore(before);
        if (old.isEmpty()) {
            return 0;
        }
        Set<String> named = named();
        int deleted = 0;
        for (Path sidecar : old) {
            if (!named.contains(sidecar.getFileName().toString()) && Files.deleteIfExists(sidecar)) {
                deleted++;
            }
        }
        return deleted;
    }

    private List<Path> sidecarsBefore(Instant before) throws IOException {
        List<Path> old = new ArrayList<>();
        for (Path file : listing.sidecars()) {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                old.add(file);
            }
        }
        return old;
    }

    private Set<String> named() throws IOException {
        Set<String> named = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(listing.directory())) {
            for (Path file : all) {
                if (CHECKPOINT.matcher(file.getFileName().toString()).matches()) {
                    addNamed(file, named);
                }
            }
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        return named;
    }

    private void addNamed(Path checkpoint, Set<String> named) throws IOException {
        Optional<FileStatus> there = PathFileIO.statusIfThere(checkpoint);
        if (there.isEmpty()) {
            return;
        }
        try (CloseableIterator<ColumnarBatch> batches = read(checkpoint, PathFileIO.iterator(List.of(there.get())))) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        Row row = rows.next();
                        if (!row.isNullAt(0)) {
                            named.add(name(row.getStruct(0).getString(0)));
                        }
                    }
                }
            }
        } catch (RuntimeException damaged) {
            throw new IOException(checkpoint + ": can't be read", damaged);
        }
    }

    private CloseableIterator<ColumnarBatch> read(Path checkpoint, CloseableIterator<FileStatus> file)
            throws IOException {
        return checkpoint.toString().endsWith(".json")
                ? engine.getJsonHandler().readJsonFiles(file, SCHEMA, Optional.empty())
                : engine.getParquetHandler()
                        .readParquetFiles(file, SCHEMA, Optional.empty())
                        .map(FileReadResult::getData);
    }

    /// Of a path that is encoded as in a URI, and may be the whole one.
    private static String name(String path) {
        String decoded = URI.create(path).getPath();
        return decoded.substring(decoded.lastIndexOf('/') + 1);
    }
}
