package dev.headrace.xml;

import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads the rows of files of XML.
///
/// @param rowTag the elements that are rows
record XmlFormat(XmlOptions options, String rowTag, Charset charset) implements FileTable.Format {
    @Override
    public String name() {
        return "xml";
    }

    /// What is a row depends on everything before it: on comments, for instance.
    @Override
    public boolean isSplittable() {
        return false;
    }

    /// The column for corrupt records says which records are malformed under the whole schema, so it needs all columns.
    @Override
    public StructType columnsToParse(StructType asked, StructType all) {
        boolean corrupt = asked.indexOf(options.corruptRecord()).isPresent();
        return corrupt && options.mode() == ParseMode.PERMISSIVE ? all : asked;
    }

    @Override
    public FileTable.RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator) {
        return new Rows(range, columns, allocator);
    }

    private final class Rows implements FileTable.RowReader {
        private static final long MAX_BYTES = 16L << 20;

        private final FileRange range;
        private final RecordReader records;
        private final StructWriter columns;
        private final RowScanner scanner;

        Rows(FileRange range, StructType type, BufferAllocator allocator) {
            this.range = range;
            this.records = new RecordReader(type, options);
            this.columns = (StructWriter) ColumnWriter.of(type, Optional.of(allocator));
            this.scanner = new RowScanner(range.file(), charset, rowTag);
        }

        @Override
        public int read(int maxRows) {
            columns.ensure(maxRows);
            long start = scanner.bytesRead();
            int rows = 0;
            // no rows would mean the end
            while (rows < maxRows && (rows == 0 || scanner.bytesRead() - start < MAX_BYTES) && scanner.next()) {
                @Nullable List<@Nullable Object> row = records.read(scanner.row(), this::place);
                if (row != null) {
                    columns.write(rows++, row);
                }
            }
            return rows;
        }

        private String place() {
            return "'" + range.file().path() + "' at byte " + scanner.start();
        }

        @Override
        public StructWriter columns() {
            return columns;
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("bytesRead", scanner.bytesRead(), "malformedRows", records.malformedRecords());
        }

        @Override
        public void close() {
            columns.close();
            scanner.close();
        }
    }
}
