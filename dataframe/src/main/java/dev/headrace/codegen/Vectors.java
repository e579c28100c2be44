package dev.headrace.codegen;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;

/// Where vectors keep their values, and reading and writing of the values that are no primitives, for generated code.
final class Vectors {
    private static final int LONG_DIGITS = 18;

    private Vectors() {}

    /// The address of the validity bits, or 0 if no value is null.
    static long validity(FieldVector vector) {
        return vector.getNullCount() == 0 ? 0 : vector.getValidityBuffer().memoryAddress();
    }

    /// The address of the validity bits to write to.
    static long validityBits(FieldVector vector) {
        return vector.getValidityBuffer().memoryAddress();
    }

    static long data(FieldVector vector) {
        return vector.getDataBuffer().memoryAddress();
    }

    static long offsets(FieldVector vector) {
        return vector.getOffsetBuffer().memoryAddress();
    }

    static FieldVector child(FieldVector struct, int ordinal) {
        return ((StructVector) struct).getChildrenFromFields().get(ordinal);
    }

    /// Moves `slice` to the string or binary at `row`.
    static void point(Slice slice, long data, long offsets, int row) {
        int from = Memory.getInt(offsets + 4L * row);
        slice.set(null, data + from, Memory.getInt(offsets + 4L * row + 4) - from);
    }

    /// The decimal of 16 bytes at an address.
    static BigDecimal decimal(long address, int scale) {
        long low = Memory.getLong(address);
        long high = Memory.getLong(address + 8);
        if (high == low >> 63) {
            return BigDecimal.valueOf(low, scale);
        }
        byte[] bytes = new byte[16];
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >> 56 - 8 * i);
            bytes[8 + i] = (byte) (low >> 56 - 8 * i);
        }
        return new BigDecimal(new BigInteger(bytes), scale);
    }

    /// Writes a decimal whose digits are a long.
    static void putUnscaled(long address, long unscaled) {
        Memory.putLong(address, unscaled);
        Memory.putLong(address + 8, unscaled >> 63);
    }

    /// Writes a decimal of 16 bytes.
    ///
    /// @throws ArithmeticException if the value has more decimals than `scale`
    static void putDecimal(long address, BigDecimal value, int scale) {
        BigDecimal scaled = value.scale() == scale ? value : value.setScale(scale);
        if (scaled.precision() <= LONG_DIGITS) {
            long unscaled = scaled.unscaledValue().longValue();
            Memory.putLong(address, unscaled);
            Memory.putLong(address + 8, unscaled >> 63);
        } else {
            BigInteger unscaled = scaled.unscaledValue();
            Memory.putLong(address, unscaled.longValue());
            Memory.putLong(address + 8, unscaled.shiftRight(64).longValue());
        }
    }
}
