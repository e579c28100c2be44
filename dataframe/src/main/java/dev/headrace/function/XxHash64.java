package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Spark's `xxhash64`: XXH64, integers of up to four bytes as four, others as eight. A null leaves the seed as it is;
/// an array or struct folds its elements.
public final class XxHash64 {
    private static final long P1 = 0x9e3779b185ebca87L;
    private static final long P2 = 0xc2b2ae3d27d4eb4fL;
    private static final long P3 = 0x165667b19e3779f9L;
    private static final long P4 = 0x85ebca77c2b2ae63L;
    private static final long P5 = 0x27d4eb2f165667c5L;
    private static final int STRIPE = 32;

    private XxHash64() {}

    public static long hash(@Nullable Object value, long seed) {
        return switch (value) {
            case null -> seed;
            case Boolean b -> ofInt(b ? 1 : 0, seed);
            case Long l -> ofLong(l, seed);
            case Float f -> ofInt(Float.floatToIntBits(f == 0 ? 0f : f), seed);
            case Double d -> ofLong(Double.doubleToLongBits(d == 0 ? 0d : d), seed);
            case BigDecimal d -> ofLong(d.unscaledValue().longValueExact(), seed);
            case Slice s -> ofBytes(s, seed);
            case List<?> list -> {
                long hash = seed;
                int hashed = 0;
                for (Object element : list) {
                    Cancellation.checkThread(hashed++);
                    hash = hash(element, hash);
                }
                yield hash;
            }
            case Number n -> ofInt(n.intValue(), seed);
            default ->
                throw new IllegalArgumentException(
                        "no hash of " + value.getClass().getSimpleName());
        };
    }

    /// A decimal of over 18 digits.
    public static long hashWideDecimal(@Nullable BigDecimal value, long seed) {
        return value == null ? seed : ofBytes(Slice.of(value.unscaledValue().toByteArray()), seed);
    }

    private static long ofInt(int value, long seed) {
        return finish(mixInt(seed + P5 + Integer.BYTES, value));
    }

    private static long ofLong(long value, long seed) {
        return finish(mixLong(seed + P5 + Long.BYTES, value));
    }

    private static long ofBytes(Slice bytes, long seed) {
        Object base = bytes.base();
        long at = bytes.offset();
        long end = at + bytes.length();
        long hash = bytes.length() < STRIPE ? seed + P5 : stripes(base, at, bytes.length(), seed);
        at += bytes.length() - bytes.length() % STRIPE;
        hash += bytes.length();
        for (; at + 8 <= end; at += 8) {
            hash = mixLong(hash, Memory.getLong(base, at));
        }
        if (at + 4 <= end) {
            hash = mixInt(hash, Memory.getInt(base, at));
            at += 4;
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft(hash ^ (Memory.getByte(base, at) & 0xffL) * P5, 11) * P1;
        }
        return finish(hash);
    }

    private static long stripes(@Nullable Object base, long offset, int length, long seed) {
        long a = seed + P1 + P2;
        long b = seed + P2;
        long c = seed;
        long d = seed - P1;
        for (long at = offset; at + STRIPE <= offset + length; at += STRIPE) {
            a = round(a, Memory.getLong(base, at));
            b = round(b, Memory.getLong(base, at + 8));
            c = round(c, Memory.getLong(base, at + 16));
            d = round(d, Memory.getLong(base, at + 24));
        }
        long hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
        hash = (hash ^ round(0, a)) * P1 + P4;
        hash = (hash ^ round(0, b)) * P1 + P4;
        hash = (hash ^ round(0, c)) * P1 + P4;
        return (hash ^ round(0, d)) * P1 + P4;
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * P2, 31) * P1;
    }

    private static long mixLong(long hash, long value) {
        return Long.rotateLeft(hash ^ round(0, value), 27) * P1 + P4;
    }

    private static long mixInt(long hash, int value) {
        return Long.rotateLeft(hash ^ (value & 0xffffffffL) * P1, 23) * P2 + P3;
    }

    private static long finish(long hash) {
        long h = (hash ^ hash >>> 33) * P2;
        h = (h ^ h >>> 29) * P3;
        return h ^ h >>> 32;
    }
}
