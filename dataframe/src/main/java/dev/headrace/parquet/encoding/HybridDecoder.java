package dev.headrace.parquet.encoding;

import dev.headrace.chunk.Memory;
import java.util.Arrays;

/// Decodes Parquet's mix of run-length encoding and bit packing: levels, dictionary ids, booleans.
///
/// A sequence of runs, each with a varint header: an even header announces `header / 2` copies of one value, an odd one
/// `header / 2` groups of eight bit-packed values. Used again and again by [#start]; one thread.
public final class HybridDecoder {
    private long at;
    private long end;
    private int width;

    private int repeatLeft;
    private int repeated;

    private int packedLeft;
    private long packedBase;
    private long packedBit;

    /// Begins with the bytes `[from, end)`, which hold numbers of `width` bits (0 to 32).
    public void start(long from, long end, int width) {
        if (width < 0 || width > 32) {
            throw new MalformedPageException("bit width " + width + " is not between 0 and 32");
        }
        this.at = from;
        this.end = end;
        this.width = width;
        this.repeatLeft = 0;
        this.packedLeft = 0;
    }

    public void read(int[] into, int offset, int count) {
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            if (repeatLeft > 0) {
                Arrays.fill(into, offset + done, offset + done + take, repeated);
            } else {
                Bits.unpack(packedBase, packedBit, width, into, offset + done, take);
            }
            consume(take);
            done += take;
        }
    }

    /// Reads numbers of at most seven bits.
    public void read(byte[] into, int offset, int count) {
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            if (repeatLeft > 0) {
                Arrays.fill(into, offset + done, offset + done + take, (byte) repeated);
            } else {
                Bits.unpackBytes(packedBase, packedBit, width, into, offset + done, take);
            }
            consume(take);
            done += take;
        }
    }

    /// Reads numbers of one bit into the bits `[from, from + count)` of a bitmap, which are zero so far.
    ///
    /// @return how many of them are ones
    public int readBits(long bitmap, int from, int count) {
        int ones = 0;
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            if (repeatLeft == 0) {
                ones += Bits.copy(packedBase, packedBit, bitmap, from + done, take);
            } else if (repeated != 0) {
                Bits.setRange(bitmap, from + done, take);
                ones += take;
            }
            consume(take);
            done += take;
        }
        return ones;
    }

    public void skip(int count) {
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            consume(take);
            done += take;
        }
    }

    /// Passes over numbers of one bit.
    ///
    /// @return how many of them are ones
    public int skipBits(int count) {
        int ones = 0;
        int done = 0;
        while (done < count) {
            int take = available(count - done);
            if (repeatLeft == 0) {
                ones += Bits.count(packedBase, packedBit, take);
            } else if (repeated != 0) {
                ones += take;
            }
            consume(take);
            done += take;
        }
        return ones;
    }

    /// How many of `wanted` the current run gives; begins the next run if there is none.
    private int available(int wanted) {
        while (repeatLeft == 0 && packedLeft == 0) {
            nextRun();
        }
        if (repeatLeft > 0) {
            return Math.min(wanted, repeatLeft);
        }
        int take = Math.min(wanted, packedLeft);
        if (packedBase + (packedBit + (long) take * width + 7 >>> 3) > end) {
            throw new MalformedPageException("a bit-packed run goes beyond the end of its page");
        }
        return take;
    }

    private void consume(int count) {
        if (repeatLeft > 0) {
            repeatLeft -= count;
        } else {
            packedLeft -= count;
            packedBit += (long) count * width;
        }
    }

    private void nextRun() {
        int header = varint();
        int length = header >>> 1;
        if ((header & 1) == 0) {
            repeated = fixed((width + 7) >>> 3);
            repeatLeft = length;
            return;
        }
        packedLeft = (int) Math.min((long) length << 3, Integer.MAX_VALUE);
        packedBase = at;
        packedBit = 0;
        // The last group of a page may be cut short: what lies beyond the end is refused when it is asked for.
        at = Math.min(at + (long) length * width, end);
    }

    private int varint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= end) {
                throw new MalformedPageException("the runs of a page end too early");
            }
            byte b = Memory.getByte(at++);
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new MalformedPageException("the header of a run has more than five bytes");
    }

    private int fixed(int bytes) {
        if (at + bytes > end) {
            throw new MalformedPageException("the runs of a page end too early");
        }
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (Memory.getByte(at++) & 0xff) << (i << 3);
        }
        return value;
    }
}
