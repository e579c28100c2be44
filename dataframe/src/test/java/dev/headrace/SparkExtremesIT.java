package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What Spark gives for nulls, extreme values, bad input and no rows is what we give: of every function and operator
/// ([ExtremeStatements]), and of every operation on rows with every type ([OperatorStatements]).
///
/// Spark's answers are recorded: `-Dheadrace.refresh=true` writes the statements to `target/`, and `RecordAnswers` in
/// `integration-tests/spark-delta` asks Spark. `extremes-different.txt` has the statements that give something else on
/// purpose, or behind `~` a pattern of such statements, each of which must differ indeed, and
/// `operators-different.txt` those of [OperatorStatements]; `conditions.txt` has our code for each condition of
/// Spark's.
class SparkExtremesIT {
    private static final List<String> FILES = List.of("extremes.txt.gz", "operators.txt.gz");

    @Test
    void everyStatementIsRecorded() throws IOException {
        List<String> extremes = ExtremeStatements.all().values().stream()
                .flatMap(List::stream)
                .distinct()
                .toList();
        List<String> operators = OperatorStatements.all();
        if (Boolean.getBoolean("headrace.refresh")) {
            Files.write(Path.of("target", "extremes.sql"), extremes);
            Files.write(Path.of("target", "operators.sql"), operators);
        }
        assertEquals(
                Stream.concat(extremes.stream(), operators.stream()).toList(),
                FILES.stream()
                        .flatMap(file -> SparkAnswers.of(file).keySet().stream())
                        .toList());
    }

    @Test
    void everyStatementGivesWhatSparkGives() throws IOException {
        Differences differences = new Differences(
                Stream.concat(SparkAnswers.lines("extremes-different.txt").stream(), OperatorStatements.different())
                        .toList());
        Map<String, Set<String>> codes = new TreeMap<>();
        List<String> unexpected = new ArrayList<>();
        List<String> nowEqual = new ArrayList<>();
        try (Session session = Session.builder()
                .master("local[1]")
                .config("spark.sql.session.timeZone", "UTC")
                .create()) {
            OperatorStatements.createTables(session);
            for (String file : FILES) {
                SparkAnswers.of(file).forEach((sql, expected) -> {
                    String actual = SparkAnswers.of(session, OperatorStatements.overTables(sql));
                    boolean fail = expected.startsWith("!") && actual.startsWith("!");
                    boolean different = differences.contain(sql);
                    if (different && (fail || expected.equals(actual))) {
                        nowEqual.add(sql);
                    } else if (!different && fail) {
                        codes.computeIfAbsent(condition(expected), _ -> new TreeSet<>())
                                .add(actual.substring(1, actual.indexOf(' ')));
                    } else if (!different && !expected.equals(actual)) {
                        unexpected.add(sql + "\n    expected " + expected + "\n    but got  " + actual);
                    }
                });
            }
        }
        List<String> conditions = codes.entrySet().stream()
                .map(entry -> entry.getKey() + " => " + String.join(", ", entry.getValue()))
                .toList();
        if (Boolean.getBoolean("headrace.refresh")) {
            Files.write(Path.of("target", "extremes-different.txt"), unexpected);
            Files.write(Path.of("target", "conditions.txt"), conditions);
        }
        assertEquals(List.of(), nowEqual, "no longer different; take them out of extremes-different.txt");
        assertEquals(List.of(), differences.unused(), "nothing of this kind is asked");
        assertEquals("", String.join("\n", unexpected));
        assertEquals(String.join("\n", SparkAnswers.lines("conditions.txt")), String.join("\n", conditions));
    }

    /// A condition without the part that says more about it.
    private static String condition(String answer) {
        int dot = answer.indexOf('.');
        return answer.substring(1, dot < 0 ? answer.length() : dot);
    }

    /// The statements that may and must differ.
    private static final class Differences {
        private final Set<String> statements = new LinkedHashSet<>();
        private final Map<String, Predicate<String>> patterns = new TreeMap<>();
        private final Set<String> unused = new LinkedHashSet<>();

        Differences(List<String> lines) {
            for (String line : lines) {
                if (line.startsWith("~ ")) {
                    patterns.put(line, Pattern.compile(line.substring(2)).asMatchPredicate());
                } else {
                    statements.add(line);
                }
            }
            unused.addAll(lines);
        }

        boolean contain(String sql) {
            boolean found = statements.contains(sql);
            unused.remove(sql);
            for (Map.Entry<String, Predicate<String>> pattern : patterns.entrySet()) {
                if (pattern.getValue().test(sql)) {
                    found = true;
                    unused.remove(pattern.getKey());
                }
            }
            return found;
        }

        List<String> unused() {
            return List.copyOf(unused);
        }
    }
}
