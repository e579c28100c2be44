package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Session;
import dev.headrace.streaming.Changes;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random changes in any order, some of them twice, cut into batches anywhere, with restarts and lost answers: the
/// table is what a few lines of Java say it must be.
class ChangesEqualAModelTest {
    private static final String SCHEMA = "op string, version bigint, id bigint, name string";
    private static final Changes CHANGES = Changes.keyedBy("id")
            .sequencedBy(col("version"))
            .deletedWhere(col("op").equalTo("d"))
            .truncatedWhere(col("op").equalTo("t"))
            .without("op");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    /// One thing that happened at the source; `version` says when.
    private record Event(
            String op,
            long version,
            @Nullable Long id,
            @Nullable String name) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theTableHoldsTheLastStateOfEachKey(long seed) throws Exception {
        Random random = new Random(seed);
        List<Event> events = events(random, 120);
        TreeMap<Long, Event> model = new TreeMap<>();
        for (Event event : events) {
            switch (event.op()) {
                case "t" -> model.clear();
                case "d" -> model.remove(event.id());
                default -> model.put(event.id(), event);
            }
        }

        ChangeStream changes = new ChangeStream(session, directory, SCHEMA, CHANGES);
        if (seed % 2 == 0) {
            createWithDeletionVectors(changes.table(), "version bigint, id bigint, name string");
        }
        deliver(random, events, changes);

        List<String> expected = model.values().stream()
                .map(event -> "[" + event.version() + "," + event.id() + "," + event.name() + "]")
                .sorted()
                .toList();
        assertEquals(expected, changes.rows("version", "id", "name"));
        assertEquals(changes.rows(), changes.rowsByKernel());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15})
    void theTableHoldsTheHistoryOfEachKey(long seed) throws Exception {
        Random random = new Random(seed);
        List<Event> events = events(random, 90);
        ChangeStream changes = new ChangeStream(
                session, directory, SCHEMA, CHANGES.without("version").keepingHistory());
        if (seed % 2 == 0) {
            createWithDeletionVectors(
                    changes.table(), "id bigint, name string, valid_from bigint, valid_to bigint, is_current boolean");
        }
        deliver(random, events, changes);

        assertEquals(history(events), changes.rows("id", "name", "valid_from", "valid_to", "is_current"));
        assertEquals(changes.rows().size(), changes.rowsByKernel().size());
    }

    private void createWithDeletionVectors(Path table, String schema) throws IOException {
        session.createDataFrame(List.of(), StructType.fromDDL(schema))
                .write()
                .format("delta")
                .save(table.toString());
        Path commit = table.resolve("_delta_log/00000000000000000000.json");
        Files.writeString(
                commit,
                Files.readString(commit)
                        .replace("\"configuration\":{}", "\"configuration\":{\"delta.enableDeletionVectors\":\"true\"}")
                        .replace(
                                "{\"minReaderVersion\":1,\"minWriterVersion\":2}",
                                "{\"minReaderVersion\":3,\"minWriterVersion\":7,\"readerFeatures\":[\"deletionVectors\"],"
                                        + "\"writerFeatures\":[\"deletionVectors\"]}"));
    }

    private static List<String> history(List<Event> events) {
        List<String> versions = new ArrayList<>();
        for (long id = 0; id < 12; id++) {
            long key = id;
            List<Event> ofKey = events.stream()
                    .filter(event -> event.id() == null || event.id() == key)
                    .toList();
            for (int i = 0; i < ofKey.size(); i++) {
                Event event = ofKey.get(i);
                if (event.op().equals("u")) {
                    Object to = i + 1 < ofKey.size() ? ofKey.get(i + 1).version() : null;
                    versions.add("[" + id + "," + event.name() + "," + event.version() + "," + to + "," + (to == null)
                            + "]");
                }
            }
        }
        return versions.stream().sorted().toList();
    }

    /// What happened, in the order of the source.
    private static List<Event> events(Random random, int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long id = random.nextInt(12);
            int kind = random.nextInt(40);
            if (kind == 0) {
                events.add(new Event("t", i, null, null));
            } else if (kind < 10) {
                events.add(new Event("d", i, id, null));
            } else {
                events.add(new Event("u", i, id, "n" + random.nextInt(1000)));
            }
        }
        return events;
    }

    private static void deliver(Random random, List<Event> events, ChangeStream changes) throws Exception {
        List<Event> delivered = new ArrayList<>(events);
        if (random.nextInt(4) > 0) {
            Collections.shuffle(delivered, random);
        }
        List<Event> again = Stream.generate(() -> events.get(random.nextInt(events.size())))
                .limit(random.nextInt(30))
                .toList();
        again.forEach(event -> delivered.add(random.nextInt(delivered.size()), event));
        int at = 0;
        while (at < delivered.size()) {
            int end = Math.min(delivered.size(), at + 1 + random.nextInt(40));
            for (Event event : delivered.subList(at, end)) {
                changes.add(event.op(), event.version(), event.id(), event.name());
            }
            at = end;
            changes.run(1 + random.nextInt(25));
            if (random.nextInt(3) == 0) {
                changes.forgetLastCommit();
            }
        }
        changes.run();
    }
}
