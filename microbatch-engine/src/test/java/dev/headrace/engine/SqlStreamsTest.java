package dev.headrace.engine;

import static dev.headrace.functions.expr;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.testing.StreamFuzz;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What SQL can say about one table, asked of a stream: each query gives what it gives over all rows, over rows that
/// only come and over rows that come and go.
class SqlStreamsTest {
    private static final StructType COLUMNS = StructType.fromDDL("id int, k string, g int, v int");

    private static final List<String> QUERIES = List.of(
            // subqueries
            "SELECT k, v FROM t WHERE v > (SELECT avg(v) FROM t)",
            "SELECT k, v FROM t WHERE k IN (SELECT k FROM t WHERE v > 14)",
            "SELECT id FROM t WHERE g NOT IN (SELECT g FROM t WHERE v > 15 AND g IS NOT NULL)",
            "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.k = t.k AND u.v > t.v + 9)",
            "SELECT id FROM t WHERE NOT EXISTS (SELECT 1 FROM t u WHERE u.g = t.g AND u.v > t.v)",
            "SELECT id, (SELECT max(v) FROM t u WHERE u.k = t.k) AS most FROM t",
            "SELECT id, (SELECT max(v) FROM t u WHERE u.k = t.k HAVING max(v) > 14) AS most FROM t",
            "SELECT id, (SELECT max(v) FROM t HAVING max(v) > 14) AS most FROM t",
            "SELECT id FROM t WHERE EXISTS (SELECT sum(v) FROM t u WHERE u.g = t.g HAVING count(*) > 3)",
            "SELECT k, count(*) AS n FROM t GROUP BY k HAVING count(*) > (SELECT count(*) / 4 FROM t)",
            // joins with itself, by keys that are no keys, and of groups
            "SELECT a.id, b.id AS other FROM t a JOIN t b ON a.g = b.g AND a.v < b.v - 10",
            "SELECT t.id, s.total FROM t LEFT JOIN (SELECT g, sum(v) AS total FROM t GROUP BY g) s ON t.v = s.g",
            "SELECT a.k, a.n, b.n AS m FROM (SELECT k, count(*) AS n FROM t GROUP BY k) a FULL JOIN"
                    + " (SELECT g, count(*) AS n FROM t GROUP BY g) b ON a.n = b.n",
            "SELECT count(*) AS n FROM t a CROSS JOIN (SELECT max(v) AS m FROM t) b WHERE a.v + 3 > b.m",
            // sets
            "SELECT k, g FROM t UNION SELECT 'x', v FROM t",
            "SELECT g FROM t INTERSECT SELECT v FROM t",
            "SELECT g FROM t EXCEPT ALL SELECT v FROM t WHERE v > 3",
            "SELECT DISTINCT k, g FROM t",
            // groupings
            "SELECT k, g, count(*) AS n, sum(v) AS s FROM t GROUP BY ROLLUP (k, g)",
            "SELECT k, g, max(v) AS m, grouping_id() AS i FROM t GROUP BY GROUPING SETS ((k), (g), ())",
            "SELECT * FROM (SELECT k, g, v FROM t) PIVOT (sum(v) FOR g IN (0, 1))",
            // aggregates
            "SELECT k, percentile(v, 0.3) AS p, median(v) AS m, mode(v) IS NULL AS e FROM t GROUP BY k",
            "SELECT g, sort_array(collect_list(v)) AS l, sort_array(collect_set(k)) AS s FROM t GROUP BY g",
            "SELECT k, approx_count_distinct(v) AS a, count(DISTINCT v) AS d, count(DISTINCT v) FILTER (WHERE g = 1) AS f"
                    + " FROM t GROUP BY k",
            "SELECT g, max_by(id, v * 1000 + id) AS b, bool_and(v > 1) AS a, count_if(v > 9) AS c, bit_xor(v) AS x"
                    + " FROM t GROUP BY g",
            "SELECT stddev(v) AS s, corr(v, g) AS c, skewness(v) AS w FROM t",
            "SELECT approx_percentile(v, array(0.2, 0.9), 1000) AS a FROM t",
            // window functions
            "SELECT id, lag(v) OVER w AS a, lead(v, 2, -1) OVER w AS b FROM t WINDOW w AS (PARTITION BY k ORDER BY v, id)",
            "SELECT id, sum(v) OVER (PARTITION BY k ORDER BY v, id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM t",
            "SELECT id, avg(v) OVER (PARTITION BY g ORDER BY v RANGE BETWEEN 2 PRECEDING AND 3 FOLLOWING) AS s FROM t",
            "SELECT id, sum(v) FILTER (WHERE v > 6) OVER (PARTITION BY k) AS s, count(*) FILTER (WHERE k = 'k2') OVER"
                    + " (PARTITION BY g) AS n FROM t",
            "SELECT id, ntile(3) OVER w AS a, percent_rank() OVER w AS p, cume_dist() OVER w AS c FROM t WINDOW w AS (ORDER"
                    + " BY v, id)",
            "SELECT id, first_value(v) OVER w AS a, last_value(v) OVER w AS b, nth_value(v, 2) OVER w AS c FROM t WINDOW w"
                    + " AS (PARTITION BY k ORDER BY id)",
            "SELECT k, id, v FROM t QUALIFY row_number() OVER (PARTITION BY k ORDER BY v DESC, id) <= 2",
            "SELECT k, id, rank() OVER (PARTITION BY g ORDER BY v) AS r FROM t QUALIFY r < 3 AND r > 1",
            // rows of rows, and some of them
            "SELECT k, e FROM t LATERAL VIEW explode(sequence(0, v % 3)) x AS e",
            "SELECT id, v FROM t ORDER BY v DESC, id LIMIT 6",
            "SELECT id, v FROM t ORDER BY v, id LIMIT 4 OFFSET 3",
            "SELECT k FROM t ORDER BY v DESC, id LIMIT 5",
            "SELECT id FROM (SELECT id, v + 1 AS w FROM t ORDER BY v, id LIMIT 9) LIMIT 3 OFFSET 1",
            "SELECT count(*) AS n FROM (SELECT k FROM t LIMIT 7 OFFSET 5)");

    static Stream<Arguments> queries() {
        return QUERIES.stream().flatMap(sql -> Stream.of(Arguments.of(sql, false), Arguments.of(sql, true)));
    }

    private static List<Row> rows() {
        Random random = new Random(17);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            int id = random.nextInt(60);
            rows.add(RowFactory.create(
                    id, "k" + id % 4, id % 7 == 0 ? null : id % 3, id % 11 == 0 ? null : id * 13 % 17));
        }
        return rows;
    }

    /// The rows of the ids that have come an odd number of times; of the others the second one takes the first one
    /// back.
    private static DataFrame comingAndGoing(DataFrame rows) {
        return rows.groupBy("id", "k", "g", "v")
                .agg(expr("count(*) % 2").as("there"))
                .where("there = 1")
                .drop("there");
    }

    @ParameterizedTest
    @MethodSource("queries")
    void aQueryOfAStreamGivesWhatABatchGives(String sql, boolean comeAndGo) {
        StreamFuzz.over(COLUMNS, comeAndGo ? rows() : rows().stream().distinct().toList())
                .seeds(sql.length(), 2)
                .check(rows -> {
                    (comeAndGo ? comingAndGoing(rows) : rows).createOrReplaceTempView("t");
                    return rows.sparkSession().sql(sql);
                });
    }
}
