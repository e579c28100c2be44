package dev.headrace.parquet;

import dev.headrace.chunk.ArrowTypes;
import dev.headrace.chunk.Chunk;
import dev.headrace.chunk.Closing;
import dev.headrace.connector.ChunkReader;
import dev.headrace.types.StructType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.jspecify.annotations.Nullable;

/// The rows of one Parquet file, or of some of its row groups, as chunks.
///
/// Rows come in the order of the file; those that the filters rule out by statistics are missing. A chunk does not
/// cross the border of a row group. Metrics: `rowGroupsRead`, `rowGroupsSkipped`, `rowsSkipped` (by page statistics,
/// within row groups that were read), `bytesRead`.
public final class ParquetChunks implements ChunkReader {
    /// A chunk's uncompressed bytes in the file; wide rows make chunks of fewer rows.
    private static final long TARGET_BYTES = 64L << 20;

    /// What a column of texts or binaries may have in a chunk of several rows. Dictionaries and shared prefixes make
    /// of few bytes in the file as many as they like.
    private static final int COLUMN_BYTES = 128 << 20;

    private final StructType schema;
    private final List<Field> fields = new ArrayList<>();
    private final List<OutputColumn> columns = new ArrayList<>();
    private final FileInput input;
    private final ParquetFooter footer;
    private final RowGroupFilter filter;
    private final int lastGroup;

    private int nextGroup;
    private @Nullable Cursor cursor;
    private long groupsRead;
    private long groupsSkipped;
    private long rowsSkipped;
    private boolean closed;

    private ParquetChunks(
            FileInput input, ParquetFooter footer, ParquetScan scan, int from, int to, BufferAllocator allocator) {
        this.schema = scan.schema();
        this.input = input;
        this.footer = footer;
        this.filter = new RowGroupFilter(input, footer, scan, allocator);
        this.nextGroup = from;
        this.lastGroup = Math.min(to, footer.rowGroupCount());
        ColumnPlanner planner = new ColumnPlanner(footer.path(), footer.columns(), footer.times());
        for (ParquetColumn column : scan.columns()) {
            fields.add(ArrowTypes.field(column.field()));
            columns.add(OutputColumn.of(column, planner, input, allocator));
        }
    }

    /// Opens a whole file.
    public static ParquetChunks open(Path path, ParquetScan scan, ParquetFooters footers, BufferAllocator allocator) {
        return open(path, scan, 0, Integer.MAX_VALUE, footers, allocator);
    }

    /// Opens the row groups `[fromRowGroup, toRowGroup)` of a file, or as many of them as there are. The caller closes
    /// the reader; chunks are allocated from `allocator` and outlive it.
    ///
    /// @throws dev.headrace.errors.DataException `FILE_NOT_FOUND`, `NOT_A_PARQUET_FILE`, `DAMAGED_PARQUET_FILE`,
    ///     `UNSUPPORTED_PARQUET`, `PARQUET_TYPE_MISMATCH` or `AMBIGUOUS_PARQUET_COLUMN`
    /// @throws dev.headrace.errors.UnavailableException `FILE_NOT_READABLE`
    public static ParquetChunks open(
            Path path,
            ParquetScan scan,
            int fromRowGroup,
            int toRowGroup,
            ParquetFooters footers,
            BufferAllocator allocator) {
        return open(path, scan, fromRowGroup, toRowGroup, footers, allocator, COLUMN_BYTES);
    }

    /// @param columnBytes what a column may have in a chunk of several rows
    static ParquetChunks open(
            Path path,
            ParquetScan scan,
            int fromRowGroup,
            int toRowGroup,
            ParquetFooters footers,
            BufferAllocator allocator,
            int columnBytes) {
        FileInput input = new FileInput(FileBytes.open(path), scan.verifyChecksums(), columnBytes);
        try {
            ParquetFooter footer = footers.of(input.file());
            return new ParquetChunks(input, footer, scan, fromRowGroup, toRowGroup, allocator);
        } catch (Throwable failed) {
            input.close();
            throw failed;
        }
    }

    /// Where we are within a row group.
    private static final class Cursor {
        final RowGroup group;
        final int maxRows;
        int chunkRows;
        int range;
        long row;

        Cursor(RowGroup group, int maxRows) {
            this.group = group;
            this.maxRows = maxRows;
            this.chunkRows = maxRows;
        }

        boolean atEnd() {
            return range == group.ranges().size();
        }
    }

    @Override
    public @Nullable Chunk next() {
        while (true) {
            Cursor current = cursor;
            if (current != null && !current.atEnd()) {
                return read(current);
            }
            if (nextGroup >= lastGroup) {
                return null;
            }
            startGroup(nextGroup++);
        }
    }

    private void startGroup(int ordinal) {
        Optional<RowGroup> selected = filter.select(ordinal);
        if (selected.isEmpty()) {
            groupsSkipped++;
            return;
        }
        RowGroup group = selected.get();
        groupsRead++;
        rowsSkipped += group.metadata().getRowCount() - group.rows();
        columns.forEach(column -> column.startRowGroup(group));
        cursor = new Cursor(group, chunkRows(group.metadata()));
    }

    private static int chunkRows(BlockMetaData group) {
        long bytesPerRow = Math.max(1, group.getTotalByteSize() / Math.max(1, group.getRowCount()));
        return (int) Math.clamp(TARGET_BYTES / bytesPerRow, 1, Chunk.TARGET_ROWS);
    }

    /// Reads a chunk. If its rows turn out to have too many bytes, reads on from its first row with fewer.
    ///
    /// To get back to that row, the columns read their pages from the beginning of the row group. That is rare: another
    /// chunk of nearly as many bytes as it may have follows each time, and the number of rows then stays, unless chunks
    /// get much smaller.
    private Chunk read(Cursor current) {
        int range = current.range;
        long row = current.row;
        while (true) {
            try {
                Chunk chunk = finish(append(current, row));
                growAfter(chunk, current);
                return chunk;
            } catch (ChunkFullException full) {
                columns.forEach(column -> column.startRowGroup(current.group));
                current.chunkRows = Math.max(1, full.fitting());
                current.range = range;
                current.row = 0;
            }
        }
    }

    private void growAfter(Chunk chunk, Cursor current) {
        if (current.chunkRows == current.maxRows) {
            return;
        }
        for (int i = 0; i < chunk.columnCount(); i++) {
            if (chunk.column(i).getBufferSize() > input.columnBytes() / 4) {
                return;
            }
        }
        current.chunkRows = Math.min(current.maxRows, 2 * current.chunkRows);
    }

    private int append(Cursor current, long firstRow) {
        int rows = 0;
        columns.forEach(column -> column.begin(current.chunkRows));
        skipTo(current, firstRow);
        while (rows < current.chunkRows && !current.atEnd()) {
            RowGroup.Range range = current.group.ranges().get(current.range);
            skipTo(current, range.from());
            int take = (int) Math.min(current.chunkRows - rows, range.to() - current.row);
            columns.forEach(column -> column.append(take));
            current.row += take;
            rows += take;
            if (current.row == range.to()) {
                current.range++;
            }
        }
        return rows;
    }

    private void skipTo(Cursor current, long from) {
        while (current.row < from) {
            int count = (int) Math.min(Integer.MAX_VALUE, from - current.row);
            columns.forEach(column -> column.skip(count));
            current.row += count;
        }
    }

    private Chunk finish(int rows) {
        List<FieldVector> vectors = new ArrayList<>();
        try {
            for (int i = 0; i < columns.size(); i++) {
                vectors.add(columns.get(i).finish(fields.get(i), rows));
            }
            return new Chunk(schema, vectors, rows);
        } catch (Throwable failed) {
            Closing.all(vectors);
            throw failed;
        }
    }

    /// The footer of the file.
    public ParquetFooter footer() {
        return footer;
    }

    @Override
    public Map<String, Long> metrics() {
        Map<String, Long> metrics = new LinkedHashMap<>();
        metrics.put("rowGroupsRead", groupsRead);
        metrics.put("rowGroupsSkipped", groupsSkipped);
        metrics.put("rowsSkipped", rowsSkipped);
        metrics.put("bytesRead", input.file().bytesRead());
        return metrics;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Closing.all(columns);
            input.close();
        }
    }
}
