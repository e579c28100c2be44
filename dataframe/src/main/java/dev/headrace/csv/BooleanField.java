package dev.headrace.csv;

import dev.headrace.columns.BitWriter;

/// Reads `true` and `false`, in any case.
final class BooleanField extends FieldReader {
    /// The letters `true` and `fals` in a little-endian word.
    private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;

    private static final int FALS = 'f' | 'a' << 8 | 'l' << 16 | 's' << 24;
    private static final int LOWER_CASE = 0x20202020;

    private final byte[] kinds;
    private final BitWriter column;

    BooleanField(CsvSyntax syntax, BitWriter column) {
        this.kinds = syntax.kinds();
        this.column = column;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        int length = length(CsvSyntax.wordAt(data, pos));
        if (length == 0 || kinds[CsvSyntax.at(data, pos + length) & 0xff] == CsvSyntax.PLAIN) {
            return OTHER;
        }
        column.putBoolean(row, length == 4);
        return pos + length;
    }

    /// The length of the word at the begin, which tells the two apart; 0 if it is neither.
    private static int length(long word) {
        int letters = (int) word | LOWER_CASE;
        if (letters == TRUE) {
            return 4;
        }
        return letters == FALS && ((int) (word >>> 32) & 0xff | 0x20) == 'e' ? 5 : 0;
    }

    @Override
    boolean put(byte[] text, int from, int to, int row) {
        int length = length(CsvSyntax.wordAt(text, from));
        if (length == 0 || length != to - from) {
            return false;
        }
        column.putBoolean(row, length == 4);
        return true;
    }
}
