package dev.headrace.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.ScanRequest;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.Compression;
import dev.headrace.files.FormatHarness;
import dev.headrace.files.FormatHarness.Result;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CsvConnectorTest {
    private static final String PEOPLE = "id,name\n1,ann\n2,\n3,\"o, \"\"x\"\"\"\n";
    private static final Map<String, String> HEADER = Map.of("header", "true", "escape", "\"");

    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new CsvConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    @Test
    void eachRecordIsARow() {
        files.file("x.csv", "1,x\n2,\n\n \n3,z");

        Result result = files.read("a int, b string", Map.of(), "x.csv");

        assertEquals(List.of("[1, x]", "[2, null]", "[3, z]"), result.rows());
        assertEquals(Map.of("bytesRead", 13L, "malformedRows", 0L), result.metrics());
    }

    @Test
    void whatIsNoUtf8IsReplaced() {
        String records = "fine, é\na byte ÿ that begins nothing,1\nÃ,2\n\"quoted, Ã\",3\n".replace("é", "Ã©");
        files.file("x.csv", records.getBytes(StandardCharsets.ISO_8859_1));

        assertEquals(
                List.of("[fine, é]", "[a byte \ufffd that begins nothing, 1]", "[\ufffd, 2]", "[quoted, \ufffd, 3]"),
                files.read("a string, b string", Map.of("ignoreLeadingWhiteSpace", "true"), "x.csv")
                        .rows());
        assertEquals(
                List.of("[fine,  é]", "[a byte \ufffd that begins nothing, 1]", "[\ufffd, 2]", "[quoted, \ufffd, 3]"),
                files.read("a string, b string", Map.of(), "x.csv").rows());
    }

    @Test
    void theHeaderOfEachFileNamesTheColumnsAndIsNoRow() {
        files.file("t/x.csv", PEOPLE);
        files.file("t/y.csv", "id,name\n4,dan");
        files.file("t/z.csv", "");

        Result strings = files.read("", HEADER, "t");
        Result typed = files.read("", Map.of("header", "true", "escape", "\"", "inferSchema", "true"), "t");

        assertEquals("id STRING,name STRING", strings.schema().toDDL());
        assertEquals(List.of("[1, ann]", "[2, null]", "[3, o, \"x\"]", "[4, dan]"), strings.rows());
        assertEquals("id INT,name STRING", typed.schema().toDDL());
    }

    @Test
    void columnsWithoutANameOfTheirOwnAreNumbered() {
        files.file("x.csv", "a,,A,b\n1,2,3,4\n");

        assertEquals(
                "a0 STRING,_c1 STRING,A2 STRING,b STRING",
                files.open("", HEADER, "x.csv").schema().toDDL());
        assertEquals(
                "_c0 STRING,_c1 STRING,_c2 STRING,_c3 STRING",
                files.open("", Map.of(), "x.csv").schema().toDDL());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1;2|INT",
                "1;-9999999999|BIGINT",
                "1;99999999999999999999|DECIMAL(20,0)",
                "1;1.5|DOUBLE",
                "99999999999999999999;1.5|DOUBLE",
                "NaN;Inf|DOUBLE",
                "2026-01-31;2026-02-01|DATE",
                "2026-01-31;2026-02-01 10:00:00|TIMESTAMP",
                "true;FALSE|BOOLEAN",
                "true;1|STRING",
                "1;2026-01-31|STRING",
                "1;x|STRING",
                ";1;|INT",
                "x;1|STRING"
            })
    void theNarrowestTypeThatHoldsAllValuesIsInferred(String values, String type) {
        files.file("x.csv", "k," + String.join("\nk,", values.split(";", -1)) + "\n");

        assertEquals(
                "_c0 STRING,_c1 " + type,
                files.open("", Map.of("inferSchema", "true"), "x.csv").schema().toDDL());
    }

    @Test
    void filesWithoutRecordsHaveNoColumns() {
        files.file("x.csv", "\n \n");
        files.file("y.csv", "\n\n");

        for (String option : List.of("header", "inferSchema")) {
            assertEquals(
                    new StructType(),
                    files.open("", Map.of(option, "true"), "x.csv").schema());
            assertEquals(
                    List.of(), files.read("", Map.of(option, "true"), "x.csv").rows());
        }
        assertEquals(
                List.of(), files.read("", Map.of("multiLine", "true"), "y.csv").rows());
    }

    @Test
    void aHeaderMayBeHeldToTheSchema() {
        files.file("x.csv", "id,nam\n1,ann\n");
        Map<String, String> strict = Map.of("header", "true", "enforceSchema", "false");

        assertEquals(
                List.of("[1, ann]"),
                files.read("id int, name string", HEADER, "x.csv").rows());
        assertEquals(
                List.of("[1, ann]"),
                files.read("id int, nam string", strict, "x.csv").rows());
        assertEquals(
                "[CSV_HEADER_MISMATCH] '" + root + "/x.csv' has the header id, nam, but the schema has the columns id, "
                        + "name. Correct the schema, or leave out the option 'enforceSchema' to go by position.",
                message(DataException.class, () -> files.read("id int, name string", strict, "x.csv")));
    }

    @Test
    void malformedRecordsAreKeptDroppedOrAnErrorByTheMode() {
        files.file("x.csv", "1,a\nz,b\n3\n4,d,e\n5,e\n");
        String schema = "n int, s string, _corrupt_record string";

        Result permissive = files.read(schema, Map.of(), "x.csv");
        Result dropped = files.read(schema, Map.of("mode", "DROPMALFORMED"), "x.csv");

        assertEquals(
                List.of("[1, a, null]", "[null, b, z,b]", "[3, null, 3]", "[4, d, 4,d,e]", "[5, e, null]"),
                permissive.rows());
        assertEquals(3, permissive.metrics().get("malformedRows"));
        assertEquals(List.of("[1, a, null]", "[5, e, null]"), dropped.rows());
        assertEquals(3, dropped.metrics().get("malformedRows"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "z,b|'z' in the column 'n' is not of type int. The record begins 'z,b'",
                "3|expected 2 values, found 1 value. The record begins '3'",
                "4,d,e|expected 2 values, found 3 values. The record begins '4,d,e'",
                "1,\"a\"b|the value of 's' has a quote in it that is not escaped. The record begins '1,\"a\"b'",
                "1,abcdef|the value of 's' is longer than the option 'maxCharsPerColumn' allows (5). The record begins "
                        + "'1,abcdef'"
            })
    void aMessageSaysWhatIsWrongWithARecord(String record, String problem) {
        files.file("x.csv", "0,x\n" + record + "\n");
        Map<String, String> options =
                Map.of("mode", "FAILFAST", "unescapedQuoteHandling", "RAISE_ERROR", "maxCharsPerColumn", "5");

        assertEquals(
                "[MALFORMED_RECORD] '" + root + "/x.csv' at byte 4: " + problem
                        + ". Correct it, or choose the mode PERMISSIVE (nulls) or DROPMALFORMED.",
                message(DataException.class, () -> files.read("n int, s string", options, "x.csv")));
    }

    @Test
    void onlyTheColumnsAskedForAreParsed() {
        files.file("x.csv", "1,\"a,b\",x,9\nz,c,y\n3,d\n");
        BatchTable table = files.open("a int, b string, c string, _corrupt_record string", Map.of(), "x.csv");

        Result one = files.read(table, "b");
        Result none = files.read(table);
        Result corrupt = files.read(table, "_corrupt_record");

        assertEquals(List.of("[a,b]", "[c]", "[d]"), one.rows());
        assertEquals(0, one.metrics().get("malformedRows"));
        assertEquals(List.of("[]", "[]", "[]"), none.rows());
        assertEquals(List.of("[1,\"a,b\",x,9]", "[z,c,y]", "[3,d]"), corrupt.rows());
        assertEquals(
                List.of("[x, a,b]", "[y, c]", "[null, d]"),
                files.read(table, "c", "b").rows());
    }

    @Test
    void aLimitEndsTheReading() {
        files.file("x.csv", "1\n".repeat(30_000));
        BatchTable table = files.open("a int", Map.of(), "x.csv");
        ScanRequest all = ScanRequest.all(table.schema());

        Result result = files.read(table, new ScanRequest(all.columns(), List.of(), OptionalLong.of(20_000)));

        assertEquals(20_000, result.rows().size());
    }

    @Test
    void quotedValuesMayHoldLineEndsIfRecordsMayTakeSeveralLines() {
        files.file("x.csv", "id,text\r\n1,\"a\r\nb\"\r\n\r\n2,\"\"\"c\"\"\n\"\r\n3,\"open\nto the end");
        Map<String, String> options = Map.of("header", "true", "escape", "\"", "multiLine", "true");

        Result lines = files.read("id int, text string", HEADER, "x.csv");
        Result records = files.read("id int, text string", options, "x.csv");

        assertEquals(
                List.of("[1, a]", "[null, null]", "[2, \"c\"]", "[null, null]", "[3, open]", "[null, null]"),
                lines.rows());
        assertEquals(List.of("[1, a\r\nb]", "[2, \"c\"\n]", "[3, open\nto the end]"), records.rows());
    }

    @Test
    void recordsOfSeveralLinesMayBeLargerThanWhatIsReadAtATime() {
        String large = "line of text\n".repeat(60_000);
        files.file("x.csv", "1,\"" + large + "\",a\n2,\"" + large + "\",b\n3,c,d\n");

        Result result = files.read("n int, s string, t string", Map.of("multiLine", "true"), "x.csv");

        assertEquals(List.of("[1, " + large + ", a]", "[2, " + large + ", b]", "[3, c, d]"), result.rows());
        assertEquals(0, result.metrics().get("malformedRows"));
    }

    @Test
    void linesMayEndInAnyWay() {
        files.file("x.csv", "\ufeff1,a\r\n2,b\r3,c\n\r\n4,d");
        files.file("y.csv", "1,a;2,b\nc;3,d");
        files.file("z.csv", "1,\"a;2\",b");

        assertEquals(
                List.of("[1, a]", "[2, b]", "[3, c]", "[4, d]"),
                files.read("n int, s string", Map.of(), "x.csv").rows());
        assertEquals(
                List.of("[1, a]", "[2, b\nc]", "[3, d]"),
                files.read("n int, s string", Map.of("lineSep", ";"), "y.csv").rows());
        assertEquals(
                List.of("[1, a]", "[2\", b]"),
                files.read("n string, s string", Map.of("lineSep", ";"), "z.csv")
                        .rows());
    }

    @Test
    void commentsAreSkipped() {
        files.file("x.csv", "# first\nid,name\n# second\n1,#x\n#\n");

        assertEquals(
                List.of("[1, #x]"),
                files.read("", Map.of("header", "true", "comment", "#"), "x.csv")
                        .rows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '~',
            value = {
                ";!1;x;2026-01-31;1.5",
                "\\t!1\tx\t2026-01-31\t1.5",
                "||!1||x||2026-01-31||1.5",
                "-!1-x-\"2026-01-31\"-1.5",
                ".!1.x.2026-01-31.\"1.5\"",
                "0!10x0\"2026-01-31\"01.5",
                "€!1€x€2026-01-31€1.5"
            })
    void separatorsMayBeAnyText(String separator, String record) {
        files.file("x.csv", record + "\n" + record);

        assertEquals(
                List.of("[1, x, 20484, 1.5]", "[1, x, 20484, 1.5]"),
                files.read("n int, s string, d date, x double", Map.of("sep", separator), "x.csv")
                        .rows());
    }

    @Test
    void nullAndEmptyHaveTheirWords() {
        files.file("x.csv", "1,NA,\n,\"\",NA\n-9,\"NA\",x\n");
        Map<String, String> options = Map.of("nullValue", "NA", "emptyValue", "-");

        assertEquals(
                List.of("[1, null, null]", "[null, -, null]", "[-9, null, x]"),
                files.read("n int, s string, t string", options, "x.csv").rows());
        assertEquals(
                List.of("[1, NA, null]", "[null, , NA]", "[null, NA, x]"),
                files.read("n int, s string, t string", Map.of("nullValue", "-9"), "x.csv")
                        .rows());
    }

    @Test
    void theLastValueOfAFileWithoutLineFeedMayBeNull() {
        files.file("x.csv", "1,NA\n2,NA");

        assertEquals(
                List.of("[1, null]", "[2, null]"),
                files.read("n int, s string", Map.of("nullValue", "NA"), "x.csv")
                        .rows());
    }

    @Test
    void quotedNumbersAndWordsForNoNumberAreRead() {
        files.file("x.csv", "\"1.5\",\"2.25\"\n-999,-999\n");

        assertEquals(
                List.of("[1.5, 2.25]", "[NaN, -999.00]"),
                files.read("d double, e decimal(10,2)", Map.of("nanValue", "-999"), "x.csv")
                        .rows());
    }

    @Test
    void valuesOfDirectoriesComeBeforeThoseOfFiles() {
        files.file("t/day=1/x.csv", "day,id\n9,1\n");

        assertEquals(List.of("[1, 1]"), files.read("", HEADER, "t").rows());
    }

    @ParameterizedTest
    @EnumSource
    void compressedFilesAreReadAndWritten(Compression compression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compression.compress(bytes)) {
            out.write(PEOPLE.getBytes(StandardCharsets.UTF_8));
        }
        files.file("in/x.csv" + compression.extension(), bytes.toByteArray());

        assertEquals(3, files.read("", HEADER, "in").rows().size());
        files.write("a int", Map.of("compression", compression.name()), SaveMode.OVERWRITE, "out", List.of(List.of(7)));
        assertEquals(
                List.of("[7]"),
                files.read("", Map.of(), "out/*.csv" + compression.extension()).rows());
    }

    @Test
    void damagedCompressedFilesAreAnError() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = Compression.GZIP.compress(bytes)) {
            out.write("1,abc\n".repeat(10_000).getBytes(StandardCharsets.UTF_8));
        }
        byte[] damaged = Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
        files.file("x.csv.gz", damaged);

        DataException error =
                assertThrows(DataException.class, () -> files.read("a int, b string", Map.of(), "x.csv.gz"));

        assertEquals("DAMAGED_FILE", error.code());
        assertTrue(error.getMessage().contains("x.csv.gz"), error.getMessage());
    }

    @Test
    void otherCharacterSetsAreReadAndWritten() {
        files.file("x.csv", "Zürich;€\n".getBytes(StandardCharsets.UTF_16LE));
        Map<String, String> options = Map.of("encoding", "UTF-16LE", "sep", ";");

        assertEquals(List.of("[Zürich, €]"), files.read("", options, "x.csv").rows());
        files.write("a string", options, SaveMode.OVERWRITE, "out", List.of(List.of(Slice.utf8("Zürich €"))));
        assertEquals(List.of("[Zürich €]"), files.read("", options, "out").rows());
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        String schema = "b boolean, i int, l bigint, d double, f float, e decimal(20,3), s string, t date, "
                + "ts timestamp, tn timestamp_ntz";
        List<List<@Nullable Object>> rows = List.of(
                Arrays.<@Nullable Object>asList(
                        true,
                        -1,
                        Long.MIN_VALUE,
                        0.1,
                        Float.NaN,
                        new BigDecimal("-12345678901234567.890"),
                        Slice.utf8("a,\"\\ü€\ud83d\ude00"),
                        20454,
                        1_769_904_000_123_000L,
                        1_769_904_000_123_000L),
                Arrays.<@Nullable Object>asList(null, null, null, null, null, null, null, null, null, null),
                Arrays.<@Nullable Object>asList(
                        false,
                        Integer.MAX_VALUE,
                        0L,
                        Double.NEGATIVE_INFINITY,
                        -1e30f,
                        new BigDecimal("0.000"),
                        Slice.utf8("#no comment"),
                        -1,
                        0L,
                        -1_000L));

        Map<String, Long> metrics =
                files.write(schema, Map.of("header", "true"), SaveMode.ERROR_IF_EXISTS, "out", rows);
        Result result = files.read(schema, Map.of("header", "true"), "out");

        assertEquals(3, metrics.get("numOutputRows"));
        assertEquals(
                List.of(
                        "[true, -1, -9223372036854775808, 0.1, NaN, -12345678901234567.890, a,\"\\ü€\ud83d\ude00, 20454, "
                                + "1769904000123000, 1769904000123000]",
                        "[null, null, null, null, null, null, null, null, null, null]",
                        "[false, 2147483647, 0, -Infinity, -1.0E30, 0.000, #no comment, -1, 0, -1000]"),
                result.rows());
        assertTrue(files.written("out").startsWith("b,i,l,d,f,e,s,t,ts,tn\ntrue,-1,"), files.written("out"));
    }

    @Test
    void typesThatHaveNoTextAreRefused() {
        files.file("x.csv", "1\n");

        assertEquals(
                "[UNSUPPORTED_CSV_TYPE] format(\"csv\"): the column 'a' is of type array<int>, which CSV has no text "
                        + "for. Make it a string, with to_json, base64 or hex for instance.",
                message(QueryException.class, () -> files.open("a array<int>", Map.of(), "x.csv")));
        assertEquals(
                "[UNSUPPORTED_CSV_TYPE] format(\"csv\"): the column 'a' is of type binary, which CSV has no text for. "
                        + "Make it a string, with to_json, base64 or hex for instance.",
                message(
                        QueryException.class,
                        () -> files.write("a binary", Map.of(), SaveMode.APPEND, "o", List.of())));
        assertEquals(
                "[INVALID_CORRUPT_RECORD_COLUMN] format(\"csv\"): the column '_corrupt_record' gets the text of malformed "
                        + "records, so it must be of type string, not int. Change its type, or name another column in "
                        + "the option 'columnNameOfCorruptRecord'.",
                message(QueryException.class, () -> files.open("a int, _corrupt_record int", Map.of(), "x.csv")));
    }

    @Test
    void wrongOptionsAreRefused() {
        files.file("x.csv", "1\n");

        assertTrue(message(QueryException.class, () -> files.open("a int", Map.of("separator", ";"), "x.csv"))
                .startsWith("[UNKNOWN_OPTION] format(\"csv\") has no option 'separator'."));
        assertTrue(message(QueryException.class, () -> files.open("a int", Map.of("qoute", "'"), "x.csv"))
                .startsWith("[UNKNOWN_OPTION] format(\"csv\") has no option 'qoute'. Did you mean 'quote'?"));
        assertInvalid("sep", "", "1 to 16 characters without a line's end, such as ; or \\t");
        assertInvalid("sep", "\"", "another character than the quote and the comment");
        assertInvalid("quote", "''", "one ASCII character, or nothing to switch it off");
        assertInvalid("lineSep", "xy", "one ASCII character, or \\r\\n");
        assertInvalid("header", "maybe", "true or false");
        assertInvalid("maxColumns", "0", "a whole number of at least 1");
        assertInvalid("mode", "LAX", "one of [PERMISSIVE, DROPMALFORMED, FAILFAST]");
        assertInvalid(
                "unescapedQuoteHandling", "BACK_TO_DELIMITER", "one of [STOP_AT_DELIMITER, SKIP_VALUE, RAISE_ERROR]");
    }

    private void assertInvalid(String key, String value, String expected) {
        assertEquals(
                "[INVALID_OPTION] format(\"csv\") option '" + key + "' is '" + value + "': expected " + expected + ".",
                message(QueryException.class, () -> files.open("a int", Map.of(key, value), "x.csv")));
    }

    private static String message(
            Class<? extends HeadraceException> type, org.junit.jupiter.api.function.Executable action) {
        return assertThrows(type, action).getMessage();
    }
}
