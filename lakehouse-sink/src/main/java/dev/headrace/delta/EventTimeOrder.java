package dev.headrace.delta;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Memory;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.delta.log.AddFile;
import dev.headrace.delta.log.ColumnStatistics;
import dev.headrace.delta.log.FileFilter;
import dev.headrace.delta.log.FileStatistics;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Gives the rows of a version in the order of event time, batch by batch, so that a watermark passes none of them.
///
/// ```text
/// files       in the order of their earliest times, as their statistics say: t(0) ≤ t(1) ≤ …
/// files [a, b) of a batch stand for the rows from t(a) to t(b), of all files; those of the first batch for all earlier
///             ones, those of the last for all later ones
/// nulls       come with their file
/// ```
///
/// So a file is read by each batch that has a part of its time. Which files a batch has is said by offsets as without
/// this order.
final class EventTimeOrder {
    private final TableVersion version;
    private final List<AddFile> files;
    private final int column;
    private final StructField field;
    private final ToLongFunction<AddFile> earliest;
    private final ToLongFunction<AddFile> latest;

    /// @param version of these files
    EventTimeOrder(DeltaStreamTable stream, TableVersion version, List<AddFile> files) {
        this.version = version;
        this.files = files;
        this.column = stream.eventTime().orElseThrow();
        this.field = stream.now().metadata().schema().field(column);
        StructType inFiles = inFiles(stream);
        this.earliest = file -> earliest(file, inFiles);
        this.latest =
                file -> leaf(file, inFiles).max().map(EventTimeOrder::micros).orElse(Long.MAX_VALUE);
    }

    private record Timed(long earliest, AddFile file) {}

    /// The files in their order. One of whose times nothing is known may have the earliest.
    static List<AddFile> sorted(DeltaStreamTable stream, List<AddFile> files) {
        StructType inFiles = inFiles(stream);
        return files.stream()
                .map(file -> new Timed(earliest(file, inFiles), file))
                .sorted(Comparator.comparingLong(Timed::earliest)
                        .thenComparing(timed -> timed.file().path()))
                .map(Timed::file)
                .toList();
    }

    private static long earliest(AddFile file, StructType inFiles) {
        return leaf(file, inFiles).min().map(EventTimeOrder::micros).orElse(Long.MIN_VALUE);
    }

    /// The event time under its name in files.
    private static StructType inFiles(DeltaStreamTable stream) {
        int ordinal = stream.eventTime().orElseThrow();
        return new StructType()
                .add(ColumnMapping.inFiles(stream.now().metadata()).field(ordinal));
    }

    private static ColumnStatistics.Leaf leaf(AddFile file, StructType column) {
        Map<String, ColumnStatistics> columns =
                FileStatistics.read(file.stats(), column).columns();
        return columns.get(column.field(0).name()) instanceof ColumnStatistics.Leaf leaf
                ? leaf
                : ColumnStatistics.Leaf.UNKNOWN;
    }

    private static long micros(Object cell) {
        return ((Number) cell).longValue();
    }

    /// What files `[from, to)` stand for.
    List<Split> splits(int from, int to, ScanRequest request) {
        List<ScanColumn> columns = new ArrayList<>(request.columns());
        columns.add(new ScanColumn.Stored(column, field));
        ScanRequest withTime = new ScanRequest(columns, request.filters(), request.limit());
        FileFilter filter = version.filter(request.filters());
        long begin = from == 0 ? Long.MIN_VALUE : earliest.applyAsLong(files.get(from));
        Optional<Long> end = to == files.size() ? Optional.empty() : Optional.of(earliest.applyAsLong(files.get(to)));
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < to; i++) {
            AddFile file = files.get(i);
            boolean own = i >= from;
            if (filter.mayMatch(file) && (own || latest.applyAsLong(file) >= begin)) {
                version.splitsOf(i, withTime).forEach(split -> splits.add(new Part(split, begin, end, own)));
            }
        }
        return splits;
    }

    /// The rows of a split whose time is in a part of all.
    ///
    /// @param rows gives the wanted columns, and the time as the last one
    /// @param end absent if there is none
    /// @param withNulls whether rows without a time belong to it
    private record Part(Split rows, long begin, Optional<Long> end, boolean withNulls) implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            ChunkReader reader = rows.open(allocator);
            return new ChunkReader() {
                @Override
                public @Nullable Chunk next() {
                    for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                        try (Chunk all = chunk) {
                            int[] chosen = chosen(all);
                            if (chosen.length > 0) {
                                return RowsLeft.part(all, chosen, allocator);
                            }
                        }
                    }
                    return null;
                }

                @Override
                public Map<String, Long> metrics() {
                    return reader.metrics();
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        private int[] chosen(Chunk all) {
            FieldVector times = all.column(all.columnCount() - 1);
            long data = times.getDataBuffer().memoryAddress();
            return java.util.stream.IntStream.range(0, all.rowCount())
                    .filter(row -> times.isNull(row) ? withNulls : isWithin(Memory.getLong(data + 8L * row)))
                    .toArray();
        }

        private boolean isWithin(long micros) {
            return micros >= begin && (end.isEmpty() || micros < end.get());
        }

        @Override
        public long estimatedRows() {
            return rows.estimatedRows();
        }
    }
}
