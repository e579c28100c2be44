package dev.headrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.connector.ReadFirst;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.engine.log.BatchId;
import dev.headrace.engine.log.OffsetRange;
import dev.headrace.engine.log.PlannedBatch;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.types.StructType;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RangesTest {
    private static final QuerySettings HISTORY =
            QuerySettings.of(ZoneOffset.UTC).withHistory(0, "5");

    private final StreamTable table = new MemoryStream(new StructType().add("n", "bigint"), 1);

    /// A topic of one partition that has ten rows.
    private static final class Topic implements StreamingSource {
        @Override
        public String initialOffset() {
            return "0";
        }

        @Override
        public String latestOffset(String start, ReadLimit limit, long batchTimestampMillis) {
            return limit instanceof ReadLimit.UpTo(String end, long _) ? end : "9";
        }

        @Override
        public List<Split> plan(String start, String end) {
            return List.of();
        }

        @Override
        public boolean hasParts() {
            return true;
        }

        @Override
        public Set<String> unread(String end) {
            return end.equals("9") ? Set.of() : Set.of("topic-0");
        }

        @Override
        public void close() {}
    }

    private Ranges ranges() {
        return new Ranges(List.of(
                new QueryPipeline.SourceInput(new ReadFirst(table), new Topic(), new RowCount(""), ""),
                new QueryPipeline.SourceInput(table, new Topic(), new RowCount(""), "")));
    }

    private static PlannedBatch batch(String historyEnd, String liveEnd) {
        return new PlannedBatch(
                new BatchId(0),
                List.of(
                        new OffsetRange(Optional.of("0"), Optional.of(historyEnd)),
                        new OffsetRange(Optional.of("0"), Optional.of(liveEnd))),
                0,
                0,
                Map.of());
    }

    @Test
    void whatComesBehindHistoryIsNotUnread() {
        Ranges ranges = ranges();
        assertEquals(
                List.of(Set.of("topic-0"), Set.of()),
                ranges.unread(batch("3", "0").sources(), HISTORY, 0));
        assertEquals(List.of(Set.of(), Set.of()), ranges.unread(batch("5", "0").sources(), HISTORY, 0));

        ranges.next(_ -> new ReadLimit.Configured(), List.of("5", "0"), HISTORY, 0);
        assertEquals(
                List.of(Set.of(), Set.of("topic-0")),
                ranges.unread(batch("5", "4").sources(), HISTORY, 0));
    }
}
