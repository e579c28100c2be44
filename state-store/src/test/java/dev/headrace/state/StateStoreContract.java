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
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.Metadata;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every state backend promises.
public abstract class StateStoreContract {
    private static final StructType WINDOW =
            new StructType().add("start", "timestamp").add("end", "timestamp");
    private static final StructType KEY = new StructType().add("window", WINDOW).add("name", "string");
    private static final StructType VALUE =
            new StructType().add("count", "bigint").add("last", "string").add("tags", "array<int>");
    private static final StateSchema SCHEMA = new StateSchema(KEY, VALUE, true);

    @TempDir
    protected Path directory;

    private final BufferAllocator allocator = new RootAllocator();

    protected abstract StateBackend backend();

    @AfterEach
    void givesAllMemoryBack() {
        allocator.close();
    }

    private StateStore open() {
        return backend().open(directory, SCHEMA, KeyGroups.all(), allocator);
    }

    private Chunk chunk(StructType schema, List<List<Object>> rows) {
        try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            rows.forEach(builder::add);
            return builder.build();
        }
    }

    private static List<Object> key(int n) {
        Object window = n % 7 == 0 ? null : List.of(n * 60_000_000L, (n + 1) * 60_000_000L);
        return Arrays.asList(window, n % 5 == 0 ? null : Slice.utf8("name " + n));
    }

    private static List<Object> value(Random random) {
        Object last = random.nextInt(4) == 0 ? null : Slice.utf8("x".repeat(random.nextInt(200)));
        Object tags = random.nextInt(4) == 0 ? null : List.of(random.nextInt(), random.nextInt());
        return Arrays.asList(random.nextLong(), last, tags);
    }

    private static List<List<Object>> rows(Chunk chunk) {
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < chunk.rowCount(); row++) {
            List<Object> values = new ArrayList<>();
            for (int column = 0; column < chunk.columnCount(); column++) {
                values.add(Cell.detach(Cell.read(chunk.column(column), row)));
            }
            rows.add(values);
        }
        return rows;
    }

    /// What the store should hold.
    private record Entry(List<Object> value, long expiry) {}

    private void assertHolds(Map<List<Object>, Entry> model, StateReader reader) {
        Map<List<Object>, List<Object>> found = new HashMap<>();
        try (ChunkReader scan = reader.scan()) {
            for (Chunk chunk = scan.next(); chunk != null; chunk = scan.next()) {
                try (Chunk entries = chunk) {
                    rows(entries).forEach(row -> found.put(row.subList(0, 2), row.subList(2, 5)));
                }
            }
        }
        Map<List<Object>, List<Object>> expected = new HashMap<>();
        model.forEach((key, entry) -> expected.put(key, entry.value()));
        assertEquals(expected, found);
        assertEquals(model.size(), reader.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithAMapOverRandomBatchesAbortsRestartsAndReplays(long seed) {
        Random random = new Random(seed);
        List<Map<List<Object>, Entry>> versions = new ArrayList<>();
        versions.add(Map.of());
        StateStore store = open();
        for (int step = 0; step < 60; step++) {
            int base = versions.size() - 1;
            if (base > 0 && random.nextInt(8) == 0) {
                base--;
                versions.removeLast();
            }
            Map<List<Object>, Entry> model = new HashMap<>(versions.get(base));
            try (StateWriter writer = store.write(new StateVersion(base))) {
                change(writer, model, random);
                if (random.nextInt(5) != 0) {
                    assertEquals(new StateVersion(base + 1), writer.commit());
                    versions.add(model);
                }
            }
            if (random.nextInt(6) == 0) {
                store.retain(new StateVersion(Math.max(0, versions.size() - 3)));
            }
            if (random.nextInt(6) == 0) {
                store.close();
                store = open();
            }
            try (StateReader reader = store.read(new StateVersion(versions.size() - 1))) {
                assertHolds(versions.getLast(), reader);
            }
        }
        store.close();
    }

    private void change(StateWriter writer, Map<List<Object>, Entry> model, Random random) {
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            switch (random.nextInt(4)) {
                case 0 -> delete(writer, model, random);
                case 1 -> expire(writer, model, random);
                default -> upsert(writer, model, random);
            }
        }
        assertLookupsAgree(writer, model);
    }

    private void upsert(StateWriter writer, Map<List<Object>, Entry> model, Random random) {
        List<List<Object>> keys = new ArrayList<>();
        List<List<Object>> values = new ArrayList<>();
        long[] expiry = new long[random.nextInt(40)];
        for (int i = 0; i < expiry.length; i++) {
            keys.add(key(random.nextInt(60)));
            values.add(value(random));
            expiry[i] = random.nextInt(100);
            model.put(keys.get(i), new Entry(values.get(i), expiry[i]));
        }
        try (Chunk keyRows = chunk(KEY, keys);
                Chunk valueRows = chunk(VALUE, values)) {
            writer.upsert(keyRows, valueRows, expiry);
        }
    }

    private void delete(StateWriter writer, Map<List<Object>, Entry> model, Random random) {
        List<List<Object>> keys = new ArrayList<>();
        for (int i = 0; i < random.nextInt(10); i++) {
            keys.add(key(random.nextInt(80)));
        }
        keys.forEach(model::remove);
        try (Chunk keyRows = chunk(KEY, keys)) {
            writer.delete(keyRows);
        }
    }

    private void expire(StateWriter writer, Map<List<Object>, Entry> model, Random random) {
        long time = random.nextInt(30);
        Map<List<Object>, List<Object>> taken = new HashMap<>();
        for (Chunk chunk : writer.takeExpired(time)) {
            try (Chunk entries = chunk) {
                rows(entries).forEach(row -> taken.put(row.subList(0, 2), row.subList(2, 5)));
            }
        }
        Map<List<Object>, List<Object>> expected = new HashMap<>();
        model.forEach((key, entry) -> {
            if (entry.expiry() <= time) {
                expected.put(key, entry.value());
            }
        });
        assertEquals(expected, taken);
        model.keySet().removeAll(taken.keySet());
    }

    private void assertLookupsAgree(StateWriter writer, Map<List<Object>, Entry> model) {
        List<List<Object>> keys = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            keys.add(key(n));
        }
        try (Chunk keyRows = chunk(KEY, keys);
                Chunk found = writer.lookup(keyRows)) {
            List<List<Object>> rows = rows(found);
            for (int n = 0; n < 60; n++) {
                Entry entry = model.get(key(n));
                assertEquals(entry != null, rows.get(n).getFirst());
                if (entry != null) {
                    assertEquals(entry.value(), rows.get(n).subList(1, 4));
                }
            }
        }
    }

    @Test
    void keepsOneGroupWithoutKeyAndKeysWithoutValue() {
        StateSchema schema = new StateSchema(new StructType(), new StructType(), false);
        try (StateStore store = backend().open(directory, schema, KeyGroups.all(), allocator);
                StateWriter writer = store.write(StateVersion.EMPTY);
                Chunk nothing = new Chunk(new StructType(), List.of(), 1)) {
            writer.upsert(nothing, nothing);
            writer.upsert(nothing, nothing);
            assertEquals(1, writer.size());
            try (Chunk found = writer.lookup(nothing)) {
                assertEquals(true, Cell.read(found.column(0), 0));
            }
        }
    }

    @Test
    void refusesAnotherSchemaAndNamesTheColumn() {
        open().close();
        StateSchema other =
                new StateSchema(KEY, new StructType().add("count", "bigint").add("last", "int"), true);
        CheckpointException error = assertThrows(
                CheckpointException.class, () -> backend().open(directory, other, KeyGroups.all(), allocator));
        assertEquals("STATE_SCHEMA_MISMATCH", error.code());
        assertTrue(error.getMessage().contains("'last string'"), error.getMessage());
        assertTrue(error.getMessage().contains("'last int'"), error.getMessage());
    }

    @Test
    void goesOnWhereColumnsMayBeNullNow() {
        StructType tight = new StructType().add("n", "bigint", false).add("pairs", "array<struct<a: int not null>>");
        StructType loose = new StructType().add("n", "bigint").add("pairs", "array<struct<a: int>>");
        backend()
                .open(directory, new StateSchema(KEY, tight, true), KeyGroups.all(), allocator)
                .close();
        backend()
                .open(directory, new StateSchema(KEY, loose, true), KeyGroups.all(), allocator)
                .close();
    }

    @Test
    void goesOnWhereColumnsHaveOtherMetadata() {
        StateSchema before = new StateSchema(commented("as it was"), commented("as it was"), true);
        StateSchema now = new StateSchema(commented("as it is"), commented("as it is"), true);
        backend().open(directory, before, KeyGroups.all(), allocator).close();
        backend().open(directory, now, KeyGroups.all(), allocator).close();
        StateSchema other =
                new StateSchema(commented("as it is"), commented("as it is").add("n", "int"), true);
        CheckpointException error = assertThrows(
                CheckpointException.class, () -> backend().open(directory, other, KeyGroups.all(), allocator));
        assertTrue(
                error.getMessage().contains("column 2 of the state's value was absent and is now 'n int'."),
                error.getMessage());
    }

    private static StructType commented(String comment) {
        Metadata metadata = new Metadata(Map.of("comment", comment));
        StructType within = new StructType(List.of(new StructField("a", DataTypes.IntegerType, true, metadata)));
        return new StructType(List.of(
                new StructField("name", DataTypes.StringType, true, metadata),
                new StructField("pairs", new ArrayType(within, true), true, metadata)));
    }

    @Test
    void refusesAnotherNullabilityAndNamesIt() {
        open().close();
        StructType value = new StructType()
                .add("count", "bigint")
                .add("last", DataTypes.StringType, false)
                .add("tags", "array<int>");
        StateSchema other = new StateSchema(KEY, value, true);
        CheckpointException error = assertThrows(
                CheckpointException.class, () -> backend().open(directory, other, KeyGroups.all(), allocator));
        assertEquals("STATE_SCHEMA_MISMATCH", error.code());
        assertTrue(
                error.getMessage()
                        .contains("column 1 of the state's value was 'last string' and is now 'last string not null'."),
                error.getMessage());
    }

    @Test
    void refusesAnotherNullabilityWithinATypeAndNamesIt() {
        open().close();
        StructType value = new StructType()
                .add("count", "bigint")
                .add("last", "string")
                .add("tags", new ArrayType(DataTypes.IntegerType, false));
        StateSchema other = new StateSchema(KEY, value, true);
        CheckpointException error = assertThrows(
                CheckpointException.class, () -> backend().open(directory, other, KeyGroups.all(), allocator));
        assertTrue(error.getMessage().contains("\"containsNull\":false"), error.getMessage());
    }

    @Test
    void refusesDamagedFilesByName() throws IOException {
        try (StateStore store = open();
                StateWriter writer = store.write(StateVersion.EMPTY)) {
            upsert(writer, new HashMap<>(), new Random(1));
            writer.commit();
        }
        Path file;
        try (Stream<Path> files = Files.list(directory)) {
            file = files.filter(f -> !f.endsWith("schema")).findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(2);
        for (int i = 0; i < 200; i++) {
            byte[] damaged = i < 100
                    ? Arrays.copyOf(whole, random.nextInt(whole.length))
                    : flipped(whole, random.nextInt(whole.length), random.nextInt(8));
            Files.write(file, damaged);
            try (StateStore store = open()) {
                CheckpointException error =
                        assertThrows(CheckpointException.class, () -> store.read(new StateVersion(1)));
                assertTrue(error.getMessage().contains(file.toString()), error.getMessage());
            }
        }
    }

    private static byte[] flipped(byte[] bytes, int at, int bit) {
        byte[] copy = bytes.clone();
        copy[at] ^= (byte) (1 << bit);
        return copy;
    }

    @Test
    void saysWhichVersionIsMissing() {
        try (StateStore store = open()) {
            CheckpointException error = assertThrows(CheckpointException.class, () -> store.read(new StateVersion(3)));
            assertEquals("STATE_FILE_MISSING", error.code());
            assertTrue(error.getMessage().contains("version 3"), error.getMessage());
            assertTrue(error.getMessage().contains("there is no file of any version"), error.getMessage());
        }
    }

    @Test
    void mergesOldFilesAndStillReadsEveryRetainedVersion() {
        Map<List<Object>, Entry> model = new HashMap<>();
        Random random = new Random(5);
        int versions = 200;
        try (StateStore store = open()) {
            for (int v = 0; v < versions; v++) {
                try (StateWriter writer = store.write(new StateVersion(v))) {
                    upsert(writer, model, random);
                    writer.commit();
                }
                store.retain(new StateVersion(Math.max(0, v - 10)));
            }
        }
        try (StateStore store = open()) {
            assertEquals(new StateVersion(versions), store.latest());
            for (int v = versions - 9; v <= versions; v++) {
                try (StateReader reader = store.read(new StateVersion(v))) {
                    assertTrue(reader.size() > 0);
                }
            }
            try (StateReader reader = store.read(new StateVersion(versions))) {
                assertHolds(model, reader);
            }
            assertTrue(store.metrics().get("stateFiles") < 60, store.metrics().toString());
        }
    }
}
