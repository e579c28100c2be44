package dev.headrace.state.memory;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.Memory;
import dev.headrace.types.StructType;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/// Some rows of a log that came one after the other, as [RowRun] stores them. They don't change: which of them are
/// forgotten follows from the time that is asked with. What helps to find rows is made when it is first needed.
final class RowSegment implements AutoCloseable {
    /// For no more hashes than these, a segment that nobody has looked at yet is read through instead of indexed.
    private static final int FEW_HASHES = 64;

    private static final int END = -1;

    private final Chunk stored;
    private final long hashes;
    private final long expiries;
    private final long earliest;
    private final long latest;
    /// When rows expire, in order; empty until rows of this segment expire one by one.
    private long[] inOrder = new long[0];
    /// The newest row of each bucket of hashes; empty until rows are looked for often.
    private int[] newest = new int[0];
    /// The next older row of the same bucket, by row.
    private int[] older = new int[0];
    private boolean readThrough;

    /// Takes over the chunk, which has rows.
    RowSegment(Chunk stored) {
        this.stored = stored;
        this.hashes = address(stored, stored.columnCount() - 2);
        this.expiries = address(stored, stored.columnCount() - 1);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (int row = 0; row < stored.rowCount(); row++) {
            long expiry = expiry(row);
            first = Math.min(first, expiry);
            last = Math.max(last, expiry);
        }
        this.earliest = first;
        this.latest = last;
    }

    private static long address(Chunk chunk, int column) {
        return chunk.column(column).getDataBuffer().memoryAddress();
    }

    private long expiry(int row) {
        return Memory.getLong(expiries + 8L * row);
    }

    long hash(int row) {
        return Memory.getLong(hashes + 8L * row);
    }

    int rowCount() {
        return stored.rowCount();
    }

    long sizeInBytes() {
        return stored.sizeInBytes() + 8L * inOrder.length + 4L * (newest.length + older.length);
    }

    /// How many rows expire at or before `time`.
    int expired(long time) {
        if (time < earliest) {
            return 0;
        }
        return time >= latest ? rowCount() : firstAfter(time);
    }

    boolean isForgotten(long time) {
        return time >= latest;
    }

    /// When the first of the rows expires that are there after `time`; not all are forgotten.
    long nextExpiry(long time) {
        return time < earliest ? earliest : inOrder()[firstAfter(time)];
    }

    private int firstAfter(long time) {
        long[] all = inOrder();
        int low = 0;
        int high = all.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all[middle] <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long[] inOrder() {
        if (inOrder.length == 0) {
            long[] all = new long[rowCount()];
            for (int row = 0; row < all.length; row++) {
                all[row] = expiry(row);
            }
            Arrays.sort(all);
            inOrder = all;
        }
        return inOrder;
    }

    /// The rows that expire after `from` and not after `to`, in order.
    int[] rows(long from, long to) {
        int[] rows = new int[rowCount()];
        int count = 0;
        for (int row = 0; row < rows.length; row++) {
            long expiry = expiry(row);
            if (expiry > from && expiry <= to) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    /// The rows with one of the hashes that are there after `forgotten`, in order.
    ///
    /// @param wanted in rising order
    int[] find(long[] wanted, long forgotten) {
        if (newest.length == 0 && !readThrough && wanted.length <= FEW_HASHES) {
            readThrough = true;
            return read(wanted, forgotten);
        }
        if (newest.length == 0) {
            index();
        }
        int[] rows = new int[Math.max(16, wanted.length)];
        int count = 0;
        for (long hash : wanted) {
            for (int row = newest[bucket(hash)]; row != END; row = older[row]) {
                if (hash(row) == hash && expiry(row) > forgotten) {
                    rows = count == rows.length ? Arrays.copyOf(rows, count * 2) : rows;
                    rows[count++] = row;
                }
            }
        }
        Arrays.sort(rows, 0, count);
        return Arrays.copyOf(rows, count);
    }

    private int[] read(long[] wanted, long forgotten) {
        int[] rows = new int[16];
        int count = 0;
        for (int row = 0; row < rowCount(); row++) {
            if (Arrays.binarySearch(wanted, hash(row)) >= 0 && expiry(row) > forgotten) {
                rows = count == rows.length ? Arrays.copyOf(rows, count * 2) : rows;
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    private void index() {
        newest = new int[Math.max(2, Integer.highestOneBit(rowCount()) * 2)];
        older = new int[rowCount()];
        Arrays.fill(newest, END);
        for (int row = 0; row < older.length; row++) {
            int bucket = bucket(hash(row));
            older[row] = newest[bucket];
            newest[bucket] = row;
        }
    }

    private int bucket(long hash) {
        return (int) (hash ^ hash >>> 32) & newest.length - 1;
    }

    /// Some of the rows, with the columns that users see; the caller closes it.
    Chunk pick(int[] rows, StructType schema, BufferAllocator allocator) {
        List<FieldVector> columns = Columns.make(
                schema.size(),
                c -> rows.length == rowCount()
                        ? stored.share(c)
                        : Columns.gather(stored.column(c), rows, 0, rows.length, allocator));
        return new Chunk(schema, columns, rows.length);
    }

    /// The rows that are there after `forgotten`, as they are stored; the caller closes it.
    Chunk left(long forgotten, BufferAllocator allocator) {
        if (expired(forgotten) == 0) {
            return stored.slice(0, rowCount());
        }
        int[] rows = rows(forgotten, Long.MAX_VALUE);
        return Columns.gather(stored, rows, 0, rows.length, allocator);
    }

    @Override
    public void close() {
        stored.close();
    }
}
