package dev.headrace.json;

import dev.headrace.columns.FixedWriter;
import dev.headrace.parse.DecimalScan;
import dev.headrace.parse.TimeFormats;
import dev.headrace.parse.TimestampText;
import dev.headrace.types.DataType;
import dev.headrace.types.DateType;
import dev.headrace.types.TimestampType;

/// Reads strings into dates and timestamps; a whole number is a timestamp in seconds.
final class TimeReader extends ValueReader {
    private enum Kind {
        DATE,
        TIMESTAMP,
        WITHOUT_ZONE
    }

    private final JsonSyntax syntax;
    private final RecordState state;
    private final FixedWriter column;
    private final TimeFormats formats;
    private final Kind kind;
    private final DecimalScan scan = new DecimalScan();

    TimeReader(JsonSyntax syntax, RecordState state, FixedWriter column, DataType type, TimeFormats formats) {
        this.syntax = syntax;
        this.state = state;
        this.column = column;
        this.formats = formats;
        this.kind = switch (type) {
            case DateType _ -> Kind.DATE;
            case TimestampType _ -> Kind.TIMESTAMP;
            default -> Kind.WITHOUT_ZONE;
        };
    }

    @Override
    int read(byte[] data, int pos, int row) {
        byte c = JsonSyntax.at(data, pos);
        if (c != '"') {
            boolean number = c == '-' || c >= '0' && c <= '9';
            return number && kind == Kind.TIMESTAMP
                    ? readSeconds(data, pos, row)
                    : readOther(syntax, column, data, pos, row);
        }
        int end = syntax.skipString(data, pos + 1);
        if (put(data, pos + 1, end - 1, row)) {
            return end;
        }
        byte[] text = state.unescape(syntax, data, pos + 1, end - 1);
        boolean escaped = text.length < end - pos - 2;
        return escaped && put(java.util.Arrays.copyOf(text, text.length + 8), 0, text.length, row) ? end : ~end;
    }

    private boolean put(byte[] data, int from, int to, int row) {
        if (kind == Kind.DATE) {
            int day = formats.date(data, from, to);
            if (day != TimestampText.OTHER_DATE) {
                column.putInt(row, day);
            }
            return day != TimestampText.OTHER_DATE;
        }
        long micros = kind == Kind.TIMESTAMP
                ? formats.timestamp(data, from, to)
                : formats.timestampWithoutZone(data, from, to);
        if (micros != TimestampText.OTHER) {
            column.putLong(row, micros);
        }
        return micros != TimestampText.OTHER;
    }

    private int readSeconds(byte[] data, int pos, int row) {
        int end = syntax.skipNumber(data, pos);
        scan.scan(data, pos);
        long seconds = scan.isLong() ? scan.longValue() : Long.MAX_VALUE;
        if (Math.abs(seconds) > Long.MAX_VALUE / 1_000_000 || seconds == Long.MIN_VALUE) {
            return ~end;
        }
        column.putLong(row, seconds * 1_000_000);
        return end;
    }
}
