package dev.headrace.json;

import dev.headrace.chunk.Slice;
import dev.headrace.columns.BytesWriter;
import dev.headrace.errors.DataException;
import dev.headrace.variant.VariantJson;
import java.util.Optional;

/// Reads values of any kind into variants; `null` is a variant, too.
final class VariantReader extends ValueReader {
    private final JsonSyntax syntax;
    private final BytesWriter column;

    VariantReader(JsonSyntax syntax, BytesWriter column) {
        this.syntax = syntax;
        this.column = column;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        int end = syntax.skipValue(data, pos);
        Optional<Slice> variant = parse(data, pos, end - pos);
        if (variant.isEmpty()) {
            return ~end;
        }
        byte[] cell = variant.get().bytes();
        column.put(row, cell, 0, cell.length);
        return end;
    }

    /// Names that stand twice, and values that are too large, do not fit.
    private static Optional<Slice> parse(byte[] data, int from, int length) {
        try {
            return VariantJson.parse(data, from, length);
        } catch (DataException noVariant) {
            return Optional.empty();
        }
    }
}
