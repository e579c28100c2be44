package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Aggregates of distinct values beside others give what each of them gives alone.
class DistinctAggregatesTest {
    private static final List<String> BESIDE = List.of(
            "count(DISTINCT b)",
            "max(DISTINCT b)",
            "count(DISTINCT v % 3000, b)",
            "sum(DISTINCT v % 100) FILTER (WHERE b IS NULL)",
            "count(DISTINCT v % 100) FILTER (WHERE v < 0)",
            "count(*)",
            "count(b)",
            "count(*) FILTER (WHERE v > 5000)",
            "sum(v) FILTER (WHERE b IS NULL)",
            "sum(v)",
            "avg(d)",
            "min(b)",
            "max_by(b, v)",
            "bit_xor(v)",
            "every(v >= 0)",
            "round(stddev(v), 6)");

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    @BeforeEach
    void table() {
        session.sql("CREATE TEMP VIEW t AS SELECT id % 7 AS a, if(id % 5 = 0, NULL, cast(id % 50 AS string)) AS b,"
                + " id AS v, cast(id AS decimal(10, 2)) / 4 AS d FROM range(0, 10000, 1, 4)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM t",
                "FROM t WHERE v < 0",
                "FROM t WHERE b IS NULL",
                "FROM t GROUP BY a ORDER BY a",
                "FROM t GROUP BY b ORDER BY b",
                "FROM t WHERE v < 0 GROUP BY a",
                "FROM t GROUP BY ROLLUP (a, b) ORDER BY grouping_id(), a, b",
            })
    void eachGivesWhatItGivesAlone(String rest) {
        String keys =
                rest.contains("ROLLUP") ? "a, b, " : rest.contains("BY a") ? "a, " : rest.contains("BY b") ? "b, " : "";
        List<String> together = rows("SELECT " + keys + String.join(", ", BESIDE) + " " + rest, keys);
        List<String> alone = new ArrayList<>();
        for (String aggregate : BESIDE) {
            alone.add(String.join(" ", rows("SELECT " + keys + aggregate + " " + rest, keys)));
        }
        for (int i = 0; i < BESIDE.size(); i++) {
            int at = i;
            assertEquals(
                    alone.get(i),
                    String.join(
                            " ",
                            together.stream().map(row -> row.split(",")[at]).toList()),
                    BESIDE.get(i));
        }
    }

    /// An aggregate of distinct values.
    private record Call(String function, List<String> arguments, String filter) {
        private static final List<String> NUMBERS = List.of("v", "v % 100", "a", "d", "cast(v % 30 AS double)");
        private static final List<String> OTHERS =
                List.of("b", "cast(v AS string)", "if(v % 3 = 0, NULL, array(v % 9))");
        private static final List<String> FILTERS =
                List.of("true", "true", "v % 3 = 0", "b IS NOT NULL", "b < '3'", "a = 2", "v < 0");

        static Call any(Random random) {
            String filter = any(FILTERS, random);
            return switch (random.nextInt(3)) {
                case 0 -> new Call("count", List.of(any(OTHERS, random), any(NUMBERS, random)), filter);
                case 1 -> new Call(any(List.of("count", "sum", "avg"), random), List.of(any(NUMBERS, random)), filter);
                default ->
                    new Call(
                            any(List.of("max", "min", "collect_set", "array_agg"), random),
                            List.of(any(OTHERS, random)),
                            filter);
            };
        }

        private static String any(List<String> list, Random random) {
            return list.get(random.nextInt(list.size()));
        }

        @Override
        public String toString() {
            return sql("DISTINCT " + String.join(", ", arguments), filter);
        }

        private String sql(String of, String condition) {
            String call =
                    function + "(" + of + ")" + (condition.equals("true") ? "" : " FILTER (WHERE " + condition + ")");
            return function.endsWith("set") || function.endsWith("agg") ? "sort_array(" + call + ")" : call;
        }

        /// The same without DISTINCT, of groups by the keys and the arguments.
        String ofGroups(List<String> keys) {
            List<String> columns = new ArrayList<>();
            List<String> groups = new ArrayList<>();
            for (String key : keys) {
                groups.add("g" + groups.size());
                columns.add(key + " AS " + groups.getLast());
            }
            List<String> values = new ArrayList<>();
            for (String argument : arguments) {
                values.add("x" + values.size());
                columns.add(argument + " AS " + values.getLast());
            }
            String by = String.join(", ", groups);
            return "SELECT " + sql(String.join(", ", values), "p") + " FROM (SELECT DISTINCT "
                    + String.join(", ", columns) + ", coalesce(" + filter + ", false) AS p FROM t)"
                    + (keys.isEmpty() ? "" : " GROUP BY " + by + " ORDER BY " + by);
        }
    }

    /// Some of the values, and of the groups, are so many that they are dealt into parts.
    @ParameterizedTest
    @MethodSource("seeds")
    void anyGiveWhatGroupsByTheirValuesGive(int seed) {
        session.sql("CREATE OR REPLACE TEMP VIEW t AS SELECT id % 7 AS a, if(id % 5 = 0, NULL, cast(id % 50 AS string))"
                + " AS b, id AS v, cast(id % 1000 AS decimal(10, 2)) / 4 AS d FROM range(0, 40000, 1, 4)");
        Random random = new Random(seed);
        List<String> keys = List.of(List.<String>of(), List.of("b"), List.of("b", "a"), List.of("v % 15000"))
                .get(random.nextInt(4));
        List<Call> calls =
                Stream.generate(() -> Call.any(random)).limit(2 + seed % 4).toList();
        List<String> beside = random.nextBoolean()
                ? List.of()
                : List.of(
                        "count(*)",
                        "sum(v) FILTER (WHERE b IS NULL)",
                        "percentile(v, 0.5)",
                        "sort_array(collect_list(a))");
        String by =
                keys.isEmpty() ? "" : " GROUP BY " + String.join(", ", keys) + " ORDER BY " + String.join(", ", keys);
        String aggregates = Stream.concat(calls.stream().map(Call::toString), beside.stream())
                .collect(Collectors.joining(", "));

        List<Row> together =
                session.sql("SELECT " + aggregates + " FROM t" + by).collectAsList();

        for (int i = 0; i < calls.size(); i++) {
            int column = i;
            assertEquals(
                    session.sql(calls.get(i).ofGroups(keys)).collectAsList().stream()
                            .map(row -> row.get(0))
                            .toList(),
                    together.stream().map(row -> row.get(column)).toList(),
                    () -> calls.get(column) + " of " + calls + by);
        }
        for (int i = 0; i < beside.size(); i++) {
            int column = calls.size() + i;
            assertEquals(
                    session.sql("SELECT " + beside.get(i) + " FROM t" + by).collectAsList().stream()
                            .map(row -> row.get(0))
                            .toList(),
                    together.stream().map(row -> row.get(column)).toList(),
                    beside.get(i));
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 20);
    }

    /// Rows that no aggregate takes in make a group, too.
    @Test
    void groupsOfWhichNoRowPasses() {
        assertEquals(
                "[[0,0,0], [1,0,0], [2,1,12], [3,0,0], [4,0,0], [5,0,0], [6,0,0]]",
                session.sql(
                                "SELECT a, count(DISTINCT a) FILTER (WHERE a = 2), count(DISTINCT b) FILTER (WHERE a = 2 AND v < 100)"
                                        + " FROM t GROUP BY a ORDER BY a")
                        .collectAsList()
                        .toString());
    }

    /// A chance is taken once for each row, whatever looks at it.
    @Test
    void valuesByChance() {
        Row row = session.sql("SELECT count(DISTINCT r), count(DISTINCT r, v), count(DISTINCT v) FROM (SELECT v,"
                        + " rand() AS r FROM t)")
                .first();
        assertEquals("[10000,10000,10000]", row.toString());
    }

    private List<String> rows(String sql, String keys) {
        int from = keys.isEmpty() ? 0 : keys.split(", ").length;
        return session.sql(sql).collectAsList().stream()
                .map(row -> {
                    List<String> values = new ArrayList<>();
                    for (int i = from; i < row.length(); i++) {
                        values.add(String.valueOf(row.get(i)));
                    }
                    return String.join(",", values);
                })
                .toList();
    }
}
