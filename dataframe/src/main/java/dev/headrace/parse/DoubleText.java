package dev.headrace.parse;

import java.math.BigInteger;

/// The double nearest to `mantissa × 10^exponent`.
final class DoubleText {
    // Small numbers are products of two doubles that are exact (Clinger 1990). For the others, the mantissa is
    // multiplied
    // by 128 bits of the power of five; the upper half of the product nearly always decides the rounding (Lemire,
    // "Number
    // parsing at a gigabyte per second", 2021). Where it doesn't, NaN says that somebody else must decide.

    private static final int MIN_EXPONENT = -342;
    private static final int MAX_EXPONENT = 308;
    private static final double[] EXACT_POWERS = new double[23];
    private static final float[] EXACT_FLOAT_POWERS = new float[11];
    private static final long[] LONG_POWERS = new long[19];

    static {
        long power = 1;
        for (int i = 0; i < LONG_POWERS.length; i++, power *= 10) {
            LONG_POWERS[i] = power;
        }
        for (int i = 0; i < EXACT_POWERS.length; i++) {
            EXACT_POWERS[i] = Double.parseDouble("1e" + i);
        }
        for (int i = 0; i < EXACT_FLOAT_POWERS.length; i++) {
            EXACT_FLOAT_POWERS[i] = LONG_POWERS[i];
        }
    }

    private DoubleText() {}

    static float floatPower(int exponent) {
        return EXACT_FLOAT_POWERS[exponent];
    }

    /// Ten to the power of `exponent`, which is 0 to 18.
    static long longPower(int exponent) {
        return LONG_POWERS[exponent];
    }

    /// @param mantissa unsigned
    /// @return NaN if this method can't tell
    static double of(long mantissa, int exponent) {
        if (mantissa >>> 53 == 0 && exponent >= -22 && exponent <= 22) {
            return exponent < 0 ? mantissa / EXACT_POWERS[-exponent] : mantissa * EXACT_POWERS[exponent];
        }
        if (mantissa == 0 || exponent < MIN_EXPONENT) {
            return 0;
        }
        return exponent > MAX_EXPONENT ? Double.POSITIVE_INFINITY : byProduct(mantissa, exponent);
    }

    private static double byProduct(long mantissa, int exponent) {
        int leadingZeros = Long.numberOfLeadingZeros(mantissa);
        long factor = mantissa << leadingZeros;
        long powerHigh = PowersOfFive.HIGH[exponent - MIN_EXPONENT];
        long high = Math.unsignedMultiplyHigh(factor, powerHigh);
        long low = factor * powerHigh;
        if ((high & 0x1ff) == 0x1ff) {
            long more = Math.unsignedMultiplyHigh(factor, PowersOfFive.LOW[exponent - MIN_EXPONENT]);
            low += more;
            if (Long.compareUnsigned(low, more) < 0) {
                high++;
            }
            if (low == -1 && (exponent < -27 || exponent > 55)) {
                return Double.NaN;
            }
        }
        int upperBit = (int) (high >>> 63);
        long bits = high >>> upperBit + 9;
        int binaryExponent = ((152170 + 65536) * exponent >> 16) + 63 + upperBit - leadingZeros + 1023;
        if (binaryExponent <= 0) {
            return subnormal(bits, binaryExponent);
        }
        boolean tie = Long.compareUnsigned(low, 1) <= 0 && exponent >= -4 && exponent <= 23 && (bits & 3) == 1;
        if (tie && bits << upperBit + 9 == high) {
            bits &= ~1L;
        }
        bits = bits + (bits & 1) >>> 1;
        if (bits >= 1L << 53) {
            bits = 1L << 52;
            binaryExponent++;
        }
        return binaryExponent >= 0x7ff
                ? Double.POSITIVE_INFINITY
                : Double.longBitsToDouble((long) binaryExponent << 52 | bits & ~(1L << 52));
    }

    private static double subnormal(long bits, int binaryExponent) {
        if (1 - binaryExponent >= 64) {
            return 0;
        }
        long shifted = bits >>> 1 - binaryExponent;
        // a carry into bit 52 makes it the smallest normal number, as it should
        return Double.longBitsToDouble(shifted + (shifted & 1) >>> 1);
    }

    /// The 128 upper bits of powers of five, made when they are first needed.
    private static final class PowersOfFive {
        static final long[] HIGH = new long[MAX_EXPONENT - MIN_EXPONENT + 1];
        static final long[] LOW = new long[HIGH.length];

        static {
            BigInteger five = BigInteger.valueOf(5);
            BigInteger power = BigInteger.ONE;
            for (int q = 0; q <= -MIN_EXPONENT; q++, power = power.multiply(five)) {
                if (q <= MAX_EXPONENT) {
                    put(q, shiftTo128(power));
                }
                if (q > 0) {
                    put(-q, reciprocal(power, q));
                }
            }
        }

        private static BigInteger shiftTo128(BigInteger number) {
            return number.shiftLeft(128 - number.bitLength());
        }

        private static BigInteger reciprocal(BigInteger power, int q) {
            int bits = power.subtract(BigInteger.ONE).bitLength();
            int shift = q <= 27 ? bits + 127 : 2 * bits + 128;
            return shiftTo128(BigInteger.ONE.shiftLeft(shift).divide(power).add(BigInteger.ONE));
        }

        private static void put(int exponent, BigInteger bits) {
            HIGH[exponent - MIN_EXPONENT] = bits.shiftRight(64).longValue();
            LOW[exponent - MIN_EXPONENT] = bits.longValue();
        }
    }
}
