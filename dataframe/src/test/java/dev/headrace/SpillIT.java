package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.ResourceException;
import dev.headrace.exec.SpillSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries whose state is larger than the session's memory give what they give without a limit, and leave nothing
/// behind.
class SpillIT extends LittleMemory {
    @Test
    void stateOfTenTimesTheLimitIsSorted() {
        SpillSpace space = small.runtime().spill();
        List<Row> sorted = small.sql("SELECT id, k, text FROM wide ORDER BY k DESC, text")
                .select("id", "k")
                .collectAsList();
        for (int i = 1; i < sorted.size(); i++) {
            assertTrue(sorted.get(i - 1).getLong(1) >= sorted.get(i).getLong(1));
        }
        assertEquals(850_000, sorted.size());
        assertTrue(space.bytesWritten() > 10L * (LIMIT_MEBIBYTES << 20), "written: " + space.bytesWritten());
    }

    @Test
    void sortsAreStable() {
        givesTheSame("SELECT id, d FROM (SELECT id, d, text FROM some ORDER BY d)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT k, id, text FROM some ORDER BY text, k LIMIT 300000",
                "SELECT id, text FROM some ORDER BY length(text), id DESC",
                // Runs that lie one behind the other, in either order.
                "SELECT id, text FROM some ORDER BY id LIMIT 300000",
                "SELECT id, text FROM some ORDER BY id DESC LIMIT 300000"
            })
    void sorts(String sql) {
        givesTheSame(sql);
    }

    /// Of each key some rows are read, or all, and of one key there are more than fit.
    @Test
    void functionsOverTheRowsOfAKey() {
        List<List<String>> answers = new ArrayList<>();
        for (Session session : List.of(large, small)) {
            Dataset<Wide> some = session.sql("SELECT id, text FROM some").as(Encoders.record(Wide.class));
            KeyValueGroupedDataset<Long, Wide> keyed =
                    some.groupByKey(wide -> wide.id() % 5 < 3 ? -1 : wide.id() % 10_000, Encoders.LONG());
            List<String> answer = new ArrayList<>(
                    keyed.mapGroups(SpillIT::described, Encoders.STRING()).collectAsList());
            answer.sort(null);
            answer.addAll(keyed.cogroup(
                            some.groupByKey(wide -> wide.id() % 7_000, Encoders.LONG()),
                            (key, left, right) -> List.of(described(key, left) + ", " + described(key, right))
                                    .iterator(),
                            Encoders.STRING())
                    .collectAsList());
            answers.add(answer);
        }
        assertTrue(small.runtime().spill().bytesWritten() > 0);
        assertEquals(answers.get(0), answers.get(1));
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }

    public record Wide(long id, String text) {}

    /// The first rows, and for some keys how many there are.
    private static String described(long key, Iterator<Wide> rows) {
        StringBuilder text = new StringBuilder().append(key);
        for (int i = 0; i < 3 && rows.hasNext(); i++) {
            Wide row = rows.next();
            text.append(' ').append(row.id()).append(' ').append(row.text(), 32, 36);
        }
        int more = 0;
        for (; key % 3 != 0 && rows.hasNext(); rows.next()) {
            more++;
        }
        return text.append(' ').append(more).toString();
    }

    /// Their rows are cut when a split ends: all of them are 240 MB, of many splits of which each has few.
    @ParameterizedTest
    @ValueSource(strings = {"id * 7919 % 10007 DESC", "concat('t', id * 7919 % 10007)"})
    void fewFirstRowsOfManyWideOnesNeedNoDisk(String order) {
        String sql = "SELECT id, length(text) FROM (SELECT id, concat(id, repeat('x', 40000)) AS text"
                + " FROM range(0, 6000, 1, 300)) ORDER BY " + order + ", text LIMIT 10";
        assertEquals(rows(large, sql), rows(small, sql));
        assertEquals(0, small.runtime().spill().bytesWritten());
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id, length(text) FROM large ORDER BY id * 7919 % 10007, text LIMIT 700",
                "SELECT id, length(text) FROM large ORDER BY skewed, text LIMIT 700",
                "SELECT id, d, length(text) FROM (SELECT * FROM some ORDER BY d LIMIT 60000)"
            })
    void firstRowsThatDoNotFit(String sql) {
        givesTheSame(sql);
    }

    /// Of 128 MB: what is put on disk is copied in pieces, so no more room is kept for that than for one of them.
    @Test
    void whatFitsBesideACopyIsSortedInMemory() {
        try (Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "512m")
                .config("headrace.spill.directory", directory.toString())
                .create()) {
            Row row = session.sql(
                            "SELECT count(*), sum(id) FROM (SELECT id, id % 1000 AS k, id AS v FROM range(8000000)"
                                    + " ORDER BY k LIMIT 20000000)")
                    .first();
            assertEquals("[8000000,31999996000000]", row.toString());
            assertEquals(0, session.runtime().spill().bytesWritten());
        }
    }

    /// Several runs are made of what is held when memory is short, and all of them merged at once.
    @Test
    void sortsThatAreSpilledInSeveralRuns() {
        try (Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "512m")
                .config("headrace.spill.directory", directory.toString())
                .create()) {
            String sql =
                    "SELECT count(*), sum(id), sum(if(k < l, 1, 0)) FROM (SELECT id, k, lag(k) OVER (ORDER BY k) AS l"
                            + " FROM (SELECT id, (id * 7919) % 1000003 AS k, id AS v FROM range(14000000)))";
            Row row = session.sql(sql).first();
            assertEquals("[14000000,97999993000000,0]", row.toString());
            assertTrue(session.runtime().spill().bytesWritten() > 0);
        }
    }

    /// A chunk of each run may have to be read at the same time: of wide rows, so many don't fit.
    @Test
    void wideRowsAreSorted() {
        try (Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "128m")
                .config("headrace.spill.directory", directory.toString())
                .create()) {
            Iterator<Row> sorted = session.sql(
                            "SELECT hash(id) AS k, repeat(sha2(string(id), 512), 256) AS p FROM range(34000) ORDER BY k")
                    .toLocalIterator();
            int rows = 0;
            for (int before = Integer.MIN_VALUE; sorted.hasNext(); rows++) {
                Row row = sorted.next();
                assertTrue(row.getInt(0) >= before);
                before = row.getInt(0);
            }
            assertEquals(34_000, rows);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT n, count(*) AS c, sum(s) AS s FROM (SELECT k, text, count(*) AS n, sum(id) AS s FROM wide WHERE id < 400000"
                        + " GROUP BY k, text) GROUP BY n",
                "SELECT count(*) AS c, sum(m) AS m FROM (SELECT text, k, max(id) AS m, min(d) AS t FROM some"
                        + " GROUP BY text, k)",
                "SELECT count(*) AS c, sum(a) AS a, sum(b) AS b FROM (SELECT k % 90000 AS g, count(DISTINCT text) AS a,"
                        + " count(DISTINCT id) AS b FROM some GROUP BY k % 90000)",
                "SELECT d, count(DISTINCT text, id) AS a, count(DISTINCT k) FILTER (WHERE id % 3 = 0) AS b, sum(id) AS s,"
                        + " sum(DISTINCT k) FILTER (WHERE id % 2 = 0) AS t FROM some GROUP BY d ORDER BY d",
                "SELECT count(*) AS c, sum(length(l)) AS s FROM (SELECT d, k % 1000 AS g, string_agg(text, ',') AS l"
                        + " FROM some WHERE id < 75000 GROUP BY d, k % 1000)",
                "SELECT count(*) AS c FROM (SELECT DISTINCT k, text FROM some)",
                "SELECT count(*) AS c, sum(h) AS h, sum(t) AS t, sum(n) AS n, sum(m) AS m FROM (SELECT k % 10000 AS g,"
                        + " hll_sketch_estimate(hll_sketch_agg(text)) AS h, theta_sketch_estimate(theta_sketch_agg(k)) AS t,"
                        + " kll_sketch_get_n_bigint(kll_sketch_agg_bigint(id)) AS n, approx_top_k(d)[0].count AS m"
                        + " FROM some GROUP BY k % 10000)",
                // Each level's groups, and the results that are kept of it.
                "SELECT g, count(*) AS c, sum(n) AS n, sum(s) AS s, max(t) AS t FROM (SELECT grouping_id(d, k, text) AS g,"
                        + " count(*) AS n, sum(id) AS s, max(text) AS t FROM some GROUP BY ROLLUP (d, k, text)) GROUP BY g ORDER BY g",
                "SELECT g, count(*) AS c, sum(n) AS n, sum(t) AS t FROM (SELECT grouping_id(d, k % 1000, text) AS g,"
                        + " count(*) AS n, size(collect_set(k % 50000)) AS t FROM some GROUP BY CUBE (d, k % 1000, text))"
                        + " GROUP BY g ORDER BY g",
            })
    void groups(String sql) {
        givesTheSame(sql);
    }

    /// A part of the query whose rows are kept, as they are used twice.
    @Test
    void groupsThatAreUsedTwice() {
        givesTheSame("WITH t AS (SELECT k, d, text, count(*) AS n, sum(id) AS s FROM some GROUP BY k, d, text)"
                + " SELECT count(*) AS c, sum(a.s) AS a, sum(b.n) AS b FROM t a JOIN t b ON a.k = b.k"
                + " AND a.text = b.text WHERE a.d < 7 AND b.d > 2");
    }

    @Test
    void windows() {
        givesTheSame("SELECT count(*) AS n, sum(r) AS r, sum(length(t)) AS t FROM (SELECT row_number() OVER"
                + " (PARTITION BY k % 5000 ORDER BY id) AS r, lag(text) OVER (PARTITION BY k % 5000 ORDER BY id) AS t"
                + " FROM some)");
    }

    /// One partition that does not fit, alone, beside many small ones, and with nulls as its key.
    @ParameterizedTest
    @ValueSource(strings = {"", "PARTITION BY if(id % 10 < 9, NULL, id % 1000)"})
    void partitionsThatDoNotFit(String partition) {
        String window = "(" + partition + " ORDER BY k, id";
        StringBuilder columns = new StringBuilder();
        for (String function : List.of(
                "row_number() OVER " + window + ")",
                "rank() OVER " + window + ")",
                "percent_rank() OVER " + window + ")",
                "lag(id, 3) OVER " + window + ")",
                "sum(id) OVER " + window + ")",
                "sum(k) OVER " + window + " ROWS BETWEEN 50 PRECEDING AND CURRENT ROW)",
                "max(k) OVER (" + partition + ")")) {
            columns.append(", ").append(function).append(" AS r").append(columns.length());
        }
        givesTheSame("SELECT count(*) AS n, sum(xxhash64(*) % 1000003) AS h FROM (SELECT id, length(text) AS l"
                + columns + " FROM some)");
    }

    /// As an array, those of one row would be larger than the limit.
    @Test
    void copiesOfARowAreNotHeld() {
        assertEquals(
                List.of("[1,30000000]", "[2,1024]", "[3,1025]", "[4,1]"),
                rows(
                        small,
                        "SELECT k, count(*) AS n FROM (SELECT 1L AS k FROM range(30000001)"
                                + " UNION ALL SELECT 2 FROM range(1025) UNION ALL SELECT 3 FROM range(1026)"
                                + " UNION ALL SELECT 4 FROM range(2) UNION ALL SELECT 5 FROM range(1)"
                                + " EXCEPT ALL SELECT explode(sequence(1, 5))) GROUP BY k ORDER BY k"));
    }

    @Test
    void groupsThatAreOneAlone() {
        givesTheSame("SELECT count(DISTINCT k % 1000) AS a, count(DISTINCT text, k) AS b, count(*) AS c FROM some");
        givesTheSame("SELECT count(*) AS n, max(length(text)) AS l FROM"
                + " (SELECT DISTINCT if(id % 10 < 9, -1, k % 1000) AS g, text FROM some)");
    }

    /// Of 190 MB of rows.
    @Test
    void fewDistinctValuesNeedNoDisk() {
        try (Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "64m")
                .config("headrace.spill.directory", directory.toString())
                .create()) {
            Row row = session.sql(
                            "SELECT count(DISTINCT text) AS a, count(DISTINCT k % 100) AS b,"
                                    + " sum(DISTINCT id % 10) FILTER (WHERE id > 7) AS c, count(*) AS n FROM (SELECT id,"
                                    + " id * 7919 AS k, concat(id % 1000, repeat('.', 200)) AS text FROM range(0, 850000, 1, 8))")
                    .first();
            assertEquals("[1000,100,45,850000]", row.toString());
            assertEquals(0, session.runtime().spill().bytesWritten());
        }
    }

    /// Of 190 MB of rows.
    @Test
    void fewDifferentRowsNeedNoDisk() {
        try (Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "64m")
                .config("headrace.spill.directory", directory.toString())
                .create()) {
            DataFrame rows = session.sql("SELECT id % 7 AS k, concat(id % 1000, repeat('.', 200)) AS text, id"
                    + " FROM range(0, 850000, 1, 8)");
            assertEquals(1000, rows.select("text").distinct().count());
            assertEquals(
                    7,
                    rows.dropDuplicates("k")
                            .select("id", "text")
                            .collectAsList()
                            .size());
            assertEquals(0, session.runtime().spill().bytesWritten());
        }
    }

    /// An iterator may read them whenever it likes; nothing else keeps them.
    @Test
    void resultsThatDoNotFit() {
        String sql = "SELECT id, text FROM some";
        List<String> spilled = new ArrayList<>();
        small.sql(sql).toLocalIterator().forEachRemaining(row -> spilled.add(row.toString()));

        assertTrue(small.runtime().spill().bytesWritten() > 0, "nothing was put on disk");
        assertEquals(rows(large, sql), spilled);
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void filesGoAwayWhenAQueryFails() {
        fails("SELECT k, max(if(id = 150000, raise_error('here'), id)) AS t FROM some GROUP BY k, text");
        // Behind the window function, while its rows are read from disk.
        fails("SELECT if(r = 100000, raise_error('here'), id) AS t FROM (SELECT id, text,"
                + " sum(id) OVER (PARTITION BY if(id % 10 < 9, -1, id)) AS s,"
                + " row_number() OVER (PARTITION BY if(id % 10 < 9, -1, id) ORDER BY k) AS r FROM some)");
    }

    private void fails(String sql) {
        RuntimeException failed = assertThrows(RuntimeException.class, () -> rows(small, sql));
        assertTrue(String.valueOf(failed.getMessage()).contains("here"), failed.getMessage());
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM (SELECT id, concat(id, repeat('.', 200)) AS t FROM range(100000000)) ORDER BY t",
                "SELECT t, count(*) FROM (SELECT concat(id, repeat('.', 200)) AS t FROM range(100000000)) GROUP BY t",
                "SELECT t, row_number() OVER (ORDER BY t) AS r FROM (SELECT concat(id, repeat('.', 200)) AS t"
                        + " FROM range(100000000))",
            })
    void filesGoAwayWhenAQueryIsCancelled(String sql) {
        CompletableFuture<List<String>> rows = CompletableFuture.supplyAsync(() -> rows(small, sql));
        while (small.runtime().spill().bytesWritten() == 0) {
            Thread.onSpinWait();
        }
        small.interruptAll();
        ExecutionException failed = assertThrows(ExecutionException.class, rows::get);
        assertTrue(String.valueOf(failed.getCause().getMessage()).startsWith("[QUERY_CANCELLED]"));
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }

    /// Whoever needs all rows of a partition at once is told what to do.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sum(id) OVER (ORDER BY text, id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)",
                "last_value(id) OVER (PARTITION BY id < 0 ORDER BY id RANGE BETWEEN 1 PRECEDING AND 9999999 FOLLOWING)"
            })
    void saysWhenEvenTheDiskDoesNotHelp(String function) {
        ResourceException failed = assertThrows(
                ResourceException.class, () -> rows(small, "SELECT id, text, " + function + " AS r FROM some"));
        assertEquals(
                "[OUT_OF_MEMORY] The query needs more than the memory limit of '16777216' bytes, and what it holds"
                        + " can't be divided and put on disk: such as all rows of one key of an as-of join, or all that"
                        + " a window function's frame reaches. Raise 'headrace.memory.limit', run fewer queries at once,"
                        + " read fewer rows or columns, or turn a window's order around if its frames end UNBOUNDED"
                        + " FOLLOWING: those that begin UNBOUNDED PRECEDING need not be held.",
                failed.getMessage());
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void saysWhereItCanNotWrite() throws IOException {
        Path file = Files.createTempFile("headrace", ".txt");
        try (Session session = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "16m")
                .config("headrace.spill.directory", file.resolve("below").toString())
                .create()) {
            session.sql("CREATE TEMP VIEW wide AS SELECT id, repeat('.', 200) AS t FROM range(300000)");
            ResourceException failed = assertThrows(
                    ResourceException.class, () -> rows(session, "SELECT t, id FROM wide ORDER BY id DESC"));
            assertEquals("SPILL_FAILED", failed.code());
            assertTrue(
                    failed.getMessage().contains("could not be kept in '" + file + "/below': "), failed.getMessage());
        } finally {
            Files.delete(file);
        }
    }
}
