package dev.headrace;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.exec.BatchQuery;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.plan.NamedPlan;
import dev.headrace.plan.rules.Optimizer;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Queries with every operation on rows over every type: its ends, values that are equal though they look different,
/// nested nulls, duplicates and nulls; with one side or all rows missing; and with what an operation can't take.
final class OperatorStatements {
    /// Values of each type.
    private static final Map<String, List<String>> VALUES = new LinkedHashMap<>();

    /// A distance by which values of a type may be apart in a window's frame, where it is not 1.
    private static final Map<String, String> DISTANCES = Map.of(
            "date", "INTERVAL '1' DAY",
            "timestamp", "INTERVAL '1' SECOND",
            "timestamp_ntz", "INTERVAL '1' MONTH",
            "interval day to second", "INTERVAL '1' DAY",
            "interval year to month", "INTERVAL '1' YEAR",
            "decimal(38,10)", "0.5");

    static {
        VALUES.put("void", List.of("NULL"));
        VALUES.put("boolean", List.of("true", "false", "true"));
        VALUES.put("tinyint", List.of("127Y", "CAST(-128 AS TINYINT)", "0Y", "127Y"));
        VALUES.put("smallint", List.of("32767S", "CAST(-32768 AS SMALLINT)", "0S", "0S"));
        VALUES.put("int", List.of("2147483647", "CAST(-2147483648 AS INT)", "0", "-1", "2147483647"));
        VALUES.put(
                "bigint", List.of("9223372036854775807L", "CAST('-9223372036854775808' AS BIGINT)", "0L", "-1L", "0L"));
        VALUES.put(
                "float",
                List.of(
                        "float('NaN')",
                        "float('Infinity')",
                        "float('-Infinity')",
                        "float('-0.0')",
                        "float('0.0')",
                        "float('3.4028235E38')",
                        "float('1.4E-45')",
                        "float('NaN')"));
        VALUES.put(
                "double",
                List.of(
                        "double('NaN')",
                        "double('Infinity')",
                        "double('-Infinity')",
                        "-0.0D",
                        "0.0D",
                        "1.7976931348623157E308D",
                        "4.9E-324D",
                        "double('NaN')"));
        VALUES.put("decimal(4,2)", List.of("99.99BD", "-99.99BD", "0.00BD", "99.99BD"));
        VALUES.put("decimal(18,0)", List.of("999999999999999999BD", "-999999999999999999BD", "0BD", "0BD"));
        VALUES.put(
                "decimal(38,10)",
                List.of(
                        "9999999999999999999999999999.9999999999BD",
                        "-9999999999999999999999999999.9999999999BD",
                        "0.0000000001BD",
                        "0BD",
                        "0.00BD"));
        VALUES.put(
                "string",
                List.of(
                        "''",
                        "' '",
                        "'a'",
                        "'a '",
                        "'A'",
                        "'\u00e4'",
                        "'a\u0308'",
                        "'\ue000'",
                        "'\ud83d\ude00'",
                        "'a\\0b'",
                        "repeat('x', 5000)",
                        "concat(repeat('x', 4999), 'y')",
                        "CAST(X'FF' AS STRING)",
                        "'a'"));
        VALUES.put("binary", List.of("X''", "X'00'", "X'0000'", "X'7F'", "X'80'", "X'FF'", "X'FF'"));
        VALUES.put("date", List.of("date'0001-01-01'", "date'9999-12-31'", "date'1969-12-31'", "date'1969-12-31'"));
        VALUES.put(
                "timestamp",
                List.of(
                        "timestamp'0001-01-01 00:00:00'",
                        "timestamp'9999-12-31 23:59:59.999999'",
                        "timestamp'1969-12-31 23:59:59.999999'",
                        "timestamp'1970-01-01 00:00:00'",
                        "timestamp'1970-01-01 00:00:00'"));
        VALUES.put(
                "timestamp_ntz",
                List.of(
                        "timestamp_ntz'0001-01-01 00:00:00'",
                        "timestamp_ntz'9999-12-31 23:59:59.999999'",
                        "timestamp_ntz'1969-12-31 23:59:59.999999'",
                        "timestamp_ntz'1969-12-31 23:59:59.999999'"));
        VALUES.put(
                "interval year to month",
                List.of(
                        "INTERVAL '178956970-7' YEAR TO MONTH",
                        "INTERVAL '-178956970-8' YEAR TO MONTH",
                        "INTERVAL '0-0' YEAR TO MONTH",
                        "INTERVAL '0-0' YEAR TO MONTH"));
        VALUES.put(
                "interval day to second",
                List.of(
                        "INTERVAL '106751991 04:00:54.775807' DAY TO SECOND",
                        "INTERVAL '-106751991 04:00:54.775807' DAY TO SECOND",
                        "INTERVAL '0 00:00:00' DAY TO SECOND",
                        "INTERVAL '1 00:00:00' DAY TO SECOND",
                        "INTERVAL '1 00:00:00' DAY TO SECOND"));
        VALUES.put(
                "array<int>",
                List.of(
                        "CAST(array() AS ARRAY<INT>)",
                        "array(CAST(NULL AS INT))",
                        "array(1)",
                        "array(1, NULL)",
                        "array(NULL, 1)",
                        "array(1, 2147483647)",
                        "array(1, NULL)"));
        VALUES.put(
                "array<double>",
                List.of(
                        "array(0.0D)",
                        "array(-0.0D)",
                        "array(double('NaN'))",
                        "array(double('NaN'))",
                        "array(double('Infinity'), NULL)"));
        VALUES.put(
                "struct<a:double,b:string>",
                List.of(
                        "named_struct('a', 0.0D, 'b', '')",
                        "named_struct('a', -0.0D, 'b', '')",
                        "named_struct('a', double('NaN'), 'b', CAST(NULL AS STRING))",
                        "named_struct('a', double('NaN'), 'b', CAST(NULL AS STRING))",
                        "named_struct('a', CAST(NULL AS DOUBLE), 'b', CAST(NULL AS STRING))",
                        "named_struct('a', CAST(NULL AS DOUBLE), 'b', 'a')"));
        VALUES.put(
                "map<string,int>",
                List.of(
                        "CAST(map() AS MAP<STRING, INT>)",
                        "map('a', 1, 'b', 2)",
                        "map('b', 2, 'a', 1)",
                        "map('a', CAST(NULL AS INT))",
                        "map('', 2147483647)"));
        VALUES.put(
                "array<struct<a:map<int,string>>>",
                List.of(
                        "array(named_struct('a', map(1, 'x', 2, 'y')))",
                        "array(named_struct('a', map(2, 'y', 1, 'x')))",
                        "array(CAST(NULL AS STRUCT<a: MAP<INT, STRING>>))"));
        VALUES.put(
                "variant",
                List.of("parse_json('1')", "parse_json('null')", "parse_json('{\"a\":[1]}')", "parse_json('1')"));
    }

    /// Queries whose rows are integers and texts. `$T` are all rows, `$H` every second one, `$F` is the first value and
    /// `$D` a distance.
    private static final List<String> QUERIES = List.of(
            "SELECT id, v = v AS e, v <=> NULL AS n, v <> v AS d FROM $T AS t",
            "SELECT id FROM $T AS t WHERE v = $F",
            "SELECT id FROM $T AS t WHERE NOT (v <=> $F)",
            "SELECT id FROM $T AS t WHERE v > $F OR v IS NULL",
            "SELECT id, v IN ($F, NULL) AS i FROM $T AS t",
            "SELECT id, $S(coalesce(v, $F)) AS c, $S(if(id % 2 = 0, v, NULL)) AS i FROM $T AS t",
            "SELECT id, $S(greatest(v, $F)) AS g, $S(nullif(v, $F)) AS n FROM $T AS t",
            "SELECT a.id, b.id AS c FROM $T AS a JOIN $H AS b ON a.v = b.v",
            "SELECT a.id, b.id AS c FROM $T AS a LEFT JOIN $H AS b ON a.v = b.v",
            "SELECT a.id, b.id AS c FROM $H AS a RIGHT JOIN $T AS b ON a.v = b.v",
            "SELECT a.id, b.id AS c FROM $H AS a FULL JOIN $T AS b ON a.v = b.v AND a.id < b.id",
            "SELECT a.id FROM $T AS a LEFT SEMI JOIN $H AS b ON a.v = b.v",
            "SELECT a.id FROM $T AS a LEFT ANTI JOIN $H AS b ON a.v = b.v",
            "SELECT a.id, b.id AS c FROM $T AS a JOIN $H AS b ON a.v <=> b.v",
            "SELECT a.id, b.id AS c FROM $T AS a FULL JOIN $H AS b ON a.v <=> b.v",
            "SELECT a.id, b.id AS c FROM $T AS a JOIN $H AS b ON a.v = b.v AND a.id % 2 = b.id % 2",
            "SELECT a.id, b.id AS c FROM $T AS a FULL JOIN (SELECT * FROM $T AS x WHERE id < 0) AS b ON a.v = b.v",
            "SELECT a.id, b.id AS c FROM (SELECT * FROM $T AS x WHERE id < 0) AS a RIGHT JOIN $T AS b ON a.v <=> b.v",
            "SELECT a.id, b.id AS c FROM (SELECT * FROM $T AS x WHERE v IS NULL) AS a FULL JOIN $H AS b ON a.v = b.v",
            "SELECT a.id, count(*) AS n FROM $T AS a JOIN $T AS b ON a.v < b.v GROUP BY a.id",
            "SELECT a.id, count(b.id) AS n FROM $T AS a LEFT JOIN $T AS b ON a.v >= b.v GROUP BY a.id",
            "SELECT id, $S(v) AS s FROM (SELECT a.id, v FROM $T AS a NATURAL JOIN $H AS b)",
            "SELECT id FROM $T AS t WHERE v IN (SELECT v FROM $H AS b)",
            "SELECT id FROM $T AS t WHERE v NOT IN (SELECT v FROM $H AS b)",
            "SELECT id FROM $T AS t WHERE v NOT IN (SELECT v FROM $H AS b WHERE v IS NOT NULL)",
            "SELECT id, v IN (SELECT v FROM $H AS b) AS i FROM $T AS t",
            "SELECT id, (SELECT count(*) FROM $H AS b WHERE b.v = a.v) AS n FROM $T AS a",
            "SELECT a.id, c.m FROM $T AS a, LATERAL (SELECT max(b.id) AS m FROM $H AS b WHERE b.v = a.v) AS c",
            "SELECT $S(v) AS s FROM (SELECT DISTINCT v FROM $T AS t)",
            "SELECT $S(v) AS s, id % 2 AS k FROM (SELECT DISTINCT v, id % 2 AS id FROM $T AS t)",
            "SELECT $S(v) AS s, count(*) AS n, min(id) AS a, max(id) AS b FROM $T AS t GROUP BY v",
            "SELECT $S(v) AS s, id % 2 AS k, count(*) AS n FROM $T AS t GROUP BY v, id % 2",
            "SELECT min(id) AS a, count(*) AS n FROM $T AS t GROUP BY named_struct('v', v, 'k', id % 2)",
            "SELECT min(id) AS a, count(*) AS n FROM $T AS t GROUP BY array(v)",
            "SELECT count(*) AS n FROM $T AS t WHERE id < 0 GROUP BY v",
            "SELECT $S(v) AS s, id % 2 AS k, grouping_id() AS g, count(*) AS n FROM $T AS t GROUP BY CUBE (v, id % 2)",
            "SELECT $S(v) AS s, grouping(v) AS g, min(id) AS n FROM $T AS t GROUP BY GROUPING SETS ((v), (), (v))",
            "SELECT count(DISTINCT v) AS d, count(DISTINCT v, id % 2) AS e, count(*) AS n FROM $T AS t",
            "SELECT id % 2 AS k, count(DISTINCT v) AS d, count(DISTINCT id) AS e FROM $T AS t GROUP BY id % 2",
            "SELECT id FROM $T AS t WHERE id > 1 GROUP BY id, v HAVING v IS NULL OR v = max(v)",
            "SELECT id, rank() OVER (ORDER BY v) AS r, dense_rank() OVER (ORDER BY v DESC NULLS FIRST) AS d FROM $T AS t",
            "SELECT id, count(*) OVER (PARTITION BY v) AS n, row_number() OVER (PARTITION BY v ORDER BY id) AS m"
                    + " FROM $T AS t",
            "SELECT id, percent_rank() OVER (ORDER BY v) AS p, cume_dist() OVER (ORDER BY v NULLS LAST) AS c FROM $T AS t",
            "SELECT id, $S(lag(v) OVER (ORDER BY id)) AS a, $S(lead(v, 2, $F) OVER (ORDER BY id)) AS b FROM $T AS t",
            "SELECT id, $S(first_value(v) IGNORE NULLS OVER (ORDER BY id DESC)) AS a,"
                    + " $S(nth_value(v, 2) OVER (ORDER BY id)) AS b, $S(last_value(v) OVER (ORDER BY id)) AS c FROM $T AS t",
            "SELECT id, $S(min(v) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)) AS a,"
                    + " $S(max(v) OVER (ORDER BY id)) AS b FROM $T AS t",
            "SELECT id, $S(min(v) OVER (PARTITION BY id % 2)) AS a, count(v) OVER"
                    + " (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS b FROM $T AS t",
            "SELECT id, $S(sum(v) OVER (ORDER BY id DESC ROWS BETWEEN 1 FOLLOWING AND 1 FOLLOWING)) AS s FROM $T AS t",
            "SELECT id, $S(avg(v) OVER (PARTITION BY id)) AS s FROM $T AS t",
            "SELECT id, count(*) OVER (ORDER BY v RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS n FROM $T AS t",
            "SELECT id, count(*) OVER (ORDER BY v RANGE BETWEEN $D PRECEDING AND $D FOLLOWING) AS n FROM $T AS t"
                    + " WHERE id > 2",
            "SELECT id, size(collect_list(v) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)) AS n FROM $T AS t",
            "SELECT $S(v) AS s FROM (SELECT v FROM $T AS a UNION SELECT v FROM $H AS b)",
            "SELECT $S(v) AS s FROM (SELECT v FROM $T AS a UNION ALL SELECT NULL)",
            "SELECT $S(v) AS s FROM (SELECT v FROM $T AS a INTERSECT SELECT v FROM $H AS b)",
            "SELECT $S(v) AS s FROM (SELECT v FROM $T AS a INTERSECT ALL SELECT v FROM $T AS b)",
            "SELECT $S(v) AS s FROM (SELECT v FROM $T AS a EXCEPT SELECT v FROM $H AS b)",
            "SELECT $S(v) AS s FROM (SELECT v FROM $T AS a EXCEPT ALL SELECT v FROM $H AS b)",
            "SELECT $S(v) AS s FROM (SELECT v FROM $T AS a EXCEPT SELECT v FROM $T AS b WHERE id < 0)",
            "SELECT * FROM (SELECT id % 2 AS k, id, v FROM $T AS t) PIVOT (count(id) FOR v IN ($F AS a))",
            "SELECT id, a IS NULL AS n, $S(a) AS s FROM (SELECT id, 1 AS p, v FROM $T AS t)"
                    + " PIVOT (max(v) FOR p IN (1 AS a))",
            "SELECT id, n, $S(x) AS s FROM (SELECT id, v, v AS w FROM $T AS t) UNPIVOT (x FOR n IN (v, w))",
            "SELECT id, n, $S(x) AS s FROM (SELECT id, v, v AS w FROM $T AS t) UNPIVOT INCLUDE NULLS (x FOR n IN (v, w))",
            "SELECT id, $S(c) AS c FROM $T AS t LATERAL VIEW explode(array(v, NULL)) e AS c",
            "SELECT id, $S(x) AS c FROM $T AS t LATERAL VIEW inline(array(named_struct('x', v), NULL)) e AS x",
            "SELECT id, $S(x) AS c FROM $T AS t LATERAL VIEW stack(2, v, NULL) e AS x",
            "SELECT id FROM $T AS t LATERAL VIEW explode(v) e",
            "SELECT id FROM $T AS t LATERAL VIEW OUTER explode(v) e",
            "SELECT /*+ REPARTITION(3, v) */ id, $S(v) AS s FROM $T AS t",
            "SELECT /*+ REPARTITION_BY_RANGE(3, v) */ id FROM $T AS t",
            "SELECT id, $S(v) AS s FROM (SELECT id, v FROM $T AS t ORDER BY v, id LIMIT 3)",
            "SELECT id FROM (SELECT id, v FROM $T AS t ORDER BY v DESC, id LIMIT 2 OFFSET 3)");

    /// Queries whose rows come in their order.
    private static final List<String> ORDERED = List.of(
            "SELECT id FROM $T AS t ORDER BY v ASC NULLS FIRST, id DESC",
            "SELECT id FROM $T AS t ORDER BY v ASC NULLS LAST, id",
            "SELECT id FROM $T AS t ORDER BY v DESC NULLS FIRST, id",
            "SELECT id FROM $T AS t ORDER BY id % 2, v DESC NULLS LAST, id",
            "SELECT id FROM $T AS t ORDER BY named_struct('v', v, 'id', id)",
            "SELECT id FROM $T AS t ORDER BY v NULLS LAST, id LIMIT 4",
            "SELECT id FROM $T AS t WHERE id < 0 ORDER BY v");

    private static final List<String> AGGREGATES = List.of(
            "count(v)",
            "count(DISTINCT v)",
            "min(v)",
            "max(v)",
            "sum(v)",
            "sum(DISTINCT v)",
            "try_sum(v)",
            "avg(v)",
            "try_avg(v)",
            "stddev(v)",
            "var_pop(v)",
            "skewness(v)",
            "corr(v, id)",
            "regr_slope(id, v)",
            "first(v)",
            "first(v, true)",
            "last(v)",
            "last(v, true)",
            "any_value(v)",
            "collect_list(v)",
            "array_sort(collect_set(v))",
            "mode(v)",
            "median(v)",
            "percentile(v, 0.25)",
            "percentile_disc(0.5) WITHIN GROUP (ORDER BY v DESC)",
            "approx_percentile(v, 0.5)",
            "approx_count_distinct(v)",
            "max_by(id, v)",
            "min_by(v, id)",
            "min_by(id, v)",
            "bool_or(v)",
            "bit_xor(v)",
            "count_if(v)",
            "listagg(v, ',') WITHIN GROUP (ORDER BY v)",
            "max(named_struct('v', v, 'id', id)).id",
            "count(v) FILTER (WHERE v IS NULL OR id > 2)");

    /// What no type is needed for: the ends of numbers of rows, and what an operation can't take.
    private static final List<String> OTHERS = List.of(
            "SELECT id FROM range(9223372036854775804, 9223372036854775807)",
            "SELECT 3.4028235E38F",
            "SELECT 1.4E-45F",
            "SELECT count(*) FROM range(0)",
            "SELECT count(*) FROM range(0, -5)",
            "SELECT id FROM range(5, 0, -2)",
            "SELECT id FROM range(0, 10, 9223372036854775807)",
            "SELECT id FROM range(-9223372036854775807, 9223372036854775807, 9223372036854775807)",
            "SELECT id FROM range(9223372036854775807, -9223372036854775807, -9223372036854775807)",
            "SELECT count(*) FROM range(0, 10, 0)",
            "SELECT count(*) FROM range(0, NULL)",
            "SELECT count(*) FROM range('x')",
            "SELECT count(*) FROM range(1.5)",
            "SELECT count(*) FROM range()",
            "SELECT count(*) FROM range(0, 10, 1, 3)",
            "SELECT count(*) FROM range(0, 10, 1, 3, 4)",
            "SELECT count(*) FROM nothing(3)",
            "SELECT id FROM range(9) LIMIT 0",
            "SELECT id FROM range(9) LIMIT -1",
            "SELECT id FROM range(9) LIMIT NULL",
            "SELECT id FROM range(9) LIMIT 'x'",
            "SELECT id FROM range(2) LIMIT 2147483647",
            "SELECT id FROM range(2) LIMIT 2147483648",
            "SELECT id FROM range(2) LIMIT ALL",
            "SELECT id FROM range(9) LIMIT 1 + 1",
            "SELECT id FROM range(9) LIMIT id",
            "SELECT id FROM range(9) LIMIT 2.5",
            "SELECT id FROM range(9) OFFSET -1",
            "SELECT id FROM range(9) OFFSET NULL",
            "SELECT id FROM range(9) OFFSET 2147483647",
            "SELECT id FROM range(9) LIMIT 2147483647 OFFSET 7",
            "SELECT count(*) FROM range(9) TABLESAMPLE (0 PERCENT)",
            "SELECT count(*) FROM range(9) TABLESAMPLE (100 PERCENT)",
            "SELECT count(*) FROM range(9) TABLESAMPLE (-1 PERCENT)",
            "SELECT count(*) FROM range(9) TABLESAMPLE (101 PERCENT)",
            "SELECT count(*) FROM range(9) TABLESAMPLE (2 ROWS)",
            "SELECT count(*) FROM range(9) TABLESAMPLE (0 ROWS)",
            "SELECT count(*) FROM range(9) TABLESAMPLE (-2 ROWS)",
            "SELECT count(*) FROM range(9) TABLESAMPLE ('x' ROWS)",
            "SELECT count(*) FROM range(9) TABLESAMPLE (9M)",
            "SELECT count(*) AS n FROM range(9) GROUP BY 1",
            "SELECT count(*) AS n FROM range(9) GROUP BY 2",
            "SELECT id AS n FROM range(9) GROUP BY 0",
            "SELECT count(*) AS n FROM range(9) GROUP BY count(*)",
            "SELECT id FROM range(9) GROUP BY id % 2",
            "SELECT sum(count(*)) FROM range(9)",
            "SELECT id FROM range(9) WHERE sum(id) > 1",
            "SELECT id FROM range(9) WHERE row_number() OVER (ORDER BY id) > 1",
            "SELECT grouping(id) FROM range(9)",
            "SELECT grouping(id) FROM range(9) GROUP BY id",
            "SELECT grouping(id + 1) FROM range(9) GROUP BY ROLLUP (id)",
            "SELECT grouping_id(id) FROM range(9) GROUP BY CUBE (id, id + 1)",
            "SELECT sum(DISTINCT id) OVER () FROM range(9)",
            "SELECT abs(DISTINCT id) FROM range(9)",
            "SELECT abs(id) FILTER (WHERE true) FROM range(9)",
            "SELECT sum(id) FILTER (WHERE id) FROM range(9)",
            "SELECT sum(id) FILTER (WHERE sum(id) > 1) FROM range(9)",
            "SELECT id FROM range(9) HAVING id > 3",
            "SELECT 1 FROM range(9) HAVING count(*) > 3",
            "SELECT id FROM range(9) ORDER BY 0",
            "SELECT id FROM range(9) ORDER BY 2",
            "SELECT id FROM range(9) ORDER BY sum(id)",
            "SELECT id FROM range(9) WHERE id",
            "SELECT id FROM range(9) WHERE 'x'",
            "SELECT id FROM range(9) WHERE NULL",
            "SELECT a.id FROM range(9) a JOIN range(3) b ON a.id + b.id",
            "SELECT a.id FROM range(9) a JOIN range(3) b ON sum(a.id) > 1",
            "SELECT id FROM range(9) a JOIN range(3) b ON a.id = b.id",
            "SELECT id FROM range(9) a JOIN range(3) b USING (k)",
            "SELECT id FROM range(9) JOIN range(3) ON true",
            "SELECT count(*) FROM range(9) a NATURAL JOIN (SELECT 1 AS k) b",
            "SELECT count(*) FROM range(9) a LEFT SEMI JOIN range(3) b",
            "SELECT b.id FROM range(9) a LEFT SEMI JOIN range(3) b ON a.id = b.id",
            "SELECT count(*) FROM range(9) a FULL JOIN range(3) b ON false",
            "SELECT count(*) FROM range(9) a FULL JOIN range(3) b ON NULL",
            "SELECT count(*) FROM range(9) a LEFT ANTI JOIN range(3) b ON true",
            "SELECT count(*) FROM range(9) a WHERE a.id IN (SELECT 1, 2)",
            "SELECT count(*) FROM range(9) a WHERE (a.id, 1) IN (SELECT 1)",
            "SELECT count(*) FROM range(9) a WHERE a.id = (SELECT id FROM range(2))",
            "SELECT count(*) FROM range(9) a WHERE a.id = (SELECT id FROM range(0))",
            "SELECT (SELECT 1, 2)",
            "SELECT 1 UNION SELECT 1, 2",
            "SELECT 1 UNION SELECT array(1)",
            "SELECT true INTERSECT SELECT date'2020-01-01'",
            "SELECT 1 EXCEPT SELECT 'x'",
            "SELECT v FROM (SELECT map(1, 2) AS v) EXCEPT SELECT map(1, 2)",
            "SELECT CAST(v AS STRING) FROM (SELECT map(1, 2) AS v UNION ALL SELECT NULL)",
            "SELECT sum(id) OVER (ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN -1 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN NULL PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 'x' PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1.5 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN id PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 2147483647 PRECEDING AND 2147483647 FOLLOWING) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 2147483648 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND INTERVAL '1' DAY FOLLOWING) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY id, id + 1 RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT sum(id) OVER (ORDER BY CAST(id AS STRING) RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT rank() OVER () FROM range(3)",
            "SELECT rank() FROM range(3)",
            "SELECT row_number() OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT lag(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM range(3)",
            "SELECT ntile(-1) OVER (ORDER BY id) FROM range(3)",
            "SELECT ntile(id) OVER (ORDER BY id) FROM range(3)",
            "SELECT lag(id, id) OVER (ORDER BY id) FROM range(3)",
            "SELECT lag(id, 'x') OVER (ORDER BY id) FROM range(3)",
            "SELECT nth_value(id, id) OVER (ORDER BY id) FROM range(3)",
            "SELECT nth_value(id, -1) OVER (ORDER BY id) FROM range(3)",
            "SELECT abs(id) OVER (ORDER BY id) FROM range(3)",
            "SELECT sum(id) OVER w FROM range(3)",
            "SELECT sum(sum(id) OVER ()) OVER () FROM range(3)",
            "SELECT sum(id) OVER (PARTITION BY map(1, id)) FROM range(3)",
            "SELECT sum(id) OVER (PARTITION BY sum(id) OVER ()) FROM range(3)",
            "SELECT array_sort(collect_list(struct(q.*))) FROM (SELECT * FROM (SELECT 1 AS k, 2 AS v)"
                    + " PIVOT (sum(v) FOR k IN ())) AS q",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) PIVOT (v FOR k IN (1))",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) PIVOT (sum(v) FOR k IN ((1, 2)))",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) PIVOT (sum(v) FOR k IN (array(1)))",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) PIVOT (sum(v) FOR k IN (v))",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) PIVOT (sum(v) FOR k IN ('x'))",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) PIVOT (sum(v) FOR nothing IN (1))",
            "SELECT * FROM (SELECT map(1, 1) AS k, 2 AS v) PIVOT (sum(v) FOR k IN (map(1, 1)))",
            "SELECT * FROM (SELECT 1 AS k, array(2) AS v) UNPIVOT (x FOR n IN (k, v))",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) UNPIVOT ((x, y) FOR n IN (k, v))",
            "SELECT * FROM (SELECT 1 AS k, 2 AS v) UNPIVOT (x FOR n IN (nothing))",
            "SELECT explode(array(1)) + 1",
            "SELECT id FROM range(3) WHERE explode(array(1)) = 1",
            "SELECT explode(array(id)) FROM range(3) ORDER BY 1",
            "SELECT sum(explode(array(1)))",
            "SELECT explode(array(1)), explode(array(2))",
            "SELECT * FROM VALUES (1), (1, 2) AS t(a)",
            "SELECT * FROM VALUES (1), (array(1)) AS t(a)",
            "SELECT * FROM VALUES (rand()) AS t(a)",
            "SELECT * FROM VALUES (1) AS t(a, b)",
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT max(n) FROM r",
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 0) SELECT max(n) FROM r",
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r");

    /// The names of tables by the text of their rows.
    private static final Map<String, String> TABLES = new LinkedHashMap<>();

    static {
        types().forEach(type -> TABLES.put(rows(type), "rows_" + TABLES.size()));
    }

    private OperatorStatements() {}

    static List<String> types() {
        return List.copyOf(VALUES.keySet());
    }

    static List<String> all() {
        List<String> all = new ArrayList<>();
        types().forEach(type -> all.addAll(of(type).values()));
        all.addAll(OTHERS);
        return all;
    }

    /// Statements over [#rows], by their queries.
    private static Map<String, String> of(String type) {
        Map<String, String> statements = new LinkedHashMap<>();
        QUERIES.forEach(query -> statements.put(query, inOneValue(query, type)));
        ORDERED.forEach(query -> statements.put(query, filled(query, type)));
        for (String aggregate : AGGREGATES) {
            String ofAll = "SELECT $S(" + aggregate + ") FROM $T AS t";
            statements.put(ofAll, filled(ofAll, type));
            String ofGroups = "SELECT id, $S(" + aggregate + ") AS x FROM $T AS t GROUP BY id";
            statements.put(ofGroups, inOneValue(ofGroups, type));
        }
        return statements;
    }

    private static String inOneValue(String query, String type) {
        return filled("SELECT array_sort(collect_list(struct(q.*))) FROM (" + query + ") AS q", type);
    }

    /// Those that give something else than Spark on purpose: a line is a statement, or types and a query of each.
    static Stream<String> different() {
        return SparkAnswers.lines("operators-different.txt").stream().flatMap(line -> {
            List<String> parts = List.of(line.split(" \\| "));
            return parts.size() == 1
                    ? Stream.of(line)
                    : parts.subList(0, parts.size() - 1).stream()
                            .map(type -> Objects.requireNonNull(of(type).get(parts.getLast()), line));
        });
    }

    /// A query with `$T`, `$H`, `$F`, `$D` and `$S(…)` filled in.
    static String filled(String query, String type) {
        return shown(query.replace("$H", "(SELECT * FROM $T AS h WHERE id % 2 = 0)")
                .replace("$T", rows(type))
                .replace("$F", VALUES.get(type).getFirst())
                .replace("$D", DISTANCES.getOrDefault(type, "1")));
    }

    /// With values as texts, for `$S(…)`.
    private static String shown(String query) {
        int start = query.indexOf("$S(");
        if (start < 0) {
            return query;
        }
        int end = start + 3;
        for (int depth = 1; depth > 0; end++) {
            depth += query.charAt(end) == '(' ? 1 : query.charAt(end) == ')' ? -1 : 0;
        }
        return query.substring(0, start) + "substr(CAST(" + query.substring(start + 3, end - 1) + " AS STRING), 1, 60)"
                + shown(query.substring(end));
    }

    /// A relation with the columns `id` and `v`: a type's values and two nulls.
    static String rows(String type) {
        List<String> rows = new ArrayList<>();
        List<String> values = new ArrayList<>(VALUES.get(type));
        values.add("NULL");
        values.add("NULL");
        for (String value : values) {
            rows.add("(" + (rows.size() + 1) + ", " + value + ")");
        }
        return "(SELECT * FROM VALUES " + String.join(", ", rows) + " AS x(id, v))";
    }

    /// For each type a table with [#rows], two at a time.
    static void createTables(Session session) {
        TABLES.forEach((rows, name) -> {
            RowTable table = table(session, name, rows);
            DataFrame.of(session, new NamedPlan.Read(table, name)).createOrReplaceTempView(name);
        });
    }

    private static RowTable table(Session session, String name, String rows) {
        LogicalPlan plan = session.sql("SELECT * FROM " + rows).resolved().plan();
        List<List<@Nullable Object>> all = new ArrayList<>();
        try (ChunkReader reader = BatchQuery.plan(Optimizer.optimize(plan, ZoneOffset.UTC), session.runtime())
                .run()) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                try (Chunk current = chunk) {
                    for (int row = 0; row < current.rowCount(); row++) {
                        List<@Nullable Object> cells = new ArrayList<>();
                        for (FieldVector column : current.columns()) {
                            cells.add(Cell.detach(Cell.read(column, row)));
                        }
                        all.add(cells);
                    }
                }
            }
        }
        return new RowTable(name, plan.schema(), all, 2);
    }

    /// The name of a type's table.
    static String table(String type) {
        return Objects.requireNonNull(TABLES.get(rows(type)));
    }

    /// The same query of tables from [#createTables].
    static String overTables(String query) {
        String of = query;
        for (Map.Entry<String, String> table : TABLES.entrySet()) {
            of = of.replace(table.getKey(), table.getValue());
        }
        return of;
    }
}
