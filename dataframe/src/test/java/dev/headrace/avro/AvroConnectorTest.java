package dev.headrace.avro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.cancellation.QueryCancelledException;
import dev.headrace.chunk.Slice;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.SaveMode;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.errors.ResourceException;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.FormatHarness;
import dev.headrace.files.InputFile;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroConnectorTest {
    private static final String ALL_TYPES = "b boolean, i int, l bigint, f float, d double, m decimal(20,2), "
            + "v string, x binary, y date, z timestamp, n timestamp_ntz, a array<int>, p map<string,bigint>, "
            + "r struct<k: string, w: array<double>>";

    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new AvroConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "snappy", "deflate", "zstandard"})
    void whatIsWrittenIsRead(String compression) {
        List<?> full = Arrays.asList(
                true,
                70_000,
                1L << 40,
                0.5f,
                -0.25,
                new BigDecimal("-12345678901234567.89"),
                Slice.utf8("é"),
                Slice.of(new byte[] {0, -1}),
                20_000,
                1_700_000_000_000_001L,
                -1L,
                Arrays.asList(1, null, 3),
                Map.of(Slice.utf8("k"), 5L),
                Arrays.asList(Slice.utf8("q"), List.of(1.5)));
        List<?> nulls = Arrays.asList(new Object[14]);
        files.write(ALL_TYPES, Map.of("compression", compression), SaveMode.ERROR_IF_EXISTS, "t", List.of(full, nulls));

        FormatHarness.Result read = files.read("", Map.of(), "t");

        assertEquals(StructType.fromDDL(ALL_TYPES), read.schema());
        assertEquals(
                List.of(
                        "[true, 70000, 1099511627776, 0.5, -0.25, -12345678901234567.89, é, 00ff, 20000, "
                                + "1700000000000001, -1, [1, null, 3], {k=5}, [q, [1.5]]]",
                        nulls.toString()),
                read.rows());
    }

    @Test
    void filesAreAsOthersExpectThem() throws IOException {
        files.write(
                "id bigint, amount decimal(5,2), tags array<string>",
                Map.of("recordName", "sale", "recordNamespace", "shop"),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                List.of(List.of(7L, new BigDecimal("-1.05"), List.of(Slice.utf8("x")))));

        try (DataFileReader<GenericRecord> file =
                new DataFileReader<>(part("t").toFile(), new GenericDatumReader<>())) {
            GenericRecord row = file.next();
            assertEquals("shop.sale", row.getSchema().getFullName());
            assertEquals(7L, row.get("id"));
            assertEquals("[x]", row.get("tags").toString());
            assertEquals("[-1, -105]", bytes((GenericData.Fixed) row.get("amount")));
        }
    }

    private static String bytes(GenericData.Fixed fixed) {
        byte[] bytes = fixed.bytes();
        return "[" + bytes[0] + ", " + new java.math.BigInteger(bytes) + "]";
    }

    private Path part(String directory) throws IOException {
        try (Stream<Path> parts = Files.list(root.resolve(directory))) {
            return parts.filter(each -> each.toString().endsWith(".avro"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path written(String name, CodecFactory codec, String schema, GenericData.Record... rows)
            throws IOException {
        return written(name, codec, Map.of(), schema, rows);
    }

    private Path written(
            String name, CodecFactory codec, Map<String, String> notes, String schema, GenericData.Record... rows)
            throws IOException {
        Path file = root.resolve(name);
        Schema parsed = new Schema.Parser().parse(schema);
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(parsed)).setCodec(codec)) {
            notes.forEach(writer::setMeta);
            writer.create(parsed, file.toFile());
            for (GenericData.Record row : rows) {
                writer.append(row);
            }
        }
        return file;
    }

    private static GenericData.Record record(String schema, Object... values) {
        GenericData.Record row = new GenericData.Record(new Schema.Parser().parse(schema));
        for (int i = 0; i < values.length; i++) {
            row.put(i, values[i]);
        }
        return row;
    }

    @Test
    void typesOfOthersAreRead() throws IOException {
        String schema = """
                {"type":"record","name":"r","fields":[
                 {"name":"color","type":{"type":"enum","name":"c","symbols":["RED","BLUE"]}},
                 {"name":"either","type":["null","int","long"]},
                 {"name":"mixed","type":["null","string","int"]},
                 {"name":"ms","type":{"type":"long","logicalType":"timestamp-millis"}},
                 {"name":"amount","type":["null",{"type":"bytes","logicalType":"decimal","precision":6,"scale":3}]},
                 {"name":"raw","type":{"type":"fixed","name":"f","size":2}}]}""";
        Schema parsed = new Schema.Parser().parse(schema);
        written(
                "x.avro",
                CodecFactory.nullCodec(),
                schema,
                record(
                        schema,
                        new GenericData.EnumSymbol(parsed.getField("color").schema(), "BLUE"),
                        9L,
                        3,
                        5L,
                        ByteBuffer.wrap(new byte[] {4, 1}),
                        new GenericData.Fixed(parsed.getField("raw").schema(), new byte[] {1, 2})));

        FormatHarness.Result read = files.read("", Map.of(), "x.avro");

        assertEquals(
                "color STRING,either BIGINT,mixed STRUCT<member0: STRING, member1: INT>,ms TIMESTAMP,"
                        + "amount DECIMAL(6,3),raw BINARY",
                read.schema().toDDL());
        assertEquals(List.of("[BLUE, 9, [null, 3], 5000, 1.025, 0102]"), read.rows());
        assertEquals(
                List.of("[1.02500, 9]"),
                files.read("Amount decimal(12,5), EITHER bigint", Map.of(), "x.avro")
                        .rows());
    }

    /// 1500-01-01 by the calendar of files that Spark has written so.
    @Test
    void datesAndTimesOfOldSparkAreReadAsTheyWereShown() throws IOException {
        String schema = """
                {"type":"record","name":"r","fields":[
                 {"name":"d","type":{"type":"int","logicalType":"date"}},
                 {"name":"ms","type":{"type":"long","logicalType":"timestamp-millis"}},
                 {"name":"us","type":{"type":"long","logicalType":"timestamp-micros"}},
                 {"name":"l","type":{"type":"long","logicalType":"local-timestamp-micros"}},
                 {"name":"n","type":"long"}]}""";
        int day = -171_655;
        GenericData.Record row =
                record(schema, day, day * 86_400_000L, day * 86_400_000_000L, day * 86_400_000_000L, (long) day);
        Map<String, String> notes = Map.of("org.apache.spark.version", "2.4.8", "org.apache.spark.timeZone", "UTC");
        written("old.avro", CodecFactory.nullCodec(), notes, schema, row);

        long shown = LocalDate.of(1500, 1, 1).toEpochDay();
        long micros = shown * 86_400_000_000L;
        assertEquals(
                List.of(List.of(shown, micros, micros, day * 86_400_000_000L, day)
                        .toString()),
                files.read("", Map.of(), "old.avro").rows());
        assertEquals(
                List.of("[" + micros + "]"),
                files.read("d timestamp_ntz", Map.of(), "old.avro").rows());
    }

    @Test
    void whatIsNotAskedForIsPassedOverAndWhatAFileLacksIsNull() {
        files.write(
                "a int, s struct<x: int, y: string>, m map<string, int>, z string",
                Map.of(),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                List.of(Arrays.asList(7, Arrays.asList(1, Slice.utf8("u")), Map.of(), Slice.utf8("end"))));
        BatchTable table = files.open("", Map.of(), "t");

        assertEquals(List.of("[end, 7]"), files.read(table, "z", "a").rows());
        assertEquals(
                List.of("[[u, null], null, 7.0]"),
                files.read("s struct<y: string, w: date>, q array<int>, a double", Map.of(), "t")
                        .rows());
    }

    @Test
    void largeFilesAreReadInParts() {
        List<List<?>> rows = new ArrayList<>();
        for (long i = 0; i < 60_000; i++) {
            rows.add(List.of(i, Slice.utf8("some text that takes its room " + i)));
        }
        files.write("id bigint, s string", Map.of("compression", "uncompressed"), SaveMode.ERROR_IF_EXISTS, "t", rows);

        List<String> read = files.read("", Map.of(), "t").rows();

        assertEquals(60_000, read.size());
        assertEquals(60_000, read.stream().distinct().count());
        assertTrue(files.open("", Map.of(), "t")
                        .scan(dev.headrace.connector.ScanRequest.all(StructType.fromDDL("id bigint, s string")))
                        .splits()
                        .size()
                > 1);
    }

    /// Wherever a file is divided, also within a marker, and where one lies across the edge of what is read at once.
    @Test
    void partsHaveEachBlockOnce() throws IOException {
        Path file = root.resolve("parts.avro");
        List<Long> blocks = writeBlocks(file, 10, 70_000, 20, 200_000, 5);
        long length = Files.size(file);
        Set<Long> cuts = new TreeSet<>();
        for (long block : blocks) {
            for (long near = -20; near <= 4; near++) {
                cuts.add(block + near);
                cuts.add(block + near - (64 << 10));
            }
        }
        for (long cut : cuts) {
            if (cut > 0 && cut < length) {
                List<Long> first = idsOf(file, 0, cut);
                List<Long> second = idsOf(file, cut, length);
                assertEquals(
                        LongStream.range(0, 5).boxed().toList(),
                        Stream.concat(first.stream(), second.stream()).toList());
            }
        }
    }

    /// Of a block that has begun before, no more than the part itself is read.
    @Test
    void partsWithinABlockAreReadOnce() throws IOException {
        Path file = root.resolve("parts.avro");
        List<Long> blocks = writeBlocks(file, 10, 500_000, 10);

        assertEquals(List.of(), idsOf(file, 100_000, 200_000));
        try (FileInput input = new FileInput(file)) {
            SyncMarker marker = new SyncMarker(input, blocks.getFirst());

            assertEquals(200_000, marker.blockFrom(100_000, 200_000));
            assertEquals(200_000, input.tell());
            assertEquals(blocks.get(2), marker.blockFrom(300_000, Files.size(file)));
        }
    }

    /// @return where each block begins; each is of one row, which has text of so many bytes
    private static List<Long> writeBlocks(Path file, int... bytes) throws IOException {
        Schema schema = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                        + "{\"name\":\"s\",\"type\":\"string\"}]}");
        List<Long> blocks = new ArrayList<>();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, file.toFile());
            for (int b = 0; b < bytes.length; b++) {
                blocks.add(writer.sync());
                GenericRecord row = new GenericData.Record(schema);
                row.put("id", (long) b);
                row.put("s", "x".repeat(bytes[b]));
                writer.append(row);
            }
        }
        return blocks;
    }

    private static List<Long> idsOf(Path file, long from, long to) throws IOException {
        StructType schema = StructType.fromDDL("id bigint");
        InputFile input = new InputFile(file, Files.size(file), 0, Map.of());
        List<Long> ids = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator();
                FileTable.RowReader rows =
                        new AvroFormat().open(new FileRange(input, from, to), schema, schema, allocator)) {
            for (int count = rows.read(100); count > 0; count = rows.read(100)) {
                for (int row = 0; row < count; row++) {
                    ids.add((Long) rows.columns().field(0).read(row));
                }
                rows.columns().reset();
            }
        }
        return ids;
    }

    /// However well they compress: 8,192 of them would not fit into a column.
    @Test
    void wideRowsMakeShortChunks() {
        byte[] wide = new byte[1 << 20];
        files.write(
                "x binary, a array<binary>",
                Map.of("compression", "zstandard"),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                Collections.nCopies(100, List.of(Slice.of(wide), List.of(Slice.of(wide)))));

        List<Integer> rows = files.chunks("t");

        assertEquals(100, rows.stream().mapToInt(Integer::intValue).sum());
        assertTrue(Collections.max(rows) <= 32, rows.toString());
    }

    /// A few of them may be more than a column holds.
    @Test
    void veryWideRowsMakeChunksOfFew() {
        Slice wide = Slice.of(new byte[9 << 20]);
        files.write(
                "x binary",
                Map.of("compression", "zstandard"),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                Collections.nCopies(5, List.of(wide)));

        assertEquals(List.of(2, 2, 1), files.chunks("t"));
    }

    @Test
    void arraysOfElementsWithoutBytesEndChunks() throws IOException {
        String schema = "{\"type\": \"record\", \"name\": \"r\", \"fields\": [{\"name\": \"a\", \"type\":"
                + " {\"type\": \"array\", \"items\": \"null\"}}]}";
        byte[] many = nulls(5 << 20);
        Path file = root.resolve("nulls.avro");
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>())) {
            writer.create(new Schema.Parser().parse(schema), file.toFile());
            for (int i = 0; i < 40; i++) {
                writer.appendEncoded(ByteBuffer.wrap(many));
            }
        }

        assertEquals(List.of(32, 8), files.chunks("nulls.avro"));
    }

    /// An array of nulls, which have no bytes.
    private static byte[] nulls(int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        out.writeArrayStart();
        out.setItemCount(count);
        out.writeArrayEnd();
        out.flush();
        return bytes.toByteArray();
    }

    @Test
    void longArraysAreGivenUp() throws IOException {
        DataType type = new ArrayType(DataTypes.NullType, true);
        ValueReader reader = new ValueReaders("a.avro", Optional.empty())
                .of(Schema.createArray(Schema.create(Schema.Type.NULL)), type, "a");
        Decoder in = DecoderFactory.get().binaryDecoder(nulls(1 << 20), null);
        Cancellation query = new Cancellation();
        try (ColumnWriter column = ColumnWriter.of(type, Optional.empty())) {
            column.ensure(1);
            assertThrows(
                    QueryCancelledException.class,
                    () -> query.within(() -> {
                        query.cancel();
                        try {
                            reader.read(in, column, 0);
                        } catch (IOException damaged) {
                            throw new UncheckedIOException(damaged);
                        }
                        return true;
                    }));
        }
    }

    @Test
    void columnsOfTooManyRowsAreRefused() {
        try (ColumnWriter column = ColumnWriter.of(DataTypes.NullType, Optional.empty())) {
            assertEquals(
                    "COLUMN_TOO_LARGE",
                    assertThrows(ResourceException.class, () -> column.ensure(Integer.MAX_VALUE))
                            .code());
        }
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        Path text = files.file("x", "id,name and so on\n1,a\n");
        String loop =
                "{\"type\":\"record\",\"name\":\"node\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"node\"]}]}";
        Path recursive = written("r.avro", CodecFactory.nullCodec(), loop);

        assertEquals(
                "[NOT_AN_AVRO_FILE] '" + text + "' is not an Avro file: it does not begin with Obj1. It has another "
                        + "format: read it with its own, or remove it.",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "x"))
                        .getMessage());
        assertEquals(
                "[UNSUPPORTED_AVRO] '" + recursive + "', column 'next': the record 'node', which holds itself, is not "
                        + "supported. Write it in another way, or give a schema without the column.",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "r.avro"))
                        .getMessage());
    }

    @Test
    void aTypeThatDoesNotFitIsRefused() throws IOException {
        String schema = "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}";
        Path file = written("x.avro", CodecFactory.nullCodec(), schema, record(schema, "1"));

        assertEquals(
                "[AVRO_TYPE_MISMATCH] '" + file
                        + "', column 'a': the schema says int, the file holds \"string\", which "
                        + "can't be read as that. Give the type that the file has and cast, or remove the file.",
                assertThrows(DataException.class, () -> files.read("a int", Map.of(), "x.avro"))
                        .getMessage());
    }

    @Test
    void damageIsAnErrorWithTheFilesName() throws IOException {
        List<List<?>> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            rows.add(List.of(Slice.utf8("value " + i), List.of(i)));
        }
        files.write("s string, a array<int>", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", rows);
        byte[] good = Files.readAllBytes(part("t"));
        int errors = 0;
        for (int at = 4; at < good.length; at += 7) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0x55;
            files.file("bad", bad);
            try {
                files.read("s string, a array<int>", Map.of(), "bad");
            } catch (DataException named) {
                errors++;
                assertTrue(named.getMessage().contains(root.resolve("bad").toString()), named.getMessage());
            }
        }
        assertTrue(errors > 10, errors + " errors");
        files.file("cut", Arrays.copyOf(good, good.length - 20));
        assertEquals(
                "DAMAGED_AVRO_FILE",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "cut"))
                        .code());
    }

    @Test
    void whatCannotBeWrittenIsRefusedBeforeAnythingIs() {
        assertEquals(
                "[UNSUPPORTED_AVRO_TYPE] Avro can't hold a column named 'a b'. A name there has letters, "
                        + "digits and underscores: rename the column with withColumnRenamed(…).",
                assertThrows(
                                QueryException.class,
                                () -> files.write("`a b` int", Map.of(), SaveMode.APPEND, "t", List.of()))
                        .getMessage());
        assertEquals(
                "[UNSUPPORTED_AVRO_TYPE] Avro can't hold a column named 'a-b'. A name there has letters, "
                        + "digits and underscores: rename the column with withColumnRenamed(…).",
                assertThrows(
                                QueryException.class,
                                () -> files.write("`a-b` struct<x: int>", Map.of(), SaveMode.APPEND, "t", List.of()))
                        .getMessage());
        assertEquals(
                "[INVALID_OPTION] format(\"avro\") option 'recordName' is 'a b': expected a name of letters, digits and "
                        + "underscores that does not begin with a digit.",
                assertThrows(
                                QueryException.class,
                                () -> files.write(
                                        "a int", Map.of("recordName", "a b"), SaveMode.APPEND, "t", List.of()))
                        .getMessage());
        assertEquals(
                "[UNSUPPORTED_AVRO_TYPE] Avro can't hold the column 'm': the keys of maps are texts there, "
                        + "not int. Write map_entries(m).",
                assertThrows(
                                QueryException.class,
                                () -> files.write("m map<int,int>", Map.of(), SaveMode.APPEND, "t", List.of()))
                        .getMessage());
        assertEquals(
                "[INVALID_OPTION] format(\"avro\") option 'compression' is 'lzo': expected snappy, deflate, zstandard or "
                        + "uncompressed.",
                assertThrows(
                                QueryException.class,
                                () -> files.write(
                                        "a int", Map.of("compression", "lzo"), SaveMode.APPEND, "t", List.of()))
                        .getMessage());
    }
}
