package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.delta.log.TableMetadata;
import dev.headrace.parquet.ParquetFooters;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;

/// Files of a write that others have overtaken, written anew with numbers behind theirs.
record Renumbering(TableTarget target, TableMetadata metadata, IdentityNumbers from, IdentityNumbers to) {
    /// @param files complete, and in no commit
    /// @return the files that take their place
    List<WrittenFile> of(List<WrittenFile> files, BufferAllocator root) {
        TableVersion rows = new TableVersion(
                target.table(),
                target.base().version(),
                metadata,
                files.stream().map(WrittenFile::action).toList(),
                new BitSet(),
                target.zone(),
                new ParquetFooters());
        List<WrittenFile> renumbered = new ArrayList<>();
        int[] ofTable = IntStream.range(0, metadata.schema().size()).toArray();
        TableTaskWriter writer = writer(renumbered);
        try (BufferAllocator allocator = root.newChildAllocator("renumbering", 0, Long.MAX_VALUE)) {
            for (int file = 0; file < files.size(); file++) {
                for (Split split : rows.splitsOf(file, ScanRequest.all(rows.schema()))) {
                    copy(split, ofTable, writer, allocator);
                }
            }
            writer.close();
        } finally {
            writer.abort();
        }
        WrittenFile.forceNames(target.table(), renumbered);
        return renumbered;
    }

    private TableTaskWriter writer(List<WrittenFile> renumbered) {
        return new TableTaskWriter(
                target.table(),
                "",
                0,
                target.newId(),
                TableSchema.fit(target.table().toString(), metadata, metadata.schema()),
                metadata,
                FileLimits.of(target, metadata),
                target.options(),
                Optional.empty(),
                renumbered::addAll);
    }

    private void copy(Split split, int[] ofTable, TableTaskWriter writer, BufferAllocator allocator) {
        try (ChunkReader reader = split.open(allocator)) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                try (Chunk rows = chunk;
                        Chunk columns = rows.select(ofTable);
                        Chunk moved = from.move(columns, to)) {
                    writer.writeKept(moved);
                }
            }
        }
    }
}
