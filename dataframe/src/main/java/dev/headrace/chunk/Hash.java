package dev.headrace.chunk;

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

    /// The hash of two words, as [#of(Object, long, int)] gives it for their 16 bytes.
    public static long ofWords(long first, long second) {
        return of(fold(fold(P0 ^ 16 ^ first, P1) ^ second, P1));
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
