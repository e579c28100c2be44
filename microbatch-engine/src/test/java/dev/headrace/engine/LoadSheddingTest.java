package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.rand;
import static dev.headrace.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.ReplayReport;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.StreamingQueryException;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.VerifyReport;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A query that may leave out rows when too many wait.
class LoadSheddingTest {
    private static final StructType SCHEMA = StructType.fromDDL("user bigint, amount bigint");
    private static final int USERS = 200;

    @TempDir
    Path checkpoint;

    private Session session;
    private MemoryStream source;
    private final TreeMap<Long, List<Row>> batches = new TreeMap<>();

    @BeforeEach
    void open() {
        session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .create();
        source = new MemoryStream(SCHEMA, 2);
    }

    @AfterEach
    void close() {
        session.close();
    }

    /// Each user once, as often as said.
    private void add(int times) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < times * USERS; i++) {
            rows.add(List.of((long) (i % USERS), 1L));
        }
        source.add(rows);
    }

    private DataFrame events() {
        return Frames.of(session, source, "memory");
    }

    private DataFrame sample() {
        return events().where("amount > 0").withLoadShedding(2L * USERS, 0.25, col("user"));
    }

    private DataStreamWriter writer(DataFrame query, String mode) {
        return query.writeStream()
                .outputMode(mode)
                .foreachBatch((rows, id) -> batches.put(id, rows.collectAsList()))
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow());
    }

    private StreamingQuery run(DataFrame query, String mode) throws Exception {
        StreamingQuery started = writer(query, mode).start();
        started.awaitTermination();
        return started;
    }

    private static Set<Long> users(List<Row> rows) {
        Set<Long> users = new HashSet<>();
        rows.forEach(row -> users.add(row.getLong(0)));
        return users;
    }

    @Test
    void nothingIsLeftOutAsLongAsFewRowsWait() throws Exception {
        add(2);
        StreamingQuery query = run(sample(), "append");
        assertEquals(2 * USERS, batches.get(0L).size());
        assertEquals(0, query.lastProgress().rowBalance().shed());
        assertEquals(List.of(), losses().collectAsList());
    }

    private DataFrame losses() {
        return session.read().format("losses").load(checkpoint.toString());
    }

    @Test
    void theSameKeysStayInEachBatchWithAllTheirRows() throws Exception {
        add(5);
        run(sample(), "append");
        add(3);
        run(sample(), "append");
        Set<Long> stay = users(batches.get(0L));
        assertTrue(stay.size() > USERS / 8 && stay.size() < USERS / 2, stay.toString());
        assertEquals(stay, users(batches.get(1L)));
        assertEquals(5 * stay.size(), batches.get(0L).size());
        assertEquals(3 * stay.size(), batches.get(1L).size());
        add(1);
        run(sample(), "append");
        assertEquals(USERS, batches.get(2L).size());
    }

    @Test
    void eachRowThatIsLeftOutIsInTheLedgerAndInTheBalance() throws Exception {
        add(5);
        StreamingQuery query = run(sample(), "append");
        long kept = batches.get(0L).size();
        long lost = 5L * USERS - kept;
        assertEquals(lost, query.lastProgress().rowBalance().shed());
        assertTrue(query.lastProgress().rowBalance().isEven());
        assertTrue(
                query.lastProgress().rowBalance().toString().contains(" + shed " + lost),
                query.lastProgress().rowBalance().toString());
        Row row = losses().drop("batch_time").collectAsList().getFirst();
        assertEquals(
                "[0,MemoryStream,0," + 5 * USERS + ",LOAD_SHEDDING," + 5 * USERS + ",0.25," + kept + "," + lost
                        + ",null]",
                row.toString());
        assertEquals(1, losses().count());
    }

    @Test
    void aBatchThatRunsAgainLeavesOutTheSameRows() throws Exception {
        for (String place : List.of("after:plan:0", "before:commit:0")) {
            add(5);
            session.conf().set("headrace.testing.failAt", place);
            StreamingQuery failing = writer(sample(), "append").start();
            assertThrows(StreamingQueryException.class, failing::awaitTermination);
            session.conf().unset("headrace.testing.failAt");
        }
        // By now twice as many rows wait; the batch is what was planned.
        run(sample().where("amount > 0"), "append");
        assertEquals(5 * users(batches.get(0L)).size(), batches.get(0L).size());
        assertEquals(0L, losses().collectAsList().getFirst().getLong(0));
    }

    @Test
    void verifyAndReplayLeaveOutTheSameRows() throws Exception {
        DataFrame totals = sample().groupBy("user")
                .agg(sum("amount").as("total"), count(lit(1)).as("n"));
        int[] times = {1, 4, 5, 2, 6, 1};
        for (int i : times) {
            add(i);
            run(totals, "update");
        }
        Map<Long, Long> latest = new HashMap<>();
        batches.values().forEach(rows -> rows.forEach(row -> latest.put(row.getLong(0), row.getLong(1))));
        assertEquals(Set.of(4L, 19L), new HashSet<>(latest.values()));
        assertEquals(3, losses().count());

        VerifyReport report = writer(totals, "update").verify();
        assertTrue(report.matches(), report.toString());
        assertEquals(USERS, report.expectedRows());
        ReplayReport replayed = writer(totals, "update").replay(4);
        assertTrue(replayed.matches(), replayed.toString());
    }

    @Test
    void aStreamThatStandsTwiceLeavesOutTheSameInBothPlaces() throws Exception {
        DataFrame counts = sample().groupBy("user").agg(count(lit(1)).as("n"));
        DataFrame both = counts.withColumnRenamed("user", "u")
                .join(sample().groupBy("user").agg(sum("amount").as("total")), col("u").equalTo(col("user")))
                .select("user", "n", "total");
        add(5);
        run(both, "changelog");
        assertFalse(batches.get(0L).isEmpty());
        batches.get(0L).forEach(row -> assertEquals(row.getLong(1), row.getLong(2)));
        VerifyReport report = writer(both, "changelog").verify();
        assertTrue(report.matches(), report.toString());
    }

    @Test
    void batchQueriesLeaveOutNothing() {
        DataFrame rows = session.range(1_000).withLoadShedding(1, 0, col("id"));
        assertEquals(1_000, rows.collectAsList().size());
    }

    @Test
    void whatIsDeclaredIsChecked() {
        QueryException invalid =
                assertThrows(QueryException.class, () -> events().withLoadShedding(-1, 1, col("user")));
        assertEquals(
                "[INVALID_LOAD_SHEDDING] withLoadShedding(-1, 1.0, [user]): expected how many rows may wait (0 or more),"
                        + " which share of the keys is kept then (at least 0 and less than 1), and one key or more.",
                invalid.getMessage());
    }

    @Test
    void keysByChanceAreRefused() {
        QueryException refused = assertThrows(
                QueryException.class,
                () -> events().withLoadShedding(1, 0.5, rand()).schema());
        assertTrue(
                refused.getMessage().startsWith("[INVALID_LOAD_SHEDDING] withLoadShedding(…): xxhash64("),
                refused.getMessage());
    }

    @Test
    void onlyTheRowsOfASourceMayBeLeftOut() {
        DataFrame counts = events().groupBy("user").count().withLoadShedding(1, 0.5, col("user"));
        QueryException refused = assertThrows(
                QueryException.class, () -> writer(counts, "changelog").start());
        assertTrue(
                refused.getMessage().contains("withLoadShedding(…) over anything but the rows of one source"),
                refused.getMessage());
    }
}
