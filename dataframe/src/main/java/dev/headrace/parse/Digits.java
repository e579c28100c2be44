package dev.headrace.parse;

/// Eight decimal digits at a time, in a little-endian word: the first character is the lowest byte.
public final class Digits {
    static final long ZEROS = 0x3030303030303030L;
    static final long HIGH_BITS = 0x8080808080808080L;

    private static final int[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    private Digits() {}

    /// How many digits the word begins with, 0 to 8.
    public static int leading(long word) {
        long digits = word ^ ZEROS;
        long others = above9(digits);
        return Long.numberOfTrailingZeros(others) >>> 3;
    }

    /// The high bit of each byte that is above 9.
    static long above9(long bytes) {
        return ((bytes & ~HIGH_BITS) + 0x7676767676767676L | bytes) & HIGH_BITS;
    }

    /// The number that the first `count` digits of the word make; `count` is 0 to 8.
    public static int value(long word, int count) {
        return count == 0 ? 0 : value(word << 64 - 8 * count);
    }

    /// The number that eight digits make; a zero byte counts as the digit 0.
    public static int value(long word) {
        long pairs = (word & 0x0f0f0f0f0f0f0f0fL) * 10 + ((word & 0x0f0f0f0f0f0f0f0fL) >>> 8);
        long upper = (pairs & 0x000000ff000000ffL) * (100 + (1_000_000L << 32));
        long lower = (pairs >>> 16 & 0x000000ff000000ffL) * (1 + (10_000L << 32));
        return (int) (upper + lower >>> 32);
    }

    /// Ten to the power of `exponent`, which is 0 to 8.
    static int power(int exponent) {
        return POWERS[exponent];
    }
}
