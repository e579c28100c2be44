package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.sum;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.streaming.RowBalance;
import dev.headrace.streaming.StreamingQueryProgress;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each row of a batch is accounted for.
class RowBalanceTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");

    private static List<RowBalance> balances(StreamTest test) {
        return Arrays.stream(test.running().recentProgress())
                .map(StreamingQueryProgress::rowBalance)
                .toList();
    }

    private static DataFrame perMinute(TestInput sales) {
        return sales.toDF()
                .where("amount > 0")
                .withWatermark("ts", "10 seconds")
                .groupBy(window(col("ts"), "1 minute"))
                .agg(sum("amount"));
    }

    @Test
    void filteredAndHeldRowsAreAccountedForAndSoAreResults() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("ts timestamp, amount bigint");
            test.query(perMinute(sales), "append");
            sales.add(TEN, 1L).add(TEN, 0L).add(TEN.plusSeconds(30), 2L).add(TEN.plusSeconds(75), 3L);
            test.process();
            assertEquals(
                    List.of(new RowBalance(4, 0, 0, 0, 1, 0, 0, 3), new RowBalance(0, 1, 1, 0, 0, 0, 0, 0)),
                    balances(test));
            assertEquals(
                    "in 4 = out 0 + filtered 1 + held 3",
                    balances(test).getFirst().toString());
            assertTrue(test.running().lastProgress().json().contains("""
                    "rowBalance":{"in":0,"made":1,"out":1,"late":0,"filtered":0,"rejected":0,"shed":0,"held":0}"""));
        }
    }

    @Test
    void lateRowsAreAccountedFor() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("ts timestamp, amount bigint");
            test.query(perMinute(sales), "append");
            sales.add(TEN.plusSeconds(300), 1L);
            test.process();
            sales.add(TEN, 1L).add(TEN.plusSeconds(310), 1L).add(TEN, 7L);
            test.process();
            assertEquals(new RowBalance(3, 0, 0, 2, 0, 0, 0, 1), balances(test).getFirst());
        }
    }

    @Test
    void eachSideOfAJoinIsAccountedFor() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("shop string, amount bigint");
            TestInput shops = test.input("shop string, city string");
            test.query(sales.toDF().join(shops.toDF(), "shop"), "append");
            sales.add("north", 1L).add("north", 2L).add("west", 1L).add(null, 1L);
            shops.add("north", "Oslo").add("south", "Rome");
            test.process();
            RowBalance balance = balances(test).getFirst();
            assertEquals(6, balance.in());
            assertEquals(2, balance.out());
            assertTrue(balance.isEven(), balance.toString());
        }
    }

    @Test
    void aPartThatStandsTwiceIsReadOnceAndAccountedForTwice() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("shop string, amount bigint");
            DataFrame totals = sales.toDF().groupBy("shop").agg(sum("amount").as("total"));
            test.query(
                    totals.union(totals.select("shop", "total")).groupBy("shop").count(), "changelog");
            sales.add("north", 1L).add("north", 2L).add("west", 1L);
            test.process();
            RowBalance balance = balances(test).getFirst();
            assertTrue(balance.isEven(), balance.toString());
        }
    }

    @Test
    void explainShowsWhatBecameOfTheRowsOfEachOperator() {
        try (StreamTest test = StreamTest.create()) {
            TestInput sales = test.input("shop string, amount bigint");
            test.query(sales.toDF().where("amount > 1").groupBy("shop").count(), "update");
            sales.add("north", 1L).add("north", 2L).add("west", 2L);
            test.process();
            String text = explained(test);
            assertTrue(text.contains("in 2 + made 2 = out 2 + held 2"), text);
            assertTrue(text.contains("in 3 = out 2 + filtered 1"), text);
            assertTrue(text.contains("Row balance: in 3 + made 2 = out 2 + filtered 1 + held 2"), text);
        }
    }

    private static String explained(StreamTest test) {
        PrintStream before = System.out;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
        try {
            test.running().explain();
        } finally {
            System.setOut(before);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aBalanceThatIsNotEvenSaysSo() {
        RowBalance lost = new RowBalance(10, 2, 2, 1, 0, 0, 0, 8);
        assertEquals("in 10 + made 2 ≠ out 2 + late 1 + held 8", lost.toString());
    }
}
