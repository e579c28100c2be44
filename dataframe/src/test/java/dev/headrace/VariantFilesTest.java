package dev.headrace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.errors.HeadraceException;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Variants in files; shredded ones are read in `SparkFilesIT`, whose Spark writes them.
class VariantFilesTest {
    private static final String ROWS = "SELECT * FROM VALUES (0, parse_json('{\"b\":[1,{\"c\":null}],\"a\":\"é\"}')),"
            + " (1, parse_json('null')), (2, NULL), (3, parse_json('[]')), (4, parse_json('12.50')),"
            + " (5, CAST(TIMESTAMP '2026-01-02 03:04:05' AS VARIANT)) AS t(id, v)";

    private static final List<String> TEXTS = List.of(
            "[0,{\"a\":\"é\",\"b\":[1,{\"c\":null}]}]",
            "[1,null]",
            "[2,null]",
            "[3,[]]",
            "[4,12.5]",
            "[5,\"2026-01-02 03:04:05+00:00\"]");

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @TempDir
    private Path directory;

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    private static List<String> texts(DataFrame frame) {
        return rows(frame.orderBy("id").selectExpr("id", "to_json(v) AS v"));
    }

    private static Path onlyFile(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    // ---- Parquet

    @Test
    void parquetHoldsVariants() {
        session.sql(ROWS).write().parquet(path("t"));
        DataFrame read = session.read().parquet(path("t"));
        assertEquals("struct<id:int,v:variant>", read.schema().simpleString());
        assertEquals(TEXTS, texts(read));
        assertEquals(List.of("[1]"), rows(read.filter("is_variant_null(v)").select("id")));
        assertEquals(List.of("[2]"), rows(read.filter("v IS NULL").select("id")));
        assertEquals(6, read.count());
    }

    @Test
    void aVariantIsNoNameOfADirectory() {
        for (String format : List.of("parquet", "json")) {
            HeadraceException failed = assertThrows(
                    HeadraceException.class,
                    () -> session.sql(ROWS)
                            .write()
                            .format(format)
                            .partitionBy("v")
                            .save(path("t")));
            assertEquals(
                    "[INVALID_PARTITION_COLUMN] partitionBy: 'v' is of type variant, which can't be a directory's name.",
                    failed.getMessage());
        }
    }

    @Test
    void theFileSaysThatItIsAVariant() throws IOException {
        session.sql(ROWS).coalesce(1).write().parquet(path("t"));
        try (ParquetFileReader file = ParquetFileReader.open(new LocalInputFile(onlyFile(directory.resolve("t"))))) {
            assertEquals("""
                    optional group v (VARIANT(1)) {
                      required binary value;
                      required binary metadata;
                    }\
                    """, file.getFileMetaData().getSchema().getType("v").toString());
        }
    }

    @Test
    void variantsMayBeWithinListsMapsAndStructs() {
        session.sql("SELECT id, array(parse_json('1'), NULL, parse_json(concat('{\"i\":', id, '}'))) AS a,"
                        + " map('k', parse_json('true')) AS m, named_struct('v', parse_json('\"x\"'), 'n', id) AS s,"
                        + " IF(id % 2 = 0, NULL, named_struct('v', parse_json('[2]'))) AS o FROM range(0, 20000, 1, 1)")
                .write()
                .parquet(path("t"));
        DataFrame read = session.read().parquet(path("t"));
        assertEquals(
                List.of(
                        "[19998,{\"a\":[1,null,{\"i\":19998}],\"m\":{\"k\":true},\"s\":{\"v\":\"x\",\"n\":19998}}]",
                        "[19999,{\"a\":[1,null,{\"i\":19999}],\"m\":{\"k\":true},\"s\":{\"v\":\"x\",\"n\":19999},"
                                + "\"o\":{\"v\":[2]}}]"),
                rows(read.filter("id >= 19998").orderBy("id").selectExpr("id", "to_json(struct(a, m, s, o))")));
        assertEquals(
                List.of("[20000,199990000]"),
                rows(read.selectExpr("count(s.v)", "CAST(sum(a[2]:i::bigint) AS bigint)")));
    }

    @Test
    void aGroupWithoutItsNameIsAVariantIfTheSchemaSaysSo() {
        session.sql("SELECT 7 AS id, named_struct('metadata', X'010000', 'value', X'0c05') AS v")
                .write()
                .parquet(path("t"));
        assertEquals(
                List.of("[7,5]"),
                texts(session.read().schema("id INT, v VARIANT").parquet(path("t"))));
        assertEquals(
                "PARQUET_TYPE_MISMATCH",
                assertThrows(
                                HeadraceException.class,
                                () -> session.read()
                                        .schema("id VARIANT")
                                        .parquet(path("t"))
                                        .collect())
                        .code());
    }

    @Test
    void aVariantThatIsCutOffFails() {
        session.sql("SELECT 7 AS id, named_struct('metadata', X'010000', 'value', X'4000000100') AS v")
                .write()
                .parquet(path("t"));
        DataFrame cut = session.read().schema("id INT, v VARIANT").parquet(path("t"));
        HeadraceException failed = assertThrows(HeadraceException.class, () -> texts(cut));
        assertEquals("MALFORMED_VARIANT", failed.code());
    }

    // ---- JSON

    @Test
    void jsonFilesAreReadAsVariants() throws IOException {
        Files.writeString(directory.resolve("in.json"), """
                {"id": 0, "v": {"b": [1, {"c": null}], "a": "é"}}
                {"id": 1, "v": null}
                {"id": 2}
                {'id': 3, 'v': 'single'}
                {"id": 4, "v": {"a": 1, "a": 2}}
                """);
        assertEquals(
                List.of(
                        "[0,{\"a\":\"é\",\"b\":[1,{\"c\":null}]}]",
                        "[1,null]",
                        "[2,null]",
                        "[3,\"single\"]",
                        "[4,null]"),
                texts(session.read().schema("id INT, v VARIANT").json(path("in.json"))));
        assertEquals(
                List.of("[{\"id\": 4, \"v\": {\"a\": 1, \"a\": 2}}]"),
                rows(session.read()
                        .schema("id INT, v VARIANT, _corrupt_record STRING")
                        .json(path("in.json"))
                        .filter("_corrupt_record IS NOT NULL")
                        .select("_corrupt_record")));
    }

    @Test
    void aWholeRecordMayBeOneVariant() throws IOException {
        Files.writeString(directory.resolve("in.json"), "{\"id\": 0, \"x\": [1]}\n[2]\n\n{oops\n\"s\"\n");
        DataFrame read = session.read().option("singleVariantColumn", "v").json(path("in.json"));
        assertEquals("struct<v:variant>", read.schema().simpleString());
        assertEquals(
                List.of("[{\"id\":0,\"x\":[1]}]", "[[2]]", "[null]", "[\"s\"]"), rows(read.selectExpr("to_json(v)")));
        assertEquals(4, read.count());
        assertEquals(
                List.of("[{oops]"),
                rows(session.read()
                        .schema("v VARIANT, _corrupt_record STRING")
                        .option("singleVariantColumn", "v")
                        .json(path("in.json"))
                        .filter("v IS NULL")
                        .select("_corrupt_record")));
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> session.read()
                        .schema(new StructType().add("x", DataTypes.IntegerType))
                        .option("singleVariantColumn", "v")
                        .json(path("in.json")));
        assertEquals(
                "[INVALID_SINGLE_VARIANT_COLUMN] format(\"json\"): with the option 'singleVariantColumn' a schema has the"
                        + " column 'v' of type variant, and if you like '_corrupt_record' of type string, not"
                        + " struct<x:int>. Leave the schema out.",
                failed.getMessage());
    }

    @Test
    void aTextMayBeReadAsAVariant() {
        assertEquals(
                List.of("[{\"a\":[1,2.5]}]", "[null]"),
                rows(session.sql(
                        "SELECT to_json(from_json(j, 'variant')) FROM VALUES ('{\"a\":[1,2.5]}'), ('{') AS t(j)")));
        assertEquals(
                List.of("[1,{\"b\":2}]"),
                rows(session.sql("SELECT r.i, to_json(r.v) FROM (SELECT from_json('{\"i\":1,\"v\":{\"b\":2}}',"
                        + " 'i INT, v VARIANT') AS r)")));
    }

    @Test
    void variantsAreWrittenAsTheirJson() throws IOException {
        session.sql(ROWS).coalesce(1).orderBy("id").write().json(path("out"));
        assertEquals(
                List.of(
                        "{\"id\":0,\"v\":{\"a\":\"é\",\"b\":[1,{\"c\":null}]}}",
                        "{\"id\":1,\"v\":null}",
                        "{\"id\":2}",
                        "{\"id\":3,\"v\":[]}",
                        "{\"id\":4,\"v\":12.5}",
                        "{\"id\":5,\"v\":\"2026-01-02 03:04:05+00:00\"}"),
                Files.readAllLines(onlyFile(directory.resolve("out"))));
    }
}
