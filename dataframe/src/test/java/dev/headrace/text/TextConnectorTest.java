package dev.headrace.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.SaveMode;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.FormatHarness;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextConnectorTest {
    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new TextConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    @Test
    void eachLineIsARowHoweverItEnds() {
        files.file("x.txt", "\ufeffa\tb\r\n\nü\rc");

        FormatHarness.Result result = files.read("", Map.of(), "x.txt");

        assertEquals("value STRING", result.schema().toDDL());
        assertEquals(List.of("[a\tb]", "[]", "[ü]", "[c]"), result.rows());
        assertEquals(Map.of("bytesRead", 13L), result.metrics());
        assertEquals(4, files.read(files.open("", Map.of(), "x.txt")).rows().size());
    }

    @Test
    void linesMayEndWithAnyText() {
        files.file("x.txt", "a###b##\nc");
        files.file("large.txt", "0123456789##".repeat(100_000));
        files.file("half.txt", "a##b#");

        assertEquals(
                List.of("[a]", "[#b]", "[\nc]"),
                files.read("", Map.of("lineSep", "##"), "x.txt").rows());
        assertEquals(
                List.of("[a]", "[]", "[]", "[b]", "[]", "[\nc]"),
                files.read("", Map.of("lineSep", "#"), "x.txt").rows());
        assertEquals(
                List.of("[a]", "[b#]"),
                files.read("", Map.of("lineSep", "##"), "half.txt").rows());
        List<String> large =
                files.read("", Map.of("lineSep", "##"), "large.txt").rows();
        assertEquals(100_000, large.size());
        assertEquals(List.of("[0123456789]"), large.stream().distinct().toList());
    }

    @Test
    void aFileMayBeARow() {
        files.file("t/x.txt", "a\nb\n");
        files.file("t/y.txt", "");

        assertEquals(
                List.of("[a\nb\n]", "[]"),
                files.read("", Map.of("wholetext", "true"), "t").rows());
    }

    @Test
    void directoriesOfKeysAndValuesAreColumns() {
        files.file("t/day=2026-01-01/x.txt", "a\nb");

        BatchTable table = files.open("", Map.of(), "t");

        assertEquals("value STRING,day DATE", table.schema().toDDL());
        assertEquals(List.of("[20454]", "[20454]"), files.read(table, "day").rows());
    }

    @Test
    void partsOfAFileGiveEachLineOnceWhereverItIsCut() {
        String content = "a\n\nbc\r\nd\re\n\n";
        InputFile file = InputFiles.list(List.of(files.file("x.txt", content).toString()))
                .getFirst();
        List<String> whole = lines(FileRange.whole(file));

        assertEquals(List.of("[a]", "[]", "[bc]", "[d]", "[e]", "[]"), whole);
        for (int cut = 1; cut <= content.length() + 1; cut++) {
            List<String> parts = new ArrayList<>(lines(new FileRange(file, 0, cut)));
            parts.addAll(lines(new FileRange(file, cut, Long.MAX_VALUE)));
            assertEquals(whole, parts, "cut at " + cut);
        }
    }

    private static List<String> lines(FileRange range) {
        StructType schema = StructType.fromDDL("value string");
        TextFormat format = new TextFormat(false, Optional.empty(), StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        try (RootAllocator allocator = new RootAllocator();
                FileTable.RowReader reader = format.open(range, schema, schema, allocator)) {
            for (int count = reader.read(2); count > 0; count = reader.read(2)) {
                for (int row = 0; row < count; row++) {
                    reader.columns().putStruct(row);
                    lines.add(String.valueOf(reader.columns().read(row)));
                }
                reader.columns().close();
            }
        }
        return lines;
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        List<List<@Nullable Object>> rows = List.of(
                Arrays.<@Nullable Object>asList(Slice.utf8("a,\"ü\"")),
                Arrays.<@Nullable Object>asList((@Nullable Object) null),
                Arrays.<@Nullable Object>asList(Slice.utf8("b")));

        files.write("line string", Map.of(), SaveMode.ERROR_IF_EXISTS, "out", rows);
        files.write("line string", Map.of("lineSep", "##", "compression", "gzip"), SaveMode.APPEND, "two", rows);

        assertEquals("a,\"ü\"\n\nb\n", files.written("out"));
        assertEquals(
                List.of("[a,\"ü\"]", "[]", "[b]"),
                files.read("", Map.of(), "out").rows());
        assertEquals("a,\"ü\"####b##", files.written("two/*.txt.gz"));
    }

    @Test
    void onlyOneColumnOfStringsIsText() {
        files.file("x.txt", "a");

        assertEquals(
                "[NOT_ONE_STRING_COLUMN] format(\"text\") writes one column of type string, not (a INT). Make one, with "
                        + "concat_ws or to_json for instance, or choose another format.",
                assertThrows(
                                QueryException.class,
                                () -> files.write("a int", Map.of(), SaveMode.APPEND, "out", List.of()))
                        .getMessage());
        assertEquals(
                "[NOT_ONE_STRING_COLUMN] format(\"text\") reads one column of type string, not (a STRING,b STRING). Make "
                        + "one, with concat_ws or to_json for instance, or choose another format.",
                assertThrows(QueryException.class, () -> files.open("a string, b string", Map.of(), "x.txt"))
                        .getMessage());
    }

    @Test
    void wrongOptionsAreRefused() {
        files.file("x.txt", "a");

        assertTrue(assertThrows(QueryException.class, () -> files.open("", Map.of("wholeText2", "true"), "x.txt"))
                .getMessage()
                .startsWith("[UNKNOWN_OPTION] format(\"text\") has no option 'wholeText2'. Did you mean 'wholetext'?"));
        assertEquals(
                "[INVALID_OPTION] format(\"text\") option 'lineSep' is '': expected 1 to 32 bytes of text.",
                assertThrows(QueryException.class, () -> files.open("", Map.of("lineSep", ""), "x.txt"))
                        .getMessage());
    }
}
