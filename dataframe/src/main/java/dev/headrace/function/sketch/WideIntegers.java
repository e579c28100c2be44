package dev.headrace.function.sketch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.datasketches.common.ArrayOfItemsSerDe;

/// The bytes of decimals of over 18 digits in a sketch, as Spark has them: how many there are, little-endian, and the
/// digits as a big-endian number.
final class WideIntegers extends ArrayOfItemsSerDe<BigInteger> {
    private static final ValueLayout.OfInt LENGTH = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public byte[] serializeToByteArray(BigInteger item) {
        return serializeToByteArray(new BigInteger[] {item});
    }

    @Override
    public byte[] serializeToByteArray(BigInteger[] items) {
        int size = 0;
        for (BigInteger item : items) {
            size += sizeOf(item);
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (BigInteger item : items) {
            byte[] digits = item.toByteArray();
            bytes.putInt(digits.length).put(digits);
        }
        return bytes.array();
    }

    @Override
    public BigInteger[] deserializeFromMemorySegment(MemorySegment segment, int count) {
        return deserializeFromMemorySegment(segment, 0, count);
    }

    @Override
    public BigInteger[] deserializeFromMemorySegment(MemorySegment segment, long offset, int count) {
        BigInteger[] items = new BigInteger[count];
        long at = offset;
        for (int i = 0; i < count; i++) {
            int length = segment.get(LENGTH, at);
            at += Integer.BYTES;
            items[i] = new BigInteger(segment.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE));
            at += length;
        }
        return items;
    }

    @Override
    public int sizeOf(BigInteger item) {
        return Integer.BYTES + item.toByteArray().length;
    }

    @Override
    public int sizeOf(MemorySegment segment, long offset, int count) {
        long at = offset;
        for (int i = 0; i < count; i++) {
            at += Integer.BYTES + segment.get(LENGTH, at);
        }
        return Math.toIntExact(at - offset);
    }

    @Override
    public String toString(BigInteger item) {
        return item.toString();
    }

    @Override
    public Class<BigInteger> getClassOfT() {
        return BigInteger.class;
    }
}
