package dev.headrace.chunk;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/// Writes rows of columns as bytes in the form of a [RowLayout], one batch of rows at a time into memory that the next
/// batch reuses. Used by one thread; owns that memory until [#close].
public final class RowEncoder implements AutoCloseable {
    private final RowLayout layout;
    private final BufferAllocator allocator;
    private @Nullable ArrowBuf buffer;
    private long[] addresses = new long[0];
    private int[] lengths = new int[0];
    private int[] cursors = new int[0];

    public RowEncoder(RowLayout layout, BufferAllocator allocator) {
        this.layout = layout;
        this.allocator = allocator;
    }

    /// Encodes the rows `[0, rows)`; [#address] and [#length] then tell where they are, until the next call.
    ///
    /// @param columns one per type of the layout, borrowed
    public void encode(List<FieldVector> columns, int rows) {
        if (addresses.length < rows) {
            addresses = new long[rows];
            lengths = new int[rows];
            cursors = new int[rows];
        }
        int fixed = layout.fixedBytes();
        byte[][][] nested = nestedValues(columns, rows);
        long total = measure(columns, rows, nested);
        ArrowBuf memory = memory(total);
        long address = memory.memoryAddress();
        for (int i = 0; i < rows; i++) {
            addresses[i] = address;
            cursors[i] = fixed;
            address += lengths[i];
        }
        Memory.fill(memory.memoryAddress(), total, (byte) 0);
        for (int l = 0; l < layout.leaves().size(); l++) {
            write(layout.leaves().get(l), columns, rows, nested[l]);
        }
    }

    public long address(int row) {
        return addresses[row];
    }

    public int length(int row) {
        return lengths[row];
    }

    public long hash(int row) {
        return Hash.of(null, addresses[row], lengths[row]);
    }

    private ArrowBuf memory(long bytes) {
        ArrowBuf current = buffer;
        if (current != null && current.capacity() >= bytes) {
            return current;
        }
        close();
        ArrowBuf larger = allocator.buffer(Math.max(bytes + bytes / 4, 4096));
        buffer = larger;
        return larger;
    }

    private byte[][][] nestedValues(List<FieldVector> columns, int rows) {
        byte[][][] nested = new byte[layout.leaves().size()][][];
        for (int l = 0; l < nested.length; l++) {
            RowLayout.Leaf leaf = layout.leaves().get(l);
            if (leaf.kind() == RowLayout.Kind.NESTED) {
                nested[l] = new byte[rows][];
                FieldVector vector = RowLayout.vector(columns, leaf);
                for (int i = 0; i < rows; i++) {
                    if (isPresent(columns, leaf, i)) {
                        nested[l][i] = NestedBytes.write(Cell.read(vector, i), leaf.type());
                    }
                }
            }
        }
        return nested;
    }

    private long measure(List<FieldVector> columns, int rows, byte[][][] nested) {
        int fixed = layout.fixedBytes();
        java.util.Arrays.fill(lengths, 0, rows, fixed);
        if (layout.isVariable()) {
            for (int l = 0; l < nested.length; l++) {
                RowLayout.Leaf leaf = layout.leaves().get(l);
                if (leaf.kind() == RowLayout.Kind.BYTES) {
                    BaseVariableWidthVector vector = (BaseVariableWidthVector) RowLayout.vector(columns, leaf);
                    if (isEverywhere(columns, leaf)) {
                        measureBytes(vector, rows);
                        continue;
                    }
                    for (int i = 0; i < rows; i++) {
                        if (isPresent(columns, leaf, i)) {
                            lengths[i] += padded(vector.getValueLength(i));
                        }
                    }
                } else if (leaf.kind() == RowLayout.Kind.NESTED) {
                    for (int i = 0; i < rows; i++) {
                        lengths[i] += nested[l][i] == null ? 0 : padded(nested[l][i].length);
                    }
                }
            }
        }
        long total = 0;
        for (int i = 0; i < rows; i++) {
            total += lengths[i];
        }
        return total;
    }

    private void measureBytes(BaseVariableWidthVector vector, int rows) {
        long offsets = rows == 0 ? 0 : vector.getOffsetBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            lengths[i] += padded(Memory.getInt(offsets + 4L * i + 4) - Memory.getInt(offsets + 4L * i));
        }
    }

    private static int padded(int bytes) {
        return bytes + 7 & ~7;
    }

    /// Whether the leaf's value and all structs around it are there.
    private static boolean isPresent(List<FieldVector> columns, RowLayout.Leaf leaf, int row) {
        FieldVector vector = columns.get(leaf.path()[0]);
        for (int i = 1; i < leaf.path().length && !vector.isNull(row); i++) {
            vector = (FieldVector) ((StructVector) vector).getChildByOrdinal(leaf.path()[i]);
        }
        return !vector.isNull(row);
    }

    /// Whether there are no nulls in the leaf's column and the structs around it.
    private static boolean isEverywhere(List<FieldVector> columns, RowLayout.Leaf leaf) {
        FieldVector vector = columns.get(leaf.path()[0]);
        for (int i = 1; i < leaf.path().length && vector.getNullCount() == 0; i++) {
            vector = (FieldVector) ((StructVector) vector).getChildByOrdinal(leaf.path()[i]);
        }
        return vector.getNullCount() == 0;
    }

    private void write(RowLayout.Leaf leaf, List<FieldVector> columns, int rows, byte @Nullable [][] nested) {
        FieldVector vector = RowLayout.vector(columns, leaf);
        boolean top = leaf.path().length == 1;
        boolean noNulls = leaf.kind() != RowLayout.Kind.NOTHING && isEverywhere(columns, leaf);
        int nullWord = leaf.bit() / 64 * 8;
        long nullBit = 1L << (leaf.bit() & 63);
        for (int i = 0; i < rows && !noNulls; i++) {
            boolean present = (top ? !vector.isNull(i) : isPresent(columns, leaf, i));
            if (!present) {
                long at = addresses[i] + nullWord;
                Memory.putLong(at, Memory.getLong(at) | nullBit);
            }
        }
        if (leaf.kind() == RowLayout.Kind.PRESENCE || leaf.kind() == RowLayout.Kind.NOTHING) {
            return;
        }
        writeValues(leaf, vector, rows, nullWord, nullBit, nested);
    }

    private void writeValues(
            RowLayout.Leaf leaf, FieldVector vector, int rows, int nullWord, long nullBit, byte @Nullable [][] nested) {
        long data = leaf.kind() == RowLayout.Kind.NESTED || rows == 0
                ? 0
                : vector.getDataBuffer().memoryAddress();
        int offset = leaf.offset();
        // A loop for each of the frequent kinds, so that none chooses by row.
        switch (leaf.kind()) {
            case INT -> {
                for (int i = 0; i < rows; i++) {
                    if (isPresent(i, nullWord, nullBit)) {
                        Memory.putLong(addresses[i] + offset, Memory.getInt(data + 4L * i));
                    }
                }
            }
            case LONG -> {
                for (int i = 0; i < rows; i++) {
                    if (isPresent(i, nullWord, nullBit)) {
                        Memory.putLong(addresses[i] + offset, Memory.getLong(data + 8L * i));
                    }
                }
            }
            case BYTES -> writeBytes((BaseVariableWidthVector) vector, data, offset, rows, nullWord, nullBit);
            default -> {
                for (int i = 0; i < rows; i++) {
                    if (isPresent(i, nullWord, nullBit)) {
                        writeValue(leaf, vector, data, i, nested);
                    }
                }
            }
        }
    }

    private boolean isPresent(int row, int nullWord, long nullBit) {
        return (Memory.getLong(addresses[row] + nullWord) & nullBit) == 0;
    }

    private void writeBytes(
            BaseVariableWidthVector vector, long data, int offset, int rows, int nullWord, long nullBit) {
        long offsets = rows == 0 ? 0 : vector.getOffsetBuffer().memoryAddress();
        for (int i = 0; i < rows; i++) {
            if (isPresent(i, nullWord, nullBit)) {
                int start = Memory.getInt(offsets + 4L * i);
                int length = Memory.getInt(offsets + 4L * i + 4) - start;
                writeVariable(i, addresses[i] + offset, null, data + start, length);
            }
        }
    }

    private void writeValue(RowLayout.Leaf leaf, FieldVector vector, long data, int i, byte @Nullable [][] nested) {
        long at = addresses[i] + leaf.offset();
        switch (leaf.kind()) {
            case BIT -> Memory.putLong(at, ((BitVector) vector).get(i));
            case BYTE -> Memory.putLong(at, Memory.getByte(data + i));
            case SHORT -> Memory.putLong(at, Memory.getShort(data + 2L * i));
            case FLOAT -> Memory.putLong(at, Float.floatToIntBits(Memory.getFloat(data + 4L * i) + 0.0f));
            case DOUBLE -> Memory.putLong(at, Double.doubleToLongBits(Memory.getDouble(data + 8L * i) + 0.0));
            case DECIMAL -> Memory.copy(null, data + 16L * i, null, at, 16);
            case NESTED -> {
                byte[] bytes = java.util.Objects.requireNonNull(nested)[i];
                writeVariable(i, at, bytes, Memory.BYTES, bytes.length);
            }
            case INT, LONG, BYTES, PRESENCE, NOTHING -> throw new IllegalStateException("no single value in " + leaf);
        }
    }

    private void writeVariable(int row, long word, byte @Nullable [] base, long from, int length) {
        int cursor = cursors[row];
        Memory.putLong(word, (long) cursor << 32 | length);
        Memory.copy(base, from, null, addresses[row] + cursor, length);
        cursors[row] = cursor + padded(length);
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffer.close();
            buffer = null;
        }
    }
}
