package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.DataFrameReader;
import dev.headrace.Session;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyFilesTest {
    private static final String CORRUPT = "ignoreCorruptFiles";
    private static final String MISSING = "ignoreMissingFiles";

    @TempDir
    private Path folder;

    private final Session session = Session.builder().master("local[2]").getOrCreate();

    @AfterEach
    void close() {
        session.close();
    }

    /// Two files of fifty rows each.
    private Path written(String format) {
        Path place = folder.resolve("out");
        session.range(0, 100, 1, 2)
                .selectExpr("concat('n', id) AS name")
                .write()
                .format(format)
                .options(options(format))
                .save(place.toString());
        return place;
    }

    private static Map<String, String> options(String format) {
        return switch (format) {
            case "xml" -> Map.of("rowTag", "row");
            case "csv" -> Map.of("header", "true");
            default -> Map.of();
        };
    }

    private DataFrameReader reader(String format) {
        return session.read().format(format).options(options(format));
    }

    private static List<Path> dataFiles(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.getFileName().toString().startsWith("part-"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "parquet, NOT_A_PARQUET_FILE, a-first",
        "orc, NOT_AN_ORC_FILE, a-first",
        "avro, NOT_AN_AVRO_FILE, a-first",
        "arrow, NOT_AN_ARROW_FILE, a-first",
        "json, DAMAGED_FILE, a-first.gz",
        "csv, DAMAGED_FILE, a-first.gz",
        "xml, DAMAGED_FILE, a-first.gz",
        "text, DAMAGED_FILE, a-first.gz",
        "json, DAMAGED_FILE, a-first.bz2",
        "json, DAMAGED_FILE, a-first.snappy",
        "json, DAMAGED_FILE, a-first.zst"
    })
    void filesThatAreNotOfTheirFormatArePassedOver(String format, String code, String name) throws IOException {
        Path place = written(format);
        Files.write(
                place.resolve(name),
                "this is no file of the format\n".repeat(20).getBytes(StandardCharsets.UTF_8));

        DataFrame read = reader(format).option(CORRUPT, true).load(place.toString());
        assertEquals(100, read.count());
        assertEquals(100, read.distinct().count());
        assertEquals(1, read.filter(read.columns()[0] + " = 'n77'").count());
        assertEquals(
                100,
                reader(format)
                        .option(CORRUPT, true)
                        .load(place.toString())
                        .select("_metadata.file_name")
                        .count());
        HeadraceException strict = assertThrows(
                HeadraceException.class,
                () -> reader(format).load(place.toString()).distinct().count());
        assertEquals(code, strict.code());

        session.conf().set("spark.sql.files.ignoreCorruptFiles", true);
        assertEquals(100, reader(format).load(place.toString()).count());
        assertEquals(
                code,
                assertThrows(
                                HeadraceException.class,
                                () -> reader(format)
                                        .option(CORRUPT, false)
                                        .load(place.toString())
                                        .distinct()
                                        .count())
                        .code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "avro", "arrow", "json", "csv", "xml", "text", "binaryFile"})
    void filesThatHaveGoneArePassedOver(String format) throws IOException {
        Path place = written("binaryFile".equals(format) ? "text" : format);
        int rows = "binaryFile".equals(format) ? 1 : 50;
        DataFrame strict = reader(format).option(CORRUPT, true).load(place.toString());
        DataFrame lenient = reader(format).option(MISSING, true).load(place.toString());
        session.conf().set("spark.sql.files.ignoreMissingFiles", true);
        DataFrame set = reader(format).load(place.toString());
        session.conf().set("spark.sql.files.ignoreMissingFiles", false);

        Files.delete(dataFiles(place).getFirst());

        String code = assertThrows(
                        HeadraceException.class, () -> strict.distinct().count())
                .code();
        assertTrue(code.equals("FILE_NOT_FOUND") || code.equals("FILE_NOT_READABLE"), code);
        assertEquals(rows, lenient.distinct().count());
        if (!"binaryFile".equals(format)) { // whose files are only opened for their content
            assertEquals(rows, lenient.count());
        }
        assertEquals(rows, set.distinct().count());
        assertEquals(
                "PATH_NOT_FOUND",
                assertThrows(
                                QueryException.class,
                                () -> reader(format).option(MISSING, true).load(place + "/nothing"))
                        .code());
    }

    @Test
    void whatHasBeenReadBeforeTheDamageStays() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < 300_000; i++) {
                gzip.write((i + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.write(folder.resolve("x.txt.gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));

        DataFrame lines = session.read().option(CORRUPT, true).text(folder.toString());
        long count = lines.count();
        assertTrue(count > 10_000 && count < 200_000, () -> count + " lines");
        assertEquals(count - 1, lines.selectExpr("max(value::bigint)").head().getLong(0));
        assertEquals(0, lines.selectExpr("min(value::bigint)").head().getLong(0));
    }

    @Test
    void withoutAFileThatCanBeReadThereIsNoSchema() throws IOException {
        Path file = Files.writeString(folder.resolve("x.parquet"), "nothing of use");

        assertEquals(
                "[NO_FILES] format(\"parquet\") finds no files that can be read in [" + file
                        + "], so there is no schema. Give one with schema(\"…\") if the directory may be empty.",
                assertThrows(
                                QueryException.class,
                                () -> session.read().option(CORRUPT, true).parquet(file.toString()))
                        .getMessage());
        assertEquals(
                List.of(),
                session.read()
                        .option(CORRUPT, true)
                        .schema("a INT")
                        .parquet(file.toString())
                        .collectAsList());
    }

    @Test
    void rowsThatAModeRefusesAreNoDamage() throws IOException {
        Path file = Files.writeString(folder.resolve("x.json"), "{\"a\": 1}\nno json\n");

        assertEquals(
                "MALFORMED_RECORD",
                assertThrows(
                                HeadraceException.class,
                                () -> session.read()
                                        .option(CORRUPT, true)
                                        .option("mode", "FAILFAST")
                                        .schema("a INT")
                                        .json(file.toString())
                                        .collectAsList())
                        .code());
    }

    /// Avro, ORC and Arrow tell it so.
    @Test
    void aStoreThatDoesNotAnswerIsNoDamage() {
        FaultyFiles faulty = new FaultyFiles(true, true);
        DataException damaged = new DataException("DAMAGED_AVRO_FILE", "no magic", new IOException("no magic"));
        DataException silent = new DataException(
                "DAMAGED_AVRO_FILE", "no answer", new IllegalStateException(new FileSystemException("no answer")));

        assertEquals(Optional.empty(), faulty.read(() -> {
            throw damaged;
        }));
        assertEquals(
                silent,
                assertThrows(
                        DataException.class,
                        () -> faulty.read(() -> {
                            throw silent;
                        })));
    }

    @Test
    void wrongSettingsAreRefused() {
        assertEquals(
                "[INVALID_CONFIG] 'spark.sql.files.ignoreCorruptFiles' is 'yes': expected true or false.",
                assertThrows(
                                QueryException.class,
                                () -> session.conf().set("spark.sql.files.ignoreCorruptFiles", "yes"))
                        .getMessage());
    }
}
