package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.max;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.streaming.ChangeFeed;
import dev.headrace.streaming.Changes;
import dev.headrace.streaming.Debezium;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries over the tables that change feeds and Debezium's messages describe.
class ChangingTablesTest {
    private static final StructType FEED = StructType.fromDDL(
            "id bigint, customer string, amount bigint, _change_type string, _commit_version bigint");
    private static final StructType MESSAGES = StructType.fromDDL("value string");
    private static final String COLUMNS = "id bigint, customer string, amount bigint";

    private StreamTest test;

    @BeforeEach
    void open() {
        test = StreamTest.create();
    }

    @AfterEach
    void close() {
        test.close();
    }

    private static DataFrame perCustomer(DataFrame orders) {
        return orders.groupBy("customer")
                .agg(
                        count(lit(1)).as("orders"),
                        sum("amount").as("amount"),
                        max("amount").as("largest"));
    }

    @Test
    void sumsFollowTheTableOfAFeed() {
        TestInput feed = test.input(FEED);
        test.query(perCustomer(ChangeFeed.table(feed.toDF())), "complete");
        feed.add(1L, "ann", 10L, "insert", 1L).add(2L, "bob", 20L, "insert", 1L).add(3L, "ann", 5L, "insert", 2L);
        test.process().expect(RowFactory.create("ann", 2L, 15L, 10L), RowFactory.create("bob", 1L, 20L, 20L));

        feed.add(1L, "ann", 10L, "update_preimage", 3L).add(1L, "ann", 1L, "update_postimage", 3L);
        test.process().expect(RowFactory.create("ann", 2L, 6L, 5L), RowFactory.create("bob", 1L, 20L, 20L));

        feed.add(2L, "bob", 20L, "delete", 4L);
        test.process().expect(RowFactory.create("ann", 2L, 6L, 5L));
    }

    @Test
    void aRowIsThereAsOftenAsItHasCome() {
        TestInput feed = test.input(FEED);
        test.query(ChangeFeed.table(feed.toDF()), "changelog");
        feed.add(1L, "ann", null, "insert", 1L)
                .add(1L, "ann", null, "insert", 2L)
                .add(2L, "bob", 1L, "delete", 2L);
        test.process()
                .expect(RowFactory.create(1L, "ann", null, "insert"), RowFactory.create(1L, "ann", null, "insert"));

        feed.add(1L, "ann", null, "delete", 3L).add(2L, "bob", 1L, "insert", 3L);
        test.process()
                .expect(
                        RowFactory.create(1L, "ann", null, "delete"),
                        RowFactory.create(1L, "ann", null, "delete"),
                        RowFactory.create(1L, "ann", null, "insert"));
    }

    @Test
    void resultsOfJoinsGoWithTheirRow() {
        TestInput feed = test.input(FEED);
        TestInput clicks = test.input("customer string, page string");
        test.query(
                clicks.toDF().join(ChangeFeed.table(feed.toDF()), "customer").select("customer", "page", "id"),
                "changelog");
        feed.add(1L, "ann", 10L, "insert", 1L);
        clicks.add("ann", "home").add("bob", "home");
        test.process().expect(RowFactory.create("ann", "home", 1L, "insert"));

        feed.add(1L, "ann", 10L, "delete", 2L);
        test.process().expect(RowFactory.create("ann", "home", 1L, "delete"));
    }

    @Test
    void otherTypesOfChangesFailTheQuery() {
        TestInput feed = test.input(FEED);
        test.query(ChangeFeed.table(feed.toDF()), "changelog");
        feed.add(1L, "ann", 10L, "upsert", 1L);
        String said = test.expectError("USER_RAISED_EXCEPTION");
        assertTrue(
                said.contains("A row of a change feed has the _change_type 'upsert': expected insert, update_preimage,"
                        + " update_postimage or delete."),
                said);
    }

    /// A feed of rows that come and go, cut and put in disorder at random, gives what it gives at once.
    @Test
    void streamsOfFeedsAreTheirBatch() {
        Random random = new Random(5);
        List<Row> there = new ArrayList<>();
        List<Row> feed = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            if (!there.isEmpty() && random.nextInt(3) == 0) {
                feed.add(change(there.remove(random.nextInt(there.size())), "delete"));
            } else {
                Row row = RowFactory.create(
                        (long) random.nextInt(8), "customer-" + random.nextInt(4), (long) random.nextInt(5));
                there.add(row);
                feed.add(change(row, "insert"));
            }
        }
        StreamFuzz.over(FEED, feed).seeds(1, 4).check(rows -> perCustomer(ChangeFeed.table(rows)));
    }

    private static Row change(Row row, String type) {
        return RowFactory.create(row.get(0), row.get(1), row.get(2), type, 0L);
    }

    private static DataFrame customers(DataFrame messages) {
        return Debezium.table(Debezium.json(messages, col("value"), COLUMNS), "id");
    }

    private static String message(String op, long lsn, @Nullable String before, @Nullable String after) {
        return "{\"before\":" + before + ",\"after\":" + after + ",\"op\":\"" + op + "\",\"source\":{\"lsn\":" + lsn
                + "},\"ts_ms\":1}";
    }

    private static String row(long id, String customer, long amount) {
        return "{\"id\":" + id + ",\"customer\":\"" + customer + "\",\"amount\":" + amount + "}";
    }

    private static String key(long id) {
        return "{\"id\":" + id + ",\"customer\":null,\"amount\":null}";
    }

    @Test
    void debeziumsMessagesAreTheTableAtTheSource() {
        TestInput messages = test.input(MESSAGES);
        test.query(customers(messages.toDF()), "changelog");
        messages.add(message("r", 1, null, row(1, "ann", 10)))
                .add(message("c", 2, null, row(2, "bob", 20)))
                .add(message("u", 3, null, row(1, Changes.DEBEZIUM_UNAVAILABLE, 11)))
                .add(List.of(RowFactory.create((Object) null)));
        test.process().expect(RowFactory.create(1L, "ann", 11L, "insert"), RowFactory.create(2L, "bob", 20L, "insert"));

        // The key 2 becomes 3; what came late or twice changes nothing.
        messages.add(message("d", 4, key(2), null))
                .add(message("c", 5, null, row(3, "bob", 20)))
                .add(message("r", 1, null, row(1, "ann", 10)))
                .add(message("c", 2, null, row(2, "bob", 20)));
        test.process().expect(RowFactory.create(2L, "bob", 20L, "delete"), RowFactory.create(3L, "bob", 20L, "insert"));

        messages.add(message("d", 6, key(1), null)).add(message("c", 7, null, row(1, "zoe", 1)));
        test.process().expect(RowFactory.create(1L, "ann", 11L, "delete"), RowFactory.create(1L, "zoe", 1L, "insert"));
        assertTrue(test.running().verify().matches());
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "update"})
    void modesThatCannotTellThatRowsGoCannotFollowATable(String mode) {
        String message = "[UNSUPPORTED_STREAMING_OPERATION] Headrace can't run a table of changes in " + mode
                + " mode. Its rows change and go again with the changes: use outputMode(\"changelog\") or"
                + " (\"complete\").";
        test.query(ChangeFeed.table(test.input(FEED).toDF()), mode);
        assertEquals(message, test.expectError("UNSUPPORTED_STREAMING_OPERATION"));
        test.query(customers(test.input(MESSAGES).toDF()), mode);
        assertEquals(message, test.expectError("UNSUPPORTED_STREAMING_OPERATION"));
    }

    @Test
    void changesThatCannotBeFollowedFailTheQuery() {
        TestInput messages = test.input(MESSAGES);
        test.query(customers(messages.toDF()), "changelog");
        messages.add(message("t", 1, null, null));
        String said = test.expectError("USER_RAISED_EXCEPTION");
        assertTrue(said.contains("Debezium.table(…) can't follow a change with the op 't'"), said);
    }

    @Test
    void changesWithoutAnOrderFailTheQuery() {
        TestInput messages = test.input(MESSAGES);
        test.query(customers(messages.toDF()), "changelog");
        messages.add("{\"before\":null,\"after\":" + row(1, "ann", 1) + ",\"op\":\"c\",\"source\":{},\"ts_ms\":1}");
        String said = test.expectError("USER_RAISED_EXCEPTION");
        assertTrue(said.contains("Debezium.table(envelopes, order, keys)"), said);
    }

    @Test
    void theOrderMayBeSaid() {
        TestInput messages = test.input(MESSAGES);
        test.query(
                Debezium.table(Debezium.json(messages.toDF(), col("value"), COLUMNS), col("ts_ms"), "id"), "changelog");
        messages.add("{\"before\":null,\"after\":" + row(1, "ann", 1) + ",\"op\":\"c\",\"source\":{},\"ts_ms\":2}")
                .add("{\"before\":null,\"after\":" + row(1, "bob", 1) + ",\"op\":\"u\",\"source\":{},\"ts_ms\":1}");
        test.process();
        assertEquals(List.of(RowFactory.create(1L, "ann", 1L, "insert")), test.newRows());
    }
}
