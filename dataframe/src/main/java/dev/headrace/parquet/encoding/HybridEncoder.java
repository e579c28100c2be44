package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Memory;

/// Encodes Parquet's mix of run-length encoding and bit packing; see [HybridDecoder].
///
/// Values are taken in groups of eight: a group of equal values begins a run, which goes on as far as they are equal;
/// the others are bit-packed.
public final class HybridEncoder {
    /// Groups in one bit-packed run, so that its header is one byte.
    private static final int MAX_GROUPS = 63;

    /// Equal bytes that bits must have to be worth a run of their own.
    private static final int MIN_EQUAL_BYTES = 4;

    private HybridEncoder() {}

    /// The bits that a number up to `max` takes.
    public static int width(int max) {
        return 32 - Integer.numberOfLeadingZeros(max);
    }

    /// Appends numbers of `width` bits (0 to 32).
    ///
    /// @param values readable for eight more, which don't matter
    public static void encode(int[] values, int count, int width, NativeOutput out) {
        if (width == 0) {
            repeat(0, count, 0, out);
            return;
        }
        int i = 0;
        while (i < count) {
            if (count - i >= 8 && allEqual(values, i)) {
                int end = i + 8;
                while (end < count && values[end] == values[i]) {
                    end++;
                }
                repeat(values[i], end - i, width, out);
                i = end;
            } else {
                i = pack(values, i, count, width, out);
            }
        }
    }

    private static boolean allEqual(int[] values, int from) {
        int first = values[from];
        int difference = 0;
        for (int i = from + 1; i < from + 8; i++) {
            difference |= values[i] ^ first;
        }
        return difference == 0;
    }

    /// Bit-packs groups until one begins a run or the values end, which the last group fills up with zeros.
    private static int pack(int[] values, int from, int count, int width, NativeOutput out) {
        long header = out.size();
        out.putByte(0);
        int groups = 0;
        int i = from;
        while (i < count && groups < MAX_GROUPS && (groups == 0 || count - i < 8 || !allEqual(values, i))) {
            int present = Math.min(8, count - i);
            packGroup(values, i, present, width, out);
            groups++;
            i += 8;
        }
        Memory.putByte(out.address() + header, (byte) (groups << 1 | 1));
        return Math.min(i, count);
    }

    private static void packGroup(int[] values, int from, int present, int width, NativeOutput out) {
        long to = out.reserve(width);
        long word = 0;
        int bits = 0;
        for (int i = 0; i < 8; i++) {
            long value = i < present ? values[from + i] & 0xffff_ffffL : 0;
            word |= value << bits;
            bits += width;
            if (bits >= 32) {
                Memory.putInt(to, (int) word);
                to += 4;
                word >>>= 32;
                bits -= 32;
            }
        }
        Memory.putInt(to, (int) word);
        out.advance(width);
    }

    /// Appends levels (numbers of `width` bits, 0 to 7).
    public static void encode(byte[] values, int count, int width, NativeOutput out) {
        int[] copy = new int[count + 8];
        for (int i = 0; i < count; i++) {
            copy[i] = values[i];
        }
        encode(copy, count, width, out);
    }

    /// Appends bits.
    ///
    /// @param bitmap readable for eight bytes beyond the bits
    public static void encodeBits(long bitmap, int count, NativeOutput out) {
        int bytes = (count + 7) / 8;
        int whole = count / 8;
        int i = 0;
        while (i < bytes) {
            int equal = equalBytes(bitmap, i, whole);
            if (equal >= MIN_EQUAL_BYTES || equal == bytes - i && equal > 0) {
                repeat(Memory.getByte(bitmap + i) & 1, equal * 8, 1, out);
                i += equal;
            } else {
                i = packBits(bitmap, i, bytes, whole, out);
            }
        }
    }

    /// How many bytes from `from` on have the same bits, all zeros or all ones.
    private static int equalBytes(long bitmap, int from, int end) {
        int i = from;
        if (i < end) {
            int value = Memory.getByte(bitmap + i);
            if (value == 0 || value == -1) {
                while (i < end && Memory.getByte(bitmap + i) == value) {
                    i++;
                }
            }
        }
        return i - from;
    }

    private static int packBits(long bitmap, int from, int bytes, int whole, NativeOutput out) {
        int end = from;
        while (end < bytes && end - from < MAX_GROUPS) {
            int equal = equalBytes(bitmap, end, Math.min(whole, end + MIN_EQUAL_BYTES));
            if (equal == MIN_EQUAL_BYTES) {
                break;
            }
            end++;
        }
        out.putByte(end - from << 1 | 1);
        out.putBytes(bitmap + from, end - from);
        return end;
    }

    /// Appends `count` copies of one number.
    public static void repeat(int value, int count, int width, NativeOutput out) {
        if (count == 0) {
            return;
        }
        out.putVarint(count << 1);
        for (int bits = 0; bits < width; bits += 8) {
            out.putByte(value >>> bits);
        }
    }
}
