package dev.headrace.delta;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.Trigger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several outputs of one query, of which some are tables.
class SeveralTablesTest {
    @TempDir
    private Path directory;

    private final Session session = Session.builder().master("local[2]").getOrCreate();
    private DataFrame stream = session.emptyDataFrame();

    @BeforeEach
    void numbers() {
        String from = directory.resolve("numbers").toString();
        session.range(1, 4).write().format("delta").save(from);
        stream = session.readStream().format("delta").load(from);
    }

    @AfterEach
    void nothingLeaks() {
        session.close();
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    private void run(DataStreamWriter writer) throws Exception {
        writer.option("checkpointLocation", path("checkpoint"))
                .trigger(Trigger.AvailableNow())
                .start()
                .awaitTermination();
    }

    private List<String> rows(String table) {
        return session.read().format("delta").load(path(table)).selectExpr("id").collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    /// A sink that can't be reached the first few times.
    private DataStreamWriter away(int times, List<Long> rowsSeen) {
        int[] calls = {0};
        return stream.writeStream().foreachBatch((rows, id) -> {
            if (calls[0]++ < times) {
                throw new UnavailableException("AWAY", "The second sink is away for a moment.");
            }
            rowsSeen.add(rows.count());
        });
    }

    @Test
    void aTableHasABatchOnceWhoseLaterSinkCouldNotBeReached() throws Exception {
        List<Long> seen = new ArrayList<>();

        run(stream.writeStream().format("delta").option("path", path("table")).alsoTo(away(2, seen)));

        assertEquals(List.of("[1]", "[2]", "[3]"), rows("table"));
        assertEquals(List.of(3L), seen);
    }

    @Test
    void twoOutputsMayWriteOneTable() throws Exception {
        for (int run = 0; run < 2; run++) {
            run(stream.where("id < 2")
                    .writeStream()
                    .format("delta")
                    .option("path", path("table"))
                    .alsoTo(stream.where("id >= 2")
                            .writeStream()
                            .format("delta")
                            .option("path", path("table"))));
            assertEquals(List.of("[1]", "[2]", "[3]"), rows("table"));
        }
    }

    @Test
    void changesAreAppliedOnceWhereALaterSinkCouldNotBeReached() throws Exception {
        List<Long> seen = new ArrayList<>();

        run(stream.groupBy("id")
                .count()
                .writeStream()
                .outputMode("changelog")
                .format("delta")
                .option("path", path("table"))
                .alsoTo(away(1, seen)));

        assertEquals(List.of("[1]", "[2]", "[3]"), rows("table"));
        assertEquals(
                1, session.sql("DESCRIBE HISTORY delta.`" + path("table") + "`").count());
        assertEquals(List.of(3L), seen);
    }
}
