package dev.headrace.exec;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Columns;
import dev.headrace.chunk.RowLayout;
import dev.headrace.chunk.Widths;
import dev.headrace.plan.Direction;
import dev.headrace.plan.NullOrder;
import dev.headrace.types.ArrayType;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import dev.headrace.types.MapType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.VariantType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/// The right side of an as-of join: its rows by key and time. Rows whose key or time is null are left out. Read by many
/// threads once built.
final class AsOfTable implements SpilledJoin.Table {
    private final Chunk rows;
    private final KeyTable keys;
    private final int[] order;
    private final long[] times;
    private final int[] starts;
    private final SpillSpace.OnHeap heap;

    /// The columns whose values are of different lengths, and how many bytes the longest of them take, or more.
    private final int[] lengths;

    private final long longest;

    /// @param order the rows by key and time
    /// @param times in that order
    /// @param starts where each key begins in that order, and the end
    private AsOfTable(Chunk rows, KeyTable keys, int[] order, long[] times, int[] starts, SpillSpace.OnHeap heap) {
        this.rows = rows;
        this.keys = keys;
        this.order = order;
        this.times = times;
        this.starts = starts;
        this.heap = heap;
        this.lengths = IntStream.range(0, rows.columnCount())
                .filter(column -> Widths.differ(rows.type(column)))
                .toArray();
        this.longest = Widths.ofLongest(rows, lengths);
    }

    /// What making a table takes of the heap: each row's key, where keys begin, and the order.
    static long heapBytes(long rows) {
        return 2 * Integer.BYTES * rows + OrderedRows.heapBytes(rows);
    }

    /// Takes over the chunks, and what is counted for the table, of which it keeps what it needs.
    static AsOfTable build(
            List<Chunk> chunks, StructType schema, int[] keyColumns, int time, SpillSpace.OnHeap heap, RunContext run) {
        Chunk rows = null;
        KeyTable keys = null;
        try {
            rows = inOnePiece(chunks, schema, run);
            keys = new KeyTable(RowLayout.of(schema.select(keyColumns)), run.allocator());
            int[] slots = keyColumns.length == 0
                    ? new int[rows.rowCount()]
                    : keys.assignMany(columns(rows, keyColumns), rows.rowCount());
            // What has no key or no time comes behind all keys.
            int nowhere = keyColumns.length == 0 ? 1 : keys.slotCount();
            int[] starts = new int[nowhere + 2];
            for (int from = 0, to; from < slots.length; from = to) {
                to = Cancellation.blockEnd(from, slots.length);
                for (int i = from; i < to; i++) {
                    if (rows.column(time).isNull(i) || anyNull(rows, keyColumns, i)) {
                        slots[i] = nowhere;
                    }
                    starts[slots[i] + 1]++;
                }
            }
            for (int from = 1, to; from < starts.length; from = to) {
                to = Cancellation.blockEnd(from, starts.length);
                for (int slot = from; slot < to; slot++) {
                    starts[slot] += starts[slot - 1];
                }
            }
            int[] order = order(rows, slots, keyColumns, time, run);
            long[] values = SortCodes.values(rows.column(time), rows.type(time), slots.length);
            long[] times = new long[order.length];
            for (int from = 0, to; from < order.length; from = to) {
                to = Cancellation.blockEnd(from, order.length);
                for (int i = from; i < to; i++) {
                    times[i] = values[order[i]];
                }
            }
            // The order, the times, and where keys begin.
            heap.keep((2L * Integer.BYTES + Long.BYTES) * rows.rowCount());
            return new AsOfTable(rows, keys, order, times, starts, heap);
        } catch (Throwable failed) {
            heap.close();
            if (keys != null) {
                keys.close();
            }
            if (rows != null) {
                rows.close();
            }
            throw failed;
        }
    }

    /// The rows of all chunks, which it takes over.
    static Chunk inOnePiece(List<Chunk> chunks, StructType schema, RunContext run) {
        return chunks.isEmpty()
                ? Chunk.empty(schema, run.allocator())
                : Columns.concat(schema, chunks, run.allocator());
    }

    static List<FieldVector> columns(Chunk rows, int[] ordinals) {
        List<FieldVector> columns = new ArrayList<>();
        for (int ordinal : ordinals) {
            columns.add(rows.column(ordinal));
        }
        return columns;
    }

    static boolean anyNull(Chunk rows, int[] columns, int row) {
        for (int column : columns) {
            if (rows.column(column).isNull(row)) {
                return true;
            }
        }
        return false;
    }

    /// By key and time; rows of the same time by all other columns, so that the order they come in does not matter.
    private static int[] order(Chunk rows, int[] slots, int[] keyColumns, int time, RunContext run) {
        List<FieldVector> columns = new ArrayList<>();
        for (int i = 0; i < rows.columnCount(); i++) {
            columns.add(rows.share(i));
        }
        StructField slotField = new StructField("slot", DataTypes.IntegerType, false);
        IntVector slotColumn = (IntVector) ArrowTypes.field(slotField).createVector(run.allocator());
        columns.add(slotColumn);
        List<SortColumn> keys = new ArrayList<>();
        keys.add(ascending(rows.columnCount()));
        keys.add(ascending(time));
        Set<Integer> same = IntStream.of(keyColumns).boxed().collect(Collectors.toSet());
        for (int i = 0; i < rows.columnCount(); i++) {
            if (i != time && !same.contains(i) && !hasMap(rows.type(i))) {
                keys.add(ascending(i));
            }
        }
        try (Chunk all = new Chunk(rows.schema().add(slotField), columns, slots.length)) {
            fill(slotColumn, slots);
            return Sorting.order(all, keys, run);
        }
    }

    private static void fill(IntVector column, int[] values) {
        column.allocateNew(values.length);
        for (int from = 0, to; from < values.length; from = to) {
            to = Cancellation.blockEnd(from, values.length);
            for (int i = from; i < to; i++) {
                column.set(i, values[i]);
            }
        }
        column.setValueCount(values.length);
    }

    /// Maps and variants have no order.
    private static boolean hasMap(DataType type) {
        return switch (type) {
            case MapType _, VariantType _ -> true;
            case ArrayType array -> hasMap(array.elementType());
            case StructType struct -> struct.fieldList().stream().anyMatch(field -> hasMap(field.dataType()));
            default -> false;
        };
    }

    private static SortColumn ascending(int column) {
        return new SortColumn(column, Direction.ASC, NullOrder.FIRST);
    }

    Chunk rows() {
        return rows;
    }

    /// A reader of the keys for one thread.
    KeyTable.Finder finder(BufferAllocator allocator) {
        return keys.finder(allocator);
    }

    /// Where a key's rows begin in the order of the table.
    int start(int slot) {
        return starts[slot];
    }

    /// Behind a key's last row.
    int end(int slot) {
        return starts[slot + 1];
    }

    long time(int at) {
        return times[at];
    }

    /// The row at a place of the order.
    int row(int at) {
        return order[at];
    }

    /// How many of some rows, which may be none or the same, a chunk has that takes no more than so many bytes: at
    /// least one.
    ///
    /// @param picked rows of the table and [Columns#NULL_ROW], of which those from `from` on are meant
    int fitting(int[] picked, int from, int count, long mostBytes) {
        if (longest * count <= mostBytes) {
            return count;
        }
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int row = picked[from + i];
            bytes += row == Columns.NULL_ROW ? 0 : Widths.of(rows, lengths, row, row + 1);
            if (bytes > mostBytes) {
                return Math.max(i, 1);
            }
        }
        return count;
    }

    /// The first place in `[from, end)` whose time is later than, or with `orEqual` not earlier than, the given one.
    int firstAfter(int from, int end, long time, boolean orEqual) {
        int low = from;
        int high = end;
        while (low < high) {
            int middle = low + high >>> 1;
            if (orEqual ? times[middle] >= time : times[middle] > time) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Override
    public void close() {
        heap.close();
        keys.close();
        rows.close();
    }
}
