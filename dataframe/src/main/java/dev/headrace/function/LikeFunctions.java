package dev.headrace.function;

import dev.headrace.chunk.Slice;
import dev.headrace.errors.DataException;

/// `LIKE`, on bytes: `%` stands for any text, `_` for one character; the escape character takes their meaning from
/// them.
public final class LikeFunctions {
    private LikeFunctions() {}

    public static boolean like(Slice text, Slice pattern) {
        return matches(text, pattern, (byte) '\\');
    }

    public static boolean like(Slice text, Slice pattern, Slice escape) {
        return matches(text, pattern, escapeByte(escape));
    }

    public static boolean ilike(Slice text, Slice pattern) {
        return like(StringFunctions.lower(text), StringFunctions.lower(pattern));
    }

    public static boolean ilike(Slice text, Slice pattern, Slice escape) {
        return like(StringFunctions.lower(text), StringFunctions.lower(pattern), StringFunctions.lower(escape));
    }

    private static byte escapeByte(Slice escape) {
        if (escape.length() != 1 || escape.byteAt(0) < 0) {
            throw new DataException(
                    "INVALID_ESCAPE_CHAR",
                    "like: the escape character is '" + escape + "'. It must be one ASCII character.");
        }
        return escape.byteAt(0);
    }

    /// Walks both at once. After a `%` is met, a mismatch goes back to it and lets it stand for one character more; an
    /// earlier `%` never needs to be tried again.
    private static boolean matches(Slice text, Slice pattern, byte escape) {
        int t = 0;
        int p = 0;
        int afterPercent = -1;
        int retryAt = 0;
        while (t < text.length()) {
            byte wanted = p < pattern.length() ? pattern.byteAt(p) : 0;
            if (p < pattern.length() && wanted == '%' && escape != '%') {
                afterPercent = ++p;
                if (p == pattern.length()) {
                    return true;
                }
                retryAt = t;
                continue;
            }
            if (p < pattern.length() && wanted == '_' && escape != '_') {
                t += Utf8.width(text.byteAt(t));
                p++;
                continue;
            }
            int width = p < pattern.length() && wanted == escape ? escaped(pattern, p, escape) : 1;
            if (p < pattern.length() && pattern.byteAt(p + width - 1) == text.byteAt(t)) {
                p += width;
                t++;
            } else if (afterPercent >= 0) {
                retryAt = next(text, retryAt + Utf8.width(text.byteAt(retryAt)), pattern, afterPercent, escape);
                t = retryAt;
                p = afterPercent;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.byteAt(p) == '%') {
            p++;
        }
        return p == pattern.length() && t == text.length();
    }

    /// Where, from a place in the text on, the part of the pattern behind a `%` may begin.
    private static int next(Slice text, int from, Slice pattern, int at, byte escape) {
        byte first = pattern.byteAt(at);
        int next = from;
        if (first != '%' && first != '_' && first != escape) {
            while (next < text.length() && text.byteAt(next) != first) {
                next++;
            }
        }
        return next;
    }

    /// The width of an escape sequence in the pattern.
    private static int escaped(Slice pattern, int at, byte escape) {
        byte next = at + 1 < pattern.length() ? pattern.byteAt(at + 1) : 0;
        if (at + 1 == pattern.length() || next != '%' && next != '_' && next != escape) {
            throw new DataException(
                    "INVALID_FORMAT",
                    "like: in the pattern '" + pattern + "' the escape character '" + (char) escape
                            + "' must stand before '%', '_' or itself.");
        }
        return 2;
    }
}
