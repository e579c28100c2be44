package dev.headrace;

import static dev.headrace.functions.col;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.types.StructType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random rows in several chunks come in the order that their values have in Java.
class SortTest {
    private static final StructType SCHEMA = StructType.fromDDL(
            "i int, l bigint, d double, n decimal(18,4), day date, t timestamp, s string, b boolean, place int");
    private static final int KEYS = 6;
    private static final int PLACE = 8;

    private final Session session = Session.builder().master("local[2]").getOrCreate();
    private final Random random = new Random(11);

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    /// Splits end in any order, and their rows are put together before all have ended.
    @ParameterizedTest
    @ValueSource(ints = {1, 700, 5000, 30_000})
    void firstRowsThatAreEqualComeInTheirOrder(int limit) {
        List<Long> expected = LongStream.range(0, 120_000)
                .boxed()
                .sorted(Comparator.comparing(id -> id % 7 % 3))
                .limit(limit)
                .toList();
        for (String key : List.of("id % 7 % 3", "concat('k', id % 7 % 3)", "nullif(id % 7 % 3, 0)")) {
            List<Long> first = session
                    .sql("SELECT id FROM range(0, 120000, 1, 97) ORDER BY " + key + " LIMIT " + limit)
                    .collectAsList()
                    .stream()
                    .map(row -> row.getLong(0))
                    .toList();
            assertEquals(expected, first, key);
        }
    }

    @Test
    void rowsComeInTheOrderOfTheirKeys() {
        for (int round = 0; round < 12; round++) {
            List<Row> rows = new ArrayList<>();
            DataFrame frame = session.createDataFrame(List.of(), SCHEMA);
            double nulls = random.nextInt(3) * 0.1;
            boolean narrow = random.nextBoolean();
            int splits = 1 + random.nextInt(4);
            for (int split = 0; split < splits; split++) {
                List<Row> part = new ArrayList<>();
                int count = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(24_000);
                for (int i = 0; i < count; i++) {
                    part.add(row(rows.size() + i, split == 1 ? 0 : nulls, narrow));
                }
                rows.addAll(part);
                frame = frame.unionAll(session.createDataFrame(part, SCHEMA));
            }
            List<Column> keys = new ArrayList<>();
            String text = "";
            Comparator<Row> order = (a, b) -> 0;
            int many = 1 + random.nextInt(3);
            for (int k = 0; k < many; k++) {
                int key = random.nextInt(KEYS + (k == many - 1 ? 1 : 0));
                boolean ascending = random.nextBoolean();
                boolean nullsFirst = random.nextBoolean();
                Column column = col(SCHEMA.names().get(key));
                if (ascending) {
                    keys.add(nullsFirst ? column.asc_nulls_first() : column.asc_nulls_last());
                } else {
                    keys.add(nullsFirst ? column.desc_nulls_first() : column.desc_nulls_last());
                }
                Comparator<Comparable<Object>> values =
                        ascending ? Comparator.naturalOrder() : Comparator.reverseOrder();
                Comparator<@Nullable Comparable<Object>> all =
                        nullsFirst ? Comparator.nullsFirst(values) : Comparator.nullsLast(values);
                order = order.thenComparing(row -> comparable(row.get(key)), all);
                text += " " + column + (ascending ? " asc" : " desc") + (nullsFirst ? " nulls first" : " nulls last");
            }
            List<Integer> expected =
                    rows.stream().sorted(order).map(row -> row.getInt(PLACE)).toList();
            DataFrame sorted = frame.orderBy(keys.toArray(Column[]::new));
            assertEquals(expected, places(sorted.collectAsList()), "round " + round + text);
            List<Row> whole = sorted.limit(100).collectAsList();
            List<Row> unsorted = frame.collectAsList();
            for (Row row : whole) {
                assertEquals(unsorted.get(row.getInt(PLACE)), row, "round " + round + text);
            }
            assertEquals(expected.subList(0, whole.size()), places(whole), "round " + round + text);
        }
    }

    private static List<Integer> places(List<Row> rows) {
        return rows.stream().map(row -> row.getInt(PLACE)).toList();
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Comparable<Object> comparable(@Nullable Object value) {
        // Zeros are equal.
        Object known = value instanceof Double number ? (Object) (number + 0.0) : value;
        return (Comparable<Object>) known;
    }

    private Row row(int place, double nulls, boolean narrow) {
        List<Supplier<Object>> values = List.of(
                () -> narrow ? random.nextInt(-5, 5) : random.nextInt(),
                () -> narrow ? random.nextLong(-5, 5) : among(random.nextLong(), Long.MIN_VALUE, Long.MAX_VALUE),
                () -> narrow
                        ? among(0.0, -0.0, 1.5)
                        : among(random.nextGaussian(), Double.NaN, -0.0, Double.NEGATIVE_INFINITY),
                () -> BigDecimal.valueOf(narrow ? random.nextLong(3) : random.nextLong(-1L << 58, 1L << 58), 4),
                () -> LocalDate.ofEpochDay(narrow ? random.nextInt(3) : random.nextInt(-20_000, 20_000)),
                () -> Instant.ofEpochSecond(narrow ? random.nextInt(3) : random.nextInt(), random.nextInt(2) * 1_000L),
                () -> "text" + (narrow ? random.nextInt(9) : random.nextLong()),
                random::nextBoolean);
        @Nullable Object[] cells = new @Nullable Object[SCHEMA.size()];
        for (int c = 0; c < PLACE; c++) {
            cells[c] = random.nextDouble() < nulls ? null : values.get(c).get();
        }
        cells[PLACE] = place;
        return RowFactory.create(cells);
    }

    /// Mostly the first one.
    @SafeVarargs
    private <T> T among(T often, T... seldom) {
        return random.nextInt(8) == 0 ? seldom[random.nextInt(seldom.length)] : often;
    }
}
