package dev.headrace.function;

import dev.headrace.chunk.Memory;
import dev.headrace.chunk.Slice;

/// Characters (code points) in UTF-8 bytes. Bytes that are not UTF-8 count as a character each.
final class Utf8 {
    static final Slice EMPTY = Slice.of(new byte[0]);

    private Utf8() {}

    /// The number of bytes of the character that begins with this byte.
    static int width(byte first) {
        if (first >= 0) {
            return 1;
        }
        int b = first & 0xff;
        return b >= 0xf0 && b < 0xf8 ? 4 : b >= 0xe0 ? 3 : b >= 0xc0 ? 2 : 1;
    }

    static boolean isAscii(Slice text) {
        int i = 0;
        for (; i + 8 <= text.length(); i += 8) {
            if ((Memory.getLong(text.base(), text.offset() + i) & 0x8080808080808080L) != 0) {
                return false;
            }
        }
        for (; i < text.length(); i++) {
            if (text.byteAt(i) < 0) {
                return false;
            }
        }
        return true;
    }

    static int count(Slice text) {
        int characters = 0;
        int i = 0;
        for (; i + 8 <= text.length(); i += 8) {
            // A byte that continues a character is 10xxxxxx: its top bit is set and the next one is not.
            long word = Memory.getLong(text.base(), text.offset() + i);
            characters += 8 - Long.bitCount(word & ~word << 1 & 0x8080808080808080L);
        }
        for (; i < text.length(); i++) {
            characters += (text.byteAt(i) & 0xc0) == 0x80 ? 0 : 1;
        }
        return characters;
    }

    /// The byte at which the character `skip` characters after the one at byte `from` begins, or the length.
    static int advance(Slice text, int from, int skip) {
        int at = from;
        for (int i = 0; i < skip && at < text.length(); i++) {
            at += width(text.byteAt(at));
        }
        return Math.min(at, text.length());
    }

    /// The characters `[from, from + count)`.
    static Slice part(Slice text, int from, int count) {
        int start = advance(text, 0, from);
        int end = advance(text, start, count);
        return text.subslice(start, end - start);
    }

    /// The byte at which `part` first occurs at or after the byte `from`, or -1.
    static int find(Slice text, Slice part, int from) {
        int last = text.length() - part.length();
        for (int i = from; i <= last; i++) {
            if (Memory.equal(text.base(), text.offset() + i, part.base(), part.offset(), part.length())) {
                return i;
            }
        }
        return -1;
    }

    /// The byte at which `part` last occurs and ends at or before the byte `end`, or -1.
    static int findLast(Slice text, Slice part, int end) {
        for (int i = end - part.length(); i >= 0; i--) {
            if (Memory.equal(text.base(), text.offset() + i, part.base(), part.offset(), part.length())) {
                return i;
            }
        }
        return -1;
    }
}
