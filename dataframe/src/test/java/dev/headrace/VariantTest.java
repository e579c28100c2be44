package dev.headrace;

import static dev.headrace.Failures.at;
import static dev.headrace.functions.col;
import static dev.headrace.functions.is_variant_null;
import static dev.headrace.functions.parse_json;
import static dev.headrace.functions.schema_of_variant;
import static dev.headrace.functions.schema_of_variant_agg;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.to_variant_object;
import static dev.headrace.functions.try_parse_json;
import static dev.headrace.functions.try_variant_get;
import static dev.headrace.functions.variant_get;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.types.StructType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Variants from Java and through operators; what functions of them give stands in `examples/spark/variants.txt`.
class VariantTest {
    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private static void assertFails(String message, org.junit.jupiter.api.function.Executable call) {
        assertEquals(message, assertThrows(HeadraceException.class, call).getMessage());
    }

    private VariantVal variant(String json) {
        return session.sql("SELECT parse_json(?)", json).head().getAs(0);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void theBytesAreThoseOfTheFormat() {
        VariantVal object = variant("{\"b\":true,\"a\":1}");
        // Version 1, two names, their offsets, "b" and "a"; an object of two fields, in the order of their names.
        assertArrayEquals(hex("01 02 00 01 02 62 61"), object.getMetadata());
        assertArrayEquals(hex("02 02 01 00 01 00 03 04 0c 01"), object.getValue());
        // Three elements, their offsets and the end.
        assertArrayEquals(
                hex("03 03 00 02 03 06 0c 07 00 09 61 62"),
                variant("[7,null,\"ab\"]").getValue());
        assertArrayEquals(hex("20 02 65 ff ff ff"), variant("-1.55").getValue());
        assertArrayEquals(
                hex("18 00 00 00 00 01 00 00 00"), variant("4294967296").getValue());
        assertArrayEquals(hex("1c 00 00 00 00 00 40 8f 40"), variant("1e3").getValue());
    }

    @Test
    void bytesOfOthersAreRead() {
        VariantVal value = new VariantVal(hex("02 02 01 00 01 00 03 04 0c 01"), hex("01 02 00 01 02 62 61"));
        assertEquals("{\"a\":1,\"b\":true}", value.toString());
        assertEquals(variant("{\"b\":true,\"a\":1}"), value);
        DataFrame rows = session.createDataFrame(
                List.of(RowFactory.create(value), RowFactory.create((Object) null)), StructType.fromDDL("v variant"));
        assertEquals(
                "[[1], [null]]", rows.selectExpr("v:a::int").collectAsList().toString());
        assertFails(
                "[MALFORMED_VARIANT] A variant's bytes are not of its format, version 1.",
                () -> new VariantVal(hex("00"), hex("02 00 00")));
        assertFails(
                "[MALFORMED_VARIANT] A variant's bytes end too early.", () -> new VariantVal(hex(""), hex("01 02 00")));
    }

    private static void assertMalformed(String value, String metadata) {
        VariantVal variant = new VariantVal(hex(value), hex(metadata));
        HeadraceException failed = assertThrows(HeadraceException.class, variant::toString, value + " " + metadata);
        assertEquals("MALFORMED_VARIANT", failed.code());
    }

    @Test
    void lengthsThatReachBeyondTheBytesAreRefused() {
        for (String value : List.of(
                "40 00 00 01 00", // a string of 65,536 bytes
                "40 ff ff ff ff",
                "3c 00 00 01 00 61", // a binary of as many
                "3c ff ff ff 7f",
                "fd 61", // a short string of 63 bytes
                "18 00 00", // half a bigint
                "20 0a 01 00 00 00", // decimals of more digits than their bytes hold
                "20 02 ff ff ff 7f",
                "03 ff 00", // an array of 255 elements
                "13 ff ff ff ff 00 00", // of -1
                "13 ff ff ff 7f 00 00",
                "03 01 00 ff 0c 01", // whose elements end behind the bytes
                "03 01 05 02 0c 01",
                "03 01 00 05 40 ff ff ff 7f", // with a long string
                "02 01 01 00 02 0c 01", // a field of a name that is not there
                "42 ff ff ff ff 00 00")) {
            assertMalformed(value, "01 01 00 01 61");
        }
        assertMalformed("02 01 00 00 02 0c 01", "01 01 06 05 61 61 61 61 61");
        assertMalformed("02 01 00 00 02 0c 01", "01 02 00 7f 01 61");
        for (String metadata :
                List.of("c1 ff ff ff ff 00 00 00 00", "c1 ff ff ff 3f 00", "c1 00 00 00 00 ff ff ff ff")) {
            HeadraceException failed =
                    assertThrows(HeadraceException.class, () -> new VariantVal(hex("00"), hex(metadata)));
            assertEquals("MALFORMED_VARIANT", failed.code());
        }
    }

    /// An array with two-byte offsets whose elements all begin where its values do.
    private static byte[] array(int elements, byte[] values) {
        ByteBuffer array = ByteBuffer.allocate(2 + 2 * (elements + 1) + values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x07)
                .put((byte) elements);
        for (int i = 0; i < elements; i++) {
            array.putShort((short) 0);
        }
        return array.putShort((short) values.length).put(values).array();
    }

    @Test
    void elementsThatShareTheirBytesAreRefused() {
        byte[] value = hex("0c 01");
        for (int i = 0; i < 30; i++) {
            value = array(2, value);
        }
        VariantVal shared = new VariantVal(value, hex("01 00 00"));
        assertFails("[MALFORMED_VARIANT] A variant's bytes are not of its format, version 1.", shared::toString);
        DataFrame rows = session.createDataFrame(List.of(RowFactory.create(shared)), StructType.fromDDL("v variant"));
        for (String call : List.of("schema_of_variant(v)", "v::array<variant>", "to_variant_object(array(v))")) {
            HeadraceException failed = assertThrows(
                    HeadraceException.class, () -> rows.selectExpr(call).collectAsList(), call);
            assertEquals("MALFORMED_VARIANT", failed.code(), call);
        }
    }

    @Test
    void nestingThatIsTooDeepIsRefused() {
        byte[] value = hex("0c 01");
        for (int i = 0; i < 1000; i++) {
            value = array(1, value);
        }
        assertEquals("[".repeat(1000) + 1 + "]".repeat(1000), new VariantVal(value, hex("01 00 00")).toString());
        VariantVal deep = new VariantVal(array(1, value), hex("01 00 00"));
        assertFails(
                "[MALFORMED_VARIANT] A variant is nested over 1000 levels deep, which is the most that can be read.",
                deep::toString);
    }

    @Test
    void largeObjectsAndArraysAreReadBack() {
        String object = IntStream.range(0, 300)
                .mapToObj(i -> String.format("\"k%05d\":\"%s\"", i, "x".repeat(i)))
                .collect(Collectors.joining(",", "{", "}"));
        assertEquals(object, variant(object).toString());
        String array = IntStream.range(0, 70_000).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"));
        assertEquals(array, variant(array).toString());
        assertEquals(
                "[[69999,xxx]]",
                session.sql("SELECT parse_json(?):[69999]::int, parse_json(?):k00003::string", array, object)
                        .collectAsList()
                        .toString());
    }

    @Test
    void partsKeepTheirNames() {
        DataFrame part = session.sql("SELECT parse_json('{\"z\":1,\"a\":{\"c\":{\"z\":2}}}'):a AS v");
        assertEquals("[[{\"c\":{\"z\":2}}]]", part.collectAsList().toString());
        assertEquals("[[2]]", part.selectExpr("v:c.z::int").collectAsList().toString());
        assertEquals(
                "[[{\"k\":{\"c\":{\"z\":2}}}]]",
                part.select(to_variant_object(struct(col("v").as("k"))))
                        .collectAsList()
                        .toString());
    }

    @Test
    void functionsHaveMethods() {
        DataFrame texts = session.sql("VALUES ('{\"a\":1}'), ('{\"a\":null}'), ('x') AS t(j)");
        assertEquals(
                "[[1,false], [null,true], [null,false]]",
                texts.select(try_parse_json(col("j")).as("v"))
                        .select(variant_get(col("v"), "$.a", "int"), is_variant_null(functions.expr("v:a")))
                        .collectAsList()
                        .toString());
        assertEquals(
                "[[OBJECT<a: BIGINT>]]",
                texts.filter("j LIKE '{%'")
                        .select(schema_of_variant_agg(parse_json(col("j"))))
                        .collectAsList()
                        .toString());
        assertEquals(
                "[[OBJECT<a: BIGINT>,null]]",
                texts.limit(1)
                        .select(parse_json(col("j")).as("v"))
                        .select(schema_of_variant(col("v")), try_variant_get(col("v"), "$", "int"))
                        .collectAsList()
                        .toString());
        assertEquals(
                "[[0,a,1]]",
                session.tvf()
                        .variant_explode(parse_json(functions.lit("{\"a\":1}")))
                        .collectAsList()
                        .toString());
    }

    @Test
    void variantsPassThroughOperators() {
        DataFrame rows = session.range(3000).selectExpr("id", "parse_json(concat('{\"n\":', id, '}')) AS v");
        assertEquals(
                4498500L,
                rows.join(session.range(3000).toDF("id"), "id")
                        .sort(col("id").desc())
                        .groupBy(col("id").mod(7))
                        .agg(functions.collect_list(col("v")).as("vs"))
                        .selectExpr("explode(vs) AS v")
                        .selectExpr("sum(v:n::bigint)")
                        .head()
                        .getLong(0));
    }

    @Test
    void timestampsAreWrittenInTheZone() {
        VariantVal time = session.sql("SELECT cast(TIMESTAMP '2026-01-02 03:04:05.5' AS variant)")
                .head()
                .getAs(0);
        assertEquals("\"2026-01-02 03:04:05.5+00:00\"", time.toString());
        assertEquals("\"2026-01-02 12:04:05.5+09:00\"", time.toJson(ZoneId.of("Asia/Tokyo")));
    }

    // ---- Errors

    @Test
    void thereAreNoGroupsOfVariants() {
        DataFrame rows = session.sql("SELECT parse_json('[1]') AS v");
        String message =
                "[GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE] 'v' is of type variant, whose values are not compared, so"
                        + " there are no groups of them. Group by something within it, such as variant_get(…, '$.id', 'bigint').";
        assertFails(message, () -> rows.groupBy("v").count().schema());
        assertFails(message, () -> rows.distinct().schema());
        assertFails(message, () -> rows.intersect(rows).schema());
    }

    @Test
    void whatCannotBeIsSaid() {
        assertFails(
                "[MALFORMED_RECORD_IN_PARSING] parse_json: '{\"a\":' is not JSON. Use try_parse_json to get NULL instead."
                        + at("SELECT parse_json(?)", "parse_json(?)"),
                () -> variant("{\"a\":"));
        assertEquals(
                "MALFORMED_RECORD_IN_PARSING",
                assertThrows(DataException.class, () -> variant("[".repeat(100_000)))
                        .code());
        assertFails(
                "[VARIANT_DUPLICATE_KEY] The name 'a' stands twice in an object, which a variant can't hold."
                        + at("SELECT parse_json(?)", "parse_json(?)"),
                () -> variant("{\"a\":1,\"a\":2}"));
        assertFails(
                "[INVALID_VARIANT_CAST] The variant \"x\" can't be cast to int. Use try_variant_get instead, or try_cast."
                        + at("SELECT CAST(parse_json('\"x\"') AS int)", "CAST(parse_json('\"x\"') AS int)"),
                () -> session.sql("SELECT CAST(parse_json('\"x\"') AS int)").collect());
        assertTrue(assertThrows(HeadraceException.class, () -> session.sql("SELECT variant_get(parse_json('1'), 'a')"))
                .getMessage()
                .startsWith(
                        "[INVALID_VARIANT_GET_PATH] variant_get: 'a' is no path into a variant. A path is $ and steps"
                                + " such as .name, ['name'], [\"name\"] or [0]."));
        assertTrue(
                assertThrows(HeadraceException.class, () -> session.sql("SELECT CAST(named_struct('a', 1) AS variant)"))
                        .getMessage()
                        .contains("can't be cast to variant. Use to_variant_object."));
    }

    @Test
    void filesThatCannotHoldThemAreRefused(@TempDir Path directory) {
        DataFrame rows = session.sql("SELECT parse_json('[1]') AS v");
        for (String format : List.of("orc", "avro", "arrow", "csv")) {
            assertFails(
                    "[UNSUPPORTED_DATA_TYPE] format(\"" + format
                            + "\") can't write the column 'v' of type variant. Write"
                            + " its text, from to_json(…), and read it with parse_json(…).",
                    () -> rows.write()
                            .format(format)
                            .save(directory.resolve(format).toString()));
        }
        String json = directory.resolve("json").toString();
        rows.write().json(json);
        assertEquals("[[[1]]]", session.read().json(json).collectAsList().toString());
    }
}
