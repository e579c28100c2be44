package dev.headrace.avro;

import static dev.headrace.functions.col;
import static dev.headrace.functions.from_avro;
import static dev.headrace.functions.hex;
import static dev.headrace.functions.schema_of_avro;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.to_avro;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `from_avro`, `to_avro`, `schema_of_avro`; see also `examples/avro.txt`.
class AvroFunctionsTest {
    private static final String ORDER = """
            {"type": "record", "name": "order", "fields": [
              {"name": "id", "type": "long"},
              {"name": "customer", "type": ["null", "string"]},
              {"name": "lines", "type": {"type": "array", "items": {"type": "record", "name": "line", "fields": [
                {"name": "item", "type": "string"}, {"name": "price", "type": "double"}]}}}]}""";

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private static byte[] written(String schema, Object value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(new Schema.Parser().parse(schema)).write(value, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static GenericRecord order(long id, String customer) {
        Schema schema = new Schema.Parser().parse(ORDER);
        Schema line = schema.getField("lines").schema().getElementType();
        GenericRecord one = new GenericData.Record(line);
        one.put("item", "pen");
        one.put("price", 1.5);
        GenericRecord order = new GenericData.Record(schema);
        order.put("id", id);
        order.put("customer", customer);
        order.put("lines", List.of(one));
        return order;
    }

    private DataFrame binaries(byte[]... values) {
        List<Row> rows = java.util.Arrays.stream(values)
                .map(value -> dev.headrace.RowFactory.create((Object) value))
                .toList();
        return session.createDataFrame(rows, dev.headrace.types.StructType.fromDDL("value binary"));
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void messagesOfTheLibraryAreRead() throws IOException {
        DataFrame messages =
                binaries(written(ORDER, order(1, "ann")), null, written(ORDER, order(Long.MIN_VALUE, null)));
        DataFrame orders = messages.select(from_avro(col("value"), ORDER).as("o"));
        assertEquals(
                "struct<id:bigint,customer:string,lines:array<struct<item:string,price:double>>>",
                orders.schema().field(0).dataType().simpleString());
        assertEquals(
                List.of("[1,ann,pen,1.5]", "[null,null,null,null]", "[-9223372036854775808,null,pen,1.5]"),
                rows(orders.select(
                        col("o.id"),
                        col("o.customer"),
                        col("o.lines").getItem(0).getField("item"),
                        col("o.lines").getItem(0).getField("price"))));
        assertEquals(2, orders.filter("o.id IS NOT NULL").count());
        assertEquals(0, binaries().select(from_avro(col("value"), ORDER)).count());
    }

    @Test
    void whatIsWrittenTheLibraryReads() throws IOException {
        DataFrame avro = session.sql("""
                        SELECT 7L AS ID, CAST(NULL AS STRING) AS customer,
                          array(named_struct('price', 2.5D, 'item', 'ink')) AS lines""")
                .select(to_avro(struct("ID", "customer", "lines"), ORDER).as("a"));
        byte[] bytes = (byte[]) avro.head().get(0);
        GenericRecord read = new GenericDatumReader<GenericRecord>(new Schema.Parser().parse(ORDER))
                .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
        assertEquals(
                "{\"id\": 7, \"customer\": null, \"lines\": [{\"item\": \"ink\", \"price\": 2.5}]}", read.toString());
    }

    @Test
    void aValueOfEachTypeComesBack() {
        DataFrame values = session.sql("""
                SELECT named_struct('a', true, 'b', 1Y, 'c', 2S, 'd', 3, 'e', 4L, 'f', float(1.5), 'g', 2.5D,
                  'h', 'x', 'i', X'00FF', 'j', DATE'0001-01-01', 'k', TIMESTAMP'9999-12-31 23:59:59.999999',
                  'l', TIMESTAMP_NTZ'1969-12-31 23:59:59.999999', 'm', CAST(-12345678901234567890.123 AS DECIMAL(38,3)),
                  'n', array(1, NULL), 'o', map('k', 1.5D, 'l', NULL), 'p', named_struct('q', array()),
                  'r', INTERVAL '1-2' YEAR TO MONTH, 's', INTERVAL '3 04:05:06.7' DAY TO SECOND, 't', CAST(NULL AS INT)) AS v
                """);
        String schema =
                SchemaToAvro.value(values.schema().field(0).dataType(), false).toString();
        DataFrame back =
                values.select(col("v"), from_avro(to_avro(col("v")), schema).as("w"));
        Row row = back.selectExpr("CAST(v AS STRING) AS v", "CAST(w AS STRING) AS w")
                .head();
        assertEquals(row.getString(0), row.getString(1));
    }

    @Test
    void aNullableValueIsAChoice() {
        DataFrame values = session.sql("SELECT * FROM VALUES (1), (NULL) AS t(a)");
        assertEquals(List.of("[0002]", "[null]"), rows(values.select(hex(to_avro(col("a"))))));
        assertEquals(
                List.of("[1]", "[null]"), rows(values.select(from_avro(to_avro(col("a")), "[\"int\", \"null\"]"))));
    }

    @Test
    void timestampsInMillisecondsAreRoundedDown() {
        String millis = "{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}";
        assertEquals(
                List.of("[1969-12-31 23:59:59.999]"),
                rows(session.sql("SELECT TIMESTAMP'1969-12-31 23:59:59.9999' AS t")
                        .select(from_avro(to_avro(col("t"), millis), millis).cast("string"))));
        assertEquals(
                "AVRO_SCHEMA_MISMATCH",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT TIMESTAMP_NTZ'2026-01-01 00:00:00' AS t")
                                        .select(to_avro(col("t"), millis)))
                        .code());
    }

    @Test
    void timestampsWithoutAUnitAreInMilliseconds() {
        assertEquals(
                List.of("[1500,-1]"),
                rows(session.sql("SELECT TIMESTAMP'1970-01-01 00:00:01.5' AS t,"
                                + " TIMESTAMP_NTZ'1969-12-31 23:59:59.9999' AS n")
                        .select(
                                from_avro(to_avro(col("t"), "\"long\""), "\"long\""),
                                from_avro(to_avro(col("n"), "\"long\""), "\"long\""))));
    }

    @Test
    void aHostileMessageCostsNoMoreThanItsSize() {
        String nulls = "{\"type\": \"array\", \"items\": \"null\"}";
        // blocks of 2^20 items without a byte each, again and again
        byte[] many = new byte[30_000];
        for (int at = 0; at < many.length; at += 3) {
            many[at] = (byte) 0x80;
            many[at + 1] = (byte) 0x80;
            many[at + 2] = 0x40;
        }
        assertMalformed(many, nulls, Map.of());
        // a field that is passed over has 2^61 items
        byte[] passedOver = {-2, -1, -1, -1, -1, -1, -1, -1, 63, 0, 2};
        assertMalformed(
                passedOver,
                "{\"type\": \"record\", \"name\": \"r\", \"fields\": [{\"name\": \"a\", \"type\": " + nulls
                        + "}, {\"name\": \"b\", \"type\": \"int\"}]}",
                Map.of(
                        "avroSchema",
                        "{\"type\": \"record\", \"name\": \"r\", \"fields\": [{\"name\": \"b\", \"type\": \"int\"}]}"));
        // a record in a record in a record …
        byte[] deep = new byte[1 << 20];
        java.util.Arrays.fill(deep, (byte) 2);
        assertMalformed(
                deep,
                "{\"type\": \"record\", \"name\": \"n\", \"fields\": [{\"name\": \"v\", \"type\": \"int\"},"
                        + " {\"name\": \"next\", \"type\": [\"null\", \"n\"]}]}",
                Map.of(
                        "avroSchema",
                        "{\"type\": \"record\", \"name\": \"n\", \"fields\": [{\"name\": \"v\", \"type\": \"int\"}]}"));
    }

    private void assertMalformed(byte[] message, String schema, Map<String, String> options) {
        assertEquals(
                "MALFORMED_AVRO_MESSAGE",
                assertThrows(
                                HeadraceException.class,
                                () -> binaries(message)
                                        .select(from_avro(col("value"), schema, options))
                                        .collectAsList())
                        .code());
    }

    @Test
    void aChoiceOfTypesIsAStructOfMembers() {
        String choice = "[\"string\", \"null\", \"int\"]";
        DataFrame values = session.sql("SELECT * FROM VALUES ('a', NULL), (NULL, 5) AS t(member0, member1)");
        DataFrame read = values.select(
                from_avro(to_avro(struct("member0", "member1"), choice), choice).as("c"));
        assertEquals(List.of("[a,null]", "[null,5]"), rows(read.select("c.*")));
        assertThrows(
                DataException.class,
                () -> session.sql("SELECT CAST(NULL AS STRING) AS member0, CAST(NULL AS INT) AS member1")
                        .select(to_avro(struct("member0", "member1"), choice))
                        .collectAsList());
    }

    @Test
    void damageIsAnErrorOrNull() throws IOException {
        byte[] good = written(ORDER, order(1, "ann"));
        byte[] cut = java.util.Arrays.copyOf(good, good.length - 1);
        HeadraceException failed = assertThrows(
                HeadraceException.class,
                () -> binaries(cut).select(from_avro(col("value"), ORDER)).collectAsList());
        assertEquals(
                "[MALFORMED_AVRO_MESSAGE] from_avro: a message of 19 bytes is no value of its schema (java.io.EOFException: 1"
                        + " bytes should follow, but there are 0). It was cut, or written with another schema. With the"
                        + " option mode 'PERMISSIVE' such messages are null.",
                failed.getMessage());
        DataFrame lenient = binaries(good, cut, good)
                .select(from_avro(col("value"), ORDER, Map.of("mode", "PERMISSIVE"))
                        .as("o"));
        assertEquals(List.of("[1]", "[null]", "[1]"), rows(lenient.select("o.id")));
        assertEquals(List.of("[false]", "[false]", "[false]"), rows(lenient.selectExpr("o IS NULL")));
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] = (byte) 0xFF;
            binaries(bad)
                    .select(from_avro(col("value"), ORDER, Map.of("mode", "PERMISSIVE")))
                    .collectAsList();
        }
    }

    @Test
    void whatCannotWorkIsRefusedBeforeAnythingRuns() {
        assertEquals(
                "[AVRO_SCHEMA_MISMATCH] to_avro: 'lines.element.price' is of type int, which is not written as \"double\"."
                        + " Cast it, or give another schema.",
                assertThrows(
                                QueryException.class,
                                () -> session.sql(
                                                "SELECT 1L AS id, 'a' AS customer, array(named_struct('item', 'i', 'price',"
                                                        + " 1)) AS lines")
                                        .select(to_avro(struct("id", "customer", "lines"), ORDER)))
                        .getMessage());
        assertEquals(
                "[AVRO_SCHEMA_MISMATCH] to_avro: the schema has a field 'lines', which must not be null, but the value has"
                        + " none of this name. Add it to the value.",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT 1L AS id").select(to_avro(struct("id"), ORDER)))
                        .getMessage());
        assertEquals(
                "[AVRO_SCHEMA_MISMATCH] to_avro: the schema has no field 'ids'. Its record order has id, customer, lines."
                        + " Leave the field out, or add it to the schema.",
                assertThrows(
                                QueryException.class,
                                () -> session.sql("SELECT 1L AS ids").select(to_avro(struct("ids"), ORDER)))
                        .getMessage());
    }

    @Test
    void aSchemaSaysItsType() {
        assertEquals(
                List.of(
                        "[STRUCT<id: BIGINT NOT NULL, customer: STRING, lines: ARRAY<STRUCT<item: STRING NOT NULL, price:"
                                + " DOUBLE NOT NULL>> NOT NULL>]"),
                rows(session.range(1).select(schema_of_avro(ORDER))));
    }
}
