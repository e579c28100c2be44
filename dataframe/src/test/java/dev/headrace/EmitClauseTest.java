package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.plan.LogicalPlan;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// EMIT behind GROUP BY.
class EmitClauseTest {
    private Session session;

    @BeforeEach
    void open() {
        session = Session.builder().master("local[1]").create();
        session.range(6).selectExpr("id", "id % 2 AS emit").createOrReplaceTempView("numbers");
    }

    @AfterEach
    void close() {
        session.close();
    }

    private List<String> firings(String sql) {
        return aggregates(Frames.plan(session.sql(sql)))
                .map(aggregate -> aggregate.firing().map(Object::toString).orElse("-"))
                .toList();
    }

    private static Stream<LogicalPlan.Aggregate> aggregates(LogicalPlan plan) {
        return Stream.concat(
                plan instanceof LogicalPlan.Aggregate aggregate ? Stream.of(aggregate) : Stream.empty(),
                plan.inputs().stream().flatMap(EmitClauseTest::aggregates));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "EMIT AT WATERMARK | at the watermark",
                "emit at watermark early every '10 seconds' | at the watermark, early every 10 seconds, accumulating",
                "EMIT EARLY EVERY 1000 ROWS OR 5 MINUTES | at the watermark, early every 5 minutes or 1000 rows, accumulating",
                "EMIT EVERY 1 ROW RETRACTING | at the watermark, early every 1 row, retracting",
                "EMIT LATE WITHIN '1 hour' DISCARDING | at the watermark, late within 1 hour, discarding",
                "EMIT AT WATERMARK EARLY EVERY 2 ROWS LATE WITHIN 1 HOUR ACCUMULATING HAVING count(*) > 1"
                        + " | at the watermark, early every 2 rows, late within 1 hour, accumulating"
            })
    void saysWhat(String clause, String firing) {
        assertEquals(List.of(firing), firings("SELECT emit, count(*) FROM numbers GROUP BY emit " + clause));
    }

    @Test
    void isAboutTheGroupingThatItStandsBehind() {
        assertEquals(
                List.of("-", "at the watermark"),
                firings(
                        "SELECT n, count(*) FROM (SELECT emit, count(*) AS n FROM numbers GROUP BY emit EMIT AT WATERMARK)"
                                + " GROUP BY n"));
    }

    @Test
    void isANameElsewhere() {
        assertEquals(
                6,
                session.sql("SELECT emit AS at FROM numbers emit ORDER BY emit").count());
        assertEquals(List.of("-"), firings("SELECT emit, count(*) FROM numbers GROUP BY emit"));
    }

    @Test
    void batchQueriesGiveTheFinalResults() {
        assertEquals(
                2,
                session.sql("SELECT emit, count(*) FROM numbers GROUP BY ALL EMIT EVERY 1 ROW")
                        .count());
    }

    @Test
    void whatIsNotUnderstoodIsRefused() {
        QueryException pace = assertThrows(
                QueryException.class,
                () -> session.sql("SELECT emit, count(*) FROM numbers GROUP BY emit EMIT EARLY EVERY ROWS"));
        assertEquals("PARSE_SYNTAX_ERROR", pace.code());
        assertTrue(
                pace.getMessage()
                        .contains(
                                "Syntax error at or near 'ROWS' in EMIT. Expected: an interval such as '10 seconds', or a"
                                        + " number of rows such as 1000 ROWS."),
                pace.getMessage());
        QueryException elsewhere = assertThrows(
                QueryException.class, () -> session.sql("SELECT count(*) FROM numbers WHERE id > 1 EMIT AT WATERMARK"));
        assertEquals("PARSE_SYNTAX_ERROR", elsewhere.code());
        QueryException cube = assertThrows(
                QueryException.class,
                () -> session.sql("SELECT emit, count(*) FROM numbers GROUP BY CUBE(emit) EMIT AT WATERMARK"));
        assertTrue(cube.getMessage().contains("EMIT is not for ROLLUP, CUBE and GROUPING SETS"), cube.getMessage());
    }
}
