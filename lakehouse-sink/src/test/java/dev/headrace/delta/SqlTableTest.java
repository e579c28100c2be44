package dev.headrace.delta;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameWriter;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Delta tables made, changed and looked after in SQL.
class SqlTableTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @BeforeEach
    void anOrdersTable() {
        session.conf().set("spark.sql.warehouse.dir", directory.toString());
        sql("CREATE TABLE orders (id BIGINT NOT NULL, status STRING, amount INT) USING delta"
                + " TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true')");
        sql("INSERT INTO orders VALUES (1, 'new', 10), (2, 'paid', 20), (3, NULL, 30)");
    }

    @Test
    void tablesAreMadeLikeOthersAndRenamed() {
        sql(
                "CREATE TABLE sales (id BIGINT, day DATE COMMENT 'of the sale', region STRING) USING delta PARTITIONED BY (day)"
                        + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        sql("ALTER TABLE sales RENAME COLUMN region TO place");
        sql("INSERT INTO sales VALUES (1, DATE'2026-01-01', 'eu')");
        sql("CREATE TABLE more LIKE sales");
        assertEquals("", text(sql("SELECT * FROM more")));
        assertEquals(
                session.table("sales").schema().names(),
                session.table("more").schema().names());
        sql("INSERT INTO more VALUES (2, DATE'2026-01-02', 'us')");
        assertEquals("[day=2026-01-02]", text(sql("SHOW PARTITIONS more")));
        sql("ALTER TABLE sales RENAME TO sold");
        sql("CREATE TABLE sales LIKE sold TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true') USING delta");
        assertEquals("", text(sql("SELECT * FROM sales")));
        sql("INSERT INTO sold SELECT * FROM more");
        assertEquals("[1,2026-01-01,eu], [2,2026-01-02,us]", text(sql("SELECT * FROM sold")));
        sql("CREATE TABLE plain LIKE sold USING parquet");
        sql("INSERT INTO plain BY NAME SELECT * FROM sold");
        assertEquals("[1,eu], [2,us]", text(sql("SELECT id, place FROM plain")));
    }

    // ---- Rows

    @Test
    void subqueriesSayWhichRowsChange() {
        sql("CREATE TEMP VIEW paid AS SELECT * FROM VALUES (1, 11), (1, 12), (3, 33) AS p(id, amount)");
        sql(
                "UPDATE orders SET status = 'last', amount = (SELECT p.amount FROM paid p WHERE p.id = orders.id ORDER BY p.amount DESC LIMIT 1)"
                        + " WHERE EXISTS (SELECT 1 FROM paid WHERE paid.id = orders.id)");
        assertEquals("[1,last,12], [2,paid,20], [3,last,33]", text(sql("SELECT * FROM orders")));
        sql("DELETE FROM orders WHERE amount > (SELECT avg(amount) FROM orders) OR id NOT IN (SELECT id FROM paid)");
        assertEquals("[1,last,12]", text(sql("SELECT * FROM orders")));
    }

    @Test
    void aLoopOfAScriptHasTheRowsThatThereWereWhenItBegan() {
        assertEquals(
                "[1,2,3,|103|1]",
                text(sql("BEGIN DECLARE seen STRING = ''; FOR o AS SELECT id FROM orders ORDER BY id DO"
                        + " SET seen = seen || o.id || ','; DELETE FROM orders;"
                        + " INSERT INTO orders VALUES (o.id + 100, 'later', 0); END FOR;"
                        + " SELECT seen || '|' || max(id) || '|' || count(*) FROM orders; END")));
    }

    @Test
    void insertsSayPartitionsAndReplaceByConditions() {
        sql("CREATE TABLE sales (id BIGINT, day DATE, region STRING) USING delta PARTITIONED BY (day, region)");
        sql("INSERT INTO sales PARTITION (day = '2026-01-01') VALUES (1, 'eu'), (2, 'us')");
        sql("INSERT INTO sales PARTITION (day = '2026-01-02', region = \"o'x\") VALUES (3)");
        sql("INSERT OVERWRITE sales PARTITION (region = 'eu', day = '2026-01-01') SELECT 10");
        assertEquals("[10,2026-01-01,eu], [2,2026-01-01,us], [3,2026-01-02,o'x]", text(sql("SELECT * FROM sales")));
        sql("INSERT OVERWRITE sales PARTITION (region = \"o'x\") SELECT 4L, DATE'2026-01-02' WHERE false");
        sql(
                "INSERT INTO sales REPLACE WHERE day = DATE'2026-01-01' AND region = 'us' SELECT 5, DATE'2026-01-01', 'us'");
        assertEquals("[10,2026-01-01,eu], [5,2026-01-01,us]", text(sql("SELECT * FROM sales")));
        sql("DECLARE replaced = 'us'");
        sql("INSERT INTO sales REPLACE WHERE region = replaced SELECT 6, DATE'2026-01-01', 'us'");
        assertEquals("[10,2026-01-01,eu], [6,2026-01-01,us]", text(sql("SELECT * FROM sales")));
        session.sql(
                "INSERT INTO sales REPLACE WHERE region = :region AND day >= :from SELECT 7, DATE'2026-01-01', :region",
                Map.of("region", "us", "from", LocalDate.of(2026, 1, 1)));
        assertEquals("[10,2026-01-01,eu], [7,2026-01-01,us]", text(sql("SELECT * FROM sales")));
        session.sql("INSERT INTO sales REPLACE WHERE region = ? SELECT ?, DATE'2026-01-01', 'o\\'x'", "o'x", 8);
        session.sql("INSERT INTO sales REPLACE WHERE region = ? SELECT ?, DATE'2026-01-01', 'o\\'x'", "o'x", 9);
        assertEquals("[10,2026-01-01,eu], [7,2026-01-01,us], [9,2026-01-01,o'x]", text(sql("SELECT * FROM sales")));
        sql("DELETE FROM sales WHERE region = \"o'x\"");
        session.sql(
                "INSERT INTO sales REPLACE WHERE region = 'us' AND id >-:n SELECT 7, DATE'2026-01-01', 'us'",
                Map.of("n", -6));
        assertEquals("[10,2026-01-01,eu], [7,2026-01-01,us]", text(sql("SELECT * FROM sales")));
        assertError(
                "UNSUPPORTED_SUBQUERY",
                "a subquery can't stand in replaceWhere",
                "INSERT INTO sales REPLACE WHERE region = 'us' AND id IN (SELECT * FROM VALUES (8))"
                        + " SELECT 8, DATE'2026-01-01', 'us'");
        assertEquals("[10,2026-01-01,eu], [7,2026-01-01,us]", text(sql("SELECT * FROM sales")));
        assertError(
                "NON_PARTITION_COLUMN",
                "'id' in PARTITION (…) is not a partition column: those are day, region.",
                "INSERT INTO sales PARTITION (id = 1) SELECT DATE'2026-01-01', 'eu'");
    }

    @Test
    void queriesStandBeforeChanges() {
        sql("WITH s AS (SELECT 1L AS id UNION ALL SELECT 9L) MERGE INTO orders t USING s ON t.id = s.id"
                + " WHEN MATCHED THEN UPDATE SET status = 'seen' WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)");
        assertRows("[1,seen,10]", "[2,paid,20]", "[3,null,30]", "[9,null,null]");
        sql("WITH gone AS (SELECT max(id) AS id FROM orders) DELETE FROM orders WHERE id IN (SELECT id FROM gone)");
        assertRows("[1,seen,10]", "[2,paid,20]", "[3,null,30]");
    }

    @Test
    void aTruncatedTableHasNoRows() {
        sql("TRUNCATE TABLE orders");
        assertRows();
        assertEquals("[3]", text(sql("SELECT count(*) FROM orders VERSION AS OF 1")));
    }

    @Test
    void describeSaysWhereATableIsAndWhatItsPropertiesAre() {
        sql("CREATE TABLE sales (id BIGINT, day DATE) USING delta PARTITIONED BY (day) LOCATION '" + directory
                + "/apart'" + " TBLPROPERTIES ('delta.appendOnly' = 'false')");
        assertEquals(
                "[id,bigint,null], [day,date,null], [# Partition Information,,], [# col_name,data_type,comment],"
                        + " [day,date,null], [,,], [# Detailed Table Information,,], [Catalog,spark_catalog,],"
                        + " [Database,default,], [Table,sales,], [Type,EXTERNAL,], [Provider,delta,], [Location,"
                        + directory + "/apart,], [Table Properties,[delta.appendOnly=false],]",
                String.join(
                        ", ",
                        sql("DESCRIBE EXTENDED sales").collectAsList().stream()
                                .map(Row::toString)
                                .toList()));
    }

    @Test
    void describeSaysItInJson() {
        sql(
                "CREATE TABLE sales (id BIGINT NOT NULL COMMENT 'the id', n INT DEFAULT 1) USING delta COMMENT 'what is sold'"
                        + " TBLPROPERTIES (owner = 'me')");
        assertEquals(
                "[{\"table_name\":\"sales\",\"catalog_name\":\"spark_catalog\",\"namespace\":[\"default\"],"
                        + "\"schema_name\":\"default\",\"columns\":[{\"name\":\"id\",\"type\":{\"name\":\"bigint\"},"
                        + "\"nullable\":false,\"comment\":\"the id\"},{\"name\":\"n\",\"type\":{\"name\":\"int\"},"
                        + "\"nullable\":true,\"default\":\"1\"}],\"location\":\"" + directory
                        + "/sales\",\"type\":\"MANAGED\","
                        + "\"provider\":\"delta\",\"comment\":\"what is sold\",\"table_properties\":{\"owner\":\"me\"},"
                        + "\"collation\":\"UTF8_BINARY\"}]",
                text(sql("DESCRIBE TABLE EXTENDED sales AS JSON")));
    }

    @Test
    void tablesHaveComments() {
        sql("CREATE TABLE sales (id BIGINT) USING delta COMMENT 'what is sold' TBLPROPERTIES (owner = 'me')");
        sql("CREATE TABLE copy USING delta COMMENT 'as it was' AS SELECT * FROM sales");
        assertEquals("[what is sold]", text(sql("DESCRIBE DETAIL sales").select("description")));
        assertEquals("[as it was]", text(sql("DESCRIBE DETAIL copy").select("description")));
        assertEquals("[{owner -> me}]", text(sql("DESCRIBE DETAIL sales").selectExpr("properties::string")));

        sql("COMMENT ON TABLE sales IS 'what\\'s sold'");
        sql("ALTER TABLE sales SET TBLPROPERTIES (owner = 'you')");

        assertEquals("[what's sold]", text(sql("DESCRIBE DETAIL sales").select("description")));
        assertEquals(
                "[Comment,what's sold,]", text(sql("DESCRIBE EXTENDED sales").filter("col_name = 'Comment'")));
        assertTrue(text(sql("SHOW CREATE TABLE sales")).contains("\nCOMMENT 'what\\'s sold'\n"));
        sql("COMMENT ON TABLE sales IS NULL");
        assertEquals("[null]", text(sql("DESCRIBE DETAIL sales").select("description")));
        sql("COMMENT ON TABLE sales IS NULL");
        sql("ALTER TABLE copy UNSET TBLPROPERTIES (comment)");
        assertEquals("[null]", text(sql("DESCRIBE DETAIL copy").select("description")));
        assertError("DELTA_NO_SUCH_PROPERTY", "comment", "ALTER TABLE copy UNSET TBLPROPERTIES (comment)");
    }

    @Test
    void anOverwriteMayLeaveAPartitionThatIsThere() {
        sql("CREATE TABLE sales (id BIGINT, day DATE) USING delta PARTITIONED BY (day)");
        sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01') IF NOT EXISTS VALUES (1)");
        sql("INSERT OVERWRITE sales PARTITION (day = '2026-01-01') IF NOT EXISTS VALUES (2)");
        sql("INSERT OVERWRITE sales PARTITION (day = NULL) IF NOT EXISTS VALUES (3)");
        sql("INSERT OVERWRITE sales PARTITION (day = NULL) IF NOT EXISTS VALUES (4)");
        assertEquals("[1,2026-01-01], [3,null]", text(sql("SELECT * FROM sales")));
    }

    @Test
    void statementsTakeVariablesAndNamesThatAreTexts() {
        sql("DECLARE least INT = 20");
        sql("DECLARE target = 'orders'");
        sql("UPDATE IDENTIFIER(target) SET amount = amount + least WHERE amount > least");
        assertRows("[1,new,10]", "[2,paid,20]", "[3,null,50]");
        sql("MERGE INTO IDENTIFIER(target) t USING (SELECT 1L AS id) s ON t.id = s.id"
                + " WHEN MATCHED AND t.amount < least THEN UPDATE SET amount = session.least");
        sql("DELETE FROM IDENTIFIER('or' || 'ders') WHERE amount > least");
        assertRows("[1,new,20]", "[2,paid,20]");
        sql("CREATE TABLE others (id BIGINT, status STRING, amount INT) USING delta");
        sql(
                "FROM orders INSERT INTO others SELECT id + least, status, amount INSERT OVERWRITE orders SELECT * WHERE id = 2");
        assertRows("[2,paid,20]");
        assertEquals("[21,new,20], [22,paid,20]", text(sql("SELECT * FROM others")));
    }

    @Test
    void updateSetsColumnsOfTheRowsForWhichTheConditionIsTrue() {
        assertEquals("[1]", text(sql("UPDATE orders SET status = 'seen', amount = amount + 1 WHERE orders.id < 2")));
        assertRows("[1,seen,11]", "[2,paid,20]", "[3,null,30]");

        sql("UPDATE delta.`" + directory.resolve("orders") + "` AS o SET o.amount = 0");
        assertRows("[1,seen,0]", "[2,paid,0]", "[3,null,0]");
    }

    @Test
    void updateSetsFieldsOfStructs() {
        String t = "delta.`" + directory.resolve("nested") + "`";
        sql("CREATE TABLE " + t + " (id int, c string, s struct<c: int, n: struct<z: int, y: string>>,"
                + " l array<struct<c: int>>) USING delta");
        sql(
                "INSERT INTO " + t
                        + " VALUES (1, 'x', named_struct('c', 1, 'n', named_struct('z', 2, 'y', 'q')), NULL), (2, 'y', NULL, NULL)");

        sql("UPDATE " + t + " SET s.c = 5 WHERE id = 1");
        sql("UPDATE " + t + " AS t SET t.s.n.z = s.c + 1, c = 'w'");
        assertEquals(
                "[1,w,[5,[6,q]],null], [2,w,[null,[null,null]],null]",
                text(sql("SELECT * FROM " + t + " ORDER BY id")));
        // An alias goes before a column of this name, as in Spark.
        sql("UPDATE " + t + " AS s SET s.c = 'alias', s.s.n = NULL WHERE s.id = 1");
        sql("MERGE INTO " + t
                + " AS m USING (SELECT 2 AS id, 3 AS c) AS q ON q.id = m.id WHEN MATCHED THEN UPDATE SET s.c = q.c");
        assertEquals(
                "[1,alias,[5,null],null], [2,w,[3,[null,null]],null]",
                text(sql("SELECT * FROM " + t + " ORDER BY id")));
        for (String none : List.of("other.c", "s.q", "l.c")) {
            assertError("DELTA_MERGE_UNRESOLVED_COLUMN", "'" + none + "'", "UPDATE " + t + " SET " + none + " = 1");
        }
        assertError("DUPLICATE_ASSIGNMENT", "'s' and 's.c' set the same", "UPDATE " + t + " SET s.c = 1, s = NULL");
        assertError(
                "DELTA_MERGE_UNRESOLVED_COLUMN",
                "'s.c'",
                "MERGE INTO " + t + " AS m USING (SELECT 9 AS id) AS q ON q.id = m.id"
                        + " WHEN NOT MATCHED THEN INSERT (id, s.c) VALUES (q.id, 1)");
    }

    @Test
    void deleteTakesRowsOut() {
        assertEquals("[1]", text(sql("DELETE FROM orders WHERE id IN (SELECT max(id) FROM orders)")));
        assertRows("[1,new,10]", "[2,paid,20]");
        sql("DELETE FROM orders");
        assertRows();
    }

    @Test
    void mergeHasAllKindsOfClauses() {
        sql("CREATE TEMPORARY VIEW changes AS VALUES (1, 'gone', 0), (2, 'sent', 21), (7, 'new', 70), (8, 'no', 80)"
                + " AS t(id, status, amount)");

        DataFrame done = sql("MERGE INTO orders t USING (SELECT * FROM changes) s ON t.id = s.id"
                + " WHEN MATCHED AND s.status = 'gone' THEN DELETE"
                + " WHEN MATCHED THEN UPDATE SET t.status = s.status, amount = t.amount + s.amount"
                + " WHEN NOT MATCHED AND s.status = 'no' THEN INSERT (id, amount) VALUES (s.id, -1)"
                + " WHEN NOT MATCHED BY TARGET THEN INSERT *"
                + " WHEN NOT MATCHED BY SOURCE AND t.amount > 5 THEN UPDATE SET status = 'alone'"
                + " WHEN NOT MATCHED BY SOURCE THEN DELETE");

        assertEquals("[5,2,1,2]", text(done));
        assertRows("[2,sent,41]", "[3,alone,30]", "[7,new,70]", "[8,null,-1]");
        sql("MERGE INTO orders USING changes ON orders.id = changes.id WHEN MATCHED THEN UPDATE SET *");
        assertRows("[2,sent,21]", "[3,alone,30]", "[7,new,70]", "[8,no,80]");
    }

    @Test
    void dataFramesAreMergedIntoTables() {
        DataFrame changes = sql("VALUES (1, 'gone', 0), (2, 'sent', 21), (7, 'new', 70), (8, 'no', 80)")
                .toDF("id", "status", "amount")
                .as("s");
        changes.mergeInto("orders", changes.col("id").equalTo(col("orders.id")))
                .whenMatched(col("s.status").equalTo("gone"))
                .delete()
                .whenMatched()
                .update(Map.of("status", col("s.status"), "amount", expr("orders.amount + s.amount")))
                .whenNotMatched(col("s.status").equalTo("no"))
                .insert(Map.of("id", col("s.id"), "amount", lit(-1)))
                .whenNotMatched()
                .insertAll()
                .whenNotMatchedBySource(col("orders.amount").gt(50))
                .delete()
                .whenNotMatchedBySource()
                .update(Map.of("status", lit("alone")))
                .merge();
        assertRows("[2,sent,41]", "[3,alone,30]", "[7,new,70]", "[8,null,-1]");

        changes.withColumn("note", lit("seen"))
                .as("s")
                .mergeInto("orders", expr("s.id = orders.id AND s.id = 7"))
                .withSchemaEvolution()
                .whenMatched()
                .updateAll()
                .merge();
        assertRows("[2,sent,41,null]", "[3,alone,30,null]", "[7,new,70,seen]", "[8,null,-1,null]");

        assertEquals(
                "NO_MERGE_ACTION_SPECIFIED",
                assertThrows(
                                QueryException.class,
                                () -> changes.mergeInto("orders", lit(true)).merge())
                        .code());
        assertEquals(
                "DELTA_MERGE_CLAUSE_UNREACHABLE",
                assertThrows(
                                QueryException.class,
                                () -> changes.mergeInto("orders", lit(true))
                                        .whenMatched()
                                        .delete()
                                        .whenMatched()
                                        .updateAll()
                                        .merge())
                        .code());
        session.range(3).createOrReplaceTempView("numbers");
        assertEquals(
                "TABLE_OR_VIEW_NOT_FOUND",
                assertThrows(
                                QueryException.class,
                                () -> changes.mergeInto("numbers", lit(true))
                                        .whenMatched()
                                        .delete()
                                        .merge())
                        .code());
    }

    @Test
    void rowsForWhichAConditionIsTrueAreOverwritten() throws Exception {
        sql("SELECT 2L AS id, 'it''s \\\\ new' AS status, 7 AS amount")
                .writeTo("orders")
                .overwrite(col("id")
                        .geq(2)
                        .and(col("status").isNull().or(not(col("amount").isin(10, 11)))));
        assertRows("[1,new,10]", "[2,it's \\ new,7]");
        sql("SELECT 5L AS id, 'it''s \\\\ new' AS status, 8 AS amount")
                .writeTo("orders")
                .overwrite(col("status").equalTo("it's \\ new"));
        assertRows("[1,new,10]", "[5,it's \\ new,8]");
        assertEquals(
                "DELTA_REPLACE_WHERE_MISMATCH",
                assertThrows(
                                HeadraceException.class,
                                () -> sql("SELECT 9L AS id, 'x' AS status, 1 AS amount")
                                        .writeTo("orders")
                                        .overwrite(col("id").lt(9)))
                        .code());
        assertEquals(
                "[UNSUPPORTED_OPERATION] overwrite(…): length(status) can't be a part of the condition, which is made of"
                        + " comparisons of columns with numbers, texts, dates, times and booleans. Give other conditions"
                        + " as the option replaceWhere, in SQL.",
                assertThrows(
                                QueryException.class,
                                () -> sql("SELECT 9L AS id, 'x' AS status, 1 AS amount")
                                        .writeTo("orders")
                                        .overwrite(expr("length(status) = 1")))
                        .getMessage());
        sql("SELECT 6L AS id, 'all' AS status, 9 AS amount").writeTo("orders").overwrite(lit(true));
        assertRows("[6,all,9]");

        sql("CREATE TABLE plain USING parquet AS SELECT 1 AS a");
        assertEquals(
                "UNSUPPORTED_OPERATION",
                assertThrows(
                                QueryException.class,
                                () -> sql("SELECT 2 AS a").writeTo("plain").overwrite(col("a").equalTo(2)))
                        .code());
        sql("SELECT 2 AS a").writeTo("plain").overwrite(lit(true));
        assertEquals("[2]", text(sql("SELECT * FROM plain")));
    }

    @Test
    void conditionsOfOverwritesMeanTheColumnsThatTheyName() {
        sql("CREATE TABLE places USING delta AS SELECT named_struct('city', 'Rome') AS place, 'Oslo' AS city");
        sql("SELECT named_struct('city', 'Oslo') AS place, 'Rome' AS city")
                .writeTo("places")
                .overwrite(col("place.city").equalTo("Oslo"));
        assertEquals("[Oslo], [Rome]", text(sql("SELECT city FROM places")));
        sql("SELECT named_struct('city', 'Bern') AS place, 'Rome' AS city")
                .writeTo("places")
                .overwrite(col("places.city").equalTo("Rome"));
        assertEquals("[Bern], [Rome]", text(sql("SELECT place.city FROM places")));
        assertEquals(
                "UNRESOLVED_COLUMN",
                assertThrows(
                                HeadraceException.class,
                                () -> sql("SELECT named_struct('city', 'Bern') AS place, 'Rome' AS city")
                                        .writeTo("places")
                                        .overwrite(col("other.city").equalTo("Rome")))
                        .code());
    }

    @Test
    void conditionsOfOverwritesHaveConstantsOfManyTypes() {
        sql("CREATE TABLE kinds USING delta AS SELECT * FROM VALUES"
                + " (1, 1.5D, 2.5F, 0.00000012345678901234567BD, TIMESTAMP '2026-01-02 03:04:05.000006',"
                + " TIMESTAMP_NTZ '2026-01-02 00:00:00', DATE '2026-01-02'),"
                + " (2, 1.5E10D, 1.1F, 0.00000012345678901234568BD, TIMESTAMP '2026-01-02 03:04:05.000007',"
                + " TIMESTAMP_NTZ '2026-01-02 00:00:01', DATE '2026-01-03') AS k(id, d, f, n, t, l, day)");
        DataFrame all = sql("SELECT * FROM kinds");
        Row second = all.filter("id = 2").head();
        for (String column : all.columns()) {
            all.filter("false").writeTo("kinds").overwrite(col(column).equalTo(second.get(second.fieldIndex(column))));
            assertEquals("[1]", text(sql("SELECT id FROM kinds")), column);
            session.createDataFrame(List.of(second), all.schema())
                    .writeTo("kinds")
                    .append();
        }
    }

    @Test
    void changesThatCanNotBeSayWhy() {
        session.range(3).createOrReplaceTempView("numbers");
        assertError("TABLE_OR_VIEW_NOT_FOUND", "'numbers' is a view, which can't be changed", "DELETE FROM numbers");
        assertError("TABLE_OR_VIEW_NOT_FOUND", "Did you mean 'orders'?", "UPDATE order SET amount = 1");
        assertError("DELTA_MERGE_UNRESOLVED_COLUMN", "'amuont'", "UPDATE orders SET amuont = 1");
        assertError("UNRESOLVED_COLUMN", "line 1, column 35", "DELETE FROM orders WHERE amount < amout");
        assertError("DUPLICATE_ASSIGNMENT", "'amount' is set twice", "UPDATE orders SET amount = 1, amount = 2");
        assertError(
                "INSERT_COLUMN_ARITY_MISMATCH",
                "INSERT names 2 columns, but gives 1 values",
                "MERGE INTO orders USING numbers ON orders.id = numbers.id WHEN NOT MATCHED THEN INSERT (id, amount)"
                        + " VALUES (1)");
        assertError("UNSUPPORTED_OPERATION", "format 'parquet'", "DELETE FROM parquet.`/data`");
    }

    // ---- Versions

    @Test
    void queriesSeeEarlierVersionsAndChanges() {
        sql("UPDATE orders SET amount = 11 WHERE id = 1");

        assertEquals("[10]", text(sql("SELECT amount FROM orders VERSION AS OF 1 WHERE id = 1")));
        assertEquals("[11]", text(sql("SELECT amount FROM orders FOR SYSTEM_VERSION AS OF '2' WHERE id = 1")));
        assertEquals("[0]", text(sql("SELECT count(*) FROM orders VERSION AS OF 0")));
        String path = directory.resolve("orders").toString();
        assertEquals("[10]", text(sql("SELECT amount FROM delta.`" + path + "` VERSION AS OF 1 WHERE id = 1")));
        assertEquals(
                "[1,update_postimage,11], [1,update_preimage,10]",
                text(sql("SELECT id, _change_type, amount FROM table_changes('orders', 2)")));
        assertEquals("[3]", text(sql("SELECT count(*) FROM table_changes_by_path('" + path + "', 1, 1)")));
        assertError("DELTA_NO_SUCH_VERSION", "orders", "SELECT * FROM orders VERSION AS OF 9");
        assertError("DELTA_NO_SUCH_VERSION", "orders", "SELECT * FROM orders TIMESTAMP AS OF '2001-01-01'");
        assertError("INVALID_TABLE_CHANGES", "takes a table", "SELECT * FROM table_changes('orders')");
    }

    @Test
    void timesMeanTheVersionsThatWereTheNewest() throws IOException {
        sql("UPDATE orders SET amount = 11 WHERE id = 1");
        sql("DELETE FROM orders WHERE id = 2");
        for (int version = 0; version <= 3; version++) {
            Files.setLastModifiedTime(
                    directory.resolve("orders/_delta_log/0000000000000000000" + version + ".json"),
                    FileTime.from(Instant.parse("2020-11-20T10:00:00Z").plusSeconds(3600L * version)));
        }
        session.conf().set("spark.sql.session.timeZone", "UTC");
        String first = "[1,new,10], [2,paid,20], [3,null,30]";

        assertEquals(first, text(sql("SELECT * FROM orders TIMESTAMP AS OF '2020-11-20 11:59:59'")));
        assertEquals("[2]", text(sql("SELECT count(*) FROM orders TIMESTAMP AS OF '2020-11-20 13:00:00'")));
        assertEquals(
                "[1,update_postimage,2], [1,update_preimage,2]",
                text(sql("SELECT id, _change_type, _commit_version FROM"
                        + " table_changes('orders', '2020-11-20 11:00:01', '2020-11-20 12:59:59')")));
        sql("CREATE TABLE copy SHALLOW CLONE orders TIMESTAMP AS OF '2020-11-20 11:30:00'");
        assertEquals(first, text(sql("SELECT * FROM copy")));
        sql("RESTORE TABLE orders TO TIMESTAMP AS OF '2020-11-20 12:00:00'");
        assertRows("[1,new,11]", "[2,paid,20]", "[3,null,30]");
        assertError("DELTA_NO_SUCH_VERSION", "orders", "RESTORE TABLE orders TO TIMESTAMP AS OF '2020-11-20 09:00:00'");
    }

    @Test
    void filesHaveNoMoreRowsThanTheyMay() {
        sql("CREATE TABLE halves USING delta PARTITIONED BY (half) OPTIONS (maxRecordsPerFile 3)"
                + " AS SELECT id, id % 2 AS half FROM range(0, 12, 1, 1)");
        assertEquals("[4]", text(sql("DESCRIBE DETAIL halves").select("numFiles")));
        session.conf().set("spark.sql.files.maxRecordsPerFile", 2);
        sql("INSERT INTO orders SELECT id, 'new', 1 FROM range(4, 9, 1, 1)");
        assertEquals("[4]", text(sql("DESCRIBE DETAIL orders").select("numFiles")));
        sql("UPDATE orders SET amount = amount + 1");
        assertEquals("[true]", text(sql("DESCRIBE DETAIL orders").selectExpr("numFiles >= 4")));
        sql("OPTIMIZE orders");
        assertEquals("[1]", text(sql("DESCRIBE DETAIL orders").select("numFiles")));
        assertEquals("[8,36]", text(sql("SELECT count(*), sum(id) FROM orders")));
    }

    @Test
    void theTableCanBeLookedAfter() {
        sql("INSERT INTO orders VALUES (4, 'x', 1)");

        assertEquals("[1,2,4]", text(sql("OPTIMIZE orders")));
        assertEquals(
                "[0,CREATE TABLE], [1,WRITE], [2,WRITE], [3,OPTIMIZE]",
                text(sql("DESCRIBE HISTORY orders").select("version", "operation")));
        assertEquals(1, sql("DESC HISTORY orders LIMIT 1;").count());
        assertEquals("[delta,1]", text(sql("DESCRIBE DETAIL orders").select("format", "numFiles")));
        sql("RESTORE TABLE orders TO VERSION AS OF 1");
        assertRows("[1,new,10]", "[2,paid,20]", "[3,null,30]");
        assertEquals(0, sql("VACUUM orders RETAIN 200 HOURS DRY RUN").count());
        assertError("DELTA_VACUUM_RETENTION_TOO_SHORT", "168", "VACUUM orders RETAIN 1 HOURS");
    }

    @Test
    void syntaxErrorsOfCareNameThePlace() {
        assertError("PARSE_SYNTAX_ERROR", "at or near 'ZORDR'. Expected: WHERE", "OPTIMIZE orders ZORDR BY id");
        assertError("PARSE_SYNTAX_ERROR", "line 1, column 22", "VACUUM orders RETAIN x HOURS");
        assertError("PARSE_SYNTAX_ERROR", "at the end of the text. Expected: a name", "OPTIMIZE");
        assertError("PARSE_SYNTAX_ERROR", "Expected: OF", "RESTORE orders TO VERSION AS 3");
        assertError("PARSE_SYNTAX_ERROR", "OPTIMIZE orders WHERE id = = 1", "OPTIMIZE orders WHERE id = = 1");
    }

    // ---- What the table is

    @Test
    void columnsAndPropertiesCanBeChanged() {
        sql("ALTER TABLE orders ADD COLUMNS (note STRING COMMENT 'by hand', at DATE)");
        sql("INSERT INTO orders VALUES (4, 'x', 1, 'n', DATE'2026-01-01')");
        assertRows("[1,new,10,null,null]", "[2,paid,20,null,null]", "[3,null,30,null,null]", "[4,x,1,n,2026-01-01]");
        assertError("DELTA_COLUMN_MAPPING_NEEDED", "dropped", "ALTER TABLE orders DROP COLUMN note");

        sql("ALTER TABLE orders SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        sql("ALTER TABLE orders RENAME COLUMN amount TO cents");
        sql("ALTER TABLE orders DROP COLUMN note");
        sql("ALTER TABLE orders DROP COLUMN IF EXISTS nothing");
        sql("INSERT INTO orders VALUES (5, 'y', 2, NULL)");
        assertEquals("[1,10], [2,20], [3,30], [4,1], [5,2]", text(sql("SELECT id, cents FROM orders")));
        assertEquals(5, readByKernel());

        sql("ALTER TABLE orders SET TBLPROPERTIES (owner = 'me')");
        sql("ALTER TABLE orders UNSET TBLPROPERTIES (owner)");
        assertError("DELTA_NO_SUCH_PROPERTY", "owner", "ALTER TABLE orders UNSET TBLPROPERTIES (owner)");
        assertError(
                "DELTA_UNSUPPORTED_PROPERTY",
                "delta.enableRowTracking",
                "ALTER TABLE orders SET TBLPROPERTIES ('delta.enableRowTracking' = 'true')");
        assertError("DELTA_DUPLICATE_COLUMN", "status", "ALTER TABLE orders ADD COLUMN status STRING");
    }

    @Test
    void checkConstraintsHold() {
        assertError(
                "DELTA_CONSTRAINT_VIOLATED",
                "the constraint 'cheap' (amount < 30) is not true of the row [3,null,30]",
                "ALTER TABLE orders ADD CONSTRAINT cheap CHECK (amount < 30)");
        sql("ALTER TABLE orders ADD CONSTRAINT cheap CHECK (amount < 31)");
        assertError(
                "DELTA_CONSTRAINT_VIOLATED",
                "the row (id=4, status=x, amount=31) to write breaks the constraint 'cheap' (amount < 31)",
                "INSERT INTO orders VALUES (4, 'x', 31)");
        assertError("DELTA_CONSTRAINT_VIOLATED", "amount=null", "INSERT INTO orders VALUES (4, 'x', NULL)");
        assertError("DELTA_CONSTRAINT_VIOLATED", "amount=130", "UPDATE orders SET amount = amount + 100 WHERE id = 3");
        assertRows("[1,new,10]", "[2,paid,20]", "[3,null,30]");
        assertError(
                "DELTA_CONSTRAINT_EXISTS",
                "amount < 31",
                "ALTER TABLE orders ADD CONSTRAINT cheap CHECK (amount < 32)");

        sql("ALTER TABLE orders DROP CONSTRAINT cheap");
        sql("INSERT INTO orders VALUES (4, 'x', 31)");
        assertError("DELTA_NO_SUCH_CONSTRAINT", "cheap", "ALTER TABLE orders DROP CONSTRAINT cheap");
    }

    @Test
    void aColumnThatARuleSpeaksOfStaysHoweverTheRuleSpellsIt() {
        sql("ALTER TABLE orders SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        sql("ALTER TABLE orders ADD CONSTRAINT cheap CHECK (AMOUNT < 31 AND coalesce(status, '') <> 'id')");
        assertError("DELTA_COLUMN_IN_USE", "cheap", "ALTER TABLE orders RENAME COLUMN amount TO cents");
        assertError("DELTA_COLUMN_IN_USE", "cheap", "ALTER TABLE orders DROP COLUMN Status");

        sql("ALTER TABLE orders RENAME COLUMN id TO number");
        sql("INSERT INTO orders VALUES (4, 'x', 1)");
    }

    /// Such as one with a function that only the engine has that made it.
    @Test
    void aRuleThatIsNotUnderstoodHereHoldsOnlyTheColumnsThatItNames() throws IOException {
        sql("ALTER TABLE orders SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        sql("ALTER TABLE orders ADD CONSTRAINT cheap CHECK (abs(AMOUNT) < 31)");
        Path commit = directory.resolve("orders/_delta_log/00000000000000000003.json");
        Files.writeString(commit, Files.readString(commit).replace("abs(AMOUNT)", "theirs(AMOUNT)"));

        assertError("DELTA_COLUMN_IN_USE", "cheap", "ALTER TABLE orders RENAME COLUMN amount TO cents");
        sql("ALTER TABLE orders RENAME COLUMN id TO number");
        sql("ALTER TABLE orders DROP COLUMN status");
    }

    @Test
    void aConstraintThatWritersCanNotCheckIsRefused() {
        sql("DECLARE most INT = 31");
        assertError("DELTA_INVALID_RULE", "most", "ALTER TABLE orders ADD CONSTRAINT cheap CHECK (amount < most)");
        sql("UPDATE orders SET amount = most WHERE amount < most AND id = 3");
        sql("INSERT INTO orders VALUES (4, 'x', most)");
        assertRows("[1,new,10]", "[2,paid,20]", "[3,null,31]", "[4,x,31]");
    }

    @Test
    void generatedColumnsAndDefaultsAreFilledIn() {
        sql("CREATE TABLE events (id BIGINT, at TIMESTAMP, day DATE GENERATED ALWAYS AS (CAST(at AS DATE)),"
                + " kind STRING DEFAULT 'click') USING delta PARTITIONED BY (day)");
        DataFrame rows = sql("SELECT 1L AS id, TIMESTAMP'2026-01-02 03:04:05' AS at");
        rows.write()
                .format("delta")
                .mode("append")
                .save(directory.resolve("events").toString());
        sql("INSERT INTO events VALUES (2, TIMESTAMP'2026-01-03 00:00:00', DATE'2026-01-03', 'view')");
        assertEquals("[1,2026-01-02,click], [2,2026-01-03,view]", text(sql("SELECT id, day, kind FROM events")));

        sql("UPDATE events SET at = TIMESTAMP'2026-05-05 05:05:05' WHERE id = 1");
        sql("MERGE INTO events t USING (SELECT 3L AS id) s ON t.id = s.id"
                + " WHEN NOT MATCHED THEN INSERT (id, at) VALUES (s.id, TIMESTAMP'2026-06-06 06:06:06')");
        assertEquals(
                "[1,2026-05-05,click], [2,2026-01-03,view], [3,2026-06-06,click]",
                text(sql("SELECT id, day, kind FROM events")));
        assertError(
                "DELTA_CONSTRAINT_VIOLATED",
                "the generated column 'day' (CAST(at AS DATE))",
                "INSERT INTO events VALUES (2, TIMESTAMP'2026-01-03 00:00:00', DATE'2020-01-03', 'view')");
        assertError(
                "DELTA_INVALID_RULE",
                "nosuch",
                "CREATE TABLE bad (id BIGINT, g BIGINT GENERATED ALWAYS AS (nosuch + 1)) USING delta");
    }

    @Test
    void notNullHolds() {
        assertError("DELTA_NULL_IN_NOT_NULL_COLUMN", "'id'", "INSERT INTO orders VALUES (NULL, 'x', 1)");
        assertError("DELTA_ADDED_COLUMN_NOT_NULL", "'n'", "ALTER TABLE orders ADD COLUMN n INT NOT NULL");
    }

    @Test
    void createOrReplaceLeavesTheHistory() {
        sql("CREATE OR REPLACE TABLE orders (n INT) USING delta");

        assertRows();
        assertEquals("[1,new,10]", text(sql("SELECT * FROM orders VERSION AS OF 1 WHERE id = 1")));
        sql("CREATE TABLE IF NOT EXISTS orders (x INT) USING delta");
        assertEquals(List.of("n"), List.of(sql("SELECT * FROM orders").columns()));
    }

    @Test
    void optionsOfAWriteAreNotOptionsOfTheTable() {
        session.range(2)
                .write()
                .format("DELTA")
                .mode("overwrite")
                .option("overwriteSchema", "true")
                .option("txnAppId", "job")
                .option("txnVersion", "1")
                .saveAsTable("numbers");
        sql("INSERT INTO numbers VALUES (7)");

        assertEquals("[0], [1], [7]", text(sql("SELECT * FROM numbers ORDER BY id")));
        sql("CREATE TABLE letters (letter STRING) USING DELTA OPTIONS (compression 'snappy')");
        sql("INSERT INTO letters VALUES ('a')");
        assertEquals("[a]", text(sql("SELECT * FROM letters")));
    }

    @Test
    void writersGiveATableThatTheyMakeItsComment() throws Exception {
        session.range(2)
                .write()
                .format("delta")
                .option("Comment", "of numbers")
                .option("delta.appendOnly", "true")
                .saveAsTable("saved");
        session.range(2).write().format("delta").option("comment", "of a path").save(directory + "/at");
        session.range(2)
                .writeTo("made")
                .using("delta")
                .tableProperty("comment", "made")
                .tableProperty("owner", "me")
                .create();
        session.range(2)
                .writeTo("optional")
                .using("delta")
                .option("comment", "optional")
                .create();
        session.readStream()
                .table("saved")
                .writeStream()
                .format("delta")
                .option("checkpointLocation", directory + "/checkpoint")
                .option("comment", "streamed")
                .trigger(Trigger.AvailableNow())
                .toTable("streamed")
                .awaitTermination();

        assertEquals("[of numbers]", text(sql("DESCRIBE DETAIL saved").select("description")));
        assertEquals(
                "[of a path]",
                text(sql("DESCRIBE DETAIL delta.`" + directory + "/at`").select("description")));
        assertEquals("[made]", text(sql("DESCRIBE DETAIL made").select("description")));
        assertEquals("[optional]", text(sql("DESCRIBE DETAIL optional").select("description")));
        assertEquals("[streamed]", text(sql("DESCRIBE DETAIL streamed").select("description")));
        session.range(3)
                .write()
                .format("delta")
                .mode("append")
                .option("comment", "others")
                .saveAsTable("optional");
        assertEquals("[optional]", text(sql("DESCRIBE DETAIL optional").select("description")));
        assertEquals("[5]", text(sql("SELECT count(*) FROM optional")));
    }

    @Test
    void aTableThatIsMadeAnewStaysWhereItIs() {
        String place = directory.resolve("elsewhere").resolve("t").toString();
        session.range(2).write().format("delta").save(place);
        sql("CREATE TABLE t USING delta LOCATION '" + place + "'");
        session.range(4).write().format("delta").mode("overwrite").saveAsTable("t");
        assertEquals("[4]", text(sql("SELECT count(*) FROM delta.`" + place + "`")));
        assertEquals("[2]", text(sql("SELECT count(*) FROM t VERSION AS OF 0")));

        session.range(5, 6)
                .write()
                .format("delta")
                .mode("overwrite")
                .option("replaceWhere", "id > 1")
                .saveAsTable("t");
        assertEquals("[0], [1], [5]", text(sql("SELECT * FROM t ORDER BY id")));
        sql("CREATE OR REPLACE TABLE t (n INT) USING delta");
        assertEquals("[0]", text(sql("SELECT count(*) FROM delta.`" + place + "`")));
        sql("DROP TABLE t");
        assertTrue(DeltaTable.isDeltaTable(place));
    }

    @Test
    void writersKeepTheColumnsOfATableUnlessTheySayOtherwise() {
        DataFrame wider = session.range(1).selectExpr("id", "'x' AS more");
        session.range(2).write().format("delta").saveAsTable("t");
        QueryException refused = assertThrows(
                QueryException.class,
                () -> wider.write().format("delta").mode("overwrite").saveAsTable("t"));
        assertEquals("DELTA_SCHEMA_MISMATCH", refused.code());
        assertEquals("[2]", text(sql("SELECT count(*) FROM t")));

        wider.write().format("delta").mode("append").option("mergeSchema", true).saveAsTable("t");
        assertEquals("[0,null], [0,x], [1,null]", text(sql("SELECT * FROM t ORDER BY id, more")));
        wider.select("more")
                .write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .saveAsTable("t");
        assertEquals("[x]", text(sql("SELECT * FROM t")));
        wider.writeTo("t").using("delta").createOrReplace();
        assertEquals("[0,x]", text(sql("SELECT * FROM t")));
    }

    @Test
    void aTableMayGetOtherPartitions() {
        DataFrame rows = session.range(4).selectExpr("id", "id % 2 AS p", "id % 3 AS q");
        rows.write().format("delta").partitionBy("p").saveAsTable("t");
        rows.write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .partitionBy("q")
                .saveAsTable("t");
        sql("INSERT INTO t VALUES (9, 0, 7)");
        rows.write().format("delta").mode("append").partitionBy("q").saveAsTable("t");
        assertEquals("[9]", text(sql("SELECT count(*) FROM t")));
        assertTrue(Files.isDirectory(directory.resolve("t").resolve("q=7")));

        rows.write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .partitionBy("p")
                .save(directory.resolve("t").toString());
        sql("INSERT INTO t VALUES (9, 8, 0)");
        assertTrue(Files.isDirectory(directory.resolve("t").resolve("p=8")));
    }

    @Test
    void deltaTablesOfTheWarehouseOutliveTheSession() {
        sql("CREATE VIEW large AS SELECT id FROM orders WHERE amount > 10");
        session.close();
        try (Session next = Session.builder()
                .config("spark.sql.warehouse.dir", directory.toString())
                .create()) {
            next.sql("DELETE FROM orders WHERE id = 2");
            assertEquals("[3]", text(next.table("large")));
            assertEquals("[2]", text(next.sql("SELECT count(*) FROM orders")));
        }
    }

    @Test
    void aCloneHidesNoOtherTable() {
        sql("CREATE TABLE plain USING parquet AS SELECT 1 AS id");
        session.range(1).createOrReplaceTempView("seen");
        assertError("TABLE_OR_VIEW_ALREADY_EXISTS", "'plain'", "CREATE TABLE plain SHALLOW CLONE orders");
        assertError("TABLE_OR_VIEW_ALREADY_EXISTS", "'seen'", "CREATE OR REPLACE TABLE seen SHALLOW CLONE orders");
        sql("CREATE TABLE IF NOT EXISTS plain SHALLOW CLONE orders");
        assertEquals("[1]", text(sql("SELECT * FROM plain")));

        sql("CREATE DATABASE db");
        sql("CREATE TABLE db.copy SHALLOW CLONE orders");
        sql("CREATE OR REPLACE TABLE db.copy SHALLOW CLONE orders");
        assertEquals("[3]", text(sql("SELECT count(*) FROM db.copy")));
        sql("DROP TABLE db.copy");
        assertFalse(Files.exists(directory.resolve("db.db/copy")), "a clone that was replaced stays managed");
    }

    @Test
    void theCommentThatACloneIsGivenIsItsDescription() {
        sql("COMMENT ON TABLE orders IS 'all of them'");
        sql("CREATE TABLE copy SHALLOW CLONE orders");
        sql("CREATE OR REPLACE TABLE other SHALLOW CLONE orders TBLPROPERTIES (comment = 'a copy')");

        assertEquals("[all of them]", text(sql("DESCRIBE DETAIL copy").select("description")));
        assertEquals(
                "[a copy,null]", text(sql("DESCRIBE DETAIL other").selectExpr("description", "properties['comment']")));
    }

    @Test
    void aTableIsMadeAtAPath() {
        String table = "delta.`" + directory.resolve("there") + "`";
        sql("CREATE TABLE " + table + " (id BIGINT)");
        sql("INSERT INTO " + table + " VALUES (1)");

        assertTrue(DeltaTable.isDeltaTable(directory.resolve("there").toString()));
        assertError("DELTA_TABLE_EXISTS", "there", "CREATE TABLE " + table + " (id BIGINT)");
        sql("CREATE TABLE IF NOT EXISTS " + table + " (id BIGINT)");
        assertEquals("[1]", text(sql("SELECT * FROM " + table)));
        sql("CREATE OR REPLACE TABLE " + table + " USING delta AS SELECT 2 AS n");
        assertEquals("[2]", text(sql("SELECT * FROM " + table)));
    }

    @Test
    void aQueryThatReplacesATableBringsItsProperties() {
        sql(
                "CREATE TABLE t USING delta TBLPROPERTIES ('delta.logRetentionDuration' = 'interval 9 days') AS SELECT 1 AS id");
        sql("CREATE OR REPLACE TABLE t USING delta COMMENT 'anew'"
                + " TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'delta.columnMapping.mode' = 'name')"
                + " AS SELECT id, id * 2 AS twice FROM range(1000)");

        assertEquals("[anew]", text(sql("DESCRIBE DETAIL t").select("description")));
        assertEquals(
                "[null,true,name]",
                text(sql("DESCRIBE DETAIL t")
                        .selectExpr(
                                "properties['delta.logRetentionDuration']",
                                "properties['delta.enableDeletionVectors']",
                                "properties['delta.columnMapping.mode']")));
        sql("DELETE FROM t WHERE id = 7");
        assertEquals("[999,998986]", text(sql("SELECT count(*), sum(twice) FROM t")));
    }

    @Test
    void aTableThatIsReplacedKeepsNoProperties() {
        sql("CREATE TABLE t USING delta COMMENT 'old' TBLPROPERTIES (owner = 'me', 'delta.columnMapping.mode' = 'name')"
                + " AS SELECT 1 AS id");
        assertEquals("[me]", text(sql("SHOW TBLPROPERTIES t (owner)").select("value")));
        session.range(3)
                .write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .saveAsTable("t");
        assertEquals(
                "[old,me,name]",
                text(sql("DESCRIBE DETAIL t")
                        .selectExpr("description", "properties['owner']", "properties['delta.columnMapping.mode']")));

        DataFrameWriter mapped = session.range(1)
                .write()
                .format("delta")
                .mode("overwrite")
                .option("overwriteSchema", true)
                .option("delta.columnMapping.mode", "none");
        assertEquals(
                "DELTA_UNSUPPORTED_PROPERTY",
                assertThrows(QueryException.class, () -> mapped.saveAsTable("t"))
                        .code());

        sql("CREATE OR REPLACE TABLE t USING delta TBLPROPERTIES (team = 'us') AS SELECT id + 1 AS id FROM t");
        assertEquals(
                "[null,{team -> us}]".replace(" -> ", "="),
                text(sql("DESCRIBE DETAIL t").selectExpr("description", "properties")));
        assertEquals("[6]", text(sql("SELECT sum(id) FROM t")));
        assertEquals("[3]", text(sql("SELECT sum(id) FROM t VERSION AS OF 1")));
        sql("CREATE OR REPLACE TABLE t USING delta AS SELECT 7 AS id");
        assertEquals("[{}]", text(sql("DESCRIBE DETAIL t").select("properties")));
    }

    @Test
    void tablesWithDeletionVectorsAreMadeInSql() {
        sql("CREATE TABLE big USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')"
                + " AS SELECT id FROM range(1000)");
        sql("DELETE FROM big WHERE id = 7");

        assertEquals("[999]", text(sql("SELECT count(*) FROM big")));
        assertEquals(
                "[1]",
                text(sql("DESCRIBE HISTORY big LIMIT 1")
                        .selectExpr("operationMetrics['numTargetDeletionVectorsAdded']")));
    }

    private int readByKernel() {
        try {
            return KernelReader.read(directory.resolve("orders")).size();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private DataFrame sql(String text) {
        return session.sql(text);
    }

    private void assertRows(String... rows) {
        assertEquals(String.join(", ", rows), text(sql("SELECT * FROM orders")));
    }

    private static String text(DataFrame rows) {
        return String.join(
                ", ", rows.collectAsList().stream().map(Row::toString).sorted().toList());
    }

    private void assertError(String code, String part, String statement) {
        HeadraceException error =
                assertThrows(HeadraceException.class, () -> sql(statement).collectAsList());
        assertEquals(code, error.code(), error.getMessage());
        assertTrue(error.getMessage().contains(part), error.getMessage());
    }
}
