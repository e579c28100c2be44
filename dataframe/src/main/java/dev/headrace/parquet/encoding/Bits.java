package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Memory;

/// Runs of bits in memory, least significant bit first: bit-packed numbers, and Arrow bitmaps.
public final class Bits {
    /// How many bytes past its end a run may be read, and a bitmap be written.
    public static final int SLACK = 16;

    /// How many bits one unaligned word holds for certain, wherever in a byte they begin.
    private static final int WORD = 57;

    private Bits() {}

    /// Unpacks numbers of `width` bits (0 to 32).
    ///
    /// @param bit where the first one begins, in bits from `base`
    static void unpack(long base, long bit, int width, int[] into, int offset, int count) {
        if (width == 0) {
            java.util.Arrays.fill(into, offset, offset + count, 0);
            return;
        }
        int mask = width == 32 ? -1 : (1 << width) - 1;
        long at = bit;
        for (int i = offset; i < offset + count; i++) {
            into[i] = (int) (Memory.getLong(base + (at >>> 3)) >>> (at & 7)) & mask;
            at += width;
        }
    }

    /// Unpacks numbers of `width` bits (0 to 64).
    static void unpack(long base, long bit, int width, long[] into, int offset, int count) {
        if (width == 0) {
            java.util.Arrays.fill(into, offset, offset + count, 0);
            return;
        }
        long mask = width == 64 ? -1L : (1L << width) - 1;
        long at = bit;
        if (width <= WORD) {
            for (int i = offset; i < offset + count; i++) {
                into[i] = Memory.getLong(base + (at >>> 3)) >>> (at & 7) & mask;
                at += width;
            }
            return;
        }
        for (int i = offset; i < offset + count; i++) {
            int shift = (int) (at & 7);
            long low = Memory.getLong(base + (at >>> 3)) >>> shift;
            long high = shift == 0 ? 0 : (Memory.getByte(base + (at >>> 3) + 8) & 0xffL) << (64 - shift);
            into[i] = (low | high) & mask;
            at += width;
        }
    }

    static void unpackBytes(long base, long bit, int width, byte[] into, int offset, int count) {
        int mask = (1 << width) - 1;
        long at = bit;
        for (int i = offset; i < offset + count; i++) {
            into[i] = (byte) (Memory.getShort(base + (at >>> 3)) >>> (at & 7) & mask);
            at += width;
        }
    }

    /// Up to 57 bits beginning at `bit`; bits above are undefined.
    public static long word(long base, long bit) {
        return Memory.getLong(base + (bit >>> 3)) >>> (bit & 7);
    }

    /// `count` bits (at most 32) beginning at `bit`, without reading beyond the last one's byte; bits above are
    /// undefined.
    public static long lastWord(long base, long bit, int count) {
        long first = bit >>> 3;
        long last = bit + count - 1 >>> 3;
        long word = 0;
        for (long at = last; at >= first; at--) {
            word = word << 8 | Memory.getByte(base + at) & 0xff;
        }
        return word >>> (bit & 7);
    }

    /// Copies bits to a part of a bitmap that is zero so far.
    ///
    /// @return how many of them are ones
    public static int copy(long from, long fromBit, long to, long toBit, int count) {
        int ones = 0;
        int done = 0;
        while (done < count) {
            int take = Math.min(count - done, 32);
            long word = count - done >= 64 ? word(from, fromBit + done) : lastWord(from, fromBit + done, take);
            long bits = word & (1L << take) - 1;
            or(to, toBit + done, bits);
            ones += Long.bitCount(bits);
            done += take;
        }
        return ones;
    }

    /// Sets up to 56 bits, beginning at `bit`, that are zero so far.
    public static void or(long bitmap, long bit, long bits) {
        long address = bitmap + (bit >>> 3);
        Memory.putLong(address, Memory.getLong(address) | bits << (bit & 7));
    }

    /// Sets the bits `[from, from + count)`, which are zero so far.
    public static void setRange(long bitmap, long from, int count) {
        long bit = from;
        long end = from + count;
        while (bit < end && (bit & 7) != 0) {
            long address = bitmap + (bit >>> 3);
            Memory.putByte(address, (byte) (Memory.getByte(address) | 1 << (bit & 7)));
            bit++;
        }
        long bytes = (end - bit) >>> 3;
        Memory.fill(bitmap + (bit >>> 3), bytes, (byte) -1);
        bit += bytes << 3;
        if (bit < end) {
            or(bitmap, bit, (1L << (end - bit)) - 1);
        }
    }

    /// How many of the bits `[from, from + count)` are ones.
    public static int count(long base, long from, int count) {
        int ones = 0;
        for (int done = 0; done < count; done += 32) {
            int take = Math.min(count - done, 32);
            ones += Long.bitCount(word(base, from + done) & (1L << take) - 1);
        }
        return ones;
    }
}
