package dev.headrace.engine;

import static dev.headrace.functions.expr;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Window functions that look at a few rows around each one.
class NeighbourWindowTest {
    private static final StructType COLUMNS = StructType.fromDDL("id int, k string, v int");

    private static List<Row> rows(Random random, int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = random.nextInt(count);
            rows.add(RowFactory.create(id, id % 11 == 0 ? null : "k" + id % 3, id % 13 == 0 ? null : id * 7 % 40));
        }
        return rows;
    }

    /// The rows of the ids that have come an odd number of times.
    private static DataFrame changing(DataFrame rows) {
        return rows.groupBy("id", "k", "v")
                .agg(expr("count(*) % 2").as("odd"))
                .where("odd = 1")
                .drop("odd");
    }

    private static DataFrame windowed(DataFrame rows, String functions, String over) {
        DataFrame result = rows;
        String[] all = functions.split("; ");
        for (int i = 0; i < all.length; i++) {
            result = result.withColumn("w" + i, expr(all[i].replace("OVER w", "OVER (" + over)));
        }
        return result;
    }

    private static long entries(StreamTest test, String metric) {
        return Arrays.stream(test.running().lastProgress().stateOperators())
                .filter(state -> state.operatorName().startsWith("window"))
                .mapToLong(state -> state.customMetrics().get(metric))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lag(v) OVER w); lead(id, 3, -1) OVER w)",
                "sum(v) OVER w ROWS BETWEEN 2 PRECEDING AND CURRENT ROW); max(id) OVER w ROWS BETWEEN 1 FOLLOWING AND 4 FOLLOWING)",
                "first_value(id) OVER w ROWS BETWEEN 70 PRECEDING AND 1 PRECEDING); lag(id, 0) OVER w)"
            })
    void theStreamGivesWhatTheBatchGives(String functions) {
        StreamFuzz.over(COLUMNS, rows(new Random(3), 300))
                .seeds(1, 1)
                .check(rows -> windowed(changing(rows), functions, "ORDER BY id % 5, v NULLS LAST, id"));
        StreamFuzz.over(COLUMNS, rows(new Random(4), 90))
                .seeds(1, 2)
                .check(rows -> windowed(rows.distinct(), functions, "PARTITION BY k ORDER BY v DESC, id"));
    }

    @Test
    void aChangeReadsItsNeighbours() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id int, v int");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(sum("v").as("v"))
                            .withColumn("before", expr("lag(id) OVER (PARTITION BY id % 2 ORDER BY v, id)"))
                            .withColumn("after", expr("lead(id) OVER (PARTITION BY id % 2 ORDER BY v, id)")),
                    "changelog");
            for (int id = 0; id < 20_000; id++) {
                input.add(id, id);
            }
            test.process();
            test.newRows();
            input.add(5_001, 8_001);
            test.process()
                    .expect(
                            RowFactory.create(4_999, 4_999L, 4_997, 5_001, "delete"),
                            RowFactory.create(5_001, 5_001L, 4_999, 5_003, "delete"),
                            RowFactory.create(5_003, 5_003L, 5_001, 5_005, "delete"),
                            RowFactory.create(13_001, 13_001L, 12_999, 13_003, "delete"),
                            RowFactory.create(13_003, 13_003L, 13_001, 13_005, "delete"),
                            RowFactory.create(4_999, 4_999L, 4_997, 5_003, "insert"),
                            RowFactory.create(5_003, 5_003L, 4_999, 5_005, "insert"),
                            RowFactory.create(13_001, 13_001L, 12_999, 5_001, "insert"),
                            RowFactory.create(5_001, 13_002L, 13_001, 13_003, "insert"),
                            RowFactory.create(13_003, 13_003L, 5_001, 13_005, "insert"));
            assertTrue(entries(test, "entriesRead") < 2_000, "read " + entries(test, "entriesRead"));
            assertTrue(entries(test, "entriesWritten") < 100, "written " + entries(test, "entriesWritten"));
            assertTrue(test.running().lastProgress().rowBalance().isEven());
        }
    }

    /// Of these no block can be split.
    @Test
    void rowsThatAreEqualInOrderStayTogether() {
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input("id int, v int");
            test.query(
                    input.toDF()
                            .groupBy("id")
                            .agg(sum("v").as("v"))
                            .selectExpr("v", "lag(v) OVER (ORDER BY v) AS before"),
                    "changelog");
            for (int batch = 0; batch < 3; batch++) {
                for (int id = 0; id < 900; id++) {
                    input.add(id, (id + batch) % 4);
                }
                test.process();
            }
            assertTrue(test.running().verify().matches());
        }
    }

    /// Blocks are split, emptied and filled again.
    @Test
    void partitionsGrowAndShrink() {
        Random random = new Random(7);
        try (StreamTest test = StreamTest.create()) {
            TestInput input = test.input(COLUMNS);
            test.query(
                    windowed(changing(input.toDF()), "lag(id, 2) OVER w)", "PARTITION BY k ORDER BY v, id"),
                    "changelog");
            List<Row> there = new ArrayList<>();
            for (int batch = 0; batch < 6; batch++) {
                boolean grows = batch < 3;
                for (int i = 0; i < 300; i++) {
                    if (grows || there.isEmpty()) {
                        int id = batch * 1_000 + i;
                        there.add(RowFactory.create(id, "k" + id % 2, random.nextInt(500)));
                        add(input, there.getLast());
                    } else {
                        add(input, there.remove(random.nextInt(there.size())));
                    }
                }
                test.process();
            }
            assertEquals(0, there.size());
            assertEquals(0, entries(test, "numRowsTotal"));
            assertTrue(test.running().verify().matches());
        }
    }

    private static void add(TestInput input, Row row) {
        input.add(row.get(0), row.get(1), row.get(2));
    }
}
