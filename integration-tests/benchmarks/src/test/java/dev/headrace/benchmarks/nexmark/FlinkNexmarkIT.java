package dev.headrace.benchmarks.nexmark;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.flink.FlinkAnswers;
import dev.headrace.sparkdelta.OlderJdk;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Nexmark's queries have the answers that Flink gives, whose changes of a streaming run are added up. That a stream of
/// Headrace's gives what a batch query gives is what [NexmarkIT] checks.
class FlinkNexmarkIT {
    private static final int EVENTS = 3_000;
    private static final Path MODULE = Path.of("integration-tests", "flink", "target");

    /// Its windows are those of the machine's clock; and Flink drops the ones that are open when its input ends.
    private static final String BY_THE_CLOCK = "q12";

    /// Flink has windows of so many rows only over rows that come in the order of their time, and only come.
    private static final String REFUSED = "q6";

    private static final Map<String, Map<String, Integer>> ANSWERS = new HashMap<>();
    private static final Map<String, String> REFUSALS = new HashMap<>();

    private static Session session;

    @BeforeAll
    static void askFlink(@TempDir Path directory) throws Exception {
        Path events = directory.resolve("events.json");
        NexmarkEvents generator = new NexmarkEvents(100_000);
        try (PrintWriter lines = new PrintWriter(Files.newBufferedWriter(events))) {
            for (int number = 0; number < EVENTS; number++) {
                lines.println(NexmarkTopic.json(generator.event(number)));
            }
        }
        ask(events, directory.resolve("flink.log"));
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate();
        DataFrame all = session.read()
                .schema(HeadraceNexmark.EVENT)
                .json(events.toString())
                .cache();
        Nexmark.define(session, kind(all, 0, "person"), kind(all, 1, "auction"), kind(all, 2, "bid"));
    }

    private static DataFrame kind(DataFrame events, int type, String name) {
        return events.filter(col("event_type").equalTo(type)).select(name + ".*");
    }

    private static void ask(Path events, Path log) throws IOException, InterruptedException {
        Path module = module();
        List<String> command = new ArrayList<>(List.of(
                OlderJdk.java().toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+DisplayVMOutputToStderr",
                "-Xverify:none"));
        for (String opened : List.of("lang", "net", "time", "util", "util.concurrent")) {
            command.add("--add-opens=java.base/java." + opened + "=ALL-UNNAMED");
        }
        command.addAll(List.of(
                "-cp",
                module.resolve("classes") + ":"
                        + Files.readString(module.resolve("class-path")).strip(),
                FlinkAnswers.class.getName(),
                events.toString()));
        command.addAll(Nexmark.queries().stream()
                .filter(query -> !query.equals(BY_THE_CLOCK))
                .toList());
        Process flink = new ProcessBuilder(command).redirectError(log.toFile()).start();
        try (Stream<String> lines = flink.inputReader().lines()) {
            List<String> all = lines.toList();
            assertEquals("end", all.isEmpty() ? "nothing" : all.getLast(), () -> text(log));
            all.subList(0, all.size() - 1).forEach(FlinkNexmarkIT::take);
        } finally {
            flink.destroyForcibly().waitFor();
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static void take(String line) {
        String[] parts = line.split("\t", 3);
        if (parts[1].equals("refused")) {
            REFUSALS.put(parts[0], parts[2]);
        } else {
            ANSWERS.computeIfAbsent(parts[0], _ -> new TreeMap<>()).put(parts[2], Integer.valueOf(parts[1]));
        }
    }

    private static Path module() {
        for (Path root = Path.of("").toAbsolutePath(); root != null; root = root.getParent()) {
            if (Files.isRegularFile(root.resolve(MODULE).resolve("class-path"))) {
                return root.resolve(MODULE);
            }
        }
        throw new IllegalStateException(
                "Flink's jars are not known: build them with 'mvn -pl integration-tests/flink compile'.");
    }

    @AfterAll
    static void close() {
        session.close();
    }

    static Stream<String> queries() {
        return Nexmark.queries().stream().filter(query -> !query.equals(BY_THE_CLOCK) && !query.equals(REFUSED));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void headraceHasFlinksAnswers(String query) {
        Map<String, Integer> rows = new TreeMap<>();
        for (Row row : session.sql(Nexmark.sql(query)).collectAsList()) {
            rows.merge(text(row), 1, Integer::sum);
        }
        assertFalse(rows.isEmpty());
        assertEquals(ANSWERS.get(query), rows);
    }

    @Test
    void flinkRefusesOneQuery() {
        assertEquals(Map.of(REFUSED, "Non-time attribute sort is not supported for bounded OVER window."), REFUSALS);
    }

    private static String text(Row row) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            cells.add(cell(row.get(i)));
        }
        return String.join("|", cells);
    }

    private static String cell(@Nullable Object value) {
        return switch (value) {
            case Double number -> String.format(Locale.ROOT, "%.6f", number);
            case BigDecimal number -> number.stripTrailingZeros().toPlainString();
            case Timestamp time -> time.toInstant().toString();
            case null, default -> String.valueOf(value);
        };
    }
}
