package dev.headrace.chunk;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The 64-bit hash of keys in hash tables, in the exchange and in state.
///
/// State places keys in key groups by this hash, so it is part of the checkpoint format: never change what it returns.
/// Bytes are read as little-endian words, each folded in by the 128-bit product of two odd constants (the construction
/// of wyhash, public domain), and finished by murmur3's `fmix64`.
public final class Hash {
    private static final long P0 = 0xa0761d6478bd642fL;
    private static final long P1 = 0xe7037ed1a0b428dbL;

    private Hash() {}

    public static long of(long value) {
        long h = value;
        h ^= h >>> 33;
        h *= 0xff51afd7ed558ccdL;
        h ^= h >>> 33;
        h *= 0xc4ceb9fe1a85ec53L;
        h ^= h >>> 33;
        return h;
    }

    /// The hash of each row's words, as [#of(Object, long, int)] gives it for their bytes.
    ///
    /// @param words by place in the row, then by row; two places at least
    /// @param noNulls whether the words of the first place are all 0
    public static void ofWords(long[][] words, boolean noNulls, int rows, long[] out) {
        long begin = P0 ^ (long) words.length * Long.BYTES;
        if (noNulls) {
            Arrays.fill(out, 0, rows, fold(begin, P1));
        } else {
            for (int i = 0; i < rows; i++) {
                out[i] = fold(begin ^ words[0][i], P1);
            }
        }
        for (int w = 1; w < words.length - 1; w++) {
            long[] word = words[w];
            for (int i = 0; i < rows; i++) {
                out[i] = fold(out[i] ^ word[i], P1);
            }
        }
        long[] last = words[words.length - 1];
        for (int i = 0; i < rows; i++) {
            out[i] = of(fold(out[i] ^ last[i], P1));
        }
    }

    public static long of(@Nullable Object base, long offset, int bytes) {
        long h = P0 ^ bytes;
        int i = 0;
        for (; i + 8 <= bytes; i += 8) {
            h = fold(h ^ Memory.getLong(base, offset + i), P1);
        }
        if (i < bytes) {
            long tail = 0;
            for (int shift = 0; i < bytes; i++, shift += 8) {
                tail |= (Memory.getByte(base, offset + i) & 0xffL) << shift;
            }
            h = fold(h ^ tail, P1);
        }
        return of(h);
    }

    /// The hash of two words and bytes padded with zeros to whole words, as [#of(Object, long, int)] gives it for them
    /// together.
    public static long ofWordsAndPadded(long first, long second, long address, int bytes) {
        int padded = bytes + 7 & ~7;
        long h = fold(fold(P0 ^ 16 + padded ^ first, P1) ^ second, P1);
        int i = 0;
        for (; i + 8 <= bytes; i += 8) {
            h = fold(h ^ Memory.getLong(address + i), P1);
        }
        if (i < bytes) {
            long tail = 0;
            for (int shift = 0; i < bytes; i++, shift += 8) {
                tail |= (Memory.getByte(address + i) & 0xffL) << shift;
            }
            h = fold(h ^ tail, P1);
        }
        return of(h);
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }
}
