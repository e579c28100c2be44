package dev.headrace;

import static dev.headrace.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.api.java.UDF1;
import dev.headrace.errors.HeadraceException;
import dev.headrace.types.DataTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Statements that show databases, partitions, properties and how a table was made.
class CatalogStatementsTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    @BeforeEach
    void aTable() {
        session.conf().set("spark.sql.warehouse.dir", directory.toString());
        session.sql("CREATE TABLE sales (id BIGINT COMMENT 'the \\'number\\'', `a b` STRING, day DATE, region STRING)"
                + " USING parquet OPTIONS (compression 'snappy') PARTITIONED BY (day, region)");
        session.sql(
                "INSERT INTO sales VALUES (1, 'x', date'2026-01-31', 'north/east'), (2, 'y', date'2026-01-30', NULL),"
                        + " (3, NULL, date'2026-01-31', 'north/east')");
    }

    private List<String> rows(String sql) {
        return session.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }

    private String code(String sql) {
        return assertThrows(HeadraceException.class, () -> session.sql(sql)).code();
    }

    @Test
    void theDefaultDatabaseAndTheCatalog() {
        assertEquals(List.of("[default]"), rows("SHOW DATABASES"));
        assertEquals(List.of("[default]"), rows("SHOW SCHEMAS LIKE 'd*'"));
        assertEquals(List.of(), rows("SHOW NAMESPACES LIKE 'x'"));
        assertEquals(List.of("[spark_catalog]"), rows("SHOW CATALOGS"));
        assertEquals(List.of("[spark_catalog,default]"), rows("SHOW CURRENT NAMESPACE"));
        session.sql("USE default");
        session.sql("USE DATABASE default");
        session.sql("USE spark_catalog");
        session.sql("USE spark_catalog.default");
        assertEquals("SCHEMA_NOT_FOUND", code("USE sales"));
        assertEquals("CATALOG_NOT_FOUND", code("USE nowhere.default"));
    }

    @Test
    void theDefaultDatabaseIsDescribedAndNotDropped() {
        assertEquals(
                List.of(
                        "[Catalog Name,spark_catalog]",
                        "[Namespace Name,default]",
                        "[Comment,default database]",
                        "[Location," + directory + "]",
                        "[Owner," + System.getProperty("user.name") + "]",
                        "[Properties,]"),
                rows("DESCRIBE DATABASE EXTENDED spark_catalog.default"));
        assertEquals(5, rows("DESC SCHEMA default").size());
        assertEquals("SCHEMA_NOT_FOUND", code("DESCRIBE DATABASE nowhere"));
        assertEquals(List.of(), rows("CREATE DATABASE IF NOT EXISTS default"));
        assertEquals(List.of(), rows("DROP SCHEMA IF EXISTS nowhere CASCADE"));
        assertEquals("SCHEMA_ALREADY_EXISTS", code("CREATE SCHEMA default"));
        assertEquals("SCHEMA_NOT_FOUND", code("DROP DATABASE nowhere"));
        assertEquals("UNSUPPORTED_FEATURE.DROP_DATABASE", code("DROP DATABASE default CASCADE"));
        session.sql("ALTER DATABASE default SET DBPROPERTIES (team = 'data')");
        assertEquals(
                "[Properties,((team,data))]",
                rows("DESCRIBE DATABASE EXTENDED default").getLast());
        assertEquals("UNSUPPORTED_OPERATION", code("ALTER DATABASE default SET LOCATION '/elsewhere'"));
        assertEquals("UNSUPPORTED_OPERATION", code("COMMENT ON TABLE sales IS 'all of them'"));
    }

    @Test
    void tablesAreShownWithWhatDescribeSays() {
        session.sql("CREATE TEMP VIEW some AS SELECT 1 AS id");

        assertEquals(
                List.of(
                        "[default,sales,false,Catalog: spark_catalog\nDatabase: default\nTable: sales\nType: MANAGED\n"
                                + "Provider: parquet\nLocation: " + directory.resolve("sales")
                                + "\nStorage Properties: [compression=snappy]\nPartition Columns: [`day`, `region`]\n"
                                + "Schema: root\n |-- id: long (nullable = true)\n |-- a b: string (nullable = true)\n"
                                + " |-- day: date (nullable = true)\n |-- region: string (nullable = true)\n\n]",
                        "[,some,true,Table: some\nType: VIEW\nSchema: root\n |-- id: integer (nullable = false)\n\n]"),
                rows("SHOW TABLE EXTENDED IN default LIKE 's*'"));
        assertEquals(List.of(), rows("SHOW TABLE EXTENDED LIKE 'nothing'"));
        assertEquals("SCHEMA_NOT_FOUND", code("SHOW TABLE EXTENDED IN nowhere LIKE '*'"));
        assertEquals("UNSUPPORTED_SQL", code("SHOW TABLE EXTENDED LIKE 'sales' PARTITION (day = '2026-01-31')"));
    }

    @Test
    void whatIsNotedIsShownOfTablesThatCanNotBeRead() throws IOException {
        Path lost = directory.resolve("lost.json");
        Files.writeString(lost, "{\"id\": 1}");
        session.sql("CREATE TABLE gone USING json LOCATION '" + lost + "'");
        session.sql("CREATE VIEW greater AS SELECT id FROM gone");
        Files.delete(lost);

        List<String> shown = rows("SHOW TABLE EXTENDED LIKE '*'");
        assertEquals(
                List.of(
                        "[default,gone,false,Catalog: spark_catalog\nDatabase: default\nTable: gone\nType: EXTERNAL\n"
                                + "Provider: json\nLocation: " + lost + "\n]",
                        "[default,greater,false,Catalog: spark_catalog\nDatabase: default\nTable: greater\nType: VIEW\n]"),
                shown.subList(0, 2));
        assertEquals(3, shown.size());
    }

    @Test
    void whatIsShownIsThatOfTheDatabaseThatIsNamed() {
        assertEquals(List.of("[default,sales,false]"), rows("SHOW TABLES IN spark_catalog.default"));
        session.sql("CREATE GLOBAL TEMP VIEW v AS SELECT 1");
        assertEquals(List.of("[global_temp,v,true]"), rows("SHOW TABLES IN spark_catalog.global_temp"));
        assertEquals("CATALOG_NOT_FOUND", code("SHOW TABLES IN nowhere.default"));
        assertEquals("CATALOG_NOT_FOUND", code("SHOW TABLES IN nowhere.global_temp"));
        assertEquals("SCHEMA_NOT_FOUND", code("SHOW TABLES IN spark_catalog.nowhere"));
        assertEquals("SCHEMA_NOT_FOUND", code("SHOW VIEWS IN nowhere"));
        assertEquals(List.of("[default]"), rows("SHOW DATABASES IN spark_catalog"));
        assertEquals("CATALOG_NOT_FOUND", code("SHOW DATABASES IN nowhere"));
        assertEquals(rows("SHOW COLUMNS IN sales"), rows("SHOW COLUMNS IN sales IN default"));
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("SHOW COLUMNS IN sales IN nowhere"));
        assertEquals("SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE", code("SHOW COLUMNS IN default.sales IN other"));
        assertEquals(rows("SHOW COLUMNS IN sales"), rows("SHOW COLUMNS IN default.sales IN DEFAULT"));
    }

    @Test
    void functionsAreThoseOfTheLibraryAndOfTheProgram() {
        session.udf().register("my_upper", (UDF1<String, String>) text -> text, DataTypes.StringType);
        assertEquals(List.of("[my_upper]", "[upper]"), rows("SHOW FUNCTIONS LIKE '*upper'"));
        assertEquals(List.of("[my_upper]"), rows("SHOW USER FUNCTIONS"));
        assertEquals(List.of("[upper]"), rows("SHOW SYSTEM FUNCTIONS IN default LIKE '*upper'"));
        assertEquals("SCHEMA_NOT_FOUND", code("SHOW FUNCTIONS IN nowhere"));
        assertEquals("INVALID_SHOW_FUNCTIONS", code("SHOW HIS FUNCTIONS"));
    }

    @Test
    void partitionsAreThoseThatHaveRows() {
        assertEquals(
                List.of("[day=2026-01-30/region=__HIVE_DEFAULT_PARTITION__]", "[day=2026-01-31/region=north%2Feast]"),
                rows("SHOW PARTITIONS sales"));
        assertEquals(
                List.of("[day=2026-01-31/region=north%2Feast]"),
                rows("SHOW PARTITIONS sales PARTITION (DAY = '2026-01-31')"));
        assertEquals(
                List.of("[day=2026-01-30/region=__HIVE_DEFAULT_PARTITION__]"),
                rows("SHOW PARTITIONS sales PARTITION (region = NULL, day = date'2026-01-30')"));
        assertEquals(List.of(), rows("SHOW PARTITIONS sales PARTITION (region = 'south')"));
        assertEquals("NON_PARTITION_COLUMN", code("SHOW PARTITIONS sales PARTITION (id = 1)"));
        assertEquals("INVALID_STATEMENT_OR_CLAUSE", code("SHOW PARTITIONS sales PARTITION (day)"));
        session.sql("CREATE TABLE plain (id INT) USING parquet");
        assertEquals("INVALID_PARTITION_OPERATION", code("SHOW PARTITIONS plain"));
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("SHOW PARTITIONS nothing"));
    }

    @Test
    void aTableIsMadeLikeAnother() {
        session.sql("CREATE TABLE copies LIKE sales");
        assertEquals(
                session.sql("SHOW CREATE TABLE sales").head().getString(0).replace("sales", "copies"),
                session.sql("SHOW CREATE TABLE copies").head().getString(0));
        assertEquals(0, session.table("copies").count());
        session.sql("INSERT INTO copies SELECT * FROM sales");
        assertEquals(rows("SHOW PARTITIONS sales"), rows("SHOW PARTITIONS copies"));
        session.sql("CREATE TABLE IF NOT EXISTS copies LIKE sales");
        assertEquals(3, session.table("copies").count());
        assertEquals("TABLE_OR_VIEW_ALREADY_EXISTS", code("CREATE TABLE copies LIKE sales"));
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("CREATE TABLE more LIKE nothing"));

        session.sql("CREATE TEMP VIEW seen AS SELECT id, region FROM sales");
        session.sql("CREATE TABLE there LIKE seen USING json LOCATION '" + directory.resolve("there") + "'");
        session.sql("INSERT INTO there VALUES (1, 'x')");
        assertEquals(List.of("[1,x]"), rows("SELECT * FROM there"));
        assertEquals(
                1, session.read().json(directory.resolve("there").toString()).count());
        assertEquals("UNSUPPORTED_SQL", code("CREATE TABLE more LIKE sales TBLPROPERTIES ('a' = 'b')"));
        assertEquals("UNSUPPORTED_SQL", code("CREATE TABLE more LIKE sales STORED AS orc"));
    }

    @Test
    void whatSparkKeepsOfFilesIsFoundWhenATableIsRead() {
        session.table("sales").cache();
        session.table("sales").count();
        for (String statement : List.of(
                "ANALYZE TABLE sales COMPUTE STATISTICS",
                "ANALYZE TABLE sales COMPUTE STATISTICS FOR ALL COLUMNS",
                "MSCK REPAIR TABLE sales",
                "ALTER TABLE sales RECOVER PARTITIONS")) {
            session.sql(statement);
            assertEquals(3, session.table("sales").count(), statement);
        }
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("ANALYZE TABLE nothing COMPUTE STATISTICS"));
    }

    @Test
    void tablesAndViewsGetOtherNames() {
        session.table("sales").cache();
        session.sql("ALTER TABLE sales RENAME TO default.Sold");
        assertEquals(3, session.table("sold").count());
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("SELECT * FROM sales"));
        assertEquals(2, rows("SHOW PARTITIONS sold").size());
        // The old name is free, in the warehouse, too.
        session.sql("CREATE TABLE sales (x INT) USING parquet");
        session.sql("INSERT INTO sales VALUES (7)");
        assertEquals(List.of("[7]"), rows("SELECT * FROM sales"));
        assertEquals(3, session.table("sold").count());
        assertEquals("TABLE_OR_VIEW_ALREADY_EXISTS", code("ALTER TABLE sales RENAME TO sold"));
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("ALTER TABLE nothing RENAME TO something"));
        session.sql("DROP TABLE sold");
        assertEquals(List.of("[7]"), rows("SELECT * FROM sales"));

        String place = directory.resolve("elsewhere").toString();
        session.sql("CREATE TABLE far USING json LOCATION '" + place + "' AS SELECT 1 AS a");
        session.sql("ALTER TABLE far RENAME TO farther");
        assertEquals(List.of("[1]"), rows("SELECT * FROM farther"));
        session.sql("INSERT INTO farther VALUES (2)");
        assertEquals(2, session.read().json(place).count());

        session.sql("CREATE TEMP VIEW v AS SELECT 1 AS a");
        session.sql("ALTER VIEW v RENAME TO w");
        assertEquals(List.of("[1]"), rows("SELECT * FROM w"));
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("SELECT * FROM v"));
        session.sql("CREATE VIEW kept AS SELECT x FROM sales");
        session.sql("ALTER VIEW kept RENAME TO keeps");
        assertEquals(List.of("[7]"), rows("SELECT * FROM keeps"));
        assertEquals("EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW", code("ALTER TABLE keeps RENAME TO kept"));
        assertEquals("EXPECT_VIEW_NOT_TABLE.USE_ALTER_TABLE", code("ALTER VIEW sales RENAME TO kept"));
    }

    @Test
    void textsOfTablesOfFilesHaveTheirLengths() {
        session.sql("CREATE TABLE texts (id INT, c CHAR(4), v VARCHAR(2), a ARRAY<CHAR(2)>) USING parquet");
        session.sql("INSERT INTO texts VALUES (1, 'ab', 'x', array('q', NULL)), (2, 'abcd   ', 'yz   ', NULL)");
        session.sql("SELECT 3 AS id, 'c' AS c, 'z' AS v, array() AS a").write().insertInto("texts");

        assertEquals(
                "[[1,ab  |,x|,[q , null]], [2,abcd|,yz|,null], [3,c   |,z|,[]]]",
                session.sql("SELECT id, c || '|', v || '|', a FROM texts ORDER BY id")
                        .collectAsList()
                        .toString());
        assertEquals(
                "[[1]]",
                session.sql("SELECT id FROM texts WHERE c = 'ab'")
                        .collectAsList()
                        .toString());
        assertEquals("EXCEED_LIMIT_LENGTH", code("INSERT INTO texts VALUES (4, 'abcde', 'x', NULL)"));
        assertEquals("EXCEED_LIMIT_LENGTH", code("INSERT INTO texts VALUES (4, 'a', 'xyz', NULL)"));
        assertEquals("EXCEED_LIMIT_LENGTH", code("INSERT INTO texts VALUES (4, 'a', 'x', array('abc'))"));
        assertEquals(
                "[[id,int,null], [c,char(4),null], [v,varchar(2),null], [a,array<char(2)>,null]]",
                session.sql("DESCRIBE texts").collectAsList().toString());
        assertEquals(
                "CREATE TABLE default.texts (\n  id INT,\n  c CHAR(4),\n  v VARCHAR(2),\n  a array<char(2)>)\nUSING parquet\n",
                session.sql("SHOW CREATE TABLE texts").head().getString(0));
        // Beside tables these are strings, as in Spark.
        assertEquals(
                "abcde|",
                session.sql("SELECT CAST('abcde' AS CHAR(2)) || '|'").head().getString(0));
    }

    @Test
    void whatATableIsCanBeMadeAnew() {
        assertEquals(List.of("[compression,snappy]"), rows("SHOW TBLPROPERTIES sales"));
        assertEquals(List.of("[compression,snappy]"), rows("SHOW TBLPROPERTIES sales ('compression')"));
        assertEquals(
                List.of("[other,Table sales does not have property: other]"), rows("SHOW TBLPROPERTIES sales (other)"));
        String statement = session.sql("SHOW CREATE TABLE sales").head().getString(0);
        assertEquals("""
                CREATE TABLE default.sales (
                  id BIGINT COMMENT 'the \\'number\\'',
                  `a b` STRING,
                  day DATE,
                  region STRING)
                USING parquet
                OPTIONS (
                  'compression' = 'snappy')
                PARTITIONED BY (day, region)
                """, statement);
        session.sql("DROP TABLE sales");
        session.sql(statement);
        assertEquals(statement, session.sql("SHOW CREATE TABLE sales").head().getString(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json", "csv"})
    void tablesOfFilesGetColumns(String format) {
        session.sql("CREATE TABLE t (a INT, p STRING) USING " + format + " PARTITIONED BY (p)");
        session.sql("INSERT INTO t VALUES (1, 'x')");
        session.sql("CACHE TABLE t");
        session.sql("ALTER TABLE t ADD COLUMNS (b STRING COMMENT 'new', c DOUBLE)");
        session.sql("INSERT INTO t VALUES (2, 'two', 2.5, 'y')");
        session.sql("ALTER TABLE t ADD COLUMN d DATE");

        assertEquals(
                "[[1,null,null,null,x], [2,two,2.5,null,y]]",
                session.sql("SELECT a, b, c, d, p FROM t ORDER BY a")
                        .collectAsList()
                        .toString());
        assertEquals(
                List.of("a", "b", "c", "d", "p"), List.of(session.table("t").columns()));
        assertEquals("COLUMN_ALREADY_EXISTS", code("ALTER TABLE t ADD COLUMN B INT"));
        assertEquals("COLUMN_ALREADY_EXISTS", code("ALTER TABLE t ADD COLUMN p INT"));
        assertEquals("COLUMN_ALREADY_EXISTS", code("ALTER TABLE t ADD COLUMNS (e INT, E INT)"));
        assertEquals("UNSUPPORTED_OPERATION", code("ALTER TABLE t ADD COLUMN e INT FIRST"));
        assertEquals("UNSUPPORTED_OPERATION", code("ALTER TABLE t ADD COLUMN e INT NOT NULL"));
    }

    @Test
    void filesWithoutATableAndOtherFormatsGetNoColumns() {
        session.sql("CREATE TABLE lines (value STRING) USING text");
        assertEquals("UNSUPPORTED_OPERATION", code("ALTER TABLE lines ADD COLUMN e INT"));
        session.range(2).write().parquet(directory.resolve("f").toString());
        assertEquals(
                "UNSUPPORTED_OPERATION", code("ALTER TABLE parquet.`" + directory.resolve("f") + "` ADD COLUMN e INT"));
        session.sql("CREATE TABLE found USING parquet LOCATION '" + directory.resolve("f") + "'");
        session.sql("ALTER TABLE found ADD COLUMN e INT");
        assertEquals(
                "[[0,null], [1,null]]",
                session.table("found").orderBy("id").collectAsList().toString());
    }

    @Test
    void whatAViewIsCanBeMadeAnew() {
        session.sql("CREATE VIEW eu (number, `a day`) AS SELECT id, day FROM sales WHERE region = 'eu'");
        String statement = session.sql("SHOW CREATE TABLE eu").head().getString(0);
        assertEquals("""
                CREATE VIEW default.eu (
                  number,
                  `a day`)
                WITH SCHEMA COMPENSATION
                AS SELECT id, day FROM sales WHERE region = 'eu'
                """, statement);
        session.sql("DROP VIEW eu");
        session.sql(statement);
        assertEquals(statement, session.sql("SHOW CREATE TABLE eu").head().getString(0));

        session.sql("CREATE VIEW everything WITH SCHEMA EVOLUTION AS SELECT * FROM sales");
        assertEquals(
                "CREATE VIEW default.everything\nWITH SCHEMA EVOLUTION\nAS SELECT * FROM sales\n",
                session.sql("SHOW CREATE TABLE everything").head().getString(0));
        session.range(1).createOrReplaceTempView("numbers");
        assertFails(
                "[EXPECT_PERMANENT_VIEW_NOT_TEMP] SHOW CREATE TABLE: 'numbers' is a temporary view, which nothing but this"
                        + " session has made. Name a table, or a view made by CREATE VIEW.",
                () -> session.sql("SHOW CREATE TABLE numbers"));
    }

    @Test
    void secretsAmongTheOptionsAreNotShown() {
        session.sql(
                "CREATE TABLE remote USING jdbc OPTIONS (url 'jdbc:none://ann:hush@host/db', dbtable 't', user 'ann',"
                        + " password 'hush')");
        assertEquals(
                List.of("[dbtable,t]", "[password,*********(redacted)]", "[url,*********(redacted)]", "[user,ann]"),
                rows("SHOW TBLPROPERTIES remote"));
        assertEquals(List.of("[password,*********(redacted)]"), rows("SHOW TBLPROPERTIES remote (password)"));
    }

    @Test
    void describeSaysPartitionsAndExtendedWhereATableIs() {
        List<String> plain = List.of(
                "[id,bigint,the 'number']",
                "[a b,string,null]",
                "[day,date,null]",
                "[region,string,null]",
                "[# Partition Information,,]",
                "[# col_name,data_type,comment]",
                "[day,date,null]",
                "[region,string,null]");
        assertEquals(plain, rows("DESCRIBE sales"));
        List<String> extended = new java.util.ArrayList<>(plain);
        extended.addAll(List.of(
                "[,,]",
                "[# Detailed Table Information,,]",
                "[Catalog,spark_catalog,]",
                "[Database,default,]",
                "[Table,sales,]",
                "[Type,MANAGED,]",
                "[Provider,parquet,]",
                "[Location," + directory.resolve("sales") + ",]",
                "[Storage Properties,[compression=snappy],]"));
        assertEquals(extended, rows("DESCRIBE TABLE EXTENDED sales"));
        session.sql("CREATE VIEW v AS SELECT 1 AS a");
        assertEquals(
                "[View Schema Mode,COMPENSATION,]", rows("DESCRIBE FORMATTED v").getLast());
        session.sql("CREATE TEMP VIEW w AS SELECT 1 AS a");
        assertEquals(List.of("[a,int,null]"), rows("DESCRIBE EXTENDED w"));
        assertEquals("UNSUPPORTED_SQL", code("DESCRIBE sales id.x"));
    }

    @Test
    void tablesAreDescribedInJson() {
        session.sql(
                "CREATE TABLE typed (d DECIMAL(10,2), t TIMESTAMP, n TIMESTAMP_NTZ, a ARRAY<INT>, m MAP<STRING, BIGINT>,"
                        + " s STRUCT<x: INT, y: BINARY>, q INTERVAL YEAR TO MONTH, r INTERVAL DAY) USING parquet");
        session.sql("CREATE VIEW v AS SELECT 1 AS a");
        session.sql("CREATE TEMP VIEW w AS SELECT 1 AS a");
        String text = "{\"name\":\"string\",\"collation\":\"UTF8_BINARY\"},\"nullable\":true}";
        String a = "\"columns\":[{\"name\":\"a\",\"type\":{\"name\":\"int\"},\"nullable\":false}],\"type\":\"VIEW\",";

        assertEquals(
                List.of("[{\"table_name\":\"sales\",\"catalog_name\":\"spark_catalog\",\"namespace\":[\"default\"],"
                        + "\"schema_name\":\"default\",\"columns\":[{\"name\":\"id\",\"type\":{\"name\":\"bigint\"},"
                        + "\"nullable\":true,\"comment\":\"the 'number'\"},{\"name\":\"a b\",\"type\":" + text
                        + ",{\"name\":\"day\",\"type\":{\"name\":\"date\"},\"nullable\":true},{\"name\":\"region\",\"type\":"
                        + text + "],\"location\":\"" + directory.resolve("sales")
                        + "\",\"storage_properties\":{\"compression\":\"snappy\"},\"type\":\"MANAGED\",\"provider\":\"parquet\","
                        + "\"partition_columns\":[\"day\",\"region\"],\"collation\":\"UTF8_BINARY\"}]"),
                rows("DESCRIBE TABLE EXTENDED sales AS JSON"));
        assertEquals(
                List.of(
                        "[{\"name\":\"decimal\",\"precision\":10,\"scale\":2}]",
                        "[{\"name\":\"timestamp_ltz\"}]",
                        "[{\"name\":\"timestamp_ntz\"}]",
                        "[{\"name\":\"array\",\"element_type\":{\"name\":\"int\"},\"element_nullable\":true}]",
                        "[{\"name\":\"map\",\"key_type\":{\"name\":\"string\",\"collation\":\"UTF8_BINARY\"},"
                                + "\"value_type\":{\"name\":\"bigint\"},\"value_nullable\":true}]",
                        "[{\"name\":\"struct\",\"fields\":[{\"name\":\"x\",\"type\":{\"name\":\"int\"},\"nullable\":true},"
                                + "{\"name\":\"y\",\"type\":{\"name\":\"binary\"},\"nullable\":true}]}]",
                        "[{\"name\":\"interval\",\"start_unit\":\"year\",\"end_unit\":\"month\"}]",
                        "[{\"name\":\"interval\",\"start_unit\":\"day\",\"end_unit\":\"day\"}]"),
                session
                        .sql("DESCRIBE FORMATTED typed AS JSON")
                        .selectExpr(
                                "explode(from_json(json_metadata, 'columns ARRAY<STRUCT<type: STRING>>').columns.type)")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .toList());
        assertEquals(
                List.of("[{\"table_name\":\"v\",\"catalog_name\":\"spark_catalog\",\"namespace\":[\"default\"],"
                        + "\"schema_name\":\"default\"," + a + "\"view_text\":\"SELECT 1 AS a\","
                        + "\"view_query_output_columns\":[\"a\"],\"collation\":\"UTF8_BINARY\"}]"),
                rows("DESCRIBE EXTENDED v AS JSON"));
        assertEquals(
                List.of("[{\"table_name\":\"w\",\"catalog_name\":\"system\",\"namespace\":[\"session\"],"
                        + "\"schema_name\":\"session\"," + a
                        + "\"view_query_output_columns\":[\"a\"],\"collation\":\"UTF8_BINARY\"}]"),
                rows("DESCRIBE EXTENDED w AS JSON"));
        assertEquals("DESCRIBE_JSON_NOT_EXTENDED", code("DESCRIBE sales AS JSON"));
        assertEquals("UNSUPPORTED_SQL", code("DESCRIBE EXTENDED sales id AS JSON"));
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("DESCRIBE EXTENDED nothing AS JSON"));
    }

    @Test
    void aTruncatedTableHasNoRows() {
        session.sql("TRUNCATE TABLE sales");
        assertEquals(List.of("[0]"), rows("SELECT count(*) FROM sales"));
        session.sql("INSERT INTO sales VALUES (4, 'z', date'2026-01-31', 'south')");
        assertEquals(List.of("[4,z,2026-01-31,south]"), rows("SELECT * FROM sales"));
        assertEquals("UNSUPPORTED_SQL", code("TRUNCATE TABLE sales PARTITION (region = 'south')"));
        session.sql("CREATE TABLE other (id INT) USING csv LOCATION '" + directory.resolve("elsewhere") + "'");
        assertEquals("UNSUPPORTED_OPERATION", code("TRUNCATE TABLE other"));
        assertEquals("TABLE_OR_VIEW_NOT_FOUND", code("TRUNCATE TABLE nowhere"));
    }

    @Test
    void aPathIsNotEmpty() {
        assertEquals("INVALID_EMPTY_LOCATION", code("SELECT * FROM csv.``"));
        assertEquals("INVALID_EMPTY_LOCATION", code("INSERT INTO parquet.` ` SELECT 1"));
    }
}
