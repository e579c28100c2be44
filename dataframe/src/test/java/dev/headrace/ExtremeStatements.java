package dev.headrace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Calls of every function with nulls, extreme values, bad input and without rows: made of one example for each number
/// of arguments, of which one argument at a time is replaced by others of its kind.
public final class ExtremeStatements {
    private static final List<String> EXAMPLES =
            List.of("documented.txt", "more.txt", "intervals.txt", "variants.txt", "sketches.txt");
    private static final Pattern CALL = Pattern.compile("([a-zA-Z_0-9]+)\\((.*?)\\)( FROM VALUES .*)?");
    /// What these give differs from run to run.
    private static final Set<String> BY_CHANCE = Set.of(
            "rand",
            "randn",
            "random",
            "uniform",
            "randstr",
            "uuid",
            "shuffle",
            "aes_encrypt",
            "now",
            "unix_timestamp",
            "to_unix_timestamp",
            "current_timestamp",
            "localtimestamp");
    /// What takes a size is not asked for gigabytes.
    private static final Set<String> SIZED =
            Set.of("space", "repeat", "lpad", "rpad", "array_repeat", "sequence", "array_insert", "format_number");
    private static final Pattern ONE_COLUMN = Pattern.compile(" FROM VALUES .* tab\\((\\w+)\\)");

    /// For functions without an example of this form, and operators.
    private static final List<String> MORE = List.of(
            "space(2)",
            "unhex('537061726B')",
            "timestampadd(YEAR, 2, timestamp'2022-03-01 00:00:00')",
            "timestampdiff(MONTH, timestamp'2021-02-28 12:00:00', timestamp'2021-03-28 12:00:00')",
            "last_day(date'2009-01-12')",
            "raise_error('custom')",
            "base64(aes_encrypt('Spark', '0000111122223333', 'ECB'))",
            "when(true, 1, 2)",
            "array_insert(array(1, 2), 1, 5)",
            "elt(1, 'a', 'b')",
            "to_avro(1)",
            "from_avro(X'02', '\"int\"')",
            "schema_of_avro('\"int\"')",
            "hex(bitmap_or_agg(col)) FROM VALUES (X'10'), (X'20') AS tab(col)",
            "hex(bitmap_and_agg(col)) FROM VALUES (X'F0'), (X'70') AS tab(col)",
            "hex(bitmap_construct_agg(col)) FROM VALUES (1), (2) AS tab(col)",
            "hll_union_agg(col) FROM VALUES ("
                    + "X'0201070C030001082BF2FB0600000000000000000000000000000000000000000000000000000000') AS tab(col)",
            "theta_union_agg(col) FROM VALUES (X'01030300003ACC93E56B61EEC8804420') AS tab(col)",
            "theta_intersection_agg(col) FROM VALUES (X'01030300003ACC93E56B61EEC8804420') AS tab(col)",
            "count_min_sketch(col, 0.5D, 0.5D, 1) FROM VALUES (1), (2) AS tab(col)",
            "approx_top_k_combine(col) FROM VALUES (named_struct('s', "
                    + "X'04010A0E03000000010000000000000001000000000000000000000000000000010000000000000009010000000000000000000000', 'm', 9, 'i', 1, 'd', 'item int not null')) AS tab(col)",
            "kll_sketch_get_quantile_bigint(X'02020F04C80008000100000000000000', 0.5D)",
            "kll_sketch_get_rank_bigint(X'02020F04C80008000100000000000000', 5)",
            "kll_sketch_merge_bigint(" + "X'02020F04C80008000100000000000000', X'02020F04C80008000100000000000000')",
            "kll_sketch_to_string_bigint(X'02020F04C80008000100000000000000')",
            "kll_merge_agg_bigint(col) FROM VALUES (X'02020F04C80008000100000000000000') AS tab(col)",
            "kll_sketch_get_quantile_float(X'02020F04C80008000000C03F', 0.5D)",
            "kll_sketch_get_rank_float(X'02020F04C80008000000C03F', float(5))",
            "kll_sketch_merge_float(X'02020F04C80008000000C03F', X'02020F04C80008000000C03F')",
            "kll_sketch_to_string_float(X'02020F04C80008000000C03F')",
            "kll_merge_agg_float(col) FROM VALUES (X'02020F04C80008000000C03F') AS tab(col)",
            "kll_sketch_get_quantile_double(X'02020F04C8000800000000000000F83F', 0.5D)",
            "kll_sketch_get_rank_double(X'02020F04C8000800000000000000F83F', 5.0D)",
            "kll_sketch_merge_double(" + "X'02020F04C8000800000000000000F83F', X'02020F04C8000800000000000000F83F')",
            "kll_sketch_to_string_double(X'02020F04C8000800000000000000F83F')",
            "kll_merge_agg_double(col) FROM VALUES (X'02020F04C8000800000000000000F83F') AS tab(col)");
    private static final List<String> OPERATORS = List.of("+", "-", "*", "/", "%", "div", "=", "<", "<=>");
    private static final Map<String, List<String>> OPERANDS = Map.of(
            "tinyint", List.of("CAST(NULL AS TINYINT)", "0Y", "127Y", "(-127Y - 1Y)"),
            "int", List.of("CAST(NULL AS INT)", "0", "-1", "2147483647", "(-2147483647 - 1)"),
            "bigint", List.of("CAST(NULL AS BIGINT)", "0L", "9223372036854775807L", "(-9223372036854775807L - 1L)"),
            "double",
                    List.of(
                            "CAST(NULL AS DOUBLE)",
                            "0.0D",
                            "-0.0D",
                            "double('NaN')",
                            "double('Infinity')",
                            "1.7976931348623157E308D"),
            "decimal",
                    List.of(
                            "CAST(NULL AS DECIMAL(38,18))",
                            "0.0",
                            "99999999999999999999999999999999999999",
                            "-0.00000000000000000000000000000000000001"),
            "date", List.of("CAST(NULL AS DATE)", "date'0001-01-01'", "date'9999-12-31'"),
            "timestamp",
                    List.of(
                            "CAST(NULL AS TIMESTAMP)",
                            "timestamp'0001-01-01 00:00:00'",
                            "timestamp'9999-12-31 23:59:59.999999'"),
            "string", List.of("CAST(NULL AS STRING)", "''", "'1'"),
            "boolean", List.of("CAST(NULL AS BOOLEAN)", "true", "false"),
            "interval",
                    List.of(
                            "CAST(NULL AS INTERVAL DAY TO SECOND)",
                            "INTERVAL '106751991 04:00:54.775807' DAY TO SECOND",
                            "INTERVAL '-106751991 04:00:54.775807' DAY TO SECOND"));
    private static final List<String> COLUMNS = List.of(
            "(2147483647), (-2147483648), (NULL)",
            "(9223372036854775807), (-9223372036854775807), (NULL)",
            "(double('NaN')), (double('Infinity')), (-0.0D), (NULL)",
            "(99999999999999999999999999999999999999), (1), (NULL)",
            "('ä€😀'), (''), (NULL)",
            "(X''), (X'FF00'), (NULL)",
            "(date'0001-01-01'), (date'9999-12-31'), (NULL)",
            "(timestamp'0001-01-01 00:00:00'), (timestamp'9999-12-31 23:59:59.999999'), (NULL)",
            "(true), (NULL)",
            "(array(1, NULL)), (array()), (NULL)",
            "(named_struct('f', 1)), (NULL)",
            "(INTERVAL '106751991' DAY), (INTERVAL '1' DAY), (NULL)");
    private static final List<String> WINDOWS = List.of(
            "row_number()",
            "rank()",
            "dense_rank()",
            "percent_rank()",
            "cume_dist()",
            "ntile(1)",
            "ntile(2147483647)",
            "ntile(0)",
            "ntile(NULL)",
            "lag(c)",
            "lag(c, 0)",
            "lag(c, 2147483647)",
            "lag(c, -1, 7)",
            "lag(c, NULL)",
            "lead(c)",
            "lead(c, 1, NULL)",
            "lead(c, -2147483647)",
            "nth_value(c, 1)",
            "nth_value(c, 2147483647)",
            "nth_value(c, 0)",
            "nth_value(c, NULL)",
            "first_value(c)",
            "last_value(c)",
            "sum(c)",
            "avg(c)",
            "min(c)",
            "count(c)",
            "collect_list(c)");
    private static final List<String> TABLES = List.of(
            "VALUES (1), (NULL), (3) AS t(c)",
            "VALUES (CAST(NULL AS INT)), (NULL) AS t(c)",
            "(SELECT 1 AS c WHERE false)",
            "VALUES (double('NaN')), (-0.0D), (0.0D), (NULL) AS t(c)",
            "VALUES ('ä'), (''), (NULL) AS t(c)");
    private static final List<String> GENERATED = List.of(
            "explode(CAST(NULL AS ARRAY<INT>))",
            "explode(array())",
            "explode(array(NULL, 1))",
            "explode_outer(CAST(NULL AS ARRAY<INT>))",
            "explode_outer(array())",
            "explode(1)",
            "count(*) FROM (SELECT posexplode(CAST(NULL AS ARRAY<INT>)))",
            "count(*) FROM (SELECT posexplode(array(NULL, 1)))",
            "count(*) FROM (SELECT posexplode_outer(map()))",
            "count(*) FROM (SELECT inline(CAST(NULL AS ARRAY<STRUCT<a: INT>>)))",
            "array_agg(a) FROM (SELECT inline(array(NULL, named_struct('a', 1))))",
            "array_agg(a) FROM (SELECT json_tuple('{', 'a') AS a)",
            "array_agg(a) FROM (SELECT json_tuple(CAST(NULL AS STRING), 'a') AS a)",
            "array_agg(a) FROM (SELECT json_tuple('{\"a\":null}', 'a') AS a)",
            "count(*) FROM variant_explode(parse_json('[]'))",
            "count(*) FROM variant_explode(parse_json(CAST(NULL AS STRING)))",
            "count(*) FROM variant_explode(parse_json('1'))",
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY c) FROM VALUES (1), (NULL) AS t(c)",
            "percentile_cont(0.5) WITHIN GROUP (ORDER BY c) FROM VALUES (1) AS t(c) WHERE false",
            "percentile_cont(2.0) WITHIN GROUP (ORDER BY c) FROM VALUES (1) AS t(c)",
            "percentile_disc(0.5) WITHIN GROUP (ORDER BY c) FROM VALUES (1), (NULL) AS t(c)",
            "percentile_disc(0.5) WITHIN GROUP (ORDER BY c) FROM VALUES (1) AS t(c) WHERE false",
            "count(*) FROM VALUES (CAST(NULL AS TIMESTAMP)) AS t(ts) GROUP BY window(ts, '1 hour')",
            "window(ts, '1 hour').start FROM VALUES (timestamp'0001-01-01 00:30:00') AS t(ts)",
            "window_time(window) FROM (SELECT window(ts, '1 hour') FROM VALUES (timestamp'9999-12-31 23:59:59') AS t(ts))",
            "count(*) FROM VALUES (CAST(NULL AS TIMESTAMP)) AS t(ts) GROUP BY session_window(ts, '1 hour')",
            "stack(2, 1, NULL, 3)",
            "stack(0, 1)",
            "stack(NULL, 1)",
            "stack(2147483647, 1)");

    /// Without rows, with nulls alone, and with both ends of a type.
    private static final List<String> RELATIONS = List.of(
            "(SELECT CAST(NULL AS INT) AS k, CAST(NULL AS STRING) AS v WHERE false)",
            "(SELECT * FROM VALUES (CAST(NULL AS INT), CAST(NULL AS STRING)), (NULL, NULL) AS x(k, v))",
            "(SELECT * FROM VALUES (1, 'a'), (1, NULL), (NULL, 'b'), (2147483647, ''), (-2147483648, 'c') AS x(k, v))");
    /// Queries of one relation, `$1`.
    private static final List<String> OF_ONE = List.of(
            "SELECT k FROM $1 AS a WHERE k > 0",
            "SELECT k FROM $1 AS a WHERE NOT (k > 0)",
            "SELECT DISTINCT k FROM $1 AS a",
            "SELECT k, count(*) AS n, count(v) AS m, min(v) AS w FROM $1 AS a GROUP BY k",
            "SELECT count(*) AS n, sum(k) AS s, max(v) AS w, collect_set(v) AS c FROM $1 AS a WHERE k IS NULL OR k < 3",
            "SELECT k, v, count(*) AS n FROM $1 AS a GROUP BY ROLLUP (k, v)",
            "SELECT k, v, count(*) AS n FROM $1 AS a GROUP BY CUBE (k, v)",
            "SELECT k, v, grouping_id(k, v) AS g FROM $1 AS a GROUP BY k, v GROUPING SETS ((k), (v), ())",
            "SELECT count(DISTINCT k) AS d, count(DISTINCT k, v) AS e FROM $1 AS a",
            "SELECT k, count(DISTINCT v) AS d, avg(k) AS f FROM $1 AS a GROUP BY k HAVING count(*) > 1",
            "SELECT k, row_number() OVER (PARTITION BY k ORDER BY v) AS n FROM $1 AS a",
            "SELECT k, sum(k) OVER (ORDER BY k NULLS LAST, v ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM $1 AS a"
                    + " WHERE k < 5 OR k IS NULL",
            "SELECT k, count(*) OVER (ORDER BY k DESC) AS n FROM $1 AS a",
            "SELECT k, count(*) OVER (ORDER BY k RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS n FROM $1 AS a WHERE k < 5",
            "SELECT * FROM (SELECT k, v FROM $1 AS a ORDER BY k NULLS FIRST, v LIMIT 2)",
            "SELECT * FROM (SELECT k, v FROM $1 AS a ORDER BY k DESC, v LIMIT 2 OFFSET 1)",
            "SELECT * FROM (SELECT k FROM $1 AS a LIMIT 0)",
            "SELECT * FROM $1 AS a PIVOT (count(*) FOR v IN ('a', 'b'))",
            "SELECT * FROM (SELECT k, CAST(v AS INT) AS w FROM $1 AS a WHERE v IS NULL) UNPIVOT (x FOR n IN (k, w))",
            "SELECT * FROM (SELECT k, CAST(v AS INT) AS w FROM $1 AS a WHERE v IS NULL) UNPIVOT INCLUDE NULLS (x FOR n IN (k, w))",
            "SELECT k, c FROM $1 AS a LATERAL VIEW explode(split(v, '')) b AS c",
            "SELECT k, c FROM $1 AS a LATERAL VIEW OUTER explode(split(v, '')) b AS c",
            "SELECT k, (SELECT max(k) FROM $1 AS b WHERE b.v = a.v) AS m FROM $1 AS a",
            "SELECT max_by(v, k) AS m, min_by(v, k) AS n, first(v) IS NULL AS f FROM (SELECT * FROM $1 AS a WHERE k = 1)",
            "WITH c AS (SELECT k FROM $1 AS a) SELECT count(*) AS n FROM c x, c y");
    /// Queries of two relations, `$1` and `$2`.
    private static final List<String> OF_TWO = List.of(
            "SELECT a.k, b.v FROM $1 AS a JOIN $2 AS b ON a.k = b.k",
            "SELECT a.k, b.v FROM $1 AS a JOIN $2 AS b ON a.k <=> b.k",
            "SELECT a.k, b.v FROM $1 AS a LEFT JOIN $2 AS b ON a.k = b.k AND b.v > 'a'",
            "SELECT a.k, b.v FROM $1 AS a RIGHT JOIN $2 AS b ON a.k = b.k",
            "SELECT a.k, b.v FROM $1 AS a FULL JOIN $2 AS b ON a.k = b.k",
            "SELECT a.k FROM $1 AS a LEFT SEMI JOIN $2 AS b ON a.k = b.k",
            "SELECT a.k FROM $1 AS a LEFT ANTI JOIN $2 AS b ON a.k = b.k",
            "SELECT a.k, b.k AS l FROM $1 AS a CROSS JOIN $2 AS b",
            "SELECT a.k, b.k AS l FROM $1 AS a JOIN $2 AS b ON a.k < b.k",
            "SELECT a.k, b.k AS l FROM $1 AS a FULL JOIN $2 AS b ON a.k < b.k",
            "SELECT * FROM $1 AS a NATURAL JOIN $2 AS b",
            "SELECT * FROM $1 AS a FULL JOIN $2 AS b USING (k)",
            "SELECT k FROM $1 AS a WHERE k IN (SELECT k FROM $2 AS b)",
            "SELECT k FROM $1 AS a WHERE k NOT IN (SELECT k FROM $2 AS b)",
            "SELECT k, k IN (SELECT k FROM $2 AS b) AS i FROM $1 AS a",
            "SELECT k FROM $1 AS a WHERE EXISTS (SELECT 1 FROM $2 AS b WHERE b.k = a.k)",
            "SELECT k FROM $1 AS a WHERE NOT EXISTS (SELECT 1 FROM $2 AS b WHERE b.k = a.k)",
            "SELECT k, (SELECT count(*) FROM $2 AS b WHERE b.k = a.k) AS n FROM $1 AS a",
            "SELECT k, v FROM $1 AS a UNION SELECT k, v FROM $2 AS b",
            "SELECT k, v FROM $1 AS a UNION ALL SELECT k, v FROM $2 AS b",
            "SELECT k, v FROM $1 AS a INTERSECT SELECT k, v FROM $2 AS b",
            "SELECT k, v FROM $1 AS a INTERSECT ALL SELECT k, v FROM $2 AS b",
            "SELECT k, v FROM $1 AS a EXCEPT SELECT k, v FROM $2 AS b",
            "SELECT k, v FROM $1 AS a EXCEPT ALL SELECT k, v FROM $2 AS b",
            "SELECT a.k, c.m FROM $1 AS a, LATERAL (SELECT max(b.v) AS m FROM $2 AS b WHERE b.k = a.k) AS c");

    private record Call(String before, List<String> arguments, String between, String after) {
        String with(int at, String argument) {
            List<String> replaced = new ArrayList<>(arguments);
            replaced.set(at, argument);
            return before + String.join(between, replaced) + after;
        }
    }

    private ExtremeStatements() {}

    /// The statements by the name of the function.
    public static Map<String, List<String>> all() {
        List<String> examples = new ArrayList<>();
        for (String file : EXAMPLES) {
            SparkAnswers.of(file).forEach((sql, answer) -> {
                if (!answer.startsWith("!")) {
                    examples.add(sql);
                }
            });
        }
        return of(examples);
    }

    /// @param examples expressions, or what stands behind SELECT
    private static Map<String, List<String>> of(List<String> examples) {
        Map<String, Set<String>> all = new LinkedHashMap<>();
        Set<String> taken = new LinkedHashSet<>();
        List<String> more = new ArrayList<>(MORE);
        more.addAll(examples);
        for (String example : more) {
            Matcher call = CALL.matcher(example.replaceFirst("^SELECT ", ""));
            if (!call.matches() || !isBalanced(call.group(2)) || BY_CHANCE.contains(call.group(1))) {
                continue;
            }
            String name = call.group(1).toLowerCase(Locale.ROOT);
            List<String> arguments = arguments(call.group(2));
            String from = call.group(3) == null ? "" : call.group(3);
            if (taken.add(name + " " + arguments.size() + " " + !from.isEmpty())) {
                Set<String> statements = all.computeIfAbsent(name, _ -> new LinkedHashSet<>());
                statements.addAll(replaced(new Call(call.group(1) + "(", arguments, ", ", ")" + from)));
                statements.addAll(columns(call.group(1) + "(" + call.group(2) + ")", from));
            }
        }
        operators(all);
        for (String function : WINDOWS) {
            for (String table : TABLES) {
                all.computeIfAbsent(function.substring(0, function.indexOf('(')), _ -> new LinkedHashSet<>())
                        .add("array_agg(w) FROM (SELECT " + function + " OVER (ORDER BY c) AS w FROM " + table + ")");
            }
        }
        for (String generator : GENERATED) {
            all.computeIfAbsent(generator.substring(0, generator.indexOf('(')), _ -> new LinkedHashSet<>())
                    .add(generator);
        }
        relations(all.computeIfAbsent("relations", _ -> new LinkedHashSet<>()));
        Map<String, List<String>> statements = new LinkedHashMap<>();
        all.forEach((name, calls) -> statements.put(
                name, calls.stream().map(call -> "SELECT " + call).toList()));
        return statements;
    }

    /// The rows of queries as one value, in order.
    private static void relations(Set<String> statements) {
        for (String first : RELATIONS) {
            OF_ONE.forEach(query -> statements.add(rows(query.replace("$1", first))));
            for (String second : RELATIONS) {
                OF_TWO.forEach(
                        query -> statements.add(rows(query.replace("$1", first).replace("$2", second))));
            }
        }
    }

    private static String rows(String query) {
        return "array_sort(collect_list(struct(q.*))) FROM (" + query + ") AS q";
    }

    private static void operators(Map<String, Set<String>> all) {
        for (String operator : OPERATORS) {
            Set<String> statements = all.computeIfAbsent(operator, _ -> new LinkedHashSet<>());
            new TreeMap<>(OPERANDS).values().forEach(operands -> {
                for (String left : operands) {
                    for (String right : operands) {
                        statements.add(left + " " + operator + " " + right);
                    }
                }
            });
        }
        for (String operator : List.of("!=", "<=", ">", ">=")) {
            Set<String> statements = all.computeIfAbsent(operator, _ -> new LinkedHashSet<>());
            for (String left : OPERANDS.get("double")) {
                OPERANDS.get("int").forEach(right -> statements.add(left + " " + operator + " " + right));
            }
        }
        for (String operator : List.of("and", "or")) {
            Set<String> statements = all.computeIfAbsent(operator, _ -> new LinkedHashSet<>());
            for (String left : OPERANDS.get("boolean")) {
                for (String right : OPERANDS.get("boolean")) {
                    statements.add(left + " " + operator + " " + right);
                }
            }
        }
        for (String operator : List.of("&", "|", "^", "<<", ">>", ">>>")) {
            Set<String> statements = all.computeIfAbsent(operator, _ -> new LinkedHashSet<>());
            for (String left : OPERANDS.get("int")) {
                for (String right : OPERANDS.get("int")) {
                    statements.add(left + " " + operator + " " + right);
                }
            }
        }
        new TreeMap<>(OPERANDS)
                .forEach((_, operands) -> operands.forEach(operand -> {
                    all.computeIfAbsent("negative", _ -> new LinkedHashSet<>()).add("- " + operand);
                    all.computeIfAbsent("~", _ -> new LinkedHashSet<>()).add("~ " + operand);
                    all.computeIfAbsent("not", _ -> new LinkedHashSet<>()).add("NOT " + operand);
                    all.computeIfAbsent("in", _ -> new LinkedHashSet<>()).add(operand + " IN (" + operand + ", NULL)");
                    all.computeIfAbsent("between", _ -> new LinkedHashSet<>())
                            .add(operand + " BETWEEN " + operand + " AND NULL");
                    all.computeIfAbsent("||", _ -> new LinkedHashSet<>()).add(operand + " || " + operand);
                    for (String type :
                            List.of("BOOLEAN", "TINYINT", "INT", "BIGINT", "FLOAT", "DECIMAL(10,2)", "STRING")) {
                        all.computeIfAbsent("cast", _ -> new LinkedHashSet<>())
                                .add("CAST(" + operand + " AS " + type + ")");
                        all.computeIfAbsent("cast", _ -> new LinkedHashSet<>())
                                .add("TRY_CAST(" + operand + " AS " + type + ")");
                    }
                }));
    }

    private static List<String> replaced(Call call) {
        List<String> statements = new ArrayList<>();
        boolean sized = SIZED.contains(call.before().replace("(", "").toLowerCase(Locale.ROOT));
        for (int i = 0; i < call.arguments().size(); i++) {
            for (String other : others(call.arguments().get(i))) {
                if (!sized || !other.equals("2147483647")) {
                    statements.add(call.with(i, other));
                }
            }
        }
        return statements;
    }

    /// Other values of an argument's kind: null, the ends of the type, and one of another type.
    private static List<String> others(String argument) {
        String lower = argument.toLowerCase(Locale.ROOT);
        if (lower.contains("->")
                || lower.equals("*")
                || lower.matches("[a-z_]+[0-9]?") && !lower.matches("true|false|null")) {
            return List.of();
        }
        if (lower.matches("-?[0-9]+l?")) {
            return List.of("CAST(NULL AS INT)", "0", "-1", "2147483647", "(-2147483647 - 1)", "'x'");
        }
        if (lower.matches("-?[0-9]*\\.[0-9]*[df]?|-?[0-9.]+e-?[0-9]+d?")) {
            return List.of(
                    "CAST(NULL AS DOUBLE)",
                    "0.0",
                    "double('NaN')",
                    "double('-Infinity')",
                    "1.7976931348623157E308D",
                    "99999999999999999999999999999999999999",
                    "'x'");
        }
        if (lower.startsWith("'") || lower.startsWith("r'") || lower.startsWith("\"")) {
            return List.of("CAST(NULL AS STRING)", "NULL", "''", "'ä€😀'", "array(1)");
        }
        if (lower.startsWith("date")) {
            return List.of("CAST(NULL AS DATE)", "date'0001-01-01'", "date'9999-12-31'", "'x'", "array(1)");
        }
        if (lower.startsWith("timestamp") || lower.startsWith("to_timestamp")) {
            return List.of(
                    "CAST(NULL AS TIMESTAMP)",
                    "timestamp'0001-01-01 00:00:00'",
                    "timestamp'9999-12-31 23:59:59.999999'",
                    "'x'",
                    "array(1)");
        }
        if (lower.startsWith("interval")) {
            return List.of(
                    "CAST(NULL AS INTERVAL DAY TO SECOND)",
                    "INTERVAL '106751991 04:00:54.775807' DAY TO SECOND",
                    "INTERVAL '178956970-7' YEAR TO MONTH",
                    "1");
        }
        if (lower.startsWith("array(")) {
            return List.of("NULL", "CAST(NULL AS ARRAY<INT>)", "array()", "array(NULL)", "array(NULL, 1, NULL)", "1");
        }
        if (lower.startsWith("map(")) {
            return List.of("NULL", "CAST(NULL AS MAP<INT, STRING>)", "map()", "map(1, NULL)", "1");
        }
        if (lower.startsWith("x'") || lower.startsWith("x '")) {
            return List.of("NULL", "CAST(NULL AS BINARY)", "X''", "X'FF'", "1");
        }
        return lower.matches("true|false")
                ? List.of("NULL", "CAST(NULL AS BOOLEAN)", "'x'", "1")
                : List.of("NULL", "array(1)");
    }

    /// An aggregate over no rows, over nulls alone, and over the ends of the types.
    private static List<String> columns(String call, String from) {
        if (from.isEmpty()) {
            return List.of();
        }
        List<String> statements = new ArrayList<>();
        statements.add(call + from + " WHERE false");
        Matcher one = ONE_COLUMN.matcher(from);
        if (one.matches()) {
            String column = one.group(1);
            statements.add(call.replaceAll("\\b" + column + "\\b", "nullif(" + column + ", " + column + ")") + from);
            for (String values : COLUMNS) {
                statements.add(call + " FROM VALUES " + values + " AS tab(" + column + ")");
            }
        }
        return statements;
    }

    private static boolean isBalanced(String text) {
        int depth = 0;
        for (String part : text.replaceAll("'(\\\\.|[^'\\\\])*'", "").split("")) {
            depth += part.equals("(") ? 1 : part.equals(")") ? -1 : 0;
            if (depth < 0) {
                return false;
            }
        }
        return depth == 0;
    }

    /// The parts between commas that are not within brackets or quotes.
    static List<String> arguments(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        if (!text.isBlank()) {
            parts.add(text.substring(start).strip());
        }
        return parts;
    }
}
