package dev.headrace.chunk;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import sun.misc.Unsafe;

/// Unchecked reads and writes, off heap (by address) or within a `byte[]` (base and offset).
///
/// The one place that knows how memory is touched: hot loops and generated code call it, and the JIT turns each call
/// into one instruction. Nothing is checked; callers own the bounds. Values are little-endian, as on every supported
/// machine.
@SuppressWarnings({"removal", "deprecation"})
public final class Memory {
    /// The offset of element 0 within a `byte[]` base.
    public static final long BYTES = Unsafe.ARRAY_BYTE_BASE_OFFSET;

    private static final Unsafe UNSAFE = unsafe();

    private Memory() {}

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    public static byte getByte(long address) {
        return UNSAFE.getByte(address);
    }

    public static short getShort(long address) {
        return UNSAFE.getShort(address);
    }

    public static int getInt(long address) {
        return UNSAFE.getInt(address);
    }

    public static long getLong(long address) {
        return UNSAFE.getLong(address);
    }

    public static float getFloat(long address) {
        return UNSAFE.getFloat(address);
    }

    public static double getDouble(long address) {
        return UNSAFE.getDouble(address);
    }

    public static void putByte(long address, byte value) {
        UNSAFE.putByte(address, value);
    }

    public static void putShort(long address, short value) {
        UNSAFE.putShort(address, value);
    }

    public static void putInt(long address, int value) {
        UNSAFE.putInt(address, value);
    }

    public static void putLong(long address, long value) {
        UNSAFE.putLong(address, value);
    }

    public static void putFloat(long address, float value) {
        UNSAFE.putFloat(address, value);
    }

    public static void putDouble(long address, double value) {
        UNSAFE.putDouble(address, value);
    }

    public static byte getByte(@Nullable Object base, long offset) {
        return UNSAFE.getByte(base, offset);
    }

    public static int getInt(@Nullable Object base, long offset) {
        return UNSAFE.getInt(base, offset);
    }

    public static long getLong(@Nullable Object base, long offset) {
        return UNSAFE.getLong(base, offset);
    }

    public static void putByte(@Nullable Object base, long offset, byte value) {
        UNSAFE.putByte(base, offset, value);
    }

    public static void putLong(@Nullable Object base, long offset, long value) {
        UNSAFE.putLong(base, offset, value);
    }

    public static void copy(@Nullable Object from, long fromOffset, @Nullable Object to, long toOffset, long bytes) {
        if (bytes > 16) {
            UNSAFE.copyMemory(from, fromOffset, to, toOffset, bytes);
        } else if (bytes >= 8) {
            long first = UNSAFE.getLong(from, fromOffset);
            long last = UNSAFE.getLong(from, fromOffset + bytes - 8);
            UNSAFE.putLong(to, toOffset, first);
            UNSAFE.putLong(to, toOffset + bytes - 8, last);
        } else {
            copyFew(from, fromOffset, to, toOffset, bytes);
        }
    }

    /// Copies between places off heap that don't overlap; mostly for short values.
    public static void copyApart(long from, long to, int bytes) {
        if (bytes < 8 || bytes > 96) {
            copy(null, from, null, to, bytes);
            return;
        }
        int last = bytes - 8;
        for (int i = 0; i < last; i += 8) {
            UNSAFE.putLong(to + i, UNSAFE.getLong(from + i));
        }
        UNSAFE.putLong(to + last, UNSAFE.getLong(from + last));
    }

    /// Less than eight bytes. Everything is read before anything is written, so the places may overlap.
    private static void copyFew(
            @Nullable Object from, long fromOffset, @Nullable Object to, long toOffset, long bytes) {
        if (bytes >= 4) {
            int first = UNSAFE.getInt(from, fromOffset);
            int last = UNSAFE.getInt(from, fromOffset + bytes - 4);
            UNSAFE.putInt(to, toOffset, first);
            UNSAFE.putInt(to, toOffset + bytes - 4, last);
        } else if (bytes > 0) {
            byte first = UNSAFE.getByte(from, fromOffset);
            byte middle = UNSAFE.getByte(from, fromOffset + (bytes >> 1));
            byte last = UNSAFE.getByte(from, fromOffset + bytes - 1);
            UNSAFE.putByte(to, toOffset, first);
            UNSAFE.putByte(to, toOffset + (bytes >> 1), middle);
            UNSAFE.putByte(to, toOffset + bytes - 1, last);
        }
    }

    public static void fill(long address, long bytes, byte value) {
        UNSAFE.setMemory(address, bytes, value);
    }

    /// The bit at `index` of an Arrow bitmap.
    public static boolean bit(long bitmap, int index) {
        return (UNSAFE.getByte(bitmap + (index >>> 3)) >>> (index & 7) & 1) != 0;
    }

    public static void setBit(long bitmap, int index) {
        long address = bitmap + (index >>> 3);
        UNSAFE.putByte(address, (byte) (UNSAFE.getByte(address) | 1 << (index & 7)));
    }

    public static void clearBit(long bitmap, int index) {
        long address = bitmap + (index >>> 3);
        UNSAFE.putByte(address, (byte) (UNSAFE.getByte(address) & ~(1 << (index & 7))));
    }

    public static boolean equal(@Nullable Object a, long aOffset, @Nullable Object b, long bOffset, int bytes) {
        int i = 0;
        for (; i + 8 <= bytes; i += 8) {
            if (UNSAFE.getLong(a, aOffset + i) != UNSAFE.getLong(b, bOffset + i)) {
                return false;
            }
        }
        for (; i < bytes; i++) {
            if (UNSAFE.getByte(a, aOffset + i) != UNSAFE.getByte(b, bOffset + i)) {
                return false;
            }
        }
        return true;
    }
}
