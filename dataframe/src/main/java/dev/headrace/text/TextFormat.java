package dev.headrace.text;

import dev.headrace.chunk.Memory;
import dev.headrace.columns.BytesWriter;
import dev.headrace.columns.ColumnWriter;
import dev.headrace.columns.StructWriter;
import dev.headrace.files.FileRange;
import dev.headrace.files.FileTable;
import dev.headrace.files.LineBlocks;
import dev.headrace.types.StructType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/// Reads files of plain text.
///
/// @param whole whether a file is one row
/// @param lineEnd what ends a line; if empty, a line feed, a carriage return, or both
record TextFormat(boolean whole, Optional<String> lineEnd, Charset charset) implements FileTable.Format {
    @Override
    public String name() {
        return "text";
    }

    @Override
    public boolean isSplittable() {
        boolean oneByte = lineEnd.isEmpty() || lineEnd.get().getBytes(StandardCharsets.UTF_8).length == 1;
        return !whole && oneByte && charset.equals(StandardCharsets.UTF_8);
    }

    @Override
    public StructType columnsToParse(StructType asked, StructType all) {
        return asked;
    }

    @Override
    public FileTable.RowReader open(FileRange range, StructType columns, StructType all, BufferAllocator allocator) {
        StructWriter writer = (StructWriter) ColumnWriter.of(columns, Optional.of(allocator));
        return whole ? new WholeFile(range, charset, writer) : new Lines(range, writer);
    }

    private final class Lines implements FileTable.RowReader {
        private static final long MAX_BYTES = 16L << 20;
        private static final long ONES = 0x0101010101010101L;
        private static final long HIGH_BITS = ONES << 7;
        private static final long ABOVE_LINE_ENDS = ('\r' + 1) * ONES;

        private final LineBlocks blocks;
        private final StructWriter columns;
        private final @Nullable BytesWriter values;
        private int at;

        Lines(FileRange range, StructWriter columns) {
            this.columns = columns;
            this.values = columns.fieldCount() > 0 ? (BytesWriter) columns.field(0) : null;
            this.blocks = LineBlocks.open(range, charset, lineEnd.orElse("\n"));
        }

        @Override
        public int read(int maxRows) {
            columns.ensure(maxRows);
            long start = blocks.bytesRead();
            int rows = 0;
            while (rows < maxRows && blocks.bytesRead() - start < MAX_BYTES) {
                if (at == blocks.to() && !nextBlock()) {
                    break;
                }
                int end = lineEnd.isPresent() ? blocks.lineEnd(at) : lineEnd(blocks.data(), at);
                if (values != null) {
                    values.put(rows, blocks.data(), at, end - at);
                }
                rows++;
                at = Math.min(blocks.to(), after(blocks.data(), end));
            }
            return rows;
        }

        private boolean nextBlock() {
            boolean more = blocks.next();
            at = more ? blocks.from() : blocks.to();
            return more;
        }

        /// The block ends with a line feed, so there is one.
        private static int lineEnd(byte[] data, int from) {
            int pos = from;
            while (true) {
                long word = Memory.getLong(data, Memory.BYTES + pos);
                long stop = word - ABOVE_LINE_ENDS & ~word & HIGH_BITS;
                if (stop == 0) {
                    pos += 8;
                    continue;
                }
                pos += Long.numberOfTrailingZeros(stop) >>> 3;
                if (data[pos] == '\n' || data[pos] == '\r') {
                    return pos;
                }
                pos++;
            }
        }

        private int after(byte[] data, int end) {
            if (lineEnd.isPresent()) {
                return end + blocks.lineEndLength();
            }
            boolean two = data[end] == '\r' && end + 1 < blocks.to() && data[end + 1] == '\n';
            return end + (two ? 2 : 1);
        }

        @Override
        public StructWriter columns() {
            return columns;
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("bytesRead", blocks.bytesRead());
        }

        @Override
        public void close() {
            columns.close();
            blocks.close();
        }
    }

    private static final class WholeFile implements FileTable.RowReader {
        private final FileRange range;
        private final Charset charset;
        private final StructWriter columns;
        private long bytesRead = -1;

        WholeFile(FileRange range, Charset charset, StructWriter columns) {
            this.range = range;
            this.charset = charset;
            this.columns = columns;
        }

        @Override
        public int read(int maxRows) {
            columns.ensure(1);
            if (bytesRead >= 0) {
                return 0;
            }
            byte[] data = LineBlocks.readAll(range.file(), charset);
            int length = data.length - LineBlocks.PADDING;
            bytesRead = length;
            if (columns.fieldCount() > 0) {
                ((BytesWriter) columns.field(0)).put(0, data, 0, length);
            }
            return 1;
        }

        @Override
        public StructWriter columns() {
            return columns;
        }

        @Override
        public Map<String, Long> metrics() {
            return Map.of("bytesRead", Math.max(0, bytesRead));
        }

        @Override
        public void close() {
            columns.close();
        }
    }
}
