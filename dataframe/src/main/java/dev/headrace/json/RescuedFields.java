package dev.headrace.json;

import dev.headrace.columns.BytesWriter;
import java.util.Arrays;

/// Collects the fields of an object that its struct does not have, as the text of an object.
final class RescuedFields {
    private final BytesWriter column;
    private byte[] text = new byte[256];
    private int length;

    RescuedFields(BytesWriter column) {
        this.column = column;
    }

    void clear() {
        length = 0;
    }

    /// Takes in a field.
    ///
    /// @param from before the name, or before the comma and the blanks that precede it
    /// @param end behind the value
    void add(byte[] data, int from, int end) {
        int at = from;
        while (data[at] != '"' && data[at] != '\'' && (data[at] == ',' || data[at] <= ' ')) {
            at++;
        }
        int bytes = end - at;
        if (length + bytes + 2 > text.length) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, length + bytes + 2));
        }
        text[length] = length == 0 ? (byte) '{' : (byte) ',';
        System.arraycopy(data, at, text, length + 1, bytes);
        length += bytes + 1;
    }

    /// Puts what was collected into a row of the column; nothing if there was nothing.
    void put(int row) {
        if (length > 0) {
            text[length] = '}';
            column.put(row, text, 0, length + 1);
        }
    }
}
