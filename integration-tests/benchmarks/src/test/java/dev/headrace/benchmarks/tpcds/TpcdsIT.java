package dev.headrace.benchmarks.tpcds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.headrace.DataFrame;
import dev.headrace.benchmarks.Answers;
import dev.headrace.benchmarks.Engine;
import dev.headrace.benchmarks.Fingerprint;
import dev.headrace.benchmarks.QuerySet;
import dev.headrace.benchmarks.SparkAnswers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The 99 queries give DuckDB's answers over the same files, and those that Spark has given.
///
/// What `LIMIT 100` leaves of rows that are equal in the order is up to the engine. So each query runs without it: all
/// rows must be DuckDB's, and the columns of ORDER BY must come in DuckDB's order. If that are more than 100 rows, it
/// also runs with the limit: those must be 100 of these rows, with the first 100 values of the columns of ORDER BY.
class TpcdsIT {
    static Stream<Arguments> scales() {
        return Stream.of(
                arguments(0.01, Set.of("q24", "q31", "q54", "q58", "q64", "q83", "q85")),
                arguments(0.1, Set.of("q24", "q25", "q54", "q64", "q65", "q85")));
    }

    /// @param none the queries that find nothing in tables as small as these
    @ParameterizedTest
    @MethodSource("scales")
    void allQueriesGiveTheAnswersOfDuckDbAndSpark(double scale, Set<String> none, @TempDir Path directory)
            throws IOException, SQLException {
        QuerySet set = new TpcdsQueries();
        set.makeFiles(directory, scale);
        Map<String, Fingerprint> spark = SparkAnswers.of(set, scale);
        Set<String> empty = new TreeSet<>();
        try (Engine.HeadraceEngine headrace = Engine.headrace(directory, TpcdsFiles.tables());
                Engine duckdb = set.open("duckdb", directory)) {
            for (String query : set.groups(scale).getFirst()) {
                String sql = unrounded(set.text(query));
                String unlimited = unrounded(set.unlimited(query));
                List<List<Object>> expected = duckdb.run(unlimited);
                DataFrame all = headrace.session().sql(unlimited);
                List<List<Object>> actual = Engine.HeadraceEngine.rows(all);
                assertEquals(sorted(expected), sorted(actual), query);
                String rounded = set.unlimited(query);
                Fingerprint answer = Fingerprint.of(rounded.equals(unlimited) ? actual : headrace.run(rounded));
                assertTrue(answer.isNear(spark.get(query)), query + ": " + answer + ", Spark " + spark.get(query));
                List<Integer> keys = keys(unlimited, all.columns());
                assertEquals(values(expected, keys), values(actual, keys), query + ": the order");
                if (expected.size() > 100 && !sql.strip().equals(unlimited)) {
                    List<List<Object>> first = headrace.run(sql);
                    assertEquals(values(expected.subList(0, 100), keys), values(first, keys), query + ": the limit");
                    List<String> rest = new ArrayList<>(sorted(expected));
                    assertTrue(sorted(first).stream().allMatch(rest::remove), query + ": rows that are none");
                }
                if (expected.isEmpty()) {
                    empty.add(query);
                }
            }
        }
        assertEquals(new TreeSet<>(none), empty);
    }

    /// Halves of doubles are rounded by their digits in Spark and here, by their binary value in DuckDB: what query 78
    /// rounds is compared with DuckDB's as it is.
    private static String unrounded(String sql) {
        return sql.replaceFirst("round\\((CAST.*), 2\\) AS ratio", "$1 AS ratio");
    }

    private static List<String> sorted(List<List<Object>> rows) {
        return Answers.texts(rows, 3).stream().sorted().toList();
    }

    /// The columns by which the result is sorted, up to the first that is not among the result's.
    private static List<Integer> keys(String sql, String[] columns) {
        int order = sql.lastIndexOf("\nORDER BY ");
        List<Integer> keys = new ArrayList<>();
        if (order < 0) {
            return keys;
        }
        for (String item : sql.substring(order + "\nORDER BY ".length()).strip().split(",\\s*")) {
            String name = item.replaceFirst(" (ASC|DESC)$", "").replaceFirst("^\\w+\\.", "");
            int key = name.matches("\\d+")
                    ? Integer.parseInt(name) - 1
                    : Arrays.asList(columns).indexOf(name);
            if (key < 0) {
                break;
            }
            keys.add(key);
        }
        return keys;
    }

    private static List<String> values(List<List<Object>> rows, List<Integer> keys) {
        return Answers.texts(
                rows.stream().map(row -> keys.stream().map(row::get).toList()).toList(), 3);
    }
}
