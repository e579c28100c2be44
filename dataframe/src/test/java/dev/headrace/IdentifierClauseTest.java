package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `IDENTIFIER(…)`: names that are texts.
class IdentifierClauseTest {
    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void tables() {
        session.sql("CREATE TEMP VIEW t AS SELECT * FROM VALUES (-1, 2) AS t(c1, `c 1`)");
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private static String row(DataFrame frame) {
        List<Row> rows = frame.collectAsList();
        assertEquals(1, rows.size());
        return rows.getFirst().toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT IDENTIFIER('c1') FROM t => [-1]",
                "SELECT IDENTIFIER('t.c1') FROM t => [-1]",
                "SELECT IDENTIFIER('`t`.c1') FROM t => [-1]",
                "SELECT IDENTIFIER('`c 1`') FROM t => [2]",
                "SELECT IDENTIFIER('c' || '1') FROM t => [-1]",
                "SELECT IDENTIFIER('t').c1 FROM t => [-1]",
                "SELECT IDENTIFIER('t').* FROM t => [-1,2]",
                "SELECT named_struct('a', 1).IDENTIFIER('a') => [1]",
                "SELECT map('a', 1).IDENTIFIER('a') => [1]",
                "SELECT a.c1 FROM t a JOIN t b USING (IDENTIFIER('c1')) => [-1]",
                "SELECT IDENTIFIER('COAL' || 'ESCE')(NULL, 1) => [1]",
                "SELECT IDENTIFIER('abs')(c1) FROM t => [1]",
                "SELECT IDENTIFIER('max')(IDENTIFIER('c1')) FROM IDENTIFIER(concat('', 't')) => [-1]",
                "SELECT * FROM IDENTIFIER('ra' || 'nge')(0, 1) => [0]",
                "SELECT * FROM IDENTIFIER('explode')(array(7)) => [7]",
                "SELECT * FROM IDENTIFIER('t') => [-1,2]",
                "SELECT * FROM IDENTIFIER('default.t') => [-1,2]",
                "SELECT * FROM IDENTIFIER('default').t => [-1,2]",
                "SELECT * FROM default.IDENTIFIER('t') => [-1,2]",
                "TABLE IDENTIFIER('t') => [-1,2]",
                "WITH v AS (SELECT 3) SELECT * FROM IDENTIFIER('V') => [3]",
                "WITH IDENTIFIER('v')(IDENTIFIER('x')) AS (VALUES (1)) SELECT x FROM v => [1]",
                "SELECT row_number() OVER IDENTIFIER('w') FROM t WINDOW w AS (ORDER BY c1) => [1]",
                "SELECT 1 AS IDENTIFIER('x') => [1]",
            })
    void aNameMayBeAText(String example) {
        int arrow = example.indexOf(" => ");
        assertEquals(example.substring(arrow + 4), row(session.sql(example.substring(0, arrow))));
    }

    @Test
    void aNameMayBeAParameterOrAVariable() {
        assertEquals(
                "[1]",
                row(session.sql(
                        "SELECT IDENTIFIER(:f)(IDENTIFIER(:t || '.c1')) FROM IDENTIFIER(:t)",
                        Map.of("f", "abs", "t", "t"))));
        assertEquals(
                "[-1,5]",
                row(session.sql(
                        "SELECT IDENTIFIER(?), ? FROM IDENTIFIER(?) WHERE IDENTIFIER(?)(c1) = ?",
                        "c1",
                        5,
                        "t",
                        "abs",
                        1)));
        session.sql("DECLARE name = 'c1'");
        assertEquals("[-1]", row(session.sql("SELECT IDENTIFIER(name) FROM t")));
        assertEquals("[-1]", row(session.table("t").selectExpr("IDENTIFIER(name)")));
    }

    @Test
    void parametersWithoutNamesAreCountedAsTheyStandInTheText() {
        assertEquals(
                "[1,2,3]",
                row(session.sql("SELECT ? AS a, c, ? AS b FROM (SELECT ? AS c) WHERE c < ? LIMIT ?", 1, 3, 2, 10, 1)));
    }

    @Test
    void statementsTakeThem(@TempDir Path warehouse) {
        session.conf().set("spark.sql.warehouse.dir", warehouse.toString());
        session.sql(
                "CREATE TABLE IDENTIFIER('ta' || 'b')(IDENTIFIER('c1') INT, p INT) USING parquet PARTITIONED BY (p)");
        session.sql("INSERT INTO IDENTIFIER('tab') (IDENTIFIER('c1'), p) VALUES (1, 2)");
        assertEquals("[1,2]", row(session.sql("SELECT * FROM tab")));
        assertEquals(
                List.of("c1", "p", "# Partition Information", "# col_name", "p"),
                session.sql("DESCRIBE IDENTIFIER('tab')").collectAsList().stream()
                        .map(described -> described.getString(0))
                        .toList());
        session.sql("CREATE VIEW IDENTIFIER('v' || '1') AS SELECT * FROM IDENTIFIER('tab')");
        assertEquals("[1,2]", row(session.sql("SELECT * FROM v1")));
        session.sql("DROP VIEW IDENTIFIER('v1')");
        session.sql("DROP TABLE IDENTIFIER('tab')");
        assertEquals(List.of(), session.sql("SHOW TABLES LIKE 'tab'").collectAsList());
    }

    @Test
    void whatIsNoNameIsRefused() {
        assertFails("""
                        [PARSE_SYNTAX_ERROR] IDENTIFIER(…): 'c 1' is not a name. Write parts with dots between them, in backquotes if they are not letters, digits and _ alone.
                        == SQL, line 1, column 19 ==
                        SELECT IDENTIFIER('c 1') FROM t
                                          ^^^^^""", () -> session.sql("SELECT IDENTIFIER('c 1') FROM t"));
        assertFails("""
                        [NOT_A_CONSTANT_STRING.WRONG_TYPE] IDENTIFIER(…): 1 is of type int. Give a name as a text of constants, parameters (:name) and variables.
                        == SQL, line 1, column 26 ==
                        SELECT * FROM IDENTIFIER(1)
                                                 ^""", () -> session.sql("SELECT * FROM IDENTIFIER(1)"));
        assertFails("""
                        [NOT_A_CONSTANT_STRING.NOT_CONSTANT] IDENTIFIER(…): c1 has to be known when the statement is read. Give a name as a text of constants, parameters (:name) and variables.
                        == SQL, line 1, column 19 ==
                        SELECT IDENTIFIER(c1) FROM t
                                          ^^""", () -> session.sql("SELECT IDENTIFIER(c1) FROM t"));
        assertFails("""
                        [NOT_A_CONSTANT_STRING.NULL] IDENTIFIER(…): CAST(NULL AS STRING) is null. Give a name as a text of constants, parameters (:name) and variables.
                        == SQL, line 1, column 19 ==
                        VALUES(IDENTIFIER(CAST(NULL AS STRING)))
                                          ^^^^^^^^^^^^^^^^^^^^""", () -> session.sql("VALUES(IDENTIFIER(CAST(NULL AS STRING)))"));
        assertFails("""
                        [IDENTIFIER_TOO_MANY_NAME_PARTS] 'a.b' has 2 parts, but here stands a name of one. Put backquotes around it if the dot is a part of it.
                        == SQL, line 1, column 13 ==
                        SELECT 1 AS IDENTIFIER('a.b')
                                    ^^^^^^^^^^^^^^^^^""", () -> session.sql("SELECT 1 AS IDENTIFIER('a.b')"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VALUES (IDENTIFIER(substr('HELLO', 1, CAST(rand() AS INT) + 1)))",
                "SELECT * FROM IDENTIFIER((SELECT 't'))",
                "SELECT * FROM IDENTIFIER(max('t'))",
                "SELECT * FROM IDENTIFIER(date_format(current_date(), 'yyyy'))",
            })
    void whatIsNotConstantIsRefused(String query) {
        assertEquals(
                "NOT_A_CONSTANT_STRING.NOT_CONSTANT",
                assertThrows(HeadraceException.class, () -> session.sql(query)).code());
    }
}
