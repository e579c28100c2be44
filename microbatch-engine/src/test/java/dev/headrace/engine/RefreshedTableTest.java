package dev.headrace.engine;

import static java.nio.file.Files.createDirectories;
import static java.nio.file.Files.getLastModifiedTime;
import static java.nio.file.Files.setLastModifiedTime;
import static java.nio.file.Files.writeString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.RowFactory;
import dev.headrace.Session;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.testing.StreamTest;
import dev.headrace.testing.TestInput;
import dev.headrace.types.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tables beside a stream that are read anew from time to time.
class RefreshedTableTest {
    @TempDir
    Path directory;

    private void names(String file, String... names) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append("{\"id\": 1, \"name\": \"").append(name).append("\"}\n");
        }
        createDirectories(directory.resolve("names"));
        writeString(directory.resolve("names").resolve(file), lines);
    }

    private DataFrame table(Session session, String refresh) {
        return session.read()
                .schema("id int, name string")
                .option("refresh", refresh)
                .json(directory.resolve("names").toString());
    }

    /// Gives the names that each of some batches of one running query sees, the table being changed before each.
    private List<String> seen(String policy, Duration between, Change... changes) throws Exception {
        List<String> seen = new ArrayList<>();
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            changes[0].write();
            StreamingQuery query = ids.toDF()
                    .join(table(test.session(), policy), "id")
                    .writeStream()
                    .foreachBatch((rows, batchId) ->
                            seen.add(rows.collectAsList().getFirst().getString(1)))
                    .option(
                            "checkpointLocation",
                            directory.resolve("checkpoint").toString())
                    .start();
            for (int i = 0; i < changes.length; i++) {
                if (i > 0) {
                    test.advanceClock(between);
                    changes[i].write();
                }
                ids.add(1);
                query.processAllAvailable();
            }
            query.stop();
        }
        return seen;
    }

    @Test
    void rowsThatAreKeptAreThoseOfAllBatches() throws Exception {
        List<String> seen = new ArrayList<>();
        names("a.json", "old\"}\n{\"id\": 2, \"name\": \"old");
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            // The batch is held, and tells the table's scan its keys.
            StreamingQuery query = table(test.session(), "never")
                    .join(ids.toDF(), "id")
                    .writeStream()
                    .foreachBatch(
                            (rows, batchId) -> seen.add(rows.collectAsList().toString()))
                    .option(
                            "checkpointLocation",
                            directory.resolve("checkpoint").toString())
                    .start();
            ids.add(1);
            query.processAllAvailable();
            names("a.json", "new\"}\n{\"id\": 2, \"name\": \"new");
            ids.add(2);
            query.processAllAvailable();
            query.stop();
        }
        assertEquals(List.of("[[1,old]]", "[[2,old]]"), seen);
    }

    private interface Change {
        void write() throws IOException;
    }

    @ParameterizedTest
    @CsvSource({
        "eachBatch, old newer newest",
        "onChange, old newer newest",
        "1 minute, old old newest",
        "never, old old old"
    })
    void aTableIsReadAnewByItsPolicy(String policy, String names) throws Exception {
        assertEquals(
                List.of(names.split(" ")),
                seen(
                        policy,
                        Duration.ofSeconds(30),
                        () -> names("a.json", "old"),
                        () -> names("a.json", "newer"),
                        () -> names("a.json", "newest")));
    }

    @Test
    void aTableIsReadAnewWhenTheClockHasBeenSetBack() throws Exception {
        assertEquals(
                List.of("old", "new"),
                seen("1 minute", Duration.ofHours(-1), () -> names("a.json", "old"), () -> names("a.json", "new")));
    }

    private static void described(Session session, Path place, String words) {
        session.sql("SELECT 1 AS id, '" + words + "' AS name")
                .withMetadata("name", new Metadata(Map.of("comment", words)))
                .write()
                .mode("overwrite")
                .parquet(place.toString());
    }

    @Test
    void whatIsKnownAboutAColumnBesideItsTypeMayChange() throws Exception {
        List<String> seen = new ArrayList<>();
        Path place = directory.resolve("described");
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            described(test.session(), place, "first");
            StreamingQuery query = ids.toDF()
                    .join(test.session().read().option("refresh", "eachBatch").parquet(place.toString()), "id")
                    .writeStream()
                    .foreachBatch((rows, batchId) ->
                            seen.add(rows.collectAsList().getFirst().getString(1)))
                    .option(
                            "checkpointLocation",
                            directory.resolve("checkpoint").toString())
                    .start();
            ids.add(1);
            query.processAllAvailable();
            described(test.session(), place, "second");
            ids.add(1);
            query.processAllAvailable();
            query.stop();
        }
        assertEquals(List.of("first", "second"), seen);
    }

    @ParameterizedTest
    @CsvSource({"eachBatch, new", "onChange, old"})
    void rowsOfATableThatStaysTheSameAreKeptInMemory(String policy, String second) throws Exception {
        assertEquals(List.of("old", second), seen(policy, Duration.ZERO, () -> names("a.json", "old"), () -> {
            // The same length and time: the same table, as far as a listing tells.
            FileTime before = getLastModifiedTime(directory.resolve("names/a.json"));
            names("a.json", "new");
            setLastModifiedTime(directory.resolve("names/a.json"), before);
        }));
    }

    @Test
    void aSelfJoinedTableIsTheSameInBothPlaces() throws Exception {
        names("a.json", "old");
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id int");
            DataFrame table = table(test.session(), "eachBatch");
            test.query(ids.toDF().join(table, "id").join(table.withColumnRenamed("name", "again"), "id"), "append");
            ids.add(1);
            test.process().expect(RowFactory.create(1, "old", "old"));
            names("b.json", "more");
            ids.add(1);
            test.process()
                    .expect(
                            RowFactory.create(1, "old", "old"),
                            RowFactory.create(1, "old", "more"),
                            RowFactory.create(1, "more", "old"),
                            RowFactory.create(1, "more", "more"));
        }
    }

    @Test
    void otherPoliciesAreRefused() throws Exception {
        names("a.json", "old");
        try (StreamTest test = StreamTest.create()) {
            for (String policy : new String[] {"often", "", "0 seconds", "-1 minute"}) {
                QueryException refused = assertThrows(QueryException.class, () -> table(test.session(), policy));
                assertEquals(
                        "[INVALID_OPTION] format(\"json\") option 'refresh' is '" + policy
                                + "': expected eachBatch, onChange, never, or a time such as '10 minutes'.",
                        refused.getMessage());
            }
        }
    }

    @Test
    void aTableWhoseColumnsChangeEndsTheQuery() throws Exception {
        names("a.json", "old");
        try (StreamTest test = StreamTest.create()) {
            TestInput ids = test.input("id bigint");
            test.query(
                    ids.toDF()
                            .join(
                                    test.session()
                                            .read()
                                            .option("refresh", "onChange")
                                            .json(directory.resolve("names").toString()),
                                    "id"),
                    "append");
            ids.add(1L);
            test.process().expect(RowFactory.create(1L, "old"));
            writeString(directory.resolve("names/b.json"), "{\"id\": 1, \"extra\": 7}\n");
            ids.add(1L);
            assertEquals(
                    "json " + directory.resolve("names/a.json")
                            + " and 1 more has the columns extra BIGINT,id BIGINT,name STRING; when the query was planned "
                            + "they were id BIGINT,name STRING. Load the table again and start the query again.",
                    test.expectError("TABLE_COLUMNS_CHANGED").replaceFirst("^\\[TABLE_COLUMNS_CHANGED] ", ""));
        }
    }
}
