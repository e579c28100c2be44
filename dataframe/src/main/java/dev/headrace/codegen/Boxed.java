package dev.headrace.codegen;

import org.jspecify.annotations.Nullable;

/// Values that may be null as objects, for generated code.
final class Boxed {
    private Boxed() {}

    static @Nullable Boolean of(boolean isNull, boolean value) {
        return isNull ? null : (Boolean) value;
    }

    static @Nullable Byte of(boolean isNull, byte value) {
        return isNull ? null : (Byte) value;
    }

    static @Nullable Short of(boolean isNull, short value) {
        return isNull ? null : (Short) value;
    }

    static @Nullable Integer of(boolean isNull, int value) {
        return isNull ? null : (Integer) value;
    }

    static @Nullable Long of(boolean isNull, long value) {
        return isNull ? null : (Long) value;
    }

    static @Nullable Float of(boolean isNull, float value) {
        return isNull ? null : (Float) value;
    }

    static @Nullable Double of(boolean isNull, double value) {
        return isNull ? null : (Double) value;
    }
}
