package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.plan.Direction;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.StructType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Keeps of each split the rows that may be among the first ones in an order: now and then the rows kept are sorted and
/// cut, and from then on rows behind the last one left are not kept at all, as far as the first key tells. Owns the
/// chunks until [#take] or [#close].
final class FirstRows implements StageSink, AutoCloseable {
    private static final int FEWEST_BEFORE_CUT = 2 * Chunk.TARGET_ROWS;

    private final StructType schema;
    private final List<SortColumn> keys;
    private final int limit;
    private final RunContext run;
    private final Map<Integer, List<Chunk>> bySplit = new ConcurrentSkipListMap<>();

    FirstRows(StructType schema, List<SortColumn> keys, int limit, RunContext run) {
        this.schema = schema;
        this.keys = keys;
        this.limit = limit;
        this.run = run;
    }

    @Override
    public Task open(int split) {
        List<Chunk> chunks = new ArrayList<>();
        bySplit.put(split, chunks);
        return new Keeping(chunks);
    }

    List<Chunk> take() {
        List<Chunk> all = new ArrayList<>();
        bySplit.values().forEach(all::addAll);
        bySplit.clear();
        return all;
    }

    @Override
    public void close() {
        bySplit.values().forEach(chunks -> chunks.forEach(Chunk::close));
        bySplit.clear();
    }

    private final class Keeping implements Task {
        private final List<Chunk> chunks;
        private long rows;
        private boolean bounded;
        private long bound;

        Keeping(List<Chunk> chunks) {
            this.chunks = chunks;
        }

        @Override
        public void accept(Chunk chunk) {
            Chunk wanted = bounded ? withinBound(chunk) : chunk;
            if (wanted == null) {
                return;
            }
            chunks.add(wanted);
            rows += wanted.rowCount();
            if (rows >= Math.max(FEWEST_BEFORE_CUT, 2L * limit)) {
                cut();
            }
        }

        /// The rows whose first key is not behind the bound; takes the chunk over.
        private @Nullable Chunk withinBound(Chunk chunk) {
            FieldVector column = chunk.column(keys.getFirst().ordinal());
            if (column.getNullCount() > 0) {
                return chunk;
            }
            int[] kept = new int[chunk.rowCount()];
            int count = 0;
            for (int i = 0; i < kept.length; i++) {
                kept[count] = i;
                if (code(chunk, i) <= bound) {
                    count++;
                }
            }
            if (count == kept.length) {
                return chunk;
            }
            try (chunk) {
                return count == 0 ? null : Columns.gather(chunk, kept, 0, count, run.allocator());
            }
        }

        private void cut() {
            List<Chunk> taken = List.copyOf(chunks);
            chunks.clear();
            try (Chunk all = Columns.concat(schema, taken, run.allocator())) {
                int[] order = Sorting.order(all, keys, run);
                int count = Math.min(limit, order.length);
                if (count > 0) {
                    chunks.add(Columns.gather(all, order, 0, count, run.allocator()));
                    FieldVector first = all.column(keys.getFirst().ordinal());
                    if (count == limit && hasCode(all) && !first.isNull(order[count - 1])) {
                        bounded = true;
                        bound = code(all, order[count - 1]);
                    }
                }
                rows = count;
            }
        }

        private boolean hasCode(Chunk chunk) {
            return SortCodes.isNumber(chunk.type(keys.getFirst().ordinal()));
        }

        /// The first key as a number that is the greater the later the row comes.
        private long code(Chunk chunk, int row) {
            SortColumn key = keys.getFirst();
            long data = chunk.column(key.ordinal()).getDataBuffer().memoryAddress();
            long value = switch (chunk.type(key.ordinal())) {
                case IntegerType _, DateType _, YearMonthIntervalType _ -> Memory.getInt(data + 4L * row);
                case DecimalType _ -> Memory.getLong(data + 16L * row);
                case DoubleType _ -> SortCodes.ordered(Memory.getDouble(data + 8L * row));
                default -> Memory.getLong(data + 8L * row);
            };
            return key.direction() == Direction.ASC ? value : ~value;
        }
    }
}
