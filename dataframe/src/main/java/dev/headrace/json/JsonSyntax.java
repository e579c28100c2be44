package dev.headrace.json;

import dev.headrace.chunk.Memory;
import dev.headrace.parse.Digits;

/// Finds its way through strict JSON: skips values and blanks, and checks them on the way.
///
/// Positions are indices into the bytes. No method checks bounds; instead, the caller guarantees that the byte after
/// the record is one that ends it ([#DOCUMENT_END], or a line end when records are lines), and that [#PADDING] bytes
/// from there on can be read. Such a byte is allowed nowhere in JSON, so every method stops there with [Malformed].
final class JsonSyntax {
    /// Bytes after a record that must be readable.
    static final int PADDING = 64;
    static final byte DOCUMENT_END = 0;
    /// Arrays and objects may lie in each other this deep.
    static final int MAX_DEPTH = 1000;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;

    private static final int TRUE = word('t', 'r', 'u', 'e');
    private static final int FALS = word('f', 'a', 'l', 's');
    private static final int NULL = word('n', 'u', 'l', 'l');

    private final boolean lines;
    private final Malformed malformed = new Malformed();

    /// @param lines whether a line end is the end of the record rather than a blank
    JsonSyntax(boolean lines) {
        this.lines = lines;
    }

    private static int word(char a, char b, char c, char d) {
        return a | b << 8 | c << 16 | d << 24;
    }

    static long wordAt(byte[] data, int pos) {
        return Memory.getLong(data, Memory.BYTES + pos);
    }

    static byte at(byte[] data, int pos) {
        return Memory.getByte(data, Memory.BYTES + pos);
    }

    Malformed malformed(int pos, String expected) {
        return malformed.at(pos, expected);
    }

    /// The position of the next byte that isn't blank.
    int blanks(byte[] data, int pos) {
        int at = pos;
        for (; ; at++) {
            byte c = at(data, at);
            if (c != ' ' && c != '\t' && (lines || c != '\n' && c != '\r')) {
                return at;
            }
        }
    }

    /// The position of the next element or field of an array or object that is JSON, or of its end.
    ///
    /// @param pos after an element or field
    int afterComma(byte[] data, int pos) {
        int at = blanks(data, pos);
        return at(data, at) == ',' ? blanks(data, at + 1) : at;
    }

    /// A word of which the lowest set bit is in the first byte that ends a run of plain characters in a string: a
    /// quote, a backslash or a control character; 0 if there is none. Higher bits mean nothing.
    static long specials(long word) {
        return (((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - SPACES)) & ~word & HIGH_BITS;
    }

    /// The index within a word of the byte that the lowest set bit of a mask belongs to.
    static int byteIndex(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }

    /// @param pos after the opening quote
    /// @return after the closing quote
    int skipString(byte[] data, int pos) {
        int at = pos;
        while (true) {
            long stop = specials(wordAt(data, at));
            if (stop == 0) {
                at += 8;
                continue;
            }
            at += byteIndex(stop);
            byte c = at(data, at);
            if (c == '"') {
                return at + 1;
            }
            if (c != '\\') {
                throw malformed(at, "the string to go on, or its closing quote");
            }
            at = skipEscape(data, at);
        }
    }

    /// @param pos at the backslash
    int skipEscape(byte[] data, int pos) {
        switch (at(data, pos + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return pos + 2;
            }
            case 'u' -> {
                hex4(data, pos + 2);
                return pos + 6;
            }
            default -> throw malformed(pos, "one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }
    }

    /// The number that four hex digits stand for.
    int hex4(byte[] data, int pos) {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(at(data, pos + i), 16);
            if (digit < 0) {
                throw malformed(pos + i, "four hex digits after \\u");
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /// @param pos at the value's first byte
    /// @return after the value
    int skipValue(byte[] data, int pos) {
        return skipValue(data, pos, 1);
    }

    private int skipValue(byte[] data, int pos, int depth) {
        byte c = at(data, pos);
        return switch (c) {
            case '"' -> skipString(data, pos + 1);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber(data, pos);
            case '{' -> skipObject(data, pos, depth);
            case '[' -> skipArray(data, pos, depth);
            case 't', 'f' -> skipBoolean(data, pos);
            case 'n' -> skipNull(data, pos);
            default -> throw malformed(pos, "a value");
        };
    }

    private int skipObject(byte[] data, int pos, int depth) {
        checkDepth(pos, depth);
        int at = blanks(data, pos + 1);
        if (at(data, at) == '}') {
            return at + 1;
        }
        while (true) {
            if (at(data, at) != '"') {
                throw malformed(at, "a field's name in quotes");
            }
            at = skipValue(data, colon(data, skipString(data, at + 1)), depth + 1);
            byte c = at(data, at);
            if (c <= ' ') {
                at = blanks(data, at);
                c = at(data, at);
            }
            if (c == '}') {
                return at + 1;
            }
            if (c != ',') {
                throw malformed(at, "',' or '}'");
            }
            at++;
            if (at(data, at) <= ' ') {
                at = blanks(data, at);
            }
        }
    }

    private int skipArray(byte[] data, int pos, int depth) {
        checkDepth(pos, depth);
        int at = blanks(data, pos + 1);
        if (at(data, at) == ']') {
            return at + 1;
        }
        while (true) {
            at = skipValue(data, at, depth + 1);
            byte c = at(data, at);
            if (c <= ' ') {
                at = blanks(data, at);
                c = at(data, at);
            }
            if (c == ']') {
                return at + 1;
            }
            if (c != ',') {
                throw malformed(at, "',' or ']'");
            }
            at++;
            if (at(data, at) <= ' ') {
                at = blanks(data, at);
            }
        }
    }

    void checkDepth(int pos, int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed(pos, "at most " + MAX_DEPTH + " arrays and objects within each other");
        }
    }

    /// @param pos after a field's name
    /// @return at the value's first byte
    int colon(byte[] data, int pos) {
        int at = blanks(data, pos);
        if (at(data, at) != ':') {
            throw malformed(at, "':'");
        }
        return blanks(data, at + 1);
    }

    int skipNull(byte[] data, int pos) {
        if (Memory.getInt(data, Memory.BYTES + pos) != NULL) {
            throw malformed(pos, "a value");
        }
        return endOfWord(data, pos + 4);
    }

    int skipBoolean(byte[] data, int pos) {
        int word = Memory.getInt(data, Memory.BYTES + pos);
        if (word == TRUE) {
            return endOfWord(data, pos + 4);
        }
        if (word == FALS && at(data, pos + 4) == 'e') {
            return endOfWord(data, pos + 5);
        }
        throw malformed(pos, "a value");
    }

    private int endOfWord(byte[] data, int pos) {
        byte c = at(data, pos);
        if (c < 0 || Character.isLetterOrDigit(c) || c == '_') {
            throw malformed(pos, "the end of the value");
        }
        return pos;
    }

    int skipNumber(byte[] data, int pos) {
        int first = at(data, pos) == '-' ? pos + 1 : pos;
        int at = digits(data, first);
        checkInteger(data, first, at);
        if (at(data, at) == '.') {
            int fraction = at + 1;
            at = digits(data, fraction);
            if (at == fraction) {
                throw malformed(at, "a digit after the point");
            }
        }
        if ((at(data, at) | 0x20) == 'e') {
            int exponent = at + 1;
            if (at(data, exponent) == '+' || at(data, exponent) == '-') {
                exponent++;
            }
            at = digits(data, exponent);
            if (at == exponent) {
                throw malformed(at, "a digit in the exponent");
            }
        }
        return at;
    }

    /// Checks that the digits `[from, to)` may stand before a point.
    void checkInteger(byte[] data, int from, int to) {
        if (to == from) {
            throw malformed(from, "a digit");
        }
        if (at(data, from) == '0' && to > from + 1) {
            throw malformed(from, "a number without leading zeros");
        }
    }

    /// The position of the next byte that isn't a digit.
    static int digits(byte[] data, int pos) {
        int at = pos;
        while (true) {
            int count = Digits.leading(wordAt(data, at));
            at += count;
            if (count < 8) {
                return at;
            }
        }
    }

    /// The position of the next line end.
    static int lineEnd(byte[] data, int pos) {
        int at = pos;
        while (true) {
            long word = wordAt(data, at);
            long lf = word ^ ('\n' * ONES);
            long cr = word ^ ('\r' * ONES);
            long ends = ((lf - ONES) & ~lf | (cr - ONES) & ~cr) & HIGH_BITS;
            if (ends != 0) {
                return at + byteIndex(ends);
            }
            at += 8;
        }
    }
}
