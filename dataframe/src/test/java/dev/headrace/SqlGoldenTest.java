package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Statements and what they give, from files of text:
///
/// ```text
/// # What is to be shown
/// SELECT 1 AS a
/// > a int
/// 1
/// ```
///
/// After `>` stands the schema, below it the rows, their values between bars. They come in any order unless the
/// statement has an ORDER BY. Instead, after `!`, the lines of an error's message may stand. Expected rows are what
/// Spark's documentation of SQL says of such queries. Closing the session asserts that nothing has leaked.
class SqlGoldenTest {
    private Session session = Session.builder().create();

    @BeforeEach
    void open() {
        session.close();
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.datetime.java8API.enabled", true)
                .create();
        run("""
                CREATE TEMP VIEW emp AS SELECT * FROM VALUES
                  (1, 'ann', 10, 100.0, DATE '2024-01-15'),
                  (2, 'bob', 10, 80.0, DATE '2024-02-01'),
                  (3, 'cid', 20, 80.0, DATE '2024-02-20'),
                  (4, 'dee', 20, 120.0, NULL),
                  (5, 'eve', NULL, NULL, DATE '2025-03-31')
                AS e(id, name, dept, pay, hired)""");
        run("CREATE TEMP VIEW dept AS SELECT * FROM VALUES (10, 'ops'), (20, 'dev'), (30, 'hr') AS d(dept, title)");
        run("CREATE TEMP VIEW nums AS SELECT * FROM VALUES (1), (2), (2), (3), (NULL) AS n(n)");
        run("CREATE TEMP VIEW others AS SELECT * FROM VALUES (2), (3), (3), (NULL), (NULL) AS n(n)");
        run("""
                CREATE TEMP VIEW nested AS SELECT 1 AS id, array(3, 1, 2) AS a, map('x', 1, 'y', 2) AS m,
                  named_struct('f', 7, 'g', 'seven') AS s
                UNION ALL SELECT 2, array(), CAST(NULL AS MAP<STRING, INT>), named_struct('f', 8, 'g', 'eight')""");
        run("""
                CREATE TEMP VIEW one AS SELECT 1 AS x, 2 AS y, 'a' AS k, map('a', 1) AS m, array(1, 2) AS a,
                  named_struct('f', 1) AS s, array(named_struct('f', 1)) AS sa""");
    }

    private void run(String sql) {
        session.sql(sql);
    }

    @AfterEach
    void close() {
        session.close();
    }

    @TestFactory
    Stream<DynamicTest> select() {
        return cases("select.txt");
    }

    @TestFactory
    Stream<DynamicTest> expressions() {
        return cases("expressions.txt");
    }

    @TestFactory
    Stream<DynamicTest> joins() {
        return cases("joins.txt");
    }

    @TestFactory
    Stream<DynamicTest> grouping() {
        return cases("grouping.txt");
    }

    @TestFactory
    Stream<DynamicTest> subqueries() {
        return cases("subqueries.txt");
    }

    @TestFactory
    Stream<DynamicTest> windows() {
        return cases("windows.txt");
    }

    /// How columns without an alias are called: as Spark has said of these queries.
    @TestFactory
    Stream<DynamicTest> names() {
        return cases("names.txt");
    }

    @TestFactory
    Stream<DynamicTest> recursion() {
        return cases("recursion.txt");
    }

    @TestFactory
    Stream<DynamicTest> statements() {
        return cases("statements.txt");
    }

    @TestFactory
    Stream<DynamicTest> errors() {
        return cases("errors.txt");
    }

    /// What each operation can't take.
    @TestFactory
    Stream<DynamicTest> operators() {
        return cases("operators.txt");
    }

    private record Case(String name, String sql, boolean fails, List<String> expected) {}

    private Stream<DynamicTest> cases(String file) {
        return parse(file).stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> check(one)));
    }

    private void check(Case one) {
        if (one.fails()) {
            HeadraceException error = assertThrows(
                    HeadraceException.class, () -> session.sql(one.sql()).collectAsList());
            assertEquals(String.join("\n", one.expected()), error.getMessage());
            return;
        }
        DataFrame frame = session.sql(one.sql());
        List<String> found = new ArrayList<>();
        for (Row row : frame.collectAsList()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < row.length(); i++) {
                values.add(text(row.get(i)));
            }
            found.add(String.join(" | ", values));
        }
        List<String> expected =
                new ArrayList<>(one.expected().subList(1, one.expected().size()));
        if (!one.sql().toLowerCase(Locale.ROOT).contains("order by")) {
            found.sort(null);
            expected.sort(null);
        }
        assertEquals(
                one.expected().getFirst() + "\n" + String.join("\n", expected),
                schema(frame) + "\n" + String.join("\n", found));
    }

    private static String schema(DataFrame frame) {
        return String.join(
                ", ",
                frame.schema().fieldList().stream()
                        .map(field -> field.name() + " " + field.dataType().simpleString())
                        .toList());
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "NULL";
            case Row row -> {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < row.length(); i++) {
                    values.add(text(row.get(i)));
                }
                yield "{" + String.join(", ", values) + "}";
            }
            case List<?> list -> list.stream().map(SqlGoldenTest::text).toList().toString();
            case byte[] bytes -> java.util.HexFormat.of().formatHex(bytes);
            default -> value.toString();
        };
    }

    private static List<Case> parse(String file) {
        List<Case> cases = new ArrayList<>();
        String name = "";
        StringBuilder sql = new StringBuilder();
        List<String> expected = new ArrayList<>();
        boolean inExpected = false;
        boolean fails = false;
        for (String line : (read(file) + "\n# ").split("\n", -1)) {
            if (line.startsWith("# ")) {
                if (!name.isEmpty()) {
                    while (expected.size() > 1 && expected.getLast().isEmpty()) {
                        expected.removeLast();
                    }
                    cases.add(new Case(name, sql.toString().strip(), fails, List.copyOf(expected)));
                }
                name = line.substring(2);
                sql.setLength(0);
                expected.clear();
                inExpected = false;
            } else if (!inExpected && (line.startsWith("> ") || line.startsWith("! ") || line.equals(">"))) {
                inExpected = true;
                fails = line.startsWith("! ");
                expected.add(line.equals(">") ? "" : line.substring(2));
            } else if (inExpected) {
                expected.add(line);
            } else {
                sql.append(line).append("\n");
            }
        }
        return cases;
    }

    private static String read(String file) {
        try (InputStream in = Objects.requireNonNull(SqlGoldenTest.class.getResourceAsStream("sql/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
