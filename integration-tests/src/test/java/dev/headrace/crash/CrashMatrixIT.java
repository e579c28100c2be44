package dev.headrace.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.demo.KafkaBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The process is killed before and after each durable step of a batch, and started again: the tables hold each row
/// once, and each window's total is right.
class CrashMatrixIT {
    private static final int EVENTS = 600;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Pattern RUN = Pattern.compile("(\\d+)-(\\d+)\\.run.*");

    private static KafkaBroker broker;
    private static ClassCache classes;

    @TempDir
    Path directory;

    @BeforeAll
    static void fillATopic() throws Exception {
        broker = KafkaBroker.start();
        broker.createTopics(Map.of("events", 2));
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "key.serializer", StringSerializer.class,
                "value.serializer", StringSerializer.class);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int id = 0; id < EVENTS; id++) {
                String json = "{\"id\":" + id + ",\"amount\":" + amount(id) + ",\"ts\":\"" + time(id) + "\"}";
                sent.add(producer.send(new ProducerRecord<>("events", id % 2, "" + id, json)));
            }
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
        }
        classes = ClassCache.shared();
    }

    private static long amount(int id) {
        return id * 7L % 100;
    }

    private static Instant time(int id) {
        return START.plusSeconds(id);
    }

    @AfterAll
    static void stopTheBroker() {
        broker.close();
    }

    static Stream<String> points() {
        return Stream.of("plan", "state_commit", "sink_commit", "commit")
                .flatMap(step -> Stream.of("before:" + step + ":2", "after:" + step + ":2"));
    }

    @ParameterizedTest
    @MethodSource("points")
    void eachWindowHasTheRightTotalWhereverTheProcessIsKilled(String point) throws Exception {
        runAndKill("windows", point);
        run("windows");

        assertWindows("table");
    }

    /// Behind the first sink's commit is before the second one's.
    @ParameterizedTest
    @ValueSource(strings = {"before:sink_commit:2", "after:sink_commit:2", "before:commit:2"})
    void bothTablesHaveEachBatchOnceWhereverTheProcessIsKilledBetweenTheirCommits(String point) throws Exception {
        runAndKill("both", point);
        // The first batch has no window that is final, and so no version of the second table.
        int ahead = versions("table") - versions("table" + CrashingQuery.WINDOWS) - 1;
        assertEquals(point.startsWith("after") ? 1 : 0, ahead);
        run("both");

        assertRows();
        assertWindows("table" + CrashingQuery.WINDOWS);
    }

    /// How many batches a table has.
    private int versions(String table) throws IOException {
        try (Stream<Path> log = Files.list(directory.resolve(table).resolve("_delta_log"))) {
            return (int) log.filter(entry -> entry.toString().endsWith(".json")).count();
        }
    }

    /// A merge takes a moment only: it is caught when its file appears, with the files that it replaces still there or
    /// not.
    @Test
    void eachWindowHasTheRightTotalWhenTheProcessIsKilledWhileStateFilesAreMerged() throws Exception {
        for (int kill = 0; kill < 2; kill++) {
            Set<Path> before = mergedRuns();
            try (QueryProcess query = start("windows", "never", directory.resolve("unused"), 10)) {
                while (before.containsAll(mergedRuns())) {
                    if (query.process().waitFor(1, TimeUnit.MILLISECONDS)) {
                        throw new AssertionError("the query ended before a merge:\n" + query.text());
                    }
                }
            }
        }
        run("windows");

        assertWindows("table");
    }

    /// The files of state that span several versions.
    private Set<Path> mergedRuns() throws IOException {
        Path state = directory.resolve("checkpoint").resolve("state");
        if (!Files.exists(state)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(state)) {
            return files.filter(file -> versions(file) > 1).collect(Collectors.toSet());
        } catch (UncheckedIOException changedMeanwhile) {
            return mergedRuns();
        }
    }

    private static long versions(Path file) {
        Matcher name = RUN.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(2)) - Long.parseLong(name.group(1)) : 0;
    }

    private void assertWindows(String table) {
        Map<Instant, List<Long>> expected = new TreeMap<>();
        for (int id = 0; id < EVENTS; id++) {
            Instant window = START.plusSeconds(id / 60 * 60L);
            List<Long> before = expected.getOrDefault(window, List.of(0L, 0L));
            expected.put(window, List.of(before.get(0) + 1, before.get(1) + amount(id)));
        }
        Instant watermark = time(EVENTS - 1).minusSeconds(60);
        expected.keySet().removeIf(window -> window.plusSeconds(60).isAfter(watermark));
        Map<Instant, List<Long>> found = new TreeMap<>();
        List<Row> rows = rowsOf(table);
        for (Row row : rows) {
            found.put(row.getStruct(0).getTimestamp(0).toInstant(), List.of(row.getLong(1), row.getLong(2)));
        }
        assertEquals(expected, found);
        assertEquals(expected.size(), rows.size(), "a window came out twice");
    }

    @ParameterizedTest
    @MethodSource("points")
    void eachRowIsThereOnceWhereverTheProcessIsKilled(String point) throws Exception {
        runAndKill("rows", point);
        run("rows");

        assertRows();
    }

    /// A batch leaves a file for each partition of the topic: behind the eighth there are sixteen, and the process is
    /// killed before or after they are put together.
    @ParameterizedTest
    @ValueSource(strings = {"before:maintain:7", "after:maintain:7"})
    void eachRowIsThereOnceWhenTheProcessIsKilledWhileFilesArePutTogether(String point) throws Exception {
        runAndKill("rows", point, 10);
        assertEquals(point.startsWith("after") ? 9 : 8, versions("table"));
        run("rows", 10);

        assertRows();
        // 60 batches, and a compaction behind each eighth.
        assertEquals(67, versions("table"));
    }

    private void assertRows() {
        List<Long> ids = new ArrayList<>();
        for (Row row : rowsOf("table")) {
            ids.add(row.getLong(0));
        }
        ids.sort(null);
        assertEquals(Stream.iterate(0L, id -> id + 1).limit(EVENTS).toList(), ids);
    }

    private List<Row> rowsOf(String table) {
        Session session = Session.builder().appName("check").getOrCreate();
        try {
            return session.read()
                    .format("delta")
                    .load(directory.resolve(table).toString())
                    .collectAsList();
        } finally {
            session.stop();
        }
    }

    private void runAndKill(String query, String point) throws Exception {
        runAndKill(query, point, 100);
    }

    private void runAndKill(String query, String point, int rowsPerBatch) throws Exception {
        Path paused = directory.resolve("paused");
        try (QueryProcess process = start(query, point, paused, rowsPerBatch)) {
            process.awaitFile(paused);
        }
    }

    private void run(String query) throws Exception {
        run(query, 100);
    }

    private void run(String query, int rowsPerBatch) throws Exception {
        start(query, "never", directory.resolve("unused"), rowsPerBatch).awaitSuccess();
    }

    private QueryProcess start(String query, String point, Path paused, int rowsPerBatch) throws IOException {
        return classes.start(
                CrashingQuery.class,
                directory.resolve("output.txt"),
                broker.bootstrapServers(),
                "events",
                query,
                directory.resolve("table"),
                directory.resolve("checkpoint"),
                point,
                paused,
                rowsPerBatch);
    }
}
