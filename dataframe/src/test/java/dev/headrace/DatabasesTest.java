package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.catalog.Table;
import dev.headrace.errors.HeadraceException;
import dev.headrace.exec.RowTable;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases beside the default one.
class DatabasesTest {
    @TempDir
    private Path warehouse;

    private void session(Consumer<Session> work) {
        try (Session session = Session.builder()
                .master("local[2]")
                .config("spark.sql.warehouse.dir", warehouse.toString())
                .create()) {
            work.accept(session);
        }
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    private static List<String> rows(Session session, String sql) {
        return rows(session.sql(sql));
    }

    private static String code(Session session, String sql) {
        return assertThrows(HeadraceException.class, () -> session.sql(sql), sql)
                .code();
    }

    @Test
    void aDatabaseAndItsTablesOutliveTheSession() {
        session(first -> {
            first.sql("CREATE DATABASE Sales COMMENT 'what is sold' WITH DBPROPERTIES (team = 'shop', level = '1')");
            first.sql("CREATE TABLE sales.orders (id INT) USING parquet");
            first.sql("INSERT INTO sales.orders VALUES (1), (2)");
            first.sql("CREATE TABLE orders AS SELECT 7 AS id");
            first.range(3).write().saveAsTable("spark_catalog.sales.numbers");
            first.sql("CREATE VIEW sales.big AS SELECT id FROM sales.orders WHERE id > 1");
        });
        assertTrue(Files.isDirectory(warehouse.resolve("sales.db").resolve("orders")));
        assertTrue(Files.isDirectory(warehouse.resolve("orders")));
        session(next -> {
            assertEquals(List.of("[default]", "[sales]"), rows(next, "SHOW DATABASES"));
            assertEquals(List.of("[sales]"), rows(next, "SHOW SCHEMAS LIKE 's*'"));
            assertEquals(
                    List.of(
                            "[Catalog Name,spark_catalog]",
                            "[Namespace Name,sales]",
                            "[Comment,what is sold]",
                            "[Location," + warehouse.resolve("sales.db") + "]",
                            "[Owner," + System.getProperty("user.name") + "]",
                            "[Properties,((level,1), (team,shop))]"),
                    rows(next, "DESCRIBE DATABASE EXTENDED SALES"));
            assertEquals(List.of("[2]"), rows(next, "SELECT count(*) FROM spark_catalog.sales.orders"));
            assertEquals(List.of("[7]"), rows(next, "SELECT * FROM orders"));
            assertEquals(
                    List.of("[1,7]", "[2,7]"),
                    rows(next, "SELECT s.id, d.id FROM sales.orders s, orders d ORDER BY 1"));
            assertEquals(
                    List.of("[sales,big,false]", "[sales,numbers,false]", "[sales,orders,false]"),
                    rows(next, "SHOW TABLES IN sales"));
            assertEquals(List.of("[sales,big,false]"), rows(next, "SHOW VIEWS IN sales"));
            assertEquals(List.of("[default,orders,false]"), rows(next, "SHOW TABLES"));
            next.sql("DROP TABLE sales.orders");
            assertFalse(Files.exists(warehouse.resolve("sales.db").resolve("orders")));
            assertEquals(1, next.table("orders").count());
            assertEquals("TABLE_OR_VIEW_NOT_FOUND", code(next, "SELECT * FROM sales.orders"));
        });
    }

    @Test
    void namesAreThoseOfTheCurrentDatabase() {
        session(session -> {
            session.sql("CREATE TABLE t AS SELECT 'default' AS db");
            session.sql("CREATE SCHEMA a");
            session.sql("USE a");
            assertEquals(List.of("[a,a]"), rows(session, "SELECT current_database(), current_schema()"));
            assertEquals(
                    "a",
                    session.range(1).select(functions.current_database()).head().getString(0));
            assertEquals(List.of("[spark_catalog,a]"), rows(session, "SHOW CURRENT NAMESPACE"));
            assertEquals("TABLE_OR_VIEW_NOT_FOUND", code(session, "SELECT * FROM t"));
            session.sql("CREATE TABLE t AS SELECT 'a' AS db");
            session.sql("CREATE VIEW v AS SELECT db FROM t");
            assertEquals(List.of("[a,default]"), rows(session, "SELECT x.db, y.db FROM t x, default.t y"));
            session.sql("INSERT OVERWRITE t SELECT 'written'");
            assertEquals(List.of("[a,t,false]", "[a,v,false]"), rows(session, "SHOW TABLES"));
            assertEquals(List.of("[default,t,false]"), rows(session, "SHOW TABLES IN default"));
            assertEquals(
                    List.of("[a,t,false]"),
                    rows(session.sql("SHOW TABLE EXTENDED LIKE 't'").drop("information")));
            session.createDataFrame(List.of(RowFactory.create(1)), new StructType().add("db", "int"))
                    .createTempView("t");
            assertEquals(List.of("[1]"), rows(session, "SELECT * FROM t"));
            assertEquals(List.of("[written]"), rows(session, "SELECT * FROM a.t"));
            // The view means the table that was there when it was made, wherever it is read.
            session.sql("USE DATABASE default");
            assertEquals(List.of("[written]"), rows(session, "SELECT * FROM a.v"));
            session.sql("USE spark_catalog.a");
            session.sql("USE spark_catalog");
            assertEquals("a", session.catalog().currentDatabase());
            assertEquals("default", session.newSession().catalog().currentDatabase());
            assertEquals("SCHEMA_NOT_FOUND", code(session, "USE nowhere"));
            assertEquals("REQUIRES_SINGLE_PART_NAMESPACE", code(session, "USE spark_catalog.a.b"));
        });
    }

    @Test
    void whatIsDroppedIsWhatAQueryMeansByTheName() {
        session(session -> {
            session.sql("CREATE DATABASE a");
            for (String current : List.of("default", "a")) {
                session.sql("CREATE VIEW default.v AS SELECT 1 AS x");
                session.sql("CREATE TEMPORARY VIEW v AS SELECT 2 AS x");
                session.sql("USE " + current);
                session.sql("DROP VIEW default.v");
                assertFalse(session.tables().isLastingView(List.of("default", "v")), current);
                assertEquals(List.of("[2]"), rows(session, "SELECT * FROM v"), current);
                session.sql("DROP VIEW v");
                session.sql("USE default");
            }
            session.sql("CREATE TABLE default.t AS SELECT 1 AS x");
            session.sql("CREATE TEMPORARY VIEW t AS SELECT 2 AS x");
            assertFails(
                    "[TABLE_OR_VIEW_NOT_FOUND] There is no view 't', but a table of this name.",
                    () -> session.sql("DROP VIEW default.t"));
            session.sql("DROP VIEW t");

            // What a stream has filled stays if a table hid it.
            session.runtime().tables().put("t", new RowTable("t", StructType.fromDDL("x int")));
            session.sql("DROP TABLE t");
            assertEquals(0, session.table("t").count());
            session.sql("DROP TABLE t");
            assertEquals("TABLE_OR_VIEW_NOT_FOUND", code(session, "SELECT * FROM t"));
        });
    }

    @Test
    void aDatabaseGoesWithItsTablesOnlyIfThatIsSaid() {
        session(session -> {
            session.sql("CREATE DATABASE a");
            session.sql("CREATE TABLE a.t AS SELECT 1 AS x");
            session.sql("CACHE TABLE a.t");
            session.sql("CREATE VIEW a.v AS SELECT 1 AS x");
            assertFails(
                    "[SCHEMA_NOT_EMPTY] DROP DATABASE a: there are tables, views or functions in it, such as 't'. Drop them"
                            + " first, or write CASCADE to delete all of them with their rows.",
                    () -> session.sql("DROP DATABASE a"));
            assertEquals(1, session.table("a.t").count());
            session.sql("DROP SCHEMA a CASCADE");
            assertFalse(Files.exists(warehouse.resolve("a.db")));
            assertEquals(List.of("[default]"), rows(session, "SHOW DATABASES"));
            assertEquals("TABLE_OR_VIEW_NOT_FOUND", code(session, "SELECT * FROM a.t"));
            assertEquals("SCHEMA_NOT_FOUND", code(session, "CREATE TABLE a.t AS SELECT 1 AS x"));
            assertEquals("SCHEMA_NOT_FOUND", code(session, "DROP DATABASE a"));
            session.sql("DROP DATABASE IF EXISTS a");
            session.sql("CREATE DATABASE a");
            session.sql("CREATE DATABASE IF NOT EXISTS a");
            assertEquals("SCHEMA_ALREADY_EXISTS", code(session, "CREATE DATABASE A"));
            session.sql("DROP DATABASE a RESTRICT");
            for (String name : List.of("global_temp", "session", "`a.b`", "`../a`")) {
                assertEquals("INVALID_SCHEMA_OR_RELATION_NAME", code(session, "CREATE DATABASE " + name), name);
            }
        });
    }

    @Test
    void ofADatabaseElsewhereOnlyTheTablesGo(@TempDir Path elsewhere) throws IOException {
        Path place = elsewhere.resolve("place");
        session(session -> session.sql("CREATE DATABASE far LOCATION '" + place + "'"));
        session(session -> session.sql("CREATE TABLE far.t AS SELECT 1 AS x"));
        assertTrue(Files.isDirectory(place.resolve("t")));
        Files.writeString(place.resolve("notes.txt"), "mine");
        session(session -> {
            session.sql("ALTER DATABASE far SET LOCATION '" + elsewhere.resolve("next") + "'");
            session.sql("CREATE TABLE far.u AS SELECT 2 AS x");
            assertTrue(Files.isDirectory(elsewhere.resolve("next").resolve("u")));
            session.sql("ALTER DATABASE far SET LOCATION '" + place + "'");
            session.sql("DROP DATABASE far CASCADE");
        });
        assertTrue(Files.exists(place.resolve("notes.txt")));
        assertFalse(Files.exists(place.resolve("t")));
    }

    @Test
    void aDatabaseLiesInADirectory(@TempDir Path elsewhere) throws IOException {
        Path full = Files.createDirectory(elsewhere.resolve("full"));
        Files.writeString(full.resolve("notes.txt"), "mine");
        Path link = Files.createSymbolicLink(elsewhere.resolve("link"), full);
        Path dangling = Files.createSymbolicLink(elsewhere.resolve("dangling"), elsewhere.resolve("nowhere"));
        Path place = elsewhere.resolve("place");
        session(session -> {
            session.sql("CREATE DATABASE far LOCATION '" + link + "'");
            session.sql("DROP DATABASE far");
            for (Path no : List.of(link.resolve("notes.txt"), dangling)) {
                assertFails(
                        "[PATH_NOT_A_DIRECTORY] A database lies in a directory, but '" + no
                                + "' is a file, or a link to nothing. Say another LOCATION.",
                        () -> session.sql("CREATE DATABASE far LOCATION '" + no + "'"));
            }
            session.sql("CREATE DATABASE far LOCATION '" + place + "'");
            assertEquals(
                    "PATH_NOT_A_DIRECTORY",
                    code(session, "ALTER DATABASE far SET LOCATION '" + full.resolve("notes.txt") + "'"));
        });
        assertTrue(Files.isSymbolicLink(link));
        Files.delete(place);
        Files.writeString(place, "put here later");
        session(session -> session.sql("DROP DATABASE far"));
        assertEquals("put here later", Files.readString(place));
    }

    @Test
    void aDatabaseDoesNotLieAmongItsNotes() {
        Path notes = warehouse.resolve(".catalog");
        session(session -> {
            for (String place : List.of("a.db", "a.db/inside", "other.db")) {
                String location = " LOCATION '" + notes.resolve(place) + "'";
                assertEquals("UNSUPPORTED_OPERATION", code(session, "CREATE DATABASE a" + location), place);
            }
            session.sql("CREATE DATABASE a");
            String inside = notes.resolve("a.db").toString();
            assertEquals("UNSUPPORTED_OPERATION", code(session, "ALTER DATABASE a SET LOCATION '" + inside + "'"));
            session.conf().set("headrace.catalog.path", warehouse.toString());
            assertFails(
                    "[UNSUPPORTED_OPERATION] A database can't lie in '" + warehouse.resolve("b.db")
                            + "', where the catalog '" + warehouse + "' notes what databases there are. Say another"
                            + " LOCATION, or another headrace.catalog.path, such as '.catalog' in the warehouse, which is"
                            + " where it is unless that is set.",
                    () -> session.sql("CREATE DATABASE b"));
            assertFalse(Files.exists(warehouse.resolve("b.db")));
            session.sql(
                    "CREATE DATABASE b LOCATION '" + warehouse.resolve("tables").resolve("b") + "'");
            session.sql("CREATE TABLE b.t AS SELECT 1 AS x");
            session.sql("DROP DATABASE b CASCADE");
            assertFalse(Files.exists(warehouse.resolve("tables").resolve("b")));
        });
    }

    @Test
    void whatIsSaidOfADatabaseChanges() {
        session(session -> {
            session.sql("CREATE DATABASE a WITH DBPROPERTIES (x = '1')");
            session.sql("ALTER DATABASE a SET DBPROPERTIES (y = '2')");
            session.sql("COMMENT ON DATABASE a IS 'first'");
            assertEquals(
                    "[Properties,((x,1), (y,2))]",
                    rows(session, "DESCRIBE DATABASE EXTENDED a").getLast());
            assertEquals("first", session.catalog().getDatabase("a").description());
            session.sql("ALTER SCHEMA a UNSET DBPROPERTIES (x)");
            session.sql("COMMENT ON SCHEMA a IS NULL");
            assertEquals(
                    "[Properties,((y,2))]",
                    rows(session, "DESCRIBE DATABASE EXTENDED a").getLast());
            assertEquals("", session.catalog().getDatabase("a").description());
            assertEquals("SCHEMA_NOT_FOUND", code(session, "ALTER DATABASE b SET DBPROPERTIES (x = '1')"));
        });
    }

    @Test
    void tablesGetOtherNamesInTheirDatabase() {
        session(session -> {
            session.sql("CREATE DATABASE a");
            session.sql("CREATE TABLE a.t AS SELECT 1 AS x");
            session.sql("ALTER TABLE a.t RENAME TO u");
            assertEquals(List.of("[1]"), rows(session, "SELECT * FROM a.u"));
            assertTrue(Files.isDirectory(warehouse.resolve("a.db").resolve("u")));
            session.sql("ALTER TABLE a.u RENAME TO a.w");
            assertFails(
                    "[UNSUPPORTED_OPERATION] RENAME: 'a.w' can't become 'w': a table or view stays in its database. Copy it"
                            + " with CREATE TABLE … AS SELECT ….",
                    () -> session.sql("ALTER TABLE a.w RENAME TO default.w"));
            session.sql("ALTER TABLE a.w ADD COLUMNS (y INT)");
            session.sql("INSERT INTO a.w VALUES (2, 3)");
            assertEquals(List.of("[1,null]", "[2,3]"), rows(session, "SELECT * FROM a.w ORDER BY x"));
            assertEquals(
                    "CREATE TABLE a.w (\n  x INT,\n  y INT)\nUSING parquet\n",
                    session.sql("SHOW CREATE TABLE a.w").head().getString(0));
            session.sql("CREATE VIEW a.v AS SELECT x FROM a.w");
            session.sql("ALTER VIEW a.v RENAME TO views");
            assertEquals(List.of("[1]", "[2]"), rows(session, "SELECT * FROM a.views ORDER BY x"));
            session.sql("TRUNCATE TABLE a.w");
            assertEquals(0, session.table("a.w").count());
        });
    }

    @Test
    void whatIsInADatabaseIsListed(@TempDir Path elsewhere) {
        session(session -> {
            session.sql("CREATE DATABASE a");
            session.sql("CREATE TABLE a.t AS SELECT 1 AS x");
            session.sql("CREATE VIEW a.v AS SELECT 1 AS x");
            for (String statement : List.of(
                    "CREATE TABLE a.`.t` AS SELECT 1 AS x",
                    "CREATE TABLE a.`.t` USING json LOCATION '" + elsewhere.resolve("x") + "' AS SELECT 1 AS x",
                    "CREATE VIEW a.`.v` AS SELECT 1 AS x",
                    "CREATE VIEW `.v` AS SELECT 1 AS x",
                    "CREATE FUNCTION a.`.f`(x INT) RETURN x",
                    "ALTER TABLE a.t RENAME TO a.`.t`",
                    "ALTER VIEW a.v RENAME TO a.`.v`")) {
                assertEquals("INVALID_SCHEMA_OR_RELATION_NAME", code(session, statement), statement);
            }
            assertFalse(Files.exists(elsewhere.resolve("x")));
            session.sql("CREATE VIEW a.`v.1` AS SELECT 1 AS x");
            assertEquals(List.of("[a,t,false]", "[a,v,false]", "[a,v.1,false]"), rows(session, "SHOW TABLES IN a"));
        });
    }

    @Test
    void theCatalogKnowsDatabases(@TempDir Path elsewhere) {
        session(session -> {
            Catalog catalog = session.catalog();
            session.sql("CREATE DATABASE a");
            assertTrue(catalog.databaseExists("A"));
            assertTrue(catalog.databaseExists("spark_catalog.a"));
            assertFalse(catalog.databaseExists("b"));
            catalog.setCurrentDatabase("a");
            assertEquals("a", catalog.currentDatabase());
            session.range(2).write().json(elsewhere.resolve("far").toString());
            assertEquals(
                    2,
                    catalog.createTable("far", elsewhere.resolve("far").toString(), "json")
                            .count());
            session.range(1).write().saveAsTable("near");
            session.range(1).createTempView("seen");
            List<String> all = List.of("[far,EXTERNAL,false]", "[near,MANAGED,false]", "[seen,TEMPORARY,true]");
            assertEquals(all, rows(catalog.listTables()));
            catalog.setCurrentDatabase("default");
            assertEquals(all, rows(catalog.listTables("a")));
            assertEquals(List.of("[seen,TEMPORARY,true]"), rows(catalog.listTables()));
            assertEquals(new Table("near", "spark_catalog", "a", "MANAGED", false), catalog.getTable("a", "near"));
            assertEquals(new Table("near", "spark_catalog", "a", "MANAGED", false), catalog.getTable("a.near"));
            assertTrue(catalog.tableExists("a", "near"));
            assertFalse(catalog.tableExists("near"));
            assertFalse(catalog.tableExists("a", "seen"));
            assertEquals(List.of("[id,bigint,true]"), rows(catalog.listColumns("a", "near")));
            assertEquals(
                    warehouse.resolve("a.db").toUri().toString(),
                    catalog.getDatabase("a").locationUri());
            assertEquals(
                    List.of("[a]", "[default]"), rows(catalog.listDatabases().select("name")));
            assertFails(
                    "[SCHEMA_NOT_FOUND] There is no database 'defalt'. Make it with CREATE DATABASE. Did you mean 'default'?",
                    () -> catalog.setCurrentDatabase("defalt"));
        });
    }

    @Test
    void aTableIsNotedOnlyInADatabaseThatIsThere() {
        Databases databases = new Databases(warehouse.resolve(".catalog"), warehouse);
        databases.create("a", false, Optional.empty(), Optional.empty(), Map.of());
        TableCatalog tables = databases.tables("a");
        // Another program drops the database while a table is being written.
        databases.drop("a", true);
        SessionTables.StoredTable table = SessionTables.StoredTable.external(
                "parquet", Map.of(), Optional.of(warehouse.resolve("t").toString()), Optional.empty());
        assertFails(
                "[SCHEMA_NOT_FOUND] There is no database 'a', for 't' to be in. Make it with CREATE DATABASE.",
                () -> tables.put("t", new TableCatalog.Entry.OfTable(table)));
        assertEquals(List.of("default"), List.copyOf(databases.names()));
    }

    @Test
    void tablesThatTheSessionAloneKnowsAreInADatabaseToo(@TempDir Path elsewhere) {
        session(session -> {
            session.sql("CREATE DATABASE a");
            session.sql("CREATE TABLE a.far USING json LOCATION '" + elsewhere.resolve("far") + "' AS SELECT 1 AS x");
            assertEquals(List.of("[1]"), rows(session, "SELECT * FROM a.far"));
            assertEquals("TABLE_OR_VIEW_NOT_FOUND", code(session, "SELECT * FROM far"));
            assertEquals("SCHEMA_NOT_EMPTY", code(session, "DROP DATABASE a"));
            session.sql("DROP DATABASE a CASCADE");
            assertEquals("TABLE_OR_VIEW_NOT_FOUND", code(session, "SELECT * FROM a.far"));
            assertEquals(
                    1, session.read().json(elsewhere.resolve("far").toString()).count());
        });
    }

    @Test
    void aFormatMayBeTheNameOfADatabase() {
        session(session -> {
            session.sql("CREATE DATABASE parquet");
            session.sql("CREATE TABLE parquet.t AS SELECT 1 AS x");
            assertEquals(List.of("[1]"), rows(session, "SELECT * FROM parquet.t"));
            assertTrue(Files.isDirectory(warehouse.resolve("parquet.db").resolve("t")));
        });
    }

    @Test
    void functionsOutliveTheSessionToo() {
        session(first -> {
            first.sql("CREATE DATABASE a");
            first.sql("CREATE FUNCTION plus(x INT, y INT DEFAULT 1) RETURNS BIGINT COMMENT 'a sum' RETURN plus.x + y");
            first.sql("USE a");
            first.sql("CREATE FUNCTION twice(x INT) RETURN SELECT x * 2");
            first.sql("CREATE FUNCTION four(x INT) RETURNS INT RETURN twice(twice(x))");
            first.sql("CREATE VIEW v AS SELECT four(3) AS n");
            assertEquals(List.of("[6]"), rows(first, "SELECT twice(3)"));
            assertEquals("UNRESOLVED_ROUTINE", code(first, "SELECT plus(1)"));
        });
        session(next -> {
            assertEquals(List.of("[3,8,12]"), rows(next, "SELECT plus(2), default.plus(4, y => 4), a.four(3)"));
            assertEquals(List.of("[12]"), rows(next, "SELECT n FROM a.v"));
            assertEquals(
                    "bigint",
                    next.sql("SELECT plus(2) AS s")
                            .schema()
                            .apply("s")
                            .dataType()
                            .simpleString());
            assertEquals(List.of("[spark_catalog.default.plus]"), rows(next, "SHOW USER FUNCTIONS"));
            assertEquals(List.of("[spark_catalog.a.twice]"), rows(next, "SHOW FUNCTIONS IN a LIKE 'twi*'"));
            assertEquals(
                    List.of(
                            "[Function: default.plus]",
                            "[Usage: default.plus(x int, y int) → bigint]",
                            "[Body: plus.x + y]",
                            "[Description: a sum]"),
                    rows(next, "DESCRIBE FUNCTION plus"));
            assertTrue(next.catalog().functionExists("a", "twice"));
            assertFalse(next.catalog().functionExists("twice"));
            assertFalse(next.catalog().getFunction("a.twice").isTemporary());
            assertEquals("ROUTINE_ALREADY_EXISTS", code(next, "CREATE FUNCTION plus(x INT) RETURN x"));
            assertEquals("ROUTINE_ALREADY_EXISTS", code(next, "CREATE FUNCTION upper(x INT) RETURN x"));
            next.sql("CREATE FUNCTION IF NOT EXISTS plus(x INT) RETURN x");
            next.sql("CREATE OR REPLACE FUNCTION plus(x INT) RETURN x + 10");
            assertEquals(List.of("[12]"), rows(next, "SELECT plus(2)"));
            assertEquals(
                    "UNSUPPORTED_SQL", code(next, "CREATE OR REPLACE FUNCTION plus(x INT) RETURNS INT RETURN plus(x)"));
            next.sql("CREATE TEMPORARY FUNCTION mine(x INT) RETURN x");
            assertEquals("INVALID_TEMP_OBJ_REFERENCE", code(next, "CREATE FUNCTION f(x INT) RETURN mine(x) + 1"));
            next.sql("DECLARE level INT = 3");
            assertEquals("INVALID_TEMP_OBJ_REFERENCE", code(next, "CREATE FUNCTION f(x INT) RETURN level + x"));
            // The session's own go first.
            next.sql("CREATE TEMPORARY FUNCTION plus(x INT) RETURN x + 100");
            assertEquals(List.of("[102,12]"), rows(next, "SELECT plus(2), default.plus(2)"));
            assertEquals("SCHEMA_NOT_FOUND", code(next, "CREATE FUNCTION nowhere.f(x INT) RETURN x"));
            assertEquals("ROUTINE_NOT_FOUND", code(next, "DROP FUNCTION nothing"));
            next.sql("DROP FUNCTION IF EXISTS nothing");
            next.sql("DROP VIEW a.v");
            assertEquals("SCHEMA_NOT_EMPTY", code(next, "DROP DATABASE a"));
            next.sql("DROP FUNCTION a.four");
            next.sql("DROP FUNCTION a.twice");
            assertEquals("UNRESOLVED_ROUTINE", code(next, "SELECT a.twice(1)"));
            next.sql("DROP DATABASE a");
        });
    }

    @Test
    void aFunctionOfADatabaseIsThatOrNone() {
        session(session -> {
            session.sql("CREATE DATABASE us");
            session.sql("CREATE FUNCTION tax(x INT) RETURNS INT RETURN x * 19");
            session.sql("CREATE TEMPORARY FUNCTION mine(x INT) RETURNS INT RETURN x + 1");
            assertEquals(List.of("[38,38]"), rows(session, "SELECT tax(2), spark_catalog.default.tax(2)"));
            for (String call : List.of(
                    "us.tax(2)",
                    "us.mine(2)",
                    "default.mine(2)",
                    "us.upper('a')",
                    "us.sum(1)",
                    "us.count(*)",
                    "nowhere.upper('a')",
                    "spark_catalog.nowhere.upper('a')",
                    "nowhere.default.upper('a')")) {
                assertEquals("UNRESOLVED_ROUTINE", code(session, "SELECT " + call), call);
            }
            assertEquals("UNRESOLVED_ROUTINE", code(session, "DESCRIBE FUNCTION us.upper"));
            // These are in no database, and the library's may be said to be in the default one.
            assertEquals(
                    List.of("[A,A,3,3,A]"),
                    rows(
                            session,
                            "SELECT builtin.upper('a'), system.builtin.upper('a'), session.mine(2),"
                                    + " system.session.mine(2), spark_catalog.default.upper('a')"));
        });
    }

    @Test
    void columnsMayHaveTheDatabaseBeforeTheirTable() {
        session(session -> {
            session.sql("CREATE DATABASE a");
            session.sql("CREATE TABLE a.t AS SELECT 1 AS x, named_struct('f', 7) AS s");
            session.sql("CREATE TABLE t AS SELECT 2 AS x");
            assertEquals(List.of("[1,7,1]"), rows(session, "SELECT a.t.x, a.t.s.f, spark_catalog.a.t.x FROM a.t"));
            assertEquals(
                    List.of("[1,2]"),
                    rows(session, "SELECT a.t.x, default.t.x FROM a.t JOIN t ON a.t.x < default.t.x"));
            assertEquals(List.of("[2]"), rows(session, "SELECT default.t.* FROM a.t, t"));
            session.sql("CREATE VIEW a.v AS SELECT a.t.x FROM a.t");
            assertEquals(List.of("[1]"), rows(session, "SELECT a.v.x FROM a.v WHERE a.v.x = 1"));
            session.sql("CREATE GLOBAL TEMP VIEW g AS SELECT 3 AS x");
            assertEquals(List.of("[3]"), rows(session, "SELECT global_temp.g.x FROM global_temp.g"));
            assertEquals("UNRESOLVED_COLUMN", code(session, "SELECT a.t.x FROM a.t AS u"));
            assertEquals("UNRESOLVED_COLUMN", code(session, "SELECT default.t.x FROM a.t"));
        });
    }
}
