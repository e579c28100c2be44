package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Frames of many rows, which are put together of blocks, give what their rows give one by one.
class LongFramesTest {
    private static final int ROWS = 3000;

    private final Session session = Session.builder().master("local[2]").create();

    @AfterEach
    void close() {
        assertEquals(0, session.runtime().allocator().getAllocatedMemory());
        session.close();
    }

    /// Partition 0 has two thirds of the rows, the others have few.
    private static int partition(int id) {
        return id % 3 < 2 ? 0 : id % 97;
    }

    private static Integer value(int id) {
        return id % 13 < 4 ? null : id * 31 % 1009;
    }

    /// From so many rows behind the current one to so many, negative ones before it.
    @ParameterizedTest
    @CsvSource({"-24, 0", "-50, 0", "-63, 64", "-7, 600", "-700, -100", "5, 72", "-3000, 3000", "-512, -1"})
    void framesOfRows(int from, int to) {
        String over = " OVER (PARTITION BY CASE WHEN id % 3 < 2 THEN 0 ELSE id % 97 END ORDER BY id ROWS BETWEEN "
                + bound(from) + " AND " + bound(to) + ")";
        List<String> rows = session
                .sql("SELECT id, count(v)" + over + ", sum(v)" + over + ", min(v)" + over + ", max(t)" + over
                        + ", count(*) FILTER (WHERE v % 5 = 1)" + over + ", collect_list(v)" + over + " FROM"
                        + " (SELECT id, CASE WHEN id % 13 < 4 THEN NULL ELSE id * 31 % 1009 END AS v,"
                        + " concat('t', id * 7 % 1000) AS t FROM range(0, " + ROWS + ", 1, 3)) ORDER BY id")
                .collectAsList()
                .stream()
                .map(Row::toString)
                .toList();
        List<String> expected = new ArrayList<>();
        for (int id = 0; id < ROWS; id++) {
            expected.add(expected(id, from, to));
        }
        assertEquals(expected, rows);
    }

    private static String bound(int rows) {
        return rows == 0 ? "CURRENT ROW" : rows < 0 ? -rows + " PRECEDING" : rows + " FOLLOWING";
    }

    private static String expected(int id, int from, int to) {
        int[] partition = IntStream.range(0, ROWS)
                .filter(other -> partition(other) == partition(id))
                .toArray();
        int at = Arrays.binarySearch(partition, id);
        List<Integer> frame = IntStream.rangeClosed(Math.max(0, at + from), Math.min(partition.length - 1, at + to))
                .mapToObj(i -> partition[i])
                .toList();
        List<Integer> values = frame.stream()
                .map(LongFramesTest::value)
                .filter(Objects::nonNull)
                .toList();
        String sum = values.isEmpty()
                ? "null"
                : String.valueOf(values.stream().mapToInt(Integer::intValue).sum());
        String least = values.isEmpty()
                ? "null"
                : String.valueOf(values.stream().min(Integer::compare).get());
        String text = frame.stream()
                .map(other -> "t" + other * 7 % 1000)
                .max(String::compareTo)
                .orElse("null");
        long filtered = values.stream().filter(value -> value % 5 == 1).count();
        return "[" + id + "," + values.size() + "," + sum + "," + least + "," + text + "," + filtered + "," + values
                + "]";
    }

    /// With a look at each row of each frame this takes minutes.
    @ParameterizedTest
    @CsvSource({"-40000, 0", "-60000, -20000", "-100, 30000", "20000, 90000"})
    void valuesThatAreNotNullInFramesOfManyNulls(int from, int to) {
        int rows = 200_000;
        String over = " IGNORE NULLS OVER (PARTITION BY id < 150000 ORDER BY id ROWS BETWEEN " + bound(from) + " AND "
                + bound(to) + ")";
        List<Row> found = session.sql("SELECT id, first_value(v)" + over + ", last_value(v)" + over
                        + ", nth_value(v, 2)" + over + " FROM (SELECT id, if(id % 25000 = 7, id, NULL) AS v FROM range("
                        + rows + ")) ORDER BY id")
                .collectAsList();
        for (int id = 0; id < rows; id++) {
            int start = id < 150_000 ? 0 : 150_000;
            int end = id < 150_000 ? 150_000 : rows;
            int first = Math.max(start, id + from);
            int behind = Math.min(end, id + to + 1);
            List<@Nullable Object> expected = new ArrayList<>(Arrays.asList((long) id, null, null, null));
            int present = 0;
            for (long v = 7; v < behind; v += 25_000) {
                if (v >= first) {
                    present++;
                    if (present <= 2) {
                        expected.set(present == 1 ? 1 : 3, v);
                    }
                    expected.set(2, v);
                }
            }
            Row row = found.get(id);
            assertEquals(expected, Arrays.asList(row.get(0), row.get(1), row.get(2), row.get(3)));
        }
    }

    /// Row by row this takes minutes.
    @ParameterizedTest
    @CsvSource({"ROWS, -20000, 0", "ROWS, -32000, -8000", "RANGE, -100, 20000", "ROWS, -16000, 60000"})
    void whatCanNotBeTakenBackFromLongFrames(String unit, int from, int to) {
        int rows = 40_000;
        String over = " OVER (ORDER BY id " + unit + " BETWEEN " + bound(from) + " AND " + bound(to) + ")";
        List<Row> found = session.sql("SELECT id, max(d)" + over
                        + ", min(s)" + over + ", first(id)" + over + ", last(id)" + over + ", max_by(id, d)" + over
                        + " FROM (SELECT id, CAST(-id AS DOUBLE) AS d, CAST(id % 12000 AS SMALLINT) AS s FROM range("
                        + rows + ")) ORDER BY id")
                .collectAsList();
        for (int id = 0; id < rows; id++) {
            Row row = found.get(id);
            long first = Math.max(0, id + from);
            long last = Math.min(rows - 1, id + to);
            if (last < first) {
                assertTrue(IntStream.rangeClosed(1, 5).allMatch(row::isNullAt));
                continue;
            }
            boolean hasLeast = first % 12_000 == 0 || first / 12_000 < last / 12_000;
            assertEquals(-first, row.getDouble(1), 0.1);
            assertEquals(hasLeast ? 0 : first % 12_000, row.getShort(2));
            assertEquals(first, row.getLong(3));
            assertEquals(last, row.getLong(4));
            assertEquals(first, row.getLong(5));
        }
    }

    @Test
    void averagesOfDecimals() {
        assertEquals(
                List.of("[0.00,0.000000]", "[500.00,475.000000]", "[999.00,974.000000]"),
                session
                        .sql("SELECT d, a FROM (SELECT d, avg(d) OVER (ORDER BY d ROWS BETWEEN 50 PRECEDING AND"
                                + " CURRENT ROW) AS a FROM (SELECT CAST(id AS decimal(10, 2)) AS d"
                                + " FROM range(1000))) WHERE d IN (0, 500, 999) ORDER BY d")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .toList());
    }
}
