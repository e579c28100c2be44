package dev.headrace.state.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.connector.ChunkReader;
import dev.headrace.errors.CheckpointException;
import dev.headrace.state.KeyGroups;
import dev.headrace.state.StateBackend;
import dev.headrace.state.StateReader;
import dev.headrace.state.StateSchema;
import dev.headrace.state.StateStore;
import dev.headrace.state.StateStoreContract;
import dev.headrace.state.StateVersion;
import dev.headrace.state.StateWriter;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class MemoryStateStoreTest extends StateStoreContract {
    private static final StructType NUMBER = new StructType().add("n", "int", false);

    @Override
    protected StateBackend backend() {
        return new MemoryStateBackend();
    }

    /// A batch that runs again may be cut off again, at the moment at which it replaces what it left the first time.
    @Test
    void whatABatchHasLeftIsThereUntilItIsReplacedAsAWhole() throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            try (StateStore store = open(allocator);
                    StateWriter writer = store.write(StateVersion.EMPTY)) {
                put(writer, 1, allocator);
                writer.commit();
            }
            try (StateStore store = open(allocator);
                    StateWriter writer = store.write(StateVersion.EMPTY)) {
                put(writer, 2, allocator);
                Path inTheWay = Files.createDirectory(directory.resolve("0-1.run.tmp"));
                assertThrows(CheckpointException.class, writer::commit);
                Files.delete(inTheWay);
            }
            try (StateStore store = open(allocator)) {
                assertEquals(new StateVersion(1), store.latest());
                assertEquals(1, only(store));
                try (StateWriter writer = store.write(StateVersion.EMPTY)) {
                    put(writer, 3, allocator);
                    writer.commit();
                }
                assertEquals(3, only(store));
            }
            try (StateStore store = open(allocator)) {
                assertEquals(3, only(store));
            }
        }
    }

    /// A merged file is there whole before those that it is made of are deleted, one after the other.
    @Test
    void filesThatACrashHasLeftBesideTheMergedOneAreDeleted() throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            try (StateStore store = open(allocator)) {
                for (int version = 0; version < 8; version++) {
                    try (StateWriter writer = store.write(new StateVersion(version))) {
                        put(writer, version, allocator);
                        writer.commit();
                    }
                }
            }
            Path left = Files.copy(directory.resolve("5-6.run"), directory.resolve("left"));
            try (StateStore store = open(allocator)) {
                store.retain(new StateVersion(8));
            }
            Files.move(left, directory.resolve("5-6.run"));
            try (StateStore store = open(allocator)) {
                assertEquals(1L, store.metrics().get("stateFiles"));
                assertEquals(7, only(store, 8));
            }
            assertEquals(List.of("0-8.run", "schema"), names());
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// Else a power cut may leave an empty schema, with which no query starts.
    @Test
    void aNewStoreOutlastsAPowerCut() throws IOException {
        Set<String> forced = new TreeSet<>();
        try (BufferAllocator allocator = new RootAllocator();
                Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withThreshold(Duration.ZERO);
            recording.start();
            backend()
                    .open(
                            directory.resolve("state/0/0"),
                            new StateSchema(NUMBER, NUMBER, false),
                            KeyGroups.all(),
                            allocator)
                    .close();
            recording.stop();
            Path events = directory.resolve("events.jfr");
            recording.dump(events);
            for (RecordedEvent event : RecordingFile.readAllEvents(events)) {
                forced.add(
                        directory.relativize(Path.of(event.getString("path"))).toString());
            }
        }
        assertEquals(Set.of("", "state", "state/0", "state/0/0", "state/0/0/schema.tmp"), forced);
    }

    private StateStore open(BufferAllocator allocator) {
        return backend().open(directory, new StateSchema(NUMBER, NUMBER, false), KeyGroups.all(), allocator);
    }

    private static void put(StateWriter writer, int value, BufferAllocator allocator) {
        try (Chunk key = row(0, allocator);
                Chunk row = row(value, allocator)) {
            writer.upsert(key, row);
        }
    }

    private static Chunk row(int n, BufferAllocator allocator) {
        try (ChunkBuilder builder = new ChunkBuilder(NUMBER, allocator)) {
            builder.add(List.of(n));
            return builder.build();
        }
    }

    private static int only(StateStore store) {
        return only(store, 1);
    }

    private static int only(StateStore store, int version) {
        try (StateReader reader = store.read(new StateVersion(version));
                ChunkReader entries = reader.scan();
                Chunk entry = Objects.requireNonNull(entries.next())) {
            assertEquals(1, reader.size());
            return (Integer) Objects.requireNonNull(Cell.read(entry.column(1), 0));
        }
    }
}
