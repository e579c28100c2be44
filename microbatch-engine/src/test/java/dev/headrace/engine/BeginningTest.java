package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.plan.LogicalPlan;
import dev.headrace.streaming.DataStreamWriter;
import dev.headrace.streaming.OutputMode;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a new query begins.
class BeginningTest {
    private static final StructType SCHEMA = new StructType().add("n", "bigint");

    @TempDir
    Path checkpoint;

    /// A stream that new queries read from its end on, as topics are.
    private record FromItsEnd(MemoryStream rows) implements StreamTable {
        @Override
        public StructType schema() {
            return rows.schema();
        }

        @Override
        public String description() {
            return "FromItsEnd";
        }

        @Override
        public StreamingSource open(ScanRequest request, Path checkpoint) {
            StreamingSource source = rows.open(request, checkpoint);
            return new StreamingSource() {
                @Override
                public String initialOffset() {
                    return source.latestOffset("0", new ReadLimit.Everything(), 0);
                }

                @Override
                public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
                    return source.latestOffset(start, limit, batchTimestampMillis);
                }

                @Override
                public List<Split> plan(String start, String end) {
                    return source.plan(start, end);
                }

                @Override
                public void close() {
                    source.close();
                }
            };
        }
    }

    @Test
    void isWhereTheStreamEndedWhenTheQueryStartedAndNotWhenItsFirstRowsCome() throws Exception {
        MemoryStream rows = new MemoryStream(SCHEMA, 1);
        rows.add(List.of(List.of(1L)));
        LogicalPlan scan = new LogicalPlan.Scan(new FromItsEnd(rows), ScanRequest.all(SCHEMA));
        try (StreamHarness query = new StreamHarness(scan, OutputMode.APPEND, checkpoint).start()) {
            query.query().processAllAvailable();
            rows.add(List.of(List.of(2L)));
            query.query().processAllAvailable();
            query.stop();

            assertEquals(List.of(List.of(2L)), query.allRows());
        }
    }

    @Test
    void isTheSameWhenTheQueryIsStartedAgainBeforeItsFirstBatch() throws Exception {
        MemoryStream rows = new MemoryStream(SCHEMA, 1);
        rows.add(List.of(List.of(1L)));
        LogicalPlan scan = new LogicalPlan.Scan(new FromItsEnd(rows), ScanRequest.all(SCHEMA));
        try (StreamHarness query = new StreamHarness(scan, OutputMode.APPEND, checkpoint)) {
            query.start().stop();
            rows.add(List.of(List.of(2L)));
            query.runUntilCaughtUp();

            assertEquals(List.of(List.of(2L)), query.allRows());
        }
    }

    @Test
    void isNotThatOfAStartThatFailed() throws Exception {
        MemoryStream rows = new MemoryStream(SCHEMA, 1);
        try (Session session = Session.builder().master("local[1]").create()) {
            DataFrame stream = Frames.of(session, new FromItsEnd(rows), "memory");
            QueryException noName =
                    assertThrows(QueryException.class, () -> writer(stream).start());
            assertEquals("MISSING_QUERY_NAME", noName.code());
            rows.add(List.of(List.of(1L)));
            StreamingQuery query = writer(stream).queryName("rows").start();
            rows.add(List.of(List.of(2L)));
            query.processAllAvailable();
            query.stop();

            assertEquals("[[2]]", session.table("rows").collectAsList().toString());
        }
    }

    /// A stream that is not there yet.
    private record NotYet(MemoryStream rows, AtomicBoolean there) implements StreamTable {
        @Override
        public StructType schema() {
            return rows.schema();
        }

        @Override
        public String description() {
            return "NotYet";
        }

        @Override
        public StreamingSource open(ScanRequest request, Path checkpoint) {
            if (!there.get()) {
                throw new QueryException("UNKNOWN_TOPIC", "It is not there yet.");
            }
            return rows.open(request, checkpoint);
        }
    }

    @Test
    void keepsNoStateOfAStartThatFoundNoSource() throws Exception {
        MemoryStream rows = new MemoryStream(SCHEMA, 1);
        rows.add(List.of(List.of(1L)));
        AtomicBoolean there = new AtomicBoolean();
        try (Session session = Session.builder().master("local[1]").create()) {
            DataFrame stream = Frames.of(session, new NotYet(rows, there), "memory");
            DataStreamWriter first = writer(stream.groupBy("n").count()).outputMode("complete");
            QueryException absent = assertThrows(
                    QueryException.class, () -> first.queryName("counts").start());
            assertEquals("UNKNOWN_TOPIC", absent.code());
            there.set(true);
            StreamingQuery query = writer(stream.groupBy().sum("n"))
                    .outputMode("complete")
                    .queryName("sums")
                    .start();
            query.processAllAvailable();
            query.stop();

            assertEquals("[[1]]", session.table("sums").collectAsList().toString());
        }
    }

    /// They are opened side by side then, and both may be what has to be mended.
    @Test
    void tellsOfSourceAndSinkWhenAQueryThatIsStartedAgainFindsNeither() throws Exception {
        MemoryStream rows = new MemoryStream(SCHEMA, 1);
        rows.add(List.of(List.of(1L)));
        AtomicBoolean there = new AtomicBoolean(true);
        try (Session session = Session.builder().master("local[1]").create()) {
            DataFrame stream = Frames.of(session, new NotYet(rows, there), "memory");
            StreamingQuery query = writer(stream).queryName("rows").start();
            query.processAllAvailable();
            query.stop();
            there.set(false);
            QueryException refused =
                    assertThrows(QueryException.class, () -> writer(stream).start());

            assertEquals("UNKNOWN_TOPIC", refused.code());
            assertEquals(
                    List.of("MISSING_QUERY_NAME"),
                    Stream.of(refused.getSuppressed())
                            .map(other -> ((QueryException) other).code())
                            .toList());
        }
    }

    private DataStreamWriter writer(DataFrame stream) {
        return stream.writeStream().format("memory").option("checkpointLocation", checkpoint.toString());
    }

    @Test
    void isNotThatOfAnotherNumberOfSources() throws Exception {
        LogicalPlan scan = new LogicalPlan.Scan(new FromItsEnd(new MemoryStream(SCHEMA, 1)), ScanRequest.all(SCHEMA));
        LogicalPlan other = new LogicalPlan.Scan(new FromItsEnd(new MemoryStream(SCHEMA, 1)), ScanRequest.all(SCHEMA));
        try (StreamHarness query = new StreamHarness(scan, OutputMode.APPEND, checkpoint)) {
            query.start().stop();
        }
        try (StreamHarness query =
                new StreamHarness(new LogicalPlan.Union(List.of(scan, other)), OutputMode.APPEND, checkpoint)) {
            CheckpointException refused = assertThrows(CheckpointException.class, query::start);
            assertEquals("SOURCES_CHANGED", refused.code());
            assertEquals(
                    "[SOURCES_CHANGED] The checkpoint says where 1 sources begin, but the query reads 2. A query's"
                            + " sources must stay the same: start with a new checkpointLocation, or bring back the old"
                            + " query.",
                    refused.getMessage());
        }
    }
}
