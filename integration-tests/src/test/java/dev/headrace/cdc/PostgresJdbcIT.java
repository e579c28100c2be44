package dev.headrace.cdc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tables of PostgreSQL, whose driver calls many types texts or timestamps, and which compares no two
/// types.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
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
                        "CREATE TABLE t (id bigint, i int, s smallint, n numeric(10, 2), m numeric, name text,"
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
        }
    }
}
