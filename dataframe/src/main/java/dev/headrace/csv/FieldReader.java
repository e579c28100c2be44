package dev.headrace.csv;

/// Reads the values of one column.
abstract class FieldReader {
    /// What [#read] returns if it can't tell.
    static final int OTHER = -1;

    /// Reads a value that begins at `pos`, if it is of the common form: no quotes, and the text is a value of the
    /// column's type up to the separator or line's end. Called for [simple][CsvSyntax#isSimple] syntaxes only, with at
    /// least one byte before the value's end.
    ///
    /// @param row where the value goes; there is room for it
    /// @return the position of the value's end, or [#OTHER], in which case the row must be put or left null
    abstract int read(byte[] data, int pos, int row);

    /// Puts a value, given its text without quotes and escapes. Up to 64 bytes after the text can be read.
    ///
    /// @param row where the value goes; there is room for it
    /// @return false if the text is no value of the column's type; then nothing was put
    abstract boolean put(byte[] text, int from, int to, int row);

    /// Passes over values.
    static final class Skipped extends FieldReader {
        private final CsvSyntax syntax;

        Skipped(CsvSyntax syntax) {
            this.syntax = syntax;
        }

        @Override
        int read(byte[] data, int pos, int row) {
            if (syntax.isQuote(CsvSyntax.at(data, pos)) || syntax.trimsLeading()) {
                return OTHER;
            }
            return syntax.valueEnd(data, pos, Integer.MAX_VALUE);
        }

        @Override
        boolean put(byte[] text, int from, int to, int row) {
            return true;
        }
    }
}
