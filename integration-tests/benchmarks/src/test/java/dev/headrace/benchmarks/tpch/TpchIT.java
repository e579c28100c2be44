package dev.headrace.benchmarks.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.benchmarks.Answers;
import dev.headrace.benchmarks.Engine;
import dev.headrace.benchmarks.QuerySet;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The queries of the benchmark give DuckDB's answers over the same files.
class TpchIT {
    @Test
    void allQueriesGiveDuckDbsAnswers(@TempDir Path directory) throws IOException, SQLException {
        QuerySet set = new TpchQueries();
        set.makeFiles(directory, 0.01);
        try (Engine headrace = set.open("headrace", directory);
                Engine duckdb = set.open("duckdb", directory)) {
            for (String query : set.groups(0.01).stream().flatMap(List::stream).toList()) {
                String sql = set.text(query).replace("OFFSET 3000000", "OFFSET 30000");
                assertEquals(sorted(duckdb.run(sql)), sorted(headrace.run(sql)), query);
            }
        }
    }

    private static List<String> sorted(List<List<Object>> rows) {
        return Answers.texts(rows, 4).stream().sorted().toList();
    }
}
