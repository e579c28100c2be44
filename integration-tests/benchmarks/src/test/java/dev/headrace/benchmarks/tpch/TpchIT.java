package dev.headrace.benchmarks.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.benchmarks.Answers;
import dev.headrace.benchmarks.Engine;
import dev.headrace.benchmarks.Fingerprint;
import dev.headrace.benchmarks.QuerySet;
import dev.headrace.benchmarks.SparkAnswers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The queries of the benchmark give DuckDB's answers over the same files, and the 22 of TPC-H those that Spark has
/// given.
class TpchIT {
    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.1})
    void queriesGiveTheAnswersOfDuckDbAndSpark(double scale, @TempDir Path directory) throws IOException, SQLException {
        QuerySet set = new TpchQueries();
        set.makeFiles(directory, scale);
        Map<String, Fingerprint> spark = SparkAnswers.of(set, scale);
        assertEquals(Set.copyOf(QuerySet.numbered(22)), spark.keySet());
        try (Engine headrace = set.open("headrace", directory);
                Engine duckdb = set.open("duckdb", directory)) {
            for (String query : QuerySet.numbered(22)) {
                String sql = set.unlimited(query);
                List<List<Object>> actual = headrace.run(sql);
                assertEquals(sorted(duckdb.run(sql)), sorted(actual), query);
                Fingerprint answer = Fingerprint.of(actual);
                assertTrue(answer.isNear(spark.get(query)), query + ": " + answer + ", Spark " + spark.get(query));
            }
            for (String query : set.groups(scale).get(1)) {
                String sql = set.text(query).replace("OFFSET 3000000", "OFFSET 30000");
                assertEquals(sorted(duckdb.run(sql)), sorted(headrace.run(sql)), query);
            }
        }
    }

    private static List<String> sorted(List<List<Object>> rows) {
        return Answers.texts(rows, 4).stream().sorted().toList();
    }
}
