package dev.headrace.csv;

import dev.headrace.chunk.Slice;
import dev.headrace.function.IntervalFormat;
import dev.headrace.parse.ByteBuilder;
import dev.headrace.parse.FormatOptions;
import dev.headrace.parse.TimeOptions;
import dev.headrace.parse.TimeText;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import dev.headrace.types.TimestampNTZType;
import dev.headrace.types.TimestampType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes values as CSV, as Spark does: with quotes where the text holds a separator, a quote or a line's end, or
/// begins a record as a comment may; a string without characters as two quotes; null as nothing. Used by one thread.
final class CsvWriter {
    /// The options that concern how a record is written.
    static final List<String> OPTIONS = FormatOptions.joined(
            CsvOptions.CHARACTER_OPTIONS,
            TimeOptions.NAMES,
            List.of(
                    "quoteAll",
                    "escapeQuotes",
                    "nullValue",
                    "emptyValue",
                    "ignoreLeadingWhiteSpace",
                    "ignoreTrailingWhiteSpace"));

    private final byte[] separator;
    private final int quote;
    private final int escape;
    private final int escapeOfEscape;
    private final int comment;
    private final byte[] lineEnd;
    private final boolean quotesAll;
    private final boolean escapesQuotes;
    private final boolean trimsLeading;
    private final boolean trimsTrailing;
    private final Slice nullValue;
    private final Slice empty;
    private final TimeText times;
    private final ByteBuilder text = new ByteBuilder();

    /// @param sessionZone the zone in which timestamps are written without the option `timeZone`
    CsvWriter(FormatOptions options, ZoneId sessionZone) {
        // what ends lines may be any text here
        FormatOptions withoutLineEnd = options.without("lineSep");
        CsvOptions.Characters characters = CsvOptions.Characters.of(withoutLineEnd);
        separator = characters.separator().getBytes(StandardCharsets.UTF_8);
        quote = characters.quote();
        escape = characters.escape();
        escapeOfEscape = characters.escapeOfEscape();
        comment = characters.comment() == CsvOptions.NONE ? '#' : characters.comment();
        lineEnd = options.get("lineSep", "\n").getBytes(StandardCharsets.UTF_8);
        if (lineEnd.length == 0) {
            throw options.invalid("lineSep", "at least one character");
        }
        quotesAll = options.flag("quoteAll", false);
        escapesQuotes = options.flag("escapeQuotes", true);
        trimsLeading = options.flag("ignoreLeadingWhiteSpace", true);
        trimsTrailing = options.flag("ignoreTrailingWhiteSpace", true);
        nullValue = Slice.utf8(options.get("nullValue", ""));
        empty = Slice.utf8(options.get("emptyValue", "\"\""));
        times = new TimeText(options, sessionZone);
    }

    /// Refuses options that can't work.
    ///
    /// @throws dev.headrace.errors.QueryException `INVALID_OPTION`
    static void check(FormatOptions options, ZoneId sessionZone) {
        CsvWriter unused = new CsvWriter(options, sessionZone);
    }

    /// A record of the columns' names, with its line's end.
    String header(StructType schema) {
        ByteBuilder out = new ByteBuilder();
        int column = 0;
        for (StructField field : schema) {
            startValue(out, column);
            appendText(out, column++, Slice.utf8(field.name()));
        }
        endRecord(out);
        return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
    }

    void endRecord(ByteBuilder out) {
        out.append(lineEnd);
    }

    private void startValue(ByteBuilder out, int column) {
        if (column > 0) {
            out.append(separator);
        }
    }

    /// Appends a value, with the separator before it.
    ///
    /// @param column its ordinal in the record
    /// @param value as [dev.headrace.chunk.Cell] describes it
    void appendValue(ByteBuilder out, int column, @Nullable Object value, DataType type) {
        startValue(out, column);
        switch (value) {
            case null -> appendRaw(out, nullValue);
            case Slice slice -> appendText(out, column, slice);
            case Number number -> {
                text.setLength(0);
                appendNumber(number, type);
                appendText(out, column, Slice.of(text.array()).subslice(0, text.length()));
            }
            default -> appendText(out, column, Slice.utf8(value.toString()));
        }
    }

    private void appendNumber(Number number, DataType type) {
        switch (type) {
            case DateType _ -> times.appendDate(text, number.intValue());
            case TimestampType _ -> times.appendTimestamp(text, number.longValue());
            case TimestampNTZType _ -> times.appendTimestampWithoutZone(text, number.longValue());
            case AnsiIntervalType interval -> text.appendAscii(IntervalFormat.text(number.longValue(), interval));
            default -> {
                if (number instanceof BigDecimal decimal) {
                    text.appendAscii(decimal.toPlainString());
                } else if (number instanceof Double || number instanceof Float) {
                    text.appendAscii(number.toString());
                } else {
                    text.append(number.longValue());
                }
            }
        }
    }

    /// What stands for null or for an empty string goes out as it is, but for the quotes that all values have.
    private void appendRaw(ByteBuilder out, Slice word) {
        boolean quoted = quotesAll && quote >= 0 && !(word.length() >= 2 && word.byteAt(0) == quote);
        if (quoted) {
            out.append((byte) quote);
        }
        out.append(word);
        if (quoted) {
            out.append((byte) quote);
        }
    }

    private void appendText(ByteBuilder out, int column, Slice whole) {
        Slice value = trimmed(whole);
        if (value.length() == 0) {
            appendRaw(out, empty);
            return;
        }
        if (quote >= 0 && (quotesAll || needsQuotes(value, column))) {
            appendQuoted(out, value);
        } else {
            out.append(value);
        }
    }

    private Slice trimmed(Slice value) {
        int from = 0;
        int to = value.length();
        while (trimsLeading && from < to && CsvSyntax.isBlank(value.byteAt(from))) {
            from++;
        }
        while (trimsTrailing && to > from && CsvSyntax.isBlank(value.byteAt(to - 1))) {
            to--;
        }
        return value.subslice(from, to - from);
    }

    private boolean needsQuotes(Slice value, int column) {
        int first = value.byteAt(0) & 0xff;
        // A quote at the start is taken for one around the value, so it is escaped even if others are not.
        if (first == quote || column == 0 && first == comment) {
            return true;
        }
        for (int i = 0; i < value.length(); i++) {
            byte c = value.byteAt(i);
            boolean special = c == '\n' || c == '\r' || c == lineEnd[0] || c == separator[0] && isSeparator(value, i);
            if (special || (c & 0xff) == quote && escapesQuotes) {
                return true;
            }
        }
        return false;
    }

    /// Whether the separator is at a position, or what of it fits before the value's end: what follows makes it whole.
    private boolean isSeparator(Slice value, int at) {
        int length = Math.min(separator.length, value.length() - at);
        return Arrays.equals(value.subslice(at, length).bytes(), 0, length, separator, 0, length);
    }

    private void appendQuoted(ByteBuilder out, Slice value) {
        out.append((byte) quote);
        for (int i = 0; i < value.length(); i++) {
            int c = value.byteAt(i) & 0xff;
            if (c == quote && escape >= 0) {
                out.append((byte) escape);
            } else if (c == escape && escapeOfEscape >= 0) {
                out.append((byte) escapeOfEscape);
            }
            out.append((byte) c);
        }
        out.append((byte) quote);
    }
}
