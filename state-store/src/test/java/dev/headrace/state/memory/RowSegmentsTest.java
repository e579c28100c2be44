package dev.headrace.state.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;

class RowSegmentsTest {
    private static final StructType STORED = RowRun.stored(new StructType());
    private static final RowSegments.Limits LIMITS = new RowSegments.Limits(4_000, Long.MAX_VALUE);

    private static RowSegment segment(int rows, BufferAllocator allocator) {
        try (ChunkBuilder builder = new ChunkBuilder(STORED, allocator)) {
            for (long row = 0; row < rows; row++) {
                builder.add(List.of(row, Long.MAX_VALUE));
            }
            return new RowSegment(builder.build());
        }
    }

    /// Adds a segment as a batch does.
    private static List<RowSegment> after(List<RowSegment> before, int rows, BufferAllocator allocator) {
        List<RowSegment> all = new ArrayList<>(before);
        all.add(segment(rows, allocator));
        List<RowSegment> fewer = RowSegments.fewer(all, Long.MIN_VALUE, STORED, allocator, LIMITS);
        all.stream().filter(segment -> !fewer.contains(segment)).forEach(RowSegment::close);
        return fewer;
    }

    @Test
    void whenAllRowsNoLongerFitIntoOneSegmentTheNewOnesArePutTogetherNevertheless() {
        try (BufferAllocator allocator = new RootAllocator()) {
            List<RowSegment> segments = List.of();
            for (int batch = 0; batch < 1_000; batch++) {
                segments = after(segments, 50, allocator);
            }
            assertEquals(
                    50_000, segments.stream().mapToInt(RowSegment::rowCount).sum());
            assertTrue(segments.size() < 60, segments.size() + " segments");
            segments.forEach(RowSegment::close);
        }
    }
}
