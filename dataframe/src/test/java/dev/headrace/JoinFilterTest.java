package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What scans leave out because a join has no partner for it.
class JoinFilterTest {
    private static final int ROWS = 80_000;

    @TempDir
    private Path directory;

    @AutoClose
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    /// Eight files of 10,000 rows; `id`, `day`, `at`, `price` and `name` ascend from file to file, `part` is a
    /// directory.
    @BeforeEach
    void writeFacts() {
        DataFrame rows = session.range(0, ROWS, 1, 8)
                .selectExpr(
                        "id",
                        "int(id) AS small",
                        "date_add(date'2024-01-01', int(id div 1000)) AS day",
                        "timestamp_seconds(id) AS at",
                        "cast(id / 100 AS decimal(12,2)) AS price",
                        "format_string('n%05d', id) AS name",
                        "id * 7919 % 80000 AS mixed",
                        "if(id % 10 = 0, NULL, id) AS gaps");
        rows.write().parquet(directory.resolve("facts").toString());
        rows.selectExpr("*", "id div 20000 AS part")
                .write()
                .partitionBy("part")
                .parquet(directory.resolve("parts").toString());
        session.read().parquet(directory.resolve("facts").toString()).createOrReplaceTempView("facts");
        session.read().parquet(directory.resolve("parts").toString()).createOrReplaceTempView("parts");
    }

    private void assertReads(long scanned, long joined, String query) {
        assertEquals(joined, session.sql(query).collectAsList().size(), query);
        String plan = session.sql("EXPLAIN ANALYZE " + query).head().getString(0);
        Matcher line =
                Pattern.compile("Scan parquet \\S+ .*\\(([0-9,]+) rows?, .*").matcher(plan);
        long rows = 0;
        while (line.find()) {
            rows += Long.parseLong(line.group(1).replace(",", ""));
        }
        assertEquals(scanned, rows, plan);
    }

    @Test
    void filesWithoutAnyOfTheHeldValuesAreNotRead() {
        assertReads(20_000, 3, "SELECT name FROM facts JOIN (VALUES (5L), (7L), (41000L)) d(id) USING (id)");
        assertReads(10_000, 1, "SELECT id FROM facts JOIN (VALUES ('n00017'), (NULL), ('x')) d(name) USING (name)");
        assertReads(
                10_000, 1, "SELECT id FROM facts JOIN (VALUES (cast(1.25 AS decimal(12,2)))) d(price) USING (price)");
        assertReads(
                20_000,
                2_000,
                "SELECT id FROM facts JOIN (VALUES (date'2024-01-01'), (date'2024-02-29')) d(day) USING (day)");
    }

    @Test
    void filesBeyondTheRangeOfTheHeldValuesAreNotRead() {
        assertReads(
                20_000, 11_000, "SELECT name FROM facts JOIN (SELECT id + 15000 AS id FROM range(11000)) d USING (id)");
        assertReads(
                10_000,
                1_000,
                "SELECT name FROM facts JOIN (SELECT timestamp_seconds(id + 30000) AS at FROM range(1000)) d USING (at)");
        assertReads(
                10_000,
                100,
                "SELECT name FROM facts LEFT SEMI JOIN (SELECT cast((id + 1) AS int) AS small FROM range(100)) d"
                        + " ON facts.small = d.small");
        assertReads(
                10_000,
                90,
                "SELECT gaps FROM facts JOIN (SELECT if(id % 2 = 0, NULL, id div 2) AS gaps FROM range(200)) d"
                        + " USING (gaps)");
    }

    @Test
    void directoriesOfOtherPartitionsAreNotRead() {
        assertReads(20_000, 20_000, "SELECT id FROM parts JOIN (VALUES (2), (9)) d(part) USING (part)");
    }

    @Test
    void allJoinsAboveAScanTellIt() {
        assertReads(
                10_000,
                1,
                "SELECT name FROM facts JOIN (SELECT id + 15000 AS id FROM range(11000)) d USING (id)"
                        + " JOIN (VALUES (date'2024-01-26')) e(day) USING (day) WHERE id = 25000");
        assertReads(
                10_000,
                1,
                "SELECT day, n FROM (SELECT day, count(*) AS n FROM facts GROUP BY day)"
                        + " JOIN (VALUES (date'2024-01-26')) e(day) USING (day)");
    }

    @Test
    void rowsThatNeedNoPartnerAreRead() {
        assertReads(ROWS, ROWS, "SELECT name FROM facts LEFT JOIN (VALUES (5L, 'x')) d(id, x) USING (id)");
        assertReads(ROWS, ROWS - 1, "SELECT name FROM facts LEFT ANTI JOIN (VALUES (5L)) d(id) USING (id)");
        assertReads(ROWS, ROWS, "SELECT d.id FROM facts FULL JOIN (VALUES (5L)) d(id) USING (id)");
        assertReads(
                ROWS,
                1,
                "SELECT n FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM facts) f"
                        + " JOIN (VALUES (5L)) d(id) USING (id)");
    }

    @Test
    void statisticsAreNotAskedForARangeOfMostValues() {
        String query = "SELECT count(*) FROM facts JOIN (SELECT id * 700 AS mixed FROM range(110)) d USING (mixed)";
        String plan = session.sql("EXPLAIN ANALYZE " + query).head().getString(0);
        assertEquals(
                List.of(),
                plan.lines().filter(line -> line.contains("joinFilters")).toList(),
                plan);
        assertReads(ROWS, 1, query);
    }
}
