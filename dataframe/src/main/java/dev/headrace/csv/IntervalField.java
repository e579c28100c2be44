package dev.headrace.csv;

import dev.headrace.columns.FixedWriter;
import dev.headrace.function.IntervalFormat;
import dev.headrace.types.AnsiIntervalType;
import dev.headrace.types.YearMonthIntervalType;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// Reads `INTERVAL '1-6' YEAR TO MONTH`, or what stands in its quotes.
final class IntervalField extends FieldReader {
    private final FixedWriter column;
    private final AnsiIntervalType type;

    IntervalField(FixedWriter column, AnsiIntervalType type) {
        this.column = column;
        this.type = type;
    }

    @Override
    int read(byte[] data, int pos, int row) {
        return OTHER;
    }

    @Override
    boolean put(byte[] text, int from, int to, int row) {
        OptionalLong value = IntervalFormat.value(new String(text, from, to - from, StandardCharsets.UTF_8), type);
        if (value.isEmpty()) {
            return false;
        }
        if (type instanceof YearMonthIntervalType) {
            column.putInt(row, Math.toIntExact(value.getAsLong()));
        } else {
            column.putLong(row, value.getAsLong());
        }
        return true;
    }
}
