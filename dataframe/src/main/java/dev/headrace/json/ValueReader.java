package dev.headrace.json;

import dev.headrace.columns.ColumnWriter;

/// Reads JSON values of one place in the schema into a column.
abstract class ValueReader {
    /// Reads a value.
    ///
    /// @param pos at the value's first byte, which isn't blank
    /// @param row where the value goes; there is room for it
    /// @return the position after the value; its complement (`~position`) if the value is JSON but not of this column's
    ///     type, in which case nothing was written
    /// @throws Malformed if it isn't JSON
    abstract int read(byte[] data, int pos, int row);

    /// Reads a value that is not of the form the column's type has: null, or something that doesn't fit.
    static int readOther(JsonSyntax syntax, ColumnWriter column, byte[] data, int pos, int row) {
        if (JsonSyntax.at(data, pos) == 'n') {
            int end = syntax.skipNull(data, pos);
            column.clear(row, row + 1);
            return end;
        }
        return ~syntax.skipValue(data, pos);
    }
}
