package dev.headrace.csv;

import dev.headrace.chunk.Memory;
import dev.headrace.columns.BytesWriter;
import dev.headrace.parse.Utf8Check;
import java.nio.charset.StandardCharsets;

/// Reads strings. As in Spark, what is no UTF-8 becomes the replacement character.
final class StringField extends FieldReader {
    private final CsvSyntax syntax;
    private final byte[] kinds;
    private final BytesWriter column;

    StringField(CsvSyntax syntax, BytesWriter column) {
        this.syntax = syntax;
        this.kinds = syntax.kinds();
        this.column = column;
    }

    /// Copies word by word while it looks for the end.
    @Override
    int read(byte[] data, int pos, int row) {
        byte first = CsvSyntax.at(data, pos);
        if (syntax.isQuote(first) || syntax.trimsLeading() && CsvSyntax.isBlank(first)) {
            return OTHER;
        }
        long to = column.begin(row);
        long limit = column.limit();
        int at = pos;
        long seen = 0;
        while (true) {
            if (to >= limit) {
                to = column.more(to, 8);
                limit = column.limit();
            }
            long word = CsvSyntax.wordAt(data, at);
            Memory.putLong(to, word);
            seen |= word;
            long stop = syntax.stops(word);
            if (stop == 0) {
                at += 8;
                to += 8;
                continue;
            }
            int plain = CsvSyntax.byteIndex(stop);
            at += plain;
            to += plain;
            if (kinds[CsvSyntax.at(data, at) & 0xff] != CsvSyntax.PLAIN) {
                break;
            }
            at++;
            to++;
        }
        if (syntax.trimsTrailing() && CsvSyntax.isBlank(CsvSyntax.at(data, at - 1))) {
            return OTHER;
        }
        if (!Utf8Check.isAscii(seen) && !Utf8Check.isUtf8(data, pos, at - pos)) {
            return OTHER;
        }
        column.end(row, to);
        return at;
    }

    @Override
    boolean put(byte[] text, int from, int to, int row) {
        if (Utf8Check.isUtf8(text, from, to - from)) {
            column.put(row, text, from, to - from);
        } else {
            byte[] replaced =
                    new String(text, from, to - from, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            column.put(row, replaced, 0, replaced.length);
        }
        return true;
    }
}
