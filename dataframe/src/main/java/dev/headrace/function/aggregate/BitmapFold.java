package dev.headrace.function.aggregate;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;
import dev.headrace.types.DataType;
import dev.headrace.types.DataTypes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// `bitmap_construct_agg` of positions, `bitmap_or_agg` and `bitmap_and_agg` of bitmaps of 4096 bytes; nulls don't
/// count, and nothing gives an empty bitmap (for AND a full one).
record BitmapFold(String name) implements Fold<byte[]> {
    private static final int BYTES = 4096;

    @Override
    public DataType resultType() {
        return DataTypes.BinaryType;
    }

    @Override
    public DataType stateType() {
        return DataTypes.BinaryType;
    }

    private byte[] initial() {
        byte[] bits = new byte[BYTES];
        if (name.equals("bitmap_and_agg")) {
            Arrays.fill(bits, (byte) -1);
        }
        return bits;
    }

    @Override
    public byte @Nullable [] add(byte @Nullable [] state, @Nullable Object[] arguments) {
        byte[] bits = state == null ? initial() : state;
        return switch (arguments[0]) {
            case Long position -> {
                if (position < 0 || position >= BYTES * 8) {
                    throw new DataException(
                            "INVALID_BITMAP_POSITION",
                            name + ": the position " + position + " is not from 0 to " + (BYTES * 8 - 1)
                                    + ". Use bitmap_bit_position to make one.");
                }
                bits[(int) (position >> 3)] |= (byte) (1 << (position & 7));
                yield bits;
            }
            case Slice bitmap -> merge(bits, Arrays.copyOf(bitmap.bytes(), BYTES));
            case null, default -> state;
        };
    }

    @Override
    public byte[] merge(byte[] a, byte[] b) {
        for (int i = 0; i < BYTES; i++) {
            a[i] = (byte) (name.equals("bitmap_and_agg") ? a[i] & b[i] : a[i] | b[i]);
        }
        return a;
    }

    @Override
    public Object toCell(byte[] state) {
        return Slice.of(state);
    }

    @Override
    public byte[] fromCell(Object cell) {
        return ((Slice) cell).bytes();
    }

    @Override
    public @Nullable Object result(byte @Nullable [] state) {
        return Slice.of(state == null ? initial() : state);
    }
}
