package dev.headrace.csv;

import dev.headrace.columns.FixedWriter;
import dev.headrace.parse.DecimalScan;
import dev.headrace.parse.Digits;

/// Reads whole numbers that fit the column's type: `tinyint`, `smallint`, `int` or `bigint`.
final class LongField extends FieldReader {
    private final byte[] kinds;
    private final FixedWriter column;
    private final int width;
    private final long max;
    private final DecimalScan scan = new DecimalScan();

    /// @param width of the type in bytes
    LongField(CsvSyntax syntax, FixedWriter column, int width) {
        this.kinds = syntax.kinds();
        this.column = column;
        this.width = width;
        this.max = -1L >>> 65 - 8 * width;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        boolean negative = CsvSyntax.at(data, pos) == '-';
        int first = negative ? pos + 1 : pos;
        long word = CsvSyntax.wordAt(data, first);
        int digits = Digits.leading(word);
        if (digits == 0 || digits == 8) {
            return digits == 0 ? OTHER : readLong(data, pos, row);
        }
        int end = first + digits;
        int value = Digits.value(word, digits);
        boolean whole = kinds[CsvSyntax.at(data, end) & 0xff] != CsvSyntax.PLAIN;
        return whole && put(row, negative ? -value : value) ? end : OTHER;
    }

    private int readLong(byte[] data, int pos, int row) {
        int end = scan.scan(data, pos);
        boolean whole = scan.isLong() && kinds[CsvSyntax.at(data, end) & 0xff] != CsvSyntax.PLAIN;
        return whole && put(row, scan.longValue()) ? end : OTHER;
    }

    @Override
    boolean put(byte[] text, int from, int to, int row) {
        boolean plus = to - from > 1 && text[from] == '+' && text[from + 1] != '-';
        int first = plus ? from + 1 : from;
        return to > first && scan.scan(text, first) == to && scan.isLong() && put(row, scan.longValue());
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
