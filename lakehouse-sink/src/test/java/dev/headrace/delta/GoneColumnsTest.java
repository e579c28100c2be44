package dev.headrace.delta;

import static dev.headrace.functions.coalesce;
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

/// Columns that are dropped or renamed at the source while their changes are landed.
class GoneColumnsTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private ChangeStream messages(Changes changes) {
        return new ChangeStream(
                session,
                directory,
                "value string",
                stream -> Debezium.json(stream, col("value"), "id bigint, name string, points int"),
                changes);
    }

    /// A table with two rows, from before the columns have gone.
    private ChangeStream landed(Changes changes) throws Exception {
        return messages(changes)
                .add(message("c", 1, "{\"id\":1,\"name\":\"ann\",\"points\":10}"))
                .add(message("c", 2, "{\"id\":2,\"name\":\"bob\",\"points\":20}"))
                .run();
    }

    private static String message(String op, long lsn, String after) {
        return "{\"before\":null,\"after\":" + after + ",\"source\":{\"lsn\":" + lsn + "},\"op\":\"" + op + "\"}";
    }

    private List<String> goneColumns(ChangeStream changes) {
        return DeltaTable.forPath(session, changes.table().toString())
                .history()
                .orderBy("version")
                .selectExpr("operationParameters['goneColumns']")
                .collectAsList()
                .stream()
                .map(row -> String.valueOf(row.getString(0)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "keep", "KEEP"})
    void keptColumnsAreNullInRowsThatLackThem(String policy) throws Exception {
        ChangeStream changes = landed(Changes.debezium("id"));
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"anna\"}"))
                .add(message("c", 4, "{\"id\":3}"))
                .run(policy.isEmpty() ? Map.of() : Map.of("goneColumns", policy));
        changes.add(message("u", 5, "{\"id\":3,\"name\":\"cid\"}")).run(Map.of());

        assertEquals(List.of("[1,anna,null,3]", "[2,bob,20,2]", "[3,cid,null,5]"), changes.rows());
        assertEquals(changes.rows(), changes.rowsByKernel());
        assertEquals(List.of("null", "name, points", "points"), goneColumns(changes));
    }

    @Test
    void ignoredColumnsStayAsTheyWere() throws Exception {
        ChangeStream changes = landed(Changes.debezium("id"));
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"anna\"}"))
                .add(message("u", 4, "{\"points\":null,\"id\":2,\"name\":\"bob\"}"))
                .add(message("c", 5, "{\"id\":3,\"name\":\"cid\"}"))
                .run(Map.of("goneColumns", "ignore", "ignoreNewColumns", "true"));

        assertEquals(List.of("[1,anna,10,3]", "[2,bob,null,4]", "[3,cid,null,5]"), changes.rows());
    }

    @Test
    void ignoredColumnsStayAsTheyWereInHistories() throws Exception {
        ChangeStream changes = landed(Changes.debezium("id").keepingHistory());
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"anna\"}")).run(Map.of("goneColumns", "ignore"));

        assertEquals(
                List.of("[1,ann,10,1,3,false]", "[1,anna,10,3,null,true]", "[2,bob,20,2,null,true]"),
                changes.rows("id", "name", "points", "valid_from", "valid_to", "is_current"));
    }

    @Test
    void aColumnThatIsRenamedIsOneGoneAndOneAdded() throws Exception {
        ChangeStream changes = landed(Changes.debezium("id"));
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"anna\",\"score\":11}"))
                .run(Map.of("goneColumns", "ignore", "mergeSchema", "true"));

        assertEquals(List.of("[1,anna,10,11]", "[2,bob,20,null]"), changes.rows("id", "name", "points", "score"));
        assertEquals(List.of("null", "points"), goneColumns(changes));
    }

    /// The batch that has ended the query has rows with either name.
    @Test
    void aColumnMayBeRenamedInTheTableAndInTheQuery() throws Exception {
        String table = "delta.`" + directory.resolve("table") + "`";
        session.sql("CREATE TABLE " + table + " (id BIGINT, name STRING, points INT, _sequence BIGINT) USING delta"
                + " TBLPROPERTIES ('delta.columnMapping.mode' = 'name')");
        ChangeStream changes = landed(Changes.debezium("id"));
        String before = message("u", 3, "{\"id\":1,\"name\":\"ann\",\"points\":11}");
        String after = message("u", 4, "{\"id\":2,\"name\":\"bob\",\"score\":21}");
        assertThrows(
                StreamingQueryException.class,
                () -> changes.add(before).add(after).run(Map.of("goneColumns", "fail")));
        session.sql("ALTER TABLE " + table + " RENAME COLUMN points TO score");

        changes.read(stream -> Debezium.json(stream, col("value"), "id bigint, name string, points int, score int")
                        .withColumn(
                                "after",
                                col("after")
                                        .withField("score", coalesce(col("after.score"), col("after.points")))
                                        .dropFields("points")))
                .run();

        assertEquals(List.of("[1,ann,11,3]", "[2,bob,21,4]"), changes.rows("id", "name", "score", "_sequence"));
    }

    @Test
    void columnsThatMustNotGoEndTheQuery() throws Exception {
        ChangeStream changes = landed(Changes.debezium("id"));
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"anna\"}"));

        StreamingQueryException refused =
                assertThrows(StreamingQueryException.class, () -> changes.run(Map.of("goneColumns", "fail")));

        assertEquals(
                "[CHANGES_GONE_COLUMN] " + changes.table()
                        + ", batch 1: changed rows have no field 'points', which is among the query's columns: it was dropped or"
                        + " renamed at the source. Take it out of the query's columns, or go on with option(\"goneColumns\","
                        + " \"keep\"), which makes it null in such rows, or with \"ignore\", which leaves it as it was.",
                refused.getCause().getMessage());
        assertEquals(List.of("[1,ann,10,1]", "[2,bob,20,2]"), changes.rows());
    }

    @Test
    void columnsThatTheTableDoesNotGetMayGo() throws Exception {
        ChangeStream changes = landed(Changes.debezium("id").without("points"));
        changes.add(message("u", 3, "{\"id\":1,\"name\":\"anna\"}"))
                .add(message("d", 4, "null").replace("\"before\":null", "\"before\":{\"id\":2}"))
                .run(Map.of("goneColumns", "fail"));

        assertEquals(List.of("[1,anna,3]"), changes.rows());
    }

    @Test
    void anotherPolicyIsRefused() {
        QueryException refused = assertThrows(
                QueryException.class, () -> messages(Changes.debezium("id")).run(Map.of("goneColumns", "drop")));

        assertEquals(
                "[INVALID_OPTION] format(\"delta\") option 'goneColumns' is 'drop': expected keep, ignore or fail.",
                refused.getMessage());
    }

    @Test
    void aPolicyWithoutMessagesThatTellIsRefused() {
        ChangeStream rows = new ChangeStream(
                session, directory, "id bigint, v bigint", Changes.keyedBy("id").sequencedBy(col("v")));

        assertEquals(
                "[INVALID_OPTION] format(\"delta\") option 'goneColumns' is 'fail': expected keep: which columns a changed row"
                        + " lacks is only known of what Debezium.json(…) or Debezium.avro(…) reads.",
                assertThrows(QueryException.class, () -> rows.run(Map.of("goneColumns", "fail")))
                        .getMessage());
    }
}
