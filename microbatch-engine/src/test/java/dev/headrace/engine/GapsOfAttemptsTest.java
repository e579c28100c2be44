package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.Frames;
import dev.headrace.Row;
import dev.headrace.Session;
import dev.headrace.connector.Gap;
import dev.headrace.connector.Gaps;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.errors.UnavailableException;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a source no longer has, of batches that are tried again.
class GapsOfAttemptsTest {
    private static final StructType SCHEMA = new StructType().add("n", "bigint");

    @TempDir
    Path checkpoint;

    /// A stream that can't be read at first. Meanwhile more of it goes.
    private record Vanishing(MemoryStream rows) implements StreamTable {
        @Override
        public StructType schema() {
            return rows.schema();
        }

        @Override
        public String description() {
            return "Vanishing";
        }

        @Override
        public StreamingSource open(ScanRequest request, Path place) {
            StreamingSource source = rows.open(request, place);
            Gaps gaps = new Gaps();
            return new StreamingSource() {
                private int attempts;

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
                    attempts++;
                    gaps.add(new Gap("part", Gap.Unit.OFFSETS, attempts == 1 ? 15 : 10, 19));
                    if (attempts == 1) {
                        throw new UnavailableException("TEST_UNAVAILABLE", "not now");
                    }
                    return source.plan(start, end);
                }

                @Override
                public List<Gap> takeGaps() {
                    return gaps.take();
                }

                @Override
                public void close() {
                    source.close();
                }
            };
        }
    }

    @Test
    void theAttemptThatIsCommittedSaysWhatIsGone() throws Exception {
        MemoryStream rows = new MemoryStream(SCHEMA, 1);
        rows.add(List.of(List.of(1L)));
        try (Session session = Session.builder().master("local[1]").create()) {
            session.conf().set("headrace.stream.maxLostRows", "10");
            StreamingQuery query = Frames.of(session, new Vanishing(rows), "vanishing")
                    .writeStream()
                    .format("noop")
                    .option("checkpointLocation", checkpoint.toString())
                    .trigger(Trigger.AvailableNow())
                    .start();
            query.awaitTermination();
            assertEquals(
                    List.of("[0,part: offsets 10 to 19,10]"),
                    session
                            .read()
                            .format("losses")
                            .load(checkpoint.toString())
                            .select("batch_id", "detail", "lost_rows")
                            .collectAsList()
                            .stream()
                            .map(Row::toString)
                            .toList());
        }
    }
}
