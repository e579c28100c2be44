package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.headrace.api.java.UDF1;
import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Chunk;
import dev.headrace.exec.BatchQuery;
import dev.headrace.exec.ChunkCollector;
import dev.headrace.exec.PhysicalPlan;
import dev.headrace.exec.Preparation;
import dev.headrace.exec.RunContext;
import dev.headrace.exec.RunProfile;
import dev.headrace.function.EvalContext;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.rules.Optimizer;
import dev.headrace.types.DataTypes;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Errors that come while a query runs show where in the text of the query the expression stands that failed. More of
/// them are in `errors.txt`.
class PlacesOfErrorsTest {
    private static final String BY_ZERO =
            "[DIVIDE_BY_ZERO] 1.0 / 0: division by zero. Use try_divide to get NULL instead.";

    @AutoClose
    private final Session session = Session.builder().master("local[1]").create();

    @BeforeEach
    void table() {
        session.sql("CREATE TEMP VIEW t AS SELECT id, id % 3 AS k, concat('n', id) AS s FROM range(20)");
    }

    @Test
    void textsOfConditionsAndColumnsShowThem() {
        DataFrame t = session.table("t");
        assertFails(BY_ZERO + """

                == SQL, line 1, column 12 ==
                id > 4 AND 1 / (id - 7) > 0
                           ^^^^^^^^^^^^""", () -> t.filter("id > 4 AND 1 / (id - 7) > 0").collectAsList());
        assertFails(BY_ZERO + """

                == SQL, line 1, column 5 ==
                k + 1 / id AS q
                    ^^^^^^""", () -> t.selectExpr("id", "k + 1 / id AS q").collectAsList());
    }

    @Test
    void compiledLoopsShowThem() {
        assertFailsCompiled(BY_ZERO + """

                == SQL, line 2, column 7 ==
                 id + 1 / (k - 2) AS q FROM t
                      ^^^^^^^^^^^""", "SELECT s,\n id + 1 / (k - 2) AS q FROM t");
        assertFailsCompiled(BY_ZERO + """

                == SQL, line 1, column 38 ==
                SELECT id FROM t WHERE s <> 'n2' AND 1 / (k - 2) > 0
                                                     ^^^^^^^^^^^""", "SELECT id FROM t WHERE s <> 'n2' AND 1 / (k - 2) > 0");
    }

    @Test
    void whatIsDrawnIsNotAskedForAgain() {
        assertFailsCompiled(
                "[USER_RAISED_EXCEPTION] no",
                "SELECT CASE WHEN rand() >= 0 THEN raise_error('no') ELSE id END AS x FROM t");
    }

    @Test
    void functionsOfTheProgramAreNotCalledAgain() {
        AtomicInteger calls = new AtomicInteger();
        session.udf()
                .register(
                        "seen",
                        (UDF1<Long, Long>) id -> {
                            calls.incrementAndGet();
                            return id;
                        },
                        DataTypes.LongType);
        assertFailsCompiled(BY_ZERO, "SELECT 1 / (seen(id) - 5) AS q FROM t");
        assertEquals(6, calls.get());
    }

    @Test
    void whatTriesFailsNowhere() {
        assertEquals(
                Arrays.asList((Double) null),
                session.sql("SELECT try_divide(1, id) AS q FROM t WHERE id = 0").collectAsList().stream()
                        .map(row -> row.<Double>getAs("q"))
                        .toList());
    }

    @Test
    void methodsHaveNoText() {
        assertFails(
                BY_ZERO,
                () -> session.table("t").select(lit(1).divide(col("id"))).collectAsList());
    }

    /// What stands twice is computed once, wherever it stands.
    @Test
    void plansAreTheSameWhereverTheirTextStands() {
        LogicalPlan plan = optimized("SELECT 1 / (id - 5) AS a FROM t");
        assertEquals(plan, optimized("SELECT\n1/(id-5)   AS a FROM t"));
        assertEquals(
                plan.hashCode(), optimized("SELECT\n1/(id-5)   AS a FROM t").hashCode());
        assertFalse(plan.toString().contains("=="), plan.toString());
    }

    private LogicalPlan optimized(String sql) {
        return Optimizer.optimize(session.sql(sql).resolved().plan(), ZoneOffset.UTC);
    }

    private void assertFailsCompiled(String message, String sql) {
        PhysicalPlan physical =
                BatchQuery.plan(optimized(sql), session.runtime()).physicalPlan();
        try (BufferAllocator memory = session.runtime().allocator().newChildAllocator("test", 0, Long.MAX_VALUE);
                Preparation preparation = Preparation.compiled()) {
            RunContext run = new RunContext(
                    memory,
                    session.runtime().spill(),
                    session.runtime().tasks(),
                    new EvalContext(ZoneOffset.UTC, 0, 0),
                    List.of(),
                    new RunContext.Counters(),
                    new RunProfile(),
                    new Cancellation());
            assertFails(
                    message,
                    () -> ChunkCollector.collect(
                                    preparation.prepareQuery(physical).open(run), run)
                            .forEach(Chunk::close));
        }
    }
}
