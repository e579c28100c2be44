package dev.headrace.csv;

import dev.headrace.columns.FixedWriter;
import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimeOptions;
import dev.headrace.parse.TimestampText;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.TimestampType;

/// Reads dates and timestamps.
final class TimeField extends FieldReader {
    private enum Kind {
        DATE,
        TIMESTAMP,
        WITHOUT_ZONE
    }

    private static final int DATE_LENGTH = 10;

    private final CsvSyntax syntax;
    private final FixedWriter column;
    private final TimeFormats formats;
    /// Whether the column's texts are of a pattern, rather than what a cast reads.
    private final boolean hasPattern;

    private final Kind kind;

    TimeField(CsvSyntax syntax, FixedWriter column, DataType type, TimeOptions times) {
        this.syntax = syntax;
        this.column = column;
        this.formats = times.formats();
        this.kind = switch (type) {
            case DateType _ -> Kind.DATE;
            case TimestampType _ -> Kind.TIMESTAMP;
            default -> Kind.WITHOUT_ZONE;
        };
        this.hasPattern = switch (kind) {
            case DATE -> times.dates().isPresent();
            case TIMESTAMP -> times.timestamps().isPresent();
            case WITHOUT_ZONE -> times.timestampsWithoutZone().isPresent();
        };
    }

    @Override
    int read(byte[] data, int pos, int row) {
        if (kind == Kind.DATE) {
            return readDate(data, pos, row);
        }
        if (syntax.isQuote(CsvSyntax.at(data, pos))) {
            return OTHER;
        }
        int end = syntax.valueEnd(data, pos, Integer.MAX_VALUE);
        return putTime(data, pos, end, row) ? end : OTHER;
    }

    private int readDate(byte[] data, int pos, int row) {
        int end = pos + DATE_LENGTH;
        if (hasPattern || syntax.kind(data, end) == CsvSyntax.PLAIN) {
            return OTHER;
        }
        int day = TimestampText.date(data, pos, end);
        if (day == TimestampText.OTHER_DATE) {
            return OTHER;
        }
        column.putInt(row, day);
        return end;
    }

    @Override
    boolean put(byte[] text, int from, int to, int row) {
        int first = from;
        int end = to;
        while (!hasPattern && first < end && CsvSyntax.isBlank(text[first])) {
            first++;
        }
        while (!hasPattern && end > first && CsvSyntax.isBlank(text[end - 1])) {
            end--;
        }
        return end > first && putTime(text, first, end, row);
    }

    private boolean putTime(byte[] text, int from, int to, int row) {
        if (kind == Kind.DATE) {
            int day = formats.date(text, from, to);
            if (day != TimestampText.OTHER_DATE) {
                column.putInt(row, day);
            }
            return day != TimestampText.OTHER_DATE;
        }
        long micros = kind == Kind.TIMESTAMP
                ? formats.timestamp(text, from, to)
                : formats.timestampWithoutZone(text, from, to);
        if (micros != TimestampText.OTHER) {
            column.putLong(row, micros);
        }
        return micros != TimestampText.OTHER;
    }
}
