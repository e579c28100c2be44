package dev.headrace.engine.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.Session;
import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Chunk;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.streaming.Trigger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateSourceTest {
    private static final ReadLimit CONFIGURED = new ReadLimit.Configured();

    @TempDir
    Path checkpoint;

    private RateSource source(long rowsPerSecond, long rampUpSeconds) {
        return new RateSource(
                new RateOfRows(rowsPerSecond, rampUpSeconds),
                new RateStart(checkpoint),
                new NumberedRows(ScanRequest.all(NumberedRows.SCHEMA), 3));
    }

    private static List<String> rows(List<Split> splits) {
        List<String> rows = new ArrayList<>();
        try (BufferAllocator allocator = new RootAllocator()) {
            for (Split split : splits) {
                try (ChunkReader reader = split.open(allocator)) {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                        try (Chunk read = chunk) {
                            for (int i = 0; i < read.rowCount(); i++) {
                                rows.add(Cell.read(read.column(1), i) + " at " + Cell.read(read.column(0), i));
                            }
                        }
                    }
                }
            }
        }
        return rows;
    }

    @Test
    void rowsOfSecondsThatAreOverAreSpreadOverThem() {
        RateSource rate = source(2, 0);

        assertEquals("0", rate.latestOffset("0", CONFIGURED, 10_000));
        assertEquals("0", rate.latestOffset("0", CONFIGURED, 10_999));
        assertEquals("2", rate.latestOffset("0", CONFIGURED, 12_300));
        assertEquals(4, rate.rowCount("0", "2"));
        assertEquals(
                List.of("0 at 10000000", "1 at 10500000", "2 at 11000000", "3 at 11500000"), rows(rate.plan("0", "2")));
    }

    @Test
    void anotherRunGivesTheSameRows() {
        RateSource first = source(1000, 0);
        first.latestOffset("0", CONFIGURED, 10_000);
        List<String> before = rows(first.plan("7", "9"));

        RateSource second = source(1000, 0);
        assertEquals("50", second.latestOffset("9", CONFIGURED, 60_000));
        assertEquals(before, rows(second.plan("7", "9")));
        assertEquals(2000, before.size());
        assertEquals("20", second.latestOffset("9", new ReadLimit.UpTo("20"), 60_000));
    }

    @Test
    void rateGrowsWhileItRampsUp() {
        RateOfRows rate = new RateOfRows(6, 2);

        // 1/3 and 2/3 of the rate, then all of it
        assertEquals(
                List.of(0L, 2L, 6L, 12L),
                List.of(0, 1, 2, 3).stream().map(rate::rowsAfter).toList());
        for (long value = 0; value < 30; value++) {
            long second = rate.secondOf(value);
            assertTrue(rate.rowsAfter(second) <= value && value < rate.rowsAfter(second + 1), "row " + value);
        }
    }

    @Test
    void rowsPerBatchAreTheSameWheneverTheyRun() throws Exception {
        List<String> seen = new ArrayList<>();
        try (Session session = Session.builder()
                .master("local[2]")
                .config("spark.sql.session.timeZone", "UTC")
                .getOrCreate()) {
            for (int run = 0; run < 2; run++) {
                session.readStream()
                        .format("rate-micro-batch")
                        .option("rowsPerBatch", 2)
                        .option("advanceMillisPerBatch", 60_000)
                        .load()
                        .selectExpr("value || ' ' || timestamp")
                        .writeStream()
                        .trigger(Trigger.Once())
                        .option("checkpointLocation", checkpoint.toString())
                        .foreachBatch((batch, _) -> batch.collectAsList().forEach(row -> seen.add(row.getString(0))))
                        .start()
                        .awaitTermination();
            }
        }
        assertEquals(
                List.of(
                        "0 1970-01-01 00:00:00",
                        "1 1970-01-01 00:00:00",
                        "2 1970-01-01 00:01:00",
                        "3 1970-01-01 00:01:00"),
                seen.stream().sorted().toList());
    }

    @Test
    void wrongUseIsRefused() throws Exception {
        try (Session session = Session.builder().master("local[2]").getOrCreate()) {
            assertEquals(
                    "[INVALID_OPTION] format(\"rate\") option 'rowsPerSecond' is '0': expected a number of at least 1.",
                    assertThrows(
                                    QueryException.class,
                                    () -> session.readStream()
                                            .format("rate")
                                            .option("rowsPerSecond", 0)
                                            .load())
                            .getMessage());
            assertEquals(
                    "[SCHEMA_NOT_ALLOWED] format(\"rate\") has a fixed schema (timestamp, value). Leave schema(…) out.",
                    assertThrows(
                                    QueryException.class,
                                    () -> session.readStream()
                                            .format("rate")
                                            .schema("n int")
                                            .load())
                            .getMessage());
            assertEquals(
                    "[MISSING_OPTION] format(\"rate-micro-batch\") needs the option 'rowsPerBatch': how many rows each "
                            + "batch has.",
                    assertThrows(
                                    QueryException.class,
                                    () -> session.readStream()
                                            .format("rate-micro-batch")
                                            .load())
                            .getMessage());
        }
        Files.writeString(checkpoint.resolve("start"), "yesterday");
        assertTrue(assertThrows(CheckpointException.class, () -> source(1, 0).latestOffset("0", CONFIGURED, 1))
                .getMessage()
                .contains("has 'yesterday' where milliseconds since 1970 should be"));
        assertTrue(assertThrows(CheckpointException.class, () -> NumberedRows.offset("{\"t\":{\"0\":1}}"))
                .getMessage()
                .startsWith("[INVALID_OFFSET]"));
    }
}
