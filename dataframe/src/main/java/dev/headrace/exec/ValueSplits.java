package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.ChunkBuilder;
import dev.headrace.connector.ChunkReader;
import dev.headrace.connector.Split;
import dev.headrace.types.StructType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;

/// Splits that make their rows: constants and ranges of numbers.
final class ValueSplits {
    private ValueSplits() {}

    /// The rows of a program's own relation.
    static List<Split> of(PhysicalPlan.Values values) {
        List<Split> splits = new ArrayList<>();
        for (int from = 0; from < values.rows().size(); from += Chunk.TARGET_ROWS) {
            List<List<@Nullable Object>> part =
                    values.rows().subList(from, Math.min(values.rows().size(), from + Chunk.TARGET_ROWS));
            splits.add(allocator -> new OneChunk(build(values.schema(), part, allocator)));
        }
        return splits;
    }

    private static Chunk build(StructType schema, List<List<@Nullable Object>> rows, BufferAllocator allocator) {
        try (ChunkBuilder builder = new ChunkBuilder(schema, allocator)) {
            rows.forEach(builder::add);
            return builder.build();
        }
    }

    static List<Split> of(PhysicalPlan.Range range) {
        long rows = count(range);
        int parts = (int) Math.max(1, Math.min(range.partitions(), rows));
        List<Split> splits = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            splits.add(new Part(range, share(rows, part, parts), share(rows, part + 1, parts)));
        }
        return rows == 0 ? List.of() : splits;
    }

    /// `rows * part / parts`, whose product may be no long.
    private static long share(long rows, long part, long parts) {
        return rows / parts * part + rows % parts * part / parts;
    }

    /// The bounds may be so far apart that their difference is no long. Rows that can't be counted nobody will see.
    private static long count(PhysicalPlan.Range range) {
        BigInteger distance = BigInteger.valueOf(range.end()).subtract(BigInteger.valueOf(range.start()));
        BigInteger step = BigInteger.valueOf(range.step());
        if (distance.signum() != step.signum()) {
            return 0;
        }
        BigInteger[] whole = distance.divideAndRemainder(step);
        BigInteger rows = whole[0].add(BigInteger.valueOf(whole[1].abs().signum()));
        return rows.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
    }

    private static final class OneChunk implements ChunkReader {
        private @Nullable Chunk chunk;

        OneChunk(Chunk chunk) {
            this.chunk = chunk;
        }

        @Override
        public @Nullable Chunk next() {
            Chunk result = chunk;
            chunk = null;
            return result;
        }

        @Override
        public void close() {
            if (chunk != null) {
                chunk.close();
            }
        }
    }

    /// The numbers from the one at position `from` to the one before position `end`.
    private record Part(PhysicalPlan.Range range, long from, long end) implements Split {
        @Override
        public ChunkReader open(BufferAllocator allocator) {
            return new Numbers(range, from, end, allocator);
        }

        @Override
        public long estimatedRows() {
            return end - from;
        }
    }

    private static final class Numbers implements ChunkReader {
        private final PhysicalPlan.Range range;
        private final long end;
        private final BufferAllocator allocator;
        private long at;

        Numbers(PhysicalPlan.Range range, long from, long end, BufferAllocator allocator) {
            this.range = range;
            this.at = from;
            this.end = end;
            this.allocator = allocator;
        }

        @Override
        public @Nullable Chunk next() {
            if (at >= end) {
                return null;
            }
            int rows = (int) Math.min(Chunk.TARGET_ROWS, end - at);
            BigIntVector ids = new BigIntVector(
                    dev.headrace.chunk.ArrowTypes.field(range.schema().field(0)), allocator);
            ids.allocateNew(rows);
            for (int i = 0; i < rows; i++) {
                ids.set(i, range.start() + (at + i) * range.step());
            }
            ids.setValueCount(rows);
            at += rows;
            return new Chunk(range.schema(), List.of(ids), rows);
        }

        @Override
        public void close() {}
    }
}
