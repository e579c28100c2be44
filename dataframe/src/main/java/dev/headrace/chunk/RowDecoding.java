package dev.headrace.chunk;

import dev.headrace.errors.ResourceException;
import dev.headrace.types.DataType;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// Reads one leaf of many rows into its vector: the reverse of [RowEncoder].
final class RowDecoding {
    private RowDecoding() {}

    static void decode(RowLayout.Leaf leaf, FieldVector vector, long[] addresses, int from, int count) {
        switch (leaf.kind()) {
            case NOTHING -> {}
            case NESTED -> decodeNested(leaf, vector, addresses, from, count);
            case BYTES -> decodeBytes(leaf, (BaseVariableWidthVector) vector, addresses, from, count);
            case PRESENCE -> decodePresence(leaf, (StructVector) vector, addresses, from, count);
            default -> decodeFixed(leaf, vector, addresses, from, count);
        }
    }

    private static boolean isNull(RowLayout.Leaf leaf, long row) {
        return (Memory.getLong(row + leaf.bit() / 64 * 8L) >>> (leaf.bit() & 63) & 1) != 0;
    }

    private static void decodePresence(
            RowLayout.Leaf leaf, StructVector vector, long[] addresses, int from, int count) {
        for (int i = 0; i < count; i++) {
            if (isNull(leaf, addresses[from + i])) {
                vector.setNull(i);
            } else {
                vector.setIndexDefined(i);
            }
        }
    }

    private static void decodeFixed(RowLayout.Leaf leaf, FieldVector vector, long[] addresses, int from, int count) {
        long data = vector.getDataBuffer().memoryAddress();
        long validity = vector.getValidityBuffer().memoryAddress();
        for (int i = 0; i < count; i++) {
            long row = addresses[from + i];
            if (isNull(leaf, row)) {
                continue;
            }
            Memory.setBit(validity, i);
            long at = row + leaf.offset();
            switch (leaf.kind()) {
                case BIT -> ((BitVector) vector).set(i, (int) Memory.getLong(at));
                case BYTE -> Memory.putByte(data + i, Memory.getByte(at));
                case SHORT -> Memory.putShort(data + 2L * i, Memory.getShort(at));
                case INT -> Memory.putInt(data + 4L * i, Memory.getInt(at));
                case LONG -> Memory.putLong(data + 8L * i, Memory.getLong(at));
                case FLOAT -> Memory.putInt(data + 4L * i, Memory.getInt(at));
                case DOUBLE -> Memory.putLong(data + 8L * i, Memory.getLong(at));
                case DECIMAL -> Memory.copy(null, at, null, data + 16L * i, 16);
                case PRESENCE, BYTES, NESTED, NOTHING -> throw new IllegalStateException("not fixed: " + leaf);
            }
        }
    }

    private static void decodeBytes(
            RowLayout.Leaf leaf, BaseVariableWidthVector vector, long[] addresses, int from, int count) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += Memory.getInt(addresses[from + i] + leaf.offset());
        }
        if (bytes > Integer.MAX_VALUE) {
            throw ResourceException.chunkTooLarge(vector.getName());
        }
        vector.allocateNew(Math.max(bytes, 1), Math.max(count, 1));
        long validity = vector.getValidityBuffer().memoryAddress();
        Memory.fill(validity, vector.getValidityBuffer().capacity(), (byte) 0);
        long offsets = vector.getOffsetBuffer().memoryAddress();
        long data = vector.getDataBuffer().memoryAddress();
        int cursor = 0;
        Memory.putInt(offsets, 0);
        for (int i = 0; i < count; i++) {
            long row = addresses[from + i];
            if (!isNull(leaf, row)) {
                long word = Memory.getLong(row + leaf.offset());
                int length = (int) word;
                Memory.copy(null, row + (word >>> 32), null, data + cursor, length);
                cursor += length;
                Memory.setBit(validity, i);
            }
            Memory.putInt(offsets + 4L * (i + 1), cursor);
        }
        vector.setLastSet(count - 1);
    }

    private static void decodeNested(RowLayout.Leaf leaf, FieldVector vector, long[] addresses, int from, int count) {
        DataType type = leaf.type();
        for (int i = 0; i < count; i++) {
            long row = addresses[from + i];
            if (isNull(leaf, row)) {
                Cell.write(vector, i, null);
            } else {
                long word = Memory.getLong(row + leaf.offset());
                Cell.write(vector, i, NestedBytes.read(Slice.at(row + (word >>> 32), (int) word), type));
            }
        }
    }
}
