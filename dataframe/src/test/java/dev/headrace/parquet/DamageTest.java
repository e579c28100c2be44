package dev.headrace.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.errors.DataException;
import dev.headrace.plan.BoundExpr;
import dev.headrace.plan.CompareOp;
import dev.headrace.plan.Scalar;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.parquet.crypto.ColumnEncryptionProperties;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged files are refused with their name, or, where nothing can show the damage, at least do no harm.
class DamageTest {
    private static final StructType SCHEMA =
            StructType.fromDDL("i int, s string, d decimal(30,2), l array<struct<a: bigint, b: boolean>>, t timestamp");

    @TempDir
    Path directory;

    private Path file(ParquetWriteOptions options) {
        Path file = directory.resolve("table.parquet");
        List<List<@Nullable Object>> rows = new RandomTable(new Random(4), SCHEMA, 0.2, 300).rows(2_000);
        WritingTest.write(file, SCHEMA, rows, options, 4);
        return file;
    }

    private static DataException refused(Path file) {
        return assertThrows(DataException.class, () -> Rows.read(file, ParquetScan.all(SCHEMA)));
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("empty.parquet"));

        assertEquals(
                "[NOT_A_PARQUET_FILE] '" + file
                        + "' is not a Parquet file: it has 0 bytes. It was cut short while it was "
                        + "written or copied, or has another format: restore it, remove it, or read it with its own format.",
                refused(file).getMessage());
    }

    @Test
    void aTextIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("text.parquet"), "{\"id\": 1}\n".repeat(20));

        assertEquals(
                "[NOT_A_PARQUET_FILE] '" + file
                        + "' is not a Parquet file: it does not end with 'PAR1'. It was cut short "
                        + "while it was written or copied, or has another format: restore it, remove it, or read it with its "
                        + "own format.",
                refused(file).getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9, 0.999})
    void aFileCutShortIsRefused(double part) throws IOException {
        Path file = file(ParquetWriteOptions.DEFAULT);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * part)));

        assertEquals("NOT_A_PARQUET_FILE", refused(file).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"footer", "columns", "column"})
    void anEncryptedFileIsRefused(String what) throws IOException {
        Path file = directory.resolve("secret.parquet");
        byte[] key = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        FileEncryptionProperties.Builder encrypted = FileEncryptionProperties.builder(key);
        encrypted = switch (what) {
            case "footer" -> encrypted;
            case "columns" -> encrypted.withPlaintextFooter();
            default -> {
                ColumnPath secret = ColumnPath.get("secret");
                yield encrypted
                        .withPlaintextFooter()
                        .withEncryptedColumns(Map.of(
                                secret,
                                ColumnEncryptionProperties.builder(secret)
                                        .withKey(key)
                                        .build()));
            }
        };
        FileEncryptionProperties properties = encrypted.build();
        ExampleFiles.write(
                file,
                MessageTypeParser.parseMessageType("message m { optional int64 id; optional int64 secret; }"),
                List.of(List.of(1L, 2L)),
                builder -> builder.withEncryption(properties));

        assertEquals(
                "[UNSUPPORTED_PARQUET] '" + file + "' is encrypted, wholly or in some columns, which is not supported."
                        + " Have what has written it write it without.",
                assertThrows(
                                DataException.class,
                                () -> Rows.read(file, ParquetScan.all(StructType.fromDDL("id bigint, secret bigint"))))
                        .getMessage());
    }

    @Test
    void aFooterOfNonsenseIsRefused() throws IOException {
        Path file = file(ParquetWriteOptions.DEFAULT);
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length - 200, bytes.length - 8, (byte) 0xff);
        Files.write(file, bytes);

        DataException refused = refused(file);
        assertEquals("DAMAGED_PARQUET_FILE", refused.code());
        assertTrue(refused.text().startsWith("'" + file + "': the footer can't be read ("), refused.text());
    }

    @Test
    void aFileThatIsGoneIsNamed() {
        Path file = directory.resolve("gone.parquet");

        assertEquals(
                "[FILE_NOT_FOUND] '" + file
                        + "' is not there any more. It was removed after the query found it: run the " + "query again.",
                refused(file).getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void aFlippedByteInAPageIsRefused(ParquetCodec codec) throws IOException {
        Path file = file(ParquetWriteOptions.DEFAULT.withCodec(codec));
        ColumnChunkMetaData chunk = new ParquetFooters()
                .of(file)
                .rowGroups()
                .getFirst()
                .getColumns()
                .get(1);
        byte[] bytes = Files.readAllBytes(file);
        int last = (int) (chunk.getStartingPos() + chunk.getTotalSize() - 1);
        bytes[last] ^= 0x10;
        Files.write(file, bytes);

        DataException refused = refused(file);
        assertEquals("DAMAGED_PARQUET_FILE", refused.code());
        assertTrue(
                refused.text()
                        .matches("'" + file
                                + "', column 's', row group 0: the checksum of the page at byte \\d+ is wrong. "
                                + "Restore the file or remove it."),
                refused.text());
    }

    @Test
    void aLimitTakesRowsOfOtherFilesForThoseThatAreDamaged() throws IOException {
        Path file = file(ParquetWriteOptions.DEFAULT);
        Files.copy(file, directory.resolve("whole.parquet"));
        ColumnChunkMetaData chunk = new ParquetFooters()
                .of(file)
                .rowGroups()
                .getFirst()
                .getColumns()
                .get(1);
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (chunk.getStartingPos() + chunk.getTotalSize() - 1)] ^= 0x10;
        Files.write(file, bytes);

        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            assertEquals(
                    2_000,
                    session.read()
                            .option("ignoreCorruptFiles", true)
                            .parquet(directory.toString())
                            .select("s")
                            .limit(2_000)
                            .collectAsList()
                            .size());
        }
    }

    /// It would make room for so many; and what is read of them lies behind the page.
    @Test
    void aDictionaryThatSaysToHaveMoreEntriesThanBytesIsRefusedWhereAFilterAsksIt() throws IOException {
        Path file = directory.resolve("dictionary.parquet");
        StructType schema = StructType.fromDDL("id bigint");
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (long i = 0; i < 2_000; i++) {
            rows.add(List.of(i % 100 * 10));
        }
        WritingTest.write(file, schema, rows, ParquetWriteOptions.DEFAULT, 4);
        byte[] bytes = Files.readAllBytes(file);
        // A hundred entries, the first field of the header's last one, become 8191.
        byte[] hundred = {0x15, (byte) 0xc8, 0x01, 0x15};
        int at = 4;
        while (!Arrays.equals(hundred, Arrays.copyOfRange(bytes, at, at + hundred.length))) {
            at++;
        }
        bytes[at + 1] = (byte) 0xfe;
        bytes[at + 2] = 0x7f;
        Files.write(file, bytes);
        BoundExpr filter = new BoundExpr.Compare(
                CompareOp.EQUAL,
                new BoundExpr.Column(0, "id", schema.field(0).dataType(), true),
                new BoundExpr.Literal(Scalar.of(5L)));

        DataException refused = assertThrows(
                DataException.class,
                () -> Rows.read(file, ParquetScan.all(schema).withFilters(List.of(filter))));

        assertEquals("DAMAGED_PARQUET_FILE", refused.code());
        assertTrue(refused.text().contains("a dictionary of 8191 entries in 800 bytes"), refused.text());
    }

    /// Without checksums, damage may pass as data; it must neither crash nor leak.
    @ParameterizedTest
    @EnumSource
    void flippedBytesNeverCrash(ParquetCodec codec) throws IOException {
        Random random = new Random(codec.ordinal());
        int attempts = Integer.getInteger("headrace.seeds", 100);
        for (int dictionary : new int[] {0, 1 << 20}) {
            Path file = file(ParquetWriteOptions.DEFAULT
                    .withCodec(codec)
                    .withDictionaryBytes(dictionary)
                    .withPages(4_000, 500));
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < attempts; i++) {
                byte[] damaged = bytes.clone();
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                readDamaged(damaged);
            }
        }
    }

    /// The same for the encodings that only other writers use.
    @ParameterizedTest
    @EnumSource(names = {"DELTA_V2", "SPLIT_V2", "DICTIONARY_V2", "PLAIN_V1"})
    void flippedBytesInForeignFilesNeverCrash(ReadingTest.Form form) throws IOException {
        Random random = new Random(form.ordinal());
        Path file = directory.resolve("foreign.parquet");
        ExampleFiles.write(file, ReadingTest.ATOMIC, ReadingTest.randomRows(random, 800, 0.1), form.options);
        byte[] bytes = Files.readAllBytes(file);
        int attempts = Integer.getInteger("headrace.seeds", 100);
        for (int i = 0; i < attempts; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            readDamaged(damaged);
        }
    }

    /// Filters ask statistics, dictionaries, bloom filters and the indexes of pages, which lie behind the pages.
    @Test
    void flippedBytesInWhatFiltersAskNeverCrash() throws IOException {
        Random random = new Random(9);
        StructType schema = StructType.fromDDL("i int, s string");
        Path file = directory.resolve("filtered.parquet");
        List<List<@Nullable Object>> rows = new RandomTable(new Random(4), schema, 0.2, 300).rows(2_000);
        WritingTest.write(
                file,
                schema,
                rows,
                ParquetWriteOptions.DEFAULT
                        .withPages(4_000, 100)
                        .withRowGroups(1L << 30, 700)
                        .withBloomFilters(new BloomFilterOptions(Map.of("i", 0.01, "s", 0.01), 1 << 20)),
                4);
        byte[] bytes = Files.readAllBytes(file);
        List<BlockMetaData> groups = new ParquetFooters().of(file).rowGroups();
        ColumnChunkMetaData last = groups.getLast().getColumns().getLast();
        int behindPages = (int) (last.getStartingPos() + last.getTotalSize());
        List<BoundExpr> filters = new ArrayList<>();
        for (int column = 0; column < schema.size(); column++) {
            StructField field = schema.field(column);
            int ordinal = column;
            Object value = rows.stream()
                    .map(row -> row.get(ordinal))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow();
            filters.add(new BoundExpr.Compare(
                    column == 0 ? CompareOp.EQUAL : CompareOp.LESS_OR_EQUAL,
                    new BoundExpr.Column(column, field.name(), field.dataType(), true),
                    new BoundExpr.Literal(new Scalar(value, field.dataType()))));
        }
        for (int i = 0; i < 5 * Integer.getInteger("headrace.seeds", 100); i++) {
            byte[] damaged = bytes.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int at = behindPages + random.nextInt(bytes.length - 8 - behindPages);
                damaged[at] ^= (byte) (1 << random.nextInt(8));
            }
            Path copy = Files.write(directory.resolve("damaged.parquet"), damaged);
            try {
                Rows.read(copy, ParquetScan.all(schema).withFilters(List.of(filters.get(i % filters.size()))));
            } catch (DataException refused) {
                assertTrue(refused.text().contains(copy.toString()), refused.text());
            }
        }
    }

    private void readDamaged(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("damaged.parquet"), bytes);
        try (BufferAllocator allocator = new RootAllocator(1L << 30)) {
            StructType schema = new ParquetFooters().of(file).schema();
            ParquetScan all = ParquetScan.all(schema);
            ParquetScan unchecked = new ParquetScan(all.columns(), List.of(), schema, Set.of(), false);
            try (ParquetChunks chunks = ParquetChunks.open(file, unchecked, new ParquetFooters(), allocator)) {
                Rows.all(chunks);
            }
        } catch (DataException refused) {
            assertTrue(refused.text().contains(file.toString()), refused.text());
        }
    }
}
