package dev.headrace;

import static dev.headrace.Failures.at;
import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tables of the catalog, made and filled by writers and by SQL.
class SavedTableTest {
    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @TempDir
    private Path warehouse;

    @BeforeEach
    void theWarehouseIsHere() {
        session.conf().set("spark.sql.warehouse.dir", warehouse.toString());
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private DataFrame numbers(long count) {
        return session.range(count)
                .select(col("id"), expr("concat('n', id % 7)").as("name"));
    }

    private static void assertFails(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(QueryException.class, call).getMessage());
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
    }

    // ---- saveAsTable

    @Test
    void aTableLiesInTheWarehouseUntilItIsDropped() {
        numbers(3).write().saveAsTable("t");
        assertTrue(Files.isDirectory(warehouse.resolve("t")));
        assertEquals(3, session.table("default.T").count());
        assertEquals(
                "[[t,MANAGED,false]]",
                session.catalog().listTables().collectAsList().toString());
        session.sql("DROP TABLE t");
        assertFalse(Files.exists(warehouse.resolve("t")));
        assertFalse(session.catalog().tableExists("t"));
    }

    @Test
    void whatLiesElsewhereStaysWhenItsTableIsDropped(@TempDir Path elsewhere) {
        String path = elsewhere.resolve("x").toString();
        numbers(3).write().option("path", path).format("json").saveAsTable("x");
        assertEquals(
                "[[x,EXTERNAL,false]]",
                session.catalog().listTables().collectAsList().toString());
        session.sql("DROP TABLE x");
        assertEquals(3, session.read().json(path).count());
    }

    @Test
    void theModeSaysWhatBecomesOfATableThatIsThere() {
        numbers(3).write().saveAsTable("t");
        assertFails(
                "[TABLE_OR_VIEW_ALREADY_EXISTS] There is a table or view 't' already. Choose another name, DROP it first,"
                        + " or replace a table with CREATE OR REPLACE TABLE or mode(\"overwrite\").",
                () -> numbers(1).write().saveAsTable("t"));
        numbers(1).write().mode("ignore").saveAsTable("t");
        assertEquals(3, session.table("t").count());
        numbers(2).select("name", "id").write().mode("append").saveAsTable("t");
        assertEquals(List.of("id", "name"), session.table("t").schema().names());
        assertEquals(5, session.table("t").count());
        session.range(4)
                .withColumn("v", lit(1))
                .write()
                .mode("overwrite")
                .format("orc")
                .saveAsTable("t");
        assertEquals(List.of("id", "v"), session.table("t").schema().names());
        assertEquals(4, session.table("t").count());
    }

    @Test
    void aTableMayBeOverwrittenFromItself() {
        numbers(5).write().saveAsTable("t");
        session.table("t").filter("id > 2").write().mode("overwrite").saveAsTable("t");
        assertEquals(2, session.table("t").count());
    }

    @Test
    void appendedRowsMustFitTheTable() {
        numbers(3).write().format("json").partitionBy("name").saveAsTable("t");
        assertFails(
                "[TABLE_MISMATCH] saveAsTable(\"t\"): the table is of format 'json', not 'csv'. Leave this to the table,"
                        + " which knows it, or replace it with mode(\"overwrite\").",
                () -> numbers(1).write().mode("append").format("csv").saveAsTable("t"));
        assertFails(
                "[TABLE_MISMATCH] saveAsTable(\"t\"): the table has the partition columns [name], not [id]. Leave this to"
                        + " the table, which knows it, or replace it with mode(\"overwrite\").",
                () -> numbers(1).write().mode("append").partitionBy("id").saveAsTable("t"));
        assertFails(
                "[TABLE_MISMATCH] saveAsTable(\"t\"): the table has other buckets, or none. Leave this to the table, which"
                        + " knows it, or replace it with mode(\"overwrite\").",
                () -> numbers(1).write().mode("append").bucketBy(2, "id").saveAsTable("t"));
        numbers(1).write().mode("append").saveAsTable("t");
        assertEquals(4, session.table("t").count());
    }

    @Test
    void typesOfFilesThatHaveNoneAreTheRows() {
        session.sql("SELECT 1 AS i, DATE '2026-01-02' AS d, 'x' AS p")
                .write()
                .format("csv")
                .option("header", true)
                .option("compression", "gzip")
                .partitionBy("p")
                .saveAsTable("t");
        assertEquals(
                "struct<i:int,d:date,p:string>", session.table("t").schema().simpleString());
        session.sql("INSERT INTO t VALUES (2, DATE '2026-01-03', 'y')");
        assertEquals(
                "[[1,2026-01-02,x], [2,2026-01-03,y]]",
                session.sql("SELECT * FROM t ORDER BY i").collectAsList().toString());
    }

    @Test
    void aPlaceInTheWarehouseThatIsTakenIsNotOverwrittenInSilence() {
        numbers(3).write().parquet(warehouse.resolve("t").toString());
        assertFails(
                "[LOCATION_ALREADY_EXISTS] The table 't' would lie in '" + warehouse.resolve("t")
                        + "', where files are already. Give its LOCATION (or the option path) to read them as this table,"
                        + " say CREATE OR REPLACE TABLE (or mode(\"overwrite\")) to delete them, or choose another name.",
                () -> numbers(1).write().saveAsTable("t"));
        numbers(1).write().mode("overwrite").saveAsTable("t");
        assertEquals(1, session.table("t").count());
    }

    @Test
    void rowsAreNotAppendedElsewhereThanTheUserSays() {
        numbers(3).write().saveAsTable("t");
        String other = warehouse.resolve("other").toString();
        assertFails(
                "[TABLE_MISMATCH] saveAsTable(\"t\"): the table lies in '" + warehouse.resolve("t") + "', not in '"
                        + other + "'. Leave this to the table, which knows it, or replace it with mode(\"overwrite\").",
                () -> numbers(1).write().mode("append").option("path", other).saveAsTable("t"));
        numbers(1)
                .write()
                .mode("append")
                .option("PATH", warehouse.resolve("t").toString())
                .saveAsTable("t");
        assertEquals(4, session.table("t").count());
    }

    @Test
    void aNameDoesNotLeadOutOfTheWarehouse() {
        for (String name : List.of("../t", "..")) {
            assertFails(
                    "[INVALID_SCHEMA_OR_RELATION_NAME] '" + name
                            + "' can't be a name in a database: it begins with a dot, or is empty. Use letters, digits"
                            + " and _.",
                    () -> numbers(1).write().mode("overwrite").saveAsTable("`" + name + "`"));
        }
        for (String name : List.of("a/../../t", "a/b", "t*", "a.b")) {
            assertFails(
                    "[INVALID_SCHEMA_OR_RELATION_NAME] '" + name
                            + "' can't be the name of a table in the warehouse, whose directory is called like it. Use"
                            + " letters, digits and _, or say where the table lies: LOCATION, or the option path.",
                    () -> numbers(1).write().mode("overwrite").saveAsTable("`" + name + "`"));
        }
        numbers(2).write().saveAsTable("größe_2");
        assertEquals(2, session.table("größe_2").count());
    }

    // ---- insertInto

    @Test
    void positionsAreTheSameBeforeThereAreRowsAndAfter() {
        session.sql("CREATE TABLE t (b INT, a INT, v INT) USING parquet PARTITIONED BY (a, b)");
        session.sql("INSERT INTO t VALUES (1, 2, 3)");
        session.sql("INSERT INTO t VALUES (4, 5, 6)");
        assertEquals(List.of("v", "a", "b"), session.table("t").schema().names());
        assertEquals(
                "[[1,2,3], [4,5,6]]",
                session.sql("SELECT v, a, b FROM t ORDER BY v").collectAsList().toString());
        session.sql("SELECT 1 AS b, 2 AS a, 3 AS v")
                .filter("v > 3")
                .write()
                .partitionBy("a", "b")
                .saveAsTable("none");
        assertEquals(List.of("v", "a", "b"), session.table("none").schema().names());
    }

    @Test
    void noneOfTwoColumnsOfANameIsLost() {
        numbers(3).write().saveAsTable("t");
        assertFails(
                "[COLUMN_ALREADY_EXISTS] INSERT INTO t: the column 'ID' is given twice. Give each column once.",
                () -> session.sql("SELECT 1 AS id, 2 AS ID")
                        .write()
                        .mode("append")
                        .saveAsTable("t"));
        assertEquals(
                "COLUMN_ALREADY_EXISTS",
                assertThrows(QueryException.class, () -> session.sql("INSERT INTO t (name, name) VALUES (1, 2)"))
                        .code());
        assertEquals(3, session.table("t").count());
    }

    @Test
    void rowsAreInsertedByPosition() {
        numbers(3).write().saveAsTable("t");
        session.sql("SELECT 7 AS name, 'seven' AS id").write().insertInto("t");
        assertEquals(
                "[[7,seven]]",
                session.sql("SELECT * FROM t WHERE id > 5").collectAsList().toString());
        session.sql("SELECT 8, 'eight'").write().mode("overwrite").insertInto("t");
        assertEquals("[[8,eight]]", session.table("t").collectAsList().toString());
        assertFails(
                "[INSERT_INTO_PARTITIONED] insertInto(\"t\") does not take partitionBy(…) or bucketBy(…): the table says how"
                        + " its rows are kept. Leave them out.",
                () -> numbers(1).write().partitionBy("name").insertInto("t"));
        assertEquals(
                "TABLE_OR_VIEW_NOT_FOUND",
                assertThrows(QueryException.class, () -> numbers(1).write().insertInto("missing"))
                        .code());
    }

    // ---- Buckets

    /// What the name of a file says, and what the rows say.
    private void assertBuckets(String table, String hashed, int count) throws IOException {
        Set<Integer> seen = new TreeSet<>();
        for (Path file : files(warehouse.resolve(table))) {
            Matcher bucket = Pattern.compile("part-\\d{5}-[0-9a-f-]{36}_(\\d{5})\\.c000\\..+")
                    .matcher(file.getFileName().toString());
            assertTrue(bucket.matches(), file.toString());
            List<Row> computed = session.read()
                    .parquet(file.toString())
                    .select(expr("pmod(hash(" + hashed + "), " + count + ")"))
                    .distinct()
                    .collectAsList();
            assertEquals("[[" + Integer.parseInt(bucket.group(1)) + "]]", computed.toString());
            seen.add(Integer.parseInt(bucket.group(1)));
        }
        assertEquals(count, seen.size());
    }

    @Test
    void rowsAreDealtToBucketsBySparksHash() throws IOException {
        session.range(1000)
                .selectExpr(
                        "id",
                        "if(id % 11 = 0, null, concat('é', id)) AS s",
                        "cast(id / 7 AS decimal(10, 2)) AS d",
                        "cast(id AS decimal(30, 3)) AS big",
                        "id / 3 AS x",
                        "id % 2 = 0 AS b",
                        "date_add(DATE '2026-01-01', cast(id AS int)) AS day")
                .write()
                .bucketBy(4, "s", "d", "big", "x", "b", "day", "id")
                .saveAsTable("t");
        assertBuckets("t", "s, d, big, x, b, day, id", 4);
        assertEquals(1000, session.table("t").count());
    }

    @Test
    void filesOfBucketsAreSorted() throws IOException {
        session.range(500)
                .selectExpr("id", "id * 7919 % 503 AS v", "id % 2 AS p")
                .write()
                .partitionBy("p")
                .bucketBy(3, "id")
                .sortBy("v")
                .saveAsTable("t");
        assertBuckets("t", "id", 3);
        for (Path file : files(warehouse.resolve("t"))) {
            List<Long> values = session.read().parquet(file.toString()).collectAsList().stream()
                    .map(row -> row.<Long>getAs("v"))
                    .toList();
            assertEquals(values.stream().sorted().toList(), values);
        }
    }

    @Test
    void namesOfColumnsMayHaveDots() throws IOException {
        session.range(20)
                .select(col("id"), expr("20 - id").as("a.b"), expr("id % 2").as("p.q"))
                .write()
                .partitionBy("p.q")
                .bucketBy(2, "id")
                .sortBy("a.b")
                .saveAsTable("t");
        assertBuckets("t", "id", 2);
        assertEquals(20, session.table("t").count());
    }

    @Test
    void sqlMakesBucketsAndInsertsKeepThem() throws IOException {
        session.sql(
                "CREATE TABLE t (id BIGINT, s STRING) USING parquet CLUSTERED BY (id) SORTED BY (s) INTO 2 BUCKETS");
        session.sql("INSERT INTO t SELECT id, concat('a', id) FROM range(100)");
        session.sql("INSERT INTO t SELECT id, concat('b', id) FROM range(100)");
        assertBuckets("t", "id", 2);
        assertEquals(200, session.table("t").count());
    }

    @Test
    void bucketsThatCannotBeAreRefused() throws IOException {
        assertFails(
                "[BUCKETS_NEED_A_TABLE] save does not take bucketBy(…): only a table remembers how its rows are dealt. Use"
                        + " saveAsTable(\"…\").",
                () -> numbers(1)
                        .write()
                        .bucketBy(2, "id")
                        .parquet(warehouse.resolve("p").toString()));
        assertFails(
                "[SORT_BY_WITHOUT_BUCKETING] sortBy sorts the files of buckets: call bucketBy(…) first, or sort the rows"
                        + " with sort(…).",
                () -> numbers(1).write().sortBy("id"));
        assertFails(
                "[INVALID_BUCKET_COUNT] A table has between 1 and 100000 buckets, not 0. Give another number.",
                () -> numbers(1).write().bucketBy(0, "id"));
        assertFails(
                "[INVALID_BUCKET_COLUMN] bucketBy: 'name' is a partition column, the same in all files of its directory."
                        + " Name another column.",
                () -> numbers(1).write().partitionBy("name").bucketBy(2, "name").saveAsTable("t"));
        assertFails(
                "[INVALID_BUCKET_COLUMN] bucketBy: 'a' is of type array<bigint>, whose values are not hashed. Name another"
                        + " column.",
                () -> session.sql("SELECT array(1L) AS a")
                        .write()
                        .bucketBy(2, "a")
                        .saveAsTable("t"));
        assertFails(
                "[UNSUPPORTED_OPERATION] A table of format 'jdbc' has no buckets: leave out CLUSTERED BY or bucketBy(…), or"
                        + " choose a format of plain files, such as parquet.",
                () -> numbers(1).write().format("jdbc").bucketBy(2, "id").saveAsTable("t"));
        assertFalse(session.catalog().tableExists("t"));
        assertEquals(List.of(), files(warehouse));
    }

    // ---- What INSERT takes

    @Test
    void valuesMustBeSafeToAssign() {
        session.sql("CREATE TABLE t (i INT, d DATE, s STRING, b BOOLEAN, a ARRAY<BIGINT>) USING parquet");
        assertFails(
                "[INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST] INSERT INTO t: the column 'i' is of type int, and a value of"
                        + " type string may not be one. Cast it, or set spark.sql.storeAssignmentPolicy=LEGACY, which casts"
                        + " what can be cast."
                        + at("INSERT INTO t (i) VALUES ('5')", "t (i)").replace("^^^^^", "^"),
                () -> session.sql("INSERT INTO t (i) VALUES ('5')"));
        for (String wrong : List.of(
                "(d) VALUES ('2026-01-02')",
                "(d) VALUES (5)",
                "(b) VALUES (1)",
                "(i) VALUES (true)",
                "(i) VALUES (DATE '2026-01-02')",
                "(a) VALUES (array('1'))",
                "(s) VALUES (array('1'))")) {
            assertEquals(
                    "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
                    assertThrows(QueryException.class, () -> session.sql("INSERT INTO t " + wrong))
                            .code());
        }
        session.sql("INSERT INTO t VALUES (5L, TIMESTAMP '2026-01-02 03:04:05', 7, NULL, array(1, 2))");
        session.conf().set("spark.sql.storeAssignmentPolicy", "LEGACY");
        session.sql("INSERT INTO t VALUES ('6', '2026-01-03', 7, 1, array('3'))");
        assertEquals(
                "[[5,2026-01-02,7,null,[1, 2]], [6,2026-01-03,7,true,[3]]]",
                session.table("t").orderBy("i").collectAsList().toString());
    }

    @Test
    void fieldsOfStructsAreFoundByName() {
        session.sql("CREATE TABLE t (s STRUCT<x: INT, y: INT>, a ARRAY<STRUCT<x: INT, y: INT>>,"
                + " m MAP<STRUCT<x: INT, y: INT>, STRUCT<x: INT, y: INT>>) USING parquet");
        String swapped = "named_struct('Y', 2, 'X', 1)";
        DataFrame rows = session.sql("SELECT array(" + swapped + ", NULL) AS a, map(" + swapped + ", " + swapped
                + ") AS m, IF(id = 0, " + swapped + ", NULL) AS s FROM range(2)");
        rows.writeTo("t").append();
        rows.write().mode("append").saveAsTable("t");
        rows.createOrReplaceTempView("rows");
        session.sql("INSERT INTO t BY NAME SELECT * FROM rows");
        List<String> read = session.table("t").selectExpr("to_json(s)", "to_json(a)", "m").collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .distinct()
                .toList();
        String arrays = "[{\"x\":1,\"y\":2},null],{[1,2]=[1,2]}]";
        assertEquals(List.of("[null," + arrays, "[{\"x\":1,\"y\":2}," + arrays), read);
        assertEquals(6, session.table("t").count());
        assertFails(
                "[INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_FIND_DATA] INSERT INTO t: the rows have no field 's.y': there are"
                        + " x, z. Add it, perhaps as null.",
                () -> session.sql("SELECT named_struct('x', 1, 'z', 2) AS s")
                        .writeTo("t")
                        .append());
        assertFails(
                "[INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_STRUCT_FIELDS] INSERT INTO t: the rows have a field 's.z', which the"
                        + " table has not: its fields are x, y. Leave it out.",
                () -> session.sql("SELECT named_struct('x', 1, 'y', 2, 'z', 3) AS s")
                        .writeTo("t")
                        .append());
    }

    @Test
    void rowsGoToTheDirectoriesOfALocation(@TempDir Path location) {
        String path = location.resolve("p").toString();
        numbers(4).write().partitionBy("name").parquet(path);
        session.sql("CREATE TABLE p USING parquet LOCATION '" + path + "'");
        session.sql("INSERT INTO p VALUES (9, 'new')");
        assertTrue(Files.isDirectory(location.resolve("p").resolve("name=new")));
        assertEquals(5, session.table("p").count());
        assertEquals(1, session.table("p").filter("name = 'new' AND id = 9").count());

        String asPath = "parquet.`" + path + "`";
        session.sql("INSERT INTO " + asPath + " VALUES (10, 'newer')");
        assertTrue(Files.isDirectory(location.resolve("p").resolve("name=newer")));
        numbers(1).writeTo(asPath).overwritePartitions();
        assertEquals(6, session.table("p").count());
    }

    @Test
    void aTableOfWhatIsNotThereIsNotMade() {
        String path = warehouse.resolve("not").resolve("there").toString();
        assertEquals(
                "PATH_NOT_FOUND",
                assertThrows(QueryException.class, () -> session.catalog().createTable("c", path))
                        .code());
        assertFalse(session.catalog().tableExists("c"));
        numbers(2).write().parquet(path);
        assertEquals(2, session.catalog().createTable("c", path).count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void theSessionSaysWhetherSchemasOfFilesAreMerged(String format) {
        String path = warehouse.resolve("m").toString();
        session.sql("SELECT 1 AS a").write().format(format).save(path);
        session.sql("SELECT 2 AS b").write().format(format).mode("append").save(path);
        session.sql("SET spark.sql." + format + ".mergeSchema = true");

        assertEquals(2, session.read().format(format).load(path).columns().length);
        assertEquals(
                1,
                session.read()
                        .format(format)
                        .option("mergeSchema", false)
                        .load(path)
                        .columns()
                        .length);
    }

    @Test
    void onlyPartitionsThatGetRowsAreReplaced() {
        String path = warehouse.resolve("p").toString();
        numbers(14).write().partitionBy("name").parquet(path);
        numbers(3)
                .selectExpr("id + 100 AS id", "name")
                .write()
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .partitionBy("name")
                .parquet(path);
        DataFrame read = session.read().parquet(path);
        assertEquals(11, read.count());
        assertEquals(
                "[[100], [101], [102]]",
                read.filter("name IN ('n0', 'n1', 'n2')")
                        .select("id")
                        .orderBy("id")
                        .collectAsList()
                        .toString());
        assertFalse(Files.exists(warehouse.resolve("p").resolve("_temporary")));
        assertFails(
                "[INVALID_OPTION] format(\"parquet\") option 'partitionOverwriteMode' is 'some': expected static or"
                        + " dynamic.",
                () -> numbers(1)
                        .write()
                        .mode("overwrite")
                        .option("partitionOverwriteMode", "some")
                        .parquet(path));
    }

    @Test
    void partitionsThatCanNotBeReplacedStay() throws IOException {
        Path path = warehouse.resolve("p");
        numbers(7).write().partitionBy("name").parquet(path.toString());
        Path inTheWay = path.resolve("name=x");
        Files.writeString(inTheWay, "");
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> session.sql("SELECT 100L AS id, 'n0' AS name UNION ALL"
                                + " SELECT 101L, 'new' UNION ALL SELECT 102L, 'x'")
                        .write()
                        .mode("overwrite")
                        .option("partitionOverwriteMode", "dynamic")
                        .partitionBy("name")
                        .parquet(path.toString()));
        assertEquals("FILE_NOT_WRITABLE", failed.code());
        Files.delete(inTheWay);
        assertEquals(
                "[[0], [1], [2], [3], [4], [5], [6]]",
                session.read()
                        .parquet(path.toString())
                        .select("id")
                        .orderBy("id")
                        .collectAsList()
                        .toString());
        assertFalse(Files.exists(path.resolve("_temporary")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro", "arrow", "json", "csv", "xml", "text"})
    void filesHaveNoMoreRowsThanTheyMay(String format) {
        String path = warehouse.resolve("p").toString();
        Map<String, String> more = format.equals("xml") ? Map.of("rowTag", "r") : Map.of();
        session.range(0, 10, 1, 1)
                .selectExpr("CAST(id AS STRING) AS id")
                .write()
                .format(format)
                .options(more)
                .option("maxRecordsPerFile", 4)
                .save(path);
        assertEquals(
                "[[2], [4], [4]]",
                rowsOfFiles(session.read().format(format).options(more).load(path)));
    }

    private static String rowsOfFiles(DataFrame read) {
        return read.groupBy(col("_metadata.file_path"))
                .count()
                .select("count")
                .orderBy("count")
                .collectAsList()
                .toString();
    }

    @Test
    void theSessionSaysHowManyRowsFilesHaveThatDoNotSay() {
        session.sql("SET spark.sql.files.maxRecordsPerFile = 2");
        session.range(0, 12, 1, 1)
                .selectExpr("id", "id % 2 AS half")
                .write()
                .partitionBy("half")
                .bucketBy(1, "id")
                .sortBy("id")
                .saveAsTable("t");
        assertEquals("[[2], [2], [2], [2], [2], [2]]", rowsOfFiles(session.table("t")));
        assertEquals(12, session.sql("SELECT * FROM t a JOIN t b USING (id)").count());
        session.range(0, 3, 1, 1)
                .selectExpr("id", "'n' AS name")
                .write()
                .option("maxRecordsPerFile", 0)
                .saveAsTable("u");
        assertEquals("[[3]]", rowsOfFiles(session.table("u")));
        session.sql("INSERT INTO u SELECT id, 'n' FROM range(0, 3, 1, 1)");
        assertEquals("[[3], [3]]", rowsOfFiles(session.table("u")));
        session.conf().unset("spark.sql.files.maxRecordsPerFile");
        session.sql("INSERT INTO u WITH ('maxRecordsPerFile' = '1') SELECT id, 'n' FROM range(0, 2, 1, 1)");
        assertEquals("[[1], [1], [3], [3]]", rowsOfFiles(session.table("u")));
        assertFails(
                "[INVALID_OPTION] format(\"parquet\") option 'maxRecordsPerFile' is 'few': expected a whole number.",
                () -> numbers(1).write().option("maxRecordsPerFile", "few").saveAsTable("v"));
        assertFails(
                "[INVALID_CONFIG] 'spark.sql.files.maxRecordsPerFile' is 'few': expected a whole number.",
                () -> session.conf().set("spark.sql.files.maxRecordsPerFile", "few"));
    }

    @Test
    void aTableKeepsPartitionsThatGetNoRows() {
        numbers(14).write().partitionBy("name").saveAsTable("t");
        numbers(2)
                .write()
                .mode("overwrite")
                .option("partitionOverwriteMode", "dynamic")
                .partitionBy("name")
                .saveAsTable("t");
        assertEquals(12, session.table("t").count());
        session.sql("CREATE TABLE d (id BIGINT, name STRING) USING csv OPTIONS (partitionOverwriteMode 'dynamic')"
                + " PARTITIONED BY (name)");
        numbers(14).write().insertInto("d");
        numbers(2).write().mode("overwrite").insertInto("d");
        assertEquals(12, session.table("d").count());
    }
}
