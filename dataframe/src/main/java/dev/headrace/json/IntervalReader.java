package dev.headrace.json;

import dev.headrace.columns.FixedWriter;
import dev.headrace.function.IntervalFormat;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.YearMonthIntervalType;
import java.util.OptionalLong;

/// Reads strings such as `"INTERVAL '1-6' YEAR TO MONTH"`, or what stands in their quotes.
final class IntervalReader extends ValueReader {
    private final JsonSyntax syntax;
    private final FixedWriter column;
    private final AnsiIntervalType type;

    IntervalReader(JsonSyntax syntax, FixedWriter column, AnsiIntervalType type) {
        this.syntax = syntax;
        this.column = column;
        this.type = type;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        if (JsonSyntax.at(data, pos) != '"') {
            return readOther(syntax, column, data, pos, row);
        }
        int end = syntax.skipString(data, pos + 1);
        OptionalLong value = IntervalFormat.value(ScalarReaders.Text.ascii(data, pos + 1, end - 1), type);
        if (value.isEmpty()) {
            return ~end;
        }
        if (type instanceof YearMonthIntervalType) {
            column.putInt(row, Math.toIntExact(value.getAsLong()));
        } else {
            column.putLong(row, value.getAsLong());
        }
        return end;
    }
}
