package dev.headrace.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameReader;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records of CSV as variants.
class CsvVariantTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private DataFrameReader reader() {
        return session.read().option("singleVariantColumn", "v");
    }

    private static List<String> json(DataFrame rows) {
        return rows.selectExpr("to_json(v) AS j").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void eachValueIsWhatItsTextSays() throws IOException {
        String path = file("x.csv", """
                1,-9223372036854775808,9223372036854775808,1.50,1e3
                2026-01-31,2026-01-31 10:00:00,true,FALSE,text
                ,"",NaN,+7,"a,""b"
                """.replace("\"\"b", "\\\"b"));
        DataFrame rows = reader().csv(path);
        assertEquals("v variant", rows.schema().toDDL().replace("VARIANT", "variant"));
        assertEquals(
                List.of(
                        "{\"_c0\":1,\"_c1\":-9223372036854775808,\"_c2\":9223372036854775808,\"_c3\":1.5,\"_c4\":1000}",
                        "{\"_c0\":\"2026-01-31\",\"_c1\":\"2026-01-31 10:00:00+00:00\",\"_c2\":true,\"_c3\":false,\"_c4\":\"text\"}",
                        "{\"_c0\":null,\"_c1\":null,\"_c2\":\"NaN\",\"_c3\":7,\"_c4\":\"a,\\\"b\"}"),
                json(rows));
        assertEquals(
                List.of("[OBJECT<_c0: DATE, _c1: TIMESTAMP, _c2: BOOLEAN, _c3: BOOLEAN, _c4: STRING>]"),
                rows.selectExpr("schema_of_variant(v) AS s").where("s LIKE '%DATE%'").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
        assertEquals(3, rows.count());
    }

    @Test
    void theHeaderNamesTheFields() throws IOException {
        file("a.csv", "id,name\n1,ann\n2,bob\n");
        file("b.csv", "name,id,\ncid,3,x\n");
        DataFrame rows = reader().option("header", true).csv(directory.toString());
        assertEquals(
                List.of(
                        "{\"id\":1,\"name\":\"ann\"}",
                        "{\"id\":2,\"name\":\"bob\"}",
                        "{\"_c2\":\"x\",\"id\":3,\"name\":\"cid\"}"),
                json(rows).stream()
                        .sorted(java.util.Comparator.comparing(text -> text.replaceAll(".*\"id\":", "")))
                        .toList());
        assertEquals(6L, rows.selectExpr("sum(v:id::int) AS s").head().get(0));
    }

    @Test
    void everyPartOfALargeFileKnowsTheHeader() throws IOException {
        String lines = IntStream.range(0, 400_000)
                .mapToObj(i -> i + ",value of " + i)
                .collect(Collectors.joining("\n", "id,text\n", "\n"));
        String path = file("large.csv", lines);
        Row row = reader().option("header", true)
                .csv(path)
                .selectExpr("count(*) AS n", "sum(v:id::bigint) AS s", "count_if(v:text IS NULL) AS m")
                .head();
        assertEquals("[400000,79999800000,0]", row.toString());
    }

    @Test
    void recordsUnlikeTheHeaderAreMalformed() throws IOException {
        String path = file("x.csv", "a,b\n1\n2,3\n4,5,6\n");
        DataFrameReader header = reader().option("header", true);
        assertEquals(List.of("{\"a\":1}", "{\"a\":2,\"b\":3}", "{\"a\":4,\"b\":5}"), json(header.csv(path)));
        assertEquals(
                List.of("[{\"a\":1},1]", "[{\"a\":2,\"b\":3},null]", "[{\"a\":4,\"b\":5},4,5,6]"),
                reader()
                        .option("header", true)
                        .schema("v variant, _corrupt_record string")
                        .csv(path)
                        .selectExpr("to_json(v) AS v", "_corrupt_record")
                        .collectAsList()
                        .stream()
                        .map(Row::toString)
                        .toList());
        assertEquals(
                List.of("{\"a\":2,\"b\":3}"),
                json(reader().option("header", true)
                        .option("mode", "DROPMALFORMED")
                        .csv(path)));
        assertEquals(
                1,
                reader().option("header", true)
                        .option("mode", "DROPMALFORMED")
                        .csv(path)
                        .count());
        assertEquals(
                "[MALFORMED_RECORD] '" + path
                        + "' at byte 4: expected 2 values, as the header has, found 1. Correct it, or"
                        + " choose the mode PERMISSIVE or DROPMALFORMED.",
                assertThrows(
                                DataException.class,
                                () -> reader().option("header", true)
                                        .option("mode", "FAILFAST")
                                        .csv(path)
                                        .collectAsList())
                        .getMessage());
    }

    @Test
    void linesMayEndWithinQuotesAndFilesMayBeEmpty() throws IOException {
        String quoted = file("q.csv", "1,\"a\nb\"\n2,c\n");
        assertEquals(
                List.of("{\"_c0\":1,\"_c1\":\"a\\nb\"}", "{\"_c0\":2,\"_c1\":\"c\"}"),
                json(reader().option("multiLine", true).csv(quoted)));
        assertEquals(List.of(), json(reader().csv(file("empty.csv", ""))));
        assertEquals(List.of(), json(reader().option("header", true).csv(file("header.csv", "a,b\n"))));
        assertEquals(List.of(), json(reader().option("header", true).csv(file("none.csv", ""))));
    }

    @Test
    void theSchemaIsThatColumnAlone() throws IOException {
        String path = file("x.csv", "1,2\n");
        assertEquals(
                "[INVALID_SINGLE_VARIANT_COLUMN] format(\"csv\"): with the option 'singleVariantColumn' a schema has the"
                        + " column 'v' of type variant, and if you like '_corrupt_record' of type string, not"
                        + " struct<v:variant,b:int>. Leave the schema out.",
                assertThrows(
                                QueryException.class,
                                () -> reader().schema("v variant, b int").csv(path))
                        .getMessage());
        assertEquals(
                "UNSUPPORTED_CSV_TYPE",
                assertThrows(
                                HeadraceException.class,
                                () -> session.read().schema("v variant").csv(path))
                        .code());
    }
}
