package dev.headrace.exec;

import dev.headrace.chunk.Memory;
import dev.headrace.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/// The slots of keys of several columns that fit into a word together, such as two flags: what most rows of few groups
/// have is found without writing the key as a row. Used by one thread.
///
/// ```text
/// word  = one field per column, from the lowest byte on
/// field = a byte 0 for null; or the number of the bytes that follow plus one, and these
/// ```
final class ShortKeys {
    private static final int PLACE_BITS = 12;

    /// In place of the bytes that are taken: the key does not fit.
    private static final int TOO_LONG = 1 << 8;

    /// So many rows show whether keys come again.
    private static final int SAMPLE_ROWS = 1 << 13;

    private final List<DataType> types;
    private long[] words = new long[0];

    /// Plus one.
    private int[] slots = new int[0];

    private long[] ofRows = new long[0];

    /// How many bytes of a row's word.
    private int[] taken = new int[0];

    private int[] unknown = new int[0];
    private long seen;
    private long missed;

    private ShortKeys(List<DataType> types) {
        this.types = types;
    }

    /// Empty if no key of these types fits, or there is a shorter way.
    static Optional<ShortKeys> of(List<DataType> types) {
        int least = 0;
        for (DataType type : types) {
            if (SingleKey.width(type) == 0 && !SingleKey.isBytes(type)) {
                return Optional.empty();
            }
            least += 1 + SingleKey.width(type);
        }
        return types.size() > 1 && least <= Long.BYTES ? Optional.of(new ShortKeys(types)) : Optional.empty();
    }

    /// Finds the slots of keys that were remembered.
    ///
    /// @param columns borrowed
    /// @param out gets the slots of the rows that are not among the unknown ones
    /// @return how many rows are not found: the first ones of [#unknown]
    int find(List<FieldVector> columns, int rows, int[] out) {
        if (words.length == 0) {
            words = new long[1 << PLACE_BITS];
            slots = new int[1 << PLACE_BITS];
        }
        if (ofRows.length < rows) {
            ofRows = new long[rows];
            taken = new int[rows];
            unknown = new int[rows];
        }
        Arrays.fill(ofRows, 0, rows, 0);
        Arrays.fill(taken, 0, rows, 0);
        for (int c = 0; c < columns.size(); c++) {
            int width = SingleKey.width(types.get(c));
            if (width > 0) {
                addNumbers(columns.get(c), width, rows);
            } else {
                addBytes((BaseVariableWidthVector) columns.get(c), rows);
            }
        }
        int count = 0;
        for (int i = 0; i < rows; i++) {
            int place = place(ofRows[i]);
            int slot = slots[place] - 1;
            if (slot >= 0 && words[place] == ofRows[i] && taken[i] < TOO_LONG) {
                out[i] = slot;
            } else {
                unknown[count++] = i;
            }
        }
        seen += rows;
        missed += count;
        return count;
    }

    private void addNumbers(FieldVector column, int width, int rows) {
        long data = column.getDataBuffer().memoryAddress();
        long mask = -1L >>> Long.SIZE - Byte.SIZE * width;
        boolean nulls = column.getNullCount() > 0;
        for (int i = 0; i < rows; i++) {
            if (nulls && column.isNull(i)) {
                taken[i]++;
            } else {
                add(i, SingleKey.number(data, width, i) & mask, width);
            }
        }
    }

    private void addBytes(BaseVariableWidthVector column, int rows) {
        long data = column.getDataBuffer().memoryAddress();
        long offsets = column.getOffsetBuffer().memoryAddress();
        boolean nulls = column.getNullCount() > 0;
        for (int i = 0; i < rows; i++) {
            int from = Memory.getInt(offsets + 4L * i);
            int length = Memory.getInt(offsets + 4L * i + 4) - from;
            if (nulls && column.isNull(i)) {
                taken[i]++;
            } else if (length >= Long.BYTES) {
                taken[i] = TOO_LONG;
            } else {
                add(i, few(data + from, length), length);
            }
        }
    }

    private void add(int row, long value, int bytes) {
        int before = taken[row];
        int after = before + 1 + bytes;
        if (after > Long.BYTES) {
            taken[row] = TOO_LONG;
        } else {
            ofRows[row] |= (value << Byte.SIZE | bytes + 1) << Byte.SIZE * before;
            taken[row] = after;
        }
    }

    /// Less than eight bytes, in the lowest ones; some are read twice.
    private static long few(long address, int length) {
        if (length >= 4) {
            return Memory.getInt(address) & 0xffff_ffffL
                    | (Memory.getInt(address + length - 4) & 0xffff_ffffL) << Byte.SIZE * (length - 4);
        }
        if (length == 0) {
            return 0;
        }
        return Memory.getByte(address) & 0xffL
                | (Memory.getByte(address + (length >> 1)) & 0xffL) << Byte.SIZE * (length >> 1)
                | (Memory.getByte(address + length - 1) & 0xffL) << Byte.SIZE * (length - 1);
    }

    private static int place(long word) {
        return (int) (word * 0x9e3779b97f4a7c15L >>> Long.SIZE - PLACE_BITS);
    }

    int[] unknown() {
        return unknown;
    }

    /// Remembers the slot of a row of the last [#find] if its key fits, instead of another one at its place.
    void remember(int row, int slot) {
        if (taken[row] < TOO_LONG) {
            int place = place(ofRows[row]);
            words[place] = ofRows[row];
            slots[place] = slot + 1;
        }
    }

    /// Whether most keys are found, as far as one can tell.
    boolean isOfUse() {
        return seen < SAMPLE_ROWS || missed * 4 < seen;
    }
}
