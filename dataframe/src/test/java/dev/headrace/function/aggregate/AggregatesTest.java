package dev.headrace.function.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.function.Casts;
import dev.headrace.function.EvalContext;
import dev.headrace.function.FunctionRegistry;
import dev.headrace.function.RandomValues;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CastFailure;
import dev.headrace.plan.Scalar;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.DecimalType;
import dev.headrace.types.MapType;
import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AggregatesTest {
    private static final EvalContext UTC = new EvalContext(ZoneOffset.UTC, 0, 0);

    /// Values as text, cast to the type; the result as a cast to string shows it.
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            delimiter = '|',
            value = {
                "count                 | int           | 1 NULL 3        | 2",
                "count                 | int           | none            | 0",
                "count_if              | boolean       | true false NULL | 1",
                "sum                   | int           | 1 NULL 3        | 4",
                "sum                   | int           | NULL NULL       | NULL",
                "sum                   | int           | none            | NULL",
                "sum                   | tinyint       | 127 127         | 254",
                "sum                   | int           | 2147483647 1    | 2147483648",
                "sum                   | double        | 1.5 2.5 NULL    | 4.0",
                "sum                   | double        | 1e300 1 -1e300  | 1.0",
                "sum                   | double        | NaN 1           | NaN",
                "sum                   | double        | Infinity 1      | Infinity",
                "sum                   | double        | Infinity -Infinity | NaN",
                "sum                   | double        | 1e308 1e308     | Infinity",
                "sum                   | double        | NULL            | NULL",
                "sum                   | float         | 0.5 0.25        | 0.75",
                "sum                   | string        | 1 2             | 3.0",
                "sum                   | decimal(5,2)  | 999.99 0.01 NULL | 1000.00",
                "sum                   | decimal(5,2)  | -1.50 0.25      | -1.25",
                "sum                   | decimal(38,2) | none            | NULL",
                "avg                   | int           | 1 2 NULL        | 1.5",
                "avg                   | int           | none            | NULL",
                "avg                   | decimal(5,2)  | 1.00 2.00 2.00  | 1.666667",
                "avg                   | decimal(5,2)  | NULL            | NULL",
                "avg                   | decimal(5,0)  | -1 -1 -2        | -1.3333",
                "avg                   | decimal(5,0)  | -1 -2 -2        | -1.6667",
                "avg                   | decimal(36,35) | 0.00000000000000000000000000000000003 0.00000000000000000000000000000000004 | 0.00000000000000000000000000000000003500",
                "avg                   | decimal(38,37) | 0.0000000000000000000000000000000000005 0 | 0.00000000000000000000000000000000000025",
                "avg                   | decimal(20,0) | 9223372036854775807 -9223372036854775808 -9223372036854775808 | -3074457345618258603.0000",
                "avg                   | decimal(20,0) | -9223372036854775808 | -9223372036854775808.0000",
                "sum                   | decimal(20,0) | 9223372036854775807 1 | 9223372036854775808",
                "sum                   | decimal(20,0) | -9223372036854775808 NULL | -9223372036854775808",
                "sum                   | decimal(8,0)  | 99999999 99999999 | 199999998",
                "mean                  | double        | 1 2             | 1.5",
                "min                   | int           | 3 NULL -7       | -7",
                "max                   | int           | 3 NULL -7       | 3",
                "min                   | bigint        | 9223372036854775807 -9223372036854775808 | -9223372036854775808",
                "max                   | bigint        | 9223372036854775807 -9223372036854775808 | 9223372036854775807",
                "min                   | bigint        | -9223372036854775808 | -9223372036854775808",
                "max                   | bigint        | -9223372036854775808 | -9223372036854775808",
                "min                   | bigint        | 9223372036854775807 | 9223372036854775807",
                "min                   | tinyint       | 1 -128          | -128",
                "max                   | smallint      | 1 -128          | 1",
                "min                   | double        | NaN 1 -0.5      | -0.5",
                "max                   | double        | 1 NaN Infinity  | NaN",
                "min                   | double        | NaN             | NaN",
                "min                   | double        | 0.0 -0.0        | -0.0",
                "max                   | double        | 0.0 -0.0        | 0.0",
                "max                   | float         | 0.1 0.2         | 0.2",
                "min                   | boolean       | true false      | false",
                "max                   | string        | b abc  bb NULL  | bb",
                "min                   | string        | b abc bb NULL   | abc",
                "min                   | string        | NULL            | NULL",
                "max                   | date          | 2020-01-01 2019-12-31 | 2020-01-01",
                "max                   | timestamp     | 2020-01-01 2019-12-31 | 2020-01-01 00:00:00",
                "max                   | decimal(38,2) | 1.50 -3.00      | 1.50",
                "min                   | decimal(38,2) | 1.50 -3.00 NULL | -3.00",
                "max                   | decimal(5,2)  | -1.50 -3.00     | -1.50",
                "max                   | decimal(38,0) | 9223372036854775808 18446744073709551616 -1 | 18446744073709551616",
                "min                   | decimal(38,0) | 9223372036854775807 9223372036854775808 | 9223372036854775807",
                "min                   | decimal(38,0) | -18446744073709551616 -18446744073709551617 | -18446744073709551617",
                "max                   | decimal(38,0) | NULL            | NULL",
                "min                   | binary        | b a             | a",
                "bool_and              | boolean       | true NULL       | true",
                "bool_and              | boolean       | true false      | false",
                "every                 | boolean       | NULL            | NULL",
                "bool_or               | boolean       | false NULL      | false",
                "some                  | boolean       | false true      | true",
                "any                   | string        | false true      | true",
                "first                 | int           | NULL 2 3        | NULL",
                "last                  | string        | a b NULL        | NULL",
                "last                  | string        | a b             | b",
                "any_value             | int           | 5 6             | 5",
                "first                 | int           | none            | NULL",
                "stddev                | int           | 1 2 3           | 1.0",
                "stddev_samp           | int           | 1               | NULL",
                "stddev_pop            | int           | 1 1 1           | 0.0",
                "variance              | int           | 1 2 3 NULL      | 1.0",
                "var_samp              | double        | none            | NULL",
                "var_pop               | int           | 1 3             | 1.0",
                "collect_list          | int           | 3 1 NULL 3      | [3, 1, 3]",
                "collect_list          | int           | none            | []",
                "array_agg             | string        | b a             | [b, a]",
                "collect_set           | int           | 3 1 NULL 3      | [1, 3]",
                "collect_set           | double        | NaN 0.0 -0.0 NaN | [0.0, NaN]",
                "approx_count_distinct | int           | 1 2 2 NULL 3    | 3",
                "approx_count_distinct | string        | none            | 0",
                "approx_count_distinct | double        | 0.0 -0.0 NaN NaN | 2",
            })
    void ofTheValuesOfAGroup(String function, String type, @Nullable String values, String expected) {
        Groups groups = group(function, DataType.fromDDL(type), values, List.of());

        assertEquals(expected, text(groups.atOnce().getFirst(), groups.resultType()));
    }

    private static Groups group(String function, DataType type, @Nullable String values, List<BoundExpr> constants) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (String value : values == null ? new String[0] : values.split(" +")) {
            Object text = value.equals("NULL") ? null : Scalar.of(value).value();
            rows.add(Arrays.asList(Casts.cast(text, DataTypes.StringType, type, CastFailure.ERROR, UTC)));
        }
        return new Groups(function, new StructType().add("x", type), constants, rows, new int[rows.size()], 1);
    }

    private static String text(@Nullable Object value, DataType type) {
        return String.valueOf(Casts.cast(value, type, DataTypes.StringType, CastFailure.ERROR, UTC))
                .replace("null", "NULL");
    }

    @Test
    void countWithoutArgumentsCountsRows() {
        List<List<@Nullable Object>> rows = List.of(List.of(), List.of(), List.of());

        assertEquals(
                List.of(2L, 1L),
                new Groups("count", new StructType(), List.of(), rows, new int[] {0, 1, 0}, 2).atOnce());
    }

    @Test
    void countOfSeveralCountsRowsInWhichNoneIsNull() {
        StructType columns = new StructType().add("a", DataTypes.IntegerType).add("b", DataTypes.IntegerType);
        List<List<@Nullable Object>> rows =
                List.of(Arrays.asList(1, 2), Arrays.asList(null, 2), Arrays.asList(1, null), Arrays.asList(3, 4));

        assertEquals(List.of(2L), new Groups("count", columns, List.of(), rows, new int[4], 1).atOnce());
    }

    @Test
    void firstAndLastCanIgnoreNulls() {
        List<BoundExpr> ignoreNulls = List.of(new BoundExpr.Literal(Scalar.TRUE));

        assertEquals(
                2,
                group("first", DataTypes.IntegerType, "NULL 2 3 NULL", ignoreNulls)
                        .atOnce()
                        .getFirst());
        assertEquals(
                3,
                group("last", DataTypes.IntegerType, "NULL 2 3 NULL", ignoreNulls)
                        .atOnce()
                        .getFirst());
    }

    @Test
    void maxByGivesTheValueOfTheRowInWhichTheOtherIsGreatest() {
        StructType columns = new StructType().add("name", DataTypes.StringType).add("by", DataTypes.IntegerType);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        rows.add(Arrays.asList(Scalar.of("a").value(), 10));
        rows.add(Arrays.asList(null, 50));
        rows.add(Arrays.asList(Scalar.of("c").value(), 20));
        rows.add(Arrays.asList(Scalar.of("d").value(), null));
        rows.add(Arrays.asList(Scalar.of("e").value(), 10));

        assertEquals(
                "NULL",
                text(
                        new Groups("max_by", columns, List.of(), rows, new int[5], 1)
                                .atOnce()
                                .getFirst(),
                        DataTypes.StringType));
        assertEquals(
                "a",
                text(
                        new Groups("min_by", columns, List.of(), rows, new int[5], 1)
                                .atOnce()
                                .getFirst(),
                        DataTypes.StringType));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "count",
                "sum",
                "avg",
                "min",
                "max",
                "first",
                "last",
                "collect_list",
                "collect_set",
                "approx_count_distinct"
            })
    void mergedPartsGiveWhatAllRowsAtOnceGive(String function) {
        int compared = 0;
        for (long seed = 0; seed < 60; seed++) {
            RandomValues values = new RandomValues(seed);
            Random random = new Random(seed);
            DataType type = random.nextInt(3) == 0 ? DataTypes.DoubleType : values.type();
            if (!accepts(function, type)) {
                continue;
            }
            StructType columns = new StructType().add("x", type);
            List<List<@Nullable Object>> rows = values.rows(columns, random.nextInt(200));
            int count = 1 + random.nextInt(10);
            int[] slots = random.ints(rows.size(), 0, count).toArray();
            Groups groups = new Groups(function, columns, List.of(), rows, slots, count);
            int[] cuts = random.ints(3, 0, rows.size() + 1).sorted().toArray();

            assertEquals(
                    outcome(groups, new int[0]), outcome(groups, cuts), function + " of " + type + ", seed " + seed);
            compared++;
        }
        assertTrue(compared > 5, compared + " compared");
    }

    private static boolean accepts(String function, DataType type) {
        if (type instanceof dev.headrace.types.StringType && (function.equals("sum") || function.equals("avg"))) {
            return false;
        }
        try {
            FunctionRegistry.bindAggregate(function, List.of(new BoundExpr.Column(0, "x", type, true)), false);
            return true;
        } catch (QueryException notOfThisType) {
            return false;
        }
    }

    /// A sum may overflow in another order when rows are cut, so all that must agree is that it does.
    private static Object outcome(Groups groups, int[] cuts) {
        try {
            return groups.inParts(cuts);
        } catch (DataException overflow) {
            return overflow.code();
        }
    }

    @Test
    void aSumOfDoublesDoesNotDependOnHowTheRowsAreCut() {
        Random random = new Random(7);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            rows.add(List.of(random.nextGaussian() * Math.pow(10, random.nextInt(12))));
        }
        StructType columns = new StructType().add("x", DataTypes.DoubleType);
        Groups groups = new Groups("sum", columns, List.of(), rows, new int[rows.size()], 1);
        Set<@Nullable Object> sums = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            int[] cuts =
                    random.ints(1 + random.nextInt(30), 0, rows.size()).sorted().toArray();
            sums.add(groups.inParts(cuts).getFirst());
        }

        assertEquals(1, sums.size(), sums::toString);
        BigDecimal exact = rows.stream()
                .map(row -> new BigDecimal((Double) java.util.Objects.requireNonNull(row.getFirst())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertEquals(exact.doubleValue(), sums.iterator().next());
    }

    /// Values on both sides of what is added up in longs, of few groups and of many.
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 100, 1_000})
    void sumsOfDecimalsAreExact(int groupCount) {
        Random random = new Random(3);
        for (int bits : new int[] {20, 47, 48, 49, 63, 64, 100}) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            List<@Nullable Object> sums = new ArrayList<>(Collections.nCopies(groupCount, null));
            int[] slots = random.ints(3_000, 0, groupCount).toArray();
            for (int slot : slots) {
                BigInteger least = BigInteger.ONE.shiftLeft(bits).negate();
                BigInteger unscaled = random.nextInt(5) == 0 ? least : new BigInteger(bits, random);
                BigDecimal value = new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), 2);
                rows.add(List.of(value));
                BigDecimal sum = (BigDecimal) sums.get(slot);
                sums.set(slot, sum == null ? value : sum.add(value));
            }
            StructType columns = new StructType().add("x", new DecimalType(38, 2));

            assertEquals(sums, new Groups("sum", columns, List.of(), rows, slots, groupCount).atOnce());
        }
    }

    @Test
    void varianceOfMergedPartsIsThatOfAllRows() {
        Random random = new Random(11);
        List<List<@Nullable Object>> rows = new ArrayList<>();
        random.doubles(1_000, 1e6, 1e6 + 10).forEach(x -> rows.add(List.of(x)));
        StructType columns = new StructType().add("x", DataTypes.DoubleType);
        Groups groups = new Groups("variance", columns, List.of(), rows, new int[rows.size()], 1);
        double all = (Double) java.util.Objects.requireNonNull(groups.atOnce().getFirst());

        assertEquals(all, (Double) groups.inParts(new int[] {1, 400, 400, 999}).getFirst(), all * 1e-10);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 100_000})
    void anApproximateCountIsWithinThreeStandardDeviations(int distinct) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < distinct; i++) {
            rows.add(List.of(Scalar.of("user " + i).value()));
        }
        StructType columns = new StructType().add("x", DataTypes.StringType);
        Groups groups = new Groups("approx_count_distinct", columns, List.of(), rows, new int[distinct], 1);

        assertEquals(distinct, (Long) groups.atOnce().getFirst(), distinct * 0.15);
    }

    @Test
    void aSmallerErrorMakesAnApproximateCountMoreExact() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        IntStream.range(0, 100_000).forEach(i -> rows.add(List.of((long) i)));
        StructType columns = new StructType().add("x", DataTypes.LongType);
        List<BoundExpr> error = List.of(new BoundExpr.Literal(Scalar.of(0.005)));
        Groups groups = new Groups("approx_count_distinct", columns, error, rows, new int[rows.size()], 1);

        assertEquals(100_000, (Long) groups.atOnce().getFirst(), 1_500);
    }

    @Test
    void growingStringsMoveWithoutLosingAny() {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        int[] slots = new int[3_000];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = i % 30;
            rows.add(List.of(Scalar.of("x".repeat(1 + i / 30)).value()));
        }
        StructType columns = new StructType().add("x", DataTypes.StringType);
        Groups groups = new Groups("max", columns, List.of(), rows, slots, 30);

        for (Object longest : groups.inParts(new int[] {1_234})) {
            assertEquals("x".repeat(100), String.valueOf(longest));
        }
    }

    @Test
    void aSumOutOfRangeIsAnError() {
        Groups longs = group("sum", DataTypes.LongType, "9223372036854775807 1", List.of());
        Groups decimals = group("sum", new DecimalType(38, 0), "99999999999999999999999999999999999999 1", List.of());

        assertEquals(
                "[ARITHMETIC_OVERFLOW] sum: the sum of a group is out of the range of bigint. Cast the argument to a decimal.",
                assertThrows(DataException.class, longs::atOnce).getMessage());
        assertEquals(
                "[ARITHMETIC_OVERFLOW] sum: the sum of a group is out of the range of decimal(38,0). Cast the argument to double.",
                assertThrows(DataException.class, decimals::atOnce).getMessage());
    }

    @Test
    void resultTypesAreSparks() {
        assertEquals(DataTypes.LongType, resultType("sum", DataTypes.ByteType));
        assertEquals(DataTypes.DoubleType, resultType("sum", DataTypes.FloatType));
        assertEquals(new DecimalType(20, 2), resultType("sum", new DecimalType(10, 2)));
        assertEquals(new DecimalType(38, 2), resultType("sum", new DecimalType(38, 2)));
        assertEquals(DataTypes.DoubleType, resultType("avg", DataTypes.LongType));
        assertEquals(new DecimalType(14, 6), resultType("avg", new DecimalType(10, 2)));
        assertEquals(new DecimalType(38, 22), resultType("avg", new DecimalType(38, 18)));
        assertEquals(
                DataTypes.createArrayType(DataTypes.DateType, false), resultType("collect_set", DataTypes.DateType));
        assertEquals(DataTypes.StringType, resultType("max", DataTypes.StringType));
    }

    private static DataType resultType(String function, DataType argument) {
        return FunctionRegistry.bindAggregate(function, List.of(new BoundExpr.Column(0, "x", argument, true)), false)
                .function()
                .resultType();
    }

    @Test
    void aWrongArgumentIsNamedWithWhatIsExpected() {
        BoundExpr day = new BoundExpr.Column(0, "day", DataTypes.DateType, true);
        BoundExpr tags =
                new BoundExpr.Column(1, "tags", new MapType(DataTypes.StringType, DataTypes.StringType, true), true);

        assertEquals(
                "[DATATYPE_MISMATCH] Argument 1 of 'sum' is 'day' of type date: expected a number or an interval.",
                message("sum", day));
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 1 of 'max' is 'tags' of type map<string,string>: expected a type without "
                        + "maps, whose values can be compared.",
                message("max", tags));
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 1 of 'bool_and' is 'day' of type date: expected boolean.",
                message("every", day));
        assertEquals(
                "[DATATYPE_MISMATCH] Argument 2 of 'first' is 'day' of type date: expected a constant, true or false.",
                message("first", day, day));
        assertEquals(
                "[WRONG_NUM_ARGS] 'sum' was called with 2 arguments. Expected: sum(value any).",
                message("sum", day, day));
        assertEquals("[NOT_AN_AGGREGATE] 'upper' is not an aggregate function.", message("upper", day));
    }

    private static @Nullable String message(String function, BoundExpr... arguments) {
        return assertThrows(
                        QueryException.class, () -> FunctionRegistry.bindAggregate(function, List.of(arguments), false))
                .getMessage();
    }

    @Test
    void equalCallsHaveEqualFunctions() {
        BoundExpr column = new BoundExpr.Column(0, "x", DataTypes.IntegerType, true);
        for (String function :
                List.of("count", "sum", "avg", "min", "first", "stddev", "collect_list", "approx_count_distinct")) {
            assertEquals(
                    FunctionRegistry.bindAggregate(function, List.of(column), false),
                    FunctionRegistry.bindAggregate(function, List.of(column), false));
        }
    }
}
