package dev.headrace.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.SaveMode;
import dev.headrace.connector.ScanRequest;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.Compression;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.FormatHarness;
import dev.headrace.files.FormatHarness.Result;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import dev.headrace.parse.FormatOptions;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JsonConnectorTest {
    private static final String THREE = "{\"a\":1,\"b\":\"x\"}\n{\"a\":2}\n\n{\"b\":\"z\",\"a\":3}";

    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new JsonConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    @Test
    void eachLineIsARow() {
        files.file("x.json", THREE);

        Result result = files.read("a int, b string", Map.of(), "x.json");

        assertEquals(List.of("[1, x]", "[2, null]", "[3, z]"), result.rows());
        assertEquals(Map.of("bytesRead", (long) THREE.length(), "malformedRows", 0L), result.metrics());
    }

    @Test
    void theSchemaIsInferredFromAllRecords() {
        files.file("x.json", """
                {"id":1,"price":1,"tags":[],"who":{"name":"ann"},"nothing":null,"big":9223372036854775808,"mixed":1}
                {"id":2,"price":1.5,"tags":["a"],"who":{"age":7,"name":null},"mixed":true,"at":"2026-01-01T00:00:00"}
                """);

        assertEquals(
                "at STRING,big DECIMAL(19,0),id BIGINT,mixed STRING,nothing STRING,price DOUBLE,tags ARRAY<STRING>,"
                        + "who STRUCT<age: BIGINT, name: STRING>",
                files.read("", Map.of(), "x.json").schema().toDDL());
        assertEquals(
                "at TIMESTAMP,big DECIMAL(19,0),id BIGINT,mixed STRING,price DECIMAL(21,1),tags ARRAY<STRING>,"
                        + "who STRUCT<age: BIGINT, name: STRING>",
                files.open(
                                "",
                                Map.of(
                                        "inferTimestamp",
                                        "true",
                                        "dropFieldIfAllNull",
                                        "true",
                                        "prefersDecimal",
                                        "true"),
                                "x.json")
                        .schema()
                        .toDDL());
        assertEquals(
                "STRING",
                files.open("", Map.of("primitivesAsString", "true"), "x.json")
                        .schema()
                        .apply("price")
                        .dataType()
                        .sql());
    }

    @Test
    void numbersThatAreNotFiniteAreDoubles() {
        files.file("x.json", """
                {"a":NaN,"b":[1,-Infinity],"c":"NaN","d":"x"}
                {"a":1,"b":[+INF],"c":"x","d":NaN}
                """);

        Result result = files.read("", Map.of(), "x.json");

        assertEquals(
                "a DOUBLE,b ARRAY<DOUBLE>,c STRING,d STRING", result.schema().toDDL());
        assertEquals(List.of("[NaN, [1.0, -Infinity], NaN, x]", "[1.0, [Infinity], x, NaN]"), result.rows());
        assertEquals(
                "a DOUBLE,b ARRAY<DOUBLE>,c STRING,d STRING",
                files.open("", Map.of("prefersDecimal", "true"), "x.json")
                        .schema()
                        .toDDL());
        assertEquals(
                "_corrupt_record STRING",
                files.open("", Map.of("allowNonNumericNumbers", "false"), "x.json")
                        .schema()
                        .toDDL());
    }

    @Test
    void filesWithoutFieldsHaveNoColumns() {
        files.file("x.json", "\n \n");

        assertEquals(new StructType(), files.open("", Map.of(), "x.json").schema());
        assertEquals(List.of(), files.read("", Map.of(), "x.json").rows());
    }

    @Test
    void recordsOfTextsThatAreNoUtf8AreMalformed() {
        String records = """
                {"a":"fine, and long enough: é"}
                {"a":"a byte ÿ that begins nothing"}
                {"a":"cut Ã"}
                {"a":{"b":"Ã"}}
                {"m":{"kÿ":"v"}}
                """.replace("é", "Ã©");
        files.file("x.json", records.getBytes(StandardCharsets.ISO_8859_1));
        String schema = "a string, m map<string,string>";

        Result permissive = files.read(schema, Map.of(), "x.json");

        assertEquals(
                List.of(
                        "[fine, and long enough: é, null]",
                        "[null, null]",
                        "[null, null]",
                        "[null, null]",
                        "[null, null]"),
                permissive.rows());
        assertEquals(4, permissive.metrics().get("malformedRows"));
        String failure = assertThrows(
                        DataException.class, () -> files.read(schema, Map.of("mode", "FAILFAST"), "x.json"))
                .getMessage();
        assertTrue(failure.contains("expected a text in UTF-8, found"), failure);
    }

    @Test
    void malformedRecordsAreKeptDroppedOrAnErrorByTheMode() {
        files.file("x.json", "{\"a\":1}\noops\n{\"a\":\"text\",\"b\":\"y\"}\n{\"a\":4}\n");
        String schema = "a int, b string, _corrupt_record string";

        Result permissive = files.read(schema, Map.of(), "x.json");
        Result dropped = files.read(schema, Map.of("mode", "DROPMALFORMED"), "x.json");
        DataException error =
                assertThrows(DataException.class, () -> files.read(schema, Map.of("mode", "FAILFAST"), "x.json"));

        assertEquals(
                List.of(
                        "[1, null, null]",
                        "[null, null, oops]",
                        "[null, y, {\"a\":\"text\",\"b\":\"y\"}]",
                        "[4, null, null]"),
                permissive.rows());
        assertEquals(2, permissive.metrics().get("malformedRows"));
        assertEquals(List.of("[1, null, null]", "[4, null, null]"), dropped.rows());
        assertEquals(2, dropped.metrics().get("malformedRows"));
        assertEquals(
                "[MALFORMED_RECORD] '" + root
                        + "/x.json' at byte 8: at byte 0, expected an object, found 'oops'. The record "
                        + "begins 'oops'. Correct it, or choose the mode PERMISSIVE (nulls) or DROPMALFORMED.",
                error.getMessage());
    }

    @Test
    void inferenceTakesRecordsThatAreNestedTooDeeplyForCorrupt() {
        files.file(
                "x.json",
                "{\"a\":1}\n{\"a\":" + "[".repeat(100_000) + "\n{\"a\":" + "[".repeat(1000) + "]".repeat(1000) + "}");

        Result result = files.read("", Map.of(), "x.json");

        assertEquals("_corrupt_record STRING,a BIGINT", result.schema().toDDL());
        assertEquals("[null, 1]", result.rows().getFirst());
    }

    @Test
    void inferenceAddsTheColumnForCorruptRecords() {
        files.file("x.json", "{\"a\":1}\n5\n[{\"a\":2}]\n{\"a\":");

        Result result = files.read("", Map.of(), "x.json");

        assertEquals("_corrupt_record STRING,a BIGINT", result.schema().toDDL());
        assertEquals(List.of("[null, 1]", "[5, null]", "[null, 2]", "[{\"a\":, null]"), result.rows());
        assertEquals(
                "a BIGINT",
                files.open("", Map.of("mode", "DROPMALFORMED"), "x.json")
                        .schema()
                        .toDDL());
        assertEquals(
                "[MALFORMED_RECORD] '" + root
                        + "/x.json' at byte 8: the record is no JSON object. Correct it, or choose the "
                        + "mode PERMISSIVE or DROPMALFORMED.",
                assertThrows(DataException.class, () -> files.open("", Map.of("mode", "FAILFAST"), "x.json"))
                        .getMessage());
    }

    @Test
    void onlyTheColumnsAskedForAreParsed() {
        files.file("x.json", "{\"a\":1,\"b\":{\"c\":2,\"d\":\"x\"}}\n{\"a\":\"bad\",\"b\":{\"c\":3}}\n");
        BatchTable table = files.open("a int, b struct<c:int,d:string>, _corrupt_record string", Map.of(), "x.json");

        Result some = files.read(table, "b");
        Result none = files.read(table);
        Result corrupt = files.read(table, "_corrupt_record");
        Result nested = files.read(
                table,
                new ScanRequest(
                        List.of(new ScanRequest.ScanColumn.Stored(
                                1, StructType.fromDDL("b struct<d:string>").field(0))),
                        List.of(),
                        OptionalLong.empty()));

        assertEquals(List.of("[[2, x]]", "[[3, null]]"), some.rows());
        assertEquals(0, some.metrics().get("malformedRows"));
        assertEquals(List.of("[]", "[]"), none.rows());
        assertEquals(List.of("[null]", "[{\"a\":\"bad\",\"b\":{\"c\":3}}]"), corrupt.rows());
        assertEquals(List.of("[[x]]", "[[null]]"), nested.rows());
    }

    @Test
    void aLimitEndsTheReading() {
        files.file("x.json", "{\"a\":1}\n".repeat(30_000));
        BatchTable table = files.open("a int", Map.of(), "x.json");
        ScanRequest all = ScanRequest.all(table.schema());

        assertEquals(
                10,
                files.read(table, new ScanRequest(all.columns(), List.of(), OptionalLong.of(10)))
                        .rows()
                        .size());
        assertEquals(
                20_000,
                files.read(table, new ScanRequest(all.columns(), List.of(), OptionalLong.of(20_000)))
                        .rows()
                        .size());
    }

    @Test
    void anArrayOfObjectsIsARowEach() {
        files.file("x.json", "[{\"a\":1},{\"a\":2}]\n[]\n[{\"a\":3},{\"a\":\"x\"}]\n[{\"a\":4},5]\n[{\"a\":5}\n");

        Result result = files.read("a int, _corrupt_record string", Map.of(), "x.json");

        assertEquals(
                List.of(
                        "[1, null]",
                        "[2, null]",
                        "[3, [{\"a\":3},{\"a\":\"x\"}]]",
                        "[null, [{\"a\":3},{\"a\":\"x\"}]]",
                        "[null, [{\"a\":4},5]]",
                        "[null, [{\"a\":5}]"),
                result.rows());
        assertEquals(3, result.metrics().get("malformedRows"));
    }

    @Test
    void aDocumentMayTakeSeveralLines() {
        files.file("one/x.json", "[\n {\"a\":\n 1},\n {\"a\": 2}\n]\n");
        files.file("one/y.json", "{\n\"a\": 3\n}");
        files.file("one/z.json", "");
        files.file("bad/x.json", "{\n\"a\": ");
        Map<String, String> options = Map.of("multiLine", "true");

        assertEquals(
                List.of("[1]", "[2]", "[3]"), files.read("", options, "one").rows());
        assertEquals(
                List.of("[null, {\n\"a\": ]"),
                files.read("a int, _corrupt_record string", options, "bad").rows());
    }

    @Test
    void aLargeDocumentComesInChunks() {
        String rows = String.join(
                ",",
                IntStream.range(0, 20_000).mapToObj(i -> "{\"a\":" + i + "}").toList());
        files.file("x.json", "[" + rows + "]");

        List<String> result =
                files.read("a int", Map.of("multiLine", "true"), "x.json").rows();

        assertEquals(20_000, result.size());
        assertEquals("[19999]", result.getLast());
    }

    @Test
    void linesMayEndInAnyWay() {
        files.file("x.json", "\ufeff{\"a\":1}\r\n{\"a\":2}\r{\"a\":3} \r\n\r\n{\"a\":\r\n{\"a\":5}");

        Result result = files.read("a int, _corrupt_record string", Map.of(), "x.json");

        assertEquals(List.of("[1, null]", "[2, null]", "[3, null]", "[null, {\"a\":]", "[5, null]"), result.rows());
    }

    @Test
    void recordsMayEndWithAnyText() {
        Map<String, String> twoBars = Map.of("lineSep", "||");
        files.file("x.json", "{\"a\":\n1}||\n||[{\"a\":2},\r\n{\"a\":3}]|| oops\n||{\"a\":4, \"b\": \"|\"}|");
        files.file("large.json", "{\"a\":7}\n||".repeat(50_000));
        files.file("blank.json", "||||");

        Result rows = files.read("a int, b string, _corrupt_record string", twoBars, "x.json");
        assertEquals(
                List.of(
                        "[1, null, null]",
                        "[2, null, null]",
                        "[3, null, null]",
                        "[null, null,  oops\n]",
                        "[4, |, null]"),
                rows.rows());
        assertEquals(
                "_corrupt_record STRING,a BIGINT,b STRING",
                files.open("", twoBars, "x.json").schema().toDDL());
        List<String> large = files.read("", twoBars, "large.json").rows();
        assertEquals(50_000, large.size());
        assertEquals(List.of("[7]"), large.stream().distinct().toList());
        assertEquals(List.of(), files.read("a int", twoBars, "blank.json").rows());
        assertEquals(
                "[INVALID_OPTION] format(\"json\") option 'lineSep' is '': expected 1 to 32 bytes of text.",
                assertThrows(QueryException.class, () -> files.open("a int", Map.of("lineSep", ""), "x.json"))
                        .getMessage());
    }

    @Test
    void whatIsWrittenWithALineSepIsReadWithIt() {
        Map<String, String> options = Map.of("lineSep", "\u001e", "encoding", "UTF-16LE");
        files.write(
                "a int, b string",
                options,
                SaveMode.OVERWRITE,
                "out",
                List.of(List.of(1, Slice.utf8("x\ny")), List.of(2, Slice.utf8("é"))));

        assertEquals(
                List.of("[1, x\ny]", "[2, é]"),
                files.read("a int, b string", options, "out").rows());
    }

    @Test
    void partsOfAFileGiveEachRowOnceWhereverItIsCut() {
        String content =
                "{\"a\":1,\"b\":\"x\"}\n\n{\"a\":2,\"b\":\"\\u00e9\"}\r\noops\n[{\"a\":3},{\"a\":4}]\n{\"a\":5}";
        givesEachRowOnceWhereverItIsCut(content, Optional.empty());
        givesEachRowOnceWhereverItIsCut(content.replace("\n", ";"), Optional.of(";"));
    }

    private void givesEachRowOnceWhereverItIsCut(String content, Optional<String> lineEnd) {
        InputFile file = InputFiles.list(List.of(files.file("x.json", content).toString()))
                .getFirst();
        StructType schema = StructType.fromDDL("a int, b string");
        JsonFormat format = new JsonFormat(
                JsonOptions.of(new FormatOptions("json", Map.of()), ZoneOffset.UTC),
                false,
                lineEnd,
                StandardCharsets.UTF_8);
        List<String> whole = rows(format, schema, FileRange.whole(file));

        assertEquals(6, whole.size());
        for (int cut = 1; cut <= content.length() + 1; cut++) {
            List<String> parts = new ArrayList<>(rows(format, schema, new FileRange(file, 0, cut)));
            parts.addAll(rows(format, schema, new FileRange(file, cut, Long.MAX_VALUE)));
            assertEquals(whole, parts, "cut at " + cut);
        }
    }

    private static List<String> rows(JsonFormat format, StructType schema, FileRange range) {
        List<String> rows = new ArrayList<>();
        try (RootAllocator allocator = new RootAllocator();
                FileTable.RowReader reader = format.open(range, schema, schema, allocator)) {
            for (int count = reader.read(2); count > 0; count = reader.read(2)) {
                for (int row = 0; row < count; row++) {
                    reader.columns().putStruct(row);
                    rows.add(String.valueOf(reader.columns().read(row)));
                }
                reader.columns().close();
            }
        }
        return rows;
    }

    @Test
    void directoriesOfKeysAndValuesAreColumns() {
        files.file("t/day=2026-01-01/shop=1/x.json", "{\"a\":1,\"shop\":9}\n");
        files.file("t/day=2026-01-02/shop=20/x.json", "{\"a\":2}\n{\"a\":3}\n");
        files.file("t/day=__HIVE_DEFAULT_PARTITION__/shop=3/x.json", "{\"a\":4}\n");
        files.file("t/_SUCCESS", "");

        Result inferred = files.read("", Map.of(), "t");
        BatchTable given = files.open("shop string, a int", Map.of(), "t");

        assertEquals("a BIGINT,day DATE,shop INT", inferred.schema().toDDL());
        assertEquals(List.of("[1, 20454, 1]", "[2, 20455, 20]", "[3, 20455, 20]", "[4, null, 3]"), inferred.rows());
        assertEquals("a INT,day DATE,shop STRING", given.schema().toDDL());
        assertEquals(List.of("[20]", "[20]"), files.read(given, "shop").rows().subList(1, 3));
        assertEquals("[3, 4]", files.read(given, "shop", "a").rows().getLast());
    }

    @Test
    void filesBelowDirectoriesOfOtherKeysAreRefused() {
        files.file("t/day=1/x.json", "{}");
        files.file("t/hour=1/x.json", "{}");

        QueryException error = assertThrows(QueryException.class, () -> files.open("a int", Map.of(), "t"));

        assertEquals(
                "[CONFLICTING_PARTITION_COLUMNS] '" + root
                        + "/t/day=1/x.json' lies below directories for the columns [day], "
                        + "but '" + root
                        + "/t/hour=1/x.json' for [hour]. Read them as tables of their own, or give the "
                        + "paths of the files.",
                error.getMessage());
    }

    @Test
    void aPartitionValueThatDoesNotFitIsAnError() {
        files.file("t/day=soon/x.json", "{\"a\":1}");

        QueryException error = assertThrows(QueryException.class, () -> files.read("a int, day date", Map.of(), "t"));

        assertEquals(
                "[INVALID_PARTITION_VALUE] '" + root
                        + "/t/day=soon/x.json': 'soon' is no value of the partition column 'day' " + "of type date.",
                error.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void compressedFilesAreReadAndWritten(Compression compression) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = compression.compress(bytes)) {
            out.write(THREE.getBytes(StandardCharsets.UTF_8));
        }
        files.file("in/x.json" + compression.extension(), bytes.toByteArray());

        assertEquals(3, files.read("", Map.of(), "in").rows().size());
        files.write("a int", Map.of("compression", compression.name()), SaveMode.OVERWRITE, "out", List.of(List.of(7)));
        assertEquals(
                List.of("[7]"),
                files.read("", Map.of(), "out/*.json" + compression.extension()).rows());
    }

    @Test
    void otherCharacterSetsAreReadAndWritten() {
        files.file("x.json", "{\"a\":\"Zürich €\"}\n".getBytes(StandardCharsets.UTF_16LE));
        Map<String, String> options = Map.of("encoding", "UTF-16LE");

        assertEquals(List.of("[Zürich €]"), files.read("", options, "x.json").rows());
        files.write("a string", options, SaveMode.OVERWRITE, "out", List.of(List.of(Slice.utf8("Zürich €"))));
        assertEquals(List.of("[Zürich €]"), files.read("", options, "out").rows());
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        String schema = "b boolean, i int, l bigint, d double, e decimal(20,3), s string, y binary, t date, "
                + "ts timestamp, a array<int>, m map<string,string>, r struct<x:int,y:string>";
        List<List<Object>> rows = List.of(
                Arrays.asList(
                        true,
                        -1,
                        Long.MIN_VALUE,
                        0.1,
                        new BigDecimal("-12345678901234567.890"),
                        Slice.utf8("a\"\\\n\u0001ü€\ud83d\ude00"),
                        Slice.utf8("bytes"),
                        20454,
                        1_769_904_000_123_000L,
                        Arrays.asList(1, null, 3),
                        Map.of(Slice.utf8("k"), Slice.utf8("v")),
                        Arrays.asList(1, Slice.utf8("z"))),
                Arrays.asList(null, null, null, null, null, null, null, null, null, null, null, null),
                Arrays.asList(
                        false,
                        Integer.MAX_VALUE,
                        0L,
                        -1e300,
                        new BigDecimal("0.000"),
                        Slice.utf8(""),
                        Slice.utf8(""),
                        -1,
                        0L,
                        List.of(),
                        Map.of(),
                        Arrays.asList(null, null)));

        Map<String, Long> metrics = files.write(schema, Map.of(), SaveMode.ERROR_IF_EXISTS, "out", rows);
        Result result = files.read(schema, Map.of(), "out");

        assertEquals(3, metrics.get("numOutputRows"));
        assertEquals(
                List.of(
                        "[true, -1, -9223372036854775808, 0.1, -12345678901234567.890, a\"\\\n\u0001ü€\ud83d\ude00, 6279746573, "
                                + "20454, 1769904000123000, [1, null, 3], {k=v}, [1, z]]",
                        "[null, null, null, null, null, null, null, null, null, null, null, null]",
                        "[false, 2147483647, 0, -1.0E300, 0.000, , , -1, 0, [], {}, [null, null]]"),
                result.rows());
        assertTrue(files.written("out").contains("\n{}\n"), files.written("out"));
    }

    @Test
    void manyRowsComeInChunks() {
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            content.append("{\"i\":")
                    .append(i)
                    .append(",\"s\":\"")
                    .append("x".repeat(i % 100))
                    .append("\"}\n");
        }
        files.file("x.json", content.toString());

        List<String> rows = files.read("i int, s string", Map.of(), "x.json").rows();

        assertEquals(50_000, rows.size());
        assertEquals("[49999, " + "x".repeat(99) + "]", rows.getLast());
    }

    @Test
    void unknownOptionsAreRefused() {
        files.file("x.json", "{}");

        assertTrue(assertThrows(QueryException.class, () -> files.open("a int", Map.of("multiline ", "true"), "x.json"))
                .getMessage()
                .startsWith("[UNKNOWN_OPTION] format(\"json\") has no option 'multiline '. Did you mean 'multiLine'?"));
        assertEquals(
                "[INVALID_OPTION] format(\"json\") option 'samplingRatio' is '2': expected a number above 0 and up to 1.",
                assertThrows(QueryException.class, () -> files.open("", Map.of("samplingRatio", "2"), "x.json"))
                        .getMessage());
        assertEquals(
                "[INVALID_OPTION] format(\"json\") option 'compression' is 'rar': expected one of none, gzip, zstd, deflate, bzip2, lz4, snappy.",
                assertThrows(
                                QueryException.class,
                                () -> files.write(
                                        "a int", Map.of("compression", "rar"), SaveMode.APPEND, "o", List.of()))
                        .getMessage());
        assertEquals(
                "[INVALID_OPTION] format(\"json\") option 'encoding' is 'EBCDIQ': expected the name of a character set such "
                        + "as UTF-8, UTF-16LE or ISO-8859-1.",
                assertThrows(QueryException.class, () -> files.open("", Map.of("encoding", "EBCDIQ"), "x.json"))
                        .getMessage());
    }
}
