package dev.headrace.engine.source;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.ConnectorOptions;
import dev.headrace.connector.ScanRequest;
import dev.headrace.connector.ScanRequest.ScanColumn;
import dev.headrace.connector.Split;
import dev.headrace.connector.StreamTable;
import dev.headrace.errors.CheckpointException;
import dev.headrace.errors.QueryException;
import dev.headrace.types.DataTypes;
import dev.headrace.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.jspecify.annotations.Nullable;

/// Rows that are made, not read: a number, and the time of that number.
///
/// @param request some of the columns of [#SCHEMA]
/// @param parts into how many splits a batch is cut
record NumberedRows(ScanRequest request, int parts) {
    static final StructType SCHEMA =
            new StructType().add("timestamp", DataTypes.TimestampType, true).add("value", DataTypes.LongType, true);

    /// The times of numbers that are asked for in ascending order.
    interface Times {
        /// Microseconds since the epoch.
        long microsOf(long value);
    }

    /// A stream of such rows.
    abstract static class Table implements StreamTable {
        private final String description;

        Table(String description) {
            this.description = description;
        }

        @Override
        public StructType schema() {
            return SCHEMA;
        }

        @Override
        public String description() {
            return description;
        }
    }

    static void refuseSchema(ConnectorOptions options) {
        if (options.schema().isPresent()) {
            throw new QueryException(
                    "SCHEMA_NOT_ALLOWED",
                    "format(\"" + options.format() + "\") has a fixed schema (timestamp, value). Leave schema(…) out.");
        }
    }

    static long positive(ConnectorOptions options, String key, long orElse) {
        long value = options.number(key).orElse(orElse);
        if (value < 1) {
            throw options.invalid(key, "a number of at least 1");
        }
        return value;
    }

    static int parts(ConnectorOptions options) {
        return Math.toIntExact(
                positive(options, "numPartitions", options.session().parallelism()));
    }

    /// Reads an offset that is a plain number.
    ///
    /// @throws CheckpointException `INVALID_OFFSET`
    static long offset(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw new CheckpointException(
                    "INVALID_OFFSET",
                    "The checkpoint has '" + text
                            + "' where a number should be. Does it belong to a query with another " + "source?");
        }
    }

    /// The rows from `first` to `last`, `last` excluded.
    ///
    /// @param times makes the times for a part, by the part's first number
    List<Split> splits(long first, long last, LongFunction<Times> times) {
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            long from = first + (last - first) / parts * i + Math.min(i, (last - first) % parts);
            long to = first + (last - first) / parts * (i + 1) + Math.min(i + 1, (last - first) % parts);
            if (to > from) {
                splits.add(allocator -> new Reader(from, to, times.apply(from), allocator));
            }
        }
        return splits;
    }

    private final class Reader implements ChunkReader {
        private final long to;
        private final Times times;
        private final BufferAllocator allocator;
        private long next;

        Reader(long from, long to, Times times, BufferAllocator allocator) {
            this.next = from;
            this.to = to;
            this.times = times;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            if (next == to) {
                return null;
            }
            int count = (int) Math.min(Chunk.TARGET_ROWS, to - next);
            List<FieldVector> columns = new ArrayList<>();
            try {
                for (ScanColumn column : request.columns()) {
                    FieldVector vector = ArrowTypes.field(column.field()).createVector(allocator);
                    columns.add(vector);
                    vector.setInitialCapacity(count);
                    vector.allocateNew();
                    fill(vector, count);
                    vector.setValueCount(count);
                }
            } catch (Throwable failed) {
                Closing.all(columns);
                throw failed;
            }
            next += count;
            return new Chunk(request.outputSchema(), columns, count);
        }

        private void fill(FieldVector vector, int count) {
            switch (vector) {
                case BigIntVector values -> {
                    for (int i = 0; i < count; i++) {
                        values.set(i, next + i);
                    }
                }
                case TimeStampMicroTZVector micros -> {
                    for (int i = 0; i < count; i++) {
                        micros.set(i, times.microsOf(next + i));
                    }
                }
                default -> throw new IllegalStateException("no column of numbered rows: " + vector.getField());
            }
        }

        @Override
        public void close() {}
    }
}
