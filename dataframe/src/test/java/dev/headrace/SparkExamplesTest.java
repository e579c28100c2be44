package dev.headrace;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.errors.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Spark gives, by the files in `examples/spark/`, is what we give, but for the statements in `different.txt`,
/// which must differ indeed. `-Dheadrace.refresh=true` writes `target/different.txt`, what differs now.
class SparkExamplesTest {
    private static List<String> lines(String file) {
        try (InputStream in = SparkExamplesTest.class.getResourceAsStream("/examples/spark/" + file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"documented.txt", "more.txt", "intervals.txt", "variants.txt", "sketches.txt"})
    void everyStatementGivesWhatSparkGives(String file) throws IOException {
        Set<String> different = new LinkedHashSet<>(lines("different.txt"));
        Map<String, String> unexpected = new LinkedHashMap<>();
        List<String> nowEqual = new ArrayList<>();
        try (Session session = Session.builder()
                .master("local[1]")
                .config("spark.sql.session.timeZone", "UTC")
                .create()) {
            for (String line : lines(file)) {
                int arrow = line.lastIndexOf(" => ");
                String sql = line.substring(0, arrow);
                String expected = line.substring(arrow + 4);
                String actual = result(session, sql.matches("(SELECT|WITH) .*") ? sql : "SELECT " + sql);
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

    private static String result(Session session, String sql) {
        try {
            DataFrame rows = session.sql(sql);
            String type = rows.schema().field(0).dataType().simpleString();
            return rows.toDF("v").select(col("v").cast("string")).collectAsList().stream()
                            .map(row -> shown(row))
                            .collect(Collectors.joining(" ; "))
                    + " :: " + type;
        } catch (HeadraceException failed) {
            return "!" + failed.code() + " " + failed.getMessage();
        } catch (IllegalArgumentException | IllegalStateException bug) {
            return "a bug: " + bug;
        }
    }

    private static String shown(Row row) {
        if (row.isNullAt(0)) {
            return "NULL";
        }
        String text = row.getString(0);
        return text.isEmpty()
                ? "''"
                : text.replace("\\", "\\\\")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\r", "\\r");
    }

    @Test
    void everyDifferenceIsOfAStatementThatIsRun() {
        List<String> run = java.util.stream.Stream.of(
                        "documented.txt", "more.txt", "intervals.txt", "variants.txt", "sketches.txt")
                .flatMap(file -> lines(file).stream())
                .map(line -> line.substring(0, line.lastIndexOf(" => ")))
                .toList();
        assertEquals(
                List.of(),
                lines("different.txt").stream()
                        .filter(sql -> !run.contains(sql))
                        .toList());
    }
}
