package dev.headrace.csv;

import dev.headrace.parse.ByteBuilder;

/// Finds values in a record, whatever they are: with quotes, escapes, blanks around them. The last one found is
/// `[from, to)` of [#text].
///
/// What unescaped quotes and quotes that are not closed mean is what Spark's parser takes them to mean.
final class ValueScan {
    /// Bytes after a text that can be read.
    private static final int PADDING = 64;

    private final CsvSyntax syntax;
    private final ByteBuilder unescaped = new ByteBuilder();
    private byte[] text = new byte[0];
    private int from;
    private int to;
    private boolean quoted;
    private boolean closed;
    private boolean stray;

    ValueScan(CsvSyntax syntax) {
        this.syntax = syntax;
    }

    byte[] text() {
        return text;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int length() {
        return to - from;
    }

    /// Whether quotes were around the value.
    boolean isQuoted() {
        return quoted;
    }

    /// Whether the record ended within quotes.
    boolean isOpen() {
        return quoted && !closed;
    }

    /// Whether an unescaped quote was found that the option `unescapedQuoteHandling` does not accept.
    boolean hasStrayQuote() {
        return stray;
    }

    /// Finds the value at `pos`.
    ///
    /// @param limit where the data ends, if no line's end is before
    /// @return the position where it ends: of a separator or a line's end, or `limit`
    int scan(byte[] data, int pos, int limit) {
        int at = pos;
        quoted = false;
        closed = false;
        stray = false;
        if (syntax.trimsLeading()) {
            while (at < limit && CsvSyntax.isBlank(CsvSyntax.at(data, at)) && !endsAt(data, at, limit)) {
                at++;
            }
        }
        if (at < limit && syntax.isQuote(CsvSyntax.at(data, at))) {
            return scanQuoted(data, at, limit);
        }
        int end = syntax.valueEnd(data, at, limit);
        found(data, at, end);
        if (syntax.trimsTrailing()) {
            trimEnd();
        }
        if (!syntax.isSimple()) {
            copy();
        }
        return end;
    }

    private void found(byte[] in, int newFrom, int newTo) {
        text = in;
        from = newFrom;
        to = newTo;
    }

    private void trimEnd() {
        while (to > from && CsvSyntax.isBlank(text[to - 1])) {
            to--;
        }
    }

    /// Where a number may go on with the separator, it must be looked at without it.
    private void copy() {
        unescaped.setLength(0);
        unescaped.append(text, from, to - from);
        foundUnescaped();
    }

    private void foundUnescaped() {
        int length = unescaped.length();
        unescaped.reserve(PADDING);
        unescaped.array()[length] = 0;
        found(unescaped.array(), 0, length);
    }

    private boolean endsAt(byte[] data, int pos, int limit) {
        return pos >= limit || syntax.kind(data, pos) == CsvSyntax.LINE_END || syntax.isSeparator(data, pos);
    }

    /// Whether the record can't go on at `pos`, even within quotes.
    private boolean isOver(byte[] data, int pos, int limit) {
        return pos >= limit || !syntax.isMultiLine() && syntax.kind(data, pos) == CsvSyntax.LINE_END;
    }

    private int scanQuoted(byte[] data, int open, int limit) {
        quoted = true;
        int close = syntax.quotedEnd(data, open + 1, limit);
        if (close < limit && syntax.isQuote(CsvSyntax.at(data, close)) && endsAt(data, close + 1, limit)) {
            closed = true;
            found(data, open + 1, close);
            return close + 1;
        }
        return unescape(data, open, limit);
    }

    private int unescape(byte[] data, int open, int limit) {
        unescaped.setLength(0);
        int at = open + 1;
        while (!isOver(data, at, limit)) {
            byte c = CsvSyntax.at(data, at);
            boolean last = isOver(data, at + 1, limit);
            byte next = last ? 0 : CsvSyntax.at(data, at + 1);
            if (syntax.isEscape(c) && !last && syntax.isQuote(next)) {
                unescaped.append(next);
                at += 2;
            } else if (syntax.isEscapeOfEscape(c) && !last && syntax.isEscape(next) && !syntax.isQuote(c)) {
                unescaped.append(next);
                at += 2;
            } else if (!syntax.isQuote(c)) {
                unescaped.append(c);
                at++;
            } else {
                int quotes = quotes(data, at, limit);
                int end = afterBlanks(data, at + quotes, limit);
                if (!endsAt(data, end, limit)) {
                    return straying(data, open, at, limit);
                }
                // of several quotes in a row, the last is the closing one
                unescaped.append(data, at, quotes - 1);
                return close(end);
            }
        }
        foundUnescaped();
        return at;
    }

    private int close(int end) {
        closed = true;
        foundUnescaped();
        return end;
    }

    private int quotes(byte[] data, int pos, int limit) {
        int at = pos;
        while (at < limit && syntax.isQuote(CsvSyntax.at(data, at))) {
            at++;
        }
        return at - pos;
    }

    private int afterBlanks(byte[] data, int pos, int limit) {
        int at = pos;
        while (!endsAt(data, at, limit) && CsvSyntax.isBlank(CsvSyntax.at(data, at))) {
            at++;
        }
        return at;
    }

    /// The value has a quote at `pos` that neither is escaped nor ends it: it goes on to the next separator.
    private int straying(byte[] data, int open, int pos, int limit) {
        int end = syntax.valueEnd(data, pos, limit);
        stray = syntax.unescapedQuotes() != UnescapedQuotes.STOP_AT_DELIMITER;
        byte[] before = unescaped.toArray();
        unescaped.setLength(0);
        unescaped.append(data[open]);
        unescaped.append(before);
        unescaped.append(data, pos, end - pos);
        foundUnescaped();
        closed = true;
        if (syntax.trimsTrailing()) {
            trimEnd();
        }
        return end;
    }
}
