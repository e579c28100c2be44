package dev.headrace.xml;

import static dev.headrace.functions.col;
import static dev.headrace.functions.from_xml;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.schema_of_xml;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.to_xml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Column;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.types.StructType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the examples in `examples/xml.txt` don't say: the forms in Java, the texts of errors, and long documents.
class XmlFunctionsTest {
    private static final Map<String, String> NONE = Map.of();

    @AutoClose
    private final Session session = Session.builder().master("local[2]").create();

    private String first(Column column) {
        return String.valueOf(session.range(1).select(column).first().get(0));
    }

    @Test
    void theFormsInJavaMeanTheSame() {
        Column xml = lit("<p><a>1</a></p>");
        StructType schema = StructType.fromDDL("a int");

        assertEquals("[1]", first(from_xml(xml, schema)));
        assertEquals("[1]", first(from_xml(xml, schema, NONE)));
        assertEquals("[1]", first(from_xml(xml, "a int", NONE)));
        assertEquals("[1]", first(from_xml(xml, lit("a int"))));
        assertEquals("[1]", first(from_xml(xml, lit("a int"), NONE)));
        assertEquals("[1]", first(from_xml(xml, schema_of_xml(xml))));
        assertEquals("STRUCT<a: BIGINT>", first(schema_of_xml("<p><a>1</a></p>")));
        assertEquals("STRUCT<a: BIGINT>", first(schema_of_xml(xml)));
        assertEquals("STRUCT<a: STRING>", first(schema_of_xml(xml, Map.of("inferSchema", "false"))));
        assertEquals("<p/>", first(to_xml(struct(lit(null).cast("int").as("a")), Map.of("rowTag", "p"))));
        assertEquals("<ROW>\n    <a>1</a>\n</ROW>", first(to_xml(struct(lit(1).as("a")))));
    }

    @Test
    void aColumnOfTextsIsReadRowByRow() {
        List<String> rows = session
                .sql(
                        "SELECT id, CASE WHEN id % 3 = 2 THEN NULL ELSE '<p><a>' || id || '</a></p>' END AS x FROM range(6)")
                .select(col("id"), from_xml(col("x"), "a bigint", NONE).getField("a"))
                .collectAsList()
                .stream()
                .map(Row::toString)
                .toList();

        assertEquals(List.of("[0,0]", "[1,1]", "[2,null]", "[3,3]", "[4,4]", "[5,null]"), rows);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        String type = "_k string, a array<array<int>>, m map<string,array<double>>, s struct<_VALUE: string, _t: date>,"
                + " b binary, t timestamp, d decimal(38,10), e string";
        String value = "named_struct('_k', 'a\"<&>\\n\\t\\r', 'a', array(array(1, 2), array()), 'm',"
                + " map('x', array(1.5D), 'y', array(double('NaN'), 2D)), 's', named_struct('_VALUE', 'ä€😀]]>', '_t',"
                + " date'0001-01-01'), 'b', X'00FF', 't', timestamp'9999-12-31 23:59:59.999', 'd',"
                + " 9999999999999999999999999999.9999999999BD, 'e', '')";

        Row row = session.sql("SELECT v::string, from_xml(to_xml(v), '" + type
                        + "', map('ignoreSurroundingSpaces', 'false'))::string FROM (SELECT " + value + " AS v)")
                .first();

        assertEquals(row.getString(0), row.getString(1));
    }

    @Test
    void documentsMayBeLongButNotDeepWithoutEnd() {
        String many = "<p>" + "<a>1</a>".repeat(100_000) + "</p>";
        String deep = "<a>".repeat(100_000) + "</a>".repeat(100_000);

        assertEquals("STRUCT<a: ARRAY<BIGINT>>", first(schema_of_xml(many)));
        assertEquals("STRUCT<_corrupt_record: STRING>", first(schema_of_xml(deep)));
        assertEquals("[null]", first(from_xml(lit(deep), "b int", NONE)));
        assertEquals(
                "100000",
                first(dev.headrace.functions.size(
                        from_xml(lit(many), "a array<int>", NONE).getField("a"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT from_xml('<p><a>x</a></p>', 'a int', map('mode', 'FAILFAST'))|[MALFORMED_RECORD] from_xml: 'x' is not of type int. The record begins '<p><a>x</a></p>'. Correct it, or choose the mode PERMISSIVE (nulls) or DROPMALFORMED.",
                "SELECT from_xml('<p/>', 'a int', map('mode', 'DROPMALFORMED'))|[INVALID_OPTION] from_xml option 'mode' is 'DROPMALFORMED': expected PERMISSIVE or FAILFAST, because a function can't leave out rows.",
                "SELECT from_xml('<p/>', 'a variant')|[UNSUPPORTED_XML_TYPE] from_xml: XML has no text for values of type variant. Make them strings, with to_json for instance.",
                "SELECT from_xml('<p/>', 'm map<int,int>')|[UNSUPPORTED_XML_TYPE] from_xml: names in XML are strings, so the keys of map<int,int> can't be read. Make it a map<string,int>.",
                "SELECT from_xml('<p/>', 'a int', map('valueTag', '_'))|[INVALID_OPTION] from_xml option 'valueTag' is '_': expected a name, other than the option 'attributePrefix'.",
                "SELECT from_xml('<p/>', 'a int', map('dateFormat', 'QQQQQQ'))|[INVALID_OPTION] from_xml option 'dateFormat' is 'QQQQQQ': expected a pattern such as yyyy-MM-dd HH:mm:ss",
                "SELECT from_xml('<p/>', 'bad int', map('columnNameOfCorruptRecord', 'bad'))|[INVALID_CORRUPT_RECORD_COLUMN] from_xml: the column 'bad' gets the text of malformed records, so it must be of type string, not int. Change its type, or name another column in the option 'columnNameOfCorruptRecord'.",
                "SELECT to_xml(named_struct('a b', 1))|[INVALID_XML_NAME] to_xml: no element or attribute can be called 'a b', as the field is. Names begin with a letter or '_', and have letters, digits, '-', '_' and '.'. Rename it.",
                "SELECT to_xml(named_struct('m', map(id, 1))) FROM range(1)|[INVALID_XML_NAME] to_xml: no element or attribute can be called '0', as the key of a map is. Names begin with a letter or '_', and have letters, digits, '-', '_' and '.'. Rename it.",
                "SELECT to_xml(named_struct('a', chr(id + 1))) FROM range(1)|[INVALID_XML_CHARACTER] XML can't hold the character U+0001, not even as a reference. Take it out with translate or regexp_replace, or write the text in base64.",
                "SELECT to_xml(named_struct('a', parse_json('1')))|[UNSUPPORTED_XML_TYPE] to_xml: XML has no text for values of type variant. Make them strings, with to_json for instance.",
                "SELECT to_xml(named_struct('a', 1), map('rowTag', '<p>'))|[INVALID_OPTION] to_xml option 'rowTag' is '<p>': expected the name of an element, without < and >.",
                "SELECT to_xml(named_struct('a', 1), map('attributePrefix', ''))|[INVALID_OPTION] to_xml option 'attributePrefix' is '': expected at least one character, by which attributes are known.",
                "SELECT to_xml(named_struct('a', 1), map('indent', '--'))|[INVALID_OPTION] to_xml option 'indent' is '--': expected blanks, or nothing for rows in one line each.",
                "SELECT from_xml('<p/>', 'a int', map('rowTags', 'p'))|[UNKNOWN_OPTION] from_xml has no option 'rowTags'. Did you mean 'rowTag'?"
            })
    void anErrorSaysWhatWasFoundAndWhatWasExpected(String sql, String text) {
        HeadraceException error =
                assertThrows(HeadraceException.class, () -> session.sql(sql).collectAsList());

        assertTrue(String.valueOf(error.getMessage()).startsWith(text), error.getMessage());
    }

    @Test
    void whereATextIsNotXmlIsSaid() {
        HeadraceException read = assertThrows(
                HeadraceException.class,
                () -> first(from_xml(lit("<p>\n<a></b></p>"), "a int", Map.of("mode", "FAILFAST"))));
        HeadraceException schema = assertThrows(
                HeadraceException.class, () -> first(schema_of_xml(lit("<p>"), Map.of("mode", "FAILFAST"))));

        assertTrue(
                String.valueOf(read.getMessage()).startsWith("[MALFORMED_RECORD] from_xml: at line 2, column 6, "),
                read.getMessage());
        assertTrue(
                String.valueOf(schema.getMessage())
                        .startsWith("[INVALID_XML] schema_of_xml: '<p>' is not XML: at line 1, column 4, "),
                schema.getMessage());
    }
}
