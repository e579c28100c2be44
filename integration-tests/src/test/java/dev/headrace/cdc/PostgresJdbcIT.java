package dev.headrace.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameWriter;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables of PostgreSQL, whose driver calls many types texts or timestamps, and which compares no two
/// types.
class PostgresJdbcIT {
    private static final List<String> CONDITIONS = List.of(
            "id = 1",
            "i < 5",
            "s IN (1S, 2S)",
            "n = 1.50",
            "n <> 1",
            "m > 1",
            "name = 'x'",
            "code IN ('y', 'q')",
            "padded = 'z    '",
            "u = '00000000-0000-0000-0000-000000000001'",
            "feeling = 'good'",
            "day IN (DATE '2024-02-29')",
            "seen = TIMESTAMP_NTZ '2024-02-29 10:00:00.123456'",
            "seen <= TIMESTAMP_NTZ '2024-02-29 10:00:00.123456'",
            "noticed > TIMESTAMP '2024-02-29 10:00:00'",
            "noticed = TIMESTAMP '2024-02-29 10:00:00.5'",
            "ok",
            "score > 1",
            "doc = '{}'",
            "doc IS NOT NULL");

    @TempDir
    private Path folder;

    @Test
    void rowsOfAllTypesAreWrittenAndReadAgain() throws Exception {
        try (Postgres postgres = Postgres.start();
                Session session = Session.builder()
                        .master("local[2]")
                        .config("spark.sql.session.timeZone", "UTC")
                        .getOrCreate()) {
            DataFrame rows =
                    session.sql("SELECT 1L AS id, true AS b, 2S AS s, 3 AS i, 1.5f AS f, 2.5D AS d, 1.25BD AS n,"
                            + " 'x' AS t, X'00ff' AS bytes, DATE '2024-02-29' AS day,"
                            + " TIMESTAMP_NTZ '2024-02-29 10:00:00.123456' AS seen,"
                            + " TIMESTAMP '2024-02-29 10:00:00.5' AS noticed"
                            + " UNION ALL SELECT 2L, null, null, null, null, null, null, null, null, null, null, null");
            String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres";

            rows.write().jdbc(url, "everything", new Properties());

            DataFrame read = session.read().jdbc(url, "everything", new Properties());
            assertEquals(rows.schema().simpleString(), read.schema().simpleString());
            assertEquals(List.of(), rows.exceptAll(read).collectAsList());
            assertEquals(2, read.count());
        }
    }

    @Test
    void filtersOverColumnsOfAllTypesFindTheirRow() throws Exception {
        try (Postgres postgres = Postgres.start();
                Session session = Session.builder()
                        .master("local[2]")
                        .config("spark.sql.session.timeZone", "UTC")
                        .getOrCreate()) {
            try (Connection connection = postgres.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TYPE mood AS ENUM ('good', 'bad')");
                statement.execute(
                        "CREATE TABLE t (id bigint PRIMARY KEY, i int, s smallint, n numeric(10, 2), m numeric, name text,"
                                + " code varchar(10), padded char(5), u uuid, feeling mood, day date, seen timestamp,"
                                + " noticed timestamptz, ok boolean, score float8, doc jsonb)");
                statement.execute("INSERT INTO t VALUES (1, 1, 1, 1.50, 2.5, 'x', 'y', 'z',"
                        + " '00000000-0000-0000-0000-000000000001', 'good', '2024-02-29', '2024-02-29 10:00:00.123456',"
                        + " '2024-02-29 10:00:00.5+00', true, 1.5, '{}')");
                statement.execute("INSERT INTO t (id) VALUES (2)");
            }
            String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres";
            DataFrame table = session.read().jdbc(url, "t", new Properties());

            assertEquals(
                    "seen TIMESTAMP_NTZ,noticed TIMESTAMP",
                    table.select("seen", "noticed").schema().toDDL());
            for (String condition : CONDITIONS) {
                assertEquals(
                        List.of(RowFactory.create(1L)),
                        table.filter(condition).select("id").collectAsList(),
                        condition);
            }
            assertEquals(1, table.filter("doc IS NULL").count());
            assertEquals(1, table.limit(1).collectAsList().size());
            // The driver says that there are no nulls in t.id, which holds for the table and not for the join.
            assertEquals(
                    1,
                    session.read()
                            .format("jdbc")
                            .option("url", url)
                            .option("query", "SELECT t.id FROM (VALUES (1), (3)) a(k) LEFT JOIN t ON a.k = t.id")
                            .load()
                            .filter("id IS NULL")
                            .count());
        }
    }

    @Test
    void optionsOfWritesDoWhatTheySay() throws Exception {
        try (Postgres postgres = Postgres.start();
                Session session = Session.builder().master("local[2]").getOrCreate();
                Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres";
            DataFrame rows = session.sql("SELECT 1 AS id, '{\"a\":1}' AS doc, 'x' AS name");
            DataFrameWriter write = rows.write()
                    .option("createTableColumnTypes", "id BIGINT PRIMARY KEY, name CHAR(3)")
                    .option("isolationLevel", "SERIALIZABLE")
                    .option(
                            "sessionInitStatement",
                            "CREATE TEMP TABLE IF NOT EXISTS seen AS SELECT 1; SET application_name = 'it'");
            write.jdbc(url, "parent", new Properties());
            assertEquals(
                    "bigint, character varying, character(3)",
                    first(
                            statement,
                            "SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute"
                                    + " WHERE attrelid = 'parent'::regclass AND attnum > 0"));

            // What refers to the rows keeps them from being deleted, but not from being truncated with it.
            statement.execute("CREATE TABLE child (parent BIGINT REFERENCES parent (id))");
            statement.execute("INSERT INTO child VALUES (1)");
            DataFrameWriter overwrite = rows.write().mode("overwrite").option("truncate", true);
            assertThrows(UnavailableException.class, () -> overwrite.jdbc(url, "parent", new Properties()));
            overwrite.option("cascadeTruncate", true).jdbc(url, "parent", new Properties());
            assertEquals("0", first(statement, "SELECT count(*) FROM child"));
            assertEquals("1", first(statement, "SELECT count(*) FROM parent"));

            // The level is that of the transaction in which rows are inserted.
            statement.execute(
                    "CREATE TABLE levels (id INT, level TEXT DEFAULT current_setting('transaction_isolation'))");
            for (String level : List.of("REPEATABLE_READ", "serializable", "NONE")) {
                session.sql("SELECT 1 AS id")
                        .write()
                        .mode("append")
                        .option("isolationLevel", level)
                        .jdbc(url, "levels", new Properties());
            }
            assertEquals(
                    "read committed, repeatable read, serializable",
                    first(statement, "SELECT string_agg(level, ', ' ORDER BY level) FROM levels"));
        }
    }

    @Test
    void rowsThatTheCommitRefusesAreNotWritten() throws Exception {
        try (Postgres postgres = Postgres.start();
                Session session = Session.builder().master("local[2]").getOrCreate();
                Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres";
            statement.execute("CREATE TABLE late (id INT UNIQUE DEFERRABLE INITIALLY DEFERRED)");
            DataFrameWriter twice =
                    session.sql("SELECT 1 AS id FROM range(2)").write().mode("append");

            QueryException refused =
                    assertThrows(QueryException.class, () -> twice.jdbc(url, "late", new Properties()));

            assertEquals("JDBC_REFUSED", refused.code());
            assertEquals("0", first(statement, "SELECT count(*) FROM late"));
        }
    }

    @Test
    void queriesAndWritesThatTakeTooLongAreGivenUp() throws Exception {
        try (Postgres postgres = Postgres.start();
                Session session = Session.builder().master("local[2]").getOrCreate();
                Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres";
            DataFrame slow = session.read()
                    .option("queryTimeout", 5)
                    .jdbc(url, "(SELECT pg_sleep(60)::text AS slept) t", new Properties());
            assertThrows(UnavailableException.class, slow::collectAsList);

            statement.execute("CREATE TABLE locked (id INT)");
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE locked IN EXCLUSIVE MODE");
            DataFrameWriter write =
                    session.sql("SELECT 1 AS id").write().mode("append").option("queryTimeout", 5);
            assertThrows(UnavailableException.class, () -> write.jdbc(url, "locked", new Properties()));
            connection.rollback();
        }
    }

    /// The database folds names that are not quoted, and `user` is a function.
    @Test
    void columnsHaveTheirNamesInAnySpelling() throws Exception {
        try (Postgres postgres = Postgres.start();
                Session session = Session.builder().master("local[2]").getOrCreate();
                Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            String url = "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres";
            DataFrame rows = session.sql("SELECT 'ann' AS user, 1 AS userId");
            statement.execute("CREATE TABLE folded (\"user\" TEXT, userId INT)");

            rows.write().jdbc(url, "made", new Properties());
            rows.write().mode("append").jdbc(url, "made", new Properties());
            rows.write().mode("append").jdbc(url, "folded", new Properties());

            assertEquals("2", first(statement, "SELECT sum(\"userId\") FROM made WHERE \"user\" = 'ann'"));
            assertEquals("1", first(statement, "SELECT sum(userid) FROM folded WHERE \"user\" = 'ann'"));
        }
    }

    @Test
    void aStreamThatWaitsForALockStops() throws Exception {
        try (Postgres postgres = Postgres.start();
                StreamTest test = StreamTest.create();
                Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            TestInput input = test.input("user string");
            statement.execute("CREATE TABLE counts (\"user\" TEXT, count BIGINT)");
            statement.execute("INSERT INTO counts VALUES ('ann', 7)");
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE counts IN EXCLUSIVE MODE");
            input.add("ann");
            StreamingQuery query = input.toDF()
                    .groupBy("user")
                    .count()
                    .writeStream()
                    .outputMode("update")
                    .format("jdbc")
                    .option("url", "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres?user=postgres")
                    .option("dbtable", "counts")
                    .option("checkpointLocation", folder.toString())
                    .start();
            while (first(statement, "SELECT count(*) FROM pg_locks WHERE NOT granted")
                    .equals("0")) {
                assertTrue(query.isActive(), "the query has ended");
                LockSupport.parkNanos(1_000_000);
            }

            query.stop();

            connection.rollback();
            assertEquals("7", first(statement, "SELECT sum(count) FROM counts"));
        }
    }

    private static String first(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
