package dev.headrace.function;

import dev.headrace.cancellation.Cancellation;
import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Spark's `hash`: murmur3 of 32 bits, in which the last bytes of a text, beyond a multiple of four, are mixed in one
/// by one as signed numbers. A null leaves the seed as it is; an array or struct folds its elements.
public final class Murmur3Hash {
    private Murmur3Hash() {}

    public static int hash(@Nullable Object value, int seed) {
        return switch (value) {
            case null -> seed;
            case Boolean b -> ofInt(b ? 1 : 0, seed);
            case Long l -> ofLong(l, seed);
            case Float f -> ofInt(Float.floatToIntBits(f == 0 ? 0f : f), seed);
            case Double d -> ofLong(Double.doubleToLongBits(d == 0 ? 0d : d), seed);
            case BigDecimal d -> ofLong(d.unscaledValue().longValueExact(), seed);
            case Slice s -> ofBytes(s, seed);
            case List<?> list -> {
                int hash = seed;
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
    public static int hashWideDecimal(@Nullable BigDecimal value, int seed) {
        return value == null ? seed : ofBytes(Slice.of(value.unscaledValue().toByteArray()), seed);
    }

    private static int ofInt(int value, int seed) {
        return finish(mix(seed, scramble(value)), Integer.BYTES);
    }

    private static int ofLong(long value, int seed) {
        return finish(mix(mix(seed, scramble((int) value)), scramble((int) (value >>> 32))), Long.BYTES);
    }

    private static int ofBytes(Slice bytes, int seed) {
        int hash = seed;
        int i = 0;
        for (; i + 4 <= bytes.length(); i += 4) {
            hash = mix(hash, scramble(Memory.getInt(bytes.base(), bytes.offset() + i)));
        }
        for (; i < bytes.length(); i++) {
            hash = mix(hash, scramble(bytes.byteAt(i)));
        }
        return finish(hash, bytes.length());
    }

    private static int scramble(int k) {
        return Integer.rotateLeft(k * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int mix(int hash, int k) {
        return Integer.rotateLeft(hash ^ k, 13) * 5 + 0xe6546b64;
    }

    private static int finish(int hash, int length) {
        int h = hash ^ length;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }
}
