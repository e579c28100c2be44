package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Joins whose tables are larger than the session's memory give what they give without a limit, and leave nothing
/// behind.
class SpillJoinsIT extends LittleMemory {
    @ParameterizedTest
    @ValueSource(strings = {"JOIN", "LEFT JOIN", "FULL JOIN", "LEFT ANTI JOIN"})
    void joins(String join) {
        String columns = join.contains("SEMI") || join.contains("ANTI")
                ? "count(*) AS n, sum(a.id) AS s, sum(length(a.text)) AS t"
                : "count(*) AS n, sum(a.id) AS s, sum(b.id) AS r, sum(length(a.text)) AS t, sum(length(b.text)) AS u";
        givesTheSame("SELECT " + columns + " FROM (SELECT * FROM some WHERE d <> 3) a " + join
                + " (SELECT id, k + 3 AS k, text, d FROM some WHERE d <> 4) b ON a.k = b.k AND a.d < b.d + 9");
    }

    @ParameterizedTest
    @CsvSource({
        "JOIN, a.id + b.id = 1750",
        "LEFT JOIN, a.id + b.id = 1750",
        "RIGHT JOIN, a.id + b.id = 1750",
        "FULL JOIN, a.id + b.id = 1750",
        "JOIN, a.skewed = b.skewed AND a.id + b.id = 1750",
        "LEFT JOIN, a.skewed = b.skewed AND a.id + b.id = 1750",
        "RIGHT JOIN, a.skewed = b.skewed AND a.id + b.id = 1750",
        "FULL JOIN, a.skewed = b.skewed AND a.id + b.id = 1750",
    })
    void joinsWithoutAKeyOrWithOneThatMostRowsHave(String join, String condition) {
        givesTheSame("SELECT count(*) AS n, sum(a.id) AS s, sum(b.id) AS r, sum(length(a.text)) AS t,"
                + " sum(length(b.text)) AS u FROM large a " + join + " large b ON " + condition);
    }

    /// The left side held, then the right one.
    @ParameterizedTest
    @ValueSource(strings = {"LEFT SEMI JOIN", "LEFT ANTI JOIN"})
    void semiJoinsWithoutAKeyOrWithOneThatMostRowsHave(String join) {
        givesTheSame("SELECT count(*) AS n, sum(a.id) AS s, sum(length(a.text)) AS t FROM large a " + join
                + " range(0, 12000, 1, 2) b ON a.id + b.id = 1000");
        givesTheSame("SELECT count(*) AS n, sum(a.id) AS s FROM"
                + " (SELECT id, if(id < 40, -1, -2) AS skewed FROM range(3200)) a " + join
                + " large b ON a.skewed = b.skewed AND a.id + b.id = length(b.text) - 18000");
    }

    @Test
    void aRowMayHaveMorePartnersThanFitIntoMemory() {
        assertEquals(
                List.of("[40000000]"),
                rows(
                        small,
                        "SELECT count(a.id + b.id) AS n FROM range(0, 2000, 1, 1) a CROSS JOIN range(0, 20000, 1, 1) b"));
    }

    /// Which are filled up with nulls, so that they are much wider than those that are held.
    @ParameterizedTest
    @ValueSource(strings = {"FULL JOIN", "LEFT JOIN"})
    void heldRowsWithoutPartnerComeOutThoughTheyAreMoreThanFitIntoMemory(String join) {
        String wide =
                IntStream.range(0, 40).mapToObj(i -> "id + " + i + " AS c" + i).collect(Collectors.joining(", "));
        String all = IntStream.range(0, 40).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        String sql = "SELECT a.id FROM range(0, 100000, 1, 1) a " + join + " (SELECT " + wide
                + " FROM range(200000, 500000, 1, 1)) b ON a.id = b.c0 WHERE coalesce(" + all + ", 0) = 0";
        assertEquals(100_000, small.sql(sql).count());
        assertEquals(0, small.runtime().allocator().getAllocatedMemory());
    }

    @Test
    void asOfJoins() {
        givesTheSame("SELECT count(*) AS n, sum(a.id) AS s, sum(b.id) AS r, sum(length(b.text)) AS u"
                + " FROM (SELECT * FROM some WHERE d <> 3) a ASOF LEFT JOIN"
                + " (SELECT id, k + 3 AS k, text, d FROM some WHERE d <> 4) b"
                + " ON a.k % 5000 = b.k % 5000 AND a.d = b.d AND a.id > b.id");
    }
}
