package dev.headrace.json;

import dev.headrace.columns.FixedWriter;
import dev.headrace.parse.DecimalScan;
import dev.headrace.parse.Digits;

/// Reads whole numbers that fit the column's type: `tinyint`, `smallint`, `int` or `bigint`.
final class LongReader extends ValueReader {
    private final JsonSyntax syntax;
    private final FixedWriter column;
    private final int width;
    private final long max;
    private final DecimalScan scan = new DecimalScan();

    /// @param width of the type in bytes
    LongReader(JsonSyntax syntax, FixedWriter column, int width) {
        this.syntax = syntax;
        this.column = column;
        this.width = width;
        this.max = -1L >>> 65 - 8 * width;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        byte c = JsonSyntax.at(data, pos);
        int first = c == '-' ? pos + 1 : pos;
        long word = JsonSyntax.wordAt(data, first);
        int digits = Digits.leading(word);
        if (digits == 0 || digits == 8) {
            return readLong(data, pos, c, row);
        }
        int end = first + digits;
        byte after = JsonSyntax.at(data, end);
        boolean integer = after != '.' && (after | 0x20) != 'e' && (digits == 1 || (byte) word != '0');
        if (!integer) {
            return ~syntax.skipNumber(data, pos);
        }
        int value = Digits.value(word, digits);
        return put(row, c == '-' ? -value : value) ? end : ~end;
    }

    private int readLong(byte[] data, int pos, byte c, int row) {
        if (c != '-' && (c < '0' || c > '9')) {
            return readOther(syntax, column, data, pos, row);
        }
        int end = syntax.skipNumber(data, pos);
        scan.scan(data, pos);
        return scan.isLong() && put(row, scan.longValue()) ? end : ~end;
    }

    private boolean put(int row, long value) {
        if (value > max || value < -max - 1) {
            return false;
        }
        switch (width) {
            case 8 -> column.putLong(row, value);
            case 4 -> column.putInt(row, (int) value);
            case 2 -> column.putShort(row, (short) value);
            default -> column.putByte(row, (byte) value);
        }
        return true;
    }
}
