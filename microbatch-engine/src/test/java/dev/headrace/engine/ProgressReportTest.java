package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.SourceProgress;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressReportTest {
    @TempDir
    Path checkpoint;

    /// A stream that is gone when its batch has been read.
    private record Leaving(MemoryStream rows) implements StreamTable {
        @Override
        public StructType schema() {
            return rows.schema();
        }

        @Override
        public String description() {
            return "Leaving";
        }

        @Override
        public StreamingSource open(ScanRequest request, Path place) {
            StreamingSource source = rows.open(request, place);
            return new StreamingSource() {
                @Override
                public String initialOffset() {
                    return source.initialOffset();
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
                public long size(String start, String end) {
                    return -1;
                }

                @Override
                public long rowCount(String start, String end) {
                    throw new UnavailableException("TEST_UNAVAILABLE", "not now");
                }

                @Override
                public Map<String, String> metrics(String end) {
                    throw new UnavailableException("TEST_UNAVAILABLE", "not now");
                }

                @Override
                public void close() {
                    source.close();
                }
            };
        }
    }

    @Test
    void aBatchIsReportedThoughItsSourceCantBeAskedAboutIt() throws Exception {
        MemoryStream rows = new MemoryStream(StructType.fromDDL("n bigint"), 1);
        rows.add(List.of(List.of(1L), List.of(2L)));
        try (Session session = Session.builder().master("local[1]").create()) {
            StreamingQuery query = Frames.of(session, new Leaving(rows), "leaving")
                    .writeStream()
                    .format("noop")
                    .option("checkpointLocation", checkpoint.toString())
                    .trigger(Trigger.AvailableNow())
                    .start();
            query.awaitTermination();
            SourceProgress source = query.lastProgress().sources()[0];
            assertEquals(2, source.numInputRows());
            assertEquals(Map.of(), source.metrics());
        }
    }
}
