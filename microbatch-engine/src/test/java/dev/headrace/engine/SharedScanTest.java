package dev.headrace.engine;

import static dev.headrace.functions.col;
import static dev.headrace.functions.count;
import static dev.headrace.functions.lit;
import static dev.headrace.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.headrace.DataFrame;
import dev.headrace.Frames;
import dev.headrace.Session;
import dev.headrace.chunk.Slice;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ReadLimit;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.connector.StreamingSource;
import dev.headrace.engine.source.MemoryStream;
import dev.headrace.streaming.StreamingQuery;
import dev.headrace.streaming.Trigger;
import dev.headrace.streaming.WatermarkReport;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;

/// A stream that is read once for several places of a query.
class SharedScanTest {
    private static final StructType SCHEMA = StructType.fromDDL("shop string, ts timestamp");

    /// A stream whose splits are parts with names.
    private record Parted(MemoryStream rows) implements StreamTable {
        @Override
        public StructType schema() {
            return rows.schema();
        }

        @Override
        public String description() {
            return "Parted";
        }

        @Override
        public StreamingSource open(ScanRequest request, Path checkpoint) {
            StreamingSource source = rows.open(request, checkpoint);
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
                    List<Split> named = new ArrayList<>();
                    for (Split split : source.plan(start, end)) {
                        named.add(new Part(split, "part " + named.size()));
                    }
                    return named;
                }

                @Override
                public void close() {
                    source.close();
                }
            };
        }
    }

    private record Part(Split rows, String part) implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return rows.open(allocator);
        }
    }

    @Test
    void watermarksFollowThePartsOfRowsThatAreReadOnce() throws Exception {
        try (Session session = Session.builder().master("local[2]").create()) {
            MemoryStream rows = new MemoryStream(SCHEMA, 2);
            rows.add(List.of(List.of(Slice.utf8("north"), 10_000_000L), List.of(Slice.utf8("south"), 20_000_000L)));
            DataFrame sales = Frames.of(session, new Parted(rows), "memory").withWatermark("ts", "1 second");
            StreamingQuery query = sales.groupBy(window(col("ts"), "1 minute"))
                    .agg(count(lit(1)))
                    .writeStream()
                    .foreachBatch((batch, id) -> {})
                    .trigger(Trigger.Once())
                    .alsoTo(sales.select("shop").writeStream().foreachBatch((batch, id) -> {}))
                    .start();
            query.awaitTermination();
            assertEquals(1, query.lastProgress().sources().length);
            WatermarkReport.Input input = query.explainWatermark().inputs().getFirst();
            assertEquals(
                    List.of("part 0", "part 1"),
                    input.parts().stream().map(WatermarkReport.Part::name).toList());
        }
    }
}
