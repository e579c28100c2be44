package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.lit;

import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.streaming.Pattern;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// Rules whose parameters come from a stream, as of the time of each row.
class RulesStreamTest {
    private static final Instant TEN = Instant.parse("2026-01-31T10:00:00Z");

    private static DataFrame withLimits(TestInput payments, TestInput limits) {
        DataFrame rows = payments.toDF().withWatermark("at", "1 second").withColumn("rule", lit("large"));
        DataFrame versions = limits.toDF().withWatermark("since", "1 second");
        return rows.joinAsOf(versions, rows.col("at"), versions.col("since"), new String[] {"rule"}, "inner");
    }

    @Test
    void aFilterGoesByTheRuleThatIsValidAtTheRowsTime() {
        try (StreamTest test = StreamTest.create()) {
            TestInput payments = test.input("card string, at timestamp, amount int");
            TestInput limits = test.input("rule string, since timestamp, limit int");
            test.query(
                    withLimits(payments, limits)
                            .where(col("amount").gt(col("limit")))
                            .select("card", "amount"),
                    "append");
            limits.add("large", TEN, 100).add("large", TEN.plusSeconds(10), 20);
            payments.add("a", TEN.plusSeconds(1), 50)
                    .add("a", TEN.plusSeconds(2), 101)
                    .add("b", TEN.plusSeconds(11), 50);
            payments.add("end", TEN.plusSeconds(60), 0);
            limits.add("end", TEN.plusSeconds(60), 0);
            test.process().expect(RowFactory.create("a", 101), RowFactory.create("b", 50));
            // Another version, while the query stays.
            limits.add("large", TEN.plusSeconds(70), 1_000).add("end", TEN.plusSeconds(100), 0);
            payments.add("c", TEN.plusSeconds(69), 900)
                    .add("c", TEN.plusSeconds(71), 900)
                    .add("end", TEN.plusSeconds(100), 0);
            test.process().expect(RowFactory.create("c", 900));
        }
    }

    @Test
    void aPatternGoesByTheRulesOfItsRows() {
        try (StreamTest test = StreamTest.create()) {
            TestInput payments = test.input("card string, at timestamp, amount int");
            TestInput limits = test.input("rule string, since timestamp, limit int");
            Pattern probing = Pattern.begin("small")
                    .where(col("amount").lt(10))
                    .followedBy("large")
                    .where(col("amount").gt(col("limit")))
                    .within("1 minute");
            test.query(
                    withLimits(payments, limits)
                            .groupBy("card")
                            .matchPattern(probing, col("at"))
                            .select(col("large.amount").as("amount"))
                            .select("card", "amount"),
                    "append");
            limits.add("large", TEN, 100).add("large", TEN.plusSeconds(10), 20);
            payments.add("a", TEN.plusSeconds(1), 5)
                    .add("a", TEN.plusSeconds(2), 50)
                    .add("b", TEN.plusSeconds(11), 5)
                    .add("b", TEN.plusSeconds(12), 50);
            payments.add("end", TEN.plusSeconds(200), 0);
            limits.add("end", TEN.plusSeconds(200), 0);
            test.process().expect(RowFactory.create("b", 50));
        }
    }
}
