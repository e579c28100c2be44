package dev.headrace.testing;

import static dev.headrace.functions.coalesce;
import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.row_number;

import dev.headrace.DataFrame;
import dev.headrace.Lookup;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.expressions.Window;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random queries with two or three operators with state over each other, over rows that come and go: cut into random
/// batches, with crashes, each gives what a batch gives.
class RandomPlansTest {
    private static final StructType COLUMNS = StructType.fromDDL("id bigint, k string, g bigint, v bigint, d double");

    /// Ids whose rows add up to one row or none: an id's second row takes its first one back.
    private static List<Row> rows(Random random) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 110; i++) {
            long id = random.nextInt(80);
            rows.add(RowFactory.create(
                    id,
                    "k" + id % 4,
                    id % 7 == 0 ? null : (Object) (id % 3),
                    id % 11 == 0 ? null : (Object) (id * 13 % 17),
                    (id * 7 % 23 - 11) / 8.0));
        }
        return rows;
    }

    /// The rows of the ids that have come an odd number of times.
    private static DataFrame comingAndGoing(DataFrame rows) {
        return rows.groupBy("id", "k", "g", "v", "d")
                .agg(expr("count(*) % 2").as("there"))
                .where("there = 1")
                .select("k", "g", "v", "d");
    }

    /// As many as `-Dheadrace.randomPlans` says.
    static IntStream seeds() {
        return IntStream.rangeClosed(1, Integer.getInteger("headrace.randomPlans", 16));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRandomQueryGivesWhatABatchGives(int seed) {
        StreamFuzz.over(COLUMNS, rows(new Random(seed))).seeds(seed, 1).check(rows -> {
            Random random = new Random(seed);
            boolean onlyComes = random.nextInt(4) == 0;
            DataFrame plan = onlyComes ? rows.select("k", "g", "v", "d") : comingAndGoing(rows);
            int depth = 2 + random.nextInt(2);
            for (int i = 0; i < depth; i++) {
                plan = stateful(stateless(plan, random), random);
            }
            return plan;
        });
    }

    private static DataFrame stateless(DataFrame rows, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> rows.where("g IS NULL OR g <> 1");
            case 1 -> rows.selectExpr("k", "g", "v + 1 AS v", "d * 2 AS d");
            case 2 -> rows.union(rows.selectExpr("concat(k, 'u') AS k", "g", "v", "d"));
            default -> rows;
        };
    }

    private static DataFrame stateful(DataFrame rows, Random random) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> grouped(rows, random);
            case 2 ->
                rows.groupBy("k")
                        .agg(
                                expr("count(DISTINCT g)").as("g"),
                                expr("sum(v)").as("v"),
                                expr("count(*) / 2").as("d"));
            case 3 -> rows.distinct();
            case 4 ->
                rows.orderBy(col("v").desc(), col("k"), col("g"), col("d")).limit(1 + random.nextInt(12));
            case 5 ->
                rows.select(
                        col("k"),
                        col("g"),
                        row_number()
                                .over(Window.partitionBy("k").orderBy("v", "g", "d"))
                                .cast("bigint")
                                .as("v"),
                        col("d"));
            case 6 ->
                rows.withColumn(
                                "n",
                                row_number().over(Window.partitionBy("k").orderBy(col("v").desc(), col("g"), col("d"))))
                        .where(col("n").leq(1 + random.nextInt(3)))
                        .selectExpr("k", "g", "n + v AS v", "d");
            case 7 ->
                rows.joinLookup(NAMES, random.nextBoolean() ? "left" : "inner")
                        .selectExpr("coalesce(name, k) AS k", "g", "v", "d");
            default -> joined(rows, random);
        };
    }

    /// What is asked has one name, two or none.
    private static final Lookup NAMES = Lookup.of(
            "names",
            StructType.fromDDL("k string, name string"),
            new String[] {"k"},
            keys -> keys.stream()
                    .flatMap(key -> IntStream.range(
                                    0, String.valueOf(key.get(0)).hashCode() % 3)
                            .mapToObj(i -> RowFactory.create(key.get(0), key.get(0) + "n" + i)))
                    .toList());

    private static final List<String> OF_INTEGERS =
            List.of("sum(v)", "min(v)", "max(v)", "count(v)", "CAST(avg(v) AS bigint)", "bit_xor(v)");
    private static final List<String> OF_DOUBLES =
            List.of("sum(d)", "min(d)", "max(d)", "max_by(d, d)", "max(d) FILTER (WHERE v > 5)");

    /// The doubles are multiples of an eighth, so that their sums are exact.
    private static DataFrame grouped(DataFrame rows, Random random) {
        DataFrame given = rows.groupBy(col("k"), col("g").mod(lit(2)).as("g"))
                .agg(
                        expr(OF_INTEGERS.get(random.nextInt(OF_INTEGERS.size())))
                                .cast("bigint")
                                .as("v"),
                        expr(OF_DOUBLES.get(random.nextInt(OF_DOUBLES.size()))).as("d"));
        return random.nextBoolean() ? given.selectExpr("substr(k, 1, 1) AS k", "g", "v", "d") : given;
    }

    private static DataFrame joined(DataFrame rows, Random random) {
        String type = List.of("inner", "left", "right", "full", "leftsemi", "leftanti")
                .get(random.nextInt(6));
        DataFrame others = grouped(rows, random).selectExpr("k AS ok", "g AS og", "v AS ov", "d AS od");
        DataFrame pairs = rows.join(others, expr("k = ok AND g = og"), type);
        return type.startsWith("leftsemi") || type.startsWith("leftanti")
                ? pairs
                : pairs.select(
                        coalesce(col("k"), col("ok")).as("k"),
                        col("g"),
                        coalesce(col("v"), lit(0L))
                                .plus(coalesce(col("ov"), lit(100L)))
                                .as("v"),
                        col("od").as("d"));
    }
}
