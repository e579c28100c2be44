package dev.headrace.json;

import dev.headrace.chunk.Memory;
import dev.headrace.columns.BytesWriter;
import dev.headrace.parse.Utf8Check;
import java.nio.charset.StandardCharsets;

/// Reads strings into strings; any other value comes as its text, as it stands in the record.
final class StringReader extends ValueReader {
    private final JsonSyntax syntax;
    private final BytesWriter column;
    private final boolean ofFile;

    StringReader(JsonSyntax syntax, BytesWriter column) {
        this(syntax, column, false);
    }

    private StringReader(JsonSyntax syntax, BytesWriter column, boolean ofFile) {
        this.syntax = syntax;
        this.column = column;
        this.ofFile = ofFile;
    }

    /// A reader of the bytes of a file, which are no text yet: strings that are not UTF-8 are malformed.
    static StringReader ofFile(JsonSyntax syntax, BytesWriter column) {
        return new StringReader(syntax, column, true);
    }

    @Override
    int read(byte[] data, int pos, int row) {
        byte c = JsonSyntax.at(data, pos);
        if (c == '"') {
            return readString(data, pos + 1, row);
        }
        if (c == 'n') {
            return readOther(syntax, column, data, pos, row);
        }
        int end = syntax.skipValue(data, pos);
        checkText(data, pos, end);
        column.put(row, data, pos, end - pos);
        return end;
    }

    private void checkText(byte[] data, int from, int to) {
        if (ofFile && !Utf8Check.isUtf8(data, from, to - from)) {
            throw syntax.malformed(from, "a text in UTF-8");
        }
    }

    /// Copies word by word while it looks for what ends a run of plain characters.
    private int readString(byte[] data, int pos, int row) {
        long to = column.begin(row);
        long limit = column.limit();
        int at = pos;
        long seen = 0;
        while (true) {
            if (to >= limit) {
                to = column.more(to, 8);
                limit = column.limit();
            }
            long word = JsonSyntax.wordAt(data, at);
            Memory.putLong(to, word);
            seen |= word;
            long stop = JsonSyntax.specials(word);
            if (stop == 0) {
                at += 8;
                to += 8;
                continue;
            }
            int plain = JsonSyntax.byteIndex(stop);
            at += plain;
            to += plain;
            byte c = JsonSyntax.at(data, at);
            if (c == '"') {
                if (!Utf8Check.isAscii(seen)) {
                    checkText(data, pos, at);
                }
                column.end(row, to);
                return at + 1;
            }
            if (c != '\\') {
                throw syntax.malformed(at, "the string to go on, or its closing quote");
            }
            long utf8 = escape(data, at);
            Memory.putInt(to, (int) utf8);
            to += utf8 >>> 32;
            at = escapeEnd;
        }
    }

    private int escapeEnd;

    /// Reads an escape; [#escapeEnd] is the position after it.
    ///
    /// @return the bytes in UTF-8 in the lower half, their number in the upper half
    private long escape(byte[] data, int pos) {
        escapeEnd = syntax.skipEscape(data, pos);
        byte c = JsonSyntax.at(data, pos + 1);
        return switch (c) {
            case 'b' -> ascii('\b');
            case 'f' -> ascii('\f');
            case 'n' -> ascii('\n');
            case 'r' -> ascii('\r');
            case 't' -> ascii('\t');
            case 'u' -> unicode(data, pos);
            default -> ascii((char) c);
        };
    }

    private static long ascii(char c) {
        return 1L << 32 | c;
    }

    private long unicode(byte[] data, int pos) {
        int code = syntax.hex4(data, pos + 2);
        if (Character.isHighSurrogate((char) code)
                && JsonSyntax.at(data, pos + 6) == '\\'
                && JsonSyntax.at(data, pos + 7) == 'u') {
            int low = syntax.hex4(data, pos + 8);
            if (Character.isLowSurrogate((char) low)) {
                escapeEnd = pos + 12;
                code = Character.toCodePoint((char) code, (char) low);
            }
        }
        return utf8(code);
    }

    /// Half a surrogate pair becomes a question mark, as in Java.
    private static long utf8(int code) {
        if (code < 0x80) {
            return ascii((char) code);
        }
        if (code >= 0xd800 && code < 0xe000) {
            return ascii('?');
        }
        byte[] bytes = Character.toString(code).getBytes(StandardCharsets.UTF_8);
        long word = 0;
        for (int i = 0; i < bytes.length; i++) {
            word |= (bytes[i] & 0xffL) << 8 * i;
        }
        return (long) bytes.length << 32 | word;
    }
}
