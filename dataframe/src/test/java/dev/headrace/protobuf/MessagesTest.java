package dev.headrace.protobuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.PayloadColumn;
import dev.headrace.errors.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Messages of protobuf-java are read as it reads them, and written as it writes them.
class MessagesTest {
    private static final String PROTO3 = "syntax: 'proto3'";
    private static final String PROTO2 = "syntax: 'proto2'";
    private static final String EDITION = "syntax: 'editions' edition: EDITION_2023 options { features {"
            + " field_presence: IMPLICIT message_encoding: DELIMITED repeated_field_encoding: EXPANDED } }";
    private static final String[] LINES = {
        "enum Job: NONE 0, BAKER 1, SMITH -3",
        "Line: item string 1, price double 2, numbers sint64* 7",
        "All: oneof choice, a double 1, b float 2, c int32 3, d int64 4, e uint32 5, f uint64 6, g sint32 7, h sint64 8,"
                + " i fixed32 9, j fixed64 10, k sfixed32 11, l sfixed64 12, m bool 13, n string 14, o bytes 15,"
                + " p %.shop.Job 16, q .shop.Line 17, r .google.protobuf.Timestamp 18, s .google.protobuf.Duration 19,"
                + " ra double* 31, rb float* 32, rc int32* 33, rd int64* 34, re uint32* 35, rg sint32* 37, ri fixed32* 39,"
                + " rj fixed64* 40, rm bool* 43, rn string* 44, ro bytes* 45, rp %.shop.Job* 46, rq .shop.Line* 47,"
                + " rr .google.protobuf.Timestamp* 48, ma map<string;int32> 50, mb map<int64;.shop.Line> 51,"
                + " mc map<bool;%.shop.Job> 52, oa int32 60 oneof_index: 0, ob string 61 oneof_index: 0,"
                + " oc .shop.Line 62 oneof_index: 0, w .google.protobuf.Int64Value 70, z int32 536870911"
    };

    private static FromProtobuf reading(ProtoFile file, Map<String, String> options) {
        DescriptorSet types = DescriptorSet.of("from_protobuf", file.set());
        return new FromProtobuf(
                types, types.named("from_protobuf", "All"), ProtobufOptions.of("from_protobuf", options));
    }

    private static ToProtobuf writing(ProtoFile file, FromProtobuf reading) {
        DescriptorSet types = DescriptorSet.of("to_protobuf", file.set());
        return new ToProtobuf(types, types.named("to_protobuf", "All"), reading.schema());
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO3, PROTO2, EDITION})
    void messagesAreReadAndWrittenAsByTheLibrary(String syntax) {
        ProtoFile file = ProtoFile.of(syntax, LINES);
        FromProtobuf reading = reading(file, Map.of());
        ToProtobuf writing = writing(file, reading);
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            DynamicMessage message = message(file.message("All"), random);
            Object cell = reading.decode(Slice.of(message.toByteArray()));
            assertEquals(expected(message), cell, message::toString);
            assertEquals(hex(message.toByteArray()), hex(writing.encode(cell).bytes()), message::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO3, PROTO2, EDITION})
    void whatIsReadWithOptionsIsWrittenAsItWas(String syntax) {
        ProtoFile file = ProtoFile.of(syntax, LINES);
        FromProtobuf reading = reading(
                file,
                Map.of(
                        "emit.default.values",
                        "true",
                        "enums.as.ints",
                        "true",
                        "upcast.unsigned.ints",
                        "true",
                        "unwrap.primitive.wrapper.types",
                        "true"));
        ToProtobuf writing = writing(file, reading);
        Random random = new Random(13);
        for (int i = 0; i < 300; i++) {
            DynamicMessage message = message(file.message("All"), random);
            Object cell = reading.decode(Slice.of(message.toByteArray()));
            assertEquals(hex(message.toByteArray()), hex(writing.encode(cell).bytes()), message::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO3, PROTO2, EDITION})
    void messagesGivenTwiceAreJoined(String syntax) throws InvalidProtocolBufferException {
        ProtoFile file = ProtoFile.of(syntax, LINES);
        FromProtobuf reading = reading(file, Map.of());
        Random random = new Random(8);
        for (int i = 0; i < 300; i++) {
            byte[] first = message(file.message("All"), random).toByteArray();
            byte[] second = message(file.message("All"), random).toByteArray();
            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            assertEquals(expected(DynamicMessage.parseFrom(file.message("All"), both)), reading.decode(Slice.of(both)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTO3, PROTO2, EDITION})
    void damageGivesWhatTheLibraryReadsOrAnError(String syntax) throws IOException {
        ProtoFile file = ProtoFile.of(syntax, LINES);
        FromProtobuf reading = reading(file, Map.of());
        Random random = new Random(9);
        int read = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = message(file.message("All"), random).toByteArray();
            if (bytes.length == 0) {
                continue;
            }
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
            Object cell;
            try {
                cell = reading.decode(Slice.of(damaged));
            } catch (DataException malformed) {
                assertEquals("MALFORMED_PROTOBUF_MESSAGE", malformed.code());
                continue;
            }
            assertEquals(expected(parsed(file.message("All"), damaged)), cell, hex(damaged));
            read++;
        }
        assertTrue(read > 100, read + " of the damaged messages are messages");
    }

    @Test
    void columnsHaveWhatMessagesOneByOneAre() {
        ProtoFile file = ProtoFile.of(PROTO3, LINES);
        FromProtobuf reading = reading(file, Map.of("mode", "PERMISSIVE"));
        Random random = new Random(12);
        try (BufferAllocator allocator = new RootAllocator();
                PayloadColumn column = reading.open(ZoneOffset.UTC, allocator)) {
            for (int chunk = 0; chunk < 3; chunk++) {
                List<@Nullable Object> cells = new ArrayList<>();
                long malformed = column.malformedRows();
                for (int i = 0; i < 200; i++) {
                    byte[] message = message(file.message("All"), random).toByteArray();
                    if (random.nextInt(9) == 0) {
                        column.decodeNull();
                        cells.add(null);
                        continue;
                    }
                    int length = message.length - (random.nextInt(5) == 0 && message.length > 1 ? 1 : 0);
                    byte[] around = new byte[message.length + 10];
                    System.arraycopy(message, 0, around, 5, message.length);
                    Object cell = reading.decode(Slice.of(Arrays.copyOf(message, length)));
                    assertEquals(cell != null, column.decode(around, 5, length));
                    malformed += cell == null ? 1 : 0;
                    cells.add(cell);
                }
                assertEquals(malformed, column.malformedRows());
                try (FieldVector vector = column.finish("o")) {
                    assertEquals(cells.size(), vector.getValueCount());
                    for (int row = 0; row < cells.size(); row++) {
                        assertEquals(cells.get(row), Cell.detach(Cell.read(vector, row)));
                    }
                }
            }
            assertTrue(column.malformedRows() > 10);
        }
    }

    @Test
    void fieldsThatNobodyKnowsArePassedOver() {
        ProtoFile file = ProtoFile.of(PROTO3, LINES);
        FromProtobuf reading = reading(file, Map.of());
        Random random = new Random(10);
        UnknownFieldSet group = UnknownFieldSet.newBuilder()
                .addField(
                        3,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(-1)
                                .addFixed32(1)
                                .addLengthDelimited(ByteString.copyFromUtf8("x"))
                                .build())
                .build();
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        20,
                        UnknownFieldSet.Field.newBuilder()
                                .addFixed64(Long.MIN_VALUE)
                                .addGroup(group)
                                .build())
                .build();
        for (int i = 0; i < 50; i++) {
            DynamicMessage message = message(file.message("All"), random);
            byte[] bytes = message.toBuilder().setUnknownFields(unknown).build().toByteArray();
            assertEquals(expected(message), reading.decode(Slice.of(bytes)));
        }
    }

    @Test
    void repeatedNumbersAreReadPackedAndNot() {
        ProtoFile packed = ProtoFile.of(PROTO3, LINES);
        ProtoFile single = ProtoFile.of(PROTO2, LINES);
        DynamicMessage.Builder message = DynamicMessage.newBuilder(packed.message("All"));
        FieldDescriptor field = packed.message("All").findFieldByName("rc");
        List.of(1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE).forEach(value -> message.addRepeatedField(field, value));
        Object cell = reading(packed, Map.of()).decode(Slice.of(message.build().toByteArray()));
        assertEquals(
                cell, reading(single, Map.of()).decode(Slice.of(message.build().toByteArray())));
        byte[] expanded =
                writing(single, reading(single, Map.of())).encode(cell).bytes();
        assertEquals(cell, reading(packed, Map.of()).decode(Slice.of(expanded)));
        assertTrue(expanded.length > message.build().toByteArray().length);
    }

    @Test
    void messagesWithinMessagesHaveALimit() {
        ProtoFile file = ProtoFile.of(PROTO3, "All: self .shop.All 1, value int32 2");
        FromProtobuf reading = reading(file, Map.of("recursive.fields.max.depth", "1"));
        FromProtobuf deeper = reading(file, Map.of("recursive.fields.max.depth", "10"));
        assertEquals(
                "struct<self:struct<self:struct<value:int>,value:int>,value:int>",
                reading(file, Map.of("recursive.fields.max.depth", "3"))
                        .schema()
                        .simpleString());
        byte[] deep = {};
        for (int i = 0; i < 101; i++) {
            byte[] around = new byte[deep.length + (deep.length < 128 ? 2 : 3)];
            around[0] = 0x0A;
            around[1] = (byte) (deep.length < 128 ? deep.length : deep.length & 0x7F | 0x80);
            if (deep.length >= 128) {
                around[2] = (byte) (deep.length >> 7);
            }
            System.arraycopy(deep, 0, around, around.length - deep.length, deep.length);
            deep = around;
        }
        // What is left out is not looked into.
        List<@Nullable Object> nothing = new ArrayList<>();
        nothing.add(null);
        assertEquals(nothing, reading.decode(Slice.of(deep)));
        assertEquals(2, ((List<?>) deeper.decode(Slice.of(deep))).size());
        byte[] groups = new byte[250];
        Arrays.fill(groups, (byte) 0x1B);
        assertEquals(
                "[MALFORMED_PROTOBUF_MESSAGE] from_protobuf: a message of 250 bytes is no 'shop.All' (there are more than"
                        + " 100 messages within each other). It was cut, or written as another message. With the option"
                        + " mode 'PERMISSIVE' such messages are null.",
                assertThrows(DataException.class, () -> reading.decode(Slice.of(groups)))
                        .getMessage());
    }

    @Test
    void damagedDescriptorsAreAnErrorOrADescriptor() {
        byte[] good = ProtoFile.of(PROTO3, LINES).set();
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            try {
                DescriptorSet types = DescriptorSet.of("from_protobuf", bad);
                FromProtobuf reading = new FromProtobuf(
                        types, types.named("from_protobuf", "All"), ProtobufOptions.of("from_protobuf", Map.of()));
                assertEquals(reading, reading);
            } catch (dev.headrace.errors.QueryException refused) {
                assertTrue(
                        List.of(
                                        "CANNOT_PARSE_PROTOBUF_DESCRIPTOR",
                                        "PROTOBUF_MESSAGE_NOT_FOUND",
                                        "PROTOBUF_DEPENDENCY_NOT_FOUND",
                                        "RECURSIVE_PROTOBUF_SCHEMA")
                                .contains(refused.code()),
                        refused::getMessage);
            }
        }
    }

    @Test
    void numbersOfAllSizesComeBack() throws MalformedMessage {
        WireWriter out = new WireWriter();
        WireReader in = new WireReader();
        for (int shift = 0; shift < 64; shift++) {
            for (long value : new long[] {1L << shift, (1L << shift) - 1, -(1L << shift)}) {
                out.reset(0);
                out.varint(value);
                out.zigzag(value);
                out.fixed64(value);
                out.fixed32((int) value);
                byte[] bytes = out.toSlice().bytes();
                in.reset(bytes, 0, bytes.length);
                assertEquals((int) value, in.fixed32());
                assertEquals(value, in.fixed64());
                assertEquals(value, in.zigzag());
                assertEquals(value, in.varint());
                assertEquals(false, in.hasMore());
            }
        }
    }

    @Test
    void defaultsOfBytesAreWithoutEscapes() {
        assertArrayEquals(new byte[] {0, -1, 10, 34, 92, 97}, EscapedBytes.of("\\000\\377\\n\\\"\\\\a"));
    }

    /// Byte by byte: from an array, the library takes the tenth byte of a number for 1 whatever it is.
    private static DynamicMessage parsed(Descriptor type, byte[] bytes) throws IOException {
        return DynamicMessage.newBuilder(type)
                .mergeFrom(CodedInputStream.newInstance(new ByteArrayInputStream(bytes), 8))
                .buildPartial();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /// What [FromProtobuf] gives of a message without options.
    private static List<@Nullable Object> expected(Message message) {
        List<@Nullable Object> cells = new ArrayList<>();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.isMapField()) {
                Map<Object, Object> entries = new LinkedHashMap<>();
                for (Object entry : (List<?>) message.getField(field)) {
                    Descriptor type = field.getMessageType();
                    entries.put(
                            cell(type.findFieldByName("key"), ((Message) entry).getField(type.findFieldByName("key"))),
                            cell(
                                    type.findFieldByName("value"),
                                    ((Message) entry).getField(type.findFieldByName("value"))));
                }
                cells.add(entries);
            } else if (field.isRepeated()) {
                cells.add(((List<?>) message.getField(field))
                        .stream().map(value -> cell(field, value)).toList());
            } else {
                cells.add(message.hasField(field) ? cell(field, message.getField(field)) : null);
            }
        }
        return cells;
    }

    private static Object cell(FieldDescriptor field, Object value) {
        return switch (value) {
            case String text -> Slice.utf8(text);
            case ByteString bytes -> Slice.of(bytes.toByteArray());
            case EnumValueDescriptor symbol -> Slice.utf8(symbol.getName());
            case Message message when List.of("Timestamp", "Duration")
                    .contains(field.getMessageType().getName()) ->
                (Long) part(message, "seconds") * 1_000_000L + (Integer) part(message, "nanos") / 1_000;
            case Message message -> expected(message);
            default -> value;
        };
    }

    private static Object part(Message message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    private static DynamicMessage message(Descriptor type, Random random) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        if (type.getName().equals("Timestamp") || type.getName().equals("Duration")) {
            boolean negative = random.nextBoolean();
            int sign = negative && type.getName().equals("Duration") ? -1 : 1;
            long seconds = random.nextLong(0, 200_000_000_000L);
            message.setField(type.findFieldByName("seconds"), negative ? -seconds : seconds);
            message.setField(
                    type.findFieldByName("nanos"), seconds == 0 ? 0 : sign * random.nextInt(1_000_000) * 1_000);
            return message.build();
        }
        for (FieldDescriptor field : type.getFields()) {
            if (field.isMapField()) {
                Map<Object, Message> entries = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    DynamicMessage entry = filled(field.getMessageType(), random);
                    entries.put(part(entry, "key"), entry);
                }
                entries.values().forEach(entry -> message.addRepeatedField(field, entry));
            } else if (field.isRepeated()) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    message.addRepeatedField(field, value(field, random));
                }
            } else if (random.nextInt(3) > 0) {
                message.setField(field, value(field, random));
            }
        }
        return message.build();
    }

    private static DynamicMessage filled(Descriptor type, Random random) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        type.getFields().forEach(field -> message.setField(field, value(field, random)));
        return message.build();
    }

    private static Object value(FieldDescriptor field, Random random) {
        boolean usual = random.nextInt(3) > 0;
        return switch (field.getJavaType()) {
            case INT ->
                usual
                        ? random.nextInt()
                        : List.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE).get(random.nextInt(4));
            case LONG ->
                usual
                        ? random.nextLong()
                        : List.of(0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE).get(random.nextInt(4));
            case FLOAT ->
                usual
                        ? random.nextFloat()
                        : List.of(0F, -0F, Float.NaN, Float.NEGATIVE_INFINITY).get(random.nextInt(4));
            case DOUBLE ->
                usual
                        ? random.nextDouble()
                        : List.of(0D, -0D, Double.NaN, Double.MIN_VALUE).get(random.nextInt(4));
            case BOOLEAN -> random.nextBoolean();
            case STRING -> List.of("", "a", "ä€😀", "\0", "x".repeat(200)).get(random.nextInt(5));
            case BYTE_STRING ->
                ByteString.copyFrom(new byte[][] {{}, {0}, {-1, 0, 1}, new byte[300]}[random.nextInt(4)]);
            case ENUM ->
                field.getEnumType()
                        .getValues()
                        .get(random.nextInt(field.getEnumType().getValues().size()));
            case MESSAGE -> message(field.getMessageType(), random);
        };
    }
}
