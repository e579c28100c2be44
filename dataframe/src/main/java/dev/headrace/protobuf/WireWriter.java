package dev.headrace.protobuf;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;

/// Writes Protobuf's wire format from the end to the beginning, so that what has a length before it is there when the
/// length is written.
final class WireWriter {
    private byte[] bytes = new byte[1024];
    /// Where the first byte of what has been written is.
    private int start = bytes.length;

    /// How many bytes have been written.
    int length() {
        return bytes.length - start;
    }

    /// Forgets all but the last `length` bytes, which were written first.
    void reset(int length) {
        start = bytes.length - length;
    }

    /// Whether all that was written since there were `length` bytes is zeros, as a value is that is meant where none is
    /// given.
    boolean isZeroSince(int length) {
        for (int i = start; i < bytes.length - length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void reserve(int count) {
        if (start < count) {
            int length = length();
            byte[] larger = new byte[Math.max(Math.multiplyExact(bytes.length, 2), Math.addExact(length, count))];
            System.arraycopy(bytes, start, larger, larger.length - length, length);
            bytes = larger;
            start = larger.length - length;
        }
        start -= count;
    }

    void varint(long value) {
        int count = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
        reserve(count);
        long rest = value;
        for (int i = 0; i < count; i++) {
            int more = i < count - 1 ? 0x80 : 0;
            bytes[start + i] = (byte) (rest & 0x7F | more);
            rest >>>= 7;
        }
    }

    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void fixed32(int value) {
        reserve(Integer.BYTES);
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[start + i] = (byte) (value >>> i * Byte.SIZE);
        }
    }

    void fixed64(long value) {
        reserve(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[start + i] = (byte) (value >>> i * Byte.SIZE);
        }
    }

    /// Bytes with their number before them.
    void bytes(Slice value) {
        reserve(value.length());
        value.copyTo(bytes, Memory.BYTES + start);
        varint(value.length());
    }

    void tag(int number, int wire) {
        varint(Integer.toUnsignedLong(WireReader.tag(number, wire)));
    }

    Slice toSlice() {
        byte[] copy = new byte[length()];
        System.arraycopy(bytes, start, copy, 0, copy.length);
        return Slice.of(copy);
    }
}
