package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameReader;
import dev.headrace.DataFrameWriter;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each format with nothing, with half of something, with something else, and with the ends of every type.
class FormatEdgesTest {
    /// Types, and their ends as SQL.
    private static final List<String> TYPES = List.of(
            "boolean: true, false",
            "tinyint: 127Y, (-127Y - 1Y)",
            "smallint: 32767S, (-32767S - 1S)",
            "int: 2147483647, (-2147483647 - 1), 0",
            "bigint: 9223372036854775807L, (-9223372036854775807L - 1L)",
            "float: float('NaN'), float('-Infinity'), 3.4028235E38F, 1.4E-45F, float('-0.0')",
            "double: double('NaN'), double('Infinity'), 1.7976931348623157E308D, 4.9E-324D, -0.0D",
            "decimal(4,2): 99.99BD, -99.99BD, 0.00BD",
            "decimal(18,0): 999999999999999999BD, -999999999999999999BD",
            "decimal(38,10): 9999999999999999999999999999.9999999999BD, -0.0000000001BD",
            "string: '', ' ', 'ä€😀', 'a,b;\"c\"', repeat('x', 9000), 'null', '\\\\N', 'a\\tb'",
            "binary: X'', X'00FF', X'0A0D22'",
            "date: date'0001-01-01', date'1582-10-15', date'9999-12-31'",
            "timestamp: timestamp'0001-01-01 00:00:00', timestamp'1969-12-31 23:59:59.999999', timestamp'9999-12-31 23:59:59.999999'",
            "timestamp_ntz: timestamp_ntz'0001-01-01 00:00:00', timestamp_ntz'9999-12-31 23:59:59.999999'",
            "interval year to month: INTERVAL '178956970-7' YEAR TO MONTH, INTERVAL '-178956970-8' YEAR TO MONTH",
            "interval day to second: INTERVAL '106751991 04:00:54.775807' DAY TO SECOND",
            "array<int>: array(), array(NULL), array(1, NULL, 2147483647)",
            "map<string,int>: map(), map('', NULL), map('a', 1, 'b', 2)",
            "struct<a:int,b:string>: named_struct('a', NULL, 'b', NULL), named_struct('a', 1, 'b', '')",
            "array<struct<a:array<string>>>: array(named_struct('a', array('', NULL))), array(NULL)",
            "variant: parse_json('{\"a\":[1,null,\"\"]}'), parse_json('null')");

    private static final String EDGES = """
            csv
              empty file: 0 rows []
              empty file, schema: 0 rows []
              half a file: 259 rows
              empty folder: UNABLE_TO_INFER_SCHEMA
              empty folder, schema: 0 rows []
              nothing there: PATH_NOT_FOUND
            json
              empty file: 0 rows []
              empty file, schema: 0 rows []
              half a file: 254 rows
              empty folder: UNABLE_TO_INFER_SCHEMA
              empty folder, schema: 0 rows []
              nothing there: PATH_NOT_FOUND
            xml
              empty file: 0 rows []
              empty file, schema: 0 rows []
              half a file: 252 rows
              other bytes: 0 rows []
              empty folder: UNABLE_TO_INFER_SCHEMA
              empty folder, schema: 0 rows []
              nothing there: PATH_NOT_FOUND
            text
              empty file: 0 rows []
              half a file: 257 rows
              empty folder: 0 rows []
              nothing there: PATH_NOT_FOUND
            parquet
              empty file: NOT_A_PARQUET_FILE
              empty file, schema: NOT_A_PARQUET_FILE
              half a file: NOT_A_PARQUET_FILE
              other bytes: NOT_A_PARQUET_FILE
              empty folder: NO_FILES
              empty folder, schema: 0 rows []
              nothing there: PATH_NOT_FOUND
            orc
              empty file: 0 rows []
              empty file, schema: 0 rows []
              half a file: DAMAGED_ORC_FILE
              other bytes: NOT_AN_ORC_FILE
              empty folder: NO_FILES
              empty folder, schema: 0 rows []
              nothing there: PATH_NOT_FOUND
            avro
              empty file: DAMAGED_AVRO_FILE
              empty file, schema: DAMAGED_AVRO_FILE
              half a file: DAMAGED_AVRO_FILE
              other bytes: NOT_AN_AVRO_FILE
              empty folder: NO_FILES
              empty folder, schema: 0 rows []
              nothing there: PATH_NOT_FOUND
            arrow
              empty file: NOT_AN_ARROW_FILE
              empty file, schema: NOT_AN_ARROW_FILE
              half a file: DAMAGED_ARROW_FILE
              other bytes: NOT_AN_ARROW_FILE
              empty folder: NO_FILES
              empty folder, schema: 0 rows []
              nothing there: PATH_NOT_FOUND
            binaryFile
              empty file: 1 rows
              empty file, schema: SCHEMA_NOT_ALLOWED
              empty folder: 0 rows []
              empty folder, schema: SCHEMA_NOT_ALLOWED
              nothing there: PATH_NOT_FOUND
            """;
    private static final String RECORDS = """
            csv  => 0 rows [] | header 0 rows [] | failfast 0 rows []
            csv \\n => 0 rows [] | header 0 rows [] | failfast 0 rows []
            csv id,name\\n => 1 rows [[null,name]] | header 0 rows [] | failfast MALFORMED_RECORD
            csv id,name => 1 rows [[null,name]] | header 0 rows [] | failfast MALFORMED_RECORD
            csv 1 => 1 rows [[1,null]] | header 0 rows [] | failfast MALFORMED_RECORD
            csv 1,a,b\\n => 1 rows [[1,a]] | header 0 rows [] | failfast MALFORMED_RECORD
            csv "1","a\\n => 1 rows [[1,a]] | header 0 rows [] | failfast 1 rows [[1,a]]
            csv x,y\\n => 1 rows [[null,y]] | header 0 rows [] | failfast MALFORMED_RECORD
            csv 9223372036854775808,a\\n => 1 rows [[null,a]] | header 0 rows [] | failfast MALFORMED_RECORD
            csv ,\\n => 1 rows [[null,null]] | header 0 rows [] | failfast 1 rows [[null,null]]
            json  => 0 rows [] | inferred 0 rows [] | failfast 0 rows []
            json \\n\\n => 0 rows [] | inferred 0 rows [] | failfast 0 rows []
            json {} => 1 rows [[null,null]] | inferred 1 rows [[]] | failfast 1 rows [[null,null]]
            json null => 1 rows [[null,null]] | inferred 1 rows [[]] | failfast MALFORMED_RECORD
            json [] => 0 rows [] | inferred 0 rows [] | failfast 0 rows []
            json [{}] => 1 rows [[null,null]] | inferred 1 rows [[]] | failfast 1 rows [[null,null]]
            json 1 => 1 rows [[null,null]] | inferred 1 rows [[1]] | failfast MALFORMED_RECORD
            json {"id":1 => 1 rows [[null,null]] | inferred 1 rows [[{"id":1]] | failfast MALFORMED_RECORD
            json {"id":9223372036854775808,"name":1} => 1 rows [[null,1]] | inferred 1 rows [[9223372036854775808,1]] | failfast MALFORMED_RECORD
            json {"id":null,"id":2} => 1 rows [[2,null]] | inferred 1 rows [[2]] | failfast 1 rows [[2,null]]
            json {"id":"1"} => 1 rows [[null,null]] | inferred 1 rows [[1]] | failfast MALFORMED_RECORD
            json {"id":1.5} => 1 rows [[null,null]] | inferred 1 rows [[1.5]] | failfast MALFORMED_RECORD
            json {"name":{"a":[1]}} => 1 rows [[null,{"a":[1]}]] | inferred 1 rows [[[[1]]]] | failfast 1 rows [[null,{"a":[1]}]]
            json BOM{"id":1} => 1 rows [[1,null]] | inferred 1 rows [[1]] | failfast 1 rows [[1,null]]
            """;

    @TempDir
    private Path directory;

    @AutoClose
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    private DataFrameReader reader(String format, Optional<String> schema) {
        DataFrameReader reader = session.read().format(format);
        schema.ifPresent(reader::schema);
        return format.equals("xml") ? reader.option("rowTag", "ROW") : reader;
    }

    /// Rows as texts, or the code of the error.
    private static String outcome(Supplier<DataFrame> rows) {
        try {
            List<String> all = rows.get().collectAsList().stream()
                    .map(Row::toString)
                    .sorted()
                    .toList();
            return all.size() + " rows" + (all.toString().contains("file:/") ? "" : " " + all);
        } catch (HeadraceException failed) {
            return failed.code();
        }
    }

    /// Whether what was written is what is read.
    private String roundTrip(String format, String name, DataFrame rows) {
        Path to = directory.resolve(format + "-" + name.replaceAll("[^a-z0-9]", "-"));
        try {
            DataFrameWriter writer = rows.write().format(format);
            DataFrameReader reader = reader(format, Optional.empty());
            if (List.of("csv", "json", "xml").contains(format)) {
                reader.schema(rows.schema());
                for (String option : List.of("timestampFormat", "timestampNTZFormat")) {
                    writer.option(option, "yyyy-MM-dd HH:mm:ss.SSSSSS");
                    reader.option(option, "yyyy-MM-dd HH:mm:ss.SSSSSS");
                }
            }
            if (format.equals("csv")) {
                writer.option("nullValue", "nothing").option("ignoreLeadingWhiteSpace", false);
                writer.option("ignoreTrailingWhiteSpace", false);
                reader.option("nullValue", "nothing");
            }
            if (format.equals("xml")) {
                writer.option("nullValue", "nothing");
                reader.option("nullValue", "nothing").option("ignoreSurroundingSpaces", false);
            }
            writer.save(to.toString());
            return rows(rows).equals(rows(reader.load(to.toString())))
                    ? "same"
                    : "other: " + rows(reader.load(to.toString()));
        } catch (HeadraceException failed) {
            return failed.code();
        }
    }

    private static List<String> rows(DataFrame frame) {
        return frame.selectExpr("CAST(v AS STRING) AS v", "m IS NULL AS m").collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    private static final String CSV = """
            binary => UNSUPPORTED_CSV_TYPE
            array<int> => UNSUPPORTED_CSV_TYPE
            map<string,int> => UNSUPPORTED_CSV_TYPE
            struct<a:int,b:string> => UNSUPPORTED_CSV_TYPE
            array<struct<a:array<string>>> => UNSUPPORTED_CSV_TYPE
            variant => UNSUPPORTED_DATA_TYPE""";

    /// XML has no words for nothing within something, and none for names such as the empty one.
    private static final String XML = """
            binary => other
            array<int> => other
            map<string,int> => INVALID_XML_NAME
            struct<a:int,b:string> => other
            array<struct<a:array<string>>> => other
            variant => UNSUPPORTED_DATA_TYPE""";

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "xml", "parquet", "orc", "avro", "arrow"})
    void theEndsOfEveryTypeAndNullsComeBackAsTheyWere(String format) {
        List<String> outcomes = new ArrayList<>();
        for (String line : TYPES) {
            int colon = line.indexOf(": ");
            String type = line.substring(0, colon);
            List<String> values = new ArrayList<>(List.of("CAST(NULL AS " + type + ")"));
            values.addAll(split(line.substring(colon + 2)));
            DataFrame rows = session.sql("SELECT CAST(v AS " + type + ") AS v, CAST(NULL AS " + type
                    + ") AS m FROM VALUES "
                    + String.join(", ", values.stream().map(v -> "(" + v + ")").toList()) + " AS t(v)");
            outcomes.add(type + " => " + roundTrip(format, type, rows));
        }
        outcomes.removeIf(line -> line.endsWith(" => same"));
        outcomes.replaceAll(line -> line.replaceAll("(?s)other: .*", "other"));
        assertEquals(
                switch (format) {
                    case "csv" -> CSV;
                    case "xml" -> XML;
                    // From 1600 on: what a nanosecond of a long can say.
                    case "orc" -> "timestamp => ORC_VALUE_OUT_OF_RANGE\nvariant => UNSUPPORTED_DATA_TYPE";
                    case "avro", "arrow" -> "variant => UNSUPPORTED_DATA_TYPE";
                    default -> "";
                },
                String.join("\n", outcomes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "xml", "parquet", "orc", "avro", "arrow"})
    void noRowsComeBackWithTheirColumns(String format) {
        DataFrame none = session.sql("SELECT id AS v, CAST(NULL AS STRING) AS m FROM range(0)");
        assertEquals("same", roundTrip(format, "none", none));
        assertEquals(
                "same",
                roundTrip(
                        format,
                        "left",
                        session.range(9).selectExpr("id AS v", "id AS m").where("v < 0")));
        if (!List.of("csv", "json", "xml").contains(format)) {
            assertEquals(
                    none.schema().simpleString(),
                    session.read()
                            .format(format)
                            .load(directory.resolve(format + "-none").toString())
                            .schema()
                            .simpleString());
        }
    }

    private static List<String> split(String values) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < values.length(); i++) {
            char c = values.charAt(i);
            quoted ^= c == '\'';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0 && !quoted) {
                parts.add(values.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(values.substring(start).strip());
        return parts;
    }

    private Path file(String name, byte[] bytes) {
        try {
            return Files.write(directory.resolve(name), bytes);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    /// The only file of rows that the format has written.
    private byte[] written(String format) {
        Path to = directory.resolve("whole-" + format);
        DataFrame rows = format.equals("text")
                ? session.range(1000).selectExpr("concat('line ', id) AS value")
                : session.range(1000).selectExpr("id", "concat('text ', id) AS name");
        rows.write().format(format).save(to.toString());
        try (Stream<Path> files = Files.list(to)) {
            Path data = files.filter(file -> !file.getFileName().toString().startsWith("_")
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            return Files.readAllBytes(data);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }

    private String edges(String format) {
        List<String> lines = new ArrayList<>();
        Optional<String> none = Optional.empty();
        Optional<String> given = format.equals("text") ? none : Optional.of("id bigint, name string");
        Path empty = file("empty." + format, new byte[0]);
        Path other = file(
                "other." + format,
                "\u0000\u0001\u0002 not a table at all \u00ff".getBytes(StandardCharsets.ISO_8859_1));
        lines.add("empty file: " + outcome(() -> reader(format, none).load(empty.toString())));
        given.ifPresent(schema -> lines.add(
                "empty file, schema: " + outcome(() -> reader(format, given).load(empty.toString()))));
        if (!format.equals("binaryFile")) {
            byte[] whole = written(format);
            Path half = file("half." + format, Arrays.copyOf(whole, whole.length / 2));
            lines.add("half a file: "
                    + outcome(() -> reader(format, none).load(half.toString())).replaceAll("(?s) \\[.*", ""));
            if (!List.of("csv", "json", "text").contains(format)) {
                lines.add("other bytes: " + outcome(() -> reader(format, none).load(other.toString())));
            }
        }
        Path folder = directory.resolve("folder-" + format);
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
        lines.add("empty folder: " + outcome(() -> reader(format, none).load(folder.toString())));
        given.ifPresent(schema -> lines.add(
                "empty folder, schema: " + outcome(() -> reader(format, given).load(folder.toString()))));
        lines.add("nothing there: "
                + outcome(() ->
                        reader(format, none).load(directory.resolve("nothing").toString())));
        return String.join("\n", lines);
    }

    @Test
    void filesThatAreEmptyCutOrOfAnotherKindHaveDefiniteOutcomes() {
        StringBuilder all = new StringBuilder();
        for (String format : List.of("csv", "json", "xml", "text", "parquet", "orc", "avro", "arrow", "binaryFile")) {
            all.append(format).append("\n").append(edges(format).indent(2));
        }
        assertEquals(EDGES, all.toString());
    }

    @Test
    void textsOfRecordsHaveDefiniteOutcomes() {
        StringBuilder all = new StringBuilder();
        for (String text : List.of(
                "",
                "\n",
                "id,name\n",
                "id,name",
                "1",
                "1,a,b\n",
                "\"1\",\"a\n",
                "x,y\n",
                "9223372036854775808,a\n",
                ",\n")) {
            Path csv = file("a.csv", text.getBytes(StandardCharsets.UTF_8));
            all.append("csv ").append(text.replace("\n", "\\n")).append(" => ");
            all.append(outcome(() ->
                            session.read().schema("id bigint, name string").csv(csv.toString())))
                    .append(" | header ");
            all.append(outcome(() -> session.read().option("header", true).csv(csv.toString())))
                    .append(" | failfast ");
            all.append(outcome(() -> session.read()
                            .schema("id bigint, name string")
                            .option("mode", "FAILFAST")
                            .csv(csv.toString())))
                    .append("\n");
        }
        for (String text : List.of(
                "",
                "\n\n",
                "{}",
                "null",
                "[]",
                "[{}]",
                "1",
                "{\"id\":1",
                "{\"id\":9223372036854775808,\"name\":1}",
                "{\"id\":null,\"id\":2}",
                "{\"id\":\"1\"}",
                "{\"id\":1.5}",
                "{\"name\":{\"a\":[1]}}",
                "\uFEFF{\"id\":1}")) {
            Path json = file("a.json", text.getBytes(StandardCharsets.UTF_8));
            all.append("json ")
                    .append(text.replace("\n", "\\n").replace("\uFEFF", "BOM"))
                    .append(" => ");
            all.append(outcome(() ->
                            session.read().schema("id bigint, name string").json(json.toString())))
                    .append(" | inferred ");
            all.append(outcome(() -> session.read().json(json.toString()))).append(" | failfast ");
            all.append(outcome(() -> session.read()
                            .schema("id bigint, name string")
                            .option("mode", "FAILFAST")
                            .json(json.toString())))
                    .append("\n");
        }
        assertEquals(RECORDS, all.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "xml", "parquet", "orc", "avro", "arrow"})
    void filesNeedNotKeepThatASchemaHasNoNulls(String format) {
        String place = directory.resolve("rows").toString();
        DataFrameWriter write =
                session.sql("VALUES (1, 2), (NULL, 3) AS t(a, x)").write().format(format);
        (format.equals("xml") ? write.option("rowTag", "row") : write).save(place);
        DataFrameReader read = session.read().format(format).schema("a INT NOT NULL, x INT, b INT NOT NULL");
        DataFrame rows = (format.equals("xml") ? read.option("rowTag", "row") : read).load(place);

        assertEquals("a INT,x INT,b INT", rows.schema().toDDL());
        assertEquals(1, rows.filter("a IS NULL").count());
        assertEquals(
                List.of("[1,7]", "[5,7]"),
                rows.selectExpr("coalesce(a, 5) AS a", "coalesce(b, 7)").orderBy("a").collectAsList().stream()
                        .map(Row::toString)
                        .toList());
    }
}
