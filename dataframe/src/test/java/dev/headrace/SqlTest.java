package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static dev.headrace.Failures.at;
import static dev.headrace.functions.avg;
import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.rank;
import static dev.headrace.functions.row_number;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import dev.headrace.exec.RowTable;
import dev.headrace.expressions.Window;
import dev.headrace.plan.PlanText;
import dev.headrace.sql.SqlParser;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// SQL from Java. Closing the session asserts that nothing has leaked.
class SqlTest {
    @AutoClose
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    private DataFrame orders = session.emptyDataFrame();

    @BeforeEach
    void orders() {
        orders = session.createDataFrame(
                List.of(row(1L, "ann", 10.0), row(2L, "bob", 20.0), row(3L, "ann", 30.0), row(4L, null, 5.0)),
                StructType.fromDDL("id bigint, customer string, amount double"));
        orders.createOrReplaceTempView("orders");
    }

    private static Row row(Object... values) {
        return RowFactory.create(values);
    }

    private void assertSamePlan(DataFrame expected, String sql) {
        String plan = PlanText.of(expected.resolved().plan());
        assertEquals(plan, PlanText.of(session.sql(sql).resolved().plan()));
        assertEquals(expected.schema(), session.sql(sql).schema());
    }

    // ---- The same plans

    @Test
    void filtersAndProjectionsArePlannedAsTheDataFrameMethodsAre() {
        assertSamePlan(
                orders.filter(col("amount").gt(10))
                        .select(col("id"), col("amount").multiply(2).as("twice")),
                "SELECT id, amount * 2 AS twice FROM orders WHERE amount > 10");
        assertSamePlan(
                orders.filter(col("id").between(1, 2).and(col("customer").isNotNull()))
                        .select("id"),
                "SELECT id FROM orders WHERE id BETWEEN 1 AND 2 AND customer IS NOT NULL");
        assertSamePlan(orders.select(col("*")).limit(2), "SELECT * FROM orders LIMIT 2");
        assertSamePlan(orders.select("id").orderBy(col("amount").desc()), "SELECT id FROM orders ORDER BY amount DESC");
    }

    @Test
    void aggregationsArePlannedAsTheDataFrameMethodsAre() {
        assertSamePlan(
                orders.groupBy("customer")
                        .agg(sum("amount").as("total"), count("*").as("n")),
                "SELECT customer, sum(amount) AS total, count(*) AS n FROM orders GROUP BY customer");
        assertSamePlan(orders.agg(avg("amount")), "SELECT avg(amount) FROM orders");
        assertSamePlan(
                orders.rollup("customer").agg(count("*").as("n")),
                "SELECT customer, count(*) AS n FROM orders GROUP BY ROLLUP (customer)");
        assertSamePlan(
                orders.cube("customer", "id").agg(count("*").as("n")),
                "SELECT customer, id, count(*) AS n FROM orders GROUP BY CUBE (customer, id)");
    }

    @Test
    void joinsAndSetOperationsArePlannedAsTheDataFrameMethodsAre() {
        DataFrame a = orders.as("a");
        DataFrame b = orders.as("b");
        assertSamePlan(
                a.join(b, col("a.id").equalTo(col("b.id")), "left").select("a.id"),
                "SELECT a.id FROM orders a LEFT JOIN orders b ON a.id = b.id");
        assertSamePlan(
                orders.select(col("*")).union(orders.select(col("*"))),
                "SELECT * FROM orders UNION ALL SELECT * FROM orders");
        assertSamePlan(
                orders.select("id").except(orders.select("id")), "SELECT id FROM orders EXCEPT SELECT id FROM orders");
        assertSamePlan(orders.select("customer").distinct(), "SELECT DISTINCT customer FROM orders");
    }

    @Test
    void windowFunctionsArePlannedAsTheDataFrameMethodsAre() {
        assertSamePlan(
                orders.select(
                        col("id"),
                        rank().over(Window.partitionBy("customer")
                                        .orderBy(col("amount").desc()))
                                .as("r"),
                        sum("amount")
                                .over(Window.orderBy(col("id").asc()).rowsBetween(-1, Window.currentRow()))
                                .as("s")),
                "SELECT id, rank() OVER (PARTITION BY customer ORDER BY amount DESC) AS r,"
                        + " sum(amount) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM orders");
    }

    // ---- Entry points

    @Test
    void parametersByNameAndByPosition() {
        DataFrame named = session.sql(
                "SELECT id FROM orders WHERE customer = :who AND amount > :least", Map.of("who", "ann", "least", 15));
        assertEquals(List.of(row(3L)), named.collectAsList());
        DataFrame positional = session.sql("SELECT id FROM orders WHERE customer = ? AND amount > ?", "bob", 1);
        assertEquals(List.of(row(2L)), positional.collectAsList());
    }

    @Test
    void aParameterIsAValueAndNeverSql() {
        DataFrame found = session.sql("SELECT id FROM orders WHERE customer = :who", Map.of("who", "x' OR 'a' = 'a"));
        assertEquals(List.of(), found.collectAsList());
    }

    @Test
    void conditionsAndColumnsMayBeTexts() {
        assertEquals(List.of(row(3L)), orders.filter("amount > 20").select("id").collectAsList());
        assertEquals(
                List.of(row(1L, 20.0)),
                orders.where("id = 1").selectExpr("id", "amount * 2 AS twice").collectAsList());
        assertEquals(
                List.of(row(35.0)),
                orders.agg(expr("sum(amount) FILTER (WHERE customer IS NULL OR amount = 30)")
                                .as("s"))
                        .collectAsList());
        assertEquals("(amount > 10)", expr("amount > 10").toString());
    }

    @Test
    void mistakesInTextsAreShownWithTheirPlace() {
        assertFails("""
                [UNRESOLVED_COLUMN] 'amout' is not a column of (id, customer, amount). Did you mean 'amount'?
                == SQL, line 1, column 8 ==
                id = 1 AND amout > 1
                           ^^^^^""".replace("column 8", "column 12"), () -> orders.filter("id = 1 AND amout > 1"));
        assertFails("""
                [PARSE_SYNTAX_ERROR] Syntax error at the end of the text.
                == SQL, line 1, column 5 ==
                id +
                    ^""", () -> orders.selectExpr("id", "id +"));
    }

    @Test
    void subqueriesCanStandInTextsOfConditions() {
        assertEquals(
                List.of(row(3L)),
                orders.filter("amount = (SELECT max(amount) FROM orders)")
                        .select("id")
                        .collectAsList());
    }

    @Test
    void viewsAreKnownUntilTheyAreDropped() {
        assertTrue(session.catalog().tableExists("ORDERS"));
        assertEquals(4, session.table("orders").count());
        assertThrows(dev.headrace.errors.QueryException.class, () -> orders.createTempView("orders"));
        assertTrue(session.catalog().dropTempView("orders"));
        assertFalse(session.catalog().dropTempView("orders"));
        assertFails(
                "[TABLE_OR_VIEW_NOT_FOUND] table(\"orders\"): the session has no table or view of this name.",
                () -> session.table("orders"));
    }

    @Test
    void aViewStaysWhatItWasWhenItsNameIsUsedAgain() {
        session.sql("SELECT id FROM orders WHERE id = 1").createOrReplaceTempView("orders");
        assertEquals(List.of(row(1L)), session.sql("SELECT * FROM orders").collectAsList());
    }

    @Test
    void windowsPivotsAndUnpivotsFromJava() {
        DataFrame newest = orders.withColumn(
                        "n",
                        row_number()
                                .over(Window.partitionBy("customer")
                                        .orderBy(col("id").desc())))
                .filter("n = 1 AND customer IS NOT NULL")
                .select("id")
                .orderBy("id");
        assertEquals(List.of(row(2L), row(3L)), newest.collectAsList());
        assertEquals(
                List.of(row(40.0, 20.0)),
                orders.groupBy()
                        .pivot("customer", List.of("ann", "bob"))
                        .agg(sum("amount"))
                        .collectAsList());
        DataFrame turned = orders.filter("id = 1")
                .select(col("id"), col("amount"), lit(1.0).as("other"))
                .unpivot(new Column[] {col("id")}, new Column[] {col("amount"), col("other")}, "name", "value");
        assertEquals(List.of(row(1L, "amount", 10.0), row(1L, "other", 1.0)), turned.collectAsList());
    }

    // ---- Writing

    @Test
    void rowsAreInsertedIntoFilesAndReadAgain(@TempDir Path folder) {
        String table = "parquet.`" + folder.resolve("t") + "`";
        session.sql("INSERT INTO " + table + " SELECT id, amount FROM orders WHERE id < 3");
        session.sql("INSERT INTO " + table + " SELECT 9L, 1.5");
        assertEquals(
                List.of(row(1L, 10.0), row(2L, 20.0), row(9L, 1.5)),
                session.sql("SELECT * FROM " + table + " ORDER BY id").collectAsList());
        session.sql("INSERT OVERWRITE " + table + " (amount, id) VALUES (7.0, 8)");
        assertEquals(
                List.of(row(8L, 7.0)),
                session.sql("SELECT id, amount FROM " + table).collectAsList());
    }

    @Test
    void tablesAreMadeFilledAndDropped(@TempDir Path folder) {
        session.sql("CREATE TABLE t (id BIGINT, name STRING) USING json LOCATION '" + folder.resolve("t") + "'");
        session.sql("INSERT INTO t VALUES (1, 'a'), (2, NULL)");
        session.sql("INSERT INTO t (name) VALUES ('only')");
        assertEquals(
                List.of(row(null, "only"), row(1L, "a"), row(2L, null)),
                session.sql("SELECT id, name FROM t ORDER BY id").collectAsList());
        assertFails(
                "[INSERT_COLUMN_ARITY_MISMATCH] INSERT INTO t: there are 2 columns, id, name, but the query gives 1."
                        + at("INSERT INTO t SELECT 1", "t SELECT").replace("^^^^^^^^", "^"),
                () -> session.sql("INSERT INTO t SELECT 1"));
        assertFails(
                "[UNRESOLVED_COLUMN] 'nam' is not a column of t, which has id, name. Did you mean 'name'?"
                        + at("INSERT INTO t (id, nam) VALUES (1, 'x')", "(id, nam)"),
                () -> session.sql("INSERT INTO t (id, nam) VALUES (1, 'x')"));
        session.sql("DROP TABLE t");
        assertFalse(session.catalog().tableExists("t"));
    }

    @Test
    void aTableIsMadeFromAQuery(@TempDir Path folder) {
        session.conf().set("spark.sql.warehouse.dir", folder.toString());
        session.sql("CREATE TABLE big USING parquet AS SELECT id, amount FROM orders WHERE amount > 15");
        assertEquals(
                List.of(row(2L), row(3L)),
                session.sql("SELECT id FROM big ORDER BY id").collectAsList());
        session.sql("CREATE TABLE IF NOT EXISTS big USING parquet AS SELECT 1 AS x");
        assertEquals(List.of("id", "amount"), Arrays.asList(session.table("big").columns()));
    }

    @Test
    void columnsAreInsertedByName(@TempDir Path folder) {
        session.sql("CREATE TABLE n (a INT, b STRING) USING parquet LOCATION '" + folder.resolve("n") + "'");
        session.sql("INSERT INTO n BY NAME SELECT 'x' AS b, 1 AS a");
        assertEquals(List.of(row(1, "x")), session.sql("SELECT * FROM n").collectAsList());
    }

    @Test
    void aDirectoryIsOverwritten(@TempDir Path folder) {
        String path = folder.resolve("d").toString();
        session.sql("INSERT OVERWRITE DIRECTORY '" + path + "' USING json SELECT 1 AS a");
        session.sql("INSERT OVERWRITE DIRECTORY '" + path + "' USING json SELECT 2 AS a");
        assertEquals(List.of(row(2L)), session.read().json(path).collectAsList());
    }

    @Test
    void aViewMayBeOfFiles(@TempDir Path folder) {
        String path = folder.resolve("v").toString();
        orders.select("id").write().json(path);
        session.sql("CREATE TEMPORARY VIEW files (id STRING) USING json OPTIONS (path '" + path + "')");
        assertEquals(
                List.of(row("1"), row("2"), row("3"), row("4")),
                session.sql("SELECT id FROM files ORDER BY id").collectAsList());
    }

    @Test
    void aTableThatIsThereKeepsItsRows(@TempDir Path folder) {
        String path = folder.resolve("kept").toString();
        orders.select("id").write().parquet(path);
        session.sql("CREATE TABLE kept (id BIGINT) USING parquet LOCATION '" + path + "'");
        assertEquals(4, session.table("kept").count());
        session.sql("DROP TABLE kept");
        assertEquals(4, session.read().parquet(path).count());
        session.sql("CREATE OR REPLACE TABLE kept USING parquet LOCATION '" + path + "' AS SELECT 7 AS id");
        assertEquals(List.of(row(7)), session.table("kept").collectAsList());
    }

    @Test
    void timesAtTheEndOfTheirRangeAreRead() {
        assertEquals(
                List.of(row(
                        "+294247-01-10 04:00:54.775806", "+294247-01-10 04:00:54.775807", "+294247-01-10 00:00:00")),
                session.sql("SELECT TIMESTAMP'294247-01-10 04:00:54.775806'::string,"
                                + " timestamp_micros(9223372036854775807L)::string::timestamp::string,"
                                + " from_json('{\"t\":\"294247-01-10 00:00:00\"}', 't TIMESTAMP').t::string")
                        .collectAsList());
    }

    @Test
    void settingsAreSetAndReset() {
        session.sql("SET spark.sql.session.timeZone = Asia/Tokyo");
        assertEquals("Asia/Tokyo", session.conf().get("spark.sql.session.timeZone"));
        session.sql("SET my.own = 1");
        session.sql("RESET my.own");
        assertEquals("none", session.conf().get("my.own", "none"));
    }

    @Test
    void settingsAreInTheTextsOfStatements() {
        session.sql("SET x.y = 5");
        session.sql("SET of.x = ${x.y} + ${hiveconf:x.y}");
        assertEquals(
                List.of(row(5, "5 ${x.z}", 10)),
                session.sql("SELECT ${x.y}, '${x.y} ${x.z}', ${of.x}").collectAsList());
        session.conf().set("a", "${b}");
        session.conf().set("b", "${a}");
        assertFails(
                "[INVALID_CONFIG] The value of the setting 'a' refers to itself.", () -> session.sql("SELECT '${a}'"));
        session.sql("SET spark.sql.variable.substitute = false");
        assertEquals(row("${x.y}"), session.sql("SELECT '${x.y}'").head());
    }

    @Test
    void parametersMayBeArraysListsAndMaps() {
        assertEquals(
                List.of(row(List.of(1, 2), List.of("a"), Map.of("k", List.of(3L)), 2)),
                session.sql(
                                "SELECT ?, ?, ?, size(?)",
                                new int[] {1, 2},
                                new String[] {"a"},
                                Map.of("k", List.of(3L)),
                                List.of(7, 8))
                        .collectAsList());
        assertEquals(
                List.of(row(2L)),
                session.sql("SELECT id FROM orders WHERE array_contains(:ids, id)", Map.of("ids", new long[] {2, 9}))
                        .collectAsList());
    }

    /// As in Spark: of no elements is known what they are, which goes with any type.
    @Test
    void emptyArraysAsParametersGoWithAnyType() {
        Map<String, Object> none = Map.of("none", List.of());
        assertEquals(
                List.of(row(false, 1, true, List.of(3), List.of("x"), "array<void>")),
                session.sql(
                                "SELECT array_contains(:none, 1), size(:none) + 1, forall(:none, x -> x > 'a'),"
                                        + " concat(:none, array(3)), coalesce(nullif(:none, :none), array('x')), typeof(:none)",
                                none)
                        .collectAsList());
        assertEquals(
                List.of(),
                session.sql("SELECT id FROM orders WHERE id IN (SELECT explode(:none))", none)
                        .collectAsList());
    }

    @Test
    void resetGoesBackToWhatTheSessionBeganWith() {
        session.sql("RESET spark.sql.session.timeZone");
        assertEquals("UTC", session.conf().get("spark.sql.session.timeZone"));
        session.sql("SET spark.sql.session.timeZone = Asia/Tokyo");
        session.sql("SET my.own = 1");
        session.sql("RESET");
        assertEquals("UTC", session.conf().get("spark.sql.session.timeZone"));
        assertEquals("local[2]", session.conf().get("spark.master"));
        assertEquals("none", session.conf().get("my.own", "none"));
        session.conf().unset("spark.sql.session.timeZone");
        session.sql("RESET");
        assertEquals("UTC", session.conf().get("spark.sql.session.timeZone"));
    }

    @Test
    void viewsAreNotInsertedInto() {
        assertFails(
                "[TABLE_OR_VIEW_NOT_FOUND] INSERT: 'orders' is a view. Insert into a table made by CREATE TABLE, or into"
                        + " files as in parquet.`/path`. Did you mean 'orders'?"
                        + at("INSERT INTO orders SELECT 1, 'x', 2", "orders"),
                () -> session.sql("INSERT INTO orders SELECT 1, 'x', 2"));
    }

    @Test
    void explainGivesThePlan() {
        String plan =
                session.sql("EXPLAIN SELECT id FROM orders WHERE id = 1").head().getString(0);
        assertTrue(plan.startsWith("== Physical Plan =="), plan);
    }

    @Test
    void explainAnalyzeSaysWhatTheOperatorsDid() {
        String plan = session.sql("EXPLAIN ANALYZE SELECT id FROM range(10) WHERE id % 5 = 1")
                .head()
                .getString(0);
        assertTrue(plan.matches("(?s)== Physical Plan, after [0-9.,]+ ms ==\n.*"), plan);
        assertTrue(plan.matches("(?s).*Compute \\[id#0\\] where [^\n]+ {2}\\(2 rows, [0-9.]+ ms\\).*"), plan);
        assertTrue(plan.contains("(10 rows, "), plan);
        assertEquals(
                List.of("== Physical Plan, after"),
                session.sql("/* a */ explain -- b\n analyze VALUES (1)").collectAsList().stream()
                        .map(row -> row.getString(0).substring(0, 23))
                        .toList());
    }

    @Test
    void explainAnalyzeRunsQueriesOnly() {
        assertFails(
                "[UNSUPPORTED_SQL] EXPLAIN ANALYZE runs a query and leaves out its rows. Give it the query without what it"
                        + " is for.",
                () -> session.sql("EXPLAIN ANALYZE INSERT INTO orders SELECT 1, 'x', 2"));
        assertFails(
                "[UNSUPPORTED_SQL] EXPLAIN explains queries, and the queries of INSERT and of views.",
                () -> session.sql("EXPLAIN ANALYZE TABLE orders COMPUTE STATISTICS"));
        assertFails("""
                [DIVIDE_BY_ZERO] 1 div 0: division by zero. Use try_divide to get NULL instead.
                == SQL, line 1, column 24 ==
                EXPLAIN ANALYZE SELECT 1 DIV (id - 3) FROM range(10)
                                       ^^^^^^^^^^^^^^""", () -> session.sql("EXPLAIN ANALYZE SELECT 1 DIV (id - 3) FROM range(10)"));
    }

    @Test
    void aPivotComputesItsArgumentOnce() {
        String plan = session.sql("EXPLAIN SELECT * FROM (SELECT id, id % 5 AS k FROM range(9))"
                        + " PIVOT (sum(100 DIV id) FOR k IN (1, 2, 3, 4))")
                .head()
                .getString(0);
        assertEquals(1, plan.split("100 div id#0", -1).length - 1, plan);
    }

    // ---- The parser

    @Test
    void scriptsAreSplitAtSemicolonsThatAreNotPartOfAText() {
        assertEquals(
                List.of("SELECT ';' AS a", "-- no; \nSELECT 2"),
                SqlParser.split("SELECT ';' AS a;;-- no; \nSELECT 2 ; "));
        assertEquals(List.of(), SqlParser.split(" ; -- nothing\n"));
        String script =
                "BEGIN a: BEGIN IF CASE x WHEN 1 THEN true END THEN SELECT w.end; END IF; END a; CASE WHEN b THEN"
                        + " SELECT 1; END CASE; FOR SELECT 1 DO SELECT 2; END FOR; /* ; */ END";
        assertEquals(
                List.of("SELECT 1", script, "SELECT CASE WHEN a THEN 1 END"),
                SqlParser.split("SELECT 1;" + script + "; SELECT CASE WHEN a THEN 1 END;"));
        assertTrue(SqlParser.isWhole(script + ";"));
        assertFalse(SqlParser.isWhole("BEGIN SELECT 1;"));
        assertFalse(SqlParser.isWhole("BEGIN IF a THEN SELECT 1; END IF;"));
        assertFalse(SqlParser.isWhole(script));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN DECLARE n BIGINT; SET n = (SELECT count(end) FROM VALUES (1) AS w(end)); SELECT n; END",
                "BEGIN SELECT begin, case FROM t; SELECT end FROM t; END",
                "BEGIN SELECT substring('abcd' FROM CASE WHEN true THEN 2 END FOR 2); END",
                "BEGIN SELECT substring('abcd' FROM (CASE WHEN true THEN 2 END) FOR 2); END",
                "BEGIN NOT ATOMIC BEGIN END; END",
                "BEGIN IF (SELECT max(end) FROM t) > CASE WHEN a THEN 1 END THEN BEGIN END; ELSE IF b THEN SELECT 1; END IF;"
                        + " END IF; END",
                "BEGIN IF a THEN SELECT 1; ELSEIF b THEN LOOP LEAVE l; END LOOP; END IF; END",
                "BEGIN CASE CASE WHEN a THEN 1 END WHEN 1 THEN CASE b WHEN 2 THEN SELECT 3; END CASE; END CASE; END",
                "BEGIN REPEAT SET i = end; UNTIL end > CASE i WHEN 1 THEN 2 END END REPEAT; END",
                "BEGIN l: WHILE end < 1 DO FOR r AS SELECT CASE WHEN a THEN 1 END FROM t DO SELECT 1; END FOR; END WHILE l; END",
                "BEGIN loop: LOOP LEAVE loop; END LOOP loop; END",
                "BEGIN if : WHILE true DO LEAVE if; END WHILE; END",
                "BEGIN IF :p THEN SELECT 1; ELSEIF :q THEN SELECT :end; END IF; SELECT :if; END",
                "BEGIN IF :begin AND a = :case THEN SELECT 1; END IF; WHILE :p DO SELECT 1; END WHILE; END",
                "BEGIN CASE :p WHEN :q THEN SELECT 1; END CASE; REPEAT SELECT 1; UNTIL :p END REPEAT; END",
                "BEGIN DECLARE EXIT HANDLER FOR a.b, SQLSTATE VALUE '22012', NOT FOUND BEGIN SELECT 1; END; SELECT 2; END",
                "BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT begin FROM t; SELECT 2; END",
                "BEGIN DECLARE begin INT; DECLARE exit INT = 1; SET begin = 2; SELECT begin; END"
            })
    void theWordsOfBlocksMayBeNamesInScripts(String script) {
        assertEquals(List.of(script, "SELECT 1"), SqlParser.split(script + "; SELECT 1"));
        assertTrue(SqlParser.isWhole(script + ";"));
        assertFalse(SqlParser.isWhole(script.substring(0, script.lastIndexOf("END"))));
    }

    @Test
    void aWindowThatIsGroupedByHasAName() {
        session.sql("SELECT timestamp_seconds(1769853600 + id) AS ts, id FROM range(25)")
                .createOrReplaceTempView("ticks");
        assertEquals(
                List.of(row("10:00:10", "10:00:20", 10L), row("10:00:00", "10:00:10", 10L)),
                session.sql(
                                "SELECT date_format(window.start, 'HH:mm:ss'), date_format(window.end, 'HH:mm:ss'), count(*)"
                                        + " FROM ticks GROUP BY window(ts, '10 seconds') HAVING second(window.end) < 25"
                                        + " ORDER BY window.start DESC LIMIT 2")
                        .collectAsList());
        assertEquals(
                session.sql("SELECT window(ts, '10 seconds') AS w, id % 2 AS odd, max(id) AS m FROM ticks"
                                + " GROUP BY window(ts, '10 seconds'), id % 2 ORDER BY w, odd")
                        .collectAsList(),
                session.sql("SELECT window AS w, id % 2 AS odd, max(id) AS m FROM ticks"
                                + " GROUP BY id % 2, window(ts, '10 seconds') ORDER BY window, odd")
                        .collectAsList());
        assertEquals(
                List.of(row(25L)),
                session.sql("SELECT count(*) FROM ticks GROUP BY session_window(ts, '5 seconds')"
                                + " HAVING session_window.start < session_window.end")
                        .collectAsList());
    }

    @Test
    void theGrammarNeedsNoScala() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("scala.Option"));
        assertEquals(1, session.sql("SELECT 1").count());
    }

    @Test
    void longChainsOfOperatorsAreRead() {
        assertEquals(
                List.of(row(300)), session.sql("SELECT " + ones(300) + " AS s").collectAsList());
    }

    @Test
    void chainsOfThousandsAreRun() {
        assertEquals(List.of(row(10L)), ofIds(chain(" OR ", "id = ?")));
        assertEquals(List.of(row(5L)), ofIds(chain(" AND ", "id <> ? + 5")));
        assertEquals(List.of(row(10L)), ofIds(chain(" OR ", "id = ? AND id < ? + 1")));
        assertEquals(List.of(row(10L)), ofIds("id IN (" + chain(", ", "id + ?") + ")"));
        assertEquals(List.of(row(10L)), ofIds("string(id) LIKE ANY (" + chain(", ", "'?%'") + ")"));
        assertEquals(
                List.of(row(90L)),
                session.sql("SELECT sum(CASE id " + chain(" ", "WHEN ? THEN 2 * ?") + " END) AS s FROM range(10)")
                        .collectAsList());
        assertEquals(
                List.of(row("x".repeat(5000))),
                session.sql("SELECT " + chain(" || ", "'x'") + " AS s").collectAsList());
        assertEquals(
                List.of(row(12497500L)),
                session.sql("SELECT sum(x) FROM (" + chain(" UNION ALL ", "SELECT ? AS x") + ")")
                        .collectAsList());
    }

    @Test
    void chainsThatProgramsMakeAreRun() {
        DataFrame ids = session.range(10);
        Column any = IntStream.range(5, 5005)
                .mapToObj(i -> col("id").equalTo((long) i))
                .reduce(Column::or)
                .orElseThrow();
        assertEquals(5, ids.filter(any).count());
        Column all = IntStream.range(5, 5005)
                .mapToObj(i -> functions.not(col("id").equalTo((long) i)))
                .reduce(lit(true), Column::and);
        assertEquals(5, ids.filter(all).count());
        assertEquals(
                "(((a OR b) OR c) AND d)",
                col("a").or(col("b")).or(col("c")).and(col("d")).toString());
    }

    private List<Row> ofIds(String condition) {
        return session.sql("SELECT count(*) FROM range(10) WHERE " + condition).collectAsList();
    }

    /// Five thousand of a text, in which the numbers from 0 stand for question marks.
    private static String chain(String between, String text) {
        return IntStream.range(0, 5000)
                .mapToObj(i -> text.replace("?", Integer.toString(i)))
                .collect(Collectors.joining(between));
    }

    @Test
    void aStatementThatIsTooDeepIsRefused() {
        assertFails(
                "[STATEMENT_TOO_COMPLEX] The statement is nested too deeply. Compute parts of it in subqueries or views, or"
                        + " give threads more stack with -Xss8m.",
                () -> session.sql("SELECT " + ones(50_000)));
        // What it needs is loaded before the stack overflows.
        Column sum = col("id").plus(1);
        session.range(1).select(sum).collectAsList();
        for (int i = 0; i < 50_000; i++) {
            sum = sum.plus(1);
        }
        Column deep = sum;
        QueryException refused = assertThrows(
                QueryException.class, () -> session.range(1).select(deep).collectAsList());
        assertEquals("STATEMENT_TOO_COMPLEX", refused.code());
    }

    private static String ones(int count) {
        return String.join(" + ", java.util.Collections.nCopies(count, "1"));
    }

    @Test
    void fieldsOfStructsAreReadFromTablesInMemory() {
        StructType schema = StructType.fromDDL("id int, s struct<a:int,b:struct<c:int,d:int>>");
        RowTable table = new RowTable("collected", schema);
        table.add(List.of(List.of(1, List.of(2, List.of(7, 3)))));
        session.runtime().tables().put("collected", table);

        assertEquals("[3]", session.sql("SELECT s.b.d FROM collected").first().toString());
        assertEquals(
                "[7,1]", session.sql("SELECT s.b.c, id FROM collected").first().toString());
    }

    // ---- Ends of types

    @Test
    void nullsWithoutATypeAreKeysOfJoins() {
        String side = "(SELECT * FROM VALUES (1, NULL), (2, NULL) AS x(id, v))";
        assertEquals(
                4,
                session.sql("SELECT * FROM " + side + " a JOIN " + side + " b ON a.v <=> b.v")
                        .count());
        assertEquals(
                2,
                session.sql("SELECT * FROM " + side + " a FULL JOIN " + side + " b ON a.v <=> b.v AND a.id = b.id")
                        .count());
        assertEquals(
                0,
                session.sql("SELECT * FROM " + side + " a JOIN " + side + " b ON a.v = b.v")
                        .count());
    }

    @Test
    void sumsAndMeansThatDoNotFitAreNullIfTried() {
        String most = "9999999999999999999999999999.9999999999BD";
        assertEquals(
                row(null, null, new BigDecimal("1.5000000000"), new BigDecimal("0.75000000000000")),
                session.sql("SELECT try_sum(a), try_avg(a), try_sum(b), try_avg(b) FROM VALUES (" + most
                                + ", CAST(1 AS decimal(38, 10))), (" + most + ", CAST(0.5 AS decimal(38, 10))), (NULL,"
                                + " NULL) AS t(a, b)")
                        .head());
        assertEquals(
                row(new BigDecimal("9999999999999999999999999999.9999999999"), null),
                session.sql("SELECT try_sum(a), try_avg(a) FROM VALUES (" + most + ") AS t(a)")
                        .head());
        assertEquals(
                row((Object) Double.NaN),
                session.sql("SELECT regr_slope(1, double('NaN'))").head());
    }

    @Test
    void variantsHaveNoPercentiles() {
        assertEquals(
                "DATATYPE_MISMATCH",
                assertThrows(QueryException.class, () -> session.sql("SELECT approx_percentile(parse_json('1'), 0.5)"))
                        .code());
    }

    @Test
    void aTimeZoneMayBeAnInterval() {
        session.sql("SET TIME ZONE INTERVAL '02:30' HOUR TO MINUTE");
        assertEquals(
                "[2024-01-01 02:30:00]",
                session.sql("SELECT CAST(TIMESTAMP '2024-01-01 00:00:00Z' AS STRING)")
                        .first()
                        .toString());
        session.sql("SET TIME ZONE INTERVAL -8 HOURS");
        assertEquals("-08:00", session.conf().get("spark.sql.session.timeZone"));
        assertFails("""
                [INVALID_INTERVAL_FORMAT.TIMEZONE_INTERVAL_OUT_OF_RANGE] A time zone is whole seconds and at most 18 hours \
                away from UTC, on either side.
                == SQL, line 1, column 15 ==
                SET TIME ZONE INTERVAL 19 HOURS
                              ^^^^^^^^^^^^^^^^^""", () -> session.sql("SET TIME ZONE INTERVAL 19 HOURS"));
    }
}
