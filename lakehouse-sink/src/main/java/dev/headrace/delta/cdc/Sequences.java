package dev.headrace.delta.cdc;

import dev.headrace.chunk.Cell;
import dev.headrace.chunk.Memory;
import dev.headrace.function.CellOrder;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/// The sequences of a batch of changes, and of the rows that it meets, as numbers that compare as they do.
///
/// Whole numbers, dates and timestamps are their own numbers. Of other types each value gets a number when it comes
/// ([#add]); when all are there ([#seal]) their ranks are known, which compare. More may come later; ranks count from
/// the last seal. [#add] may be called by several threads, the rest by one at a time.
public final class Sequences {
    /// The rank of no sequence, before all others.
    public static final long NONE = Long.MIN_VALUE;

    /// The rank of what never happens, after all others.
    public static final long NEVER = Long.MAX_VALUE;

    private final boolean direct;
    private final int width;
    private final DataType type;
    private final Map<Object, Integer> numbers = new HashMap<>();
    private final List<Object> values = new ArrayList<>();
    private long[] ranks = new long[0];
    private Object[] byRank = new Object[0];

    public Sequences(DataType type) {
        this.type = type;
        this.width = widthOf(type);
        this.direct = width > 0;
    }

    private static int widthOf(DataType type) {
        if (type.equals(DataTypes.LongType)
                || type.equals(DataTypes.TimestampType)
                || type.equals(DataTypes.TimestampNTZType)) {
            return Long.BYTES;
        }
        return type.equals(DataTypes.IntegerType) || type.equals(DataTypes.DateType) ? Integer.BYTES : 0;
    }

    /// Whether what [#add] gives is a rank.
    public boolean areRanks() {
        return direct;
    }

    /// Takes in the sequence of a row.
    ///
    /// @return a number for [#rank]; [#NONE] for null
    public long add(FieldVector vector, int row) {
        if (vector.isNull(row)) {
            return NONE;
        }
        if (direct) {
            long data = vector.getDataBuffer().memoryAddress();
            return width == Long.BYTES ? Memory.getLong(data + 8L * row) : Memory.getInt(data + 4L * row);
        }
        return add(Objects.requireNonNull(Cell.read(vector, row)));
    }

    /// Takes in a sequence that is a cell.
    public long add(Object cell) {
        if (direct) {
            return ((Number) cell).longValue();
        }
        synchronized (numbers) {
            Integer known = numbers.get(cell);
            if (known != null) {
                return known;
            }
            Object kept = Objects.requireNonNull(Cell.detach(cell));
            numbers.put(kept, values.size());
            values.add(kept);
            return values.size() - 1L;
        }
    }

    /// Ranks what has come so far.
    public void seal() {
        if (direct || ranks.length == values.size()) {
            return;
        }
        Integer[] order = new Integer[values.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> CellOrder.compareCells(values.get(a), values.get(b)));
        ranks = new long[order.length];
        byRank = new Object[order.length];
        int rank = -1;
        for (int i = 0; i < order.length; i++) {
            Object value = values.get(order[i]);
            if (rank < 0 || !CellOrder.equalCells(byRank[rank], value)) {
                byRank[++rank] = value;
            }
            ranks[order[i]] = rank;
        }
    }

    /// The rank of what [#add] gave a number.
    public long rank(long added) {
        return direct || added == NONE || added == NEVER ? added : ranks[Math.toIntExact(added)];
    }

    /// The sequence of a rank, as a cell; null for [#NONE] and [#NEVER].
    public @Nullable Object cell(long rank) {
        if (rank == NONE || rank == NEVER) {
            return null;
        }
        if (!direct) {
            return byRank[Math.toIntExact(rank)];
        }
        if (width == Long.BYTES) {
            return rank;
        }
        return Math.toIntExact(rank);
    }

    /// Sets a value of a vector whose memory is there, or at the end of one; null for [#NONE] and [#NEVER].
    ///
    /// @param row as for [Cell#write]
    public void write(FieldVector target, int row, long rank) {
        if (direct && rank != NONE && rank != NEVER && row < target.getValueCapacity()) {
            BaseFixedWidthVector fixed = (BaseFixedWidthVector) target;
            Memory.setBit(fixed.getValidityBuffer().memoryAddress(), row);
            long data = fixed.getDataBuffer().memoryAddress();
            if (width == Long.BYTES) {
                Memory.putLong(data + 8L * row, rank);
            } else {
                Memory.putInt(data + 4L * row, (int) rank);
            }
        } else {
            Cell.write(target, row, cell(rank));
        }
    }

    /// Whether values can be set at any row of a vector, not just behind the others.
    public boolean areFixedWidth() {
        return direct;
    }

    public DataType type() {
        return type;
    }
}
