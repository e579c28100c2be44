package dev.headrace.xml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.SaveMode;
import dev.headrace.errors.HeadraceException;
import dev.headrace.files.Compression;
import dev.headrace.files.FormatHarness;
import dev.headrace.files.FormatHarness.Result;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmlConnectorTest {
    private static final String ORDERS = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE orders [<!-- it's <row> --> <!ENTITY e "<row id='9'/>">]>
            <!-- <row id="8"/> -->
            <?pi <row id="7"/> ?>
            <orders note="<![CDATA[ no row > ]]>">
              <row id="1"><name>ann</name></row>
              <row id="2"/><row
               id="3" ><name>a&gt;b</name><!-- </row> --><x><![CDATA[</row>]]></x></row>
              <rows id="6"/>
              <row id="4"><row id="5"/><name>in</name></row>
            </orders>
            """;

    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new XmlConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    private static Map<String, String> rows(String... options) {
        Map<String, String> all = new HashMap<>(Map.of("rowTag", "row"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return all;
    }

    @Test
    void eachElementOfTheNameIsARow() {
        files.file("x.xml", ORDERS);

        Result result = files.read("_id int, name string", rows(), "x.xml");

        assertEquals(List.of("[1, ann]", "[2, null]", "[3, a>b]", "[4, in]"), result.rows());
        assertEquals(
                Map.of("bytesRead", (long) ORDERS.getBytes(StandardCharsets.UTF_8).length, "malformedRows", 0L),
                result.metrics());
    }

    @Test
    void theSchemaIsThatOfAllRows() {
        files.file("t/x.xml", ORDERS);
        files.file("t/y.xml", "<r><row id='x'><more><a>1</a><a>2.5</a></more></row></r>");

        assertEquals(
                "_id STRING,more STRUCT<a: ARRAY<DOUBLE>>,name STRING,row STRUCT<_id: BIGINT>,x STRING",
                files.open("", rows(), "t").schema().toDDL());
        assertEquals(
                "_id STRING",
                files.open("", rows("rowTag", "rows", "inferSchema", "false"), "t/x.xml")
                        .schema()
                        .toDDL());
    }

    @Test
    void onlyTheColumnsThatAreAskedForAreRead() {
        files.file("x.xml", "<r><row><a>1</a><b>x</b></row><row><a>2</a><b>3</b></row></r>");
        BatchTable table = files.open("a int, b int, _corrupt_record string", rows(), "x.xml");

        assertEquals(List.of("[1]", "[2]"), files.read(table, "a").rows());
        assertEquals(List.of("[]", "[]"), files.read(table).rows());
        assertEquals(
                List.of("[<row><a>1</a><b>x</b></row>]", "[null]"),
                files.read(table, "_corrupt_record").rows());
    }

    @Test
    void whatIsMalformedInOneRowIsNotInOthers() {
        String text = "<r><row><a>1</a></row><row><a>2</b></row><row a='<row><a>3</a></row><row><a>x</a></row>"
                + "<row>a < b & c</row><row><a>4</a></row><row><a>5</a>";
        files.file("x.xml", text);
        String schema = "a int, _corrupt_record string";

        Result permissive = files.read(schema, rows(), "x.xml");
        Result dropped = files.read(schema, rows("mode", "DROPMALFORMED"), "x.xml");
        HeadraceException failed =
                assertThrows(HeadraceException.class, () -> files.read(schema, rows("mode", "FAILFAST"), "x.xml"));

        assertEquals(
                List.of(
                        "[1, null]",
                        "[null, <row><a>2</b></row>]",
                        "[null, <row a='<row><a>3</a></row><row><a>x</a></row><row>a < b & c</row><row><a>4</a></row><row><a>5</a>]"),
                permissive.rows());
        assertEquals(2L, permissive.metrics().get("malformedRows"));
        assertEquals(List.of("[1, null]"), dropped.rows());
        assertEquals(2L, dropped.metrics().get("malformedRows"));
        assertEquals(
                "[MALFORMED_RECORD] '" + root + "/x.xml' at byte 22: ",
                String.valueOf(failed.getMessage())
                                .substring(0, failed.getMessage().indexOf(" at line") - 1) + ": ");
    }

    @Test
    void aValueThatDoesNotFitSaysWhere() {
        files.file("x.xml", "<r>\n<row><a>1</a></row>\n<row><a>x</a></row></r>");

        HeadraceException failed =
                assertThrows(HeadraceException.class, () -> files.read("a int", rows("mode", "FAILFAST"), "x.xml"));

        assertEquals(
                "[MALFORMED_RECORD] '" + root + "/x.xml' at byte 24: 'x' is not of type int. The record begins"
                        + " '<row><a>x</a></row>'. Correct it, or choose the mode PERMISSIVE (nulls) or DROPMALFORMED.",
                failed.getMessage());
    }

    @Test
    void rowsThatAreNotXmlHaveAColumnInAFoundSchema() {
        files.file("x.xml", "<r><row><a>1</a></row><row><a>1</b></row></r>");

        assertEquals(
                "_corrupt_record STRING,a BIGINT",
                files.open("", rows(), "x.xml").schema().toDDL());
        assertEquals(
                "a BIGINT",
                files.open("", rows("mode", "DROPMALFORMED"), "x.xml").schema().toDDL());
        HeadraceException failed =
                assertThrows(HeadraceException.class, () -> files.open("", rows("mode", "FAILFAST"), "x.xml"));
        assertEquals("MALFORMED_RECORD", failed.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "<r/>", "no XML at all", "<r><rowing/></r>", "<", "<row", "</row>", "<!-- <row/>"})
    void filesWithoutRowsAreTablesWithoutColumns(String text) {
        files.file("x.xml", text);

        boolean cut = text.equals("<row");
        assertEquals(
                cut ? "_corrupt_record STRING" : "",
                files.open("", rows(), "x.xml").schema().toDDL());
        assertEquals(
                cut ? List.of("[null]") : List.of(),
                files.read("a int", rows(), "x.xml").rows());
    }

    /// Longer than what is read at once, and one line.
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 70_000, 300_000})
    void rowsMayBeLongerThanABlock(int length) {
        String text = "x".repeat(length);
        StringBuilder file = new StringBuilder("<r>");
        for (int i = 0; i < 20; i++) {
            file.append("<!--")
                    .append(text)
                    .append("--><row><n>")
                    .append(i)
                    .append("</n><t>")
                    .append(text)
                    .append("</t></row>");
        }
        files.file("x.xml", file.append("</r>").toString());

        List<String> rows = files.read("n int, t string", rows(), "x.xml").rows();

        assertEquals(20, rows.size());
        for (int i = 0; i < 20; i++) {
            assertEquals("[" + i + ", " + text + "]", rows.get(i));
        }
    }

    @Test
    void manyRowsComeInChunks() {
        files.file("x.xml", "<r>" + "<row><n>1</n></row>".repeat(50_000) + "</r>");

        assertEquals(50_000, files.read("n int", rows(), "x.xml").rows().size());
    }

    @ParameterizedTest
    @CsvSource({"UTF-8", "ISO-8859-1", "UTF-16"})
    void filesAreOfTheCharacterSetThatIsSaid(String charset) {
        files.file("x.xml", "<r><row><n>ä&#8364;</n></row></r>".getBytes(Charset.forName(charset)));

        assertEquals(
                List.of("[ä€]"),
                files.read("n string", rows("encoding", charset), "x.xml").rows());
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "ZSTD", "DEFLATE", "LZ4", "SNAPPY"})
    void filesMayBeCompressed(Compression compression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compression.compress(bytes)) {
            out.write(ORDERS.getBytes(StandardCharsets.UTF_8));
        }
        files.file("x.xml" + compression.extension(), bytes.toByteArray());

        assertEquals(
                List.of("[1]", "[2]", "[3]", "[4]"),
                files.read("_id int", rows(), "x.xml" + compression.extension()).rows());
    }

    @Test
    void directoriesMayBePartitions() {
        files.file("t/k=1/x.xml", "<r><row><n>1</n></row></r>");
        files.file("t/k=2/x.xml", "<r><row><n>2</n></row></r>");

        assertEquals(List.of("[1, 1]", "[2, 2]"), files.read("", rows(), "t").rows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mode=FAILFAST|[XML_ROW_TAG_MISSING] format(\"xml\"): the option 'rowTag' is not set. Name the elements that are rows, such as option(\"rowTag\", \"order\").",
                "rowTag=<row>|[INVALID_OPTION] format(\"xml\") option 'rowTag' is '<row>': expected the name of an element, without < and >.",
                "rowTag=|[INVALID_OPTION] format(\"xml\") option 'rowTag' is '': expected the name of an element, without < and >.",
                "rowTag=row,samplingRatio=0|[INVALID_OPTION] format(\"xml\") option 'samplingRatio' is '0': expected a number above 0 and up to 1.",
                "rowTag=row,encoding=x|[INVALID_OPTION] format(\"xml\") option 'encoding' is 'x': expected the name of a character set such as UTF-8, UTF-16LE or ISO-8859-1."
            })
    void optionsThatCannotWorkAreRefused(String options, String text) {
        files.file("x.xml", "<r/>");
        Map<String, String> given = options(options);

        HeadraceException failed = assertThrows(HeadraceException.class, () -> files.open("", given, "x.xml"));

        assertEquals(text, failed.getMessage());
    }

    @Test
    void rowsAreWrittenAsADocument() {
        files.write(
                "_id int, name string, tags array<string>",
                rows(),
                SaveMode.OVERWRITE,
                "out",
                List.of(
                        List.of(1, Slice.utf8("a&b"), List.of(Slice.utf8("x"), Slice.utf8("y"))),
                        Arrays.asList(2, null, null)));

        assertEquals("""
                <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
                <ROWS>
                    <row id="1">
                        <name>a&amp;b</name>
                        <tags>x</tags>
                        <tags>y</tags>
                    </row>
                    <row id="2"/>
                </ROWS>""", files.written("out"));
        assertEquals(
                List.of("[1, a&b, [x, y]]", "[2, null, null]"),
                files.read("_id int, name string, tags array<string>", rows(), "out")
                        .rows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "|<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>~<ROWS>~    <ROW>~        <n>ä</n>~    </ROW>~</ROWS>",
                "indent=|<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>~<ROWS>~<ROW><n>ä</n></ROW>~</ROWS>",
                "indent=,declaration=,rootTag=all,rowTag=one|<all>~<one><n>ä</n></one>~</all>",
                "indent=,declaration=version='1.1'|<?xml version='1.1'?>~<ROWS>~<ROW><n>ä</n></ROW>~</ROWS>",
                "indent=,declaration=,rootTag=a b='1' c=\"x & 'y'\" d=2|<a b=\"1\" c=\"x &amp; 'y'\" d=\"2\">~<ROW><n>ä</n></ROW>~</a>"
            })
    void whatIsAroundTheRowsIsSaidByOptions(String options, String document) {
        files.write("n string", options(options), SaveMode.OVERWRITE, "out", List.of(List.of(Slice.utf8("ä"))));

        assertEquals(document, files.written("out").replace('\n', '~'));
    }

    private static Map<String, String> options(String options) {
        Map<String, String> given = new HashMap<>();
        for (String option : options == null ? new String[0] : options.split(",")) {
            given.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        return given;
    }

    @Test
    void whatACharacterSetLacksIsAReference() {
        files.write(
                "n string, _k string",
                Map.of("encoding", "ISO-8859-1", "indent", "", "rowTag", "row"),
                SaveMode.OVERWRITE,
                "out",
                List.of(List.of(Slice.utf8("ä€😀"), Slice.utf8("€"))));

        assertEquals(
                "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" standalone=\"yes\"?>\n<ROWS>\n"
                        + "<row k=\"&#x20ac;\"><n>&#xe4;&#x20ac;&#x1f600;</n></row>\n</ROWS>",
                files.written("out"));
        assertEquals(
                List.of("[ä€😀]"),
                files.read("n string", rows("encoding", "ISO-8859-1"), "out").rows());
    }

    @ParameterizedTest
    @EnumSource(
            value = Compression.class,
            names = {"GZIP", "ZSTD", "DEFLATE", "LZ4", "SNAPPY"})
    void filesAreWrittenCompressed(Compression compression) {
        Map<String, String> options = rows("compression", compression.name());

        files.write("n int", options, SaveMode.OVERWRITE, "out", List.of(List.of(1), List.of(2)));

        assertEquals(List.of("[1]", "[2]"), files.read("n int", rows(), "out").rows());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n int|rootTag=<a>|[INVALID_OPTION] format(\"xml\") option 'rootTag' is '<a>': expected the name of an element, and if you like attributes, without < and >.",
                "n int|rootTag=a b|[INVALID_OPTION] format(\"xml\") option 'rootTag' is 'a b': expected the name of an element, and if you like attributes, without < and >.",
                "n int|declaration=<?xml?>|[INVALID_OPTION] format(\"xml\") option 'declaration' is '<?xml?>': expected what stands between <?xml and ?>, or nothing for none.",
                "n int|inferSchema=true|[UNKNOWN_OPTION] format(\"xml\") has no option 'inferSchema'.",
                "a b int||[INVALID_XML_NAME] format(\"xml\"): no element or attribute can be called 'a b'",
                "v variant||[UNSUPPORTED_DATA_TYPE] format(\"xml\") can't write the column 'v' of type variant."
            })
    void whatCannotBeWrittenIsRefused(String ddl, String options, String text) {
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> files.write(
                        ddl.contains("a b") ? "`a b` int" : ddl,
                        options(options),
                        SaveMode.OVERWRITE,
                        "out",
                        List.of()));

        assertEquals(
                text,
                failed.getMessage()
                        .substring(
                                0, Math.min(text.length(), failed.getMessage().length())));
    }
}
