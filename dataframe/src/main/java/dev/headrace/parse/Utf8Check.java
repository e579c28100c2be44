package dev.headrace.parse;

import dev.headrace.chunk.Memory;

/// Whether bytes are UTF-8, for those who read texts of others.
public final class Utf8Check {
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8Check() {}

    /// Whether all eight bytes of a word are ASCII; of several words, of their bitwise or.
    public static boolean isAscii(long word) {
        return (word & HIGH_BITS) == 0;
    }

    /// Whether the bytes are UTF-8: no longer than they need be, no halves of surrogate pairs.
    public static boolean isUtf8(byte[] bytes, int from, int length) {
        int at = from;
        int end = from + length;
        while (at < end) {
            if (end - at >= Long.BYTES && isAscii(Memory.getLong(bytes, Memory.BYTES + at))) {
                at += Long.BYTES;
                continue;
            }
            int lead = bytes[at] & 0xFF;
            if (lead < 0x80) {
                at++;
                continue;
            }
            int count = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (lead < 0xC2 || lead > 0xF4 || end - at < count) {
                return false;
            }
            int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            int second = bytes[at + 1] & 0xFF;
            if (second < least || second > most) {
                return false;
            }
            for (int i = 2; i < count; i++) {
                if ((bytes[at + i] & 0xC0) != 0x80) {
                    return false;
                }
            }
            at += count;
        }
        return true;
    }
}
