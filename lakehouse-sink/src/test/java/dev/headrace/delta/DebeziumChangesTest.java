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
}
