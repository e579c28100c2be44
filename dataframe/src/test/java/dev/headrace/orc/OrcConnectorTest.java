package dev.headrace.orc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.Slice;
import dev.headrace.connector.BatchTable;
import dev.headrace.connector.SaveMode;
import dev.headrace.errors.DataException;
import dev.headrace.errors.QueryException;
import dev.headrace.files.FormatHarness;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.OrcFile;
import org.apache.orc.TypeDescription;
import org.apache.orc.Writer;
import org.apache.orc.storage.ql.exec.vector.BytesColumnVector;
import org.apache.orc.storage.ql.exec.vector.LongColumnVector;
import org.apache.orc.storage.ql.exec.vector.VectorizedRowBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrcConnectorTest {
    private static final String ALL_TYPES = "b boolean, t tinyint, s smallint, i int, l bigint, f float, d double, "
            + "m decimal(20,2), v string, x binary, y date, z timestamp, n timestamp_ntz, a array<int>, "
            + "p map<int,bigint>, r struct<k: string, w: array<double>>";

    @TempDir
    Path root;

    private FormatHarness files;

    @BeforeEach
    void open() {
        files = new FormatHarness(new OrcConnector(), root);
    }

    @AfterEach
    void noMemoryIsLeft() {
        files.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "zstd", "snappy", "zlib", "lz4"})
    void whatIsWrittenIsRead(String compression) {
        List<?> full = Arrays.asList(
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
                -200_000,
                1_700_000_000_000_001L,
                -1_500_001L,
                Arrays.asList(1, null, 3),
                Map.of(4, 5L),
                Arrays.asList(Slice.utf8("q"), List.of(1.5)));
        List<?> nulls = Arrays.asList(new Object[16]);
        files.write(
                ALL_TYPES,
                Map.of("compression", compression),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                List.of(full, nulls, full));

        FormatHarness.Result read = files.read("", Map.of(), "t");

        assertEquals(StructType.fromDDL(ALL_TYPES), read.schema());
        String row = "[true, -1, 300, 70000, 1099511627776, 0.5, -0.25, -12345678901234567.89, é, 00ff, -200000, "
                + "1700000000000001, -1500001, [1, null, 3], {4=5}, [q, [1.5]]]";
        assertEquals(List.of(row, nulls.toString(), row), read.rows());
    }

    @Test
    void timesOnTheWallAreTakenInTheSessionsZone() {
        WallClock berlin = new WallClock(ZoneId.of("Europe/Berlin"));
        long summer = 1_751_364_000_000_001L;

        assertEquals(summer + 2 * 3_600_000_000L, berlin.wall(summer));
        assertEquals(summer, berlin.moment(berlin.wall(summer)));
    }

    @Test
    void theSecondThatTheFormatMixesUpIsRefused() {
        String message = assertThrows(
                        DataException.class,
                        () -> files.write("n timestamp", Map.of(), SaveMode.APPEND, "t", List.of(List.of(-1L))))
                .getMessage();

        assertEquals(
                "would hold a timestamp in the last second before 1970 (-1 microseconds), which readers of ORC take for "
                        + "one after it. Cut it to seconds, or write another format.",
                message.substring(message.indexOf("would")));
    }

    /// As Spark's writer and reader have it: the type of its files is bigint, with a note.
    @Test
    void timesWithoutZoneAreNumbersWithANote() {
        files.write("n timestamp_ntz", Map.of(), SaveMode.APPEND, "n", List.of(List.of(-1L)));

        assertEquals(List.of("[-1]"), files.read("", Map.of(), "n").rows());
        assertEquals("bigint", OrcSchema.writing(DataTypes.TimestampNTZType).toString());
    }

    @Test
    void filesOfOthersAreRead() throws IOException {
        Path file = root.resolve("x.orc");
        TypeDescription type =
                TypeDescription.fromString("struct<code:char(3),at:timestamp with local time zone,n:int>");
        Configuration configuration = new Configuration(false);
        OneFile place = new OneFile(file, configuration);
        try (Writer writer = OrcFile.createWriter(
                place.name(),
                OrcFile.writerOptions(configuration)
                        .setSchema(type)
                        .fileSystem(place)
                        .useUTCTimestamp(true))) {
            VectorizedRowBatch batch = type.createRowBatch();
            batch.size = 2;
            for (int i = 0; i < 2; i++) {
                ((BytesColumnVector) batch.cols[0]).setVal(i, new byte[] {'a', 'b', 'c'});
                ((org.apache.orc.storage.ql.exec.vector.TimestampColumnVector) batch.cols[1])
                        .set(i, new java.sql.Timestamp(5_000));
                ((LongColumnVector) batch.cols[2]).vector[i] = i;
            }
            writer.addRowBatch(batch);
        }

        assertEquals(
                "code STRING,at TIMESTAMP,n INT",
                files.open("", Map.of(), "x.orc").schema().toDDL());
        assertEquals(
                List.of("[abc, 5000000, 0]", "[abc, 5000000, 1]"),
                files.read("", Map.of(), "x.orc").rows());
        assertEquals(
                List.of("[0, null]", "[1, null]"),
                files.read("N bigint, q map<string, date>", Map.of(), "x.orc").rows());
    }

    @Test
    void columnsGoByName() {
        files.write(
                "a int, s struct<x: int, y: string>, z string",
                Map.of(),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                List.of(Arrays.asList(7, Arrays.asList(1, Slice.utf8("u")), Slice.utf8("end"))));
        BatchTable table = files.open("", Map.of(), "t");

        assertEquals(List.of("[end, 7]"), files.read(table, "z", "a").rows());
        assertEquals(
                List.of("[[u, null], 7.00]"),
                files.read("s struct<y: string, w: date>, A decimal(12,2)", Map.of(), "t")
                        .rows());
    }

    @Test
    void columnsOfOldHiveGoByPlace() {
        files.write(
                "_col0 int, _col1 struct<x: int, y: string>, _col2 string",
                Map.of(),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                List.of(Arrays.asList(7, Arrays.asList(1, Slice.utf8("u")), Slice.utf8("end"))));
        BatchTable inferred = files.open("", Map.of(), "t");
        BatchTable named = files.open("id bigint, s struct<y: string>, name string, later int", Map.of(), "t");

        assertEquals(List.of("[end]"), files.read(inferred, "_col2").rows());
        assertEquals(
                List.of("[[1, u], 7]"), files.read(inferred, "_col1", "_col0").rows());
        assertEquals(List.of("[]"), files.read(inferred).rows());
        assertEquals(List.of("[end]"), files.read(named, "name").rows());
        assertEquals(
                List.of("[null, [u], 7]"), files.read(named, "later", "s", "id").rows());
        assertEquals(
                List.of("[end, null]"),
                files.read("_col2 string, _col9 int", Map.of(), "t").rows());
    }

    @Test
    void manyRowsComeOnce() {
        List<List<?>> rows = new ArrayList<>();
        for (long i = 0; i < 20_000; i++) {
            rows.add(List.of(i, Slice.utf8("text " + i)));
        }
        files.write("id bigint, s string", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", rows);

        List<String> read = files.read("", Map.of(), "t").rows();

        assertEquals(20_000, read.stream().distinct().count());
        assertEquals("[19999, text 19999]", read.getLast());
    }

    /// 8,192 of them would not fit into a column.
    @Test
    void wideRowsMakeShortChunks() {
        byte[] wide = new byte[1 << 20];
        files.write(
                "x binary, a array<binary>",
                Map.of(),
                SaveMode.ERROR_IF_EXISTS,
                "t",
                Collections.nCopies(100, List.of(Slice.of(wide), List.of(Slice.of(wide)))));

        List<Integer> rows = files.chunks("t");

        assertEquals(100, rows.stream().mapToInt(Integer::intValue).sum());
        assertTrue(Collections.max(rows) <= 32, rows.toString());
    }

    @Test
    void whatCannotBeReadIsNamed() {
        Path text = files.file("x", "id,name and so on\n1,a\n");
        files.write("a string", Map.of(), SaveMode.ERROR_IF_EXISTS, "t", List.of(List.of(Slice.utf8("1"))));

        assertEquals(
                "[NOT_AN_ORC_FILE] '" + text
                        + "' is not an ORC file: it does not end as one. It was cut short while it "
                        + "was written or copied, or has another format: restore it, remove it, or read it with its own "
                        + "format.",
                assertThrows(DataException.class, () -> files.read("", Map.of(), "x"))
                        .getMessage());
        String message = assertThrows(DataException.class, () -> files.read("a int", Map.of(), "t"))
                .getMessage();
        assertEquals(
                "', column 'a': the schema says int, the file holds string, which can't be read as that. Give the type "
                        + "that the file has and cast, or remove the file.",
                message.substring(message.indexOf("', column")));
        assertEquals(
                "[INVALID_OPTION] format(\"orc\") option 'compression' is 'lzo': expected zstd, snappy, zlib, lz4 or none.",
                assertThrows(
                                QueryException.class,
                                () -> files.write(
                                        "a int", Map.of("compression", "lzo"), SaveMode.APPEND, "u", List.of()))
                        .getMessage());
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
            good = Files.readAllBytes(parts.filter(part -> part.toString().endsWith(".orc"))
                    .findFirst()
                    .orElseThrow());
        }
        int errors = 0;
        for (int at = 3; at < good.length; at += 7) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) 0x55;
            files.file("bad", bad);
            try {
                files.read("", Map.of(), "bad");
            } catch (DataException named) {
                errors++;
                assertTrue(named.getMessage().contains(root.resolve("bad").toString()), named.getMessage());
            }
        }
        assertTrue(errors > 10, errors + " errors");
        files.file("cut", Arrays.copyOf(good, good.length - 20));
        assertThrows(DataException.class, () -> files.read("", Map.of(), "cut"));
    }
}
