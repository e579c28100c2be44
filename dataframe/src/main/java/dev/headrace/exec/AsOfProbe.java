package dev.headrace.exec;

import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.plan.JoinType;
import dev.headrace.types.DoubleType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// Searches the table for each left row by key and time. Where right rows are long, a chunk of joined rows has few.
final class AsOfProbe implements Operator, SpilledJoin.Probe {
    private static final int NONE = -1;

    private final AsOfJoin node;
    private final AsOfJoin.Search search;
    private final AsOfTable table;
    private final KeyTable.Finder finder;
    private final BufferAllocator allocator;
    private final long mostBytes;

    /// The left rows that stream by now, their pairs with right ones, and how many of these have been given.
    private @Nullable Chunk asking;

    private int[] leftRows = new int[0];
    private int[] rightRows = new int[0];
    private int pairs;
    private int given;

    AsOfProbe(AsOfJoin node, AsOfTable table, RunContext run) {
        this.node = node;
        this.search = node.search();
        this.table = table;
        this.allocator = run.allocator();
        this.mostBytes = run.chunkShare();
        this.finder = table.finder(allocator);
    }

    @Override
    public void process(Chunk input, Output out) {
        begin(input, new BitSet(), true);
        Chunk joined = next();
        while (joined != null) {
            out.accept(joined);
            joined = out.isFull() ? null : next();
        }
    }

    /// Each row has one partner at most, so it is known at once which have none.
    @Override
    public void begin(Chunk rows, BitSet partnered, boolean last) {
        asking = rows;
        given = 0;
        search(rows);
    }

    @Override
    public @Nullable Chunk next() {
        Chunk rows = asking;
        if (rows == null || given == pairs) {
            asking = null;
            return null;
        }
        int count = table.fitting(rightRows, given, pairs - given, mostBytes);
        given += count;
        return joined(rows, given - count, count);
    }

    private void search(Chunk input) {
        int count = input.rowCount();
        leftRows = new int[count];
        rightRows = new int[count];
        pairs = 0;
        int[] slots = slots(input);
        Bounds bounds = new Bounds(input);
        boolean outer = node.type() == JoinType.LEFT_OUTER;
        for (int i = 0; i < count; i++) {
            int at = slots[i] == KeyTable.ABSENT || bounds.anyNull(i) ? NONE : bounds.find(slots[i], i);
            if (at != NONE || outer) {
                leftRows[pairs] = i;
                rightRows[pairs++] = at == NONE ? Columns.NULL_ROW : table.row(at);
            }
        }
    }

    private int[] slots(Chunk input) {
        int[] keys = node.leftKeys();
        if (keys.length == 0) {
            return new int[input.rowCount()];
        }
        int[] slots = finder.find(AsOfTable.columns(input, keys), input.rowCount());
        for (int i = 0; i < input.rowCount(); i++) {
            if (AsOfTable.anyNull(input, keys, i)) {
                slots[i] = KeyTable.ABSENT;
            }
        }
        return slots;
    }

    private Chunk joined(Chunk input, int from, int count) {
        int width = input.columnCount();
        List<FieldVector> columns = Columns.make(node.schema().size(), i -> {
            if (i >= width) {
                return Columns.gather(table.rows().column(i - width), rightRows, from, count, allocator);
            }
            return count == input.rowCount()
                    ? input.share(i)
                    : Columns.gather(input.column(i), leftRows, from, count, allocator);
        });
        return new Chunk(node.schema(), columns, count);
    }

    @Override
    public void close() {
        finder.close();
    }

    /// The times of the left rows of a chunk, and the search by them.
    private final class Bounds {
        private final boolean doubles;
        private final long[] times;
        private final long[] earliest;
        private final long[] latest;
        private final int[] columns;
        private final Chunk input;

        Bounds(Chunk input) {
            this.input = input;
            this.doubles = input.type(search.leftTime()) instanceof DoubleType;
            this.times = values(search.leftTime());
            this.earliest = values(search.earliest());
            this.latest = values(search.latest());
            List<Integer> used = new ArrayList<>(List.of(search.leftTime()));
            if (earliest.length > 0) {
                used.add(search.earliest());
            }
            if (latest.length > 0) {
                used.add(search.latest());
            }
            this.columns = used.stream().mapToInt(Integer::intValue).toArray();
        }

        private long[] values(int column) {
            return column == AsOfJoin.Search.UNBOUNDED
                    ? new long[0]
                    : SortCodes.values(input.column(column), input.type(column), input.rowCount());
        }

        boolean anyNull(int row) {
            return AsOfTable.anyNull(input, columns, row);
        }

        /// The place of a left row's partner in the table, or none.
        int find(int slot, int row) {
            return switch (search.direction()) {
                case BACKWARD -> backward(slot, row);
                case FORWARD -> forward(slot, row);
                case NEAREST -> nearer(backward(slot, row), forward(slot, row), times[row]);
            };
        }

        private int backward(int slot, int row) {
            int from = table.start(slot);
            int at = table.firstAfter(from, table.end(slot), times[row], !search.exactMatches()) - 1;
            boolean found = at >= from && (earliest.length == 0 || table.time(at) >= earliest[row]);
            return found ? at : NONE;
        }

        private int forward(int slot, int row) {
            int end = table.end(slot);
            int first = table.firstAfter(table.start(slot), end, times[row], search.exactMatches());
            if (first == end || latest.length > 0 && table.time(first) > latest[row]) {
                return NONE;
            }
            // Of rows of the same time the last one counts, as it does backward.
            return table.firstAfter(first, end, table.time(first), false) - 1;
        }

        private int nearer(int before, int after, long time) {
            if (before == NONE || after == NONE) {
                return before == NONE ? after : before;
            }
            long earlier = table.time(before);
            long later = table.time(after);
            // Without sign, the difference of two longs is right even if it overflows.
            int compared = doubles
                    ? Double.compare(
                            SortCodes.value(later) - SortCodes.value(time),
                            SortCodes.value(time) - SortCodes.value(earlier))
                    : Long.compareUnsigned(later - time, time - earlier);
            return compared < 0 ? after : before;
        }
    }
}
