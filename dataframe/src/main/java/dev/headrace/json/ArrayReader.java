package dev.headrace.json;

import dev.headrace.columns.ListWriter;

/// Reads arrays. If an element doesn't fit, the array doesn't.
final class ArrayReader extends ValueReader {
    private final JsonSyntax syntax;
    private final ListWriter column;
    private final ValueReader element;

    ArrayReader(JsonSyntax syntax, ListWriter column, ValueReader element) {
        this.syntax = syntax;
        this.column = column;
        this.element = element;
    }

    ValueReader element() {
        return element;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        if (JsonSyntax.at(data, pos) != '[') {
            return readOther(syntax, column, data, pos, row);
        }
        column.begin(row);
        int at = syntax.blanks(data, pos + 1);
        if (JsonSyntax.at(data, at) == ']') {
            column.end(row);
            return at + 1;
        }
        boolean fits = true;
        while (true) {
            int end = fits ? element.read(data, at, column.append()) : syntax.skipValue(data, at);
            if (end < 0) {
                fits = false;
                end = ~end;
            }
            at = syntax.blanks(data, end);
            byte c = JsonSyntax.at(data, at);
            if (c == ']') {
                return end(row, at + 1, fits);
            }
            if (c != ',') {
                throw syntax.malformed(at, "',' or ']'");
            }
            at = syntax.blanks(data, at + 1);
        }
    }

    private int end(int row, int pos, boolean fits) {
        if (!fits) {
            column.clear(row, row + 1);
            return ~pos;
        }
        column.end(row);
        return pos;
    }
}
