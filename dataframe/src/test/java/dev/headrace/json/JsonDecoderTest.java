package dev.headrace.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Cell;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataType;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonDecoderTest {
    private final RootAllocator allocator = new RootAllocator();

    @AfterEach
    void noMemoryIsLeft() {
        allocator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // type | JSON | value
                "boolean | true | true",
                "boolean | false | false",
                "boolean | \"true\" | !",
                "boolean | 1 | !",
                "tinyint | 127 | 127",
                "tinyint | -128 | -128",
                "tinyint | 128 | !",
                "smallint | -32768 | -32768",
                "smallint | 32768 | !",
                "int | 2147483647 | 2147483647",
                "int | -2147483648 | -2147483648",
                "int | 2147483648 | !",
                "int | 0 | 0",
                "int | -0 | 0",
                "int | 12345678 | 12345678",
                "int | 1.0 | !",
                "int | 1e2 | !",
                "int | \"1\" | !",
                "int | \"\" | !",
                "int | [1] | !",
                "int | {\"b\":1} | !",
                "int | true | !",
                "int | null | null",
                "bigint | 9223372036854775807 | 9223372036854775807",
                "bigint | -9223372036854775808 | -9223372036854775808",
                "bigint | 9223372036854775808 | !",
                "bigint | 99999999999999999999 | !",
                "bigint | 1234567890123456789 | 1234567890123456789",
                "double | 1 | 1.0",
                "double | -1.5e-3 | -0.0015",
                "double | 0.1 | 0.1",
                "double | 1E+2 | 100.0",
                "double | 1.7976931348623157e308 | 1.7976931348623157E308",
                "double | 1e400 | Infinity",
                "double | 4.9e-324 | 4.9E-324",
                "double | 1e-400 | 0.0",
                "double | -0.0 | -0.0",
                "double | 123456789012345678901234567890 | 1.2345678901234568E29",
                "double | \"NaN\" | NaN",
                "double | NaN | NaN",
                "double | -Infinity | -Infinity",
                "double | \"+INF\" | Infinity",
                "double | \"1.5\" | !",
                "float | 0.1 | 0.1",
                "float | 3.4028235e38 | 3.4028235E38",
                "float | 16777217 | 1.6777216E7",
                "decimal(5,2) | 123.45 | 123.45",
                "decimal(5,2) | 123.455 | 123.46",
                "decimal(5,2) | -1.005 | -1.01",
                "decimal(5,2) | 1e2 | 100.00",
                "decimal(5,2) | 1000 | !",
                "decimal(5,2) | 999.995 | !",
                "decimal(5,2) | 1e1000000000 | !",
                "decimal(5,2) | 1e-1000000000 | 0.00",
                "decimal(5,2) | \"1,0.5\" | 10.50",
                "decimal(5,2) | \"x\" | !",
                "decimal(38,0) | 99999999999999999999999999999999999999 | 99999999999999999999999999999999999999",
                "decimal(38,18) | -12345678901234567890.123456789012345678 | -12345678901234567890.123456789012345678",
                "string | \"text\" | text",
                "string | \"\" | ``",
                "string | 12.50 | 12.50",
                "string | true | true",
                "string | {\"b\": [1, 2]} | {\"b\": [1, 2]}",
                "string | [1,{\"x\":null}] | [1,{\"x\":null}]",
                "binary | \"SGVsbG8=\" | Hello",
                "binary | \"***\" | !",
                "date | \"2026-01-31\" | 20484",
                "date | \"1969-12-31\" | -1",
                "date | \"2024-02-29\" | 19782",
                "date | \"2023-02-29\" | !",
                "date | \"2026-13-01\" | !",
                "date | \"0001-01-01\" | -719162",
                "date | \"9999-12-31\" | 2932896",
                "date | 5 | !",
                "timestamp | \"1970-01-01T00:00:00Z\" | 0",
                "timestamp | \"1970-01-01 00:00:01\" | 1000000",
                "timestamp | \"1970-01-01T01:00:00.5+01:00\" | 500000",
                "timestamp | \"1969-12-31T23:59:59.999999Z\" | -1",
                "timestamp | \"1970-01-01T00:00:00.123456789Z\" | 123456",
                "timestamp | \"1970-01-01T00:00:00\\u005a\" | 0",
                "timestamp | \"1970-01-01T24:00:00Z\" | !",
                "timestamp | 12 | 12000000",
                "timestamp | 1.5 | !",
                "timestamp | \"yesterday\" | !",
                "timestamp_ntz | \"1970-01-01T00:00:01\" | 1000000",
                "array<int> | [] | []",
                "array<int> | [1, null ,3] | [1, null, 3]",
                "array<int> | [1, \"x\", 3] | !",
                "array<int> | 1 | !",
                "array<array<string>> | [[\"a\"],[],null] | [[a], [], null]",
                "map<string,int> | {\"x\": 1, \"y\":null} | {x=1, y=null}",
                "map<string,int> | {} | {}",
                "map<string,int> | {\"x\":\"y\"} | !",
                "struct<x:int,y:string> | {\"y\":\"b\",\"z\":[{}],\"x\":1} | [1, b]",
                "struct<x:int,y:string> | {} | [null, null]",
                "struct<x:int,y:string> | {\"x\":1,\"x\":2} | [2, null]",
                "struct<x:int,y:string> | {\"x\":\"bad\",\"y\":\"b\"} | ~[null, b]",
                "struct<x:int,y:string> | 5 | !",
                "array<struct<x:int>> | [{\"x\":1},{\"x\":true}] | ~[[1], [null]]",
                "map<string,struct<x:int>> | {\"k\":{\"x\":\"bad\"}} | ~{k=[null]}",
                "void | {\"x\":1} | null",
            })
    void aValueIsReadAsTheTypeOfItsField(String type, String json, String expected) {
        // ! stands for a value that does not fit, ~ for one that fits in part
        boolean fits = !expected.startsWith("!") && !expected.startsWith("~");
        String value = expected.startsWith("~") ? expected.substring(1) : expected;

        Result result = decode("a " + type + ", rest string", Map.of(), "{\"a\": " + json + " , \"rest\":\"r\"}");

        assertEquals(List.of("[" + (expected.equals("!") ? "null" : value) + ", r]"), result.rows());
        assertEquals(fits ? 0 : 1, result.malformed());
    }

    @Test
    void escapesInStringsStandForTheirCharacters() {
        Result result = decode(
                "a string",
                Map.of(),
                "{\"a\":\"a\\\"b\\\\c\\/d\\n\\t\\r\\b\\f\"}",
                "{\"a\":\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00.\\u0000\"}",
                "{\"a\":\"\\ud83dx\\ude00\\ud83d\\ud83d\\ude00\"}",
                "{\"a\":\"Z\u00fcrich, a plain text of many bytes with one escape \\u0021 in it\"}");

        assertEquals(
                List.of(
                        "[a\"b\\c/d\n\t\r\b\f]",
                        "[A\u00e9\u20ac\ud83d\ude00.\0]",
                        "[?x??\ud83d\ude00]",
                        "[Z\u00fcrich, a plain text of many bytes with one escape ! in it]"),
                result.rows());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":+1}",
                "{\"a\":1e}",
                "{\"a\":-}",
                "{\"a\":tru}",
                "{\"a\":truex}",
                "{\"a\":nul}",
                "{\"a\":\"x}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"tab\tin it\"}",
                "{\"b\":[1,]}",
                "{\"b\":[1 2]}",
                "{\"b\":{\"c\":1,}}",
                "{\"b\":{1:2}}",
                "{\"b\":[}",
                "{\"b\":1 \"a\":2}",
                "x",
                "5",
                "\"text\"",
                "null",
                "[{\"a\":1}]",
                "{\"b\":12.3.4}",
                "{\"a\":NULL}",
                "{\"a\":1\u0000}",
                "{\"b\":0x10}"
            })
    void aMalformedPayloadGivesAStructOfNulls(String json) {
        Result result = decode("a int, _corrupt_record string", Map.of(), "{\"a\":7}", json, "{\"a\":8}");

        assertEquals(List.of("[7, null]", "[null, " + json + "]", "[8, null]"), result.rows());
        assertEquals(1, result.malformed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t \r"})
    void aBlankPayloadIsNull(String json) {
        Result result = decode("a int", Map.of(), json, "{\"a\":1}");

        assertEquals(List.of("null", "[1]"), result.rows());
        assertEquals(0, result.malformed());
    }

    @Test
    void aMissingPayloadIsNull() {
        try (JsonDecoder decoder = decoder("a int, b array<string>", Map.of())) {
            decoder.decodeNull();
            decoder.decode(bytes("{\"a\":1,\"b\":[\"x\"]}"), 0, 19);
            decoder.decodeNull();

            assertEquals(List.of("null", "[1, [x]]", "null"), finish(decoder));
        }
    }

    @Test
    void whatFollowsTheValueIsIgnored() {
        assertEquals(
                List.of("[1]"),
                decode("a int", Map.of(), "{\"a\":1} trailing } text").rows());
    }

    @Test
    void aPayloadIsReadFromThePartOfTheArrayThatHoldsIt() {
        byte[] data = bytes("{\"a\":1}{\"a\":2}");
        try (JsonDecoder decoder = decoder("a int", Map.of())) {
            assertTrue(decoder.decode(data, 7, 7));
            assertFalse(decoder.decode(data, 7, 6));

            assertEquals(List.of("[2]", "[null]"), finish(decoder));
        }
    }

    @Test
    void fieldsMayComeInAnyOrderBeMissingOrRepeated() {
        Result result = decode(
                "a int, b string, c array<int>",
                Map.of(),
                "{\"a\":1,\"b\":\"x\",\"c\":[1]}",
                "{\"c\":[2],\"b\":\"y\",\"a\":2}",
                "{\"b\":\"z\"}",
                "{ \"a\" : 4 , \"c\" : [ 4 , 4 ] }",
                "{\"z\":0,\"a\":5,\"y\":{},\"b\":\"v\",\"b\":\"w\",\"c\":[5],\"c\":[6,6],\"a\":null}",
                "{}",
                "{\"a\":7,\"b\":\"x\",\"c\":[7]}");

        assertEquals(
                List.of(
                        "[1, x, [1]]",
                        "[2, y, [2]]",
                        "[null, z, null]",
                        "[4, null, [4, 4]]",
                        "[null, w, [6, 6]]",
                        "[null, null, null]",
                        "[7, x, [7]]"),
                result.rows());
    }

    @Test
    void aRecordIsMalformedWhateverCameBeforeIt() {
        Result result = decode(
                "a int, b int",
                Map.of(),
                "{\"a\":1,\"b\":2}",
                "{,\"b\":2}",
                "{\"b\":1}",
                "{\"b\":1\"a\":2}",
                "{\"b\":3,\"a\":4}");

        assertEquals(List.of("[1, 2]", "[null, null]", "[null, 1]", "[null, null]", "[4, 3]"), result.rows());
        assertEquals(2, result.malformed());
    }

    @Test
    void namesAreFoundWhateverTheirLengthAndSpelling() {
        StringBuilder ddl = new StringBuilder("`` int, `\u00fc\"\\` int");
        StringBuilder json = new StringBuilder("{\"\":0,\"\\u00fc\\\"\\\\\":1");
        StringBuilder expected = new StringBuilder("[0, 1");
        String name = "";
        for (int i = 2; i < 60; i++) {
            name += (char) ('a' + i % 26);
            ddl.append(", ").append(name).append(" int");
            json.append(i % 3 == 0 ? " , \"" : ",\"").append(name).append("\":").append(i);
            expected.append(", ").append(i);
        }
        String document = json.append('}').toString();

        Result result = decode(ddl.toString(), Map.of(), document, document, "{\"b\":1}", document);

        String row = expected.append(']').toString();
        assertEquals(List.of(row, row), result.rows().subList(0, 2));
        assertEquals(row, result.rows().get(3));
    }

    @Test
    void nestingMayBeAThousandDeep() {
        String schema = "a int, s string";
        String deep = "{\"a\":1,\"x\":" + "[".repeat(999) + "]".repeat(999) + ",\"s\":" + "[".repeat(1000)
                + "]".repeat(1000) + "}";
        String tooDeep = "{\"a\":1,\"x\":" + "[".repeat(1001) + "]".repeat(1001) + "}";

        Result result = decode(schema, Map.of(), deep, tooDeep);

        assertEquals(
                "[1, " + "[".repeat(1000) + "]".repeat(1000) + "]",
                result.rows().get(0));
        assertEquals("[null, null]", result.rows().get(1));
    }

    @Test
    void aMalformedRecordTakesBackWhatItHadWritten() {
        Result result = decode(
                "a string, b array<struct<x:string>>, c map<string,int>",
                Map.of(),
                "{\"a\":\"1\",\"b\":[{\"x\":\"1\"}],\"c\":{\"k\":1}}",
                "{\"a\":\"2\",\"b\":[{\"x\":\"2\"},{\"x\":\"2\"}],\"c\":{\"k\":2,",
                "{\"b\":[{\"x\":",
                "{\"c\":{},\"b\":[{}],\"a\":\"4\"}");

        assertEquals(
                List.of("[1, [[1]], {k=1}]", "[null, null, null]", "[null, null, null]", "[4, [[null]], {}]"),
                result.rows());
    }

    @Test
    void aChunkAfterAnotherStartsEmpty() {
        try (JsonDecoder decoder = decoder("a string, b array<int>", Map.of())) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 1000 * (round + 1); i++) {
                    byte[] payload = bytes("{\"a\":\"" + "x".repeat(i % 50) + "\",\"b\":[" + i + "]}");
                    decoder.decode(payload, 0, payload.length);
                }
                List<String> rows = finish(decoder);
                assertEquals(1000 * (round + 1), rows.size());
                assertEquals("[" + "x".repeat(49) + ", [999]]", rows.get(999));
            }
        }
    }

    @Test
    void arraysAndMapsCanBeTheWholePayload() {
        assertEquals(
                List.of("[1, 2]", "null", "null"),
                decodeAs(DataType.fromDDL("array<int>"), Map.of(), "[1,2]", "{\"a\":1}", "[1,true]")
                        .rows());
        assertEquals(
                List.of("{a=1}", "null"),
                decodeAs(DataType.fromDDL("map<string,int>"), Map.of(), "{\"a\":1}", "[1]")
                        .rows());
        assertEquals(
                List.of("[[1], [2]]", "[[3]]"),
                decodeAs(DataType.fromDDL("array<struct<a:int>>"), Map.of(), "[{\"a\":1},{\"a\":2}]", "{\"a\":3}")
                        .rows());
    }

    @Test
    void inFailfastModeAMalformedPayloadIsAnErrorThatSaysWhereAndWhat() {
        Map<String, String> failfast = Map.of("MODE", "failfast");

        DataException syntax =
                assertThrows(DataException.class, () -> decode("a int", failfast, "{\"a\":1,\"b\":oops}"));
        DataException type =
                assertThrows(DataException.class, () -> decode("a int", failfast, "{\"a\":\"one\",\"b\":2}"));

        assertEquals(
                "[MALFORMED_RECORD] from_json: at byte 11, expected a value, found 'oops}'. The record begins "
                        + "'{\"a\":1,\"b\":oops}'. Correct it, or choose the mode PERMISSIVE (nulls) or DROPMALFORMED.",
                syntax.getMessage());
        assertEquals(
                "[MALFORMED_RECORD] from_json: the value of 'a', which ends at byte 10, does not fit the type of its column. "
                        + "The record begins '{\"a\":\"one\",\"b\":2}'. Correct it, or choose the mode PERMISSIVE (nulls) or "
                        + "DROPMALFORMED.",
                type.getMessage());
    }

    @Test
    void optionsThatCannotWorkAreRefused() {
        assertEquals(
                "[INVALID_OPTION] from_json option 'mode' is 'dropmalformed': expected PERMISSIVE or FAILFAST, because a "
                        + "function can't leave out rows.",
                refusal("a int", Map.of("mode", "dropmalformed")));
        assertEquals(
                "[INVALID_OPTION] from_json option 'mode' is 'lenient': expected one of [PERMISSIVE, DROPMALFORMED, FAILFAST].",
                refusal("a int", Map.of("mode", "lenient")));
        assertTrue(refusal("a int", Map.of("timestampFromat", "x"))
                .startsWith(
                        "[UNKNOWN_OPTION] from_json has no option 'timestampFromat'. Did you mean 'timestampFormat'?"));
        assertEquals(
                "[INVALID_OPTION] from_json option 'timeZone' is 'Mars': expected a time zone such as UTC, +01:00 or "
                        + "Europe/Berlin.",
                refusal("a int", Map.of("timeZone", "Mars")));
        assertEquals(
                "[INVALID_CORRUPT_RECORD_COLUMN] from_json: the column '_corrupt_record' gets the text of malformed records, "
                        + "so it must be of type string, not int. Change its type, or name another column in the option "
                        + "'columnNameOfCorruptRecord'.",
                refusal("_corrupt_record int", Map.of()));
        assertEquals(
                "[UNSUPPORTED_JSON_TYPE] from_json: names in JSON are strings, so the keys of map<int,int> can't be read. "
                        + "Make it a map<string,int>.",
                refusal("m map<int,int>", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "allowSingleQuotes | {'a':'it\\'s \"so\"'} | [it's \"so\"]",
                "allowUnquotedFieldNames | {a:\"x\", b-c : 1} | [x]",
                "allowComments | {/* one */\"a\":\"x\" // two | malformed",
                "allowComments | {/* one */\"a\": /**/ \"x/*no*/\"} // two | [x/*no*/]",
                "allowNumericLeadingZeros | {\"a\":007} | [7]",
                "allowBackslashEscapingAnyCharacter | {\"a\":\"\\q\"} | [q]",
                "allowUnquotedControlChars | {\"a\":\"x\ty\"} | [x\ty]",
            })
    void lenienceIsAnOption(String option, String json, String expected) {
        Result lenient = decode("a string", Map.of(option, "true"), json);
        Result strict = decode("a string", Map.of(option, "false"), json);

        assertEquals(
                expected.equals("malformed") ? "[null]" : expected,
                lenient.rows().getFirst());
        assertEquals(1, strict.malformed());
    }

    @Test
    void timestampsAreReadInTheZoneAndByThePatternOfTheOptions() {
        String json = "{\"d\":\"31.01.2026\",\"t\":\"2026-01-31 00:00\"}";
        Map<String, String> options =
                Map.of("dateFormat", "dd.MM.yyyy", "timestampFormat", "yyyy-MM-dd HH:mm", "timeZone", "Asia/Tokyo");

        assertEquals(
                List.of("[20484, 1769785200000000]"),
                decode("d date, t timestamp", options, json).rows());
        assertEquals(
                List.of("[null, 1769785200000000]"),
                decode("d date, t timestamp", Map.of("timeZone", "+09:00"), json.replace("00:00", "00:00:00"))
                        .rows());
    }

    @Test
    void localTimesFollowTheRulesOfTheirZone() {
        List<String> texts = List.of(
                "2026-01-15T12:00:00",
                "2026-07-15T12:00:00",
                "2026-03-29T01:59:59",
                "2026-03-29T02:30:00",
                "2026-03-29T03:00:00",
                "2026-10-25T02:30:00",
                "2026-10-25T03:00:00",
                "1893-03-31T23:59:59",
                "1893-04-01T00:00:00",
                "2199-07-01T00:00:00",
                "2026-01-15T12:00:01");
        ZoneId zone = ZoneId.of("Europe/Berlin");
        try (JsonDecoder decoder = new JsonDecoder(StructType.fromDDL("t timestamp"), Map.of(), zone, allocator)) {
            List<String> expected = new ArrayList<>();
            for (String text : texts) {
                byte[] payload = bytes("{\"t\":\"" + text + "\"}");
                decoder.decode(payload, 0, payload.length);
                expected.add(
                        "[" + java.time.LocalDateTime.parse(text).atZone(zone).toEpochSecond() * 1_000_000 + "]");
            }
            assertEquals(expected, finish(decoder));
        }
    }

    private String refusal(String ddl, Map<String, String> options) {
        return assertThrows(QueryException.class, () -> decoder(ddl, options)).getMessage();
    }

    private record Result(List<String> rows, long malformed) {}

    private JsonDecoder decoder(String ddl, Map<String, String> options) {
        return new JsonDecoder(StructType.fromDDL(ddl), options, ZoneOffset.UTC, allocator);
    }

    private Result decode(String ddl, Map<String, String> options, String... payloads) {
        return decodeAs(StructType.fromDDL(ddl), options, payloads);
    }

    private Result decodeAs(DataType type, Map<String, String> options, String... payloads) {
        try (JsonDecoder decoder = new JsonDecoder(type, options, ZoneOffset.UTC, allocator)) {
            for (String payload : payloads) {
                byte[] data = bytes(payload);
                decoder.decode(data, 0, data.length);
            }
            return new Result(finish(decoder), decoder.malformedRows());
        }
    }

    private static List<String> finish(JsonDecoder decoder) {
        List<String> rows = new ArrayList<>();
        try (FieldVector vector = decoder.finish("value")) {
            for (int row = 0; row < vector.getValueCount(); row++) {
                rows.add(String.valueOf(Cell.read(vector, row)));
            }
        }
        return rows;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
