package dev.headrace.protobuf;

import static dev.headrace.functions.col;
import static dev.headrace.functions.expr;
import static dev.headrace.functions.from_protobuf;
import static dev.headrace.functions.struct;
import static dev.headrace.functions.to_protobuf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.HeadraceException;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// `from_protobuf` and `to_protobuf`; see also `examples/protobuf.txt` and [MessagesTest].
class ProtobufFunctionsTest {
    private static final ProtoFile SHOP = ProtoFile.of(
            "syntax: 'proto3'",
            "enum State: NEW 0, PAID 1",
            "Line: item string 1, price double 2",
            "Order: oneof payment, id int64 1, customer string 2, lines .shop.Line* 3, state %.shop.State 4,"
                    + " at .google.protobuf.Timestamp 5, took .google.protobuf.Duration 6, labels map<string;string> 7,"
                    + " card string 8 oneof_index: 0, invoice int32 9 oneof_index: 0, discount .google.protobuf.Int32Value 10");
    private static final ProtoFile OLD = ProtoFile.of(
            "syntax: 'proto2'",
            "enum State: NEW 1, PAID 2",
            "Inner: a int32 1",
            "Order: id int64! 1, state %.shop.State 2, n int32 3 default_value: '-7', f double 4 default_value: '-inf',"
                    + " s string 5 default_value: 'none', b bytes 6 default_value: '\\\\001\\\\377',"
                    + " e %.shop.State 7 default_value: 'PAID', t bool 8 default_value: 'true', inner @.shop.Inner 9,"
                    + " packed int32* 10 options { packed: true }, u uint64 11 default_value: '18446744073709551615'");

    private final Session session = Session.builder()
            .master("local[2]")
            .config("spark.sql.session.timeZone", "UTC")
            .create();

    @TempDir
    Path directory;

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private static byte[] message(ProtoFile file, String text) throws TextFormat.ParseException {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(file.message("Order"));
        TextFormat.merge(text, message);
        return message.buildPartial().toByteArray();
    }

    private DataFrame binaries(byte[]... values) {
        List<Row> rows = Arrays.stream(values)
                .map(value -> RowFactory.create((Object) value))
                .toList();
        return session.createDataFrame(rows, StructType.fromDDL("value binary"));
    }

    private String read(ProtoFile file, byte[] message, Map<String, String> options) {
        return binaries(message)
                .select(from_protobuf(col("value"), "Order", file.set(), options)
                        .cast("string"))
                .head()
                .getString(0);
    }

    private static void assertRefused(String message, Executable executable) {
        assertEquals(message, assertThrows(HeadraceException.class, executable).getMessage());
    }

    private static List<String> rows(DataFrame frame) {
        return frame.collectAsList().stream().map(Row::toString).toList();
    }

    @Test
    void messagesAreReadBySql() throws IOException {
        Path set = Files.write(directory.resolve("shop.desc"), SHOP.set());
        binaries(message(SHOP, """
                                id: 7 customer: 'ann' lines { item: 'pen' price: 1.5 } lines { item: 'ink' } state: PAID
                                at { seconds: -1 nanos: 999999999 } took { seconds: -1 nanos: -500000000 }
                                labels { key: 'a' value: 'b' } invoice: 0 discount { value: 5 }"""), null).createOrReplaceTempView("messages");
        DataFrame orders = session.sql("SELECT from_protobuf(value, 'shop.Order', '" + set + "') AS o FROM messages");
        assertEquals(
                "struct<id:bigint,customer:string,lines:array<struct<item:string,price:double>>,state:string,at:timestamp,"
                        + "took:interval day to second,labels:map<string,string>,card:string,invoice:int,"
                        + "discount:struct<value:int>>",
                orders.schema().field(0).dataType().simpleString());
        assertEquals(
                List.of(
                        "[7,ann,PAID,1969-12-31 23:59:59.999999,INTERVAL '-0 00:00:01.5' DAY TO SECOND,b,null,0,5,pen,2]",
                        "[null,null,null,null,null,null,null,null,null,null,-1]"),
                rows(orders.selectExpr(
                        "o.id",
                        "o.customer",
                        "o.state",
                        "CAST(o.at AS STRING)",
                        "CAST(o.took AS STRING)",
                        "o.labels['a']",
                        "o.card",
                        "o.invoice",
                        "o.discount.value",
                        "o.lines[0].item",
                        "coalesce(size(o.lines), -1)")));
        assertEquals(1, orders.select("o.*").filter("id = 7").count());
    }

    @Test
    void theColumnIsNamedAfterTheMessages() {
        assertEquals(
                List.of("from_protobuf(value)"),
                List.of(binaries()
                        .select(from_protobuf(col("value"), "Order", SHOP.set()))
                        .columns()));
    }

    @Test
    void fieldsAreNullableAsTheyAreInSpark() throws IOException {
        Path set = Files.write(directory.resolve("old.desc"), OLD.set());
        StructType type = (StructType) binaries()
                .select(from_protobuf(col("value"), "Order", set.toString()))
                .schema()
                .field(0)
                .dataType();
        assertEquals(false, type.field(0).nullable());
        assertEquals(true, type.field(1).nullable());
        assertEquals("STRUCT<a: INT>", type.field(8).dataType().sql());
    }

    @Test
    void whatIsWrittenTheLibraryReads() throws InvalidProtocolBufferException {
        byte[] bytes = (byte[]) session.sql("""
                        SELECT 7L AS ID, CAST(NULL AS STRING) AS customer, array(named_struct('price', 2.5D, 'item', 'ink')) AS lines,
                          'PAID' AS state, TIMESTAMP'1969-12-31 23:59:59.5' AS at, INTERVAL '-1.5' SECOND AS took,
                          map('k', 'v', 'n', NULL) AS labels, 0 AS invoice, 5 AS discount, NULL AS card""")
                .select(to_protobuf(
                        struct(
                                "ID",
                                "customer",
                                "lines",
                                "state",
                                "at",
                                "took",
                                "labels",
                                "invoice",
                                "discount",
                                "card"),
                        "Order",
                        SHOP.set()))
                .head()
                .get(0);
        assertEquals(
                "id: 7 lines { item: \"ink\" price: 2.5 } state: PAID at { seconds: -1 nanos: 500000000 } took { seconds: -1"
                        + " nanos: -500000000 } labels { key: \"k\" value: \"v\" } labels { key: \"n\" value: \"\" }"
                        + " invoice: 0 discount { value: 5 }",
                TextFormat.printer()
                        .emittingSingleLine(true)
                        .printToString(DynamicMessage.parseFrom(SHOP.message("Order"), bytes)));
        assertEquals(
                List.of("[null]"),
                rows(session.sql("SELECT CAST(NULL AS STRUCT<id: BIGINT>) AS s")
                        .select(to_protobuf(col("s"), "Order", SHOP.set()))));
    }

    @Test
    void defaultsAreThoseOfTheFile() throws TextFormat.ParseException {
        assertEquals(
                "{7, null, -7, -Infinity, none, "
                        + new String(new byte[] {1, -1}, java.nio.charset.StandardCharsets.UTF_8)
                        + ", PAID, true, null, [], -1}",
                read(OLD, message(OLD, "id: 7"), Map.of()));
        assertEquals(
                "{0, NEW, 0, 0.0, , , NEW, false, {3}, [1, -1], 0}",
                read(
                        OLD,
                        message(
                                OLD,
                                "id: 0 state: NEW n: 0 f: 0 s: '' b: '' e: NEW t: false inner { a: 3 } packed: [1, -1] u: 0"),
                        Map.of("upcast.unsigned.ints", "true")));
    }

    @Test
    void absentNumbersAreZeroOnRequest() throws TextFormat.ParseException {
        byte[] message = message(SHOP, "lines {} discount {} card: 'x'");
        assertEquals(
                "{null, null, [{null, null}], null, null, null, {}, x, null, {null}}", read(SHOP, message, Map.of()));
        assertEquals(
                "{0, , [{, 0.0}], NEW, null, null, {}, x, null, {0}}",
                read(SHOP, message, Map.of("emit.default.values", "true")));
        assertEquals(
                "{0, , [{, 0.0}], 0, null, null, {}, x, null, 0}",
                read(
                        SHOP,
                        message,
                        Map.of(
                                "emit.default.values",
                                "true",
                                "enums.as.ints",
                                "true",
                                "unwrap.primitive.wrapper.types",
                                "true")));
        assertEquals(
                "{null, null, [{null, null}], null, null, null, {}, x, null, null}",
                read(SHOP, message, Map.of("unwrap.primitive.wrapper.types", "true")));
    }

    @Test
    void messagesWithoutFieldsAreLeftOutOrKept() {
        ProtoFile file = ProtoFile.of("syntax: 'proto3'", "Nothing: oneof none", "Order: a .shop.Nothing 1, n int32 2");
        byte[] message = {0x0A, 0, 0x10, 5};
        assertEquals("{5}", read(file, message, Map.of()));
        DataFrame nothing = binaries(message, null)
                .select(from_protobuf(col("value"), "Nothing", file.set()).as("o"));
        assertEquals("struct<>", nothing.schema().field(0).dataType().simpleString());
        assertEquals(List.of("[{}]", "[null]"), rows(nothing.selectExpr("CAST(o AS STRING)")));
        assertEquals("{{null}, 5}", read(file, message, Map.of("retain.empty.message.types", "true")));
        DataFrame kept = binaries(message)
                .select(from_protobuf(col("value"), "Order", file.set(), Map.of("retain.empty.message.types", "true"))
                        .as("o"));
        assertEquals(
                List.of("[0A001005]"),
                rows(kept.select(to_protobuf(col("o"), "Order", file.set()).as("p"))
                        .selectExpr("hex(p)")));
    }

    @Test
    void damageIsAnErrorOrNull() throws TextFormat.ParseException {
        byte[] good = message(SHOP, "id: 7 customer: 'ann'");
        byte[] cut = Arrays.copyOf(good, good.length - 1);
        assertRefused(
                "[MALFORMED_PROTOBUF_MESSAGE] from_protobuf: a message of 6 bytes is no 'shop.Order' (3 bytes should follow,"
                        + " but there are 2). It was cut, or written as another message. With the option mode 'PERMISSIVE'"
                        + " such messages are null.",
                () -> read(SHOP, cut, Map.of()));
        assertEquals(
                List.of("[7,false]", "[null,true]", "[7,false]"),
                rows(binaries(good, cut, good)
                        .select(from_protobuf(col("value"), "Order", SHOP.set(), Map.of("mode", "PERMISSIVE"))
                                .as("o"))
                        .selectExpr("o.id", "o IS NULL")));
    }

    @Test
    void errorsSayWhatIsWrongWithAMessage() {
        malformed("0 is no tag of a field", SHOP, "00");
        malformed("34359738376 is no tag of a field", SHOP, "888080808001");
        malformed("field 31 has the wire type 7", SHOP, "FF01");
        malformed("group 14 ends, which has not begun", SHOP, "74");
        malformed("a number has more than 10 bytes", SHOP, "08FFFFFFFFFFFFFFFFFFFF01");
        malformed("18446744073709551615 bytes should follow, but there are 0", SHOP, "12FFFFFFFFFFFFFFFFFF01");
        malformed("the string 'shop.Order.lines.item' is no UTF-8", SHOP, "1A040A02C080");
        malformed("the field 'shop.Order.lines.price', double, has a value of the wire type 0", SHOP, "1A021000");
        malformed(
                "the field 'shop.Order.lines', repeated message shop.Line, has a value of the wire type 0",
                SHOP,
                "1800");
        malformed("9223372036855 seconds are too many for a time in microseconds", SHOP, "2A0808F7B5C1DEB78C02");
        malformed("the field 'shop.Order.id', which is required, is missing", OLD, "");
        malformed("the number 3 of the field 'shop.Order.state' is none of the enum 'shop.State'", OLD, "08011003");
    }

    private void malformed(String found, ProtoFile file, String hex) {
        byte[] message = HexFormat.of().parseHex(hex);
        assertRefused(
                "[MALFORMED_PROTOBUF_MESSAGE] from_protobuf: a message of " + message.length
                        + " bytes is no 'shop.Order' ("
                        + found + "). It was cut, or written as another message. With the option mode 'PERMISSIVE' such"
                        + " messages are null.",
                () -> read(file, message, Map.of()));
    }

    @Test
    void numbersBeforeAMessageAreCutOff() throws TextFormat.ParseException {
        byte[] message = message(SHOP, "id: 7");
        byte[] registered = new byte[6 + message.length];
        System.arraycopy(message, 0, registered, 6, message.length);
        assertEquals(
                List.of("[7]"),
                rows(binaries(registered)
                        .select(from_protobuf(expr("substring(value, 7)"), "Order", SHOP.set())
                                .as("o"))
                        .select("o.id")));
    }

    @Test
    void textsThatNeedNotBeUtf8AreRepaired() {
        ProtoFile file = ProtoFile.of("syntax: 'proto2'", "Order: s string 1");
        assertEquals("{a\uFFFD}", read(file, new byte[] {0x0A, 2, 'a', (byte) 0xFF}, Map.of()));
    }

    @Test
    void whatCannotBeReadIsRefusedBeforeAnythingRuns() throws IOException {
        assertRefused(
                "[PROTOBUF_MESSAGE_NOT_FOUND] from_protobuf: the descriptor set has no message 'shop.Ordr'. Did you mean"
                        + " 'shop.Order'? It has google.protobuf.Timestamp, google.protobuf.Duration,"
                        + " google.protobuf.DoubleValue, google.protobuf.FloatValue, google.protobuf.Int64Value,"
                        + " google.protobuf.UInt64Value, google.protobuf.Int32Value, google.protobuf.UInt32Value,"
                        + " google.protobuf.BoolValue, google.protobuf.StringValue, google.protobuf.BytesValue, shop.Line,"
                        + " shop.Order.",
                () -> binaries().select(from_protobuf(col("value"), "shop.Ordr", SHOP.set())));
        assertRefused(
                "[CANNOT_PARSE_PROTOBUF_DESCRIPTOR] from_protobuf: this is no descriptor set of Protobuf (5 bytes should"
                        + " follow, but there are 1). Make one with protoc --include_imports --descriptor_set_out=FILE.",
                () -> binaries().select(from_protobuf(col("value"), "Order", new byte[] {10, 5, 1})));
        assertRefused(
                "[PROTOBUF_DESCRIPTOR_FILE_NOT_FOUND] from_protobuf: the descriptor set 'no/such.desc' can't be read"
                        + " (java.nio.file.NoSuchFileException: no/such.desc). Make it with protoc --include_imports"
                        + " --descriptor_set_out=FILE.",
                () -> binaries().select(from_protobuf(col("value"), "Order", "no/such.desc")));
        byte[] alone = com.google.protobuf.DescriptorProtos.FileDescriptorSet.newBuilder()
                .addFile(SHOP.file().toProto())
                .build()
                .toByteArray();
        assertRefused(
                "[PROTOBUF_DEPENDENCY_NOT_FOUND] from_protobuf: the descriptor set lacks 'google.protobuf.Timestamp', the"
                        + " type of the field 'at'. Make the set with protoc --include_imports.",
                () -> binaries().select(from_protobuf(col("value"), "Order", alone)));
        ProtoFile tree = ProtoFile.of("syntax: 'proto3'", "Node: next .shop.Other 1", "Other: node .shop.Node 1");
        assertRefused(
                "[RECURSIVE_PROTOBUF_SCHEMA] from_protobuf: the field 'shop.Node.next.node' is a 'shop.Node' within a"
                        + " 'shop.Node', and so without end. Say with the option recursive.fields.max.depth, from 1 to 10,"
                        + " how many of them within each other are read.",
                () -> binaries().select(from_protobuf(col("value"), "Node", tree.set())));
        assertRefused(
                "[INVALID_OPTION] from_protobuf option 'convert.any.fields.to.json' is 'true': expected false, because the"
                        + " messages in google.protobuf.Any are not made JSON. Take the field value of the struct that it"
                        + " is, and give it to from_protobuf.",
                () -> binaries()
                        .select(from_protobuf(
                                col("value"), "Order", SHOP.set(), Map.of("convert.any.fields.to.json", "true"))));
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeAnythingRuns() {
        notWritten(
                "[NO_SQL_TYPE_IN_PROTOBUF_SCHEMA] to_protobuf: 'shop.Line' has no field for 'lines.cost'. It has item,"
                        + " price. Leave the field out, or add it to the message.",
                SHOP,
                "array(named_struct('cost', 1)) AS lines");
        notWritten(
                "[CANNOT_CONVERT_SQL_TYPE_TO_PROTOBUF_FIELD_TYPE] to_protobuf: 'id' is of type int, which is not written as"
                        + " int64. Cast it, or write another message.",
                SHOP,
                "1 AS id");
        notWritten(
                "[CANNOT_CONVERT_SQL_TYPE_TO_PROTOBUF_FIELD_TYPE] to_protobuf: 'labels' is of type array<string>, which is"
                        + " not written as a map. Cast it, or write another message.",
                SHOP,
                "array('a') AS labels");
        notWritten(
                "[PROTOBUF_FIELD_MISSING_IN_SQL_SCHEMA] to_protobuf: 'shop.Order' requires the field 'id', but the value has"
                        + " none of this name. Add it to the value.",
                OLD,
                "'NEW' AS state");
    }

    @Test
    void valuesThatNoMessageCanHaveAreErrors() {
        notWritten(
                "[PROTOBUF_VALUE_MISMATCH] to_protobuf: of the oneof with 'card', 'invoice' more than one is not null."
                        + " Correct or filter the values before.",
                SHOP,
                "'x' AS card, 1 AS invoice");
        notWritten(
                "[PROTOBUF_VALUE_MISMATCH] to_protobuf: the field 'id' is required, but its value is null. Correct or filter"
                        + " the values before.",
                OLD,
                "CAST(NULL AS BIGINT) AS id");
        notWritten(
                "[PROTOBUF_VALUE_MISMATCH] to_protobuf: the array 'lines' has a null, which a repeated field can't have."
                        + " Correct or filter the values before.",
                SHOP,
                "array(CAST(NULL AS STRUCT<item: STRING>)) AS lines");
        notWritten(
                "[CANNOT_CONVERT_SQL_VALUE_TO_PROTOBUF_ENUM_TYPE] to_protobuf: 'state' is 'LOST', which is none of the enum"
                        + " 'shop.State': NEW, PAID. Correct or filter the values before.",
                SHOP,
                "'LOST' AS state");
    }

    private void notWritten(String message, ProtoFile file, String columns) {
        DataFrame values = session.sql("SELECT struct(*) AS s FROM (SELECT " + columns + ")");
        assertRefused(
                message,
                () -> values.select(to_protobuf(col("s"), "Order", file.set())).collectAsList());
    }

    @Test
    void groupsAndPackedFieldsComeBack() throws TextFormat.ParseException {
        byte[] message = message(
                OLD,
                "id: -9223372036854775808 state: PAID n: 1 f: nan s: 'x' b: 'y' e: NEW t: true inner { a: -1 }"
                        + " packed: [1, 2147483647, -2147483648] u: 1");
        assertEquals(
                List.of("[" + HexFormat.of().withUpperCase().formatHex(message) + "]"),
                rows(binaries(message)
                        .select(to_protobuf(from_protobuf(col("value"), "Order", OLD.set()), "Order", OLD.set())
                                .as("m"))
                        .selectExpr("hex(m)")));
    }
}
