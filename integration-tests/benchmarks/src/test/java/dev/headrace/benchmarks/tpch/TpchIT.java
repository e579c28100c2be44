package dev.headrace.benchmarks.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The queries of the benchmark give DuckDB's answers over the same files.
class TpchIT {
    @Test
    void allQueriesGiveDuckDbsAnswers(@TempDir Path directory) throws IOException, SQLException {
        TpchFiles.make(directory, 0.01, true);
        List<String> queries = new ArrayList<>(Tpch.queries());
        queries.addAll(Tpch.SINGLE_THINGS);
        try (Engine headrace = Engine.headrace(directory);
                Engine duckdb = Engine.duckdb(directory)) {
            for (String query : queries) {
                String sql = Tpch.text(query).replace("OFFSET 3000000", "OFFSET 30000");
                assertEquals(texts(duckdb.run(sql)), texts(headrace.run(sql)), query);
            }
        }
    }

    private static List<String> texts(List<List<Object>> rows) {
        List<String> texts = new ArrayList<>();
        for (List<Object> row : rows) {
            texts.add(String.join(", ", row.stream().map(TpchIT::text).toList()));
        }
        return texts.stream().sorted().toList();
    }

    private static String text(@Nullable Object value) {
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%.4f", number.doubleValue())
                : String.valueOf(value);
    }
}
