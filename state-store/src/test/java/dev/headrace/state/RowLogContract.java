package dev.headrace.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChunkReader;
import dev.headrace.errors.CheckpointException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every state backend promises of its logs of rows.
public abstract class RowLogContract {
    private static final StructType ROWS =
            new StructType().add("name", "string").add("tags", "array<int>");
    private static final StateSchema SCHEMA = StateSchema.ofRows(ROWS, true);
    private static final int KEYS = 40;

    @TempDir
    protected Path directory;

    private final BufferAllocator allocator = new RootAllocator();

    protected abstract StateBackend backend();

    @AfterEach
    void givesAllMemoryBack() {
        allocator.close();
    }

    private RowLog open() {
        return backend().openRows(directory, SCHEMA, allocator);
    }

    /// A row that a log should hold.
    private record Kept(List<@Nullable Object> row, long hash, long expiry) {}

    private static Kept row(int number, Random random) {
        @Nullable Object tags = random.nextInt(4) == 0 ? null : List.of(random.nextInt(), random.nextInt());
        long expiry = random.nextInt(10) == 0 ? Long.MAX_VALUE : number + random.nextInt(100);
        return new Kept(
                Arrays.asList(random.nextInt(9) == 0 ? null : Slice.utf8("row " + number), tags),
                random.nextInt(KEYS) * 0x9E3779B97F4A7C15L,
                expiry);
    }

    private void append(RowLogWriter writer, List<Kept> rows) {
        try (BufferAllocator batch = allocator.newChildAllocator("batch", 0, Long.MAX_VALUE);
                ChunkBuilder builder = new ChunkBuilder(ROWS, batch)) {
            rows.forEach(kept -> builder.add(kept.row()));
            try (Chunk chunk = builder.build()) {
                writer.append(
                        chunk,
                        rows.stream().mapToLong(Kept::hash).toArray(),
                        rows.stream().mapToLong(Kept::expiry).toArray());
            }
        }
    }

    private static List<List<@Nullable Object>> rows(Chunk chunk, int firstColumn) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<@Nullable Object> values = new ArrayList<>();
            for (int column = firstColumn; column < chunk.columnCount(); column++) {
                values.add(Cell.detach(Cell.read(chunk.column(column), row)));
            }
            rows.add(values);
        }
        return rows;
    }

    private static List<List<@Nullable Object>> rows(Stream<Kept> kept) {
        return kept.<List<@Nullable Object>>map(Kept::row).toList();
    }

    private static void assertHolds(List<Kept> model, StateReader reader) {
        List<List<@Nullable Object>> found = new ArrayList<>();
        long number = 0;
        try (ChunkReader scan = reader.scan()) {
            for (Chunk chunk = scan.next(); chunk != null; chunk = scan.next()) {
                try (Chunk entries = chunk) {
                    for (int row = 0; row < entries.rowCount(); row++) {
                        assertEquals(number++, Cell.read(entries.column(0), row));
                    }
                    found.addAll(rows(entries, 1));
                }
            }
        }
        assertEquals(rows(model.stream()), found);
        assertEquals(model.size(), reader.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAListOverRandomBatchesAbortsRestartsAndReplays(long seed) {
        Random random = new Random(seed);
        List<List<Kept>> versions = new ArrayList<>();
        versions.add(List.of());
        RowLog log = open();
        int number = 0;
        for (int step = 0; step < 120; step++) {
            int base = versions.size() - 1;
            if (base > 0 && random.nextInt(8) == 0) {
                base--;
                versions.removeLast();
            }
            List<Kept> model = new ArrayList<>(versions.get(base));
            try (RowLogWriter writer = log.write(new StateVersion(base))) {
                List<Kept> fresh = new ArrayList<>();
                for (int n = random.nextInt(40); n > 0; n--) {
                    fresh.add(row(number++, random));
                }
                append(writer, fresh);
                model.addAll(fresh);
                due(writer, versions.get(base), fresh, number - random.nextInt(120), random.nextInt(60));
                forget(writer, model, number - random.nextInt(100));
                find(writer, model, random);
                assertEquals(model.stream().mapToLong(Kept::expiry).min().orElse(Long.MAX_VALUE), writer.nextExpiry());
                if (random.nextInt(5) != 0) {
                    assertEquals(new StateVersion(base + 1), writer.commit());
                    versions.add(model);
                }
            }
            if (random.nextInt(6) == 0) {
                log.retain(new StateVersion(Math.max(0, versions.size() - 3)));
            }
            if (random.nextInt(6) == 0) {
                log.close();
                log = open();
            }
            try (StateReader reader = log.read(new StateVersion(versions.size() - 1))) {
                assertHolds(versions.getLast(), reader);
            }
        }
        log.close();
    }

    private static void forget(RowLogWriter writer, List<Kept> model, long time) {
        List<Kept> gone = model.stream().filter(kept -> kept.expiry() <= time).toList();
        model.removeAll(gone);
        assertEquals(gone.size(), writer.forget(time));
    }

    /// Rows that have come are due whenever they expire, others in a span of time.
    private static void due(RowLogWriter writer, List<Kept> before, List<Kept> fresh, long after, long span) {
        List<Kept> expected = Stream.concat(before.stream().filter(kept -> kept.expiry() > after), fresh.stream())
                .filter(kept -> kept.expiry() <= after + span)
                .toList();
        try (RowLog.HashedRows due = writer.due(after, after + span)) {
            assertEquals(rows(expected.stream()), rows(due.rows(), 0));
            assertEquals(
                    expected.stream().map(Kept::hash).toList(),
                    Arrays.stream(due.hashes()).boxed().toList());
        }
    }

    /// All rows of the keys are found, and no more rows besides than there are keys.
    private static void find(RowLogWriter writer, List<Kept> model, Random random) {
        long[] hashes = random.longs(random.nextInt(6), 0, KEYS)
                .map(key -> key * 0x9E3779B97F4A7C15L)
                .toArray();
        List<Long> wanted = Arrays.stream(hashes).boxed().toList();
        try (Chunk found = writer.find(hashes)) {
            List<List<@Nullable Object>> rows = rows(found, 0);
            List<List<@Nullable Object>> expected = rows(model.stream().filter(kept -> wanted.contains(kept.hash())));
            if (model.size() > hashes.length) {
                assertEquals(expected, rows);
            } else {
                assertTrue(rows.containsAll(expected));
                assertTrue(rows.size() <= hashes.length);
            }
        }
    }

    @Test
    void aRowThatComesBehindItsTimeIsThereUntilRowsAreForgottenAgain() {
        Kept old = new Kept(Arrays.asList(Slice.utf8("old"), null), 1, 30);
        Kept overdue = new Kept(Arrays.asList(Slice.utf8("overdue"), null), 2, 7);
        try (RowLog log = open()) {
            try (RowLogWriter writer = log.write(StateVersion.EMPTY)) {
                append(writer, List.of(old));
                assertEquals(0, writer.forget(20));
                writer.commit();
            }
            try (RowLogWriter writer = log.write(new StateVersion(1))) {
                append(writer, List.of(overdue, old));
                assertHolds(List.of(old, overdue, old), writer);
                assertEquals(7, writer.nextExpiry());
                try (Chunk found = writer.find(new long[] {2})) {
                    assertEquals(rows(Stream.of(overdue)), rows(found, 0));
                }
                due(writer, List.of(old), List.of(overdue, old), 20, 0);
                assertEquals(1, writer.forget(20));
                assertHolds(List.of(old, old), writer);
                append(writer, List.of(overdue));
                assertEquals(1, writer.forget(20));
                append(writer, List.of(overdue));
                writer.commit();
            }
            try (StateReader reader = log.read(new StateVersion(2))) {
                assertHolds(List.of(old, old), reader);
            }
        }
        try (RowLog log = open();
                StateReader reader = log.read(new StateVersion(2))) {
            assertHolds(List.of(old, old), reader);
        }
    }

    @Test
    void rowsOfManyBatchesAreInFewFilesAndFewPieces() throws IOException {
        int batches = 600;
        try (RowLog log = open()) {
            for (int batch = 0; batch < batches; batch++) {
                try (RowLogWriter writer = log.write(new StateVersion(batch))) {
                    append(writer, List.of(new Kept(Arrays.asList(Slice.utf8("row " + batch), null), batch, batch)));
                    writer.forget(batch - 100);
                    writer.commit();
                }
                if (batch % 50 == 0) {
                    log.retain(new StateVersion(Math.max(0, batch - 10)));
                }
            }
            assertEquals(100, log.metrics().get("numRowsTotal"));
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.count() < 120);
        }
        try (RowLog log = open();
                RowLogWriter writer = log.write(new StateVersion(batches));
                Chunk found = writer.find(new long[] {batches - 1, 3})) {
            assertEquals(100, writer.size());
            assertEquals(List.of(Arrays.asList(Slice.utf8("row 599"), null)), rows(found, 0));
        }
    }

    @Test
    void refusesDamagedFilesByName() throws IOException {
        try (RowLog log = open();
                RowLogWriter writer = log.write(StateVersion.EMPTY)) {
            append(writer, List.of(new Kept(Arrays.asList(Slice.utf8("a"), null), 1, 1)));
            writer.commit();
        }
        Path file = directory.resolve("0-1.run");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at += 7) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            try (RowLog log = open()) {
                CheckpointException refused =
                        assertThrows(CheckpointException.class, () -> log.write(new StateVersion(1)));
                assertTrue(refused.getMessage().contains("0-1.run"), refused.getMessage());
            }
        }
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        try (RowLog log = open()) {
            assertEquals(
                    "STATE_FILE_DAMAGED",
                    assertThrows(CheckpointException.class, () -> log.write(new StateVersion(1)))
                            .code());
        }
    }

    @Test
    void isNotOpenedAsAMap() {
        open().close();
        StateSchema map = new StateSchema(SCHEMA.key(), SCHEMA.value(), true);
        CheckpointException refused = assertThrows(
                CheckpointException.class, () -> backend().open(directory, map, KeyGroups.all(), allocator));
        assertEquals("STATE_SCHEMA_MISMATCH", refused.code());
        assertEquals(SCHEMA, backend().schemaIn(directory));
    }
}
