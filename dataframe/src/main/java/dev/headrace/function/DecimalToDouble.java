package dev.headrace.function;

import java.math.BigInteger;

/// The double nearest to `w * 10^q`, for most `w` and `q`, by a 128-bit product with a table of powers of five.
///
/// The method is Eisel and Lemire's ("Number parsing at a gigabyte per second", 2021): the product of the number's 64
/// bits and the power's first 128 bits decides the 53 bits of the double in all but rare cases, which are told apart.
final class DecimalToDouble {
    private static final int LEAST_POWER = -64;
    private static final int GREATEST_POWER = 64;
    private static final long[] HIGH = new long[GREATEST_POWER - LEAST_POWER + 1];
    private static final long[] LOW = new long[GREATEST_POWER - LEAST_POWER + 1];

    static {
        for (int q = LEAST_POWER; q <= GREATEST_POWER; q++) {
            BigInteger bits = powerOfFive(q);
            HIGH[q - LEAST_POWER] = bits.shiftRight(64).longValue();
            LOW[q - LEAST_POWER] = bits.longValue();
        }
    }

    private DecimalToDouble() {}

    /// The first 128 bits of 5^q: cut off for a positive q, rounded up for a negative one.
    private static BigInteger powerOfFive(int q) {
        BigInteger power = BigInteger.valueOf(5).pow(Math.abs(q));
        if (q >= 0) {
            int excess = power.bitLength() - 128;
            return excess > 0 ? power.shiftRight(excess) : power.shiftLeft(-excess);
        }
        int bits = power.bitLength() + 127;
        BigInteger reciprocal = BigInteger.ONE.shiftLeft(bits).divide(power).add(BigInteger.ONE);
        return reciprocal.bitLength() > 128 ? reciprocal.shiftRight(1) : reciprocal;
    }

    /// @param w not zero, as an unsigned number
    /// @return NaN if this method can't tell
    static double of(long w, int q) {
        if (q < LEAST_POWER || q > GREATEST_POWER) {
            return Double.NaN;
        }
        int shift = Long.numberOfLeadingZeros(w);
        long number = w << shift;
        long power = HIGH[q - LEAST_POWER];
        long high = Math.unsignedMultiplyHigh(number, power);
        long low = number * power;
        if ((high & 0x1ff) == 0x1ff) {
            long more = Math.unsignedMultiplyHigh(number, LOW[q - LEAST_POWER]);
            low += more;
            high += Long.compareUnsigned(low, more) < 0 ? 1 : 0;
        }
        if (low == -1 && (q < -27 || q > 55)) {
            return Double.NaN;
        }
        int top = (int) (high >>> 63);
        long mantissa = high >>> top + 9;
        int exponent = (217_706 * q >> 16) + 63 + top - shift + 1023;
        if (exponent <= 0 || exponent >= 2046) {
            return Double.NaN;
        }
        boolean half = Long.compareUnsigned(low, 1) <= 0
                && q >= -4
                && q <= 23
                && (mantissa & 3) == 1
                && mantissa << top + 9 == high;
        if (half) {
            mantissa &= ~1L;
        }
        mantissa = mantissa + (mantissa & 1) >>> 1;
        if (mantissa == 1L << 53) {
            mantissa = 1L << 52;
            exponent++;
        }
        return Double.longBitsToDouble((long) exponent << 52 | mantissa & (1L << 52) - 1);
    }
}
