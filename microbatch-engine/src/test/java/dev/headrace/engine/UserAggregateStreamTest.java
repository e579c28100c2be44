package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.udaf;

import dev.headrace.Encoder;
import dev.headrace.Encoders;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.expressions.Aggregator;
import dev.headrace.expressions.UserDefinedFunction;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Aggregate functions of the program keep their buffers from batch to batch.
class UserAggregateStreamTest {
    private static final StructType SCHEMA = StructType.fromDDL("key string, n long");

    record Range(long low, long high, boolean some) {}

    /// The largest value less the smallest.
    static final class Spread extends Aggregator<Long, Range, Long> {
        @Override
        public Range zero() {
            return new Range(0, 0, false);
        }

        @Override
        public Range reduce(Range range, Long value) {
            return merge(range, new Range(value, value, true));
        }

        @Override
        public Range merge(Range a, Range b) {
            if (!a.some() || !b.some()) {
                return a.some() ? a : b;
            }
            return new Range(Math.min(a.low(), b.low()), Math.max(a.high(), b.high()), true);
        }

        @Override
        public Long finish(Range range) {
            return range.high() - range.low();
        }

        @Override
        public Encoder<Range> bufferEncoder() {
            return Encoders.record(Range.class);
        }

        @Override
        public Encoder<Long> outputEncoder() {
            return Encoders.LONG();
        }
    }

    private static final UserDefinedFunction SPREAD = udaf(new Spread(), Encoders.LONG());

    private static List<Row> rows() {
        Random random = new Random(5);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(RowFactory.create("k" + random.nextInt(7), (long) random.nextInt(1000)));
        }
        return rows;
    }

    @Test
    void aStreamGivesWhatTheBatchGivesHoweverItIsCutAndWhereverItCrashes() {
        StreamFuzz.over(SCHEMA, rows())
                .seeds(1, 6)
                .check(rows -> rows.groupBy("key").agg(SPREAD.apply(col("n")).as("spread")));
    }

    @Test
    void overRowsThatAreTakenBack() {
        StreamFuzz.over(SCHEMA, rows())
                .seeds(1, 6)
                .check(rows -> rows.groupBy("key")
                        .count()
                        .groupBy(col("count").mod(3).as("kind"))
                        .agg(SPREAD.apply(col("count")).as("spread")));
    }
}
