package dev.headrace.testing;

import static dev.headrace.functions.expr;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random window functions over rows that come and go, over each other and with several partitions and orders: cut into
/// random batches, with crashes, each query gives what a batch gives.
class RandomWindowsTest {
    private static final StructType COLUMNS = StructType.fromDDL("id int, k string, v int, d double");

    /// Each id's rows are alike, and every second one takes the one before back. Ids come nearly in order, or in none;
    /// some partitions fit into a block and some do not; and many rows are equal in `v`.
    private static List<Row> rows(Random random) {
        int ids = 60 + random.nextInt(900);
        int values = List.of(2, 20, 1_000).get(random.nextInt(3));
        boolean inOrder = random.nextInt(3) > 0;
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            int id = inOrder ? Math.clamp(i + random.nextInt(20) - 10, 0, ids) : random.nextInt(ids);
            rows.add(RowFactory.create(
                    id,
                    id % 19 == 0 ? null : "k" + (id % 7 < 5 ? 0 : id % 7),
                    id % 13 == 0 ? null : (Object) (id * 31 % values),
                    (id * 7 % 23 - 11) / 8.0));
        }
        return rows;
    }

    /// The rows of the ids that have come an odd number of times.
    private static DataFrame comingAndGoing(DataFrame rows) {
        return rows.groupBy("id", "k", "v", "d")
                .agg(expr("count(*) % 2").as("there"))
                .where("there = 1")
                .drop("there");
    }

    /// As many as `-Dheadrace.randomPlans` says.
    static IntStream seeds() {
        return IntStream.rangeClosed(1, Integer.getInteger("headrace.randomPlans", 10));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void randomWindowsGiveWhatABatchGives(int seed) {
        StreamFuzz.over(COLUMNS, rows(new Random(seed))).seeds(seed, 1).check(rows -> {
            Random random = new Random(seed);
            DataFrame plan = random.nextInt(5) == 0 ? rows.distinct() : comingAndGoing(rows);
            int specs = 1 + random.nextInt(3);
            for (int spec = 0; spec < specs; spec++) {
                plan = switch (random.nextInt(5)) {
                    case 0, 1 -> inOneOrder(plan, random, spec);
                    case 2, 3 -> amongPeers(plan, random, spec);
                    default -> inRanges(plan, random, spec);
                };
            }
            return plan;
        });
    }

    private static final List<String> FRAMES = List.of(
            "",
            " ROWS UNBOUNDED PRECEDING",
            " ROWS BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING",
            " ROWS BETWEEN 3 PRECEDING AND CURRENT ROW",
            " ROWS BETWEEN 30 PRECEDING AND 3 FOLLOWING",
            " ROWS BETWEEN 70 PRECEDING AND 68 PRECEDING",
            " ROWS BETWEEN 1 FOLLOWING AND 9 FOLLOWING",
            " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING",
            " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING");

    private static final List<String> FRAMED = List.of(
            "sum(v)",
            "sum(d)",
            "count(v)",
            "min(k)",
            "max(v)",
            "avg(d)",
            "max(id) FILTER (WHERE v > 5)",
            "first_value(v)",
            "last_value(k, true)",
            "nth_value(id, 2)",
            "collect_list(id)");

    private static final List<String> UNFRAMED = List.of(
            "lag(id)",
            "lag(v, 5)",
            "lead(k, 2, 'none')",
            "lead(v, 1, -1)",
            "row_number()",
            "rank()",
            "dense_rank()",
            "percent_rank()",
            "ntile(3)");

    /// Of rows that differ in order.
    private static DataFrame inOneOrder(DataFrame rows, Random random, int spec) {
        String over = partition(random)
                + pick(
                        random,
                        "ORDER BY id",
                        "ORDER BY id",
                        "ORDER BY v DESC NULLS LAST, id",
                        "ORDER BY d, k, id DESC",
                        "ORDER BY id DESC");
        List<String> columns = new ArrayList<>(List.of("*"));
        int functions = 1 + random.nextInt(4);
        for (int i = 0; i < functions; i++) {
            String function = random.nextBoolean()
                    ? pick(random, UNFRAMED) + " OVER (" + over + ")"
                    : pick(random, FRAMED) + " OVER (" + over + pick(random, FRAMES) + ")";
            columns.add(function + " AS w" + spec + "_" + i);
        }
        return rows.selectExpr(columns.toArray(String[]::new));
    }

    /// Of rows that may be equal in order: what does not depend on which of them is first.
    private static DataFrame amongPeers(DataFrame rows, Random random, int spec) {
        String over = partition(random)
                + pick(random, "ORDER BY v", "ORDER BY id DIV 5", "ORDER BY v DESC", "ORDER BY v % 3, k");
        List<String> columns = new ArrayList<>(List.of("*"));
        int functions = 1 + random.nextInt(3);
        for (int i = 0; i < functions; i++) {
            String function = pick(
                    random,
                    "sum(id) OVER (%s)",
                    "sum(d) OVER (%s)",
                    "min(id) OVER (%s)",
                    "rank() OVER (%s)",
                    "dense_rank() OVER (%s)",
                    "cume_dist() OVER (%s)",
                    "count(*) OVER (%s RANGE BETWEEN CURRENT ROW AND CURRENT ROW)",
                    "count(*) OVER (%s RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)");
            columns.add(function.formatted(over) + " AS w" + spec + "_" + i);
        }
        return rows.selectExpr(columns.toArray(String[]::new));
    }

    /// Of rows whose values are near.
    private static DataFrame inRanges(DataFrame rows, Random random, int spec) {
        String order = pick(random, "v", "v DESC", "v NULLS LAST", "id", "id", "d");
        String start = pick(random, "2 PRECEDING", "CURRENT ROW", "40 PRECEDING", "1 FOLLOWING");
        String end = pick(random, "CURRENT ROW", "3 FOLLOWING", "41 FOLLOWING", "UNBOUNDED FOLLOWING");
        String frame = start.equals("1 FOLLOWING") && end.equals("CURRENT ROW")
                ? "4 PRECEDING AND 2 PRECEDING"
                : start + " AND " + end;
        String over = "OVER (" + partition(random) + "ORDER BY " + order + " RANGE BETWEEN " + frame + ")";
        return rows.selectExpr(
                "*",
                pick(random, "sum(id) ", "count(v) ", "max(id) ") + over + " AS w" + spec + "_0",
                pick(random, "sum(d) ", "min(k) ", "count(*) ", "sum(d) ") + over + " AS w" + spec + "_1");
    }

    private static String partition(Random random) {
        return pick(random, "", "PARTITION BY k ", "PARTITION BY id % 2 ", "PARTITION BY k, v ");
    }

    private static String pick(Random random, String... from) {
        return pick(random, List.of(from));
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
