package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Variables of a session, as Spark's `sql-session-variables.sql` and `execute-immediate.sql` show them.
class VariablesTest extends SqlSession {
    @Test
    void columnsComeBeforeVariablesEvenIfTheyWereNotSelected() {
        run("DECLARE b INT = 7", "DECLARE c INT = 7");
        DataFrame selected =
                session.sql("SELECT * FROM VALUES (1, 2), (3, 7) AS t(a, b)").select("a");
        assertEquals("[3]", selected.filter("b = c").first().toString());
        assertEquals("[3]", selected.sort(functions.col("b").desc()).first().toString());
    }

    // ---- DECLARE

    @Test
    void aVariableIsItsDefaultUntilItIsSet() {
        run("DECLARE VARIABLE x INT DEFAULT 5");
        assertEquals("[5]", row("SELECT x"));
        run("SET VARIABLE x = 6");
        assertEquals("[6]", row("SELECT x"));
        run("SET VAR x = DEFAULT");
        assertEquals("[5]", row("SELECT x"));
        run("DROP TEMPORARY VARIABLE x");
        assertEquals("UNRESOLVED_COLUMN", code("SELECT x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DECLARE v INT | int | null",
                "DECLARE VARIABLE v DOUBLE | double | null",
                "DECLARE VAR v = 'Hello' | string | Hello",
                "DECLARE v DEFAULT NULL | void | null",
                "DECLARE v SMALLINT = 1.0 | smallint | 1",
                "DECLARE OR REPLACE v = 2147483648 | bigint | 2147483648",
                "DECLARE v DECIMAL(38,2) = 1e10 | decimal(38,2) | 10000000000.00",
                "DECLARE v STRING = current_database() | string | default",
                "DECLARE v = X'1F' | binary | ",
                "DECLARE v DATE DEFAULT '2026-01-31' | date | 2026-01-31",
                "DECLARE v = INTERVAL '5' HOUR | interval hour | PT5H",
                "DECLARE v = array(1, NULL) | array<int> | [1, null]",
                "DECLARE v ARRAY<INT> = array() | array<int> | []",
                "DECLARE v MAP<STRING, DOUBLE> = map('a', 5.1) | map<string,double> | {a=5.1}",
                "DECLARE v = named_struct('f', 1, 'g', array('x')) | struct<f:int,g:array<string>> | [1,[x]]",
            })
    void aVariableHasATypeOfAnyKind(String declare, String type, String value) {
        run(declare);
        Row row = session.sql("SELECT typeof(v), v").head();
        assertEquals(type, row.getString(0));
        if (value != null) {
            assertEquals(value, String.valueOf(row.get(1)));
        }
    }

    @Test
    void severalVariablesAreDeclaredAtOnce() {
        run("DECLARE a, b, session.c DOUBLE DEFAULT rand()");
        assertEquals("[true,true]", row("SELECT a = b, b = c"));
    }

    @Test
    void namesAreWithoutLetterCaseAndMayBeQualified() {
        run("DECLARE OR REPLACE VARIABLE sySteM.sEssIon.vAr1 INT DEFAULT 1", "SET VARIABLE sesSiOn.vaR1 = 2");
        assertEquals("[2,2,2]", row("SELECT VAR1, SESSION.var1, system.Session.VAR1"));
        run("DROP TEMPORARY VARIABLE session.VAR1", "DROP TEMPORARY VARIABLE IF EXISTS var1");
        assertEquals(
                List.of("var1"),
                session.sql("SELECT var1 FROM VALUES (1) AS t(var1)").schema().names());
    }

    @Test
    void whatIsWrongWithADeclarationIsSaid() {
        run("DECLARE x INT");
        assertFails(
                "[VARIABLE_ALREADY_EXISTS] DECLARE VARIABLE: there is a variable 'X' already. Write DECLARE OR REPLACE"
                        + " VARIABLE, or SET VARIABLE to give it a value.",
                () -> session.sql("DECLARE X INT"));
        assertFails(
                "[UNRESOLVED_VARIABLE] There is no variable 'builtin.y'. Variables are in system.session: write the name"
                        + " alone, or session.name.",
                () -> session.sql("DECLARE builtin.y INT"));
        assertFails(
                "[DUPLICATE_VARIABLE_NAME_INSIDE_DECLARE] DECLARE VARIABLE: 'A' stands twice. Name each variable once.",
                () -> session.sql("DECLARE a, b, A INT"));
        assertFails("""
                        [INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED] A variable needs a type or a default, as in DECLARE x INT DEFAULT 1.
                        == SQL, line 1, column 1 ==
                        DECLARE y
                        ^^^^^^^^^""", () -> session.sql("DECLARE y"));
        assertFails("""
                        [INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION] DECLARE VARIABLE: a default can't have a subquery in it. Give a constant, and then SET VARIABLE.
                        == SQL, line 1, column 27 ==
                        DECLARE y INT DEFAULT 1 + (SELECT 1)
                                                  ^^^^^^^^^^""", () -> session.sql("DECLARE y INT DEFAULT 1 + (SELECT 1)"));
        assertEquals("PARSE_SYNTAX_ERROR", code("DECLARE VARIABLE IF NOT EXISTS y INT"));
        assertEquals("CAST_INVALID_INPUT", code("DECLARE y INT DEFAULT 'hello'"));
        assertEquals("DIVIDE_BY_ZERO", code("DECLARE y INT DEFAULT 1 / 0"));
        assertEquals("CAST_OVERFLOW", code("DECLARE y SMALLINT DEFAULT 100000"));
        assertEquals("UNRESOLVED_COLUMN", code("SELECT y"));
    }

    @Test
    void onlyAVariableThatIsThereIsDropped() {
        run("DECLARE amount INT");
        assertFails(
                "[VARIABLE_NOT_FOUND] DROP TEMPORARY VARIABLE: there is no variable 'amout'. Write IF EXISTS if there need"
                        + " not be one. Did you mean 'amount'?",
                () -> session.sql("DROP TEMPORARY VARIABLE amout"));
        assertEquals("PARSE_SYNTAX_ERROR", code("DROP VARIABLE amount"));
    }

    // ---- SET

    @Test
    void allValuesAreComputedBeforeAnyIsSet() {
        run("DECLARE a INT = 5", "DECLARE b STRING = 'hello'", "DECLARE c DOUBLE = 2");
        run("SET VARIABLE a = c, b = ascii(a), c = a");
        assertEquals("[2,53,5.0]", row("SELECT a, b, c"));
        assertEquals("CAST_INVALID_INPUT", code("SET VAR a = 1, c = 'x'"));
        assertEquals("[2,53,5.0]", row("SELECT a, b, c"));
    }

    @Test
    void aQueryGivesTheValuesOfOneRow() {
        run("DECLARE a INT = 5", "DECLARE b STRING = 'hello'");
        run("SET VARIABLE a = (SELECT max(id) FROM range(10))");
        assertEquals("[9]", row("SELECT a"));
        run("SET VARIABLE (a, b) = (SELECT c, d FROM VALUES (10, 11) AS t(c, d))");
        assertEquals("[10,11]", row("SELECT a, b"));
        run("SET VARIABLE (a, b) = (SELECT c, d FROM VALUES (10, 11) AS t(c, d) WHERE c = 0)");
        assertEquals("[null,null]", row("SELECT a, b"));
        run("SET VAR (a) = (SELECT DEFAULT FROM VALUES (1) AS t(c) LIMIT 1)");
        assertEquals("[5]", row("SELECT a"));
        run("SET VAR (b) = (SELECT default FROM VALUES ('world') AS t(default))");
        assertEquals("[world]", row("SELECT b"));
    }

    @Test
    void whatIsWrongWithAnAssignmentIsSaid() {
        run("DECLARE a INT = 5", "DECLARE b INT");
        assertFails(
                "[UNRESOLVED_VARIABLE] There is no variable 'total'. Make it with DECLARE VARIABLE.",
                () -> session.sql("SET VARIABLE total = 1"));
        assertEquals("UNRESOLVED_VARIABLE", code("SET VARIABLE ses.a = 1"));
        assertFails(
                "[DUPLICATE_ASSIGNMENTS] 'A' is given two values. Give each variable one.",
                () -> session.sql("SET VARIABLE a = 1, b = 2, A = 3"));
        assertFails(
                "[ASSIGNMENT_ARITY_MISMATCH] SET VARIABLE: the query gives 3 columns for 2 variables. Give a column for each.",
                () -> session.sql("SET VARIABLE (a, b) = (SELECT 1, 2, 3)"));
        assertFails(
                "[ROW_SUBQUERY_TOO_MANY_ROWS] SET VARIABLE: the query gives more than one row. Add a condition or LIMIT 1.",
                () -> session.sql("SET VARIABLE (a, b) = (VALUES (1, 2), (3, 4))"));
        assertEquals("INVALID_SUBQUERY", code("SET VARIABLE a = (SELECT 1, 2)"));
        assertEquals("UNRESOLVED_COLUMN", code("SET VARIABLE a = session.default"));
        assertEquals("[5]", row("SELECT a"));
        assertFails("""
                        [INVALID_SET_SYNTAX] 'VARIABLE ()' is not the key of a setting. Write SET key = value, with backquotes around a key that has blanks in it, or SET VARIABLE name = value.
                        == SQL, line 1, column 1 ==
                        SET VARIABLE () = (SELECT 1)
                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^""", () -> session.sql("SET VARIABLE () = (SELECT 1)"));
    }

    @Test
    void aSettingIsNotTakenForAVariable() {
        run("DECLARE a INT", "SET x.a = 5", "SET x = 5", "SET x.session.a = 5");
        assertEquals("5", session.conf().get("x.session.a"));
        assertFails(
                "[UNSUPPORTED_FEATURE.SET_VARIABLE_USING_SET] SET session.A: this is a variable. Write SET VARIABLE session.A"
                        + " = …, or call the setting something else.",
                () -> session.sql("SET session.A = 5"));
        assertEquals("UNSUPPORTED_FEATURE.SET_VARIABLE_USING_SET", code("SET a = 5"));
    }

    // ---- In queries

    @Test
    void columnsOfTheQueryAndOfThoseAroundItComeFirst() {
        run("DECLARE x INT = 1");
        assertEquals("[2]", row("SELECT x FROM VALUES (2) AS t(x)"));
        assertEquals("[2]", row("SELECT c FROM VALUES (2) AS t(x), LATERAL (SELECT x) AS u(c)"));
        assertEquals("[1]", row("SELECT session.x FROM VALUES (2) AS t(x)"));
        assertEquals("[1]", row("SELECT c FROM VALUES (2) AS t(x), LATERAL (SELECT session.x) AS u(c)"));
        assertEquals("[7,7]", row("SELECT 7 AS x, x"));
        assertEquals(
                List.of("[1]", "[2]"),
                rows(
                        "SELECT (SELECT max(id) FROM range(10) WHERE id = x) AS m FROM VALUES (1), (2) AS t(x) ORDER BY m"));
    }

    @Test
    void aVariableStandsWhereverAConstantDoes() {
        run("DECLARE x INT = 1", "CREATE TEMP VIEW t AS SELECT * FROM VALUES (1, 2), (2, 3) AS t(a, b)");
        assertEquals(List.of("x"), session.sql("SELECT x").schema().names());
        assertEquals("[2]", row("SELECT sum(x) FROM t"));
        assertEquals("[1,6]", row("SELECT x, x + sum(b) FROM t"));
        assertEquals("[1,2]", row("SELECT * FROM t WHERE a IN (x)"));
        assertEquals("[2,3]", row("SELECT a, sum(b) FROM t GROUP BY a HAVING sum(a) <> x"));
        assertEquals(List.of("[2]", "[3]"), rows("SELECT a + x AS c FROM t GROUP BY a + x ORDER BY c"));
        assertEquals("[3]", row("SELECT sum(b) FILTER (WHERE a <> x) FROM t"));
        assertEquals("[2]", row("SELECT array(1, 2, 4)[x]"));
        assertEquals("[1]", row("VALUES (x)"));
        assertEquals("[5]", row("SELECT aggregate(array(1, 2), 0, (s, e) -> s + e + x)"));
        assertEquals("[1]", row("WITH v AS (SELECT x AS c) SELECT c FROM v"));
        assertEquals("[2,3]", row("SELECT a.* FROM t a JOIN t b ON a.a = b.a + x"));
        assertEquals("[1]", row("SELECT count(*) FROM (SELECT * FROM t ORDER BY a LIMIT x)"));
        assertEquals("[0]", row("SELECT * FROM range(x)"));
        assertEquals("[1,2]", row("SELECT * FROM t ORDER BY a + x LIMIT 1 OFFSET x - 1"));
    }

    @Test
    void fieldsOfAVariableAreItsParts() {
        run("DECLARE s = named_struct('f', 1, 'g', named_struct('h', 'x'))", "DECLARE m = map('k', 3)");
        assertEquals("[1,x,x,3]", row("SELECT s.f, session.s.g.h, system.session.s.g.h, m.k"));
        assertEquals("[1,[x]]", row("SELECT s.*"));
        assertEquals("FIELD_NOT_FOUND", code("SELECT s.i"));
    }

    @Test
    void dataFramesKeepTheValueThatTheyWereMadeWith() {
        run("DECLARE x INT = 1");
        DataFrame one = session.range(1).select(functions.col("x"), functions.expr("session.x + 1"));
        run("SET VAR x = 2");
        assertEquals("[1,2]", one.head().toString());
        assertEquals(
                "[1]", session.range(1).select(one.select("x").scalar()).head().toString());
        assertEquals(1, session.range(1).filter(one.filter("x = 1").exists()).count());
        assertEquals("[2]", session.range(1).select("x").head().toString());
    }

    @Test
    void sessionsHaveVariablesOfTheirOwn() {
        run("DECLARE x INT = 1");
        Session other = session.newSession();
        assertEquals(
                "UNRESOLVED_COLUMN",
                assertThrows(HeadraceException.class, () -> other.sql("SELECT x"))
                        .code());
    }

    @Test
    void aViewThatOutlivesTheSessionHasNone(@TempDir Path warehouse) {
        session.conf().set("spark.sql.warehouse.dir", warehouse.toString());
        run("DECLARE x INT = 1");
        assertFails("""
                        [INVALID_TEMP_OBJ_REFERENCE] A view that outlives the session can't use 'x', a variable of the session. Write CREATE TEMPORARY VIEW.
                        == SQL, line 1, column 8 ==
                        SELECT x AS c
                               ^""", () -> session.sql("CREATE VIEW v AS SELECT x AS c"));
        run("CREATE TEMPORARY VIEW v AS SELECT x AS c");
        assertEquals("[1]", row("SELECT * FROM v"));
    }

    // ---- EXECUTE IMMEDIATE

    @Test
    void aTextIsExecuted() {
        run("CREATE TEMP VIEW t AS SELECT * FROM VALUES (10, 'ten'), (20, 'twenty') AS t(id, name)");
        run("DECLARE q STRING", "DECLARE a STRING = 'ten'", "DECLARE n INT");
        assertEquals("[10,ten]", row("EXECUTE IMMEDIATE 'SELECT * FROM t WHERE name = \\'ten\\''"));
        run("SET VAR q = 'SELECT id FROM t WHERE name = ? OR id = ?'");
        assertEquals(List.of("[10]", "[20]"), rows("EXECUTE IMMEDIATE q || ' ORDER BY id' USING a, 10 + 10"));
        assertEquals("[10]", row("EXECUTE IMMEDIATE q USING (a, NULL)"));
        run("SET VAR q = 'SELECT id FROM t WHERE name = :first OR id = :n'");
        assertEquals("[20]", row("EXECUTE IMMEDIATE q USING concat('twen', 'ty') AS first, n"));
        run("EXECUTE IMMEDIATE 'SELECT id, name FROM t WHERE id = ?' INTO n, a USING 20");
        assertEquals("[20,twenty]", row("SELECT n, a"));
        run("EXECUTE IMMEDIATE 'SELECT 42 WHERE 2 = 1' INTO n");
        assertEquals("[null]", row("SELECT n"));
        run("EXECUTE IMMEDIATE 'SELECT \\'1707\\'' INTO n");
        assertEquals("[1707]", row("SELECT n"));
        run("EXECUTE IMMEDIATE 'EXECUTE IMMEDIATE \\'SET VAR n = ?\\' USING 7'");
        assertEquals("[7]", row("SELECT n"));
        run("EXECUTE IMMEDIATE 'CREATE TEMP VIEW IDENTIFIER(:v) AS SELECT 1 AS one' USING 'u' AS v");
        assertEquals("[1]", row("SELECT * FROM u"));
    }

    @Test
    void whatIsWrongWithATextIsSaid() {
        run("DECLARE n INT", "DECLARE q STRING");
        assertFails("""
                        [PARSE_SYNTAX_ERROR] Syntax error at or near 'SELCT'. Did you mean 'SELECT'?
                        == SQL, line 1, column 1 ==
                        SELCT Fa
                        ^^^^^""", () -> session.sql("EXECUTE IMMEDIATE 'SELCT Fa'"));
        assertFails(
                "[NULL_QUERY_STRING_EXECUTE_IMMEDIATE] EXECUTE IMMEDIATE: the text of the statement is null. Give a text.",
                () -> session.sql("EXECUTE IMMEDIATE q"));
        assertFails(
                "[INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE] EXECUTE IMMEDIATE: the statement has to be a text, not of"
                        + " type int.",
                () -> session.sql("EXECUTE IMMEDIATE length('hello')"));
        assertFails(
                "[INVALID_STATEMENT_FOR_EXECUTE_INTO] EXECUTE IMMEDIATE … INTO takes the row of a query, and the statement"
                        + " is none. Leave INTO out.",
                () -> session.sql("EXECUTE IMMEDIATE 'SET VAR n = 1' INTO n"));
        assertFails(
                "[EXEC_IMMEDIATE_DUPLICATE_ARGUMENT_ALIASES] EXECUTE IMMEDIATE … USING: there are two values for :p. Give"
                        + " each parameter one.",
                () -> session.sql("EXECUTE IMMEDIATE 'SELECT :p' USING 10 AS p, 20 AS p"));
        assertFails("""
                        [INVALID_QUERY_MIXED_QUERY_PARAMETERS] Some of the parameters have names (:first) and some are by position (?). Write all in one way.
                        == SQL, line 1, column 21 ==
                        SELECT 42 WHERE ? = :first
                                            ^^^^^^""", () -> session.sql("EXECUTE IMMEDIATE 'SELECT 42 WHERE ? = :first' USING 1, 2 AS first"));
        assertFails("""
                        [ALL_PARAMETERS_MUST_BE_NAMED] The parameters have names, as :first has, so each value needs one: 2, (1 + 1) without. Write it as in 1 AS first.
                        == SQL, line 1, column 8 ==
                        SELECT :first
                               ^^^^^^""", () -> session.sql("EXECUTE IMMEDIATE 'SELECT :first' USING 2, 3 AS first, 1 + 1"));
        assertEquals("UNBOUND_SQL_PARAMETER", code("EXECUTE IMMEDIATE 'SELECT :first' USING 2 AS second"));
        assertEquals("UNBOUND_SQL_PARAMETER", code("EXECUTE IMMEDIATE 'SELECT ?'"));
        assertEquals("UNRESOLVED_COLUMN", code("EXECUTE IMMEDIATE 'SELECT ?' USING id"));
        assertEquals("ROW_SUBQUERY_TOO_MANY_ROWS", code("EXECUTE IMMEDIATE 'SELECT * FROM range(2)' INTO n"));
        assertEquals("ASSIGNMENT_ARITY_MISMATCH", code("EXECUTE IMMEDIATE 'SELECT 1, 2' INTO n"));
        assertEquals("DUPLICATE_ASSIGNMENTS", code("EXECUTE IMMEDIATE 'SELECT 1, 2' INTO n, n"));
        assertEquals("CAST_INVALID_INPUT", code("EXECUTE IMMEDIATE 'SELECT \\'x\\'' INTO n"));
        run("SET VAR q = 'EXECUTE IMMEDIATE q'");
        assertEquals("STATEMENT_TOO_COMPLEX", code("EXECUTE IMMEDIATE q"));
    }
}
