package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.delta.log.Action;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.parquet.ParquetFooters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Some files of a partition on their way into one. The rows may be copied in pieces, with commits of others in
/// between. Used by one thread.
final class Folding implements AutoCloseable {
    private final TableTarget target;
    private final TableMetadata metadata;
    private final List<AddFile> files;
    private final TableVersion version;
    private final BufferAllocator memory;
    private final DataWriters writers;
    private final Deque<Split> splits = new ArrayDeque<>();
    private @Nullable ChunkReader reader;
    private int opened;

    /// @param files all of one partition
    /// @param root of the memory
    Folding(TableTarget target, List<AddFile> files, ParquetFooters footers, BufferAllocator root) {
        this.target = target;
        this.files = files;
        metadata = target.base().metadata();
        BitSet all = new BitSet();
        all.set(0, files.size());
        version =
                new TableVersion(target.table(), target.base().version(), metadata, files, all, target.zone(), footers);
        // One file whatever it seems to have: of two, both might be small, and be put together again and again.
        writers = DataWriters.ofWholeFiles(target, metadata);
        memory = root.newChildAllocator("compaction", 0, Long.MAX_VALUE);
    }

    List<AddFile> files() {
        return files;
    }

    /// Whether rows that were read and written as this does are rows of a table that is described so.
    boolean fits(TableMetadata now) {
        return unmarked(now).equals(unmarked(metadata));
    }

    /// However far identity columns have come.
    private static TableMetadata unmarked(TableMetadata table) {
        return table.withSchema(IdentityColumn.withoutMarks(table.schema()));
    }

    /// Copies rows, one chunk at least.
    ///
    /// @param more asked after each chunk whether to go on
    /// @return whether that was all
    boolean copy(BooleanSupplier more) {
        do {
            if (!copyNext()) {
                return true;
            }
        } while (more.getAsBoolean());
        return false;
    }

    /// @return false if there are no more rows
    private boolean copyNext() {
        while (true) {
            if (reader == null && !openNext()) {
                return false;
            }
            ChunkReader rows = java.util.Objects.requireNonNull(reader);
            try (@Nullable Chunk chunk = rows.next()) {
                if (chunk != null) {
                    writers.writeKept(chunk);
                    return true;
                }
            }
            closeReader();
        }
    }

    private boolean openNext() {
        while (splits.isEmpty()) {
            if (opened == files.size()) {
                return false;
            }
            splits.addAll(version.splitsOf(opened++, ScanRequest.all(metadata.schema())));
        }
        reader = splits.remove().open(memory);
        return true;
    }

    private void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /// Completes the new files and makes them durable.
    List<WrittenFile> finish() {
        List<WrittenFile> written = writers.finish();
        WrittenFile.forceNames(target.table(), written);
        return written;
    }

    /// What takes the old files out and puts the new ones in; no row changes.
    List<Action> actions(List<WrittenFile> written) {
        long now = target.now();
        List<Action> actions = new ArrayList<>();
        files.forEach(file -> actions.add(file.moved(now)));
        written.forEach(file -> actions.add(file.action().asMoved()));
        return actions;
    }

    /// All files of a table after this.
    ///
    /// @param before all files that it had
    List<AddFile> filesAfter(List<AddFile> before, List<WrittenFile> written) {
        Set<String> gone = files.stream().map(AddFile::path).collect(Collectors.toSet());
        return Stream.concat(
                        before.stream().filter(file -> !gone.contains(file.path())),
                        written.stream().map(WrittenFile::action))
                .toList();
    }

    /// As Delta's history has them.
    Map<String, Long> metrics(List<WrittenFile> written) {
        Map<String, Long> metrics = new LinkedHashMap<>();
        metrics.put("numAddedFiles", (long) written.size());
        metrics.put(
                "numAddedBytes",
                written.stream().mapToLong(file -> file.action().size()).sum());
        metrics.put("numRemovedFiles", (long) files.size());
        metrics.put("numRemovedBytes", files.stream().mapToLong(AddFile::size).sum());
        metrics.put(
                "numDeletionVectorsRemoved",
                files.stream().filter(file -> file.deletionVector().isPresent()).count());
        return metrics;
    }

    /// The new files are the table's now, or may be: they stay.
    void handOver() {
        writers.handOver();
    }

    @Override
    public void close() {
        try (memory;
                writers) {
            closeReader();
        }
    }
}
