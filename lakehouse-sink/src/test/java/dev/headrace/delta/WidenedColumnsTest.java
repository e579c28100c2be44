package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQueryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Columns that get a wider type at the source.
class WidenedColumnsTest {
    private static final Map<String, String> MERGED = Map.of("mergeSchema", "true");
    private static final Map<String, String> WIDENING = Map.of("delta.enableTypeWidening", "true");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private ChangeStream messages() {
        return new ChangeStream(
                session,
                directory,
                "value string",
                stream -> Debezium.json(
                        stream, col("value"), "id int, points int, share float, amount decimal(6,2), count smallint"),
                Changes.debezium("id"));
    }

    private static ChangeStream widened(ChangeStream changes, String columns) {
        return changes.read(stream -> Debezium.json(stream, col("value"), columns));
    }

    private static String message(String op, long lsn, String after) {
        return "{\"before\":null,\"after\":" + after + ",\"source\":{\"lsn\":" + lsn + "},\"op\":\"" + op + "\"}";
    }

    private String table() {
        return "delta.`" + directory.resolve("table") + "`";
    }

    private ChangeStream landed(Map<String, String> properties) throws Exception {
        return messages()
                .add(message("c", 1, "{\"id\":1,\"points\":10,\"share\":0.5,\"amount\":1.25,\"count\":1}"))
                .add(message("c", 2, "{\"id\":2,\"points\":20,\"share\":1.5,\"amount\":2.25,\"count\":2}"))
                .run(properties);
    }

    @Test
    void theTableGetsTheWiderTypesWithTheNextCommit() throws Exception {
        ChangeStream changes = landed(WIDENING);
        widened(changes, "id int, points bigint, share double, amount decimal(14,3), count int")
                .add(message(
                        "u",
                        3,
                        "{\"id\":1,\"points\":3000000000,\"share\":0.1,\"amount\":123456789.125,\"count\":70000}"))
                .add(message("c", 4, "{\"id\":3,\"points\":30,\"share\":2.5,\"amount\":3.25,\"count\":3}"))
                .run(MERGED);

        assertEquals(
                List.of("[1,3000000000,0.1,123456789.125,70000,3]", "[2,20,1.5,2.250,2,2]", "[3,30,2.5,3.250,3,4]"),
                changes.rows());
        assertEquals(changes.rows(), changes.rowsByKernel());
        assertEquals(
                "points int to bigint, share float to double, amount decimal(6,2) to decimal(14,3), count smallint to int",
                DeltaTable.forPath(session, directory.resolve("table").toString())
                        .history()
                        .orderBy(col("version").desc())
                        .selectExpr("operationParameters['widenedColumns']")
                        .first()
                        .getString(0));
    }

    /// Files from before are not written anew, and are read all the same.
    @Test
    void filesThatAreThereStay() throws Exception {
        ChangeStream changes = landed(WIDENING);
        widened(changes, "id int, points bigint, share double, amount decimal(14,2), count int")
                .add(message("c", 3, "{\"id\":3,\"points\":3000000000}"))
                .run(MERGED);

        assertEquals(
                List.of("[1,10,0.5,1.25,1,1]", "[2,20,1.5,2.25,2,2]", "[3,3000000000,null,null,null,3]"),
                changes.rows());
        assertEquals(changes.rows(), changes.rowsByKernel());
        assertEquals(
                List.of("[2]"),
                session
                        .sql("SELECT id FROM " + table() + " WHERE points > 15 AND points < 100")
                        .collectAsList()
                        .stream()
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void tablesThatDoNotAllowItAreRefusedAndSayHow() throws Exception {
        ChangeStream changes = landed(Map.of());
        widened(changes, "id int, points bigint, share float, amount decimal(6,2), count smallint");

        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] " + directory.resolve("table")
                        + ": column 'points' is 'bigint' in the rows to write, but 'int' in the table. Cast it:"
                        + " col(\"points\").cast(\"int\"). Or let the table's column become wider: write with"
                        + " option(\"mergeSchema\", true), after ALTER TABLE … SET TBLPROPERTIES ('delta.enableTypeWidening' ="
                        + " 'true').",
                assertThrows(QueryException.class, () -> changes.run(MERGED)).getMessage());

        session.sql("ALTER TABLE " + table() + " SET TBLPROPERTIES ('delta.enableTypeWidening' = 'true')");
        changes.add(message("c", 3, "{\"id\":3,\"points\":3000000000}")).run(MERGED);
        assertEquals(List.of("[10]", "[20]", "[3000000000]"), changes.rows("points"));
    }

    @Test
    void narrowerTypesAreRefused() throws Exception {
        ChangeStream changes = landed(WIDENING);
        widened(changes, "id int, points smallint, share float, amount decimal(6,2), count smallint");

        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] " + directory.resolve("table")
                        + ": column 'points' is 'smallint' in the rows to write, but 'int' in the table. Cast it:"
                        + " col(\"points\").cast(\"int\").",
                assertThrows(QueryException.class, () -> changes.run(MERGED)).getMessage());
    }

    @Test
    void keysKeepTheirType() throws Exception {
        ChangeStream changes = landed(WIDENING);
        widened(changes, "id bigint, points int, share float, amount decimal(6,2), count smallint");

        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] " + directory.resolve("table")
                        + ": column 'id' is 'bigint' in the changes, but 'int' in the table, and a key or sequence can't become"
                        + " wider. Cast it to the table's type.",
                assertThrows(QueryException.class, () -> changes.run(MERGED)).getMessage());
    }

    private ChangeStream withADeletedRow() throws Exception {
        return new ChangeStream(
                        session,
                        directory,
                        "op string, id int, tenant string, lsn bigint",
                        Changes.keyedBy("id", "tenant")
                                .sequencedBy(col("lsn"))
                                .deletedWhere(col("op").equalTo("d"))
                                .without("op"))
                .add("u", 1, "x", 1L)
                .add("u", 2, "y", 2L)
                .add("d", 2, "y", 5L)
                .run(WIDENING);
    }

    private void alterKey(ChangeStream changes, String type) {
        session.sql("ALTER TABLE " + table() + " ALTER COLUMN id TYPE " + type);
        changes.read(rows -> rows.withColumn("id", col("id").cast(type)));
    }

    /// What is remembered beside the table has the key in the type that it had.
    @ParameterizedTest
    @ValueSource(strings = {"bigint", "decimal(20,0)", "decimal(14,2)"})
    void aKeyThatIsWiderNowFindsTheDeletionsOfBefore(String type) throws Exception {
        ChangeStream changes = withADeletedRow();
        alterKey(changes, type);
        changes.add("u", 2, "y", 4L).add("u", 3, "y", 6L).add("d", 3, "y", 8L).run();
        assertEquals(List.of("[1]"), changes.rows("lsn"));

        changes.add("u", 2, "y", 3L).add("u", 3, "y", 7L).add("u", 2, "x", 3L).run();
        assertEquals(List.of("[1]", "[3]"), changes.rows("lsn"));
    }

    @Test
    void deletionsThatDoNotSayOfWhichTypeTheirKeysAreAreNotMistaken() throws Exception {
        ChangeStream changes = withADeletedRow();
        Path remembered = directory.resolve("table").resolve("_headrace");
        Path file;
        try (Stream<Path> files = Files.walk(remembered)) {
            file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Path rewritten = directory.resolve("rewritten");
        session.read()
                .parquet(file.toString())
                .drop("keyTypes")
                .coalesce(1)
                .write()
                .parquet(rewritten.toString());
        try (Stream<Path> files = Files.list(rewritten)) {
            Path part = files.filter(written -> written.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
        changes.add("u", 2, "y", 3L).run();
        assertEquals(List.of("[1]"), changes.rows("lsn"));

        alterKey(changes, "decimal(20,0)");
        changes.add("u", 2, "y", 4L);
        HeadraceException failed = (HeadraceException)
                assertThrows(StreamingQueryException.class, changes::run).getCause();
        assertEquals(
                "[DELTA_SCHEMA_MISMATCH] " + directory.resolve("table")
                        + ": the key was (int, string) and has become (decimal(20,0), string), and '" + file
                        + "', in which an earlier version of Headrace has remembered deletions, does not say by which it"
                        + " means them. To go on without them delete the directory '"
                        + remembered.resolve("tombstones")
                        + "': a change that is older than a deletion and comes after it then brings its row back.",
                failed.getMessage());
    }

    /// What statistics call 0.1 was 0.10000000149011612 in a float.
    @Test
    void floatsOfBeforeAreFoundAsDoubles() throws Exception {
        session.sql("CREATE TABLE " + table()
                + " (id INT, share FLOAT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')");
        session.sql("INSERT INTO " + table() + " VALUES (1, CAST(0.1 AS FLOAT)), (2, CAST(-0.1 AS FLOAT))");
        session.sql("SELECT 3 AS id, 5.5D AS share")
                .write()
                .format("delta")
                .mode("append")
                .option("mergeSchema", true)
                .save(directory.resolve("table").toString());

        for (String found : List.of("share > 0.1D AND share < 0.2D", "share < -0.1D", "share = DOUBLE(FLOAT(0.1D))")) {
            assertEquals(
                    1,
                    session.sql("SELECT id FROM " + table() + " WHERE " + found).count(),
                    found);
        }
    }

    @Test
    void otherWritesWidenColumnsToo() {
        session.sql("CREATE TABLE " + table()
                + " (id INT, points INT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')");
        session.sql("INSERT INTO " + table() + " VALUES (1, 10)");
        session.sql("SELECT 2 AS id, 3000000000 AS points")
                .write()
                .format("delta")
                .mode("append")
                .option("mergeSchema", true)
                .save(directory.resolve("table").toString());

        assertEquals(
                List.of("[1,10]", "[2,3000000000]"),
                session.sql("SELECT * FROM " + table() + " ORDER BY id").collectAsList().stream()
                        .map(Object::toString)
                        .toList());
    }
}
