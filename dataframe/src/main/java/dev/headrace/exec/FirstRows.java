package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.DateType;
import dev.headrace.types.DecimalType;
import dev.headrace.types.DoubleType;
import dev.headrace.types.IntegerType;
import dev.headrace.types.StructType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Keeps the rows that may be among the first ones in an order: what a split has given is sorted and cut now and then
/// and at its end, splits that have ended are put together with their neighbours and cut, and rows behind the last one
/// that any cut has left are not kept at all, as far as the first key tells. If memory is short all the same, the rows
/// go to [SortRuns], which has them on disk. Owns all of them until they are taken, or until [#close]. Thread-safe.
final class FirstRows implements StageSink, AutoCloseable {
    private static final int FEWEST_BEFORE_CUT = 2 * Chunk.TARGET_ROWS;

    /// No row is behind it.
    private static final long NO_BOUND = Long.MAX_VALUE;

    /// All rows with a value are behind it where nulls come first, but for those with the least one.
    private static final long ONLY_NULLS = Long.MIN_VALUE;

    private final StructType schema;
    private final List<SortColumn> keys;
    private final int limit;
    private final RunContext run;

    /// A split's rows may take so many bytes before there is need to cut them.
    private final long share;

    private final Map<Integer, Kept> filling = new TreeMap<>();
    private final TreeMap<Integer, Kept> ended = new TreeMap<>();

    /// Of splits that have ended since neighbours were last put together.
    private long endedRows;

    private long endedBytes;

    /// Of all that had ended then.
    private long joinedBytes;

    /// Where memory has become short: all rows, but for those that other splits still hold until they give more.
    private volatile @Nullable SortRuns runs;

    /// The least code that the first key of a last row within the limit has had.
    private final AtomicLong bound = new AtomicLong(NO_BOUND);

    FirstRows(StructType schema, List<SortColumn> keys, int limit, RunContext run) {
        this.schema = schema;
        this.keys = keys;
        this.limit = limit;
        this.run = run;
        this.share = run.spill().shareOf(2 * run.tasks().parallelism());
    }

    @Override
    public synchronized Task open(int split) {
        Kept kept = new Kept(split);
        filling.put(split, kept);
        return new Keeping(kept);
    }

    /// The rows in memory in the order of the splits, which are the caller's from now on.
    synchronized List<Chunk> take() {
        List<Chunk> all = new ArrayList<>();
        ended.values().forEach(kept -> all.addAll(kept.chunks));
        ended.clear();
        return all;
    }

    /// What has all the rows, if memory was short; it stays this one's.
    @Nullable SortRuns spilled() {
        return runs;
    }

    /// From now on all rows go on to where they can be on disk.
    private synchronized SortRuns spill() {
        SortRuns begun = runs;
        if (begun == null) {
            begun = new SortRuns(schema, keys, run);
            runs = begun;
            for (Kept kept : ended.values()) {
                kept.moveTo(begun.open(kept.first));
            }
            ended.clear();
        }
        return begun;
    }

    private synchronized void end(Keeping task) {
        Kept kept = task.kept;
        filling.remove(kept.first);
        if (runs != null) {
            kept.moveTo(task.spilling());
            return;
        }
        ended.put(kept.first, kept);
        endedRows += kept.rows;
        endedBytes += kept.bytes;
        if (joinedBytes + endedBytes > SortRuns.MOST_BYTES) {
            spill();
        } else if (isWorthCutting(endedRows, endedBytes)) {
            joinNeighbours();
        }
    }

    private boolean isShortOf(long bytes) {
        return bytes >= share && run.spill().isShort(bytes);
    }

    /// Whether rows are more than can be put together and cut, by all tasks at once: each makes a copy of them, and one
    /// of those that are left.
    private boolean isTooMuchToCut(long bytes) {
        return bytes > SortRuns.MOST_BYTES
                || bytes >= 4 * share && run.spill().isShort(2L * run.tasks().parallelism() * bytes);
    }

    private boolean isWorthCutting(long rows, long bytes) {
        return rows >= 2L * limit && (rows >= FEWEST_BEFORE_CUT || bytes >= share);
    }

    /// Rows of a split that has not ended would have a place between those of others.
    private void joinNeighbours() {
        endedRows = 0;
        endedBytes = 0;
        Deque<Kept> joined = new ArrayDeque<>();
        for (Kept next : ended.values()) {
            Kept last = joined.peekLast();
            if (last != null && last.last + 1 == next.first) {
                last.takeOver(next);
            } else {
                joined.add(next);
            }
        }
        ended.clear();
        joined.forEach(kept -> ended.put(kept.first, kept));
        if (joined.stream().anyMatch(kept -> isTooMuchToCut(kept.bytes))) {
            spill();
            return;
        }
        joined.forEach(Kept::cut);
        joinedBytes = joined.stream().mapToLong(kept -> kept.bytes).sum();
        if (isShortOf(joinedBytes)) {
            spill();
        }
    }

    @Override
    public synchronized void close() {
        Closing.all(filling.values());
        filling.clear();
        Closing.all(ended.values());
        ended.clear();
        if (runs != null) {
            runs.close();
        }
    }

    private final class Keeping implements Task {
        private final Kept kept;
        private @Nullable Task spilling;

        Keeping(Kept kept) {
            this.kept = kept;
        }

        @Override
        public void accept(Chunk chunk) {
            Chunk wanted = withinBound(chunk);
            if (wanted == null) {
                return;
            }
            kept.add(wanted);
            if (runs == null && !isTooMuchToCut(kept.bytes) && isWorthCutting(kept.rows, kept.bytes)) {
                kept.cut();
            }
            if (runs != null || isTooMuchToCut(kept.bytes) || isShortOf(kept.bytes)) {
                kept.moveTo(spilling());
            }
        }

        /// The rows of a split are counted on.
        private Task spilling() {
            Task begun = spilling;
            if (begun == null) {
                begun = spill().open(kept.first);
                spilling = begun;
            }
            return begun;
        }

        @Override
        public void finish() {
            if (runs != null || isTooMuchToCut(kept.bytes)) {
                kept.moveTo(spilling());
            } else {
                kept.cut();
            }
            end(this);
        }

        /// The rows whose first key is not behind the bound; takes the chunk over.
        private @Nullable Chunk withinBound(Chunk chunk) {
            long most = bound.get();
            if (most == NO_BOUND) {
                return chunk;
            }
            FieldVector column = chunk.column(keys.getFirst().ordinal());
            long valid =
                    column.getNullCount() == 0 ? 0 : column.getValidityBuffer().memoryAddress();
            int[] wanted = new int[chunk.rowCount()];
            int count = 0;
            for (int i = 0; i < wanted.length; i++) {
                wanted[count] = i;
                if (valid == 0 || Memory.bit(valid, i) ? code(chunk, i) <= most : nullsFirst()) {
                    count++;
                }
            }
            if (count == wanted.length) {
                return chunk;
            }
            try (chunk) {
                return count == 0 ? null : Columns.gather(chunk, wanted, 0, count, run.allocator());
            }
        }
    }

    private boolean nullsFirst() {
        return keys.getFirst().nulls() == NullOrder.FIRST;
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

    /// Rows of one split, or of several that follow each other: as they came, or in order. Used by one thread at a
    /// time.
    private final class Kept implements AutoCloseable {
        private final int first;
        private int last;
        private final Deque<Chunk> chunks = new ArrayDeque<>();
        private long rows;
        private long bytes;

        Kept(int split) {
            this.first = split;
            this.last = split;
        }

        void add(Chunk chunk) {
            chunks.add(chunk);
            rows += chunk.rowCount();
            bytes += chunk.sizeInBytes();
        }

        /// Adds the rows of the splits that follow.
        void takeOver(Kept next) {
            next.chunks.forEach(this::add);
            next.chunks.clear();
            last = next.last;
        }

        void moveTo(Task sink) {
            rows = 0;
            bytes = 0;
            while (!chunks.isEmpty()) {
                sink.accept(chunks.removeFirst());
            }
        }

        /// Leaves no more rows than are wanted.
        void cut() {
            if (rows <= limit) {
                return;
            }
            List<Chunk> taken = List.copyOf(chunks);
            chunks.clear();
            rows = 0;
            bytes = 0;
            try (Chunk all = Columns.concat(schema, taken, run.allocator())) {
                int[] order = Sorting.order(all, keys, run);
                if (limit > 0) {
                    add(Columns.gather(all, order, 0, limit, run.allocator()));
                    lowerBound(all, order[limit - 1]);
                }
            }
        }

        private void lowerBound(Chunk sorted, int lastRow) {
            int key = keys.getFirst().ordinal();
            if (!SortCodes.isNumber(sorted.type(key))) {
                return;
            }
            if (!sorted.column(key).isNull(lastRow)) {
                bound.accumulateAndGet(code(sorted, lastRow), Math::min);
            } else if (nullsFirst()) {
                bound.set(ONLY_NULLS);
            }
        }

        @Override
        public void close() {
            Closing.all(chunks);
            chunks.clear();
        }
    }
}
