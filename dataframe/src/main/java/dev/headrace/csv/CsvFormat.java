package dev.headrace.csv;

import dev.headrace.columns.StructWriter;
import dev.headrace.errors.DataException;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructField;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads files of CSV.
///
/// @param record what a record holds, in its order
/// @param layout what the options say about files, beside records
/// @param whole if records are not taken apart
record CsvFormat(CsvOptions options, Layout layout, StructType record, Optional<VariantRows.Whole> whole)
        implements FileTable.Format {
    /// What files look like, beside their records.
    ///
    /// @param hasHeader whether the first record of each file names the columns
    /// @param multiLine whether quoted values may hold line ends
    /// @param checksHeader whether the names in headers must be those of the schema
    record Layout(boolean hasHeader, boolean multiLine, boolean checksHeader, Charset charset) {
        CsvSyntax.Lines lines() {
            return multiLine ? CsvSyntax.Lines.OUTSIDE_QUOTES : CsvSyntax.Lines.ALWAYS;
        }

        boolean isSplittable() {
            return !multiLine && charset.equals(StandardCharsets.UTF_8);
        }
    }

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public boolean isSplittable() {
        return layout.isSplittable();
    }

    /// The column for corrupt records says which records are malformed under the whole schema, so it needs all columns.
    @Override
    public StructType columnsToParse(StructType asked, StructType all) {
        boolean corrupt = asked.indexOf(options.corruptRecord()).isPresent();
        return corrupt && options.mode() == ParseMode.PERMISSIVE ? all : asked;
    }

    @Override
    public FileTable.RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator) {
        return whole.<FileTable.RowReader>map(
                        column -> new VariantRows(range, options, layout, column, columns, allocator))
                .orElseGet(() -> new Rows(range, columns, allocator));
    }

    private final class Rows implements FileTable.RowReader {
        private static final long MAX_BYTES = 16L << 20;

        private final FileRange range;
        private final FileRecords file;
        private final RecordReader records;
        private final FileRecords.Target target;
        private boolean headerChecked;

        Rows(FileRange range, StructType columns, BufferAllocator allocator) {
            this.range = range;
            CsvSyntax syntax = new CsvSyntax(options, layout.lines());
            records = new RecordReader(syntax, options, record, columns, Optional.of(allocator));
            file = new FileRecords(range, layout.charset(), syntax, options, layout.hasHeader());
            target = (data, from, limit, more) -> records.read(data, from, limit, more, file::place);
        }

        @Override
        public int read(int maxRows) {
            records.startColumns(maxRows);
            long start = file.bytesRead();
            // no rows would mean the end
            while (records.rows() < maxRows && (records.rows() == 0 || file.bytesRead() - start < MAX_BYTES)) {
                if (!file.next(target)) {
                    break;
                }
                if (layout.checksHeader() && !headerChecked) {
                    checkHeader();
                }
            }
            if (layout.checksHeader() && !headerChecked) {
                checkHeader();
            }
            return records.rows();
        }

        private void checkHeader() {
            headerChecked = true;
            List<@Nullable String> texts = file.headerTexts();
            List<String> names =
                    record.fieldList().stream().map(StructField::name).toList();
            if (texts != null && !texts.equals(names)) {
                throw new DataException(
                        "CSV_HEADER_MISMATCH",
                        "'" + range.file().path() + "' has the header " + String.join(", ", named(texts))
                                + ", but the schema has the columns " + String.join(", ", names)
                                + ". Correct the schema, or leave out the option 'enforceSchema' to go by position.");
            }
        }

        private static List<String> named(List<@Nullable String> texts) {
            return texts.stream().map(text -> text == null ? "''" : text).toList();
        }

        @Override
        public StructWriter columns() {
            return records.columns();
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("bytesRead", file.bytesRead(), "malformedRows", records.malformedRecords());
        }

        @Override
        public void close() {
            records.close();
            file.close();
        }
    }
}
