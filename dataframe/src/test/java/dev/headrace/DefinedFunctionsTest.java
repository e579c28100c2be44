package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.HeadraceException;
import dev.headrace.types.DataTypes;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Functions that SQL defines, as Spark's `CREATE TEMPORARY FUNCTION … RETURN` has them.
class DefinedFunctionsTest extends SqlSession {
    @BeforeEach
    void views() {
        run("CREATE TEMP VIEW t AS SELECT * FROM VALUES (1, 'a', array(1, 2)), (2, 'b', array(3)) AS t(id, x, list)");
    }

    @Test
    void theBodyTakesThePlaceOfACall() {
        run("CREATE TEMPORARY FUNCTION plus1(x INT) RETURNS INT RETURN x + 1");
        assertEquals("[42]", row("SELECT plus1(41)"));
        assertEquals(List.of("[2,3]", "[3,4]"), rows("SELECT PLUS1(id), plus1(plus1(id)) FROM t ORDER BY 1"));
        assertEquals("[3]", row("SELECT t.id + 1 FROM t WHERE plus1(t.id) = 3"));
        assertEquals("[3]", row("SELECT plus1(CAST(count(*) AS INT)) FROM t"));
        assertEquals("[4]", row("SELECT sum(plus1(id)) - 1 FROM t"));
    }

    @Test
    void namesInTheBodyMeanParametersAndNothingOfTheQueryAround() {
        // The argument is a column called as a parameter, and as the variable of a lambda in the body.
        run(
                "CREATE TEMPORARY FUNCTION scaled(a ARRAY<INT>, x INT) RETURNS ARRAY<INT> RETURN transform(a, id -> id * x)");
        assertEquals(List.of("[[1, 2]]", "[[6]]"), rows("SELECT scaled(list, id) FROM t ORDER BY id"));
        assertEquals(
                List.of("[[[1, 2], [2, 4]]]", "[[[9]]]"),
                rows("SELECT transform(list, id -> scaled(list, id)) FROM t ORDER BY id"));
        assertEquals("UNRESOLVED_COLUMN", code("CREATE TEMPORARY FUNCTION bad(a INT) RETURN a + id"));
        run("CREATE TEMPORARY FUNCTION own(x INT) RETURN own.x + 1");
        assertEquals("[8]", row("SELECT own(7)"));
    }

    @Test
    void groupsCanBeMadeOfCalls() {
        run("CREATE TEMPORARY FUNCTION odd(n INT) RETURNS BOOLEAN RETURN n % 2 = 1");
        assertEquals(
                List.of("[false,1]", "[true,2]"),
                rows("SELECT odd(n), count(*) FROM VALUES (1), (2), (3) AS v(n) GROUP BY odd(n) ORDER BY 1"));
    }

    @Test
    void parametersHaveDefaultsAndNames() {
        run("CREATE OR REPLACE TEMPORARY FUNCTION area(w DOUBLE COMMENT 'width', h DOUBLE DEFAULT 2.0)"
                + " RETURNS DOUBLE COMMENT 'w by h' DETERMINISTIC CONTAINS SQL RETURN w * h");
        assertEquals("[6.0,12.0,5.0,4.0]", row("SELECT area(3), area(3, 4), area(h => 5, w => 1), area(w => 2)"));
        assertEquals("WRONG_NUM_ARGS", code("SELECT area()"));
        assertEquals("REQUIRED_PARAMETER_NOT_FOUND", code("SELECT area(h => 1)"));
        assertEquals("UNRECOGNIZED_PARAMETER_NAME", code("SELECT area(1, d => 1)"));
        assertEquals(
                List.of(
                        "[Function: area]",
                        "[Usage: area(w double, h double) → double]",
                        "[Body: w * h]",
                        "[Description: w by h]"),
                rows("DESCRIBE FUNCTION area"));
        assertEquals(List.of("[area]"), rows("SHOW USER FUNCTIONS"));
    }

    @Test
    void argumentsAndTheResultAreCast() {
        run("CREATE TEMPORARY FUNCTION half(n INT) RETURNS DECIMAL(5,1) RETURN n / 2");
        assertEquals("[2.5,decimal(5,1)]", row("SELECT half('5'), typeof(half(5))"));
        assertEquals("CAST_INVALID_INPUT", code("SELECT half('five')"));
        run("CREATE TEMPORARY FUNCTION greeting(name STRING) RETURN concat('Hello ', name)");
        assertEquals("[Hello Ann,string]", row("SELECT greeting('Ann'), typeof(greeting('Ann'))"));
        assertEquals("[null]", row("SELECT greeting(NULL)"));
        run("CREATE TEMPORARY FUNCTION answer() RETURNS INT RETURN SELECT 42");
        assertEquals("[42]", row("SELECT answer()"));
    }

    @Test
    void aFunctionSeesTheNewestOfAnotherOneAndOfAVariable() {
        run("DECLARE VARIABLE rate DOUBLE DEFAULT 0.5", "CREATE TEMPORARY FUNCTION tax(n DOUBLE) RETURN n * rate");
        run("CREATE TEMPORARY FUNCTION gross(n DOUBLE) RETURN n + tax(n)");
        assertEquals("[15.0]", row("SELECT gross(10)"));
        run("SET VARIABLE rate = 1.0");
        assertEquals("[20.0]", row("SELECT gross(10)"));
        run("CREATE OR REPLACE TEMPORARY FUNCTION tax(n DOUBLE) RETURN 1.0D");
        assertEquals("[11.0]", row("SELECT gross(10)"));
        run("DROP TEMPORARY FUNCTION tax");
        assertEquals("UNRESOLVED_ROUTINE", code("SELECT gross(10)"));
        assertEquals("ROUTINE_NOT_FOUND", code("DROP TEMPORARY FUNCTION tax"));
        run("DROP TEMPORARY FUNCTION IF EXISTS tax");
    }

    @Test
    void anArgumentThatChangesIsUsedOnce() {
        run(
                "CREATE TEMPORARY FUNCTION once(x DOUBLE) RETURN x * 0",
                "CREATE TEMPORARY FUNCTION twice(x DOUBLE) RETURN x - x");
        assertEquals("[0.0]", row("SELECT once(rand())"));
        assertFails("""
                [UNSUPPORTED_SQL] 'twice' uses its parameter 'x' several times, and the argument is something else each \
                time. Compute it as a column of a subquery in FROM, and pass that.
                == SQL, line 1, column 8 ==
                SELECT twice(rand())
                       ^^^^^^^^^^^^^""", () -> session.sql("SELECT twice(rand())"));
        assertEquals("[0.0]", row("SELECT twice(r) FROM (SELECT rand() AS r)"));
    }

    @Test
    void ofTheFunctionsOfOneNameTheLastOneCounts() {
        run("CREATE TEMPORARY FUNCTION f(x INT) RETURN x + 1");
        session.udf().register("f", (dev.headrace.api.java.UDF1<Integer, Integer>) x -> x + 10, DataTypes.IntegerType);
        assertEquals("[11]", row("SELECT f(1)"));
        assertEquals("ROUTINE_ALREADY_EXISTS", code("CREATE TEMPORARY FUNCTION f(x INT) RETURN x"));
        run("CREATE OR REPLACE TEMPORARY FUNCTION f(x INT) RETURN x + 2");
        assertEquals("[3]", row("SELECT f(1)"));
        assertTrue(session.catalog().functionExists("f"));
        Session other = session.newSession();
        assertThrows(HeadraceException.class, () -> other.sql("SELECT f(1)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE OR REPLACE FUNCTION IF NOT EXISTS f(x INT) RETURN x | INVALID_SQL_SYNTAX.CREATE_ROUTINE_WITH_IF_NOT_EXISTS_AND_REPLACE",
                "CREATE TEMPORARY FUNCTION IF NOT EXISTS f(x INT) RETURN x | INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_IF_NOT_EXISTS",
                "CREATE TEMPORARY FUNCTION a.f(x INT) RETURN x | INVALID_SQL_SYNTAX.CREATE_TEMP_FUNC_WITH_DATABASE",
                "CREATE TEMPORARY FUNCTION f(x INT, X STRING) RETURN x | DUPLICATE_ROUTINE_PARAMETER_NAMES",
                "CREATE TEMPORARY FUNCTION f(x INT DEFAULT 1, y INT) RETURN x | USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION",
                "CREATE TEMPORARY FUNCTION f(x INT DEFAULT array(1)) RETURN x | DATATYPE_MISMATCH",
                "CREATE TEMPORARY FUNCTION f(x INT NOT NULL) RETURN x | UNSUPPORTED_SQL",
                "CREATE TEMPORARY FUNCTION f(x INT) RETURNS ARRAY<INT> RETURN x | DATATYPE_MISMATCH",
                "CREATE TEMPORARY FUNCTION f(x INT) RETURN sum(x) | MISPLACED_AGGREGATE",
                "CREATE TEMPORARY FUNCTION f(x INT) RETURN row_number() OVER (ORDER BY x) | MISPLACED_WINDOW_FUNCTION",
                "CREATE TEMPORARY FUNCTION f(x INT) RETURN (SELECT max(id) FROM t WHERE id > x) | UNSUPPORTED_SQL",
                "CREATE TEMPORARY FUNCTION f(x INT) RETURN struct(*) | INVALID_STAR",
                "CREATE TEMPORARY FUNCTION f(x INT) RETURN nosuch(x) | UNRESOLVED_ROUTINE",
                "CREATE TEMPORARY FUNCTION upper(x STRING) RETURN x | ROUTINE_ALREADY_EXISTS",
                "CREATE TEMPORARY FUNCTION f(x INT) RETURNS TABLE (y INT) RETURN SELECT x | UNSUPPORTED_SQL",
                "CREATE TEMPORARY FUNCTION f AS 'com.example.F' | UNSUPPORTED_SQL",
                "DROP FUNCTION f | ROUTINE_NOT_FOUND",
            })
    void whatIsNoFunctionIsRefused(String statement, String code) {
        assertEquals(code, code(statement));
    }

    @Test
    void aFunctionCannotCallItself() {
        run("CREATE TEMPORARY FUNCTION f(x INT) RETURN x", "CREATE TEMPORARY FUNCTION g(x INT) RETURN f(x)");
        assertEquals("UNSUPPORTED_SQL", code("CREATE OR REPLACE TEMPORARY FUNCTION f(x INT) RETURN f(x) + 1"));
        assertEquals("UNSUPPORTED_SQL", code("CREATE OR REPLACE TEMPORARY FUNCTION f(x INT) RETURN g(x) + 1"));
        assertEquals("[1]", row("SELECT g(1)"));
    }

    @Test
    void errorsShowTheirPlace() {
        assertFails(
                """
                [UNRESOLVED_COLUMN] 'prize' is not a parameter of net(price). Did you mean 'price'?
                == SQL, line 2, column 8 ==
                RETURN prize / 1.19
                       ^^^^^""",
                () -> session.sql("CREATE TEMPORARY FUNCTION net(price DOUBLE) RETURNS DOUBLE\nRETURN prize / 1.19"));
        run("CREATE TEMPORARY FUNCTION net(price DOUBLE) RETURNS DOUBLE RETURN price / 1.19");
        assertFails("""
                [WRONG_NUM_ARGS] 'net' was called with 2 arguments. Expected: net(price double) → double.
                == SQL, line 1, column 8 ==
                SELECT net(1, 2)
                       ^^^^^^^^^""", () -> session.sql("SELECT net(1, 2)"));
    }
}
