package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQueryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Columns that are renamed at the source while their changes are landed: `points` becomes `score`.
class RenamedColumnsTest {
    private static final String COLUMNS = "id bigint, name string, points int, score int";
    private static final Changes RENAMED = Changes.debezium("id").renaming("points", "score");

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String table() {
        return "delta.`" + directory.resolve("table") + "`";
    }

    private ChangeStream messages(String columns, Changes changes) {
        return new ChangeStream(
                session, directory, "value string", stream -> Debezium.json(stream, col("value"), columns), changes);
    }

    private ChangeStream messages(Changes changes) {
        return messages(COLUMNS, changes);
    }

    /// A table with two rows, from before the column was renamed.
    private ChangeStream landed(Changes changes) throws Exception {
        session.sql("CREATE TABLE " + table() + " (id BIGINT, name STRING, points INT, _sequence BIGINT) USING delta"
                + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        return messages(changes)
                .add(message("c", 1, "{\"id\":1,\"name\":\"ann\",\"points\":10}"))
                .add(message("c", 2, "{\"id\":2,\"name\":\"bob\",\"points\":20}"))
                .run();
    }

    private static String message(String op, long lsn, String after) {
        return "{\"before\":null,\"after\":" + after + ",\"source\":{\"lsn\":" + lsn + "},\"op\":\"" + op + "\"}";
    }

    private static String deletion(long lsn, String before) {
        return "{\"before\":" + before + ",\"after\":null,\"source\":{\"lsn\":" + lsn + "},\"op\":\"d\"}";
    }

    private List<String> columns() {
        return session.read()
                .format("delta")
                .load(directory.resolve("table").toString())
                .schema()
                .names();
    }

    private List<String> renames() {
        return DeltaTable.forPath(session, directory.resolve("table").toString())
                .history()
                .where("operation = 'MERGE'")
                .orderBy("version")
                .selectExpr(
                        "operationParameters['renamedColumns']", "operationMetrics['numTargetFilesRemoved']", "version")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0) + ", " + row.getString(1) + " files")
                .toList();
    }

    @Test
    void theTableGetsTheNewNameWithTheFirstRowThatHasIt() throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"points\":11}"))
                .run();
        assertEquals(List.of("id", "name", "points", "_sequence"), columns());

        changes.add(message("c", 4, "{\"id\":3,\"name\":\"cid\",\"points\":30}"))
                .add(message("c", 5, "{\"id\":4,\"name\":\"dan\",\"score\":40}"))
                .run();

        assertEquals(List.of("id", "name", "score", "_sequence"), columns());
        assertEquals(List.of("[1,ann,11,3]", "[2,bob,20,2]", "[3,cid,30,4]", "[4,dan,40,5]"), changes.rows());
        assertEquals(changes.rows(), changes.rowsByKernel());
        assertEquals(List.of("null, 0 files", "null, 1 files", "points to score, 0 files"), renames());
    }

    @Test
    void laterChangesAndThoseOfTheOldNameGoToTheRenamedColumn() throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 4, "{\"id\":1,\"name\":\"ann\",\"score\":12}")).run();
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"points\":11}"))
                .add(message("u", 5, "{\"id\":2,\"name\":\"bob\",\"points\":21}"))
                .add(message("u", 6, "{\"id\":1,\"name\":\"ann\",\"score\":null}"))
                .add(deletion(7, "{\"id\":2,\"score\":21}"))
                .run();

        assertEquals(List.of("[1,ann,null,6]"), changes.rows());
        assertEquals(List.of("null, 0 files", "points to score, 1 files", "null, 1 files"), renames());
    }

    /// With a new checkpoint all messages come again, those with the old name, too.
    @Test
    void aQueryThatBeginsAnewChangesNothing() throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"score\":12}")).run();
        List<String> before = changes.rows();

        Path checkpoint = changes.checkpoint();
        java.nio.file.Files.move(checkpoint, directory.resolve("old-checkpoint"));
        changes.run(1);

        assertEquals(List.of("[1,ann,12,3]", "[2,bob,20,2]"), before);
        assertEquals(before, changes.rows());
        assertEquals(List.of("id", "name", "score", "_sequence"), columns());
    }

    @Test
    void aBatchThatRunsAgainRenamesOnce() throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"score\":12}")).run();
        changes.forgetLastCommit();
        changes.run();

        assertEquals(List.of("[1,ann,12,3]", "[2,bob,20,2]"), changes.rows());
        assertEquals(List.of("null, 0 files", "points to score, 1 files"), renames());
    }

    @Test
    void aNewTableHasTheNewName() throws Exception {
        ChangeStream changes = messages(RENAMED)
                .add(message("c", 1, "{\"id\":1,\"name\":\"ann\",\"points\":10}"))
                .add(message("c", 2, "{\"id\":2,\"name\":\"bob\",\"score\":20}"))
                .run();

        assertEquals(List.of("id", "name", "score", "_sequence"), columns());
        assertEquals(List.of("[1,ann,10,1]", "[2,bob,20,2]"), changes.rows());
    }

    @Test
    void historiesHaveOneColumn() throws Exception {
        session.sql("CREATE TABLE " + table() + " (id BIGINT, name STRING, points INT, valid_from BIGINT,"
                + " valid_to BIGINT, is_current BOOLEAN) USING delta"
                + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        ChangeStream changes = messages(RENAMED.keepingHistory())
                .add(message("c", 1, "{\"id\":1,\"name\":\"ann\",\"points\":10}"))
                .run();
        changes.add(message("u", 5, "{\"id\":1,\"name\":\"ann\",\"score\":12}"))
                .add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"points\":11}"))
                .run();

        assertEquals(List.of("[1,ann,10,1,3,false]", "[1,ann,11,3,5,false]", "[1,ann,12,5,null,true]"), changes.rows());
        assertEquals(List.of("null, 0 files", "points to score, 1 files"), renames());
    }

    @Test
    void aKeyMayBeRenamed() throws Exception {
        session.sql("CREATE TABLE " + table() + " (id BIGINT, name STRING, _sequence BIGINT) USING delta"
                + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        ChangeStream changes = messages(
                        "id bigint, person bigint, name string",
                        Changes.debezium("person").renaming("id", "person"))
                .add(message("c", 1, "{\"id\":1,\"name\":\"ann\"}"))
                .add(message("c", 2, "{\"id\":2,\"name\":\"bob\"}"))
                .run();
        assertEquals(List.of("id", "name", "_sequence"), columns());
        changes.add(deletion(3, "{\"id\":2}"))
                .add(message("u", 4, "{\"person\":1,\"name\":\"anna\"}"))
                .add(message("c", 5, "{\"person\":3,\"name\":\"cid\"}"))
                .run();
        changes.add(deletion(6, "{\"person\":3}")).run();

        assertEquals(List.of("[1,anna,4]"), changes.rows("person", "name", "_sequence"));
    }

    @Test
    void columnsThatAreAddedComeWithIt() throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"score\":12,\"city\":\"Bern\"}"))
                .run(Map.of("mergeSchema", "true"));

        assertEquals(List.of("[1,ann,12,Bern]", "[2,bob,20,null]"), changes.rows("id", "name", "score", "city"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep", "ignore", "fail"})
    void aRenamedColumnIsNotGone(String policy) throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"score\":12}"))
                .add(message("u", 4, "{\"id\":2,\"name\":\"bob\",\"points\":21}"))
                .run(Map.of("goneColumns", policy));

        assertEquals(List.of("[1,ann,12,3]", "[2,bob,21,4]"), changes.rows());
    }

    @Test
    void aColumnIsGoneOnceRowsHaveNoneOfItsNames() throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"anna\"}")).run(Map.of("goneColumns", "ignore"));
        assertEquals(List.of("[1,anna,10,3]", "[2,bob,20,2]"), changes.rows("id", "name", "points", "_sequence"));
        changes.add(message("u", 4, "{\"id\":2,\"name\":\"bob\",\"score\":21}"))
                .add(message("u", 5, "{\"id\":2,\"name\":\"bo\"}"))
                .run(Map.of("goneColumns", "ignore"));
        assertEquals(List.of("[1,anna,10,3]", "[2,bo,21,5]"), changes.rows("id", "name", "score", "_sequence"));

        changes.add(message("u", 6, "{\"id\":2,\"name\":\"b\"}"));
        StreamingQueryException refused =
                assertThrows(StreamingQueryException.class, () -> changes.run(Map.of("goneColumns", "fail")));
        assertEquals(
                true,
                refused.getCause().getMessage().contains("changed rows have no field 'score'"),
                refused.getCause().getMessage());
    }

    @Test
    void feedsOfWholeRowsMayBeRenamedToo() throws Exception {
        session.sql("CREATE TABLE " + table() + " (id BIGINT, points INT, v BIGINT) USING delta"
                + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        session.sql("INSERT INTO " + table() + " VALUES (1, 10, 1), (2, 20, 1)");
        ChangeStream changes = new ChangeStream(
                        session,
                        directory,
                        "id bigint, points int, score int, v bigint",
                        Changes.keyedBy("id").sequencedBy(col("v")).renaming("points", "score"))
                .add(1L, 11, null, 2L)
                .add(3L, null, 30, 3L)
                .run();

        assertEquals(List.of("[1,11,2]", "[2,20,1]", "[3,30,3]"), changes.rows("id", "score", "v"));
        assertEquals(List.of("id", "score", "v"), columns());
    }

    @Test
    void aStatementMaySayIt() throws Exception {
        session.sql("CREATE TABLE " + table() + " (id BIGINT, points INT, v BIGINT) USING delta"
                + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        session.sql("INSERT INTO " + table() + " VALUES (1, 10, 1)");
        session.sql("INSERT INTO delta.`" + directory.resolve("feed")
                + "` SELECT * FROM VALUES (1, 11, NULL, 2L), (2, NULL, 20, 3L) AS t(id, points, score, v)");
        session.sql("APPLY CHANGES INTO " + table() + " FROM (SELECT CAST(id AS BIGINT) id, points, score, v FROM"
                + " STREAM delta.`" + directory.resolve("feed") + "`) KEYS (id) SEQUENCE BY v"
                + " RENAME COLUMNS (points TO score) TRIGGER AVAILABLE NOW OPTIONS ('checkpointLocation' = '"
                + directory.resolve("checkpoint") + "')");

        assertEquals(
                List.of("[1,11,2]", "[2,20,3]"),
                session.sql("SELECT id, score, v FROM " + table() + " ORDER BY id").collectAsList().stream()
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void tablesThatDoNotMapColumnsAreRefused() throws Exception {
        session.sql("CREATE TABLE " + table() + " (id BIGINT, name STRING, points INT, _sequence BIGINT) USING delta");

        assertEquals(
                "[CHANGES_RENAMED_COLUMN] " + directory.resolve("table")
                        + ": the column 'points' can't be renamed, because the table does not map its columns by name. Let it,"
                        + " which writes no file anew: ALTER TABLE … SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name').",
                assertThrows(QueryException.class, () -> messages(RENAMED).run())
                        .getMessage());
    }

    @Test
    void tablesWithBothColumnsAreRefused() throws Exception {
        session.sql("CREATE TABLE " + table()
                + " (id BIGINT, name STRING, points INT, score INT, _sequence BIGINT) USING delta");

        assertEquals(
                "[CHANGES_RENAMED_COLUMN] " + directory.resolve("table")
                        + ": renaming(\"points\", \"score\"): the table has both 'points' and 'score', so it is not clear which"
                        + " of them is the column. Bring their values together (UPDATE … SET score = coalesce(score, points))"
                        + " and drop 'points', or take renaming(…) out of the query.",
                assertThrows(QueryException.class, () -> messages(RENAMED).run())
                        .getMessage());
    }

    @Test
    void rowsWithBothColumnsAreRefused() throws Exception {
        ChangeStream changes = landed(RENAMED);
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"ann\",\"score\":12,\"points\":11}"));

        assertEquals(
                "[CHANGES_RENAMED_COLUMN] " + directory.resolve("table")
                        + ", batch 1: a changed row has both 'score' and 'points', which renaming(…) calls names of one"
                        + " column. Take renaming(…) out of the query, and name both columns.",
                assertThrows(StreamingQueryException.class, changes::run)
                        .getCause()
                        .getMessage());
        assertEquals(List.of("[1,ann,10,1]", "[2,bob,20,2]"), changes.rows());
    }

    @Test
    void namesThatRowsDoNotHaveAreRefused() {
        assertEquals(
                "[CHANGES_RENAMED_COLUMN] applyChanges(…): renaming(\"points\", \"score\"): 'score' is not a column of the"
                        + " rows (id, points). Let them have both names: messages from before have the old one.",
                refused("id bigint, points int", RENAMED));
        assertEquals(
                "[CHANGES_RENAMED_COLUMN] applyChanges(…): renaming(\"points\", \"score\"): the rows have 'points' as 'int'"
                        + " and 'score' as 'bigint'. Give both the same type.",
                refused("id bigint, points int, score bigint", RENAMED));
        assertEquals(
                "[CHANGES_RENAMED_COLUMN] applyChanges(…): renaming(\"points\", \"score\"): 'score' is renamed, too. Rename"
                        + " 'points' to the last of its names.",
                refused("id bigint, points int, score int, mark int", RENAMED.renaming("score", "mark")));
        assertEquals(
                "[CHANGES_RENAMED_COLUMN] applyChanges(…): renaming(\"id\", \"person\"): the changes speak of the column as"
                        + " 'id'. Say 'person' among the keys and other columns.",
                refused("id bigint, person bigint", Changes.debezium("id").renaming("id", "person")));
        assertEquals(
                "[CHANGES_RENAMED_COLUMN] applyChanges(…): renaming(\"Points\", \"mark\"): 'points' is renamed to 'score'"
                        + " already. A column has one name now: leave the other one out.",
                assertThrows(QueryException.class, () -> RENAMED.renaming("Points", "mark"))
                        .getMessage());
    }

    private String refused(String columns, Changes changes) {
        return assertThrows(
                        QueryException.class, () -> messages(columns, changes).run())
                .getMessage();
    }
}
