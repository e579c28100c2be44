package dev.headrace.files;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrameReader;
import dev.headrace.Session;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files with so many records to drop, one after the other, that a reader gets none of those it reads at once.
class DroppedRecordsTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[1]").create();

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String file(String name, String first, String malformed, String last) throws IOException {
        Path file = directory.resolve(name);
        byte[] line = (malformed + "\n").getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((first + "\n").getBytes(StandardCharsets.UTF_8));
            for (long bytes = 0; bytes < 40L << 20; bytes += line.length) {
                out.write(line);
            }
            out.write((last + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return file.toString();
    }

    private DataFrameReader reader() {
        return session.read().option("mode", "DROPMALFORMED");
    }

    private static final String LONG = "x".repeat(10_000);

    @Test
    void recordsOfCsvBehindThemAreRead() throws IOException {
        String path = file("x.csv.gz", "1", LONG, "2");
        assertEquals(
                3,
                reader().schema("a INT").csv(path).selectExpr("sum(a)").head().getLong(0));
    }

    @Test
    void recordsOfJsonBehindThemAreRead() throws IOException {
        String path = file("x.json.gz", "{\"a\": 1}", LONG, "{\"a\": 2}");
        assertEquals(
                3,
                reader().schema("a INT").json(path).selectExpr("sum(a)").head().getLong(0));
    }

    @Test
    void variantsBehindThemAreRead() throws IOException {
        String path = file("x.csv.gz", "a\n1", LONG + ",", "2");
        assertEquals(
                3,
                reader().option("header", true)
                        .option("singleVariantColumn", "v")
                        .csv(path)
                        .selectExpr("sum(v:a::int)")
                        .head()
                        .getLong(0));
    }
}
