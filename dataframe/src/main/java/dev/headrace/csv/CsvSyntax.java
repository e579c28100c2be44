package dev.headrace.csv;

import dev.headrace.chunk.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What separates, quotes and ends the values of a record, and how to find it in bytes.
///
/// Up to 8 bytes beyond what is searched are read, but not used; the caller sees to it that it may.
final class CsvSyntax {
    /// What a byte is within a record, as [#kind] says.
    static final byte PLAIN = 0;

    static final byte SEPARATOR = 1;
    static final byte LINE_END = 2;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    /// Line feed and carriage return are the last of the bytes that are searched for together.
    private static final long ABOVE_LINE_ENDS = ('\r' + 1) * ONES;

    private static final String IN_NUMBERS_AND_TIMES = "0123456789+-.:, eETZ";

    private final byte[] separator;
    private final byte[] kinds;
    private final boolean simple;
    private final long separatorWord;
    private final int quote;
    private final int escape;
    private final long quoteWord;
    private final long escapeWord;
    /// The high bits if a quoted value ends with its line, so that control characters must be looked at.
    private final long controlsMask;

    private final int escapeOfEscape;
    private final int comment;
    private final boolean trimsLeading;
    private final boolean trimsTrailing;
    private final Lines lines;
    private final UnescapedQuotes unescapedQuotes;

    /// What ends a record.
    enum Lines {
        /// The end of a line, wherever it is.
        ALWAYS,
        /// The end of a line, unless it is within quotes.
        OUTSIDE_QUOTES,
        /// The end of the data only.
        NEVER
    }

    CsvSyntax(CsvOptions options, Lines lines) {
        CsvOptions.Characters characters = options.characters();
        this.separator = characters.separator().getBytes(StandardCharsets.UTF_8);
        this.lines = lines;
        this.simple = separator.length == 1 && canEndNumbers((char) separator[0]);
        this.kinds = kinds(characters, separator, lines);
        this.separatorWord = (separator[0] & 0xff) * ONES;
        this.quote = characters.quote();
        this.escape = characters.escape();
        this.quoteWord = (quote & 0xff) * ONES;
        this.escapeWord = (escape < 0 ? quote & 0xff : escape) * ONES;
        this.controlsMask = lines == Lines.ALWAYS ? HIGH_BITS : 0;
        this.escapeOfEscape = characters.escapeOfEscape();
        this.comment = characters.comment();
        this.trimsLeading = options.trimsLeading();
        this.trimsTrailing = options.trimsTrailing();
        this.unescapedQuotes = options.unescapedQuotes();
    }

    private static byte[] kinds(CsvOptions.Characters characters, byte[] separator, Lines lines) {
        byte[] kinds = new byte[256];
        if (separator.length == 1) {
            kinds[separator[0] & 0xff] = SEPARATOR;
        }
        if (lines != Lines.NEVER) {
            characters.lineEnd().ifPresentOrElse(end -> kinds[end & 0xff] = LINE_END, () -> {
                kinds['\n'] = LINE_END;
                kinds['\r'] = LINE_END;
            });
        }
        return kinds;
    }

    private static boolean canEndNumbers(char separator) {
        return separator == ',' || IN_NUMBERS_AND_TIMES.indexOf(separator) < 0 && !Character.isLetter(separator);
    }

    static byte at(byte[] data, int pos) {
        return Memory.getByte(data, Memory.BYTES + pos);
    }

    static long wordAt(byte[] data, int pos) {
        return Memory.getLong(data, Memory.BYTES + pos);
    }

    static int byteIndex(long mask) {
        return Long.numberOfTrailingZeros(mask) >>> 3;
    }

    /// Whether a value can be read without finding its end first: the separator is one byte that no number or time has,
    /// and lines end as usual.
    boolean isSimple() {
        return simple && kinds['\n'] == LINE_END;
    }

    /// [#PLAIN], [#SEPARATOR] (if it is a single byte) or [#LINE_END].
    byte kind(byte[] data, int pos) {
        return kinds[at(data, pos) & 0xff];
    }

    /// As [#kind], of all bytes.
    byte[] kinds() {
        return kinds;
    }

    /// Marks the bytes that may end a value, for a [simple][#isSimple] syntax: the lowest mark is a byte that is a
    /// separator, a line end, or another control character.
    long stops(long word) {
        long separators = word ^ separatorWord;
        return ((separators - ONES & ~separators) | (word - ABOVE_LINE_ENDS & ~word)) & HIGH_BITS;
    }

    int separatorLength() {
        return separator.length;
    }

    boolean isQuote(byte c) {
        return quote >= 0 && (c & 0xff) == quote;
    }

    boolean isEscape(byte c) {
        return escape >= 0 && (c & 0xff) == escape;
    }

    boolean isEscapeOfEscape(byte c) {
        return escapeOfEscape >= 0 && (c & 0xff) == escapeOfEscape;
    }

    boolean quoteIsEscape() {
        return quote == escape;
    }

    UnescapedQuotes unescapedQuotes() {
        return unescapedQuotes;
    }

    static boolean isBlank(byte c) {
        return (c & 0xff) <= ' ';
    }

    boolean trimsLeading() {
        return trimsLeading;
    }

    boolean trimsTrailing() {
        return trimsTrailing;
    }

    /// Whether a line's end within quotes belongs to the value.
    boolean isMultiLine() {
        return lines != Lines.ALWAYS;
    }

    boolean isSeparator(byte[] data, int pos) {
        if (separator.length == 1) {
            return kinds[at(data, pos) & 0xff] == SEPARATOR;
        }
        return at(data, pos) == separator[0]
                && pos + separator.length <= data.length
                && Arrays.equals(data, pos, pos + separator.length, separator, 0, separator.length);
    }

    /// The position at or after `pos` where the value ends that has no quotes around it: a separator, a line's end, or
    /// `limit`.
    int valueEnd(byte[] data, int pos, int limit) {
        int at = pos;
        if (isSimple()) {
            return simpleValueEnd(data, pos, limit);
        }
        while (at < limit && kind(data, at) != LINE_END && !isSeparator(data, at)) {
            at++;
        }
        return at;
    }

    private int simpleValueEnd(byte[] data, int pos, int limit) {
        int at = pos;
        while (at < limit) {
            long stop = stops(wordAt(data, at));
            if (stop == 0) {
                at += 8;
                continue;
            }
            at += byteIndex(stop);
            if (kinds[at(data, at) & 0xff] != PLAIN) {
                break;
            }
            at++;
        }
        return Math.min(at, limit);
    }

    /// The position of the first line's end at or after `pos`, or `limit`.
    int lineEnd(byte[] data, int pos, int limit) {
        int at = pos;
        if (!isSimple()) {
            while (at < limit && kind(data, at) != LINE_END) {
                at++;
            }
            return at;
        }
        while (at < limit) {
            long word = wordAt(data, at);
            long stop = word - ABOVE_LINE_ENDS & ~word & HIGH_BITS;
            if (stop == 0) {
                at += 8;
                continue;
            }
            at += byteIndex(stop);
            if (kinds[at(data, at) & 0xff] == LINE_END) {
                break;
            }
            at++;
        }
        return Math.min(at, limit);
    }

    /// The position of the first byte at or after `pos` that may not be just part of a quoted value: a quote, an
    /// escape, a line's end where that ends the record, or `limit`.
    int quotedEnd(byte[] data, int pos, int limit) {
        int at = pos;
        if (lines == Lines.ALWAYS && !isSimple()) {
            while (at < limit && !isQuote(at(data, at)) && !isEscape(at(data, at)) && kind(data, at) != LINE_END) {
                at++;
            }
            return at;
        }
        while (at < limit) {
            long word = wordAt(data, at);
            long quotes = word ^ quoteWord;
            long escapes = word ^ escapeWord;
            long controls = word - ABOVE_LINE_ENDS & ~word & controlsMask;
            long stop = ((quotes - ONES & ~quotes) | (escapes - ONES & ~escapes)) & HIGH_BITS | controls;
            if (stop == 0) {
                at += 8;
                continue;
            }
            at += byteIndex(stop);
            byte c = at(data, at);
            if (isQuote(c) || isEscape(c) || kinds[c & 0xff] == LINE_END) {
                break;
            }
            at++;
        }
        return Math.min(at, limit);
    }

    /// The position after a line's end, which may be two bytes.
    int afterLineEnd(byte[] data, int pos, int limit) {
        boolean two = at(data, pos) == '\r' && pos + 1 < limit && at(data, pos + 1) == '\n';
        return Math.min(limit, pos + (two ? 2 : 1));
    }

    /// The position of the next record's first byte at or after `pos`, a line's begin: empty lines and comments are
    /// skipped, and blank ones where each line is a record. `limit` if there is none.
    int recordStart(byte[] data, int pos, int limit) {
        int at = pos;
        while (at < limit) {
            byte c = at(data, at);
            boolean skipped = isBlank(c) ? isBlankLine(data, at, limit) : (c & 0xff) == comment;
            if (!skipped) {
                return at;
            }
            at = afterLineEnd(data, lineEnd(data, at, limit), limit);
        }
        return limit;
    }

    private boolean isBlankLine(byte[] data, int pos, int limit) {
        int at = pos;
        while (at < limit && kind(data, at) != LINE_END) {
            if (isMultiLine() || !isBlank(at(data, at))) {
                return false;
            }
            at++;
        }
        return true;
    }
}
