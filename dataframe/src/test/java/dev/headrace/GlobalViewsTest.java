package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.QueryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sessions made of one another, and the views that they share.
class GlobalViewsTest {
    @AutoClose
    private final Session session =
            Session.builder().master("local[2]").config("shared.from", "start").create();

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void aGlobalViewIsThereForAllSessionsMadeOfOneAndOthersAreNot() {
        session.range(3).createGlobalTempView("three");
        session.range(4).createOrReplaceTempView("four");
        Session other = session.newSession();
        assertEquals(3, other.table("global_temp.three").count());
        assertEquals(3, other.sql("SELECT * FROM GLOBAL_TEMP.Three").count());
        assertEquals(
                List.of("[6]"),
                rows(other.sql("SELECT count(*) FROM global_temp.three a JOIN global_temp.three b ON a.id <= b.id")));
        assertThrows(QueryException.class, () -> other.table("four"));
        assertThrows(QueryException.class, () -> other.table("three"));

        other.range(5).createOrReplaceGlobalTempView("three");
        assertEquals(5, session.table("global_temp.three").count());
        other.close();
        assertEquals(5, session.table("global_temp.three").filter("id >= 0").count());
        assertTrue(session.catalog().dropGlobalTempView("three"));
        assertFalse(session.catalog().dropGlobalTempView("three"));
        assertThrows(QueryException.class, () -> session.table("global_temp.three"));
    }

    @Test
    void inSqlTheyAreMadeShownAndDropped() {
        session.sql("CREATE GLOBAL TEMPORARY VIEW v AS SELECT 1 AS one");
        session.sql("CREATE TEMPORARY VIEW own AS SELECT * FROM global_temp.v");
        session.sql("CREATE GLOBAL TEMP VIEW IF NOT EXISTS v AS SELECT 2 AS two");
        assertEquals(List.of("[1]"), rows(session.sql("SELECT one FROM global_temp.v")));
        assertFails(
                "[TEMP_TABLE_OR_VIEW_ALREADY_EXISTS] There is a table or view 'global_temp.v' already. Use CREATE OR"
                        + " REPLACE, or createOrReplaceTempView(…).",
                () -> session.range(1).createGlobalTempView("v"));
        session.sql("CREATE OR REPLACE GLOBAL TEMP VIEW v (x) AS SELECT 2");
        assertEquals(List.of("[2]"), rows(session.sql("SELECT x FROM global_temp.v")));
        assertEquals(List.of("[,own,true]"), rows(session.sql("SHOW TABLES")));
        assertEquals(List.of("[,own,true]", "[global_temp,v,true]"), rows(session.sql("SHOW TABLES IN global_temp")));
        assertEquals(List.of("[global_temp,v,true]"), rows(session.sql("SHOW VIEWS IN global_temp LIKE 'v*'")));
        assertEquals(
                List.of("[own,TEMPORARY,true]", "[v,TEMPORARY,true]"),
                rows(session.catalog().listTables("global_temp")));
        assertEquals("v", session.catalog().getTable("global_temp.v").name());
        assertTrue(session.catalog().tableExists("global_temp.v"));
        assertEquals(
                "SCHEMA_NOT_FOUND",
                assertThrows(QueryException.class, () -> session.sql("SHOW TABLES IN nowhere"))
                        .code());
        session.sql("DROP VIEW global_temp.v");
        assertFalse(session.catalog().tableExists("global_temp.v"));
    }

    @Test
    void aNewSessionHasTheSettingsOfTheStartAndSharesTablesAndRowsThatAreKept() {
        session.conf().set("shared.from", "later");
        session.udf()
                .register(
                        "twice",
                        (dev.headrace.api.java.UDF1<Long, Long>) x -> 2 * x,
                        dev.headrace.types.DataTypes.LongType);
        Session other = session.newSession();
        assertEquals("start", other.conf().get("shared.from"));
        other.conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
        assertEquals(List.of("[Asia/Tokyo]"), rows(other.sql("SELECT current_timezone()")));
        assertThrows(QueryException.class, () -> other.sql("SELECT twice(1L)"));
        DataFrame kept = session.range(10).selectExpr("id * 3 AS x").cache();
        assertEquals(10, kept.count());
        kept.createOrReplaceGlobalTempView("kept");
        assertEquals(List.of("[135]"), rows(other.sql("SELECT sum(x) FROM global_temp.kept")));
        // What the first one closes, it closes for all that are made of it.
        session.close();
        assertFalse(other.isUsable());
    }

    @Test
    void queriesOfOneSessionAreNotInterruptedByAnother() {
        Session other = session.newSession();
        other.udf()
                .register(
                        "interrupted",
                        (dev.headrace.api.java.UDF1<Long, Integer>)
                                _ -> session.interruptAll().size(),
                        dev.headrace.types.DataTypes.IntegerType);
        assertEquals(List.of("[0]"), rows(other.sql("SELECT interrupted(id) FROM range(1)")));
        other.addTag("of the other");
        assertEquals(Set.of(), session.getTags());
    }

    @Test
    void whatOneSessionKeepsIsReadWithItsSettingsAndOutlivesIt(@TempDir Path directory) {
        session.conf().set("spark.sql.warehouse.dir", directory.toString());
        session.conf().set("spark.sql.session.timeZone", "UTC");
        session.sql("CREATE TABLE moments USING parquet AS SELECT timestamp_seconds(id * 3600) AS ts FROM range(3)");
        Session other = session.newSession();
        other.conf().set("spark.sql.warehouse.dir", directory.toString());
        other.conf().set("spark.sql.session.timeZone", "Asia/Tokyo");
        DataFrame hours = other.sql("SELECT hour(ts) AS h FROM moments ORDER BY h");
        List<String> inTokyo = List.of("[9]", "[10]", "[11]");
        assertEquals(inTokyo, rows(hours));
        assertEquals(inTokyo, rows(hours.cache()));

        other.sql("CACHE TABLE moments");
        assertEquals(List.of("[0]", "[1]", "[2]"), rows(session.sql("SELECT hour(ts) AS h FROM moments ORDER BY h")));
        other.close();
        assertEquals(3, session.table("moments").count());
    }
}
