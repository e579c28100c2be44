package dev.headrace.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.SaveMode;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.FormatHarness;
import dev.headrace.files.InputFile;
import dev.headrace.files.InputFiles;
import dev.headrace.parse.FormatOptions;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRoundTripTest {
    private static final String[] PIECES = {
        "a",
        "bc",
        "0",
        "-1.5",
        ",",
        ";",
        "\"",
        "\"\"",
        "\\",
        "\n",
        "\r\n",
        "\r",
        " ",
        "\t",
        "ü",
        "€",
        "\ud83d\ude00",
        "#",
        "NULL",
        "|",
        "||",
        "long enough to fill more than a word or two"
    };

    @TempDir
    Path root;

    /// Nulls differ from empty strings only if null has a word.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void anyStringsAreReadAsTheyWereWritten(long seed) {
        Random random = new Random(seed);
        Map<String, String> format = Map.of(
                "multiLine", "true",
                "nullValue", "NULL!",
                "ignoreLeadingWhiteSpace", "false",
                "ignoreTrailingWhiteSpace", "false",
                "escape", random.nextBoolean() ? "\"" : "\\",
                "sep", List.of(",", ";", "\t", "||", "€").get(random.nextInt(5)),
                "header", String.valueOf(random.nextBoolean()));
        List<List<@Nullable Object>> rows = rows(random);
        List<String> expected = rows.stream().map(Object::toString).toList();

        try (FormatHarness files = new FormatHarness(new CsvConnector(), root)) {
            Map<String, String> write = new java.util.HashMap<>(format);
            write.remove("multiLine");
            if (random.nextBoolean()) {
                write.put("quoteAll", "true");
            }
            files.write("a string, b string, c string", write, SaveMode.OVERWRITE, "out", rows);

            assertEquals(
                    expected,
                    files.read("a string, b string, c string", format, "out").rows(),
                    "seed " + seed);
        }
    }

    @Test
    void aQuoteAtTheStartIsEscapedEvenIfOthersAreNot() {
        try (FormatHarness files = new FormatHarness(new CsvConnector(), root)) {
            files.write(
                    "a string, b string",
                    Map.of("escapeQuotes", "false"),
                    SaveMode.OVERWRITE,
                    "out",
                    List.of(List.of(Slice.utf8("\"said\""), Slice.utf8("he \"said\""))));

            assertEquals(
                    List.of("[\"said\", he \"said\"]"),
                    files.read("a string, b string", Map.of(), "out").rows());
        }
    }

    private static List<List<@Nullable Object>> rows(Random random) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            List<@Nullable Object> row = new ArrayList<>();
            for (int column = 0; column < 3; column++) {
                row.add(random.nextInt(8) == 0 ? null : Slice.utf8(text(random)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    @Test
    void partsOfAFileGiveEachRowOnceWhereverItIsCut() {
        String content = "id,s\n1,x\n\n2,\"é\"\r\nz,oops\r3,\"a,b\"\n\n4,d,e\n#5\n6,\"open\n7,y";
        try (FormatHarness files = new FormatHarness(new CsvConnector(), root)) {
            Path path = files.file("x.csv", content);
            InputFile file = InputFiles.list(List.of(path.toString())).getFirst();
            List<String> whole = rows(FileRange.whole(file));

            assertEquals(8, whole.size());
            int length = content.getBytes(StandardCharsets.UTF_8).length;
            for (int cut = 1; cut <= length + 1; cut++) {
                List<String> parts = new ArrayList<>(rows(new FileRange(file, 0, cut)));
                parts.addAll(rows(new FileRange(file, cut, Long.MAX_VALUE)));
                assertEquals(whole, parts, "cut at " + cut);
            }
        }
    }

    private static List<String> rows(FileRange range) {
        StructType schema = StructType.fromDDL("n int, s string");
        CsvOptions options = CsvOptions.of(new FormatOptions("csv", Map.of()), ZoneOffset.UTC);
        CsvFormat format = new CsvFormat(
                options, new CsvFormat.Layout(true, false, false, StandardCharsets.UTF_8), schema, Optional.empty());
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
}
