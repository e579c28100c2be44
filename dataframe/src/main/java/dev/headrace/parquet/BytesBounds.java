package dev.headrace.parquet;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/// The least and the greatest of runs of bytes, by unsigned order, or for big-endian numbers of one length by value.
final class BytesBounds {
    private final long sign;
    private final boolean signed;
    private byte @Nullable [] min;
    private byte @Nullable [] max;
    private long minPrefix;
    private long maxPrefix;

    BytesBounds(boolean signed) {
        this.signed = signed;
        this.sign = signed ? 0 : Long.MIN_VALUE;
    }

    /// Takes in a value.
    void add(long address, int length) {
        long prefix = prefix(address, length);
        if (min == null || max == null) {
            min = copy(address, length);
            max = min;
            minPrefix = prefix;
            maxPrefix = prefix;
            return;
        }
        if (prefix <= minPrefix && (prefix < minPrefix || compare(address, length, min) < 0)) {
            min = copy(address, length);
            minPrefix = prefix;
        } else if (prefix >= maxPrefix && (prefix > maxPrefix || compare(address, length, max) > 0)) {
            max = copy(address, length);
            maxPrefix = prefix;
        }
    }

    /// The first eight bytes, filled up with zeros, as a number in the order of the values.
    private long prefix(long address, int length) {
        if (length >= 8) {
            return Long.reverseBytes(Memory.getLong(address)) ^ sign;
        }
        long bytes = 0;
        if (length >= 4) {
            // The first four and the last four, which overlap.
            long first = Integer.reverseBytes(Memory.getInt(address)) & 0xffff_ffffL;
            long last = Integer.reverseBytes(Memory.getInt(address + length - 4)) & 0xffff_ffffL;
            bytes = first << 32 | last << (64 - 8 * length);
        } else {
            for (int i = 0; i < length; i++) {
                bytes |= (Memory.getByte(address + i) & 0xffL) << (56 - 8 * i);
            }
        }
        return bytes ^ sign;
    }

    /// Compares a value with one whose prefix is the same.
    private int compare(long address, int length, byte[] other) {
        if (signed && length <= 8) {
            return 0;
        }
        return Slice.at(address, length).compareTo(Slice.of(other));
    }

    private static byte[] copy(long address, int length) {
        byte[] bytes = new byte[length];
        Memory.copy(null, address, bytes, Memory.BYTES, length);
        return bytes;
    }

    /// Adds the bounds to a page's statistics and begins anew.
    void finish(Statistics<?> statistics) {
        if (min != null && max != null) {
            statistics.updateStats(Binary.fromConstantByteArray(min));
            statistics.updateStats(Binary.fromConstantByteArray(max));
        }
        min = null;
        max = null;
    }
}
