package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.api.java.UDF0;
import dev.headrace.errors.QueryException;
import dev.headrace.exec.BatchRuns;
import dev.headrace.types.DataTypes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `BEGIN … END`. The results are those that Spark 4.1.2 gives.
class SqlScriptTest extends SqlSession {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BEGIN DECLARE x INT = 1; SET x = x + 1; SELECT x; END | [2]",
                "BEGIN SELECT 1; SELECT 2; END; | [2]",
                "begin not atomic select 1; end | [1]",
                "BEGIN DECLARE a, b INT DEFAULT 5; SELECT a + b; END | [10]",
                "BEGIN DECLARE a INT; DECLARE b INT; SET (a, b) = (SELECT 1, 2); SELECT a + b; END | [3]",
                "BEGIN DECLARE x STRING; EXECUTE IMMEDIATE 'SELECT 5' INTO x; SELECT x; END | [5]",
                "BEGIN DECLARE x INT = 1; CREATE TEMP VIEW sv AS SELECT x AS a; SELECT * FROM sv; END | [1]",
                "BEGIN DECLARE x INT = 9; SELECT x FROM VALUES (1) t(x); END | [1]",
                "BEGIN lbl: BEGIN DECLARE x INT = 1; BEGIN DECLARE x INT = 2; SELECT x, LBL.x; END; END; END | [2,1]",
                "BEGIN DECLARE i INT = 0; DECLARE s INT = 0; w: WHILE i < 10 DO SET i = i + 1; IF i = 3 THEN ITERATE w;"
                        + " ELSEIF i = 8 THEN LEAVE w; ELSE SET s = s + i; END IF; END WHILE w; SELECT s, i; END | [25,8]",
                "BEGIN DECLARE i INT = 0; REPEAT SET i = i + 1; UNTIL i >= 5 END REPEAT; SELECT i; END | [5]",
                "BEGIN DECLARE i INT = 0; l: LOOP SET i = i + 1; IF i > 6 THEN LEAVE l; END IF; END LOOP l; SELECT i; END"
                        + " | [7]",
                "BEGIN DECLARE n INT = 0; a: FOR r AS SELECT id FROM range(3) DO FOR SELECT id AS j FROM range(3) DO IF j ="
                        + " r.id THEN ITERATE a; END IF; SET n = n + 1; END FOR; END FOR; SELECT n; END | [3]",
                "BEGIN DECLARE s INT = 0; FOR r AS SELECT id, id * 2 AS d FROM range(4) DO SET s = s + r.d + id; END FOR;"
                        + " SELECT s; END | [18]",
                "BEGIN DECLARE c INT = 0; FOR r AS SELECT array(1, 2) a, named_struct('p', 1) s DO SET c = r.a[1] + r.s.p;"
                        + " END FOR; SELECT c; END | [3]",
                "BEGIN DECLARE x INT = 1; FOR i AS SELECT 7 AS x DO SELECT x, i.x; END FOR; END | [7,7]",
                "BEGIN DECLARE x INT = 2; CASE x WHEN 1 THEN SELECT 'one'; WHEN 2 THEN SELECT 'two'; ELSE SELECT 'many';"
                        + " END CASE; END | [two]",
                "BEGIN DECLARE x INT = 2; CASE WHEN x > 1 THEN SELECT 'big'; ELSE SELECT 'small'; END CASE; END | [big]",
                "BEGIN a: BEGIN LEAVE a; SELECT 1; END; SELECT 2; END | [2]",
                "BEGIN DECLARE EXIT HANDLER FOR DIVIDE_BY_ZERO BEGIN SELECT 'handled'; END; SELECT 1 / 0; SELECT 2; END"
                        + " | [handled]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT 'any'; SELECT 1 / 0; END | [any]",
                "BEGIN DECLARE x INT = 0; BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SET x = 1; DECLARE EXIT HANDLER FOR"
                        + " divide_by_zero SET x = 2; BEGIN SET x = 1 / 0; END; END; SELECT x; END | [2]",
                "BEGIN DECLARE x INT = 0; BEGIN DECLARE EXIT HANDLER FOR TABLE_OR_VIEW_NOT_FOUND SET x = 3; SELECT * FROM"
                        + " nothing; END; SELECT x; END | [3]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '22012' SELECT 'state'; SELECT 1 / 0; END | [state]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE VALUE '42p01' SELECT 'state'; SELECT * FROM nothing; END | [state]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '22018' SELECT 'cast'; SELECT CAST('a' AS INT); END | [cast]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE 'P0001' SELECT 'raised'; SELECT raise_error('x'); END | [raised]",
                "BEGIN DECLARE EXIT HANDLER FOR USER_RAISED_EXCEPTION SELECT 'raised'; SELECT assert_true(false); END"
                        + " | [raised]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '42601' SELECT 'parse'; EXECUTE IMMEDIATE 'SELEC 1'; END"
                        + " | [parse]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '42883' SELECT 'routine'; SELECT no_such(1); END | [routine]",
                "BEGIN DECLARE EXIT HANDLER FOR NOT FOUND, SQLEXCEPTION SELECT 'any'; SELECT 1 / 0; END | [any]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT 'any'; DECLARE EXIT HANDLER FOR SQLSTATE '22012'"
                        + " SELECT 'state'; SELECT 1 / 0; END | [state]",
                "BEGIN DECLARE EXIT HANDLER FOR DIVIDE_BY_ZERO SELECT 'name'; DECLARE EXIT HANDLER FOR SQLSTATE '22012'"
                        + " SELECT 'state'; SELECT 1 / 0; END | [name]",
                "BEGIN DECLARE x INT = 1; DECLARE EXIT HANDLER FOR NOT FOUND SELECT 'none'; SET x = (SELECT 1 WHERE false);"
                        + " SELECT 'after'; END | [after]",
                "BEGIN DECLARE c CONDITION; DECLARE x INT = 5; DECLARE d CONDITION FOR SQLSTATE VALUE '45000'; SELECT x; END"
                        + " | [5]",
                "BEGIN DECLARE c CONDITION FOR SQLSTATE '22012'; DECLARE EXIT HANDLER FOR SQLSTATE '22012' SELECT 's';"
                        + " DECLARE EXIT HANDLER FOR c SELECT 'c'; SELECT 1 / 0; END | [s]",
                "BEGIN DECLARE DIVIDE_BY_ZERO CONDITION FOR SQLSTATE '12345'; DECLARE EXIT HANDLER FOR DIVIDE_BY_ZERO SELECT"
                        + " 'x'; SELECT 1 / 0; END | [x]",
                "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT 'outer'; BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION"
                        + " SELECT a; SELECT 1 / 0; END; END | [outer]"
            })
    void scriptsGiveTheRowsOfTheirLastQuery(String script, String row) {
        assertEquals(List.of(row), rows(script));
    }

    @Test
    void scriptsWithoutQueryGiveNothing() {
        for (String script : List.of(
                "BEGIN END",
                "BEGIN DECLARE x INT; END",
                "BEGIN DECLARE x INT = 3; CASE x WHEN 1 THEN SELECT 'one'; END CASE; END")) {
            assertEquals(List.of(), rows(script));
        }
        assertEquals(List.of("[1]", "[2]"), rows("BEGIN VALUES (1), (2); CREATE TEMP VIEW w AS SELECT 3; END"));
    }

    @Test
    void variablesOfTheSessionAreSeenAndSet() {
        run("DECLARE x INT = 4");

        assertEquals(List.of("[4]"), rows("BEGIN SELECT x; SET x = 10; BEGIN SET session.x = x + 1; END; END"));
        assertEquals("[11]", row("SELECT x"));
        assertEquals(List.of("[1,11]"), rows("BEGIN DECLARE x INT = 1; SELECT x, session.x; END"));
        run("BEGIN DECLARE y INT = 1; END");
        assertEquals("UNRESOLVED_COLUMN", code("SELECT y"));
    }

    @Test
    void textsThatAreExecutedSeeVariablesOfTheSessionOnly() {
        run("DECLARE x INT = 4");

        assertEquals(List.of("[4]"), rows("BEGIN DECLARE x INT = 9; EXECUTE IMMEDIATE 'SELECT x'; END"));
        assertEquals(
                List.of("[5,9]"),
                rows(
                        "BEGIN DECLARE x INT = 9; DECLARE y INT; EXECUTE IMMEDIATE 'SELECT x + ?' INTO y USING 1; SELECT y,"
                                + " x; END"));
        assertEquals("UNRESOLVED_COLUMN", code("BEGIN DECLARE q INT = 9; EXECUTE IMMEDIATE 'SELECT q'; END"));
        run("BEGIN EXECUTE IMMEDIATE 'DECLARE z INT = 3'; END");
        assertEquals("[3]", row("SELECT z"));
    }

    @Test
    void functionsSeeVariablesOfTheScriptThatCallsThem() {
        run("DECLARE x INT = 4", "CREATE TEMPORARY FUNCTION f() RETURNS INT RETURN x");

        assertEquals(List.of("[9,9]"), rows("BEGIN DECLARE x INT = 9; SELECT f(), x; END"));
    }

    @Test
    void statementsAreReadWhenTheyAreReached() {
        assertEquals(
                List.of("[3]"),
                rows(
                        "BEGIN CREATE TEMP VIEW bt AS VALUES (1), (2) AS t(a); SELECT sum(a) AS s FROM bt; DROP VIEW bt; END"));
    }

    @Test
    void rowsOfALoopAreHeldInTheEnginesMemoryUntilItIsLeft() {
        BufferAllocator allocator = session.runtime().allocator();
        session.udf().register("held", (UDF0<Long>) allocator::getAllocatedMemory, DataTypes.LongType);

        assertTrue(session.sql("BEGIN DECLARE n BIGINT; l: FOR r AS SELECT id FROM range(1000000) DO SET n = held();"
                                + " LEAVE l; END FOR; SELECT n; END")
                        .head()
                        .getLong(0)
                >= 8_000_000);
        assertEquals(0, allocator.getAllocatedMemory());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM range(1000000); SELECT held() AS n",
                "SELECT id FROM range(1000000); IF held() > 8000000 THEN SELECT 8000000L AS n; END IF",
                "DECLARE EXIT HANDLER FOR DIVIDE_BY_ZERO SELECT held() AS n; SELECT id FROM range(1000000); SELECT id / 0 FROM"
                        + " range(9)"
            })
    void rowsThatMayBeTheResultAreHeldInTheEnginesMemory(String statements) {
        BufferAllocator allocator = session.runtime().allocator();
        session.udf().register("held", (UDF0<Long>) allocator::getAllocatedMemory, DataTypes.LongType);

        assertTrue(session.sql("BEGIN " + statements + "; END").head().getLong(0) >= 8_000_000);
        assertEquals(0, allocator.getAllocatedMemory());
    }

    @Test
    void whatIsHeldIsFreedWhenAScriptFails() {
        assertEquals(
                "DIVIDE_BY_ZERO",
                code(
                        "BEGIN SELECT id FROM range(9); FOR SELECT id FROM range(9) DO SELECT id / (id - 3); END FOR; END"));
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void aLoopHasTheRowsThatThereWereWhenItBegan(@TempDir Path folder) {
        String files = "parquet.`" + folder.resolve("numbers") + "`";
        session.range(3).write().parquet(folder.resolve("numbers").toString());

        assertEquals(
                List.of("[0,1,2,|102]"),
                rows("BEGIN DECLARE seen STRING = ''; FOR r AS SELECT id FROM " + files + " ORDER BY id DO"
                        + " SET seen = seen || r.id || ',';"
                        + " INSERT OVERWRITE DIRECTORY '" + folder.resolve("numbers")
                        + "' USING parquet SELECT r.id + 100 AS id; END FOR;"
                        + " SELECT seen || '|' || (SELECT max(id) FROM " + files + "); END"));
    }

    @Test
    void viewsThatOutliveTheSessionUseNoVariablesOfScripts() {
        assertEquals(
                "[INVALID_TEMP_OBJ_REFERENCE] A view that outlives the session can't use 'x', a variable of the script."
                        + " Write CREATE TEMPORARY VIEW.",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("BEGIN DECLARE x INT = 1; CREATE VIEW lasting AS SELECT x AS a; END"))
                        .getMessage()
                        .lines()
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void parametersHoldForTheWholeScript() {
        assertEquals(
                8L,
                session.sql(
                                "BEGIN DECLARE s BIGINT = 0; FOR SELECT id FROM range(:n) DO SET s = s + :add; END FOR; SELECT s;"
                                        + " END",
                                Map.of("n", 4, "add", 2))
                        .head()
                        .getLong(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BEGIN IF NULL THEN SELECT 1; END IF; END | INVALID_BOOLEAN_STATEMENT",
                "BEGIN IF 1 THEN SELECT 1; END IF; END | INVALID_BOOLEAN_STATEMENT",
                "BEGIN WHILE 'a' DO SELECT 1; END WHILE; END | INVALID_BOOLEAN_STATEMENT",
                "BEGIN IF (SELECT true WHERE false) THEN SELECT 1; END IF; END | INVALID_BOOLEAN_STATEMENT",
                "BEGIN DECLARE x INT = 1; DECLARE X INT = 2; END | VARIABLE_ALREADY_EXISTS",
                "BEGIN SELECT 1; DECLARE x INT; END | INVALID_VARIABLE_DECLARATION.ONLY_AT_BEGINNING",
                "BEGIN IF true THEN DECLARE x INT; END IF; END | INVALID_VARIABLE_DECLARATION.NOT_ALLOWED_IN_SCOPE",
                "BEGIN DECLARE OR REPLACE x INT = 1; END | INVALID_VARIABLE_DECLARATION.REPLACE_LOCAL_VARIABLE",
                "BEGIN DECLARE session.q INT = 1; END | INVALID_VARIABLE_DECLARATION.QUALIFIED_LOCAL_VARIABLE",
                "BEGIN DROP TEMPORARY VARIABLE x; END | UNSUPPORTED_SQL",
                "BEGIN LEAVE nothing; END | INVALID_LABEL_USAGE.DOES_NOT_EXIST",
                "BEGIN FOR r AS SELECT 1 AS a DO LEAVE r; END FOR; SELECT 2; END | INVALID_LABEL_USAGE.DOES_NOT_EXIST",
                "BEGIN FOR r AS SELECT 1 AS a DO ITERATE R; END FOR; END | INVALID_LABEL_USAGE.DOES_NOT_EXIST",
                "BEGIN FOR r AS SELECT 1 AS a DO r: BEGIN END; END FOR; END | LABEL_OR_FOR_VARIABLE_ALREADY_EXISTS",
                "BEGIN a: BEGIN ITERATE a; END; END | INVALID_LABEL_USAGE.ITERATE_IN_COMPOUND",
                "BEGIN WHILE true DO SELECT 1; END WHILE w; END | END_LABEL_WITHOUT_BEGIN_LABEL",
                "BEGIN x: LOOP LEAVE x; END LOOP y; END | LABELS_MISMATCH",
                "BEGIN a: BEGIN A: BEGIN SELECT 1; END; END; END | LABEL_OR_FOR_VARIABLE_ALREADY_EXISTS",
                "BEGIN SET nothing = 1; END | UNRESOLVED_VARIABLE",
                "BEGIN SET spark.sql.session.timeZone = 'UTC'; END | UNRESOLVED_VARIABLE",
                "BEGIN DECLARE x INT = 1; SET x = 'abc'; END | CAST_INVALID_INPUT",
                "BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SELECT 1; END | UNSUPPORTED_SQL",
                "BEGIN DECLARE c CONDITION FOR SQLSTATE '22012'; DECLARE EXIT HANDLER FOR c SELECT 'c'; SELECT 1 / 0; END |"
                        + " DIVIDE_BY_ZERO",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '22000' SELECT 1; SELECT 1 / 0; END | DIVIDE_BY_ZERO",
                "BEGIN DECLARE EXIT HANDLER FOR NOT FOUND SELECT 1; SELECT 1 / 0; END | DIVIDE_BY_ZERO",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '22' SELECT 1; END | INVALID_SQLSTATE",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '00000' SELECT 1; END | INVALID_SQLSTATE",
                "BEGIN DECLARE c CONDITION FOR SQLSTATE 'XX000'; END | INVALID_SQLSTATE",
                "BEGIN DECLARE c CONDITION FOR SQLSTATE '2201-'; END | INVALID_SQLSTATE",
                "BEGIN DECLARE c CONDITION FOR '22012'; END | PARSE_SYNTAX_ERROR",
                "BEGIN DECLARE c CONDITION; DECLARE C CONDITION; END | DUPLICATE_CONDITION_IN_SCOPE",
                "BEGIN DECLARE c CONDITION; BEGIN DECLARE c CONDITION; END; END | DUPLICATE_CONDITION_IN_SCOPE",
                "BEGIN DECLARE `c-d` CONDITION; END | INVALID_ERROR_CONDITION_DECLARATION.SPECIAL_CHARACTER_FOUND",
                "BEGIN SELECT 1; DECLARE c CONDITION; END |"
                        + " INVALID_ERROR_CONDITION_DECLARATION.NOT_AT_START_OF_COMPOUND_STATEMENT",
                "BEGIN IF true THEN DECLARE c CONDITION; END IF; END |"
                        + " INVALID_ERROR_CONDITION_DECLARATION.NOT_AT_START_OF_COMPOUND_STATEMENT",
                "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION, DIVIDE_BY_ZERO SELECT 1; END |"
                        + " INVALID_HANDLER_DECLARATION.INVALID_CONDITION_COMBINATION",
                "BEGIN DECLARE EXIT HANDLER FOR NOT FOUND, SQLSTATE '22012' SELECT 1; END |"
                        + " INVALID_HANDLER_DECLARATION.INVALID_CONDITION_COMBINATION",
                "BEGIN DECLARE EXIT HANDLER FOR A, a SELECT 1; END |"
                        + " INVALID_HANDLER_DECLARATION.DUPLICATE_CONDITION_IN_HANDLER_DECLARATION",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '22012', SQLSTATE '22012' SELECT 1; END |"
                        + " INVALID_HANDLER_DECLARATION.DUPLICATE_SQLSTATE_IN_HANDLER_DECLARATION",
                "BEGIN DECLARE EXIT HANDLER FOR SQLSTATE '22012' SELECT 1; DECLARE EXIT HANDLER FOR SQLSTATE '22012' SELECT 2;"
                        + " END | DUPLICATE_EXCEPTION_HANDLER.SQLSTATE",
                "BEGIN DECLARE EXIT HANDLER FOR NOT FOUND SELECT 1; DECLARE EXIT HANDLER FOR NOT FOUND SELECT 2; END |"
                        + " DUPLICATE_EXCEPTION_HANDLER.CONDITION",
                "BEGIN SELECT 1; DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT 1; END |"
                        + " INVALID_HANDLER_DECLARATION.WRONG_PLACE_OF_DECLARATION",
                "BEGIN DECLARE EXIT HANDLER FOR A SELECT 1; DECLARE EXIT HANDLER FOR a SELECT 1; END |"
                        + " DUPLICATE_EXCEPTION_HANDLER.CONDITION",
                "BEGIN DECLARE EXIT HANDLER FOR OTHER_ERROR SELECT 1; SELECT 1 / 0; END | DIVIDE_BY_ZERO",
                "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT a; SELECT 1 / 0; END | UNRESOLVED_COLUMN",
                "BEGIN ; END | PARSE_SYNTAX_ERROR",
                "BEGIN SELECT 1 END | PARSE_SYNTAX_ERROR"
            })
    void whatIsWrongWithAScriptIsSaid(String script, String code) {
        assertEquals(code, code(script));
    }

    @Test
    void errorsSayWhereInTheScript() {
        assertEquals(
                """
                [UNRESOLVED_COLUMN] 'y' is not a column of ().
                == SQL, line 3, column 15 ==
                  SET x = x + y;
                              ^""", assertThrows(QueryException.class, () -> session.sql("""
                                BEGIN
                                  DECLARE x INT = 1;
                                  SET x = x + y;
                                END""")).getMessage());
    }

    @Test
    void aScriptWithoutEndIsCancelled() {
        CompletableFuture<DataFrame> script = CompletableFuture.supplyAsync(() ->
                session.sql("BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT 1; LOOP BEGIN END; END LOOP; END"));
        while (session.interruptAll().isEmpty() && !script.isDone()) {
            LockSupport.parkNanos(1_000_000);
        }

        assertIsCancelled(script);
    }

    @Test
    void aQueryThatIsCancelledEndsItsScript() {
        CompletableFuture<DataFrame> script = CompletableFuture.supplyAsync(() ->
                session.sql("BEGIN SELECT count(*) FROM range(1000000) a JOIN range(1000000) b ON a.id > b.id; END"));
        BatchRuns runs = session.runtime().runs();
        while (runs.running().size() < 2 && !script.isDone()) {
            LockSupport.parkNanos(1_000_000);
        }
        // Those of the script and of its query.
        session.interruptOperation("query-2");

        assertIsCancelled(script);
    }

    private static void assertIsCancelled(CompletableFuture<DataFrame> script) {
        ExecutionException failed = assertThrows(ExecutionException.class, script::get);
        assertEquals(
                "[QUERY_CANCELLED] The script was cancelled; what its statements before have written stays.",
                failed.getCause().getMessage());
    }
}
