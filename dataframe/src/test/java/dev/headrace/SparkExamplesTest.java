package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Spark gives, by the files in `examples/spark/`, is what we give, but for the statements in `different.txt`,
/// which must differ indeed. `-Dheadrace.refresh=true` writes `target/different.txt`, what differs now.
class SparkExamplesTest {
    @ParameterizedTest
    @ValueSource(strings = {"documented.txt", "more.txt", "intervals.txt", "variants.txt", "sketches.txt", "types.txt"})
    void everyStatementGivesWhatSparkGives(String file) throws IOException {
        Set<String> different = new LinkedHashSet<>(SparkAnswers.lines("different.txt"));
        Map<String, String> unexpected = new LinkedHashMap<>();
        List<String> nowEqual = new ArrayList<>();
        try (Session session = Session.builder()
                .master("local[1]")
                .config("spark.sql.session.timeZone", "UTC")
                .create()) {
            for (String line : SparkAnswers.lines(file)) {
                int arrow = line.lastIndexOf(" => ");
                String sql = line.substring(0, arrow);
                String expected = line.substring(arrow + 4);
                String actual = SparkAnswers.of(session, sql.matches("(SELECT|WITH) .*") ? sql : "SELECT " + sql);
                boolean equal = expected.startsWith("!") ? actual.startsWith("!") : expected.equals(actual);
                if (equal && different.contains(sql)) {
                    nowEqual.add(sql);
                } else if (!equal && !different.contains(sql)) {
                    unexpected.put(sql, "expected " + expected + "\n    but got  " + actual);
                }
            }
        }
        if (Boolean.getBoolean("headrace.refresh")) {
            Files.writeString(
                    Path.of("target", "different.txt"),
                    unexpected.entrySet().stream()
                            .map(entry -> entry.getKey() + "\n    " + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        }
        assertEquals(List.of(), nowEqual, "no longer different; take them out of different.txt");
        assertEquals("", text(unexpected));
    }

    private static String text(Map<String, String> unexpected) {
        return unexpected.entrySet().stream()
                .map(entry -> entry.getKey() + "\n    " + entry.getValue() + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void everyDifferenceIsOfAStatementThatIsRun() {
        List<String> run = Stream.of(
                        "documented.txt", "more.txt", "intervals.txt", "variants.txt", "sketches.txt", "types.txt")
                .flatMap(file -> SparkAnswers.lines(file).stream())
                .map(line -> line.substring(0, line.lastIndexOf(" => ")))
                .toList();
        assertEquals(
                List.of(),
                SparkAnswers.lines("different.txt").stream()
                        .filter(sql -> !run.contains(sql))
                        .toList());
    }
}
