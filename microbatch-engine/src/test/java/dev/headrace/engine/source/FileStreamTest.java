package dev.headrace.engine.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Session;
import dev.headrace.errors.DataException;
import dev.headrace.errors.HeadraceException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.DataStreamReader;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.testing.StreamTest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStreamTest {
    @TempDir
    Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();
    private final List<List<String>> batches = new ArrayList<>();
    private Path in;
    private long age = 1_000_000;

    @BeforeEach
    void makeDirectory() throws IOException {
        in = Files.createDirectory(directory.resolve("in"));
    }

    @AfterEach
    void close() {
        session.close();
    }

    /// Each file is a second younger than the one before.
    /// A file that is there whole, whoever looks.
    private void file(String name, String... lines) throws IOException {
        Path file = in.resolve(name);
        Files.createDirectories(file.getParent());
        Path written = Files.write(directory.resolve("being written"), List.of(lines));
        Files.setLastModifiedTime(written, FileTime.fromMillis(age += 1000));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private DataStreamReader text(Map<String, String> options) {
        return session.readStream().format("text").options(options);
    }

    private StreamingQuery start(DataFrame rows, Trigger trigger) throws Exception {
        return rows.writeStream()
                .trigger(trigger)
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .foreachBatch((batch, _) -> batches.add(batch.collectAsList().stream()
                        .map(row -> String.valueOf(row.get(0)))
                        .sorted()
                        .toList()))
                .start();
    }

    private void run(DataFrame rows) throws Exception {
        start(rows, Trigger.AvailableNow()).awaitTermination();
    }

    private HeadraceException failure(DataFrame rows) {
        StreamingQueryException failed = assertThrows(StreamingQueryException.class, () -> run(rows));
        return assertInstanceOf(HeadraceException.class, failed.getCause());
    }

    @Test
    void filesAreReadOnceInTheOrderInWhichTheyCameAlsoAfterRestarts() throws Exception {
        file("b", "first");
        file("a", "second");
        run(text(Map.of("maxFilesPerTrigger", "1")).load(in.toString()));
        file("0", "third");
        file(".hidden", "no");
        file("_temporary", "no");
        run(text(Map.of()).load(in.toString()));

        assertEquals(List.of(List.of("first"), List.of("second"), List.of("third")), batches);
    }

    @Test
    void rowsSayWhichFileTheyAreFrom() throws Exception {
        file("day=1/b", "first");
        run(text(Map.of())
                .load(in.toString())
                .where("_metadata.file_size > 0 AND day = 1")
                .selectExpr("concat(value, ' ', day, ' ', _metadata.file_name, ' ', input_file_name())"));
        file("day=1/c d", "second");
        file("day=2/e", "third");
        run(text(Map.of())
                .load(in.toString())
                .where("_metadata.file_size > 0 AND day = 1")
                .selectExpr("concat(value, ' ', day, ' ', _metadata.file_name, ' ', input_file_name())"));

        assertEquals(
                List.of(
                        List.of("first 1 b " + in.toUri() + "day=1/b"),
                        List.of("second 1 c%20d " + in.toUri() + "day=1/c%20d")),
                batches);
    }

    @Test
    void batchTakesFilesUpToSoManyBytesAndAtLeastOne() throws Exception {
        file("a", "123456789");
        file("b", "1");
        file("c", "2");
        file("d", "3");
        run(text(Map.of("maxBytesPerTrigger", "5")).load(in.toString()));

        assertEquals(List.of(List.of("123456789"), List.of("1", "2"), List.of("3")), batches);
    }

    @Test
    void runningQuerySeesWhatComes() throws Exception {
        StreamingQuery query = start(text(Map.of()).load(in + "/*.txt"), Trigger.ProcessingTime("1 millisecond"));
        file("a.txt", "1");
        file("a.csv", "no");
        query.processAllAvailable();
        file("b.txt", "2");
        query.processAllAvailable();
        query.stop();

        assertEquals(List.of("1", "2"), batches.stream().flatMap(List::stream).toList());
        assertEquals("0", query.lastProgress().sources()[0].metrics().get("numFilesOutstanding"));
    }

    /// The clock stands still but where the test moves it.
    @Test
    void batchWaitsForFilesAndBytesAndNoLongerThanAWhile() throws Exception {
        try (StreamTest test = StreamTest.create()) {
            DataFrame rows = test.session()
                    .readStream()
                    .format("text")
                    .option("minFilesPerTrigger", 2)
                    .option("minBytesPerTrigger", 10)
                    .option("maxTriggerDelay", "5 minutes")
                    .load(in.toString());
            file("a", "1");
            StreamingQuery query = start(rows, Trigger.ProcessingTime(0));
            query.processAllAvailable();
            file("b", "123456789012");
            query.processAllAvailable();
            assertEquals(List.of(List.of("1")), batches);
            file("c", "2");
            query.processAllAvailable();
            assertEquals(List.of("123456789012", "2"), batches.getLast());
            file("d", "3");
            file("e", "4");
            query.processAllAvailable();
            assertEquals(2, batches.size());
            test.advanceClock(Duration.ofMinutes(5));
            query.processAllAvailable();
            assertEquals(List.of("3", "4"), batches.getLast());
            test.advanceClock(Duration.ofHours(-1));
            file("f", "5");
            query.processAllAvailable();
            assertEquals(3, batches.size());
            test.advanceClock(Duration.ofMinutes(5));
            query.processAllAvailable();
            assertEquals(List.of("5"), batches.getLast());
            query.stop();
        }
    }

    @Test
    void partitionColumnsAreThoseOfTheSchema() throws Exception {
        DataFrame rows = session.readStream()
                .schema("n int, day string")
                .json(in.toString())
                .selectExpr("concat_ws(' ', n, day)");
        file("day=2026-01-31/a.json", "{\"n\":1}");
        run(rows);
        file("day=2026-02-01/a.json", "{\"n\":2}", "{\"n\":3}");
        run(rows);

        assertEquals(List.of(List.of("1 2026-01-31"), List.of("2 2026-02-01", "3 2026-02-01")), batches);
    }

    @Test
    void everyFormatIsAStream() throws Exception {
        for (String format : List.of("parquet", "orc", "avro", "arrow", "csv", "json", "xml")) {
            String place = directory.resolve(format).toString();
            Map<String, String> options = format.equals("xml") ? Map.of("rowTag", "number") : Map.of();
            session.range(3).write().format(format).options(options).save(place);
            batches.clear();
            StreamingQuery query = session.readStream()
                    .format(format)
                    .options(options)
                    .schema("id bigint")
                    .load(place)
                    .filter("id > 0")
                    .writeStream()
                    .trigger(Trigger.AvailableNow())
                    .foreachBatch((batch, _) -> batches.add(batch.orderBy("id").collectAsList().stream()
                            .map(row -> row.get(0).toString())
                            .toList()))
                    .start();
            query.awaitTermination();

            assertEquals(List.of(List.of("1", "2")), batches, format);
        }
    }

    @Test
    void binaryFilesAreAStreamToo() throws Exception {
        file("kind=x/a.png", "1");
        run(session.readStream().format("binaryFile").load(in.toString()).selectExpr("kind || length"));

        assertEquals(List.of(List.of("x2")), batches);
    }

    @Test
    void fileThatHasChangedEndsTheQuery() throws Exception {
        file("a", "1");
        run(text(Map.of()).load(in.toString()));
        file("a", "1", "2");

        HeadraceException error = failure(text(Map.of()).load(in.toString()));

        assertEquals(
                "[SOURCE_FILE_CHANGED] '" + in.resolve("a")
                        + "' has changed since the stream took it: it had 2 bytes, and has 4. Files must be finished when "
                        + "they come: write them elsewhere and move them in, or set the option minFileAge. With the "
                        + "option changedFiles, 'ignore' leaves the change out, 'reread' takes the whole file as new "
                        + "rows.",
                error.getMessage());
    }

    @Test
    void fileThatHasChangedIsIgnoredOrReadAgainIfYouSaySo() throws Exception {
        file("a", "1");
        run(text(Map.of()).load(in.toString()));
        file("a", "1", "2");
        run(text(Map.of("changedFiles", "ignore")).load(in.toString()));
        run(text(Map.of("changedFiles", "reread")).load(in.toString()));
        run(text(Map.of("changedFiles", "reread")).load(in.toString()));

        assertEquals(List.of(List.of("1"), List.of("1", "2")), batches);
    }

    @Test
    void fileIsLeftAloneUntilItIsOldEnough() throws Exception {
        file("old", "1");
        Files.write(in.resolve("new"), List.of("2"));
        run(text(Map.of("minFileAge", "1h")).load(in.toString()));

        assertEquals(List.of(List.of("1")), batches);
    }

    /// Copied with its time, say, from a machine whose clock is ahead.
    @Test
    void fileFromTheFutureIsAsOldAsItIsKnown() throws Exception {
        try (StreamTest test = StreamTest.create()) {
            DataFrame rows = test.session().readStream().text(in.toString());
            DataFrame old =
                    test.session().readStream().option("minFileAge", "1 minute").text(in.toString());
            file("a", "1");
            Files.setLastModifiedTime(in.resolve("a"), FileTime.from(Instant.parse("2126-01-01T00:00:00Z")));
            run(rows);
            assertEquals(List.of(List.of("1")), batches);

            StreamingQuery query = old.writeStream()
                    .foreachBatch((batch, _) -> batches.add(List.of("old " + batch.count())))
                    .start();
            query.processAllAvailable();
            test.advanceClock(Duration.ofSeconds(59));
            query.processAllAvailable();
            assertEquals(1, batches.size());
            test.advanceClock(Duration.ofSeconds(1));
            query.processAllAvailable();
            assertEquals(List.of("old 1"), batches.getLast());
            query.stop();
        }
    }

    @Test
    void fileThatIsGoneBeforeItsBatchEndsTheQueryUnlessYouSaySo() throws Exception {
        file("a", "1");
        file("b", "2");
        DataFrame failing = text(Map.of()).load(in.toString());
        StreamingQuery query = failing.writeStream()
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", directory.resolve("checkpoint").toString())
                .foreachBatch((_, _) -> {
                    throw new IOException("the sink is away");
                })
                .start();
        assertThrows(StreamingQueryException.class, query::awaitTermination);
        Files.delete(in.resolve("a"));

        assertEquals(
                "[SOURCE_FILE_GONE] '" + in.resolve("a") + "' is in the batch to run, and is gone. Put it back, or set "
                        + "the option ignoreMissingFiles to go on without its rows.",
                failure(text(Map.of()).load(in.toString())).getMessage());
        run(text(Map.of("ignoreMissingFiles", "true")).load(in.toString()));
        assertEquals(List.of(List.of("2")), batches);
    }

    @Test
    void filesOfCommittedBatchesAreDeletedOrPutAway() throws Exception {
        file("a", "1");
        run(text(Map.of("cleanSource", "delete")).load(in.toString()));
        file("b", "2");
        Path archive = directory.resolve("archive");
        run(text(Map.of("cleanSource", "archive", "sourceArchiveDir", archive.toString()))
                .load(in.toString()));

        assertEquals(List.of(List.of("1"), List.of("2")), batches);
        assertFalse(Files.exists(in.resolve("a")));
        assertFalse(Files.exists(in.resolve("b")));
        assertTrue(Files.exists(archive.resolve(in.getRoot().relativize(in)).resolve("b")));
    }

    @Test
    void aFileThatCameUnderTheNameOfOneThatWasReadIsNotPutAwayUnread() throws Exception {
        Map<String, String> options =
                Map.of("cleanSource", "delete", "changedFiles", "reread", "maxFilesPerTrigger", "1");
        file("a", "1");
        run(text(options).load(in.toString()));
        file("b", "2");
        file("a", "33");
        run(text(options).load(in.toString()));

        assertEquals(List.of(List.of("1"), List.of("2"), List.of("33")), batches);
        assertFalse(Files.exists(in.resolve("a")));
    }

    @Test
    void archivedFilesKeepThoseOfTheirNameFromBefore() throws Exception {
        Path archive = directory.resolve("archive");
        for (String line : List.of("1", "2", "3")) {
            file("a", line + " long".repeat(Integer.parseInt(line)));
            run(text(Map.of("cleanSource", "archive", "sourceArchiveDir", archive.toString(), "changedFiles", "reread"))
                    .load(in.toString()));
        }

        Path archived = archive.resolve(in.getRoot().relativize(in));
        assertEquals("1 long\n", Files.readString(archived.resolve("a")));
        assertEquals("2 long long\n", Files.readString(archived.resolve("a.1")));
        assertEquals("3 long long long\n", Files.readString(archived.resolve("a.2")));
    }

    /// The output of another stream, with a manifest.
    private void writeOutput(Path to) throws Exception {
        session.readStream()
                .format("text")
                .load(in.toString())
                .writeStream()
                .format("text")
                .trigger(Trigger.AvailableNow())
                .option("checkpointLocation", directory.resolve("other").toString())
                .start(to.toString())
                .awaitTermination();
    }

    @Test
    void theOutputOfAStreamIsNotPutAway() throws Exception {
        file("a", "1");
        Path out = directory.resolve("out");
        writeOutput(out);

        QueryException refused = assertThrows(
                QueryException.class,
                () -> text(Map.of("cleanSource", "delete")).load(out.toString()));
        assertEquals(
                "[CLEAN_SOURCE_OF_STREAM_OUTPUT] The option cleanSource would take files away from '" + out
                        + "', which is the output of a streaming query: its manifest lists them, and nobody could read"
                        + " it any more. Leave cleanSource out, and delete what is old with the whole output.",
                refused.getMessage());
    }

    @Test
    void aDirectoryThatBecomesTheOutputOfAStreamIsNotPutAway() throws Exception {
        Path out = Files.createDirectory(directory.resolve("out"));
        DataFrame rows = text(Map.of("cleanSource", "delete")).load(out.toString());
        file("a", "1");
        writeOutput(out);

        assertEquals("CLEAN_SOURCE_OF_STREAM_OUTPUT", failure(rows).code());
        assertEquals(1, session.read().text(out.toString()).count());
    }

    @Test
    void aListedFileThatIsGoneEndsTheQueryOrIsLeftOut() throws Exception {
        file("a", "1");
        Path out = directory.resolve("out");
        writeOutput(out);
        run(text(Map.of()).load(out.toString()));
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(out, "part-*")) {
            for (Path part : parts) {
                Files.delete(part);
            }
        }
        file("b", "2");
        writeOutput(out);

        // It was read before, and is not missed.
        run(text(Map.of()).load(out.toString()));
        assertEquals(List.of(List.of("1"), List.of("2")), batches);

        try (Stream<Path> all = Files.walk(directory.resolve("checkpoint"))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        assertEquals(
                "SOURCE_FILE_GONE", failure(text(Map.of()).load(out.toString())).code());
        run(text(Map.of("ignoreMissingFiles", "true")).load(out.toString()));
        assertEquals(List.of(List.of("1"), List.of("2"), List.of("2")), batches);
    }

    @Test
    void streamWithoutSchemaIsRefusedWithTheOneToGive() throws Exception {
        file("a", "{\"n\":1, \"s\":\"x\"}");

        QueryException error =
                assertThrows(QueryException.class, () -> session.readStream().json(in.toString()));

        assertEquals(
                "[STREAM_SCHEMA_REQUIRED] readStream().format(\"json\") needs a schema, so that files that come later "
                        + "can't change it. The files that are there now have this one: "
                        + "schema(\"n BIGINT,s STRING\").",
                error.getMessage());
    }

    @Test
    void wrongOptionsAreRefused() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "maxFilesPerTrigger",
                        "expected a number of at least 1",
                        "minFileAge",
                        "expected a time such as '10 minutes' or '10m'",
                        "changedFiles",
                        "expected fail, ignore or reread",
                        "cleanSource",
                        "expected off, delete or archive")
                .entrySet()) {
            QueryException error = assertThrows(
                    QueryException.class,
                    () -> text(Map.of(wrong.getKey(), "0x")).load(in.toString()),
                    wrong.getKey());
            assertTrue(
                    error.getMessage().contains(wrong.getValue())
                            || error.getMessage().contains("expected a whole number"),
                    error.getMessage());
        }
        assertTrue(assertThrows(
                        QueryException.class,
                        () -> text(Map.of("cleanSource", "archive", "sourceArchiveDir", in + "/old"))
                                .load(in.toString()))
                .getMessage()
                .contains("expected a directory outside '" + in + "', or its files would be read again"));
        assertTrue(assertThrows(
                        QueryException.class,
                        () -> text(Map.of("cleanSource", "archive")).load(in.toString()))
                .getMessage()
                .startsWith("[MISSING_OPTION] format(\"text\") with cleanSource 'archive' needs"));
        assertTrue(assertThrows(QueryException.class, () -> text(Map.of()).load(in + "/nothing"))
                .getMessage()
                .startsWith("[PATH_NOT_FOUND]"));
        assertTrue(assertThrows(
                        QueryException.class,
                        () -> text(Map.of("maxFilesPerTriger", "1")).load(in.toString()))
                .getMessage()
                .startsWith("[UNKNOWN_OPTION] format(\"text\") has no option 'maxFilesPerTriger'. "
                        + "Did you mean 'maxFilesPerTrigger'?"));
    }

    @Test
    void checkpointWithoutItsArrivalsIsRefused() throws Exception {
        file("a", "1");
        run(text(Map.of()).load(in.toString()));
        try (var files = Files.walk(directory.resolve("checkpoint"))) {
            for (Path arrivals :
                    files.filter(path -> path.toString().contains("arrivals-")).toList()) {
                Files.delete(arrivals);
            }
        }

        assertTrue(failure(text(Map.of()).load(in.toString()))
                .getMessage()
                .startsWith("[INVALID_ARRIVAL_LOG] The checkpoint says that 1 files of text files arriving in " + in));
    }

    @Test
    void outputOfAnotherStreamIsReadByItsManifest() throws Exception {
        Path out = directory.resolve("out");
        for (int run = 0; run < 2; run++) {
            file("a" + run, "row " + run);
            text(Map.of())
                    .load(in.toString())
                    .writeStream()
                    .format("text")
                    .trigger(Trigger.AvailableNow())
                    .option("checkpointLocation", directory.resolve("first").toString())
                    .start(out.toString())
                    .awaitTermination();
            Files.writeString(out.resolve("part-left-by-a-crash-" + run + ".txt"), "no");
            run(text(Map.of()).load(out.toString()));
        }

        assertEquals(List.of(List.of("row 0"), List.of("row 1")), batches);
    }

    @Test
    void errorsInFilesNameThem() throws Exception {
        file("a.json", "{\"n\":1", "");
        DataFrame rows =
                session.readStream().schema("n int").option("mode", "FAILFAST").json(in.toString());

        assertTrue(assertInstanceOf(DataException.class, failure(rows))
                .getMessage()
                .contains(in + "/a.json"));
    }
}
