package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.SessionSettings;
import dev.headrace.errors.ResourceException;
import dev.headrace.exec.BatchQuery;
import dev.headrace.exec.SessionRuntime;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.rules.Optimizer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A query that fails tells why, and gives back its memory, wherever it fails.
class FailedQueriesTest {
    @TempDir
    Path directory;

    private final Session session = Session.builder().master("local[1]").create();

    /// Lets one allocation fail.
    private static final class Exhaustion implements AllocationListener {
        private long before = Long.MAX_VALUE;

        @Override
        public void onPreAllocation(long bytes) {
            if (before-- == 0) {
                throw new OutOfMemoryException("there is no more");
            }
        }
    }

    @BeforeEach
    void tables() {
        session.sql("CREATE TEMP VIEW t AS SELECT id, id % 7 AS k, concat('text ', id % 11) AS s,"
                + " nullif(id % 5, 0) AS v, array(id, id + 1) AS a FROM range(0, 90, 1, 3)");
        session.sql("CREATE TEMP VIEW u AS SELECT id, id % 9 AS k, concat('text ', id % 13) AS s,"
                + " timestamp_micros(id * 1000000) AS at FROM range(0, 80, 1, 2)");
    }

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT t.id, u.id FROM t JOIN u ON t.s = u.s AND t.k = u.k",
                "SELECT t.id, u.id FROM t JOIN u ON t.s = u.s AND t.id + u.id < 300",
                "SELECT t.id, u.id, t.s, u.s FROM t FULL JOIN u ON t.id = u.id + 30 AND t.s = u.s",
                "SELECT t.id, t.a, u.s FROM t LEFT JOIN u ON t.id = u.id * 2",
                "SELECT id FROM t WHERE s NOT IN (SELECT s FROM u WHERE k = 3)",
                "SELECT id FROM t LEFT SEMI JOIN u ON t.s = u.s AND t.id > u.id",
                "SELECT t.id, u.id FROM t CROSS JOIN u WHERE t.id < 20 AND u.id < 20",
                "SELECT t.id, u.id FROM t ASOF LEFT JOIN u ON t.s = u.s AND t.id >= u.id",
                "SELECT t.id, u.id FROM t ASOF JOIN u ON t.id <= u.id",
                "SELECT s, k, count(*), sum(v), max(s), collect_list(v), avg(v) FROM t GROUP BY s, k",
                "SELECT k, count(DISTINCT s), sum(DISTINCT v), min(s) FROM t GROUP BY k",
                "SELECT count(*), sum(v), max(s) FROM t",
                "SELECT DISTINCT s, k FROM t",
                "SELECT k, sum(v) FILTER (WHERE s > 'text 3'), max_by(s, id) FILTER (WHERE v > 1), collect_set(s) FROM t"
                        + " GROUP BY k",
                "SELECT ntile(3) OVER (ORDER BY s), percent_rank() OVER (PARTITION BY k ORDER BY v),"
                        + " nth_value(s, 2) OVER (PARTITION BY k ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING),"
                        + " collect_list(s) OVER (ORDER BY id ROWS BETWEEN 70 PRECEDING AND CURRENT ROW),"
                        + " avg(v) OVER (ORDER BY id RANGE BETWEEN 70 PRECEDING AND 1 FOLLOWING) FROM t",
                "SELECT t.id, u.id, t.a FROM t RIGHT JOIN u ON t.s = u.s AND t.v > u.k",
                "SELECT s, upper(s), transform(a, x -> x + 1), named_struct('a', a, 's', s) FROM t WHERE s LIKE '%1%'",
                "SELECT k, avg(d), sum(d), stddev(v), avg(x), max_by(s, id), first(s), any_value(a), percentile(v, 0.5)"
                        + " FROM (SELECT *, CAST(v AS decimal(9, 2)) AS d, CAST(v AS double) AS x FROM t) GROUP BY k",
                "SELECT s, count(*) FROM t GROUP BY s INTERSECT ALL SELECT s, k FROM u",
                "SELECT * FROM t ORDER BY s DESC, id",
                "SELECT * FROM t ORDER BY v, s LIMIT 20",
                "SELECT id, sum(v) OVER (PARTITION BY k ORDER BY id), rank() OVER (PARTITION BY k ORDER BY s),"
                        + " lag(s) OVER (PARTITION BY k ORDER BY id),"
                        + " max(s) OVER (PARTITION BY k ORDER BY id ROWS BETWEEN 80 PRECEDING AND 3 FOLLOWING),"
                        + " last_value(v) IGNORE NULLS OVER (PARTITION BY k ORDER BY id) FROM t",
                "SELECT s, k FROM t UNION ALL SELECT s, count(*) FROM u GROUP BY s UNION ALL SELECT s, 1 FROM t",
                "SELECT id, e FROM t LATERAL VIEW explode(a) x AS e LIMIT 700",
                "SELECT s, sum(k) FROM t GROUP BY ROLLUP (s, v)",
            })
    void givesBackItsMemoryWhicheverAllocationFails(String sql) {
        assertGivesBack(session.sql(sql));
    }

    /// What fails while a function of the program reads rows is not the function's failure.
    @Test
    void functionsOfTheProgram() {
        Dataset<String> texts = session.sql("SELECT s FROM t").as(Encoders.STRING());
        KeyValueGroupedDataset<Integer, String> keyed = texts.groupByKey(String::length, Encoders.INT());
        assertGivesBack(keyed.flatMapGroups((_, all) -> all, Encoders.STRING()).toDF());
        assertGivesBack(keyed.cogroup(
                        session.sql("SELECT s FROM u")
                                .as(Encoders.STRING())
                                .groupByKey(text -> text.length() - 1, Encoders.INT()),
                        (_, left, right) -> {
                            try {
                                return List.of(left.next() + right.next()).iterator();
                            } catch (RuntimeException none) {
                                return List.of("none").iterator();
                            }
                        },
                        Encoders.STRING())
                .toDF());
        assertGivesBack(texts.groupByKey(text -> new Tags(Map.of(text, text)), Encoders.record(Tags.class))
                .count()
                .toDF());
    }

    public record Tags(Map<String, String> tags) {}

    private void assertGivesBack(DataFrame query) {
        LogicalPlan plan = Optimizer.optimize(query.resolved().plan(), ZoneOffset.UTC);
        // Where memory is short from the beginning, rows go to disk.
        for (long limit : new long[] {1L << 40, 1}) {
            long before = 0;
            while (fails(plan, before, limit)) {
                // The same is done again and again.
                before += 1 + before / 8;
            }
        }
    }

    @Test
    void sumOfDistinctValuesThatOverflows() {
        assertFails(
                "[ARITHMETIC_OVERFLOW] sum: the sum of a group is out of the range of bigint. Cast the argument to a"
                        + " decimal.",
                "SELECT sum(DISTINCT v), count(DISTINCT s), count(*) FROM (SELECT 9223372036854775800 + id AS v,"
                        + " concat('x', id) AS s FROM range(0, 8, 1, 2))");
    }

    /// What the branches before it have computed already is given back.
    @Test
    void aBranchOfAUnionThatFails() {
        assertFails(
                "[ARITHMETIC_OVERFLOW] sum: the sum of a group is out of the range of bigint. Cast the argument to a"
                        + " decimal.",
                "SELECT k, count(*) FROM t GROUP BY k UNION ALL (SELECT v, k FROM t ORDER BY 1 LIMIT 3) UNION ALL"
                        + " SELECT 1, sum(9223372036854775800 + id % 5) FROM t");
    }

    private void assertFails(String message, String sql) {
        Failures.assertFails(message, () -> session.sql(sql).collectAsList());
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    /// @param before how many allocations don't fail
    /// @return false if there were no more than those
    private boolean fails(LogicalPlan plan, long before, long limit) {
        Exhaustion exhaustion = new Exhaustion();
        String where = "limit " + limit + ", allocation " + before;
        try (SessionRuntime runtime = new SessionRuntime(
                new RootAllocator(exhaustion, Long.MAX_VALUE),
                limit,
                directory,
                new SessionSettings(ZoneOffset.UTC, 1),
                Clock.systemUTC(),
                Map.of())) {
            exhaustion.before = before;
            @Nullable ResourceException failure = null;
            try (ChunkReader reader = BatchQuery.plan(plan, runtime).run()) {
                for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                    chunk.close();
                }
            } catch (ResourceException failed) {
                assertEquals("OUT_OF_MEMORY", failed.code(), where);
                assertEquals(List.of(), List.of(failed.getSuppressed()), where);
                failure = failed;
            } catch (OutOfMemoryException ofReading) {
                failure = runtime.spill().outOfMemory(ofReading);
            }
            assertEquals(0, runtime.allocator().getAllocatedMemory(), where);
            assertEquals(0, runtime.spill().openFiles(), where);
            return failure != null;
        }
    }

    @Test
    void rowsThatMemoryIsTooShortForWhenTheyComeBackFromDiskSayIt() {
        try (Session small = Session.builder()
                .master("local[1]")
                .config("headrace.memory.limit", "32m")
                .config("headrace.spill.directory", directory.toString())
                .create()) {
            BufferAllocator memory = small.runtime().allocator();
            // Each piece needs more than the one before it has given back.
            Iterator<Row> rows = small.range(200_000)
                    .selectExpr("id", "repeat('x', CAST(id / 1000 AS INT)) AS s")
                    .toLocalIterator();
            assertTrue(small.runtime().spill().bytesWritten() > 0);
            List<BufferAllocator> taken = new ArrayList<>();

            ResourceException failed = assertThrows(ResourceException.class, () -> {
                for (long row = 0; rows.hasNext(); row++) {
                    assertEquals(row, rows.next().getLong(0));
                    if (memory.getHeadroom() > 0) {
                        taken.add(memory.newChildAllocator("taken", memory.getHeadroom(), Long.MAX_VALUE));
                    }
                }
            });

            assertEquals("OUT_OF_MEMORY", failed.code());
            taken.forEach(BufferAllocator::close);
        }
    }
}
