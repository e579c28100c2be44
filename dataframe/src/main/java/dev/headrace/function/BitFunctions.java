package dev.headrace.function;

/// The bit operators on integers.
public final class BitFunctions {
    private BitFunctions() {}

    public static byte and(byte a, byte b) {
        return (byte) (a & b);
    }

    public static byte or(byte a, byte b) {
        return (byte) (a | b);
    }

    public static byte xor(byte a, byte b) {
        return (byte) (a ^ b);
    }

    public static byte not(byte a) {
        return (byte) ~a;
    }

    public static short and(short a, short b) {
        return (short) (a & b);
    }

    public static short or(short a, short b) {
        return (short) (a | b);
    }

    public static short xor(short a, short b) {
        return (short) (a ^ b);
    }

    public static short not(short a) {
        return (short) ~a;
    }

    public static int and(int a, int b) {
        return a & b;
    }

    public static int or(int a, int b) {
        return a | b;
    }

    public static int xor(int a, int b) {
        return a ^ b;
    }

    public static int not(int a) {
        return ~a;
    }

    public static long and(long a, long b) {
        return a & b;
    }

    public static long or(long a, long b) {
        return a | b;
    }

    public static long xor(long a, long b) {
        return a ^ b;
    }

    public static long not(long a) {
        return ~a;
    }

    public static int shiftLeft(int a, int bits) {
        return a << bits;
    }

    public static int shiftRight(int a, int bits) {
        return a >> bits;
    }

    public static int shiftRightUnsigned(int a, int bits) {
        return a >>> bits;
    }

    public static long shiftLeft(long a, int bits) {
        return a << bits;
    }

    public static long shiftRight(long a, int bits) {
        return a >> bits;
    }

    public static long shiftRightUnsigned(long a, int bits) {
        return a >>> bits;
    }
}
