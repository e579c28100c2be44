package dev.headrace.delta;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.streaming.StreamingQueryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Debezium's messages, as its PostgreSQL connector writes them, landed in a table.
class DebeziumChangesTest {
    private static final String ROW = "id bigint, name string, note string";

    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private ChangeStream messages(Changes changes) {
        return new ChangeStream(
                session, directory, "value string", stream -> Debezium.json(stream, col("value"), ROW), changes);
    }

    private ChangeStream messages() {
        return messages(Changes.debezium("id"));
    }

    private static String message(String op, long lsn, @Nullable String before, @Nullable String after) {
        return "{\"before\":" + before + ",\"after\":" + after
                + ",\"source\":{\"version\":\"3.6.1.Final\",\"connector\":\"postgresql\",\"name\":\"shop\",\"ts_ms\":1700000000000,"
                + "\"snapshot\":\"false\",\"db\":\"shop\",\"sequence\":\"[null,\\\"1\\\"]\",\"schema\":\"public\",\"table\":\"orders\","
                + "\"txId\":7,\"lsn\":" + lsn + ",\"xmin\":null},\"transaction\":null,\"op\":\"" + op
                + "\",\"ts_ms\":1700000000001}";
    }

    private static String withSchema(String payload) {
        return "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"type\":\"string\",\"optional\":false,\"field\":\"op\"}],"
                + "\"optional\":false,\"name\":\"shop.public.orders.Envelope\"},\"payload\":" + payload + "}";
    }

    private static String row(long id, String name, String note) {
        return "{\"id\":" + id + ",\"name\":\"" + name + "\",\"note\":\"" + note + "\"}";
    }

    private static String key(long id) {
        return "{\"id\":" + id + ",\"name\":null,\"note\":null}";
    }

    @Test
    void snapshotInsertUpdateAndDeleteWithItsTombstoneBecomeATable() throws Exception {
        ChangeStream messages = messages()
                .add(message("r", 10, null, row(1, "ann", "x")))
                .add(message("r", 10, null, row(2, "bob", "y")))
                .add(message("c", 11, null, row(3, "cid", "z")))
                .run();
        messages.add(message("u", 12, null, row(1, "anna", "x")))
                .add(message("d", 13, key(2), null))
                .add((Object) null)
                .run();

        assertEquals(List.of("[1,anna,x,12]", "[3,cid,z,11]"), messages.rows());
        assertEquals(messages.rows(), messages.rowsByKernel());
    }

    @Test
    void messagesWithTheirSchemaMeanTheSame() throws Exception {
        ChangeStream messages = messages()
                .add(withSchema(message("c", 1, null, row(1, "ann", "x"))))
                .add(withSchema(message("c", 2, null, row(2, "bob", "y"))))
                .add(withSchema(message("d", 3, key(1), null)))
                .run();

        assertEquals(List.of("[2,bob,y,2]"), messages.rows());
    }

    @Test
    void aChangedKeyAsDebeziumSendsItMovesTheRow() throws Exception {
        ChangeStream messages =
                messages().add(message("c", 1, null, row(1, "ann", "x"))).run();
        messages.add(message("d", 2, key(1), null))
                .add((Object) null)
                .add(message("c", 2, null, row(9, "ann", "x")))
                .run();

        assertEquals(List.of("[9,ann,x,2]"), messages.rows());
    }

    @Test
    void aChangedKeyInOneUpdateMovesTheRow() throws Exception {
        ChangeStream messages =
                messages().add(message("c", 1, null, row(1, "ann", "x"))).run();
        messages.add(message("u", 2, row(1, "ann", "x"), row(9, "ann", "x"))).run();

        assertEquals(List.of("[9,ann,x,2]"), messages.rows());
    }

    @Test
    void aTruncationEmptiesTheTable() throws Exception {
        ChangeStream messages =
                messages().add(message("c", 1, null, row(1, "ann", "x"))).run();
        messages.add(message("t", 2, null, null))
                .add(message("c", 3, null, row(2, "bob", "y")))
                .run();

        assertEquals(List.of("[2,bob,y,3]"), messages.rows());
    }

    @Test
    void aNewRowWithAValueThatDebeziumDoesNotKnowIsRefused() throws Exception {
        ChangeStream messages =
                messages().add(message("c", 1, null, row(1, "ann", "large"))).run();
        messages.add(message("d", 2, key(1), null))
                .add((Object) null)
                .add(message("c", 2, null, row(9, "ann", Changes.DEBEZIUM_UNAVAILABLE)));

        StreamingQueryException failed = assertThrows(StreamingQueryException.class, messages::run);

        assertTrue(
                failed.getMessage()
                        .contains("[CHANGES_VALUE_UNKNOWN] " + messages.table()
                                + ", batch 1: the new row (id=9, sequence=2) has '__debezium_unavailable_value' for its column"
                                + " 'note': the key of a row was changed that holds a large value, and PostgreSQL does not tell"
                                + " the value again. Let it tell whole rows (ALTER TABLE ... REPLICA IDENTITY FULL); to get past"
                                + " messages that are there, replace the value in 'after' before applyChanges."),
                failed.getMessage());
        assertEquals(List.of("[1,ann,large,1]"), messages.rows());
    }

    @Test
    void aValueThatDebeziumDoesNotKnowIsLeftAlone() throws Exception {
        String unknown = Changes.DEBEZIUM_UNAVAILABLE;
        ChangeStream messages = messages()
                .add(message("c", 1, null, row(1, "ann", "large")))
                .add(message("c", 1, null, row(2, "bob", "huge")))
                .run();
        messages.add(message("u", 2, null, row(1, "anna", unknown)))
                .add(message("u", 3, null, row(2, "bob", "new")))
                .add(message("u", 4, null, row(2, "bobby", unknown)))
                .add(message("c", 5, null, row(3, "cid", "z")))
                .add(message("u", 6, null, row(3, "cy", unknown)))
                .run();

        assertEquals(List.of("[1,anna,large,2]", "[2,bobby,new,4]", "[3,cy,z,6]"), messages.rows());
    }

    @Test
    void aValueThatDebeziumDoesNotKnowIsLeftAloneInTheHistory() throws Exception {
        String unknown = Changes.DEBEZIUM_UNAVAILABLE;
        ChangeStream messages = messages(Changes.debezium("id").keepingHistory())
                .add(message("c", 1, null, row(1, "ann", "large")))
                .run();
        messages.add(message("u", 2, null, row(1, "anna", unknown)))
                .add(message("u", 3, null, row(1, "annie", unknown)))
                .add(message("u", 4, null, row(1, "annie", "small")))
                .add(message("u", 5, null, row(1, "ann", unknown)))
                .run();

        assertEquals(
                List.of(
                        "[1,ann,large,1,2,false]",
                        "[1,ann,small,5,null,true]",
                        "[1,anna,large,2,3,false]",
                        "[1,annie,large,3,4,false]",
                        "[1,annie,small,4,5,false]"),
                messages.rows());
        assertEquals(messages.rows(), messages.rowsByKernel());
    }

    @Test
    void aMessageThatIsNoJsonFailsTheQueryInsteadOfGettingLost() {
        ChangeStream messages = messages().add("{\"before\":nul");

        assertThrows(StreamingQueryException.class, messages::run);
    }

    @Test
    void anOperationThatIsNotKnownFailsTheQuery() {
        ChangeStream messages = messages().add(message("x", 1, null, row(1, "ann", "x")));

        StreamingQueryException failed = assertThrows(StreamingQueryException.class, messages::run);

        assertTrue(failed.getMessage().contains("CHANGES_UNKNOWN_OPERATION"), failed.getMessage());
    }

    @Test
    void aStreamThatIsNotDebeziumsIsRefused() {
        ChangeStream messages = new ChangeStream(session, directory, "value string", Changes.debezium("id"));

        QueryException refused = assertThrows(QueryException.class, messages::run);

        assertEquals(
                "[CHANGES_NOT_DEBEZIUM] applyChanges(Changes.debezium(…)): the stream has no column 'before' (it has value)."
                        + " Read the messages with Debezium.json(stream, col(\"value\"), \"<columns of the row>\").",
                refused.getMessage());
    }

    private static String wider(long id, String name, String more) {
        return "{\"id\":" + id + ",\"name\":\"" + name + "\",\"note\":\"n\"," + more + "}";
    }

    @Test
    void aColumnThatComesAtTheSourceComesToTheTableWhileTheQueryRuns() throws Exception {
        ChangeStream messages = messages()
                .add(message("c", 1, null, row(1, "ann", "x")))
                .add(message("c", 2, null, row(2, "bob", "y")))
                .run(Map.of("mergeSchema", "true"));
        messages.add(message("u", 3, null, wider(1, "anna", "\"status\":\"paid\",\"score\":7")))
                .add(message("u", 4, null, row(2, "bo", "y")))
                .add(message("c", 5, null, wider(3, "cid", "\"status\" : null , \"score\":9")))
                .run(Map.of("mergeSchema", "true"));
        messages.add(message("u", 6, null, wider(2, "b", "\"status\":\"new\",\"score\":null")))
                .run(Map.of("mergeSchema", "true"));

        assertEquals(
                List.of("[1,anna,paid,7]", "[2,b,new,null]", "[3,cid,null,9]"),
                messages.rows("id", "name", "status", "score"));
        assertEquals(messages.rows(), messages.rowsByKernel());
        assertEquals(
                "status string, score bigint",
                DeltaTable.forPath(session, messages.table().toString())
                        .history()
                        .selectExpr("operationParameters['newColumns'] as added")
                        .filter("added is not null")
                        .collectAsList()
                        .getFirst()
                        .getString(0));
    }

    @Test
    void theHistoryGetsAColumnThatComesAtTheSource() throws Exception {
        ChangeStream messages = messages(Changes.debezium("id").keepingHistory())
                .add(message("c", 1, null, row(1, "ann", "x")))
                .add(message("u", 2, null, wider(1, "anna", "\"vip\":true")))
                .run(Map.of("mergeSchema", "true"));

        assertEquals(
                List.of("[ann,null,1,2]", "[anna,true,2,null]"),
                messages.rows("name", "vip", "valid_from", "valid_to"));
    }

    @Test
    void aColumnThatComesAtTheSourceIsRefusedUnlessItIsSaidWhatToDo() {
        ChangeStream messages = messages().add(message("c", 1, null, wider(1, "ann", "\"status\":\"paid\"")));

        StreamingQueryException failed = assertThrows(StreamingQueryException.class, messages::run);

        assertTrue(
                failed.getMessage()
                        .contains("[CHANGES_NEW_COLUMN] " + messages.table()
                                + ", batch 0: the changed rows have a field 'status' (string) that is not among the query's"
                                + " columns. With option(\"mergeSchema\", true) the table gets such columns; with"
                                + " option(\"ignoreNewColumns\", true), or without(\"status\"), they are left out."),
                failed.getMessage());
    }

    @Test
    void aColumnThatComesAtTheSourceIsLeftOutWhereThatIsSaid() throws Exception {
        ChangeStream ignoring = messages()
                .add(message("c", 1, null, wider(1, "ann", "\"status\":\"paid\"")))
                .run(Map.of("ignoreNewColumns", "true"));
        assertEquals(List.of("[1,ann,n,1]"), ignoring.rows());

        ChangeStream without = new ChangeStream(
                        session,
                        directory.resolve("other"),
                        "value string",
                        stream -> Debezium.json(stream, col("value"), ROW),
                        Changes.debezium("id").without("status", "note"))
                .add(message("c", 1, null, wider(1, "ann", "\"status\":\"paid\"")))
                .run();
        assertEquals(List.of("[1,ann,1]"), without.rows());
    }

    @Test
    void aValueThatDoesNotFitTheColumnThatCameIsAnErrorThatSaysSo() throws Exception {
        ChangeStream messages = messages()
                .add(message("c", 1, null, wider(1, "ann", "\"score\":7")))
                .run(Map.of("mergeSchema", "true"));
        messages.add(message("c", 2, null, wider(2, "bob", "\"score\":\"many\"")));

        StreamingQueryException failed =
                assertThrows(StreamingQueryException.class, () -> messages.run(Map.of("mergeSchema", "true")));

        assertTrue(
                failed.getMessage()
                        .contains("[CHANGES_NEW_COLUMN_VALUE] " + messages.table()
                                + ", batch 1: the column 'score' is 'bigint' in the table, but a changed row has \"many\","
                                + " which does not fit. Start the query with this column among those of its rows, as the type"
                                + " that the source has now, or leave it out with without(\"score\")."),
                failed.getMessage());
    }

    @Test
    void deletedRowsStayAndAreMarkedWhereThatIsSaid() throws Exception {
        ChangeStream messages = messages(Changes.debezium("id").markingDeletes("deleted"))
                .add(message("c", 1, null, row(1, "ann", "x")))
                .add(message("c", 2, null, row(2, "bob", "y")))
                .add(message("c", 3, null, row(3, "cid", "z")))
                .run();
        messages.add(message("d", 4, key(1), null))
                .add((Object) null)
                .add(message("d", 5, key(2), null))
                .add(message("c", 6, null, row(2, "bill", "new")))
                .run();
        messages.add(message("u", 2, null, row(1, "late", "late"))).run();

        assertEquals(List.of("[1,ann,x,true,4]", "[2,bill,new,false,6]", "[3,cid,z,false,3]"), messages.rows());
        assertEquals(messages.rows(), messages.rowsByKernel());
    }

    @Test
    void nullsOfSomeColumnsLeaveThemAsTheyWere() throws Exception {
        ChangeStream messages = messages(Changes.debezium("id").ignoringNullUpdates("NOTE"))
                .add(message("c", 1, null, row(1, "ann", "x")))
                .run();
        messages.add(message("u", 2, null, "{\"id\":1,\"name\":null,\"note\":null}"))
                .run();

        assertEquals(List.of("[1,null,x,2]"), messages.rows());
    }

    @Test
    void aColumnWhoseNullsAreIgnoredMustBeThere() {
        ChangeStream messages = messages(Changes.debezium("id").ignoringNullUpdates("nots"));

        QueryException refused = assertThrows(QueryException.class, messages::run);

        assertEquals(
                "[UNRESOLVED_COLUMN] applyChanges(…): ignoringNullUpdates(\"nots\") names no column of the rows (id, name,"
                        + " note). Did you mean 'note'?",
                refused.getMessage());
    }

    @Test
    void aQueryWithoutItsCheckpointSaysThatAnotherOneWasThereBefore() throws Exception {
        ChangeStream messages =
                messages().add(message("c", 1, null, row(1, "ann", "x"))).run();
        java.nio.file.Files.move(messages.checkpoint(), directory.resolve("lost"));
        messages.add(message("u", 2, null, row(1, "anna", "x"))).run();

        List<dev.headrace.Row> commits = DeltaTable.forPath(
                        session, messages.table().toString())
                .history()
                .selectExpr("operationParameters['queryId']", "operationParameters['afterQuery']")
                .collectAsList();
        assertEquals(commits.get(1).getString(0), commits.get(0).getString(1));
        assertEquals(List.of("[1,anna,x,2]"), messages.rows());
    }

    @Test
    void whatItMeansThatAnotherQueryWasThereBeforeIsExplained() {
        assertEquals(
                "/t: the query b begins with a new checkpoint, but changes were applied to this table before, by the query"
                        + " a up to its batch 7. Changes that come again change nothing. Those that its source no longer"
                        + " gives, or that it begins behind (startingOffsets), are missing from now on: begin where the"
                        + " other query had come to, or earlier.",
                new EarlierQuery("a", "7").explain(Path.of("/t"), "b"));
    }
}
