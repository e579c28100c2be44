package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChangeLayout;
import dev.headrace.connector.SinkBatch;
import dev.headrace.connector.SinkId;
import dev.headrace.connector.StreamWriteRequest;
import dev.headrace.connector.StreamWriteRequest.OutputKind;
import dev.headrace.connector.TemporaryTables;
import dev.headrace.delta.kernel.KernelTableLog;
import dev.headrace.delta.log.CommitStore;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.LocalCommitStore;
import dev.headrace.errors.CommitUnknownException;
import dev.headrace.parquet.ParquetFooters;
import dev.headrace.parquet.ParquetWriteOptions;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches of changes whose commits go wrong.
class ChangeSinkTest {
    private static final StructType CHANGES =
            StructType.fromDDL("kind int not null, sequence bigint not null, old_id bigint, id bigint, name string");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private final BufferAllocator allocator = new RootAllocator();
    private @Nullable ChangeSink sink;
    private boolean dark;

    @AfterEach
    void nothingLeaks() {
        if (sink != null) {
            sink.close();
        }
        allocator.close();
    }

    @Test
    void deletionsOfABatchOfWhichItWasUnknownWhetherItIsThereAreRemembered() {
        ChangeSink changes = open();
        apply(changes, 0, ChangeLayout.UPSERT, 1, "a");
        dark = true;
        assertThrows(CommitUnknownException.class, () -> apply(changes, 1, ChangeLayout.DELETE, 3, null));
        dark = false;
        assertEquals(OptionalLong.of(1), changes.lastCommitted());

        apply(changes, 2, ChangeLayout.UPSERT, 2, "late");

        assertEquals(
                List.of(), new KernelTableLog(directory).latest().orElseThrow().files(FileFilter.everything()));
    }

    private void apply(ChangeSink changes, long id, int kind, long sequence, @Nullable String name) {
        try (SinkBatch batch = changes.begin(id);
                ChunkBuilder builder = new ChunkBuilder(CHANGES, allocator)) {
            builder.add(
                    Arrays.<@Nullable Object>asList(kind, sequence, null, 1L, name == null ? null : Slice.utf8(name)));
            try (Chunk rows = builder.build();
                    SinkBatch.TaskWriter task = batch.openTask(0)) {
                task.write(rows);
            }
            batch.commit();
        }
    }

    private ChangeSink open() {
        ChangeLayout layout = new ChangeLayout(
                List.of("id"), false, "_sequence", List.of(), Optional.empty(), false, List.of(), Map.of());
        StreamWriteRequest query = new StreamWriteRequest(
                "query-1",
                SinkId.of("query-1"),
                Optional.empty(),
                CHANGES,
                OutputKind.APPEND,
                List.of(),
                directory,
                new TemporaryTables());
        NewColumns columns = new NewColumns(CHANGES, layout, NewColumns.Policy.REFUSE, NewColumns.Gone.KEEP);
        TableTarget target = new TableTarget(
                directory,
                new KernelTableLog(directory, new Forgetful(new LocalCommitStore(directory.resolve("_delta_log")))),
                new WriteRequest(
                        ChangeColumns.forNewTable(columns.schema(), layout),
                        List.of(),
                        WriteKind.CHANGE,
                        SchemaChange.NONE),
                ParquetWriteOptions.DEFAULT,
                CLOCK,
                UUID::randomUUID);
        AutoCompaction none = new AutoCompaction(
                true, Optional.of(false), OptionalInt.empty(), OptionalLong.empty(), Optional.empty());
        ParquetFooters footers = new ParquetFooters();
        ChangeSink changes = new ChangeSink(
                target,
                query,
                layout,
                ZoneOffset.UTC,
                1,
                Duration.ofDays(1),
                columns,
                new Compactor(target, none, Map.of(), footers, System::nanoTime),
                footers);
        sink = changes;
        return changes;
    }

    /// Writes commits whose answers are lost while it is dark.
    private final class Forgetful implements CommitStore {
        private final CommitStore store;

        Forgetful(CommitStore store) {
            this.store = store;
        }

        @Override
        public String fileOf(long version) {
            return store.fileOf(version);
        }

        @Override
        public Optional<byte[]> read(long version) throws IOException {
            if (dark) {
                throw new IOException("disk away");
            }
            return store.read(version);
        }

        @Override
        public boolean exists(long version) throws IOException {
            return store.exists(version);
        }

        @Override
        public Put putIfAbsent(long version, byte[] bytes) throws IOException {
            Put put = store.putIfAbsent(version, bytes);
            if (dark) {
                throw new IOException("disk away");
            }
            return put;
        }
    }
}
