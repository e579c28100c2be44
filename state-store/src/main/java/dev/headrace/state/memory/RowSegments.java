package dev.headrace.state.memory;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/// Keeps the segments of a log few and without many forgotten rows, at a cost that is, over time, that of the rows that
/// come times a logarithm.
final class RowSegments {
    private static final int SMALL_ROWS = 1024;
    private static final Limits LIMITS = new Limits(1 << 22, 256L << 20);

    private RowSegments() {}

    /// How large a segment may become by putting others together.
    record Limits(long rows, long bytes) {
        /// How many of the last segments may become one.
        private int fitting(List<RowSegment> segments) {
            long rowsLeft = rows;
            long bytesLeft = bytes;
            int count = 0;
            for (RowSegment segment : segments.reversed()) {
                rowsLeft -= segment.rowCount();
                bytesLeft -= segment.sizeInBytes();
                if (rowsLeft < 0 || bytesLeft < 0) {
                    break;
                }
                count++;
            }
            return count;
        }
    }

    /// The same rows in fewer segments. Those that were given stay the caller's.
    ///
    /// @param stored the columns as [RowRun] stores them
    static List<RowSegment> fewer(
            List<RowSegment> segments, long forgotten, StructType stored, BufferAllocator allocator) {
        return fewer(segments, forgotten, stored, allocator, LIMITS);
    }

    static List<RowSegment> fewer(
            List<RowSegment> segments, long forgotten, StructType stored, BufferAllocator allocator, Limits limits) {
        long[] sizes = segments.subList(segments.size() - limits.fitting(segments), segments.size()).stream()
                .mapToLong(segment -> Math.max(SMALL_ROWS, segment.rowCount() - segment.expired(forgotten)))
                .toArray();
        int kept = segments.size() - Tiers.tail(sizes);
        List<RowSegment> fewer = new ArrayList<>();
        try {
            for (RowSegment segment : segments.subList(0, kept)) {
                boolean mostlyForgotten =
                        segment.rowCount() > SMALL_ROWS && segment.expired(forgotten) > segment.rowCount() / 2;
                fewer.add(mostlyForgotten ? new RowSegment(segment.left(forgotten, allocator)) : segment);
            }
            if (kept < segments.size()) {
                fewer.add(joined(segments.subList(kept, segments.size()), forgotten, stored, allocator));
            }
            return fewer;
        } catch (Throwable failed) {
            fewer.stream().filter(segment -> !segments.contains(segment)).forEach(RowSegment::close);
            throw failed;
        }
    }

    private static RowSegment joined(
            List<RowSegment> segments, long forgotten, StructType stored, BufferAllocator allocator) {
        try (Gathering gathering = new Gathering(stored, allocator)) {
            segments.forEach(part -> gathering.add(part.left(forgotten, allocator)));
            return new RowSegment(gathering.take());
        }
    }

    /// Puts chunks that follow each other together as long as they are not large. Takes them over, and gives them on;
    /// used by one thread.
    static final class Gathering implements AutoCloseable {
        private final StructType stored;
        private final BufferAllocator allocator;
        private final List<Chunk> pending = new ArrayList<>();
        private long rows;
        private long bytes;

        Gathering(StructType stored, BufferAllocator allocator) {
            this.stored = stored;
            this.allocator = allocator;
        }

        void add(Chunk chunk) {
            pending.add(chunk);
            rows += chunk.rowCount();
            bytes += chunk.sizeInBytes();
        }

        boolean isFull() {
            return rows >= LIMITS.rows() / 4 || bytes >= LIMITS.bytes() / 4;
        }

        /// What has been added since the last call; the caller closes it.
        Chunk take() {
            List<Chunk> parts = List.copyOf(pending);
            pending.clear();
            rows = 0;
            bytes = 0;
            return parts.isEmpty() ? Chunk.empty(stored, allocator) : Columns.concat(stored, parts, allocator);
        }

        @Override
        public void close() {
            Closing.all(pending);
        }
    }
}
