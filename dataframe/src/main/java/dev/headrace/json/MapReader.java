package dev.headrace.json;

import dev.headrace.columns.ListWriter;
import dev.headrace.columns.StructWriter;

/// Reads objects into maps with string keys. If a value doesn't fit, the map doesn't.
final class MapReader extends ValueReader {
    private final JsonSyntax syntax;
    private final ListWriter column;
    private final StructWriter entries;
    private final StringReader key;
    private final ValueReader value;

    MapReader(JsonSyntax syntax, ListWriter column, StringReader key, ValueReader value) {
        this.syntax = syntax;
        this.column = column;
        this.entries = (StructWriter) column.elements();
        this.key = key;
        this.value = value;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        if (JsonSyntax.at(data, pos) != '{') {
            return readOther(syntax, column, data, pos, row);
        }
        column.begin(row);
        int at = syntax.blanks(data, pos + 1);
        if (JsonSyntax.at(data, at) == '}') {
            column.end(row);
            return at + 1;
        }
        boolean fits = true;
        while (true) {
            if (JsonSyntax.at(data, at) != '"') {
                throw syntax.malformed(at, "a field's name in quotes");
            }
            int entry = column.append();
            entries.putStruct(entry);
            at = syntax.colon(data, key.read(data, at, entry));
            int end = value.read(data, at, entry);
            if (end < 0) {
                fits = false;
                end = ~end;
            }
            at = syntax.blanks(data, end);
            byte c = JsonSyntax.at(data, at);
            if (c == '}') {
                return end(row, at + 1, fits);
            }
            if (c != ',') {
                throw syntax.malformed(at, "',' or '}'");
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
