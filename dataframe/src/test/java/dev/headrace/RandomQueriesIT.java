package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random queries give the rows that DuckDB gives: interpreted and compiled, optimized and not. A failure prints its
/// seed and its query; `-Drandom.queries.seeds=N` looks at N further seeds.
class RandomQueriesIT {
    private static final int TABLES = 3;
    private static final int QUERIES = 30;

    /// Those that have found mistakes stay.
    private static final long[] FOUND = {};

    static LongStream seeds() {
        long further = Long.getLong("random.queries.seeds", 0);
        return LongStream.concat(LongStream.of(FOUND), LongStream.rangeClosed(1, 8 + further));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesWhatDuckDbGives(long seed) throws SQLException {
        RandomQueries queries = new RandomQueries(new Random(seed));
        try (Session session = Session.builder().master("local[2]").create();
                Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement duckdb = connection.createStatement()) {
            for (int i = 0; i < TABLES; i++) {
                String view = "t" + i + " AS " + queries.table("t" + i);
                session.sql("CREATE TEMP VIEW " + view);
                duckdb.execute("CREATE TABLE " + view);
            }
            List<Executable> checks = new ArrayList<>();
            for (int i = 0; i < QUERIES; i++) {
                String query = queries.query();
                String name = "seed " + seed + ", query " + i + ": " + query;
                checks.add(() -> compare(session, duckdb, query, name));
            }
            assertAll(checks);
        }
    }

    private static void compare(Session session, Statement duckdb, String query, String name) throws SQLException {
        List<String> expected = of(duckdb, query);
        try {
            assertEquals(expected, of(session, query), name);
        } catch (RuntimeException failed) {
            throw new AssertionError(name, failed);
        }
        LogicalPlan plan = session.sql(query).resolved().plan();
        LogicalPlan optimized = Optimizer.optimize(plan, ZoneOffset.UTC);
        List<String> interpreted = cells(session, optimized, new Preparation());
        assertEquals(interpreted, cells(session, optimized, Preparation.compiled()), "compiled: " + name);
        assertEquals(interpreted, cells(session, plan, new Preparation()), "not optimized: " + name);
    }

    private static List<String> cells(Session session, LogicalPlan plan, Preparation preparation) {
        PhysicalPlan physical = BatchQuery.plan(plan, session.runtime()).physicalPlan();
        List<String> rows = new ArrayList<>();
        try (BufferAllocator memory = session.runtime().allocator().newChildAllocator("test", 0, Long.MAX_VALUE);
                preparation) {
            RunContext run = new RunContext(
                    memory,
                    session.runtime().spill(),
                    session.runtime().tasks(),
                    new EvalContext(ZoneOffset.UTC, 0, 0),
                    List.of(),
                    new RunContext.Counters(),
                    new RunProfile(),
                    new Cancellation());
            for (Chunk chunk :
                    ChunkCollector.collect(preparation.prepareQuery(physical).open(run), run)) {
                for (int row = 0; row < chunk.rowCount(); row++) {
                    rows.add(Execution.cells(chunk, row).toString());
                }
                chunk.close();
            }
        }
        rows.sort(null);
        return rows;
    }

    private static List<String> of(Statement duckdb, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet result = duckdb.executeQuery(query)) {
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    values.add(text(result.getObject(i)));
                }
                rows.add(String.join(", ", values));
            }
        }
        rows.sort(null);
        return rows;
    }

    private static List<String> of(Session session, String query) {
        List<String> rows = new ArrayList<>();
        for (Row row : session.sql(query).collectAsList()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length(); i++) {
                values.add(text(row.get(i)));
            }
            rows.add(String.join(", ", values));
        }
        rows.sort(null);
        return rows;
    }

    private static String text(@Nullable Object value) {
        return value instanceof Number number
                ? String.format(Locale.ROOT, "%.6f", number.doubleValue()).replaceFirst("^-(0\\.0+)$", "$1")
                : value instanceof String string ? "'" + string + "'" : String.valueOf(value);
    }
}
