package dev.headrace.json;

import dev.headrace.columns.StructWriter;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.LineBlocks;
import dev.headrace.parse.ParseMode;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;

/// Reads files of JSON: a record per line, or one document per file.
///
/// @param multiLine whether a file is one document
/// @param lineEnd what ends a record; if empty, a line feed, a carriage return, or both
record JsonFormat(JsonOptions options, boolean multiLine, Optional<String> lineEnd, Charset charset)
        implements FileTable.Format {
    @Override
    public String name() {
        return "json";
    }

    @Override
    public boolean isSplittable() {
        boolean oneByte = lineEnd.isEmpty() || lineEnd.get().getBytes(StandardCharsets.UTF_8).length == 1;
        return !multiLine && oneByte && charset.equals(StandardCharsets.UTF_8);
    }

    /// Whether the ends of lines can't lie within a record.
    boolean endsRecordsByLines() {
        return !multiLine && lineEnd.isEmpty();
    }

    /// The records of a part of a file.
    LineBlocks open(FileRange range) {
        return LineBlocks.open(range, charset, lineEnd.orElse("\n"));
    }

    /// The end of a record, where a byte ends it afterwards as [JsonSyntax] asks for it: what ended the record is lost.
    ///
    /// @param at where the record begins
    int recordEnd(LineBlocks blocks, int at) {
        if (lineEnd.isEmpty()) {
            return JsonSyntax.lineEnd(blocks.data(), at);
        }
        int end = blocks.lineEnd(at);
        blocks.data()[end] = JsonSyntax.DOCUMENT_END;
        return end;
    }

    /// The column for corrupt records says which records are malformed under the whole schema, so it needs all columns.
    /// A column for whole records is what says where they end.
    @Override
    public StructType columnsToParse(StructType asked, StructType all) {
        if (options.singleVariant().isPresent()) {
            return all;
        }
        boolean corrupt = asked.indexOf(options.corruptRecord()).isPresent();
        if (!corrupt || options.mode() != ParseMode.PERMISSIVE) {
            return asked;
        }
        return new StructType(all.fieldList().stream()
                .map(field -> asked.indexOf(field.name()).stream()
                        .mapToObj(asked::field)
                        .findFirst()
                        .orElse(field))
                .toList());
    }

    @Override
    public FileTable.RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator) {
        return multiLine ? new DocumentReader(range, columns, allocator) : new LineReader(range, columns, allocator);
    }

    private final class LineReader implements FileTable.RowReader {
        private static final long MAX_BYTES = 16L << 20;

        private final LineBlocks blocks;
        private final RecordReader records;
        private final RecordOrigin origin;
        private int at;

        LineReader(FileRange range, StructType columns, BufferAllocator allocator) {
            RecordReader.Records kind = lineEnd.isEmpty() ? RecordReader.Records.LINES : RecordReader.Records.FILE;
            records = new RecordReader(columns, options, kind, Optional.of(allocator));
            blocks = JsonFormat.this.open(range);
            origin = position -> "'" + range.file().path() + "' at byte " + blocks.fileOffset(position);
        }

        @Override
        public int read(int maxRows) {
            records.startColumn();
            records.column().ensure(maxRows);
            long start = blocks.bytesRead();
            // no rows would mean the end
            while (records.rows() < maxRows && (records.rows() == 0 || blocks.bytesRead() - start < MAX_BYTES)) {
                if (at == blocks.to() && !nextBlock()) {
                    break;
                }
                at = lineEnd.isEmpty()
                        ? records.readLines(blocks.data(), at, blocks.to(), maxRows, origin)
                        : readRecord();
            }
            return records.rows();
        }

        private int readRecord() {
            int end = recordEnd(blocks, at);
            records.readDocument(blocks.data(), at, end, origin);
            return end + blocks.lineEndLength();
        }

        private boolean nextBlock() {
            boolean more = blocks.next();
            at = more ? blocks.from() : blocks.to();
            return more;
        }

        @Override
        public StructWriter columns() {
            return (StructWriter) records.column();
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("bytesRead", blocks.bytesRead(), "malformedRows", records.malformedRecords());
        }

        @Override
        public void close() {
            records.close();
            blocks.close();
        }
    }

    private final class DocumentReader implements FileTable.RowReader {
        private final FileRange range;
        private final RecordReader records;
        private long bytesRead = -1;

        DocumentReader(FileRange range, StructType columns, BufferAllocator allocator) {
            this.range = range;
            records = new RecordReader(columns, options, RecordReader.Records.FILE, Optional.of(allocator));
        }

        @Override
        public int read(int maxRows) {
            records.startColumn();
            if (bytesRead >= 0) {
                return 0;
            }
            byte[] data = LineBlocks.readAll(range.file(), charset);
            int length = data.length - LineBlocks.PADDING;
            bytesRead = length;
            records.readDocument(data, 0, length, position -> "'" + range.file().path() + "' at byte " + position);
            return records.rows();
        }

        @Override
        public StructWriter columns() {
            return (StructWriter) records.column();
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("bytesRead", Math.max(0, bytesRead), "malformedRows", records.malformedRecords());
        }

        @Override
        public void close() {
            records.close();
        }
    }
}
