package dev.headrace.csv;

import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.csv.RecordScan.Problem;
import dev.headrace.errors.DataException;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads records one after the other into columns, and deals with those that are malformed as the mode says. Used by
/// one thread.
final class RecordReader implements AutoCloseable {
    private final CsvOptions options;
    private final StructType record;
    private final StructWriter columns;
    private final RecordScan scan;
    private final @Nullable BytesWriter corruptRecords;
    private int rows;
    private long malformedRecords;

    /// @param record what a record holds, in its order, without the column for corrupt records
    /// @param asked the columns to read
    RecordReader(
            CsvSyntax syntax,
            CsvOptions options,
            StructType record,
            StructType asked,
            Optional<BufferAllocator> allocator) {
        this.options = options;
        this.record = record;
        this.columns = (StructWriter) ColumnWriter.of(asked, allocator);
        OptionalInt corrupt = options.corruptRecordColumn(asked);
        this.corruptRecords = corrupt.isPresent() ? (BytesWriter) columns.field(corrupt.getAsInt()) : null;
        List<FieldReader> readers = new Readers(syntax, options).of(record, asked, columns);
        boolean all = record.fieldList().stream()
                .allMatch(field -> asked.indexOf(field.name()).isPresent());
        this.scan = new RecordScan(syntax, options, readers, all && !readers.isEmpty());
    }

    /// The columns that the rows are in; the caller takes them out and then calls [#startColumns].
    StructWriter columns() {
        return columns;
    }

    /// @param maxRows how many rows will be read at most
    void startColumns(int maxRows) {
        rows = 0;
        columns.ensure(maxRows);
    }

    int rows() {
        return rows;
    }

    long malformedRecords() {
        return malformedRecords;
    }

    /// Adds a record's row, or none if the record is dropped.
    ///
    /// @param where for messages: which record this is
    /// @return as [RecordScan#read]
    /// @throws DataException `MALFORMED_RECORD` in `FAILFAST` mode
    int read(byte[] data, int from, int limit, boolean more, Supplier<String> where) {
        int end = scan.read(data, from, limit, more, rows);
        if (end == RecordScan.INCOMPLETE) {
            return end;
        }
        if (scan.problem() != Problem.NONE) {
            malformed(data, from, end, where);
        } else {
            rows++;
        }
        return end;
    }

    /// Adds the row of a record that is not there.
    ///
    /// @throws DataException `MALFORMED_RECORD` in `FAILFAST` mode
    void addMissing(byte[] data, int from, int to, Supplier<String> where) {
        if (options.mode() == ParseMode.FAILFAST) {
            throw failure("there is no record", data, from, to, where);
        }
        malformedRecords++;
        rows++;
    }

    private void malformed(byte[] data, int from, int to, Supplier<String> where) {
        malformedRecords++;
        switch (options.mode()) {
            case PERMISSIVE -> {
                keepText(data, from, to);
                rows++;
            }
            case DROPMALFORMED -> columns.clear(rows, rows + 1);
            case FAILFAST -> throw failure(problem(), data, from, to, where);
        }
    }

    private void keepText(byte[] data, int from, int to) {
        if (corruptRecords != null) {
            corruptRecords.put(rows, data, from, to - from);
        }
    }

    private DataException failure(String problem, byte[] data, int from, int to, Supplier<String> where) {
        String text = new String(data, from, Math.min(to - from, 200), StandardCharsets.UTF_8);
        return new DataException(
                "MALFORMED_RECORD",
                where.get() + ": " + problem + ". The record begins '" + text
                        + "'. Correct it, or choose the mode " + ParseMode.PERMISSIVE + " (nulls) or "
                        + ParseMode.DROPMALFORMED + ".");
    }

    private String problem() {
        String values = scan.values() + (scan.values() == 1 ? " value" : " values");
        int column = scan.problemColumn();
        return switch (scan.problem()) {
            case VALUE -> {
                StructField field = record.field(column);
                yield "'" + scan.problemText() + "' in the column '" + field.name() + "' is not of type "
                        + field.dataType().simpleString();
            }
            case TOO_FEW, TOO_MANY -> "expected " + record.size() + " values, found " + values;
            case QUOTE -> "the value of '" + name(column) + "' has a quote in it that is not escaped";
            case TOO_LONG ->
                "the value of '" + name(column) + "' is longer than the option 'maxCharsPerColumn' allows ("
                        + options.maxChars() + ")";
            case NONE -> throw new IllegalStateException("nothing is wrong with the record");
        };
    }

    private String name(int column) {
        return column < record.size() ? record.field(column).name() : "_c" + column;
    }

    @Override
    public void close() {
        columns.close();
    }
}
