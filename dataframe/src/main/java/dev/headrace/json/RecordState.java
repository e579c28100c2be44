package dev.headrace.json;

import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.types.DataTypes;
import java.util.Optional;

/// What the readers of one record have in common: whether a value did not fit, and memory for escapes.
final class RecordState implements AutoCloseable {
    private int mismatches;
    private int firstMismatch;
    private String mismatchedField = "";
    private final StringReader unescaper;
    private final BytesWriter unescaped;

    RecordState(JsonSyntax syntax) {
        this.unescaped = (BytesWriter) ColumnWriter.of(DataTypes.StringType, Optional.empty());
        this.unescaper = new StringReader(syntax, unescaped);
        unescaped.ensure(1);
    }

    /// Says that a value was JSON, but not of its field's type.
    ///
    /// @param field the field's name
    /// @param end the position after the value
    void reportMismatch(String field, int end) {
        if (mismatches++ == 0) {
            mismatchedField = field;
            firstMismatch = end;
        }
    }

    /// The name of the first field whose value didn't fit.
    String mismatchedField() {
        return mismatchedField;
    }

    boolean hasMismatch() {
        return mismatches > 0;
    }

    /// The position after the first value that didn't fit.
    int firstMismatch() {
        return firstMismatch;
    }

    void startRecord() {
        mismatches = 0;
    }

    /// The bytes that the inside `[from, to)` of a string stands for.
    byte[] unescape(JsonSyntax syntax, byte[] data, int from, int to) {
        unescaped.clear(0, 1);
        unescaper.read(data, from - 1, 0);
        return ((dev.headrace.chunk.Slice) java.util.Objects.requireNonNull(unescaped.read(0))).bytes();
    }

    @Override
    public void close() {
        unescaped.close();
    }
}
