package dev.headrace.arrow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.SaveMode;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FormatHarness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalDayVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.ArrowFileWriter;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowDictionaryBatch;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.ByteArrayReadableSeekableByteChannel;
import org.apache.arrow.vector.util.DictionaryUtility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrowConnectorTest {
    private static final String ALL_TYPES = "b boolean, t tinyint, s smallint, i int, l bigint, f float, d double, "
            + "m decimal(20,2), v string, x binary, y date, z timestamp, n timestamp_ntz, "
            + "a array<int>, p map<string,bigint>, r struct<k: string, w: array<double>>";

    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new ArrowConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    private static List<?> full() {
        return Arrays.asList(
                true,
                (byte) -1,
                (short) 300,
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
    }

    private static List<?> nulls(int columns) {
        return Arrays.asList(new Object[columns]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "zstd"})
    void whatIsWrittenIsRead(String compression) {
        List<List<?>> rows = List.of(full(), nulls(16));
        files.write(ALL_TYPES, Map.of("compression", compression), SaveMode.ERROR_IF_EXISTS, "t", rows);

        FormatHarness.Result read = files.read("", Map.of(), "t");

        assertEquals(dev.headrace.types.StructType.fromDDL(ALL_TYPES), read.schema());
        assertEquals(
                List.of(
                        "[true, -1, 300, 70000, 1099511627776, 0.5, -0.25, -12345678901234567.89, é, 00ff, 20000, "
                                + "1700000000000001, -1, [1, null, 3], {k=5}, [q, [1.5]]]",
                        nulls(16).toString()),
                read.rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"uncompressed", "zstd"})
    void listsOfListsMayAllBeEmptyOrNull(String compression) {
        try (Session session = Session.builder().create()) {
            String path = root.resolve("lists").toString();
            DataFrame rows = session.sql("SELECT CAST(NULL AS array<array<int>>) AS l"
                    + " UNION ALL SELECT array(CAST(array() AS array<int>)) UNION ALL SELECT NULL");

            rows.write().format("arrow").option("compression", compression).save(path);

            assertEquals(
                    rows.collectAsList().toString(),
                    session.read().format("arrow").load(path).collectAsList().toString());
        }
    }

    @Test
    void noRowsLeaveAFileThatHasASchema() {
        files.write("a int", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", List.of());

        assertEquals("a INT", files.read("", Map.of(), "t").schema().toDDL());
        assertEquals(List.of(), files.read("", Map.of(), "t").rows());
    }

    @Test
    void largeBatchesComeInChunksAndManyBatchesInParts() {
        List<List<?>> rows = new ArrayList<>();
        for (long i = 0; i < 2_500; i++) {
            rows.add(List.of(i, Slice.utf8("text " + i)));
        }
        files.write("id bigint, s string", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", rows);

        List<String> read = files.read("", Map.of(), "t").rows();
        assertEquals(2_500, read.size());
        assertEquals("[2499, text 2499]", read.getLast());
    }

    @Test
    void columnsGoByNameAndWhatAFileLacksIsNull() {
        files.write(
                "a int, s struct<x: int, y: string>",
                Map.of(),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                List.of(List.of(7, Arrays.asList(1, Slice.utf8("u")))));

        assertEquals(
                List.of("[null, [u, null], 7]"),
                files.read("z string, S struct<y: string, w: date>, A bigint", Map.of(), "t")
                        .rows());
        assertEquals(
                List.of("[[u]]"),
                files.read("s struct<y: string>", Map.of(), "t").rows());
    }

    @Test
    void schemasOfSeveralFilesAreMergedOnDemand() {
        files.write("a int", Map.of(), SaveMode.APPEND, "t", List.of(List.of(1)));
        files.write(
                "a int, b string", Map.of(), SaveMode.ERROR_IF_EXISTS, "t/day=2", List.of(List.of(2, Slice.utf8("x"))));

        assertEquals(
                "a INT,b STRING",
                files.read("", Map.of("mergeSchema", "true", "recursiveFileLookup", "true"), "t")
                        .schema()
                        .toDDL());
    }

    @Test
    void typesOfOthersAreRead() throws IOException {
        try (RootAllocator allocator = new RootAllocator();
                LargeVarCharVector text = new LargeVarCharVector("text", allocator);
                UInt8Vector unsigned = new UInt8Vector("unsigned", allocator);
                TimeStampNanoVector time = new TimeStampNanoVector("time", allocator);
                VarCharVector plain = new VarCharVector("color", allocator);
                VarCharVector values = new VarCharVector("values", allocator)) {
            text.setSafe(0, "ä".getBytes(StandardCharsets.UTF_8));
            unsigned.setSafe(0, -1L);
            time.setSafe(0, 1_999L);
            values.setSafe(0, "red".getBytes(StandardCharsets.UTF_8));
            values.setSafe(1, "blue".getBytes(StandardCharsets.UTF_8));
            values.setValueCount(2);
            plain.setSafe(0, "blue".getBytes(StandardCharsets.UTF_8));
            Stream.of(text, unsigned, time, plain).forEach(vector -> vector.setValueCount(2));
            Dictionary dictionary = new Dictionary(values, new DictionaryEncoding(1, false, null));
            try (FieldVector color = (FieldVector) DictionaryEncoder.encode(plain, dictionary)) {
                files.file(
                        "s.arrows",
                        stream(new DictionaryProvider.MapDictionaryProvider(dictionary), text, unsigned, time, color));
            }
        }

        FormatHarness.Result read = files.read("", Map.of(), "s.arrows");

        assertEquals(
                "text STRING,unsigned DECIMAL(20,0),time TIMESTAMP_NTZ,color STRING",
                read.schema().toDDL());
        assertEquals(List.of("[ä, 18446744073709551615, 1, blue]", "[null, null, null, null]"), read.rows());
    }

    private static byte[] stream(DictionaryProvider dictionaries, FieldVector... vectors) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<FieldVector> columns = List.of(vectors);
        VectorSchemaRoot batch =
                new VectorSchemaRoot(columns.stream().map(FieldVector::getField).toList(), columns, 2);
        try (ArrowStreamWriter writer = new ArrowStreamWriter(batch, dictionaries, Channels.newChannel(bytes))) {
            writer.start();
            writer.writeBatch();
            writer.end();
        }
        return bytes.toByteArray();
    }

    private interface ColorWriter {
        byte[] write(DictionaryProvider dictionaries, FieldVector color) throws IOException;
    }

    /// A column of two rows, `blue` and null, whose dictionary is red and blue.
    private static byte[] colors(ColorWriter writer) throws IOException {
        try (RootAllocator allocator = new RootAllocator();
                VarCharVector plain = texts("color", allocator, "blue");
                VarCharVector values = texts("values", allocator, "red", "blue")) {
            plain.setValueCount(2);
            Dictionary dictionary = new Dictionary(values, new DictionaryEncoding(1, false, null));
            try (FieldVector color = (FieldVector) DictionaryEncoder.encode(plain, dictionary)) {
                return writer.write(new DictionaryProvider.MapDictionaryProvider(dictionary), color);
            }
        }
    }

    private static VarCharVector texts(String name, RootAllocator allocator, String... texts) {
        VarCharVector vector = new VarCharVector(name, allocator);
        for (int i = 0; i < texts.length; i++) {
            vector.setSafe(i, texts[i].getBytes(StandardCharsets.UTF_8));
        }
        vector.setValueCount(texts.length);
        return vector;
    }

    private static byte[] file(DictionaryProvider dictionaries, FieldVector column) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArrowFileWriter writer =
                new ArrowFileWriter(VectorSchemaRoot.of(column), dictionaries, Channels.newChannel(bytes))) {
            writer.start();
            writer.writeBatch();
            writer.end();
        }
        return bytes.toByteArray();
    }

    /// A stream that gives the value `red` first, and then more of them.
    private static byte[] growing(DictionaryProvider dictionaries, FieldVector color) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        WriteChannel out = new WriteChannel(Channels.newChannel(bytes));
        Field field = DictionaryUtility.toMessageFormat(color.getField(), dictionaries, new HashSet<>());
        MessageSerializer.serialize(out, new Schema(List.of(field)));
        try (RootAllocator allocator = new RootAllocator();
                VarCharVector first = texts("values", allocator, "red");
                VarCharVector more = texts("values", allocator, "blue", "green");
                ArrowDictionaryBatch values = new ArrowDictionaryBatch(1, unloaded(first), false);
                ArrowDictionaryBatch delta = new ArrowDictionaryBatch(1, unloaded(more), true);
                ArrowRecordBatch rows = unloaded(color)) {
            MessageSerializer.serialize(out, values);
            MessageSerializer.serialize(out, delta);
            MessageSerializer.serialize(out, rows);
        }
        return bytes.toByteArray();
    }

    private static ArrowRecordBatch unloaded(FieldVector column) {
        return new VectorUnloader(VectorSchemaRoot.of(column)).getRecordBatch();
    }

    private void assertDamaged(byte[] good, int[] offsets) {
        files.file("good", good);
        assertEquals(
                List.of("[blue]", "[null]"), files.read("", Map.of(), "good").rows());

        byte[] bad = good.clone();
        ByteBuffer sought = ByteBuffer.allocate(4 * offsets.length).order(ByteOrder.LITTLE_ENDIAN);
        sought.asIntBuffer().put(offsets);
        int at = 0;
        while (!ByteBuffer.wrap(good, at, sought.capacity()).equals(sought)) {
            at++;
        }
        ByteBuffer.wrap(bad, at, sought.capacity())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .put(Arrays.stream(offsets).map(offset -> 0x70000000 + offset).toArray());
        files.file("bad", bad);
        assertEquals(
                "DAMAGED_ARROW_FILE",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "bad"))
                        .code());
    }

    @Test
    void valuesOfADictionaryThatLieOutsideOfItAreDamage() throws IOException {
        assertDamaged(colors(ArrowConnectorTest::stream), new int[] {0, 3, 7});
        assertDamaged(colors(ArrowConnectorTest::file), new int[] {0, 3, 7});
    }

    private String damage(byte[] bytes) {
        files.file("bad", bytes);
        DataException damaged = assertThrows(DataException.class, () -> files.read("", Map.of(), "bad"));
        assertEquals("DAMAGED_ARROW_FILE", damaged.code());
        return damaged.text().replaceFirst(".*?\\(", "").replaceFirst("\\).*", "");
    }

    @Test
    void nothingIsLongerThanTheFile() throws IOException {
        byte[] stream = ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(-1)
                .putInt(Integer.MAX_VALUE)
                .array();
        assertEquals("a message of 2147483647 bytes, where the file has 12", damage(stream));

        byte[] good = colors(ArrowConnectorTest::file);
        byte[] footer = good.clone();
        ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).putInt(good.length - 10, Integer.MAX_VALUE);
        assertEquals("a footer of 2147483647 bytes, the file has " + good.length, damage(footer));

        byte[] dictionary = good.clone();
        ByteBuffer bytes = ByteBuffer.wrap(dictionary).order(ByteOrder.LITTLE_ENDIAN);
        try (RootAllocator allocator = new RootAllocator();
                ArrowFileReader reader =
                        new ArrowFileReader(new ByteArrayReadableSeekableByteChannel(good), allocator)) {
            ArrowBlock block = reader.getDictionaryBlocks().getFirst();
            int at = good.length - 24;
            while (bytes.getLong(at) != block.getOffset()
                    || bytes.getInt(at + 8) != block.getMetadataLength()
                    || bytes.getLong(at + 16) != block.getBodyLength()) {
                at--;
            }
            bytes.putLong(at + 16, Integer.MAX_VALUE);
            assertEquals(
                    "the footer names a record batch of 2147483647 bytes at " + block.getOffset() + ", the file has "
                            + good.length,
                    damage(dictionary));
        }
    }

    @Test
    void aBatchWhoseEndIsBeyondEveryNumberIsDamage() throws IOException {
        Path file = files.file("file", colors(ArrowConnectorTest::file));
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot into = VectorSchemaRoot.create(new Schema(List.of()), allocator);
                FileChannel channel = FileChannel.open(file)) {
            ArrowBlock block = new ArrowBlock(Long.MAX_VALUE - 10, Integer.MAX_VALUE, 8);
            assertThrows(
                    IllegalArgumentException.class, () -> new RecordBatchLoader(channel, allocator).load(block, into));
        }
    }

    @Test
    void dictionariesGrowByWhatIsChecked() throws IOException {
        assertDamaged(colors(ArrowConnectorTest::growing), new int[] {0, 4, 9});
    }

    @Test
    void durationsInOtherUnitsBecomeMicroseconds() throws IOException {
        try (RootAllocator allocator = new RootAllocator();
                DurationVector span = new DurationVector(
                        "span", FieldType.nullable(new ArrowType.Duration(TimeUnit.SECOND)), allocator)) {
            span.setSafe(0, -90);
            span.setValueCount(2);
            files.file("s.arrows", stream(new DictionaryProvider.MapDictionaryProvider(), span));
        }

        FormatHarness.Result read = files.read("", Map.of(), "s.arrows");

        assertEquals("span INTERVAL DAY TO SECOND", read.schema().toDDL());
        assertEquals(List.of("[-90000000]", "[null]"), read.rows());
    }

    @Test
    void aTypeThatThereIsNotIsNamed() throws IOException {
        Path file;
        try (RootAllocator allocator = new RootAllocator();
                IntervalDayVector span = new IntervalDayVector(
                        "span", FieldType.nullable(new ArrowType.Interval(IntervalUnit.DAY_TIME)), allocator)) {
            span.setValueCount(2);
            file = files.file("d.arrows", stream(new DictionaryProvider.MapDictionaryProvider(), span));
        }

        assertEquals(
                "[UNSUPPORTED_ARROW] '" + file
                        + "', column 'span': the type Interval(DAY_TIME) is not supported. Write "
                        + "the file without the column, or with another type.",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "d.arrows"))
                        .getMessage());
    }

    @Test
    void aTypeThatDoesNotFitIsRefused() {
        files.write("a string", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", List.of(List.of(Slice.utf8("1"))));

        String message = assertThrows(DataException.class, () -> files.read("a int", Map.of(), "t"))
                .getMessage();

        assertEquals(
                "', column 'a': the schema says int, the file holds Utf8, which can't be read as that. Give the type "
                        + "that the file has and cast, or remove the file.",
                message.substring(message.indexOf("', column")));
    }

    @Test
    void whatIsNoArrowFileIsNamed() {
        Path text = files.file("x", "id,name\n1,a\n");
        Path empty = files.file("y", "");

        assertEquals(
                "[NOT_AN_ARROW_FILE] '" + text + "' is not an Arrow IPC file or stream: it begins with neither ARROW1 "
                        + "nor the mark of a stream. It was cut short while it was written or copied, or has another "
                        + "format: restore it, remove it, or read it with its own format.",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "x"))
                        .getMessage());
        assertEquals(
                "[NOT_AN_ARROW_FILE] '" + empty + "' is not an Arrow IPC file or stream: it has 0 bytes.",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "y"))
                        .getMessage()
                        .replaceFirst("bytes\\..*", "bytes."));
    }

    @Test
    void damageIsAnErrorWithTheFilesName() throws IOException {
        List<List<?>> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            rows.add(List.of(Slice.utf8("value " + i), List.of(i)));
        }
        files.write("s string, a array<int>", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", rows);
        byte[] good;
        try (Stream<Path> parts = Files.list(root.resolve("t"))) {
            good = Files.readAllBytes(parts.filter(part -> part.toString().endsWith(".arrow"))
                    .findFirst()
                    .orElseThrow());
        }
        int errors = 0;
        for (int at = 8; at < good.length; at += 13) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0x55;
            files.file("bad", bad);
            try {
                files.read("", Map.of(), "bad");
            } catch (DataException named) {
                errors++;
                assertEquals(
                        true, named.getMessage().contains(root.resolve("bad").toString()), named.getMessage());
            } catch (org.apache.arrow.memory.OutOfMemoryException tooMuch) {
                errors++;
            }
        }
        assertEquals(true, errors > 10, errors + " errors");
        files.file("cut", Arrays.copyOf(good, good.length - 20));
        assertEquals(
                "DAMAGED_ARROW_FILE",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "cut"))
                        .code());
    }

    @Test
    void optionsAreChecked() {
        assertEquals(
                "[INVALID_OPTION] format(\"arrow\") option 'compression' is 'lz4': expected zstd or uncompressed.",
                assertThrows(
                                QueryException.class,
                                () -> files.write(
                                        "a int", Map.of("compression", "lz4"), SaveMode.APPEND, "t", List.of()))
                        .getMessage());
    }

    @Test
    void framesOfLz4AreRead() {
        // a block, one that copies from it, and one that is not packed
        ByteBuffer frame = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        byte[] packed = {0x35, 'a', 'b', 'c', 3, 0, 0x30, 'x', 'y', 'z'};
        frame.putInt(0x184d2204).put((byte) 0x40).put((byte) 0x40).put((byte) 0);
        frame.putInt(packed.length).put(packed);
        byte[] linked = {0x02, 3, 0, 0x10, '!'};
        frame.putInt(linked.length).put(linked);
        frame.putInt(2 | 1 << 31).put((byte) 'o').put((byte) 'k');
        frame.putInt(0);
        byte[] plain = "abcabcabcabcxyzxyzxyz!ok".getBytes(StandardCharsets.UTF_8);

        assertArrayEquals(
                plain, new Lz4Frame(Arrays.copyOf(frame.array(), frame.position()), plain.length).decompress());
        assertThrows(
                IllegalArgumentException.class,
                () -> new Lz4Frame(Arrays.copyOf(frame.array(), frame.position()), plain.length + 1).decompress());
        assertThrows(
                IllegalArgumentException.class,
                () -> new Lz4Frame(Arrays.copyOf(frame.array(), 15), plain.length).decompress());
    }
}
