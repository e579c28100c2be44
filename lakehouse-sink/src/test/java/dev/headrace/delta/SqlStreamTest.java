package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SQL over streams gives what it gives over the same rows as a batch.
class SqlStreamTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();
    private int runs;

    @BeforeEach
    void rowsInSeveralVersions() {
        String table = "delta.`" + directory.resolve("table") + "`";
        session.sql("INSERT INTO " + table + " SELECT * FROM VALUES (1, 'a', 10), (2, 'b', 20) AS t(id, k, v)");
        session.sql("INSERT INTO " + table + " VALUES (3, 'a', 30)");
        session.sql("INSERT INTO " + table + " VALUES (4, NULL, 40), (5, 'b', NULL)");
        session.sql("CREATE TEMP VIEW titles AS SELECT * FROM VALUES ('a', 'one'), ('c', 'three') AS t(k, title)");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String path() {
        return directory.resolve("table").toString();
    }

    private DataFrame batch(String sql) {
        session.read().format("delta").load(path()).createOrReplaceTempView("t");
        return session.sql(sql);
    }

    private DataFrame stream(String sql) {
        session.readStream()
                .format("delta")
                .option("maxFilesPerTrigger", "1")
                .load(path())
                .createOrReplaceTempView("t");
        return session.sql(sql);
    }

    private List<String> streamed(DataFrame query, String mode) throws Exception {
        String name = "out" + runs++;
        StreamingQuery running = query.writeStream()
                .format("memory")
                .queryName(name)
                .outputMode(mode)
                .option("checkpointLocation", directory.resolve("chk" + runs).toString())
                .trigger(Trigger.AvailableNow())
                .start();
        running.awaitTermination();
        return sorted(session.table(name));
    }

    private static List<String> sorted(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).sorted().toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id, v * 2 AS twice FROM t WHERE v > 10 OR k IS NULL",
                "SELECT upper(k) AS k, CASE WHEN v > 15 THEN 'big' ELSE 'small' END AS size FROM t",
                "SELECT id, x FROM t LATERAL VIEW explode(array(id, v)) e AS x",
                "SELECT id, title FROM t JOIN titles USING (k)",
                "SELECT id FROM t WHERE k IN (SELECT k FROM titles)",
                "SELECT id FROM t WHERE NOT EXISTS (SELECT 1 FROM titles s WHERE s.k = t.k)",
                "WITH big AS (SELECT * FROM t WHERE v >= 20) SELECT id FROM big UNION ALL SELECT v FROM t"
            })
    void queriesWithoutAggregation(String sql) throws Exception {
        assertTrue(stream(sql).isStreaming());
        assertEquals(sorted(batch(sql)), streamed(stream(sql), "append"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT k, count(*) AS n, sum(v) AS s FROM t GROUP BY k",
                "SELECT k, sum(v) AS s FROM t GROUP BY k HAVING count(*) > 1",
                "SELECT k, count(*) FILTER (WHERE v > 10) AS n FROM t GROUP BY k ORDER BY n DESC, k LIMIT 2",
                "SELECT k, count(*) AS n FROM t GROUP BY ROLLUP (k)",
                "SELECT k, sum(v) AS s, rank() OVER (ORDER BY sum(v) DESC) AS r FROM t GROUP BY k"
            })
    void queriesWithAggregation(String sql) throws Exception {
        assertEquals(sorted(batch(sql)), streamed(stream(sql), "complete"));
    }

    /// A row's rank changes with later rows.
    @Test
    void windowFunctionsOverAStreamItselfNeedAModeThatTellsChanges() {
        QueryException refused = assertThrows(
                QueryException.class,
                () -> streamed(stream("SELECT id, rank() OVER (ORDER BY v) AS r FROM t"), "append"));
        assertEquals("UNSUPPORTED_OUTPUT_MODE", refused.code());
    }
}
