package dev.headrace.json;

import dev.headrace.columns.BytesWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Collects the fields of an object that its struct does not have, as the text of an object; and names in there those
/// of the struct that the object lacks, if that is wanted.
final class RescuedFields {
    private final BytesWriter column;
    private final @Nullable String absentKey;
    private final List<String> names;
    private byte[] text = new byte[256];
    private int length;
    private BitSet lastAbsent = new BitSet();
    private byte[] lastAbsentText = new byte[0];

    /// @param absentKey of the field with the names of the fields that an object lacks; null if there is none
    /// @param names of the fields that the struct has
    RescuedFields(BytesWriter column, @Nullable String absentKey, List<String> names) {
        this.column = column;
        this.absentKey = absentKey;
        this.names = names;
    }

    boolean namesAbsent() {
        return absentKey != null;
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

    /// Names the fields that the object lacks, which are the same in object after object.
    ///
    /// @param present ordinals of those that it has
    void addAbsent(BitSet present) {
        BitSet absent = new BitSet();
        absent.set(0, names.size());
        absent.andNot(present);
        if (absent.isEmpty()) {
            return;
        }
        if (!absent.equals(lastAbsent)) {
            lastAbsent = absent;
            lastAbsentText = absent.stream()
                    .mapToObj(ordinal -> quoted(names.get(ordinal)))
                    .collect(Collectors.joining(",", quoted(String.valueOf(absentKey)) + ":[", "]"))
                    .getBytes(StandardCharsets.UTF_8);
        }
        add(lastAbsentText, 0, lastAbsentText.length);
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /// Puts what was collected into a row of the column; nothing if there was nothing.
    void put(int row) {
        if (length > 0) {
            text[length] = '}';
            column.put(row, text, 0, length + 1);
        }
    }
}
