package dev.headrace.csv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads records: gives each value to the reader of its column. Used by one thread.
///
/// After [#read], [#problem] tells what was wrong with the record.
final class RecordScan {
    /// What [#read] returns if the record goes on beyond the data.
    static final int INCOMPLETE = -1;

    /// What can be wrong with a record.
    enum Problem {
        NONE,
        /// A value does not fit the type of its column.
        VALUE,
        /// There are fewer values than columns.
        TOO_FEW,
        /// There are more values than columns.
        TOO_MANY,
        /// A quote is where it must not be.
        QUOTE,
        /// A value is longer than `maxCharsPerColumn`.
        TOO_LONG
    }

    /// The bytes after a text that must be readable.
    private static final int PADDING = 64;
    /// How much of a value to show in messages.
    private static final int MAX_TEXT = 100;

    private final CsvSyntax syntax;
    private final byte[] kinds;
    private final FieldReader[] readers;
    private final boolean checksWidth;
    private final boolean readsPlain;
    private final byte[] nullValue;
    private final byte[] empty;
    private final int emptyLength;
    private final int maxChars;
    private final ValueScan value;
    private Problem problem = Problem.NONE;
    private int problemColumn;
    private String problemText = "";
    private boolean mayGoOn;
    private boolean incomplete;
    private int values;

    /// @param readers of the first columns of the records
    /// @param checksWidth whether a record with more or fewer values than readers is malformed; if not, values after
    ///     those of the readers are not looked at
    RecordScan(CsvSyntax syntax, CsvOptions options, List<? extends FieldReader> readers, boolean checksWidth) {
        this.syntax = syntax;
        this.kinds = syntax.kinds();
        this.readers = readers.toArray(FieldReader[]::new);
        this.checksWidth = checksWidth;
        this.nullValue = options.words().nullValue().getBytes(StandardCharsets.UTF_8);
        byte[] emptyText = options.words().empty().getBytes(StandardCharsets.UTF_8);
        this.emptyLength = emptyText.length;
        this.empty = Arrays.copyOf(emptyText, emptyLength + PADDING);
        this.maxChars = options.maxChars() < 0 ? Integer.MAX_VALUE : options.maxChars();
        this.readsPlain = syntax.isSimple() && options.maxChars() < 0;
        this.value = new ValueScan(syntax);
    }

    Problem problem() {
        return problem;
    }

    /// The ordinal of the first column with a problem.
    int problemColumn() {
        return problemColumn;
    }

    /// The text of the first value that does not fit.
    String problemText() {
        return problemText;
    }

    /// The number of values of the record, or of those that have been looked at.
    int values() {
        return values;
    }

    /// Reads a record.
    ///
    /// @param from the record's first byte
    /// @param limit where the data ends; the record ends at a line's end before, or there
    /// @param more whether there may be more data after `limit`
    /// @param row where the values go; there is room for it in all columns
    /// @return the position of the record's end, or [#INCOMPLETE] if it ends within quotes while there is more
    int read(byte[] data, int from, int limit, boolean more, int row) {
        problem = Problem.NONE;
        mayGoOn = more;
        incomplete = false;
        values = 0;
        int at = from;
        for (int column = 0; column < readers.length; column++) {
            int end = at;
            if (at < limit && kinds[CsvSyntax.at(data, at) & 0xff] == CsvSyntax.PLAIN) {
                end = readValue(data, at, limit, column, row);
                if (incomplete) {
                    return INCOMPLETE;
                }
            }
            values++;
            if (isRecordEnd(data, end, limit)) {
                if (checksWidth && column + 1 < readers.length) {
                    report(Problem.TOO_FEW, column + 1);
                }
                return end;
            }
            at = end + syntax.separatorLength();
        }
        return rest(data, at, limit);
    }

    private boolean isRecordEnd(byte[] data, int pos, int limit) {
        return pos >= limit || kinds[CsvSyntax.at(data, pos) & 0xff] == CsvSyntax.LINE_END;
    }

    private int readValue(byte[] data, int pos, int limit, int column, int row) {
        FieldReader reader = readers[column];
        if (readsPlain) {
            if (nullValue.length > 0 && isNullAt(data, pos, limit)) {
                return pos + nullValue.length;
            }
            int end = reader.read(data, pos, row);
            if (end >= 0) {
                return end;
            }
        }
        int end = value.scan(data, pos, limit);
        if (mayGoOn && end >= limit && value.isOpen()) {
            incomplete = true;
        } else {
            put(reader, column, row);
        }
        return end;
    }

    private boolean isNullAt(byte[] data, int pos, int limit) {
        int end = pos + nullValue.length;
        return end <= limit
                && (end == limit || kinds[CsvSyntax.at(data, end) & 0xff] != CsvSyntax.PLAIN)
                && Arrays.equals(data, pos, end, nullValue, 0, nullValue.length);
    }

    /// Puts the value that has been scanned, unless it is null.
    private void put(FieldReader reader, int column, int row) {
        if (value.hasStrayQuote()) {
            if (syntax.unescapedQuotes() == UnescapedQuotes.RAISE_ERROR) {
                report(Problem.QUOTE, column);
            }
            return;
        }
        if (value.length() > maxChars) {
            report(Problem.TOO_LONG, column);
            return;
        }
        boolean isEmpty = value.length() == 0;
        boolean isNull = isEmpty && !value.isQuoted();
        byte[] text = isEmpty ? empty : value.text();
        int from = isEmpty ? 0 : value.from();
        int to = isEmpty ? emptyLength : value.to();
        if (isNull || Arrays.equals(text, from, to, nullValue, 0, nullValue.length)) {
            return;
        }
        if (!reader.put(text, from, to, row)) {
            report(Problem.VALUE, column);
            problemText = new String(text, from, Math.min(to - from, MAX_TEXT), StandardCharsets.UTF_8);
        }
    }

    private void report(Problem found, int column) {
        if (problem == Problem.NONE) {
            problem = found;
            problemColumn = column;
        }
    }

    /// Passes over the values that have no reader.
    private int rest(byte[] data, int pos, int limit) {
        if (!checksWidth && !syntax.isMultiLine()) {
            return syntax.lineEnd(data, pos, limit);
        }
        int at = pos;
        while (true) {
            int end = value.scan(data, at, limit);
            if (mayGoOn && end >= limit && value.isOpen()) {
                incomplete = true;
                return INCOMPLETE;
            }
            values++;
            if (isRecordEnd(data, end, limit)) {
                if (checksWidth) {
                    report(Problem.TOO_MANY, readers.length);
                }
                return end;
            }
            at = end + syntax.separatorLength();
        }
    }

    /// The texts of a record's values; null for those that are null.
    ///
    /// @param to the record's end
    List<@Nullable String> texts(byte[] data, int from, int to) {
        List<@Nullable String> texts = new ArrayList<>();
        int at = from;
        while (true) {
            int end = value.scan(data, at, to);
            String text = new String(value.text(), value.from(), value.length(), StandardCharsets.UTF_8);
            texts.add(text.isEmpty() && !value.isQuoted() ? null : text);
            if (isRecordEnd(data, end, to)) {
                return texts;
            }
            at = end + syntax.separatorLength();
        }
    }
}
