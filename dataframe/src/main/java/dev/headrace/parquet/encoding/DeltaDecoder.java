package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Memory;

/// Decodes DELTA_BINARY_PACKED integers.
///
/// After a header (block size, miniblocks per block, number of values, first value) come blocks: the smallest
/// difference, a bit width per miniblock, and the bit-packed differences less the smallest. One thread; used again by
/// [#start].
public final class DeltaDecoder {
    private static final int MAX_BLOCK = 1 << 20;

    private long at;
    private long end;
    private int miniblockSize;
    private int miniblocks;
    private int left;
    private boolean first;
    private long last;

    private long minDelta;
    private long widths;
    private int miniblock;
    private long[] deltas = new long[0];
    private int deltaAt;
    private int deltaCount;

    public void start(long from, long end) {
        this.at = from;
        this.end = end;
        long blockSize = varint();
        long count = varint();
        long total = varint();
        if (blockSize <= 0
                || blockSize > MAX_BLOCK
                || count <= 0
                || blockSize % count != 0
                || blockSize / count % 8 != 0) {
            throw new MalformedPageException("a block of " + blockSize + " values in " + count + " miniblocks");
        }
        if (total < 0 || total > Integer.MAX_VALUE) {
            throw new MalformedPageException(total + " values in one page");
        }
        miniblocks = (int) count;
        miniblockSize = (int) (blockSize / count);
        left = (int) total;
        last = zigzag();
        first = true;
        miniblock = miniblocks;
        deltaAt = 0;
        deltaCount = 0;
        if (deltas.length < miniblockSize) {
            deltas = new long[miniblockSize];
        }
    }

    /// How many values are still to be read.
    public int left() {
        return left;
    }

    /// Where the bytes after the last value begin; meaningful once all are read.
    public long position() {
        return at;
    }

    public void readInts(long to, int count) {
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            if (first) {
                Memory.putInt(to + 4L * done, (int) last);
                first = false;
            } else {
                for (int i = 0; i < take; i++) {
                    last += minDelta + deltas[deltaAt + i];
                    Memory.putInt(to + 4L * (done + i), (int) last);
                }
                deltaAt += take;
            }
            left -= take;
            done += take;
        }
    }

    public void readLongs(long to, int count) {
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            if (first) {
                Memory.putLong(to + 8L * done, last);
                first = false;
            } else {
                for (int i = 0; i < take; i++) {
                    last += minDelta + deltas[deltaAt + i];
                    Memory.putLong(to + 8L * (done + i), last);
                }
                deltaAt += take;
            }
            left -= take;
            done += take;
        }
    }

    /// Reads lengths: numbers from 0 up.
    void readLengths(int[] into, int offset, int count) {
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            for (int i = 0; i < take; i++) {
                if (!first) {
                    last += minDelta + deltas[deltaAt++];
                }
                first = false;
                if (last < 0 || last > Integer.MAX_VALUE) {
                    throw new MalformedPageException("a value of " + last + " bytes");
                }
                into[offset + done + i] = (int) last;
            }
            left -= take;
            done += take;
        }
    }

    public void skip(int count) {
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            if (first) {
                first = false;
            } else {
                for (int i = 0; i < take; i++) {
                    last += minDelta + deltas[deltaAt + i];
                }
                deltaAt += take;
            }
            left -= take;
            done += take;
        }
    }

    private int available(int wanted) {
        if (left < wanted) {
            throw new MalformedPageException("the page ends " + (wanted - left) + " values too early");
        }
        if (first) {
            return 1;
        }
        if (deltaAt == deltaCount) {
            nextMiniblock();
        }
        return Math.min(wanted, deltaCount - deltaAt);
    }

    private void nextMiniblock() {
        if (miniblock == miniblocks) {
            minDelta = zigzag();
            widths = at;
            at += miniblocks;
            miniblock = 0;
        }
        int width = widths + miniblock < end ? Memory.getByte(widths + miniblock) & 0xff : -1;
        if (width < 0 || width > 64) {
            throw new MalformedPageException("bit width " + width + " is not between 0 and 64");
        }
        deltaCount = Math.min(miniblockSize, left);
        deltaAt = 0;
        if (at + ((long) deltaCount * width + 7 >>> 3) > end) {
            throw new MalformedPageException("a miniblock goes beyond the end of its page");
        }
        Bits.unpack(at, 0, width, deltas, 0, deltaCount);
        at = Math.min(at + ((long) miniblockSize * width >>> 3), end);
        miniblock++;
    }

    private long zigzag() {
        long raw = varint();
        return raw >>> 1 ^ -(raw & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= end) {
                throw new MalformedPageException("the deltas of a page end too early");
            }
            byte b = Memory.getByte(at++);
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new MalformedPageException("a number with more than ten bytes");
    }
}
