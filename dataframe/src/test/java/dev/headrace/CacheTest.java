package dev.headrace;

import static dev.headrace.functions.col;
import static dev.headrace.functions.udf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.api.java.UDF1;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.CachedTable;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.types.DataTypes;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows that a session keeps. Closing it asserts that nothing has leaked.
class CacheTest {
    private final Session session = Session.builder().master("local[2]").create();
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        session.close();
    }

    private UserDefinedFunction counted() {
        return udf(
                (UDF1<Long, Long>) value -> {
                    calls.incrementAndGet();
                    return value * 2;
                },
                DataTypes.LongType);
    }

    private DataFrame doubled(long rows) {
        return session.range(rows).select(col("id"), counted().apply(col("id")).as("twice"));
    }

    private long memory() {
        return session.runtime().allocator().getAllocatedMemory();
    }

    @Test
    void rowsAreComputedByTheFirstQueryThatReadsThemAndByNoOther() {
        DataFrame before = doubled(100);
        DataFrame derived = before.filter("twice > 10");
        DataFrame cached = before.cache();
        assertEquals(0, calls.get());

        assertEquals(94, derived.count());
        assertEquals(100, calls.get());
        assertEquals(100, cached.collectAsList().size());
        assertEquals(
                100,
                cached.as("a")
                        .join(cached.as("b"), col("a.id").equalTo(col("b.id")))
                        .count());
        assertEquals(9900L, cached.selectExpr("sum(twice)").first().getLong(0));
        assertEquals(100, calls.get());
        assertTrue(cached.collectAsList().equals(cached.collectAsList()));
    }

    @Test
    void theirMemoryCountsTowardsTheSessionUntilTheyAreForgotten() {
        DataFrame cached = doubled(50_000).persist();
        assertEquals(0, memory());
        cached.count();
        assertTrue(memory() >= 50_000 * 16, () -> "holds " + memory());

        cached.unpersist();
        assertEquals(0, memory());
        cached.unpersist(true);
        calls.set(0);
        assertEquals(50_000, cached.selectExpr("count(twice)").first().getLong(0));
        assertEquals(50_000, calls.get());
    }

    @Test
    void rowsThatMemoryHasNoRoomForAreOnDisk(@TempDir Path spill) {
        try (Session small = Session.builder()
                .master("local[2]")
                .config("headrace.memory.limit", "64m")
                .config("headrace.spill.directory", spill.toString())
                .create()) {
            DataFrame cached = small.range(3_000_000)
                    .selectExpr("id", "id * 2 AS a", "id * 3 AS b", "id * 5 AS c")
                    .cache();
            assertEquals(3_000_000, cached.selectExpr("count(a)").first().getLong(0));
            assertTrue(small.runtime().spill().bytesWritten() > 0);
            assertEquals(
                    List.of("[2999999,5999998,8999997,14999995]"),
                    cached.filter("id = 2999999").collectAsList().stream()
                            .map(Row::toString)
                            .toList());
            cached.unpersist();
            assertEquals(0, small.runtime().allocator().getAllocatedMemory());
        }
    }

    @Test
    void aQueryMayReadPartsOfStructs() {
        DataFrame cached = session.sql("SELECT named_struct('a', id, 'b', named_struct('c', id + 1, 'd', 'x')) AS s,"
                        + " array(id) AS l FROM range(3)")
                .cache();
        assertEquals(3, cached.count());

        assertEquals(
                List.of("[1]", "[2]", "[3]"),
                cached.select("s.b.c").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
        assertEquals(
                List.of("[0,x]", "[1,x]", "[2,x]"),
                cached.selectExpr("l[0]", "s.b.d").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
    }

    @Test
    void rowsThatAQueryHasGivenStayWhenTheyAreForgotten() {
        DataFrame cached = doubled(100_000).cache();
        cached.count();
        Iterator<Row> rows = cached.toLocalIterator();
        assertEquals(0L, rows.next().getLong(0));

        cached.unpersist();

        int seen = 1;
        while (rows.hasNext()) {
            rows.next();
            seen++;
        }
        assertEquals(100_000, seen);
    }

    @Test
    void rowsOfAnyTypeStayWhenTheyAreForgotten() {
        DataFrame cached = session.sql("SELECT id % 2 = 0 AS even, named_struct('id', id) AS s, array(id) AS l,"
                        + " map(id, id) AS m, NULL AS n FROM range(10)")
                .cache();
        cached.count();
        Iterator<Row> rows = cached.toLocalIterator();

        cached.unpersist();

        assertEquals("[true,[0],[0],{0=0},null]", rows.next().toString());
        while (rows.hasNext()) {
            rows.next();
        }
        assertEquals(0, memory());
    }

    @Test
    void rowsThatAreForgottenWhileAQueryReadsThemEndIt() {
        DataFrame cached = doubled(100_000).cache();
        CachedTable table = session.cached().find(cached).orElseThrow();
        List<Split> splits = table.scan(ScanRequest.all(cached.schema())).splits();
        table.refresh();

        QueryException gone = assertThrows(
                QueryException.class,
                () -> splits.getFirst().open(session.runtime().allocator()).next());

        assertEquals(
                "[CACHE_DROPPED] The cached rows that this query reads were dropped or refreshed while it ran. Run it"
                        + " again.",
                gone.getMessage());
    }

    @Test
    void aViewOfTheSameRowsKeepsThem() {
        DataFrame rows = doubled(10);
        rows.createOrReplaceTempView("t");
        rows.cache().count();

        rows.createOrReplaceTempView("t");
        session.table("t").createOrReplaceTempView("t");
        session.table("t").select("twice").collectAsList();
        assertEquals(10, calls.get());

        doubled(10).createOrReplaceTempView("t");
        assertTrue(session.cached().find(rows).isEmpty());
    }

    @Test
    void sqlKeepsViewsAtOnceOrWhenTheyAreRead() {
        doubled(10).createOrReplaceTempView("t");
        session.sql("CREATE TEMP VIEW above AS SELECT * FROM t WHERE id > 7");
        session.sql("CACHE TABLE t");
        assertEquals(10, calls.get());
        assertEquals(2, session.sql("SELECT twice FROM above").collectAsList().size());
        assertEquals(2, session.table("above").collectAsList().size());
        assertEquals(10, calls.get());
        assertTrue(session.catalog().isCached("t"));
        session.sql("SELECT sum(twice) FROM t WHERE twice > 3").collectAsList();
        assertEquals(10, calls.get());
        session.sql("REFRESH TABLE t");
        assertEquals(10, session.table("t").select("twice").collectAsList().size());
        assertEquals(20, calls.get());

        session.sql("UNCACHE TABLE t");
        assertFalse(session.catalog().isCached("t"));
        session.sql("UNCACHE TABLE IF EXISTS nothing");
        session.sql("CACHE LAZY TABLE u AS SELECT twice FROM t");
        assertEquals(20, calls.get());
        session.table("u").collectAsList();
        session.table("u").collectAsList();
        assertEquals(30, calls.get());
        session.sql("CLEAR CACHE");
        assertFalse(session.catalog().isCached("u"));
        assertEquals(0, memory());
    }

    @Test
    void tablesOfSqlAreReadAnewAfterTheyHaveChanged(@TempDir Path directory) {
        session.conf().set("spark.sql.warehouse.dir", directory.toString());
        session.sql("CREATE TABLE items USING parquet AS SELECT id FROM range(3)");
        session.catalog().cacheTable("items");
        assertTrue(session.catalog().isCached("ITEMS"));
        assertEquals(3, session.table("items").count());
        session.range(10, 12)
                .write()
                .mode("append")
                .parquet(directory.resolve("items").toString());
        assertEquals(3, session.sql("SELECT id FROM items").collectAsList().size());

        session.catalog().refreshTable("items");
        assertEquals(5, session.sql("SELECT id FROM items").collectAsList().size());
        session.sql("INSERT INTO items VALUES (99L)");
        assertEquals(6, session.sql("SELECT id FROM items").collectAsList().size());
        assertTrue(session.catalog().isCached("items"));
        session.catalog().uncacheTable("items");
        assertFalse(session.catalog().isCached("items"));
        session.sql("DROP TABLE items");
        assertThrows(QueryException.class, () -> session.catalog().cacheTable("items"));
    }
}
