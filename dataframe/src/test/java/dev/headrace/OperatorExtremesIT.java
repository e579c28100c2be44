package dev.headrace;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.HeadraceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every operation on rows takes every type however it is run: over so many copies of each row that they don't fit into
/// memory it gives what it gives over the rows, and in two threads what it gives in one. What is right
/// [SparkExtremesIT] says, and for as-of joins, an aggregation of all pairs.
class OperatorExtremesIT {
    private static final int LARGE_ROWS = 2_000;

    /// Queries that give the same over `$K` copies of each row.
    private static final List<String> OF_COPIES = List.of(
            "SELECT $S(v) AS s, count(*) / $K AS n, min(id) AS a, max(fat) AS f FROM l GROUP BY v",
            "SELECT id, count(*) / $K AS n, min(a) AS a, max(b) AS b FROM (SELECT id, n, $S(min(v)) AS a, $S(max(v)) AS b"
                    + " FROM l GROUP BY id, n) GROUP BY id",
            "SELECT count(*) / $K AS n FROM (SELECT DISTINCT v, n, fat FROM l)",
            "SELECT a.id, b.id AS c, count(*) / $K AS n, max(b.fat) AS f FROM l a FULL JOIN l b"
                    + " ON a.v = b.v AND a.n = b.n AND a.id % 2 <> b.id % 2 GROUP BY ALL",
            "SELECT a.id, b.id AS c, count(*) / $K AS n, max(b.fat) AS f FROM l a LEFT JOIN l b"
                    + " ON a.v <=> b.v AND a.n = b.n GROUP BY ALL",
            "SELECT id, count(*) / $K AS n, max(fat) AS f FROM l a LEFT ANTI JOIN (SELECT * FROM l WHERE id % 2 = 0) b"
                    + " ON a.v = b.v AND a.n = b.n GROUP BY id",
            "SELECT id, (min(r) - 1) / $K AS r, min(c) / $K AS c, min(f) AS f, max(length(fat)) AS l FROM (SELECT id, fat,"
                    + " rank() OVER (ORDER BY v DESC) AS r, count(*) OVER (PARTITION BY v) AS c,"
                    + " first_value(id) OVER (PARTITION BY v ORDER BY id, n) AS f FROM l) GROUP BY id",
            "SELECT $S(v) AS s, count(*) / $K AS n FROM (SELECT v, n, fat FROM l EXCEPT ALL"
                    + " SELECT v, n, fat FROM l WHERE id % 2 = 0) GROUP BY v");

    @TempDir
    static Path directory;

    private static Session whole;
    private static Session large;

    @BeforeAll
    static void sessions() {
        whole = session("1g");
        large = session("16m");
        OperatorStatements.createTables(whole);
    }

    @AfterAll
    static void close() {
        whole.close();
        large.close();
    }

    private static Session session(String limit) {
        return Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", limit)
                .config("headrace.spill.directory", directory.toString())
                .config("spark.sql.session.timeZone", "UTC")
                .create();
    }

    static Stream<String> types() {
        return OperatorStatements.types().stream();
    }

    private static List<String> outcome(Session session, String sql) {
        try {
            return session.sql(sql).collectAsList().stream()
                    .map(Row::toString)
                    .sorted()
                    .toList();
        } catch (HeadraceException failed) {
            return List.of(failed.code());
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void manyCopiesGiveTheSameOnDisk(String type) {
        String rows = OperatorStatements.rows(type);
        int copies = LARGE_ROWS / (int) whole.sql("SELECT * FROM " + rows).count();
        view(whole, rows, 1);
        view(large, rows, copies);
        long before = large.runtime().spill().bytesWritten();
        for (String query : OF_COPIES) {
            assertEquals(
                    outcome(whole, OperatorStatements.filled(query.replace("$K", "1"), type)),
                    outcome(large, OperatorStatements.filled(query.replace("$K", "" + copies), type)),
                    query);
        }
        sorted(rows, copies);
        // Few operations take variants.
        assertTrue(
                large.runtime().spill().bytesWritten() > before || type.equals("variant"), "nothing was put on disk");
        assertEquals(0, large.runtime().spill().openFiles());
        assertEquals(0, large.runtime().allocator().getAllocatedMemory());
    }

    /// So wide that the rows together have more than the memory.
    private static void view(Session session, String rows, int copies) {
        session.sql(
                "CREATE OR REPLACE TEMP VIEW l AS SELECT t.id, t.v, r.id AS n, repeat('.', 1300) AS fat FROM range(0, "
                        + copies + ", 1, 8) AS r CROSS JOIN " + rows + " AS t");
    }

    private static void sorted(String rows, int copies) {
        String sql = "SELECT id, n, length(fat) AS f FROM l ORDER BY id % 2, v DESC NULLS FIRST, id, n";
        List<String> expected = new ArrayList<>();
        try {
            for (Row row : whole.sql(sql).collectAsList()) {
                for (int copy = 0; copy < copies; copy++) {
                    expected.add("[" + row.get(0) + "," + copy + ",1300]");
                }
            }
        } catch (HeadraceException unordered) {
            assertEquals(List.of(unordered.code()), outcome(large, sql), rows);
            return;
        }
        assertEquals(
                expected,
                large.sql(sql).collectAsList().stream().map(Row::toString).toList(),
                rows);
    }

    /// The time by which is joined, and a key.
    @ParameterizedTest
    @MethodSource("types")
    void asOfJoinsGiveTheLastOfAllPairs(String type) {
        String a = OperatorStatements.table(type) + " a";
        String later = " (SELECT min(id) AS id, v FROM " + a + " WHERE id > 1 GROUP BY v) b ON a.v >= b.v";
        List<String> times = outcome(whole, "SELECT a.id, b.id FROM " + a + " ASOF LEFT JOIN" + later);
        if (!times.equals(List.of("AS_OF_JOIN_TIME")) && !times.equals(List.of("DATATYPE_MISMATCH"))) {
            assertEquals(
                    outcome(
                            whole,
                            "SELECT a.id, max_by(b.id, b.v) FROM " + a + " LEFT JOIN" + later + " GROUP BY a.id"),
                    times);
            String earlier = " (SELECT min(id) AS id, v FROM " + a + " GROUP BY v) b ON a.v < b.v";
            assertEquals(
                    outcome(whole, "SELECT a.id, min_by(b.id, b.v) FROM " + a + " JOIN" + earlier + " GROUP BY a.id"),
                    outcome(whole, "SELECT a.id, b.id FROM " + a + " ASOF JOIN" + earlier));
        }
        String pairs = " LEFT JOIN " + OperatorStatements.table(type) + " b ON a.v = b.v AND a.id > b.id";
        assertEquals(
                outcome(whole, "SELECT a.id, max(b.id) FROM " + a + pairs + " GROUP BY a.id"),
                outcome(whole, "SELECT a.id, b.id FROM " + a + " ASOF" + pairs));
    }

    /// Methods that SQL has no words for.
    @ParameterizedTest
    @MethodSource("types")
    void methodsTakeEveryType(String type) {
        DataFrame rows = whole.sql("SELECT * FROM " + OperatorStatements.rows(type));
        DataFrame parts = whole.table(OperatorStatements.table(type));
        List<String> all = texts(rows);

        assertEquals(all, texts(parts));
        assertEquals(all, texts(parts.repartition(3, col("v"))));
        assertEquals(all, texts(parts.repartition(1)));
        assertEquals(all, texts(parts.sample(1.0)));
        assertEquals(List.of(), texts(parts.sample(0.0)));
        DataFrame[] halves = parts.randomSplit(new double[] {1, 1}, 3);
        assertEquals(all, texts(halves[0].union(halves[1])));
        assertEquals(all, texts(parts.unionByName(rows.select("v", "id")).dropDuplicates("id")));
        assertEquals(all.size(), parts.sort("id").tail(all.size() + 1).length);
        assertEquals(
                texts(rows.sort(col("id").desc()).limit(2).select("id")),
                Stream.of(parts.sort("id").select("id").tail(2))
                        .map(Row::toString)
                        .sorted()
                        .toList());
        assertEquals(0, parts.tail(0).length);
        assertEquals(0, parts.limit(0).count());
        assertEquals(0, parts.offset(all.size()).count());
        assertEquals(all.size() - 1, parts.offset(1).count());
        int nulls = type.equals("void") ? all.size() : 2;
        assertEquals(nulls, parts.select("v").filter("v IS NULL").count());
        long nans = all.stream()
                .filter(row -> row.contains("NaN") && type.matches("float|double"))
                .count();
        assertEquals(
                all.size() - nulls - nans, parts.na().drop(new String[] {"v"}).count());
    }

    private static List<String> texts(DataFrame rows) {
        DataFrame shown = rows.columns().length == 1 ? rows : rows.selectExpr("id", "CAST(v AS STRING) AS v");
        return shown.collectAsList().stream().map(Row::toString).sorted().toList();
    }
}
