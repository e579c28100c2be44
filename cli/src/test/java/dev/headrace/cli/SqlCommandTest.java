package dev.headrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

class SqlCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void resultsArePrintedAsATable() {
        assertEquals(0, run("sql", "-e", "SELECT 1 AS a, 'x' AS name UNION ALL SELECT 22, NULL ORDER BY a"));
        assertEquals(text("""
                +---+----+
                |a  |name|
                +---+----+
                |1  |x   |
                |22 |NULL|
                +---+----+
                2 rows
                """), text(out.toString()));
    }

    @Test
    void resultsArePrintedAsCsv() {
        assertEquals(0, run("sql", "-e", "SELECT 1 AS a, 'x,y' AS `b,c`, NULL AS n", "--output", "csv"));
        assertEquals("a,\"b,c\",n\n1,\"x,y\",\n", text(out.toString()));
    }

    @Test
    void arraysAndTheLikeAreTextsInCsv() {
        String sql = "SELECT 1 AS a, array(1, 2) AS a, named_struct('x', 1, 'y', NULL) AS s, map('k', 'v') AS m";
        assertEquals(0, run("sql", "-e", sql, "--output", "csv"), err.toString());
        assertEquals("a,a,s,m\n1,\"[1, 2]\",\"{1, null}\",{k -> v}\n", text(out.toString()));
    }

    @Test
    void aTextOfSeveralLinesIsPrintedAsLines() {
        assertEquals(0, run("sql", "-e", "SELECT 'a\\n  b' AS plan; SELECT 'a\\nb' AS x, 1 AS y"));
        assertEquals(text("""
                a
                  b
                +----+---+
                |x   |y  |
                +----+---+
                |a\\nb|1  |
                +----+---+
                1 row
                """), text(out.toString()));
    }

    @Test
    void parametersAreLiteralsOrTexts() {
        String sql =
                "SELECT :n + 1 AS n, :negative AS negative, typeof(:d) AS d, :day AS day, :name AS name, :none AS none";
        assertEquals(
                0,
                run(
                        "sql",
                        "--output",
                        "csv",
                        "--param",
                        "n=41",
                        "--param=negative=-1.5",
                        "--param",
                        "d=DATE'2026-01-31'",
                        "--param",
                        "day=2026-01-31",
                        "--param",
                        "name=O'Neill, x=y",
                        "--param",
                        "none=NULL",
                        "-e",
                        sql),
                err.toString());
        assertEquals("n,negative,d,day,name,none\n42,-1.5,date,2026-01-31,\"O'Neill, x=y\",\n", text(out.toString()));

        assertEquals(1, run("sql", "--param", "n", "-e", sql));
        assertEquals(
                "[INVALID_PARAMETER] --param 'n': expected a name and a value, as in name=value.\n",
                text(err.toString()));
    }

    @Test
    void bytesAreShownInHexadecimal() {
        assertEquals(0, run("sql", "-e", "SELECT X'1b5b41' AS b, CAST(NULL AS BINARY) AS n, X'' AS e"));
        assertTrue(text(out.toString()).contains("|[1B 5B 41]|NULL|[]"), out.toString());
    }

    @Test
    void quotesInCsvAreDoubled() {
        assertEquals(0, run("sql", "-e", "SELECT 'a \"b\", c' AS `x\"y`, 'a\\\\b' AS z", "--output", "csv"));
        assertEquals("\"x\"\"y\",z\n\"a \"\"b\"\", c\",a\\b\n", text(out.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "csv", "json"})
    void aResultWithoutEndIsPrintedUntilNobodyReadsOn(String output) {
        int[] printed = new int[1];
        PrintWriter closed = new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] text, int from, int length) throws IOException {
                        printed[0] += length;
                        if (printed[0] > 1000) {
                            throw new IOException("Broken pipe");
                        }
                    }

                    @Override
                    public void flush() {}

                    @Override
                    public void close() {}
                },
                true);
        int code = Main.run(
                new Root(),
                closed,
                new PrintWriter(err, true),
                "sql",
                "--output",
                output,
                "-e",
                "SELECT id FROM range(1000000000000)");
        assertEquals("", err.toString());
        assertEquals(0, code);
        assertTrue(printed[0] < 1_000_000, printed[0] + " characters were printed");
    }

    @Test
    void aLongTableIsAsWideAsItsFirstRows() {
        assertEquals(
                0, run("sql", "-e", "SELECT id, if(id < 30000, 'x', 'longer than before') AS name FROM range(30001)"));
        String[] lines = text(out.toString()).split("\n");
        assertEquals(30_001 + 5, lines.length);
        assertEquals("|0    |x   |", lines[3]);
        assertEquals("|29999|x   |", lines[3 + 29_999]);
        assertEquals("|30000|longer than before|", lines[3 + 30_000]);
        assertEquals("+-----+----+", lines[3 + 30_001]);
        assertEquals("30001 rows", lines[3 + 30_002]);
    }

    @Test
    void rowsBeforeOneThatFailsArePrinted() {
        assertEquals(
                1,
                run(
                        "sql",
                        "--output",
                        "csv",
                        "-e",
                        "SELECT 100000 DIV (100000 - id) AS n FROM range(0, 200000, 1, 1)"));
        assertTrue(text(out.toString()).startsWith("n\n1\n1\n"), out.toString());
        assertTrue(err.toString().startsWith("[DIVIDE_BY_ZERO]"), err.toString());
    }

    @Test
    void resultsArePrintedAsJson() {
        assertEquals(0, run("sql", "-e", "SELECT 1 AS a, array('x', NULL) AS b", "--output=json"));
        assertEquals("{\"a\":1,\"b\":[\"x\",null]}\n", text(out.toString()));
    }

    @Test
    void statementsOfAFileRunInOrder(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("script.sql");
        Files.writeString(file, """
                -- a semicolon; in a comment
                CREATE TEMP VIEW v AS SELECT ';' AS a;
                ;
                SELECT a FROM v
                """);
        assertEquals(0, run("sql", "-f", file.toString(), "--output", "csv"));
        assertEquals("a\n;\n", text(out.toString()));
    }

    @Test
    void whatIsWrittenCanBeReadAgain(@TempDir Path folder) {
        String path = folder.resolve("t").toString();
        String sql = "INSERT INTO parquet.`" + path + "` SELECT 7 AS n; SELECT n FROM parquet.`" + path + "`";
        assertEquals(0, run("sql", "-e", sql, "--output", "json"));
        assertEquals("{\"n\":7}\n", text(out.toString()));
    }

    @Test
    void theNextRunFindsTablesAndViews(@TempDir Path folder) {
        String warehouse = "spark.sql.warehouse.dir=" + folder;
        String make = "CREATE TABLE t USING parquet AS SELECT 7 AS n; CREATE VIEW v AS SELECT n + 1 AS m FROM t";
        assertEquals(0, run("sql", "--conf", warehouse, "-e", make), err.toString());
        assertEquals(
                0,
                run("sql", "--conf", warehouse, "-e", "SELECT n, m FROM t, v; SHOW TABLES", "--output", "csv"),
                err.toString());
        assertEquals(
                "n,m\n7,8\nnamespace,tableName,isTemporary\ndefault,t,false\ndefault,v,false\n", text(out.toString()));
    }

    @Test
    void aStreamThatAStatementHasStartedRunsUntilItEnds(@TempDir Path folder) {
        String sql =
                "INSERT INTO delta.`%1$s/feed` SELECT id, version, raise FROM VALUES (1, 1, NULL), (2, 2, 'x') AS t(id, version, raise);"
                        + " APPLY CHANGES INTO delta.`%1$s/t` FROM (SELECT id, CAST(raise AS INT) AS n, version FROM STREAM delta.`%1$s/feed`)"
                        + " KEYS (id) SEQUENCE BY version OPTIONS (checkpointLocation '%1$s/c')";
        assertEquals(1, run("sql", "-e", sql.formatted(folder), "--output", "csv"));
        assertTrue(err.toString().startsWith("[CAST_INVALID_INPUT]"), err.toString());
    }

    @Test
    void theFirstMistakeEndsItWithItsPlace() {
        assertEquals(1, run("sql", "-e", "SELECT 1 AS a; SELECT b", "--output", "csv"));
        assertEquals("a\n1\n", text(out.toString()));
        assertEquals(
                "[UNRESOLVED_COLUMN] 'b' is not a column of ().\n== SQL, line 1, column 8 ==\nSELECT b\n       ^\n",
                text(err.toString()));
    }

    @Test
    void aMissingFileIsReported() {
        assertEquals(1, run("sql", "-f", "/nothing/here.sql"));
        assertTrue(err.toString().startsWith("[FILE_NOT_READABLE] The file '/nothing/here.sql' can't be read"));
    }

    @Test
    void statementsAreReadFromStandardInput() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("SELECT 1 AS a; SELECT 2 AS b".getBytes(StandardCharsets.UTF_8)));
        try {
            assertEquals(0, run("sql", "--output", "csv"));
        } finally {
            System.setIn(before);
        }
        assertEquals("a\n1\nb\n2\n", text(out.toString()));
    }

    @Test
    void resultsAreWrittenAsParquet(@TempDir Path folder) {
        String to = folder.resolve("result").toString();

        assertEquals(0, run("sql", "-e", "SELECT 7 AS n", "--output", "parquet", "--to", to));
        assertEquals(0, run("sql", "-e", "SELECT n FROM parquet.`" + to + "`", "--output", "csv"));

        assertEquals("n\n7\n", text(out.toString()));
    }

    @Test
    void onlyTheRowsOfTheQueryAreWrittenAsParquet(@TempDir Path folder) {
        String to = folder.resolve("result").toString();
        String sql = "SET spark.sql.ansi.enabled = true; SELECT 7 AS n; SHOW TABLES";

        assertEquals(0, run("sql", "-e", sql, "--output", "parquet", "--to", to), err.toString());
        assertEquals(0, run("sql", "-e", "SELECT n FROM parquet.`" + to + "`", "--output", "csv"));

        assertEquals("n\n7\n", text(out.toString()));
    }

    @Test
    void theRowsOfAScriptAreWrittenAsParquet(@TempDir Path folder) {
        String to = folder.resolve("result").toString();

        assertEquals(0, run("sql", "-e", "BEGIN SELECT 6; SELECT 7 AS n; END", "--output", "parquet", "--to", to));
        assertEquals(0, run("sql", "-e", "SELECT n FROM parquet.`" + to + "`", "--output", "csv"));

        assertEquals("n\n7\n", text(out.toString()));
    }

    @Test
    void aFolderIsForAScriptThatHasRowsAndForNothingBesideIt(@TempDir Path folder) {
        String to = folder.resolve("result").toString();

        assertEquals(1, run("sql", "-e", "BEGIN SELECT 6; END; SELECT 7", "--output", "parquet", "--to", to));
        assertEquals(1, run("sql", "-e", "BEGIN DECLARE n INT; END", "--output", "parquet", "--to", to));

        assertEquals(
                "[NOT_ONE_QUERY] --output parquet writes the rows of one query to --to FOLDER, but there are 2 among the"
                        + " statements; a script, BEGIN … END, counts as one. Run each query with a folder of its own.\n"
                        + "[NOT_ONE_QUERY] --output parquet writes the rows of one query to --to FOLDER, but the statement"
                        + " has run none.\n",
                text(err.toString()));
        assertFalse(Files.exists(Path.of(to)));
    }

    @Test
    void aFolderIsForOneQueryAndNothingRunsForTwo(@TempDir Path folder) {
        String made = folder.resolve("made").toString();
        String to = folder.resolve("result").toString();
        String sql =
                "INSERT INTO parquet.`" + made + "` SELECT 1 AS n; SELECT 7 AS n; WITH w AS (SELECT 8 AS n) TABLE w";

        assertEquals(1, run("sql", "-e", sql, "--output", "parquet", "--to", to));
        assertEquals(1, run("sql", "-e", "SHOW TABLES", "--output", "parquet", "--to", to));

        assertEquals(
                "[NOT_ONE_QUERY] --output parquet writes the rows of one query to --to FOLDER, but there are 2 among the"
                        + " statements; a script, BEGIN … END, counts as one. Run each query with a folder of its own.\n"
                        + "[NOT_ONE_QUERY] --output parquet writes the rows of one query to --to FOLDER, but there is none"
                        + " among the statements; a script, BEGIN … END, counts as one. Run each query with a folder of its"
                        + " own.\n",
                text(err.toString()));
        assertFalse(Files.exists(Path.of(made)));
        assertFalse(Files.exists(Path.of(to)));
    }

    @Test
    void parquetNeedsAFolder() {
        assertEquals(2, run("sql", "-e", "SELECT 1", "--output", "parquet"));
        assertTrue(err.toString().startsWith("--output parquet and --to FOLDER go together"), err.toString());
    }

    @Test
    void settingsAreTheSessions() {
        assertEquals(
                0,
                run(
                        "sql",
                        "--conf",
                        "spark.sql.session.timeZone=Asia/Tokyo",
                        "-e",
                        "SELECT current_timezone() AS z",
                        "--output",
                        "csv"));
        assertEquals("z\nAsia/Tokyo\n", text(out.toString()));
    }

    @Test
    void timesAreToldApartFromResults() {
        assertEquals(0, run("sql", "-e", "SELECT 1 AS a", "--output", "csv", "--time"));
        assertEquals("a\n1\n", text(out.toString()));
        assertTrue(err.toString().matches("Time: \\d+\\.\\d{3} s\\R"), err.toString());
    }

    private int run(String... args) {
        return Main.run(new Root(), new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private static String text(String printed) {
        return printed.replace(System.lineSeparator(), "\n");
    }

    @Command(name = "headrace", subcommands = SqlCommand.class)
    static final class Root {}
}
